// Where a handle between layers stands, and what is drawn over their number.

import assert from "node:assert/strict";
import { test } from "../../node_tests.mjs";

const { depthAt, grouped, range, tinted } = await import(
  new URL("../../../latentlab/ui/browser/transfer/depths.js", import.meta.url)
);

test("the handle goes to the nearest end of a layer, and stays on the network", () => {
  const edges = [100, 220, 340];
  assert.deepEqual([-50, 0, 49, 51, 159, 161, 1000].map((x) => depthAt(x, edges)), [0, 0, 0, 1, 1, 2, 3]);
});

test("all bands and the curve in print lie within what is drawn", () => {
  const curves = [{ means: [61, 70], spreads: [2, 1] }, { means: [55, 58], spreads: [0, 6] }];
  assert.deepEqual(range(curves, []), [50, 80]);
  assert.deepEqual(range(curves, [{ points: [[1, 41.1]] }]), [40, 80]);
  assert.deepEqual(range([{ means: [99], spreads: [3] }], []), [90, 100]);
});

test("thousands are told apart", () => {
  assert.equal(grouped(82898), "82,898");
  assert.equal(grouped(1000000), "1,000,000");
  assert.equal(grouped(12), "12");
});

test("a weight of zero is seen through, and the two signs have two colours", () => {
  assert.equal(tinted(127)[3], 0);
  assert.notDeepEqual(tinted(0).slice(0, 3), tinted(254).slice(0, 3));
  assert.deepEqual([tinted(0)[3], tinted(254)[3]], [254, 254]);
});
