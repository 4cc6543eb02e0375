// Gradients as bars and numbers, and curves of training with the present moment marked.

import { prepare } from "../shared/canvas.js";

const [WEAKEST, STRONGEST] = [-9, -1]; // powers of ten, at the ends of a bar

/** How long the bar of a gradient is, from 0 to 1: on a logarithmic scale. */
export function share(gradient) {
  const power = Math.log10(Math.max(gradient, 1e-30));
  return Math.min(Math.max((power - WEAKEST) / (STRONGEST - WEAKEST), 0), 1);
}

const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/** A positive number as people write it by hand: 3·10⁻⁵. */
export function power(number) {
  if (!(number > 0)) return "0";
  let exponent = Math.floor(Math.log10(number));
  let digit = Math.round(number / 10 ** exponent);
  if (digit === 10) [digit, exponent] = [1, exponent + 1];
  return `${digit}·10${[...String(exponent)].map((letter) => RAISED[letter]).join("")}`;
}

const NINES = [1, 2, 5, 10, 20, 50, 90];

/**
 * Draws one measure of the runs over epochs, and the present one as a line.
 *
 * @param what {name, title, logarithmic, canvas}
 * @param epoch negative before there are labels
 */
export function chart({ name, title, logarithmic, canvas }, kept, shown, epoch, style) {
  const sheet = prepare(canvas);
  if (!sheet) return;
  const { context, width, height } = sheet;
  const type = 0.85 * parseFloat(style.fontSize);
  context.font = `400 ${type}px ${style.fontFamily}`;
  context.fillStyle = style.color;
  const [left, right, top, bottom] = [2.4 * type, width - 0.8 * type, 1.7 * type, height - 1.5 * type];
  const { epochs } = kept;
  const last = epochs.at(-1);
  const values = kept[name];
  const all = shown.flatMap((run) => values[run]);
  const [low, high] = logarithmic
    ? [Math.log10(Math.min(1, ...all)), 2]
    : [0, Math.max(...all, 1e-9) * 1.05];
  const x = (at) => left + (at / last) * (right - left);
  const y = (value) => {
    const place = logarithmic ? Math.log10(Math.max(value, 0.01)) : value;
    return bottom - ((place - low) / (high - low)) * (bottom - top);
  };
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const tick of logarithmic ? NINES : [0, 1, 2].filter((one) => one <= high)) {
    context.globalAlpha = 0.15;
    context.fillRect(left, y(tick), right - left, 1);
    context.globalAlpha = 0.8;
    // The last one stands where the next would: too close to be read.
    if (!(logarithmic && bottom - top < 9 * type && [2, 5, 20, 50].includes(tick))) context.fillText(`${tick}`, left - 5, y(tick));
  }
  context.textBaseline = "alphabetic";
  context.textAlign = "center";
  for (let tick = 0; tick <= last; tick += last > 6 ? 2 : 1) {
    context.fillText(`${tick}`, x(tick), height - 2);
  }
  context.textAlign = "left";
  context.globalAlpha = 1;
  context.fillText(title, left, type);
  context.setLineDash([]);
  const now = Math.max(0, epoch);
  for (const run of shown) {
    context.strokeStyle = context.fillStyle = kept.colours[run];
    context.lineWidth = 2.5;
    context.beginPath();
    epochs.forEach((at, i) => {
      const point = [x(at), y(values[run][i])];
      if (i) context.lineTo(...point);
      else context.moveTo(...point);
    });
    context.stroke();
    const place = epochs.findLastIndex((at) => at <= now + 1e-6);
    context.beginPath();
    context.arc(x(epochs[place]), y(values[run][place]), 5, 0, 2 * Math.PI);
    context.fill();
  }
  context.fillStyle = style.color;
  context.globalAlpha = 0.6;
  context.fillRect(x(now) - 0.5, top, 1, bottom - top);
  context.globalAlpha = 1;
}
