// Scales of curves, codes drawn anew, and scores counted.

import assert from "node:assert/strict";
import { test } from "../../node_tests.mjs";

const folder = new URL("../../../latentlab/ui/browser/time_machine/", import.meta.url);
const { normals, sameShare, short, span, ticks } = await import(new URL("curves.js", folder));
const { histogram, shareBelow } = await import(new URL("scores.js", folder));

test("a seed draws the same code again, and another one another", () => {
  assert.deepEqual(normals(7, 64), normals(7, 64));
  assert.notDeepEqual(normals(7, 64), normals(8, 64));
});

test("codes drawn anew are standard normal", () => {
  const all = Array.from({ length: 200 }, (_, i) => [...normals(i + 1, 100)]).flat();
  const mean = all.reduce((a, b) => a + b) / all.length;
  const variance = all.reduce((a, b) => a + (b - mean) ** 2, 0) / all.length;
  assert.ok(Math.abs(mean) < 0.03, `${mean}`);
  assert.ok(Math.abs(variance - 1) < 0.05, `${variance}`);
  const beyond = all.filter((z) => Math.abs(z) > 1.96).length / all.length;
  assert.ok(Math.abs(beyond - 0.05) < 0.006, `${beyond}`);
});

test("a scale holds every value, and its ticks lie on it", () => {
  for (const values of [[0, 0.95], [0.2, 7], [-3, 2], [5, 5], [0, 0]]) {
    const [low, high] = span(values, false);
    assert.ok(low <= Math.min(...values) && high > Math.max(...values) - 1e-12 && high > low);
    const found = ticks(low, high, false);
    assert.ok(found.length >= 2 && found.length <= 7, `${found}`);
    assert.ok(found.every((tick) => tick >= low - 1e-9 && tick <= high + 1e-6));
  }
  assert.deepEqual(span([-0.4, 2.1], true), [-1, 3]);
  assert.deepEqual(ticks(-1, 2, true).map((tick) => +tick.toFixed(3)), [0.1, 1, 10, 100]);
});

test("runs of different lengths are compared at the same share of each", () => {
  const [long, brief] = [[0, 10, 1000, 8000], [0, 1, 13, 100]];
  assert.deepEqual(long.map((_, i) => sameShare(long, i, brief)), [0, 0, 2, 3]);
  assert.deepEqual(brief.map((_, i) => sameShare(brief, i, long)), [0, 1, 2, 3]);
  assert.deepEqual(long.map((_, i) => sameShare(long, i, long)), [0, 1, 2, 3]);
});

test("numbers beside a scale are short", () => {
  assert.deepEqual([68720, 300, 12.4, 1.54, 0.021, 0].map(short), ["69 k", "300", "12", "1.5", "0.021", "0"]);
});

test("a share counts what is lower", () => {
  assert.equal(shareBelow([1, 2, 3, 4], 2.5), 0.5);
  assert.deepEqual([shareBelow([1, 2], 0), shareBelow([1, 2], 9), shareBelow([1, 2], 1)], [0, 1, 0]);
});

test("a histogram holds all scores and the picture's own", () => {
  const made = histogram([[0, 1, 1], [2, 4]], -4, 8);
  assert.deepEqual([made.low, made.high], [-4, 4]);
  const sums = made.counts.map((counts) => counts.reduce((a, b) => a + b, 0));
  assert.ok(sums.every((sum) => Math.abs(sum - 1) < 1e-12));
  assert.equal(made.counts[1][7], 0.5);
  const flat = histogram([[2, 2], [2, 2]], 2, 4);
  assert.ok(flat.high > flat.low && flat.counts[0][0] === 1);
  assert.deepEqual(histogram([[0, 1], [0, 1]], NaN, 2).low, 0);
});
