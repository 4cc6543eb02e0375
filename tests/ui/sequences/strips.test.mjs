// How strongly the cells of a strip are drawn.

import assert from "node:assert/strict";
import { test } from "../../node_tests.mjs";

const { shades, strongest } = await import(
  new URL("../../../latentlab/ui/browser/sequences/strips.js", import.meta.url)
);

test("the strongest is opaque, a quarter of it half so, nothing below zero", () => {
  assert.deepEqual(shades([4, 1, 0, -2], strongest([4, 1, 0, -2])), [1, 0.5, 0, 0]);
});

test("a strip of zeros stays empty", () => {
  assert.deepEqual(shades([0, 0], strongest([0, 0])), [0, 0]);
});
