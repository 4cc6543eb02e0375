// Damage painted into a photograph, as numbers. No page in here. latentlab/brush.py is what counts:
// this shows at once about what it will do, with other random numbers.

import { clamp } from "../shared/numbers.js";

export const TILE = 256; // pixels; a multiple of the 16 in which JPEG works
const DRAWS = 1024; // equally likely outcomes for each of 256 levels

/** The parameter of a kind of damage at a strength from 0 to 1; as `Kind.at` in brush.py. */
export function amount({ weak, strong, geometric }, strength) {
  if (geometric) return weak * (strong / weak) ** strength;
  return weak + strength * (strong - weak);
}

/** What the parameter says, for people. */
export function words(kind, value) {
  return {
    gaussian: () => `σ = ${(255 * value).toFixed(0)} of 255`,
    poisson: () => `${value.toFixed(0)} photons at white`,
    salt_and_pepper: () => `${(100 * value).toFixed(0)} % of the pixels`,
    jpeg: () => `quality ${value.toFixed(0)}`,
  }[kind]();
}

/** The share of the even numbers from 0 to 1 that lie below (i + ½) / DRAWS, for every i. */
function inverse(cumulated, outcome) {
  const found = new Float64Array(DRAWS);
  let step = 0;
  for (let i = 0; i < DRAWS; i += 1) {
    while (step < cumulated.length - 1 && cumulated[step] <= (i + 0.5) / DRAWS) step += 1;
    found[i] = outcome(step);
  }
  return found;
}

/** DRAWS equally likely values of a standard normal variable, ascending. */
function normal() {
  const [low, steps] = [-4, 8192];
  const cumulated = new Float64Array(steps);
  let sum = 0;
  for (let i = 0; i < steps; i += 1) {
    cumulated[i] = sum += Math.exp(-((low + (i + 0.5) / 1024) ** 2) / 2);
  }
  return inverse(cumulated.map((value) => value / sum), (i) => low + (i + 0.5) / 1024);
}

/** DRAWS equally likely values of a Poisson variable, ascending. */
function poisson(rate) {
  const cumulated = [];
  let probability = Math.exp(-rate);
  let sum = 0;
  for (let k = 0; sum < 1 - 1e-6 && k < 2 * rate + 60; k += 1) {
    cumulated.push(sum += probability);
    probability *= rate / (k + 1);
  }
  return inverse(cumulated, (k) => k);
}

/**
 * What a level may become: 256 rows of DRAWS equally likely levels.
 * @param kind "gaussian" or "poisson"
 * @param value its parameter
 * @returns {Uint8ClampedArray}
 */
export function outcomes(kind, value) {
  const table = new Uint8ClampedArray(256 * DRAWS); // rounds and clips
  const noise = kind === "gaussian" ? normal() : null;
  for (let level = 0; level < 256; level += 1) {
    const drawn = noise ?? poisson((value * level) / 255);
    for (let i = 0; i < DRAWS; i += 1) {
      const to = noise ? level + 255 * value * drawn[i] : (255 * drawn[i]) / value;
      table[level * DRAWS + i] = to;
    }
  }
  return table;
}

/**
 * Damages pixels in place, by noise that follows from the seed.
 * @param rgba bytes
 * @param kind any but "jpeg"
 * @param value its parameter
 * @param table `outcomes` of both; not for "salt_and_pepper"
 * @param seed a whole number
 */
export function degrade(rgba, kind, value, table, seed) {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bd1e995) | 1;
  const draw = () => { // xorshift: Marsaglia (2003)
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (let i = 0; i < 16; i += 1) draw(); // seeds that are alike begin alike
  if (kind === "salt_and_pepper") {
    for (let i = 0; i < rgba.length; i += 4) {
      const u = draw() / 2 ** 32;
      if (u < value) rgba.fill(u < value / 2 ? 0 : 255, i, i + 3);
    }
    return;
  }
  for (let i = 0; i < rgba.length; i += 4) {
    for (let c = i; c < i + 3; c += 1) rgba[c] = table[rgba[c] * DRAWS + (draw() >>> 22)];
  }
}

/** Points of a stroke in pixels. */
export const inPixels = (points, size) => points.map(([x, y]) => [x * size[0], y * size[1]]);

/** The radius of a stroke in pixels. */
export const radiusOf = ({ radius }, size) => radius * Math.max(...size);

/**
 * The numbers of the tiles that a stroke may reach, counted row after row.
 * @param stroke {radius, points}
 * @param size of the picture in pixels
 * @param first the point from which on it has changed
 * @returns {Set<number>}
 */
export function tilesOf(stroke, size, first = 0) {
  const found = new Set();
  const columns = Math.ceil(size[0] / TILE);
  const reach = radiusOf(stroke, size) + 1;
  const points = inPixels(stroke.points, size);
  for (let i = first; i < points.length; i += 1) {
    const ends = [points[Math.max(i - 1, 0)], points[i]];
    const [from, to] = [Math.min, Math.max].map((least, sign) => [0, 1].map((axis) => {
      const edge = least(ends[0][axis], ends[1][axis]) + (sign ? reach : -reach);
      return Math.floor(clamp(edge, 0, size[axis] - 1) / TILE);
    }));
    for (let row = from[1]; row <= to[1]; row += 1) {
      for (let column = from[0]; column <= to[0]; column += 1) found.add(row * columns + column);
    }
  }
  return found;
}

/** Where a tile lies, [left, top, width, height] in pixels. */
export function tileAt(number, size) {
  const columns = Math.ceil(size[0] / TILE);
  const [left, top] = [(number % columns) * TILE, Math.floor(number / columns) * TILE];
  return [left, top, Math.min(TILE, size[0] - left), Math.min(TILE, size[1] - top)];
}

/** Strokes as one text, to compare them. */
export const written = (strokes) => JSON.stringify(
  strokes.map(({ kind, strength, radius, points }) => [kind, strength, radius, points]),
);

/** How many of the strokes another list begins with, if it begins with all of them; else null. */
export function continued(strokes, longer) {
  const count = strokes.length;
  return written(strokes) === written(longer.slice(0, count)) ? count : null;
}
