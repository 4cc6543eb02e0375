// The small charts below an arena: losses over time, and what the discriminator says.

import { COLOURS, prepare } from "./board.js";

/** Draws both losses up to now. */
export function drawLosses(canvas, said, end, { ink, font }) {
  const ready = prepare(canvas);
  if (!ready) return;
  const { context, width, height } = ready;
  const type = parseFloat(font);
  context.font = `${type}px sans-serif`;
  const values = said.flatMap(([, g, d]) => [g, d]).filter(Number.isFinite).sort((a, b) => a - b);
  context.fillStyle = ink;
  if (values.length < 4) {
    context.fillText("losses over time", 4, type * 1.1);
    return;
  }
  const [low, high] = [values[Math.floor(0.01 * values.length)], values[Math.ceil(0.99 * values.length) - 1]];
  const room = Math.max(high - low, 1e-3);
  const [top, bottom] = [type * 1.7, height - 3];
  const x = (moment) => (moment / Math.max(end, 1)) * width;
  const y = (value) => bottom - (Math.min(Math.max((value - low) / room, 0), 1)) * (bottom - top);
  [[COLOURS.real, 2], [COLOURS.fake, 1]].forEach(([colour, column]) => {
    context.strokeStyle = colour;
    context.lineWidth = 1.4;
    context.beginPath();
    said.forEach((row, i) => (i ? context.lineTo(x(row[0]), y(row[column])) : context.moveTo(x(row[0]), y(row[column]))));
    context.stroke();
  });
  const last = said.at(-1);
  context.fillText(`loss of D ${last[2].toFixed(2)}, of G ${last[1].toFixed(2)}`.replaceAll("-", "−"), 4, type * 1.1);
}

/** Draws how often the discriminator says what of real and of generated points. */
export function drawHistograms(canvas, { low, high, real, fake }, { ink, font }) {
  const ready = prepare(canvas);
  if (!ready) return;
  const { context, width, height } = ready;
  const type = parseFloat(font);
  context.font = `${type}px sans-serif`;
  const [top, bottom] = [type * 1.7, height - type * 1.3];
  const most = Math.max(...real, ...fake, 1e-6);
  const step = width / real.length;
  for (const [bins, colour] of [[real, COLOURS.real], [fake, COLOURS.fake]]) {
    context.fillStyle = colour;
    context.globalAlpha = 0.6;
    bins.forEach((share, i) => {
      const size = (share / most) * (bottom - top);
      context.fillRect(i * step, bottom - size, step - 0.5, size);
    });
  }
  context.globalAlpha = 1;
  context.fillStyle = ink;
  const number = (value) => value.toFixed(Math.abs(value) < 10 ? 2 : 0).replace("-", "−");
  context.fillText("D(x) blue, D(G(z)) orange", 4, type * 1.1);
  context.fillText(number(low), 2, height - 2);
  const end = number(high);
  context.fillText(end, width - context.measureText(end).width - 2, height - 2);
}
