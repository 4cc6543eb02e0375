// Gradients as bars and numbers.

import assert from "node:assert/strict";
import { test } from "../../node_tests.mjs";

const { power, share } = await import(
  new URL("../../../latentlab/ui/browser/pretrain/curves.js", import.meta.url)
);

test("a bar grows by an eighth for every power of ten, and never leaves its box", () => {
  assert.ok(Math.abs(share(1e-5) - 0.5) < 1e-9);
  assert.ok(Math.abs(share(1e-4) - share(1e-5) - 1 / 8) < 1e-9);
  assert.deepEqual([share(0), share(1e-12), share(0.1), share(7)], [0, 0, 1, 1]);
});

test("numbers are written as by hand, rounded once", () => {
  assert.equal(power(3.2e-5), "3·10⁻⁵");
  assert.equal(power(9.7e-5), "1·10⁻⁴");
  assert.equal(power(0.02), "2·10⁻²");
  assert.equal(power(4), "4·10⁰");
  assert.equal(power(1e-12), "1·10⁻¹²");
  assert.equal(power(0), "0");
});
