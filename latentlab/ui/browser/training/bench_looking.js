// What is seen of benches at one moment: numbers for the page to draw.

export const HEAT = 44; // squares of a map, each way
export const VIEW = 2.1; // half the width of the plane of points that is seen

/** Returns {arenas: [{…}], readings} of a run of benches. */
export function lookAtBenches(run, views, readings) {
  const measured = readings ?? run.arenas.map((bench, i) => (run.stopped[i] ? null : bench.read()));
  const arenas = run.arenas.map((bench, i) => ({
    loss: bench.method,
    stopped: run.stopped[i],
    said: run.said[i],
    ...(run.stopped[i] ? {} : see(bench)),
  }));
  return { arenas, readings: measured };
}

function see(bench) {
  const { points, lower } = bench.seen;
  const features = bench.map(bench.features, points);
  const box = around(features);
  const plane = bench.map(bench.features, places(0, 0, VIEW));
  return {
    points,
    lower,
    features,
    box,
    // What the classes' network says, from -1 to 1, in both planes.
    regions: bench.map(bench.classes, plane).map(Math.tanh),
    said: bench.map(bench.classes, places(...box)).map(Math.tanh),
  };
}

/** [x, y, half a side] of a square with room around features [n, 2]; steady, so that it does not jump. */
function around(features) {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < features.length; i += 2) {
    left = Math.min(left, features[i]);
    right = Math.max(right, features[i]);
    low = Math.min(low, features[i + 1]);
    high = Math.max(high, features[i + 1]);
  }
  return [(left + right) / 2, (low + high) / 2, 0.55 * Math.max(right - left, high - low, 1e-3)];
}

function places(x, y, half) {
  const made = new Float32Array(2 * HEAT * HEAT);
  for (let row = 0, at = 0; row < HEAT; row += 1) {
    for (let column = 0; column < HEAT; column += 1, at += 2) {
      made[at] = x + half * ((2 * (column + 0.5)) / HEAT - 1);
      made[at + 1] = y + half * (1 - (2 * (row + 0.5)) / HEAT);
    }
  }
  return made;
}
