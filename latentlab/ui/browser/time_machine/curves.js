// A measure over the moments of training, with the present moment marked; and normal numbers.

import { prepare } from "../shared/canvas.js";

/**
 * Draws one measure over moments, evenly spaced as on the slider.
 *
 * @param canvas where
 * @param lines [{values, colour, real}]: `real` is what real pictures read, if anything
 * @param options {title, logarithmic, at, steps, style}: `at` is the present moment
 */
export function chart(canvas, lines, { title, logarithmic = false, at, steps, style }) {
  const sheet = prepare(canvas);
  if (!sheet) return;
  const { context, width, height } = sheet;
  const type = 0.85 * parseFloat(style.fontSize);
  context.font = `400 ${type}px ${style.fontFamily}`;
  const [left, right, top, bottom] = [3 * type, width - 0.8 * type, 1.7 * type, height - 1.8 * type];
  const place = logarithmic ? (v) => Math.log10(Math.max(v, 1e-3)) : (v) => v;
  const all = lines.flatMap(({ values, real }) => (real === undefined ? values : [...values, real]));
  const [low, high] = span(all.map(place), logarithmic);
  const last = Math.max(lines[0].values.length - 1, 1);
  const x = (moment) => left + (moment / last) * (right - left);
  const y = (value) => bottom - ((place(value) - low) / (high - low)) * (bottom - top);
  context.fillStyle = style.color;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const tick of ticks(low, high, logarithmic)) {
    context.globalAlpha = 0.15;
    context.fillRect(left, y(tick), right - left, 1);
    context.globalAlpha = 0.8;
    context.fillText(short(tick), left - 5, y(tick));
  }
  context.textBaseline = "alphabetic";
  context.textAlign = "center";
  const marked = [0, Math.round(last / 3), Math.round((2 * last) / 3)];
  for (const moment of width < 20 * type ? marked.slice(0, 2) : marked) {
    context.fillText(short(steps[moment] ?? 0), x(moment), height - 0.5 * type);
  }
  context.textAlign = "right";
  context.fillText(`${short(steps[last] ?? 0)} steps`, right + 0.6 * type, height - 0.5 * type);
  context.textAlign = "left";
  context.globalAlpha = 1;
  context.fillText(title, left, type);
  for (const { values, colour, real } of lines) {
    context.strokeStyle = context.fillStyle = colour;
    if (real !== undefined) {
      context.setLineDash([5, 4]);
      context.lineWidth = 1.5;
      context.beginPath();
      context.moveTo(left, y(real));
      context.lineTo(right, y(real));
      context.strokeStyle = style.color;
      context.stroke();
      context.setLineDash([]);
      context.strokeStyle = colour;
    }
    context.lineWidth = 2.5;
    context.beginPath();
    values.forEach((value, moment) => {
      if (moment) context.lineTo(x(moment), y(value));
      else context.moveTo(x(moment), y(value));
    });
    context.stroke();
    context.beginPath();
    context.arc(x(at), y(values[at]), 5, 0, 2 * Math.PI);
    context.fill();
  }
  context.fillStyle = style.color;
  context.globalAlpha = 0.6;
  context.fillRect(x(at) - 0.5, top, 1, bottom - top);
  context.globalAlpha = 1;
}

/** Lowest and highest of a scale that holds all values, with some room. */
export function span(values, logarithmic) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (logarithmic) return [Math.floor(least), Math.max(Math.ceil(most), Math.floor(least) + 1)];
  const low = Math.min(least, 0);
  return [low, most > low ? low + (most - low) * 1.05 : low + 1];
}

/** Three to six round values between two bounds; of a logarithmic scale its powers of ten. */
export function ticks(low, high, logarithmic) {
  if (logarithmic) {
    return Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  }
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((part) => part * power >= rough);
  const found = [];
  for (let i = Math.ceil(low / step); i * step <= high + 1e-9; i += 1) found.push(i * step);
  return found;
}

/** A number in few letters: 68 k, 1.5, .02. */
export function short(value) {
  const size = Math.abs(value);
  if (size >= 10_000) return `${Math.round(value / 1000)} k`;
  if (size >= 10 || Number.isInteger(value)) return `${Math.round(value)}`;
  return `${+value.toPrecision(2)}`;
}

/** The moment of a run that lies at the same share of it as `moment` of another. */
export function sameShare(steps, moment, others) {
  const share = steps[moment] / (steps.at(-1) || 1);
  return Math.max(others.findLastIndex((step) => step <= share * others.at(-1) + 0.5), 0);
}

/** `count` numbers of a standard normal distribution, the same for the same seed. */
export function normals(seed, count) {
  let state = (seed * 2654435761) >>> 0;
  const uniform = () => { // mulberry32, of Tommy Ettinger, in the public domain
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return Float32Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform())); // Box & Muller (1958)
    return radius * Math.cos(2 * Math.PI * uniform());
  });
}
