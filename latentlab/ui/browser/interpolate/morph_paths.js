// Paths between codes, as latentlab/interpolation.py has them. No page in here.

const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
const mix = (a, b, ofA, ofB) => a.map((value, i) => ofA * value + ofB * b[i]);

/** The point a share `t` of the way from `a` to `b`; the endpoints are exactly `a` and `b`. */
export function linear(a, b, t) {
  return t <= 0 ? a : t >= 1 ? b : mix(a, b, 1 - t, t);
}

/**
 * Shoemake's Slerp (1985) for the directions; the length goes linearly from |a| to |b|. Linear
 * where no great circle is defined (an endpoint at zero, opposite endpoints) or where it is a straight line
 * to rounding (endpoints in the same direction).
 */
export function spherical(a, b, t) {
  const [lengthA, lengthB] = [a, b].map((v) => Math.sqrt(dot(v, v)));
  const cosine = dot(a, b) / (lengthA * lengthB); // NaN when an endpoint is zero
  if (t <= 0 || t >= 1 || !(Math.abs(cosine) < 1 - 1e-6)) return linear(a, b, t);
  const angle = Math.acos(cosine);
  const scale = ((1 - t) * lengthA + t * lengthB) / Math.sin(angle);
  const ofA = (scale * Math.sin((1 - t) * angle)) / lengthA;
  return mix(a, b, ofA, (scale * Math.sin(t * angle)) / lengthB);
}

/**
 * The point at (x, y) of a square, each from 0 to 1: down the left and the right edge, then across.
 * @param corners top left, top right, bottom left, bottom right
 */
export function bilinear([topLeft, topRight, bottomLeft, bottomRight], [x, y], path) {
  return path(path(topLeft, bottomLeft, y), path(topRight, bottomRight, y), x);
}

/** How far a player that goes there and back has come after `laps` ways, from 0 to 1. */
export const thereAndBack = (laps) => 1 - Math.abs(1 - (laps % 2));
