// Attention as browsers compute it, in node; test_arithmetic.py runs this.

import assert from "node:assert/strict";
import { test } from "../../node_tests.mjs";

const browser = new URL("../../../latentlab/ui/browser/attention/", import.meta.url);
const { columns, entropy, gathered, largest, matrix, products, scaled, softmax, sum, written } = await import(new URL("arithmetic.js", browser));

const near = (found, expected) => found.forEach((value, n) => assert.ok(Math.abs(value - expected[n]) < 1e-9, `${found}`));
const q = matrix([1, 0, 0, 2], 2, 2);
const k = matrix([1, 1, 2, 0], 2, 2);

test("two positions by hand", () => {
  const scores = products(q, k);
  assert.deepEqual([...scores.values], [1, 2, 2, 0]);
  const masked = scaled(scores, 0.5, (i, j) => j <= i);
  assert.deepEqual([...masked.values], [0.5, -Infinity, 1, 0]);
  const share = 1 / (1 + Math.exp(-1));
  const weights = softmax(masked);
  near([...weights.values], [1, 0, share, 1 - share]);
  near([...gathered(weights, matrix([10, 20], 2, 1)).values], [10, 10 * share + 20 * (1 - share)]);
  assert.equal(largest(weights, 1), 0);
});

test("large scores do not overflow", () => {
  near([...softmax(matrix(Float64Array.of(1000, 1001), 1, 2)).values], [1 / (1 + Math.E), Math.E / (1 + Math.E)]);
});

test("entropy is ln n where all are equal and 0 where one has all", () => {
  near([entropy(matrix([0.25, 0.25, 0.25, 0.25], 1, 4)), entropy(matrix([0, 1], 1, 2))], [Math.log(4), 0]);
});

test("one head of several side by side", () => {
  assert.deepEqual([...columns(matrix([1, 2, 3, 4, 5, 6, 7, 8], 2, 4), 2, 2).values], [3, 4, 7, 8]);
});

test("the terms that are shown and the rest make the sum", () => {
  const pairs = [[1, 1], [2, -5], [0.1, 0.1], [3, 3]];
  const { kept, rest, others, total } = sum(pairs, 2);
  assert.deepEqual(kept.map(({ product }) => product), [-10, 9]);
  assert.equal(others, 2);
  near([rest, total], [1.01, 0.01]);
});

test("numbers are written with a true minus, and none before zero", () => {
  assert.deepEqual([written(-1.234), written(-0.001), written(2), written(-Infinity)], ["−1.23", "0.00", "2.00", "−∞"]);
});
