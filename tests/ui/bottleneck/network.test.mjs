// The opened network's numbers and its blocks, in node; $LATENTLAB_NUMBERS is what torch makes of
// the same. test_network.py runs this.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "../../node_tests.mjs";

const browser = new URL("../../../latentlab/ui/browser/", import.meta.url);
const module = (name) => import(new URL(`${name}.js`, browser));
const network = await module("networks/chain");
const blocks = await module("bottleneck/blocks");
const { words } = await module("bottleneck/angles");
const { LATENTLAB_NAMES: names, LATENTLAB_NUMBERS: numbers } = process.env;
const chains = JSON.parse(names ?? readFileSync(numbers, "utf8"));

function near(found, expected, what = "") {
  assert.equal(found.length, expected.length);
  const most = Math.max(1, ...expected.map(Math.abs));
  expected.forEach((value, i) => {
    assert.ok(Math.abs(found[i] - value) < 1e-4 * most, `${what} ${i}: ${found[i]}, not ${value}`);
  });
}

const open = ({ manifest, weights }) => {
  const raw = Uint8Array.from(Buffer.from(weights, "base64"));
  return network.layersOf(manifest, new Uint16Array(raw.buffer));
};

assert.ok(chains.length > 2, "there is nothing to test");
for (const chain of chains) {
  test(`${chain.name}: every layer passes on what torch says`, () => {
    const { after } = network.forward(open(chain), Float32Array.from(chain.x));
    assert.equal(after.length, chain.after.length);
    chain.after.forEach((expected, i) => near(after[i], expected, `layer ${i}, unit`));
  });

  test(`${chain.name}: what a unit looks for is torch's gradient`, () => {
    const layers = open(chain);
    const run = network.forward(layers, Float32Array.from(chain.x));
    assert.ok(chain.units.length > 3);
    for (const { layer, unit, looks } of chain.units) {
      near(network.lookedFor(layers, run, layer, unit), looks, `layer ${layer}, pixel`);
    }
  });

  test(`${chain.name}: what a unit draws is torch's derivative`, () => {
    const layers = open(chain);
    const run = network.forward(layers, Float32Array.from(chain.x));
    for (const { layer, unit, draws } of chain.units) {
      near(network.drawnBy(layers, run, layer, unit), draws, `layer ${layer}, pixel`);
    }
  });

  if (chain.name !== "principal components") continue;
  test(`${chain.name}: fewer of them are the first ones`, () => {
    const layers = network.truncate(open(chain), chain.cut.k);
    const { after } = network.forward(layers, Float32Array.from(chain.x));
    chain.cut.after.forEach((expected, i) => near(after[i], expected, `layer ${i}, unit`));
  });
}

const SIZES = [784, 256, 128, 64, 8, 64, 128, 256, 784];
const SHAPE = [28, 28];

test("every unit of every layer has one square of the same size, and is found there", () => {
  for (const width of [350, 800, 1800]) {
    const plan = blocks.place(SIZES, 4, SHAPE, width, 12, 14);
    assert.equal(new Set(plan.blocks.map(({ index }) => index)).size, SIZES.length);
    for (const { index, x, y, rows, columns, units } of plan.blocks) {
      assert.equal(units, SIZES[index]);
      assert.ok(rows * columns >= units && (rows * columns - units) < columns);
      assert.ok(x >= 0 && x + columns * plan.cell <= width + 1e-6, `${width}: ${x}`);
      assert.ok(y >= 0 && y + rows * plan.cell <= plan.height);
      for (const unit of [0, units - 1]) {
        const right = x + ((unit % columns) + 0.5) * plan.cell;
        const down = y + (Math.floor(unit / columns) + 0.5) * plan.cell;
        assert.deepEqual(blocks.unitAt(plan, right, down), { index, unit });
      }
    }
  }
});

test("the arrow keys lead through all layers and back, and never out of them", () => {
  for (const height of [0, 400, 783]) {
    let at = { index: 0, unit: height };
    const seen = new Set([at.index]);
    for (let i = 0; i < 300; i += 1) {
      at = blocks.step(SIZES, SHAPE, at, [1, 0]);
      assert.ok(at.unit >= 0 && at.unit < SIZES[at.index]);
      seen.add(at.index);
    }
    assert.equal(seen.size, SIZES.length);
    assert.equal(at.index, SIZES.length - 1);
    for (let i = 0; i < 300; i += 1) at = blocks.step(SIZES, SHAPE, at, [-1, 0]);
    assert.equal(at.index, 0);
  }
  for (const arrow of [[0, 1], [0, -1]]) {
    const at = blocks.step(SIZES, SHAPE, { index: 4, unit: arrow[1] < 0 ? 0 : 7 }, arrow);
    assert.equal(at.index, 4);
  }
});

test("what the angles say depends on both of them", () => {
  const moments = {
    steps: [0, 50, 50],
    penalised: [false, false, true],
    toSubspace: [[40, 88], [0.1, 0.4], [0.1, 0.4]],
    toAxes: [[70, 80], [30, 60], [0.2, 0.6]],
    untied: [2, 1, 0.001],
  };
  const [first, plain, tied] = [0, 1, 2].map((at) => words(moments, at));
  assert.match(first.moment, /before the first step/);
  assert.match(first.verdict, /not PCA’s yet \(largest angle 88°\)\.$/);
  assert.match(plain.verdict, /found PCA’s subspace \(largest angle 0\.4°\), but .* up to 60° off\.$/);
  assert.match(tied.moment, /^With L2/);
  assert.match(tied.verdict, /and PCA’s axes, to 0\.6°; encoder and decoder are each other’s transpose\.$/);
});
