// What the angles between a linear autoencoder and PCA say, in words and as a chart.

import { prepare } from "../shared/canvas.js";

const degrees = (angle) => `${angle < 10 ? angle.toFixed(1) : angle.toFixed(0)}°`;

/** Returns {moment, verdict}: when it is, and what the angles are then, in plain words. */
export function words({ steps, penalised, toSubspace, toAxes, untied }, at) {
  const when = steps[at] === 0 ? "before the first step" : `after ${steps[at]} steps`;
  const moment = `${penalised[at] ? "With L2" : "Without a penalty"}, ${when}`;
  const plane = Math.max(...toSubspace[at]);
  const axis = Math.max(...toAxes[at]);
  const found = plane < 2 ? "it has found PCA’s subspace" : "its subspace is not PCA’s yet";
  let turned = `, but its axes are up to ${degrees(axis)} off`;
  if (axis < 5) turned = ` and PCA’s axes, to ${degrees(axis)}`;
  if (plane >= 2) turned = "";
  const tied = untied[at] < 0.05 ? "; encoder and decoder are each other’s transpose" : "";
  return { moment, verdict: `${found} (largest angle ${degrees(plane)})${turned}${tied}.` };
}

const PLANE = "#3f90da";
const AXES = "#e76300";

/** Draws the largest angle to the subspace, and of the axes, over the moments. */
export function chart(canvas, { steps, penalised, toSubspace, toAxes }, at, style) {
  const sheet = prepare(canvas);
  if (!sheet) return;
  const { context, width, height } = sheet;
  const type = 0.8 * parseFloat(style.fontSize);
  context.font = `400 ${type}px ${style.fontFamily}`;
  // The slider's thumb, half a rem from either end, stands below the moment.
  const inset = 8;
  const [top, bottom] = [type * 1.6, height - 4];
  const x = (i) => inset + (i / Math.max(1, steps.length - 1)) * (width - 2 * inset);
  const y = (angle) => bottom - (angle / 90) * (bottom - top);
  context.fillStyle = context.strokeStyle = style.color;
  context.textBaseline = "bottom";
  for (const angle of [0, 45, 90]) {
    context.globalAlpha = 0.2;
    context.fillRect(inset, y(angle), width - 2 * inset, 1);
    context.globalAlpha = 0.8;
    context.textAlign = "left";
    if (angle) context.fillText(`${angle}°`, inset, y(angle) - 1);
  }
  const first = penalised.indexOf(true);
  if (first > 0) {
    const edge = (x(first - 1) + x(first)) / 2;
    context.globalAlpha = 0.07;
    context.fillRect(edge, top, width - inset - edge, bottom - top);
    context.globalAlpha = 0.9;
    context.fillText("L2 on", edge + 6, bottom - 4);
  }
  const lines = [
    ["axes", AXES, toAxes.map((row) => Math.max(...row)), []],
    ["subspace", PLANE, toSubspace.map((row) => Math.max(...row)), [6, 4]],
  ];
  let left = inset + 4 * type;
  for (const [name, colour, values, dash] of lines) {
    context.globalAlpha = 1;
    context.strokeStyle = colour;
    context.lineWidth = 2.5;
    context.setLineDash(dash);
    context.beginPath();
    values.forEach((value, i) => (i ? context.lineTo(x(i), y(value)) : context.moveTo(x(i), y(value))));
    context.stroke();
    context.beginPath();
    context.moveTo(left, type * 0.7);
    context.lineTo(left + 24, type * 0.7);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = colour;
    context.beginPath();
    context.arc(x(at), y(values[at]), 5, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = style.color;
    const label = `largest angle to PCA’s ${name}`;
    context.fillText(label, left + 30, type * 1.3);
    left += 46 + context.measureText(label).width;
  }
  context.globalAlpha = 0.6;
  context.fillRect(x(at) - 0.5, top, 1, bottom - top);
  context.globalAlpha = 1;
}
