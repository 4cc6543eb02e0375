// A drawing made ready for a model, as preparation.py does it for any picture. A pad is easier:
// its ground is one colour and the light on it is even. What differs is how wide a stroke is
// judged to be, and that specks stay: the server's is the exact one. No page in here.

import { clamp } from "../shared/numbers.js";

const BOX = 20 / 28; // of the side: MNIST's digits
const THINNEST = 1.5 / 28; // its strokes; preparation.py says how all of these were measured
const THIN = 2 / 28;
const EDGE = 0.1; // ink beyond this belongs to a digit
const GROUND = 0.05; // what differs from the ground by no more is ground

/**
 * Returns what a model sees of a drawing, [C * H * W] in [0, 1] (channels, rows, columns).
 * @param rgba bytes of a square of `side` x `side` pixels
 * @param shape [C, H, W]
 * @param centring "mass", "box" (both of light ink on black) or "square", as preparation.py's
 */
export function prepare(rgba, side, [channels, height, width], centring) {
  if (centring === "square") {
    const made = new Float32Array(channels * height * width);
    for (let c = 0; c < channels; c += 1) {
      const values = Float32Array.from({ length: side * side }, (_, i) => rgba[4 * i + c] / 255);
      const { values: small } = resize({ width: side, height: side, values }, width, height);
      made.set(small, c * height * width);
    }
    return made;
  }
  const values = new Float32Array(side * side);
  for (let i = 0; i < values.length; i += 1) {
    values[i] = (0.299 * rgba[4 * i] + 0.587 * rgba[4 * i + 1] + 0.114 * rgba[4 * i + 2]) / 255;
  }
  const drawing = { width: side, height: side, values };
  const made = (centring === "mass" ? byMass : byBox)(drawing, height, width);
  return made ?? new Float32Array(height * width);
}

/** Light ink as MNIST was made (LeCun 1998), or null if there is none. */
function byMass(drawing, height, width) {
  const most = largest(drawing.values);
  const dark = drawing.values.filter((value) => value > most / 2).sort();
  if (!dark.length) return null;
  const white = dark[Math.floor(0.9 * (dark.length - 1))];
  const values = drawing.values.map((value) => Math.min(value / white, 1));
  const side = Math.min(height, width);
  const ink = thicken(crop({ ...drawing, values }, EDGE), side);
  const small = fit(ink, Math.round(BOX * side) / Math.max(ink.width, ink.height));
  const peak = largest(small.values);
  small.values = small.values.map((value) => value / peak);
  let [mass, x, y] = [0, 0, 0];
  small.values.forEach((value, i) => {
    mass += value;
    x += value * (i % small.width);
    y += value * Math.floor(i / small.width);
  });
  const [left, top] = [Math.floor(width / 2) - x / mass, Math.floor(height / 2) - y / mass];
  return place(small, width, height, left, top);
}

/** A light thing as Fashion-MNIST was made (Xiao 2017), or null if there is none. */
function byBox(drawing, height, width) {
  const thing = crop(drawing, GROUND);
  if (!thing) return null;
  const scale = Math.min(height / thing.height, width / thing.width);
  const small = fit(thing, scale);
  if (scale < 1) small.values = sharpen(small);
  const [left, top] = [width - small.width, height - small.height].map((gap) => (gap + 1) >> 1);
  return place(small, width, height, left, top);
}

const largest = (values) => values.reduce((a, b) => Math.max(a, b), 0);

const fit = (part, scale) =>
  resize(
    part,
    Math.max(1, Math.round(part.width * scale)),
    Math.max(1, Math.round(part.height * scale)),
  );

/** 2δ - G, a Gaussian of radius and deviation 1, over 3 x 3 pixels. */
function sharpen({ width, height, values }) {
  const [near, far] = [Math.exp(-0.5), Math.exp(-1)]; // against 1 in the middle
  const whole = 1 + 4 * near + 4 * far;
  const at = (x, y) =>
    values[clamp(y, 0, height - 1) * width + clamp(x, 0, width - 1)];
  return values.map((value, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const cross = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1);
    const corners =
      at(x - 1, y - 1) + at(x + 1, y - 1) + at(x - 1, y + 1) + at(x + 1, y + 1);
    const sharp = (2 * whole - 1) * value - near * cross - far * corners;
    return clamp(sharp / whole, 0, 1);
  });
}

