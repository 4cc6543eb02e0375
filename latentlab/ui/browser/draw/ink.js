// Strokes as numbers: how wide, how smooth, and what is left of them in fewer pixels. No page in
// here. A point is [x, y, …], each from 0 to 1.

/** The width of a brush under a pen; a mouse or a finger has no pressure to speak of. */
export function width(brush, { pointerType, pressure }) {
  return pointerType === "pen" && pressure > 0 ? brush * (0.4 + 1.2 * pressure) : brush;
}

const HUES = ["red", "orange", "yellow", "green", "turquoise", "blue", "purple", "pink", "red"];
const STARTS = [18, 45, 70, 165, 195, 255, 290, 340, 361]; // degrees at which the next one begins

/** What people call a colour #rrggbb: black, light grey, dark brown, blue. */
export function nameOf(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  const [high, low] = [Math.max(r, g, b), Math.min(r, g, b)];
  const [lightness, chroma] = [(high + low) / 2, high - low];
  if (high < 0.1) return "black";
  if (low > 0.95) return "white";
  const shade = lightness < 0.35 ? "dark " : lightness > 0.7 ? "light " : "";
  if (chroma < 0.08) return `${shade}grey`;
  const sixth = high === r ? ((g - b) / chroma + 6) % 6 : high === g ? (b - r) / chroma + 2 : (r - g) / chroma + 4;
  const hue = HUES[STARTS.findIndex((start) => 60 * sixth < start)];
  return shade + (["red", "orange"].includes(hue) && chroma < 0.62 && lightness < 0.75 ? "brown" : hue);
}

/** A name for each colour; where two would be called the same, the second is "blue 2". */
export function namesOf(colours) {
  const times = new Map();
  return colours.map((colour) => {
    const name = nameOf(colour);
    times.set(name, (times.get(name) ?? 0) + 1);
    return times.get(name) > 1 ? `${name} ${times.get(name)}` : name;
  });
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
