// softmax(Q Kᵀ · scale) V of one head, and the sums behind every number. No page in here.

/** Numbers in rows. @returns {{rows: number, cols: number, at: (i: number, j: number) => number}} */
export const matrix = (values, rows, cols) => ({ values, rows, cols, at: (i, j) => values[i * cols + j] });

/** Columns `from` to `from + count` of a matrix: one head of several side by side. */
export function columns(whole, from, count) {
  const values = new Float64Array(whole.rows * count);
  for (let i = 0; i < whole.rows; i += 1) {
    for (let j = 0; j < count; j += 1) values[i * count + j] = whole.at(i, from + j);
  }
  return matrix(values, whole.rows, count);
}

/** Every query times every key, [T, S]. */
export function products(q, k) {
  const values = new Float64Array(q.rows * k.rows);
  for (let i = 0; i < q.rows; i += 1) {
    for (let j = 0; j < k.rows; j += 1) {
      let sum = 0;
      for (let e = 0; e < q.cols; e += 1) sum += q.at(i, e) * k.at(j, e);
      values[i * k.rows + j] = sum;
    }
  }
  return matrix(values, q.rows, k.rows);
}

/** Scores times a scale; minus infinity where `allowed(i, j)` is false. */
export function scaled(scores, scale, allowed) {
  const values = Float64Array.from(scores.values, (value, n) =>
    allowed(Math.floor(n / scores.cols), n % scores.cols) ? value * scale : -Infinity,
  );
  return matrix(values, scores.rows, scores.cols);
}

/** Softmax of each row; at least one number of a row is finite. */
export function softmax(x) {
  const values = new Float64Array(x.values.length);
  for (let i = 0; i < x.rows; i += 1) {
    const row = x.values.subarray(i * x.cols, (i + 1) * x.cols);
    const most = Math.max(...row);
    const powers = Array.from(row, (value) => Math.exp(value - most));
    const sum = powers.reduce((a, b) => a + b);
    powers.forEach((power, j) => {
      values[i * x.cols + j] = power / sum;
    });
  }
  return matrix(values, x.rows, x.cols);
}

/** What each query gathers: weights [T, S] times values [S, E]. */
export function gathered(weights, v) {
  const values = new Float64Array(weights.rows * v.cols);
  for (let i = 0; i < weights.rows; i += 1) {
    for (let e = 0; e < v.cols; e += 1) {
      let sum = 0;
      for (let j = 0; j < weights.cols; j += 1) sum += weights.at(i, j) * v.at(j, e);
      values[i * v.cols + e] = sum;
    }
  }
  return matrix(values, weights.rows, v.cols);
}

/** The mean over rows of -Σ w ln w, in nats. */
export function entropy(weights) {
  let sum = 0;
  for (const weight of weights.values) if (weight > 0) sum -= weight * Math.log(weight);
  return sum / weights.rows;
}

/** The place of the largest number in a row. */
export function largest(x, row) {
  let best = 0;
  for (let j = 1; j < x.cols; j += 1) if (x.at(row, j) > x.at(row, best)) best = j;
  return best;
}

/** A number as it is written: two digits behind the point, a true minus. */
export function written(value, digits = 2) {
  if (value === -Infinity) return "−∞";
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/**
 * A sum of products as it is written: the largest terms in their order, and what the others make.
 * @param pairs [[a, b], …]
 */
export function sum(pairs, most = 8) {
  const terms = pairs.map(([a, b], n) => ({ a, b, n, product: a * b }));
  const total = terms.reduce((all, { product }) => all + product, 0);
  const kept = [...terms]
    .sort((one, other) => Math.abs(other.product) - Math.abs(one.product))
    .slice(0, most)
    .sort((one, other) => one.n - other.n);
  const rest = total - kept.reduce((all, { product }) => all + product, 0);
  return { kept, rest, others: terms.length - kept.length, total };
}
