// Random numbers that follow from a key alone: latentlab/adversaries/draws.py says why, and draws
// the same ones.

export const [START, REAL, NOISE, OPPONENT, OPPONENT_NOISE, MIX, POWER, LOOK] = [0, 1, 2, 3, 4, 5, 6, 7];

const STRIDE = 0x9e3779b9;

function mix(x) {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}

/** Fills an array with numbers of (0, 1) that follow from a key of whole numbers. */
export function uniform(into, ...key) {
  let state = 0;
  for (const number of key) state = mix((state + STRIDE + number) | 0);
  let place = state;
  for (let i = 0; i < into.length; i += 1) {
    place = (place + STRIDE) | 0;
    into[i] = ((mix(mix(place) ^ state) >>> 0) + 0.5) / 4294967296;
  }
  return into;
}

let pairs = new Float64Array(0);

/** Fills an array with standard normal numbers that follow from a key. */
export function normal(into, ...key) {
  const count = into.length + (into.length % 2);
  if (pairs.length < count) pairs = new Float64Array(count);
  const drawn = uniform(pairs.subarray(0, count), ...key);
  for (let i = 0; i < into.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(drawn[i]));
    const angle = 2 * Math.PI * drawn[i + 1];
    into[i] = radius * Math.cos(angle);
    if (i + 1 < into.length) into[i + 1] = radius * Math.sin(angle);
  }
  return into;
}
