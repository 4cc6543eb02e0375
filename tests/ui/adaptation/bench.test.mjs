// Benches of two domains, in node; $LATENTLAB_NUMBERS is what torch makes of the same. test_bench.py
// runs this.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "../../node_tests.mjs";

const browser = new URL("../../../latentlab/ui/browser/training/", import.meta.url);
const module = (name) => import(new URL(`${name}.js`, browser));
const { startMatrices } = await module("matrix");
const { Exploded } = await module("arena");
const { Bench, domainError, moons } = await module("bench");
const { lookAtBenches } = await module("bench_looking");
const { Run } = await module("run");
const { LATENTLAB_NAMES, LATENTLAB_NUMBERS: file } = process.env;
const names = JSON.parse(LATENTLAB_NAMES);
const numbers = file && JSON.parse(readFileSync(file, "utf8"));
const kernel = readFileSync(new URL("matrix.wasm", browser));

function near(found, expected, what, margin = 1e-5) {
  assert.equal(found.length, expected.length, what);
  const most = Math.max(1, ...expected.map(Math.abs));
  expected.forEach((value, i) => {
    assert.ok(Math.abs(found[i] - value) <= margin * most, `${what} ${i}: ${found[i]}, not ${value}`);
  });
}

async function open({ target, settings, method }, source = kernel) {
  const matrices = await startMatrices(source);
  matrices.reserve(Bench.size(settings));
  return new Bench(matrices, target, settings, [[0, method]]);
}

assert.ok(names.length > 5, "there is nothing to test");
for (const name of names) {
  test(`${name}: the gradients are torch's`, async () => {
    const known = numbers.cases[name];
    for (const source of [kernel, null]) {
      const bench = await open(known, source);
      bench.restore(known.weights);
      const said = bench.slopes(known.strength / 100);
      for (const [network, gradient] of Object.entries(known.gradients)) {
        near([...bench[network].gradient], gradient, network);
      }
      near(said, known.losses, "losses");
    }
  });

  test(`${name}: some steps lead where torch's do`, async () => {
    const known = numbers.cases[name];
    const bench = await open(known);
    for (const [strength, count] of known.moves) for (let i = 0; i < count; i += 1) bench.move(strength);
    near([...bench.map(bench.features, Float32Array.from(known.asked.flat()))], known.made.flat(), "features", 1e-3);
  });
}

test("the moons are Python's", () => {
  const { points, lower, share, angle, key } = numbers.moons;
  const [found, on] = [new Float32Array(2 * lower.length), new Float32Array(lower.length)];
  moons(found, on, share, angle, ...key);
  near([...found], points.flat(), "points");
  assert.deepEqual([...on], lower);
});

test("a fresh classifier of domains errs as Python's does", () => {
  for (const { features, size, error } of numbers.clouds) {
    assert.equal(domainError(Float32Array.from(features.flat()), size), error);
  }
});

test("a reversed gradient is the other way, and grows with its strength", async () => {
  const known = numbers.cases[names.find((name) => name.startsWith("dann"))];
  const [without, half, whole] = await Promise.all([0, 0.5, 1].map(async (strength) => {
    const bench = await open(known);
    bench.restore(known.weights);
    bench.slopes(strength);
    return [...bench.features.gradient];
  }));
  near(whole.map((value, i) => value - without[i]), half.map((value, i) => 2 * (value - without[i])), "pull", 1e-4);
  assert.ok(whole.some((value, i) => Math.abs(value - without[i]) > 1e-5));
});

test("to go back and on again is to have stayed, with every strength as it was", async () => {
  const known = numbers.cases[names.find((name) => name.startsWith("dann"))];
  const make = async () => new Run(await startMatrices(kernel), known.target, known.settings, [[[0, "source"]], [[0, "dann"]]].map(([one]) => [one]), Bench);
  const run = await make();
  run.play(20, 60);
  run.play(80, 30);
  const there = run.arenas.map((bench) => [...bench.features.values]);
  run.seek(30);
  run.seek(90);
  assert.deepEqual(run.arenas.map((bench) => [...bench.features.values]), there);
  assert.deepEqual(run.moves, [[20, 60], [80, 30]]);
  const { arenas, readings } = lookAtBenches(run, {}, null);
  assert.deepEqual(arenas.map(({ loss }) => loss), ["source", "dann"]);
  for (const { source, target, domains } of readings) {
    for (const value of [source, target, domains]) assert.ok(value >= 0 && value <= 1);
  }
  for (const { features, box: [x, y, half] } of arenas) {
    for (let i = 0; i < features.length; i += 2) {
      assert.ok(Math.abs(features[i] - x) <= half && Math.abs(features[i + 1] - y) <= half);
    }
  }
});

test("what explodes says so", async () => {
  const known = numbers.cases[names[0]];
  const bench = await open({ ...known, settings: { ...known.settings, rate: 1e30 } });
  assert.throws(() => { for (let i = 0; i < 50; i += 1) bench.move(50); }, Exploded);
});