const cubic = (x) => { // of Keys (1981)
  const t = Math.abs(x);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
};

/** Resizes {width, height, values}, without aliasing, as images.resize does. */
function resize({ width: across, height: down, values }, toWidth, toHeight) {
  const rows = resample(values, down, across, toWidth);
  const columns = resample(rows, toWidth, down, toHeight);
  const clipped = columns.map((x) => clamp(x, 0, 1));
  return { width: toWidth, height: toHeight, values: clipped };
}

/** Resizes the rows of `count` x `length` numbers to `to`, and turns rows into columns. */
function resample(values, count, length, to) {
  const made = new Float32Array(count * to);
  const scale = length / to;
  const wide = Math.max(scale, 1);
  for (let i = 0; i < to; i += 1) {
    const centre = (i + 0.5) * scale;
    const first = Math.max(Math.floor(centre - 2 * wide + 0.5), 0);
    const end = Math.min(Math.floor(centre + 2 * wide + 0.5), length);
    const weights = [];
    for (let j = first; j < end; j += 1) weights.push(cubic((j + 0.5 - centre) / wide));
    const whole = weights.reduce((a, b) => a + b, 0);
    for (let row = 0; row < count; row += 1) {
      let sum = 0;
      for (let j = first; j < end; j += 1) sum += weights[j - first] * values[row * length + j];
      made[i * count + row] = sum / whole;
    }
  }
  return made;
}

/** The smallest part of a picture that holds all values above `least`; null if there are none. */
function crop({ width: across, height: down, values }, least) {
  let [left, top, right, bottom] = [across, down, -1, -1];
  values.forEach((value, i) => {
    if (value <= least) return;
    const [x, y] = [i % across, Math.floor(i / across)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  });
  if (right < 0) return null;
  const part = { width: right - left + 1, height: bottom - top + 1 };
  part.values = new Float32Array(part.width * part.height);
  for (let y = 0; y < part.height; y += 1) {
    const from = (top + y) * across + left;
    part.values.set(values.subarray(from, from + part.width), y * part.width);
  }
  return part;
}

/** Puts a picture on black, its corner as near to `left`, `top` as it is whole. */
function place(part, across, down, left, top) {
  const made = new Float32Array(across * down);
  const x = clamp(Math.round(left), 0, across - part.width);
  const y = clamp(Math.round(top), 0, down - part.height);
  for (let row = 0; row < part.height; row += 1) {
    const line = part.values.subarray(row * part.width, (row + 1) * part.width);
    made.set(line, (y + row) * across + x);
  }
  return made;
}

/** Widens strokes that would fade, about as preparation.py does: by area and outline. */
function thicken(ink, side) {
  const { width: across, height: down, values } = ink;
  const inside = (x, y) => x >= 0 && y >= 0 && x < across && y < down;
  const solid = (x, y) => inside(x, y) && values[y * across + x] > 0.5;
  let [area, outline] = [0, 0];
  for (let y = 0; y < down; y += 1) {
    for (let x = 0; x < across; x += 1) {
      area += values[y * across + x];
      if (!solid(x, y)) continue;
      outline += !solid(x - 1, y) + !solid(x + 1, y) + !solid(x, y - 1) + !solid(x, y + 1);
    }
  }
  // Steps of pixels are 4/pi as long as the lines that they follow, on average.
  const stroke = (2 * area) / ((outline * Math.PI) / 4);
  const longer = Math.max(across, down);
  const box = Math.round(BOX * side);
  if (!outline || (stroke * box) / longer >= THINNEST * side) return ink;
  const radius = (THIN * side * longer - box * stroke) / (2 * (box - THIN * side));
  const margin = Math.ceil(radius);
  const made = { width: across + 2 * margin, height: down + 2 * margin };
  made.values = place(ink, made.width, made.height, margin, margin);
  for (let y = 0; y < down; y += 1) {
    for (let x = 0; x < across; x += 1) {
      if (!solid(x, y)) continue;
      for (let up = -Math.floor(radius); up <= radius; up += 1) {
        const half = Math.floor(Math.sqrt(radius ** 2 - up ** 2));
        const middle = (y + margin + up) * made.width + x + margin;
        made.values.fill(1, middle - half, middle + half + 1);
      }
    }
  }
  return crop(made, EDGE);
}
