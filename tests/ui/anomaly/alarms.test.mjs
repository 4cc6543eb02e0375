// The arithmetic of thresholds in the browser; test_alarms.py runs this in node.
// $LATENTLAB_NUMBERS is what the core makes of the same scores.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "../../node_tests.mjs";

const file = new URL("../../../latentlab/ui/browser/anomaly/alarms.js", import.meta.url);
const { STEPS, above, alarms, area, ascending, curve, histogram, scale, short } = await import(file);
const core = () => JSON.parse(readFileSync(process.env.LATENTLAB_NUMBERS, "utf8"));
const near = (a, b, by = 1e-6) => assert.ok(Math.abs(a - b) <= by, `${a} is not ${b}`);

test("what is above a limit is counted, the limit itself is not", () => {
  const sorted = ascending([3, 1, 2, 2]);
  assert.deepEqual([0, 1, 2, 2.5, 3].map((limit) => above(sorted, limit)), [4, 3, 1, 1, 0]);
});

test("area and alarms are those of the core", () => {
  const { normal, outliers, area: wanted, thresholds } = core();
  const [low, high] = [ascending(normal), ascending(outliers)];
  near(area(low, high), wanted);
  for (const { at, precision, recall, false_alarms } of thresholds) {
    const found = alarms(low, high, at);
    near(found.recall, recall);
    near(found.falseAlarms, false_alarms);
    if (precision === null) assert.ok(Number.isNaN(found.precision));
    else near(found.precision, precision);
  }
});

test("the curve rises from no alarm to nothing else, and has the area below it", () => {
  const { normal, outliers, area: wanted } = core();
  const points = curve(ascending(normal), ascending(outliers));
  assert.deepEqual([points[0], points.at(-1)], [[0, 0], [1, 1]]);
  let sum = 0;
  for (let i = 1; i < points.length; i += 1) {
    const [[a, b], [c, d]] = [points[i - 1], points[i]];
    assert.ok(c >= a && d >= b);
    sum += ((c - a) * (b + d)) / 2;
  }
  near(sum, wanted);
});

test("the scale holds every score, and goes both ways", () => {
  const axis = scale(ascending([0.001, 0.02]), ascending([0.5, 3]));
  for (const value of [0.001, 0.02, 0.5, 3]) {
    const at = axis.position(value);
    assert.ok(at > 0 && at < STEPS);
    near(axis.value(at), value, 1e-9);
  }
});

test("bins hold shares that add up to one", () => {
  const group = ascending([0.1, 0.2, 0.2, 5]);
  const bins = histogram(group, scale(group), 12);
  near(bins.reduce((a, b) => a + b), 1);
  near(Math.max(...bins), 0.5);
});

test("scores that are all alike still have a scale", () => {
  const group = ascending([0.5, 0.5]);
  const axis = scale(group, group);
  near(axis.position(0.5), STEPS / 2, 1e-3);
});

test("a score is written in three digits", () => {
  assert.deepEqual([0.012345, 1.5, 1234.5].map(short), ["0.0123", "1.5", "1235"]);
});
