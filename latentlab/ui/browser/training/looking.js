// What is seen of a run at one moment: numbers for the page to draw.

import { LOOK } from "./draws.js";
import { sigmoid } from "./losses.js";
import { read } from "./meter.js";

export const HEAT = 44; // squares of the heat map, each way
const LINES = 15; // of the noise plane, each way
const ALONG = 45; // points of such a line
const SHOWN = 320; // generated points, and real ones
const BINS = 24;
export const MEASURED = 2500; // points that the meter reads
export const VIEW = 1.45; // half the width of what is seen, in units of the target's scale

/** Returns {arenas: [{…}], readings}. */
export function look(run, views, readings) {
  const measured = readings ?? run.arenas.map((arena, i) => (
    run.stopped[i] ? null : read(arena.target, arena.generate(MEASURED))
  ));
  const arenas = run.arenas.map((arena, i) => ({
    loss: arena.loss,
    stopped: run.stopped[i],
    said: run.said[i],
    ...(run.stopped[i] ? {} : see(arena, views)),
  }));
  return { arenas, readings: measured };
}

function see(arena, { heat = true, field = true }) {
  const { scale } = arena.target;
  const real = realPoints(arena);
  const judged = arena.judge(real);
  const mean = judged.reduce((sum, x) => sum + x, 0) / judged.length;
  const generated = arena.generate(SHOWN);
  const { said, pull } = arena.pull(generated, mean);
  const spread = [mean, said.reduce((sum, x) => sum + x, 0) / said.length];
  return {
    real,
    generated,
    pull,
    strength: pull.reduce((sum, x) => sum + (x / scale) ** 2, 0) / SHOWN,
    heat: heat ? heatOf(arena, spread) : null,
    field: field ? fieldOf(arena) : null,
    histograms: histograms(judged, said),
  };
}

function realPoints(arena) {
  const { scale } = arena.target;
  // Always the same ones, as the arena draws its batches.
  if (!arena.seenReal) {
    const many = new Float32Array(2 * SHOWN);
    const part = new Float32Array(2 * arena.settings.batch);
    for (let at = 0, turn = 0; at < many.length; at += part.length, turn += 1) {
      arena.sample(part, LOOK, 1, turn);
      many.set(part.subarray(0, many.length - at), at);
    }
    arena.seenReal = many.map((x) => x * scale);
  }
  return arena.seenReal;
}

/**
 * What the discriminator takes for real, from 0 to 1, at HEAT * HEAT places, rows from the top. Where
 * it gives no probability, half way between what it says of real and of generated points is .5.
 */
function heatOf(arena, [real, fake]) {
  const half = VIEW * arena.target.scale;
  if (!arena.places) {
    arena.places = new Float32Array(2 * HEAT * HEAT);
    for (let row = 0, at = 0; row < HEAT; row += 1) {
      for (let column = 0; column < HEAT; column += 1, at += 2) {
        arena.places[at] = half * ((2 * (column + 0.5)) / HEAT - 1);
        arena.places[at + 1] = half * (1 - (2 * (row + 0.5)) / HEAT);
      }
    }
  }
  const said = arena.judge(arena.places);
  const { loss } = arena;
  if (loss === "least_squares") return said.map((x) => Math.min(1, Math.max(0, x)));
  if (loss === "minimax" || loss === "non_saturating") return said.map(sigmoid);
  const middle = (real + fake) / 2;
  const slope = loss === "wasserstein" ? 2 / Math.max(Math.abs(real - fake), 0.05) : 2;
  return said.map((x) => sigmoid(slope * (x - middle)));
}

/** The noise plane's grid as the generator bends it: {lines: 2 * LINES, along: ALONG, points}. */
function fieldOf(arena) {
  const { noiseSize, noise } = arena.settings;
  if (noise === "none") return null;
  if (!arena.plane) {
    const reach = noise === "normal" ? 2.2 : 1;
    const ways = noiseSize > 1 ? 2 : 1;
    arena.plane = new Float32Array(ways * LINES * ALONG * noiseSize);
    for (let way = 0, row = 0; way < ways; way += 1) {
      for (let line = 0; line < LINES; line += 1) {
        const across = reach * ((2 * line) / (LINES - 1) - 1);
        for (let i = 0; i < ALONG; i += 1, row += 1) {
          const along = reach * ((2 * i) / (ALONG - 1) - 1);
          arena.plane[row * noiseSize] = way || noiseSize < 2 ? along : across;
          if (noiseSize > 1) arena.plane[row * noiseSize + 1] = way ? across : along;
        }
      }
    }
  }
  return { along: ALONG, points: arena.map(arena.plane) };
}

/** Shares of [real, generated] points by what is said of them: {low, high, real, fake}. */
function histograms(real, fake) {
  let [low, high] = [Infinity, -Infinity];
  for (const values of [real, fake]) {
    for (const x of values) {
      low = Math.min(low, x);
      high = Math.max(high, x);
    }
  }
  const width = Math.max(high - low, 1e-6) / BINS;
  const count = (values) => {
    const bins = new Float32Array(BINS);
    for (const x of values) bins[Math.min(BINS - 1, Math.floor((x - low) / width))] += 1 / values.length;
    return bins;
  };
  return { low, high, real: count(real), fake: count(fake) };
}
