// What a network makes of one picture, in node; $LATENTLAB_NUMBERS is what torch makes of the same.
// test_looking.py runs this.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "../../node_tests.mjs";

const browser = new URL("../../../latentlab/ui/browser/", import.meta.url);
const module = (name) => import(new URL(`${name}.js`, browser));
const { layersOf } = await module("networks/chain");
const { floats } = await module("shared/numbers");
const looking = await module("regularise/looking");
const { LATENTLAB_NAMES: names, LATENTLAB_NUMBERS: numbers } = process.env;
const content = JSON.parse(names ?? readFileSync(numbers, "utf8"));

function near(found, expected, what, tolerance = 1e-4) {
  assert.equal(found.length, expected.length, what);
  const most = Math.max(1, ...expected.map(Math.abs));
  expected.forEach((value, i) => {
    assert.ok(Math.abs(found[i] - value) < tolerance * most, `${what} ${i}: ${found[i]}, not ${value}`);
  });
}

function told(network) {
  const raw = Uint8Array.from(Buffer.from(network.weights, "base64"));
  const { variance, ...beside } = network.beside;
  return {
    layers: layersOf(network.manifest, new Uint16Array(raw.buffer)),
    beside: {
      ...beside,
      mean: floats(beside.mean),
      std: floats(beside.std),
      variance: variance && { weight: floats(variance.weight), bias: floats(variance.bias) },
    },
    x: Float32Array.from(network.x),
    noisy: looking.withNoise(Float32Array.from(network.x), network.sigma, network.pattern),
    drawn: Float32Array.from(network.drawn),
  };
}

assert.ok(content.networks.length > 5, "there is nothing to test");
for (const network of content.networks) {
  test(`${network.name}: code, pictures and loss are torch's`, () => {
    const { layers, beside, x, noisy, drawn } = told(network);
    near(noisy, network.noisy, "noisy pixel");
    const seen = looking.look(layers, beside, x, noisy, drawn);
    near(seen.code, network.code, "number", network.tolerance);
    near(seen.again, network.again, "pixel", network.tolerance);
    near(seen.noisy, network.againNoisy, "pixel from noise", network.tolerance);
    near(seen.invented, network.invented, "invented pixel", network.tolerance);
    near(seen.loss, network.loss, "part of the loss", network.tolerance);
    if (network.spread) near(seen.spread, network.spread, "spread");
    else assert.equal(seen.spread, null);
  });
}

test("what has not changed is not computed again, and what has is", () => {
  const { layers, beside, x, noisy, drawn } = told(content.networks[0]);
  let calls = 0;
  const whole = (picture) => {
    calls += 1;
    return looking.look(layers, beside, x, picture, null).noisy;
  };
  const first = looking.look(layers, beside, x, noisy, drawn, whole);
  const again = looking.look(layers, beside, x, noisy, drawn, whole, first);
  assert.equal(calls, 1);
  assert.ok(again.code === first.code && again.noisy === first.noisy && again.invented === first.invented);
  const other = looking.look(layers, beside, noisy, x, Float32Array.from(drawn), whole, again);
  assert.ok(other.code !== first.code && other.noisy !== first.noisy && other.invented !== first.invented);
  assert.equal(calls, 2);
});

test("the likeness of two pictures is Python's", () => {
  const { a, b, is } = content.likeness;
  assert.ok(Math.abs(looking.likeness(a, b, [28, 28], 4) - is) < 1e-6);
  assert.equal(looking.likeness(a, new Array(784).fill(0.5), [28, 28], 4), 0);
});

test("z is μ + σ ε, and the narrowest numbers come first", () => {
  assert.deepEqual(looking.reparameterise([1, -2], [0.5, 2], [2, -1]), [2, -4]);
  assert.deepEqual(looking.narrowest([0.9, 0.1, 1, 0.2]), [1, 3]);
});

test("the strongest units come first, whatever their sign", () => {
  assert.deepEqual(looking.strongest([0.1, -3, 2], 2), [1, 2]);
});
