// What a threshold on scores does: alarms, the ROC curve, and a scale on which scores lie apart.

/** Numbers in ascending order. */
export const ascending = (values) => Float32Array.from(values).sort();

/** How many of `sorted` are greater than `limit`. */
export function above(sorted, limit) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] > limit) high = middle;
    else low = middle + 1;
  }
  return sorted.length - low;
}

/** {precision, recall, falseAlarms}; precision is NaN where nothing raises an alarm. */
export function alarms(normal, outliers, threshold) {
  const wrong = above(normal, threshold);
  const found = above(outliers, threshold);
  return {
    precision: found / (found + wrong),
    recall: found / outliers.length,
    falseAlarms: wrong / normal.length,
  };
}

/** Area under the ROC curve: the share of pairs in which the outlier is above, ties half. */
export function area(normal, outliers) {
  let pairs = 0;
  for (const value of normal) {
    const more = above(outliers, value);
    const least = outliers.length - above(outliers, below(value));
    pairs += more + (outliers.length - more - least) / 2;
  }
  return pairs / (normal.length * outliers.length);
}

const next = new Float32Array(1);
const bits = new Int32Array(next.buffer);

/** The largest float32 below a positive one: what is greater than it is at least `value`. */
function below(value) {
  next[0] = value;
  bits[0] -= 1;
  return next[0];
}

/** Corners of the ROC curve as [false alarms, recall], from no alarm to nothing but alarms. */
export function curve(normal, outliers) {
  const limits = Float32Array.from([...normal, ...outliers]).sort().reverse();
  const points = [[0, 0]];
  for (const limit of limits) {
    const { recall, falseAlarms } = alarms(normal, outliers, limit);
    points.push([falseAlarms, recall]);
  }
  points.push([1, 1]);
  return points;
}

export const STEPS = 1000; // of the slider

/** A scale of positive scores: equal ratios lie equally far apart. Positions from 0 to STEPS. */
export function scale(...groups) {
  const ends = groups.filter((group) => group.length);
  const low = Math.log(Math.max(Math.min(...ends.map((g) => g[0])), 1e-9)) - 0.02;
  const high = Math.log(Math.max(...ends.map((g) => g.at(-1)), 2e-9)) + 0.02;
  const span = high - low;
  return {
    position: (value) => (STEPS * (Math.log(Math.max(value, 1e-9)) - low)) / span,
    value: (position) => Math.exp(low + (position / STEPS) * span),
  };
}

/** Shares of a group's scores in `count` bins of the scale. */
export function histogram(values, axis, count) {
  const bins = new Float32Array(count);
  for (const value of values) {
    const bin = Math.floor((axis.position(value) / STEPS) * count);
    bins[Math.min(Math.max(bin, 0), count - 1)] += 1 / values.length;
  }
  return bins;
}

/** A score in three digits, as people read it. */
export function short(value) {
  if (value >= 100) return value.toFixed(0);
  return Number(value.toPrecision(3)).toString();
}
