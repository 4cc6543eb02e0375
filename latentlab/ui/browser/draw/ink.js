// Strokes as numbers: how wide, how smooth, and what is left of them in fewer pixels. No page in
// here. A point is [x, y, …], each from 0 to 1.

/** The width of a brush under a pen; a mouse or a finger has no pressure to speak of. */
export function width(brush, { pointerType, pressure }) {
  return pointerType === "pen" && pressure > 0 ? brush * (0.4 + 1.2 * pressure) : brush;
}

const middle = ([ax, ay], [bx, by]) => [(ax + bx) / 2, (ay + by) / 2];

/**
 * What the point `i` adds to a smooth line (a quadratic B-spline): a curve from the middle before
 * the last point, bent towards that one, to the middle after it.
 * @returns {[from, control, to]}
 */
export function bend(points, i) {
  const [before, last] = [points[Math.max(i - 2, 0)], points[Math.max(i - 1, 0)]];
  return [middle(before, last), last.slice(0, 2), middle(last, points[i])];
}

/**
 * Averages blocks of `factor` x `factor` pixels.
 * @param rgba bytes of a square of `side` x `side` pixels
 * @returns {Uint8ClampedArray} those of a square of side / factor
 */
export function average(rgba, side, factor) {
  const small = side / factor;
  const sums = new Float64Array(4 * small * small);
  for (let i = 0; i < rgba.length; i += 1) {
    const column = Math.floor(((i >> 2) % side) / factor);
    const row = Math.floor((i >> 2) / side / factor);
    sums[4 * (row * small + column) + (i & 3)] += rgba[i];
  }
  return Uint8ClampedArray.from(sums, (sum) => sum / factor ** 2); // a clamped array rounds
}
