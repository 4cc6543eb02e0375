// Where a handle between layers stands, and the curve over their number. No page in here.

import { clamp } from "../shared/numbers.js";

/** How many layers lie left of a place, in pixels; `edges` are the right ends of all of them. */
export function depthAt(x, edges) {
  const ends = [0, ...edges];
  const nearest = ends.reduce((best, end, i) => (Math.abs(end - x) < Math.abs(ends[best] - x) ? i : best), 0);
  return clamp(nearest, 0, edges.length);
}

/** The least and the greatest that is drawn, in whole tens; all bands lie between. */
export function range(curves, ghosts) {
  const values = curves.flatMap(({ means, spreads }) => means.flatMap((mean, i) => [mean - spreads[i], mean + spreads[i]]));
  const all = [...values, ...ghosts.flatMap(({ points }) => points.map(([, value]) => value))];
  const low = Math.max(0, 10 * Math.floor(Math.min(...all) / 10));
  const high = Math.min(100, 10 * Math.ceil(Math.max(...all) / 10));
  return [low, Math.max(high, low + 10)];
}

/** A whole number with commas for thousands. */
export const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

/** Red, green, blue and opacity of a weight of a grey network; 127 = zero. */
export function tinted(value) {
  const [red, green, blue] = value < 127 ? [231, 99, 0] : [91, 110, 225];
  return [red, green, blue, Math.min(255, 2 * Math.abs(value - 127))];
}
