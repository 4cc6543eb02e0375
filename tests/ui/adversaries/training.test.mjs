// The trainer, in node; $LATENTLAB_NUMBERS is what torch makes of the same. test_training.py runs
// this.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "../../node_tests.mjs";

const browser = new URL("../../../latentlab/ui/browser/training/", import.meta.url);
const module = (name) => import(new URL(`${name}.js`, browser));
const { startMatrices } = await module("matrix");
const { Arena, Exploded } = await module("arena");
const { Run } = await module("run");
const { read } = await module("meter");
const { LOSSES } = await module("losses");
const draws = await module("draws");
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

async function open({ target, settings, losses }, source = kernel) {
  const matrices = await startMatrices(source);
  matrices.reserve(Arena.size(settings));
  return new Arena(matrices, target, settings, losses);
}

assert.ok(names.length > 20, "there is nothing to test");
for (const name of names) {
  test(`${name}: the gradients are torch's`, async () => {
    const known = numbers.cases[name];
    for (const source of [kernel, null]) {
      const arena = await open(known, source);
      const { gradients } = known;
      arena.restore(gradients.weights);
      const said = arena.slopeOfDiscriminator();
      near([...arena.discriminator.gradient], gradients.discriminator, "discriminator");
      const other = arena.slopeOfGenerator();
      near([...arena.generator.gradient], gradients.generator, "generator");
      near([other, said], gradients.losses, "losses");
    }
  });

  test(`${name}: some steps lead where torch's do`, async () => {
    const known = numbers.cases[name];
    const arena = await open(known);
    arena.move("discriminator");
    arena.move("discriminator");
    for (let i = 0; i < known.steps; i += 1) arena.move("step");
    arena.move("generator");
    near([...arena.generate(5)], known.generated.flat(), "points", 1e-3);
  });
}

test("the draws are Python's", () => {
  near([...draws.uniform(new Float64Array(7), 5, 6, 7)], numbers.uniform, "uniform", 1e-12);
  near([...draws.normal(new Float64Array(7), 2 ** 31 + 5, 0)], numbers.normal, "normal", 1e-12);
});

test("the losses have Python's penalties", () => {
  const own = Object.entries(LOSSES).map(([name, { penalty = "", weight = 0 }]) => [name, [penalty, weight]]);
  assert.deepEqual(Object.fromEntries(own), numbers.weights);
});

test("the meter reads what Python's reads", () => {
  for (const { target, points, covered, fair, inside, divergence } of numbers.readings) {
    const reading = read(target, Float32Array.from(points.flat()));
    assert.deepEqual([reading.covered, reading.fair], [covered, fair]);
    near([reading.inside, reading.divergence], [inside, divergence], "reading", 1e-9);
  }
});

test("products of all shapes are the plain ones, added to or not", async () => {
  const [fast, plain] = [await startMatrices(kernel), await startMatrices(null)];
  fast.reserve(1e5);
  const make = (matrices, count, seed) => {
    const made = matrices.take(count);
    draws.normal(new Float64Array(count), seed).forEach((x, i) => { made[i] = x; });
    return made;
  };
  for (const [m, n, k] of [[1, 1, 1], [4, 8, 3], [5, 9, 7], [9, 64, 2], [3, 17, 31], [13, 2, 20]]) {
    for (const turned of [false, true]) {
      for (const add of [false, true]) {
        const both = [fast, plain].map((matrices) => {
          const [c, a, b] = [m * n, m * k, k * n].map((count, i) => make(matrices, count, i));
          const steps = turned ? [1, m] : [k, 1];
          matrices.multiply(c, a, b, m, n, k, ...steps, add);
          matrices.bend(c, c, c.length, 0.2);
          return [...c];
        });
        near(both[0], both[1], `${m} ${n} ${k}`);
      }
    }
  }
});

test("what does not fit in memory is refused", async () => {
  const matrices = await startMatrices(kernel);
  matrices.reserve(100);
  const a = matrices.take(16);
  assert.throws(() => matrices.multiply(a, a, a, 60000, 60000, 4, 4, 1), RangeError);
  assert.throws(() => matrices.bend(a, a, 1e9, 0.2), RangeError);
  assert.throws(() => matrices.reserve(1e9), /too large/);
});

// --- a run ---------------------------------------------------------------------------------------

const settings = {
  seed: 0, batch: 16, noise: "normal", noiseSize: 2, width: [8, 8], depth: [2, 2], rate: [0.001, 0.001],
  turns: 1, penalty: null, spectral: false, length: 0,
};
const target = { anchors: [[1, 0], [-1, 0]], parts: [0, 1], shares: [0.5, 0.5], sigma: 0.05, scale: 1 };
const started = async (losses = [[[0, "non_saturating"]]], changes = {}) => {
  const matrices = await startMatrices(kernel);
  return new Run(matrices, target, { ...settings, ...changes }, losses);
};
const points = (run, at = 0) => [...run.arenas[at].generate(20)];

test("a run goes back to any moment, and on from there as before", async () => {
  const run = await started([[[0, "non_saturating"]], [[0, "relativistic"]]]);
  run.play("step", 70);
  const there = [points(run, 0), points(run, 1)];
  run.play("discriminator", 30);
  run.play("step", 60);
  const end = points(run);
  assert.deepEqual(run.moves, [["step", 70], ["discriminator", 30], ["step", 60]]);
  run.seek(70);
  assert.deepEqual([points(run, 0), points(run, 1)], there);
  run.seek(160);
  assert.deepEqual(points(run), end);
  run.seek(70);
  run.play("step", 5);
  assert.deepEqual(run.moves, [["step", 75]], "what came after is forgotten");
  assert.equal(run.end, 75);
});

test("a run that is played from its moves is the same run", async () => {
  const run = await started();
  run.play("step", 60);
  run.play("generator", 3);
  run.play("step", 10);
  const again = await started();
  for (const [kind, count] of run.moves) again.play(kind, count);
  assert.deepEqual(points(again), points(run));
});

test("a branch is as its parent until its moment", async () => {
  const run = await started([[[0, "minimax"]], [[0, "minimax"], [40, "relativistic"]]]);
  run.play("step", 40);
  assert.deepEqual(points(run, 0), points(run, 1));
  run.play("step", 5);
  assert.notDeepEqual(points(run, 0), points(run, 1));
});

test("an arena that branches is the one that a link would make", async () => {
  const run = await started([[[0, "minimax"]]]);
  run.play("step", 80);
  run.seek(60);
  run.branch(0, "relativistic");
  run.play("step", 30);
  const again = await started([[[0, "minimax"]], [[0, "minimax"], [60, "relativistic"]]]);
  for (const [kind, count] of run.moves) again.play(kind, count);
  assert.equal(run.end, 90);
  assert.deepEqual(run.arenas[1].losses, again.arenas[1].losses);
  for (const at of [0, 1]) assert.deepEqual(points(run, at), points(again, at));
  run.seek(30);
  assert.deepEqual(points(run, 0), points(run, 1));
  run.branch(0, "least_squares");
  run.branch(0, "wasserstein");
  assert.throws(() => run.branch(0, "minimax"), /4 arenas/);
  run.drop(1);
  run.branch(0, "minimax");
  run.play("step", 30);
  assert.equal(run.arenas.length, 4);
  assert.deepEqual(points(run, 0), points(run, 3));
});

test("what is kept of a long run is bounded", async () => {
  const run = await started();
  run.most = 10 * run.kept[0].bytes;
  run.play("step", 2000);
  assert.ok(run.kept.length <= 10 && run.kept.length >= 4, `${run.kept.length}`);
  assert.equal(run.kept[0].moment, 0);
  const end = points(run);
  run.seek(333);
  run.seek(2000);
  assert.deepEqual(points(run), end);
});

test("what explodes stops alone, and a good moment is left", async () => {
  const run = await started([[[0, "wasserstein"]], [[0, "relativistic"]]], { rate: [1e12, 1e12] });
  run.play("step", 200);
  const [first] = run.stopped;
  assert.ok(first && /usable number/.test(first.sentence), JSON.stringify(run.stopped));
  assert.equal(run.moment, 200);
  run.seek(first.good);
  assert.ok(points(run).every(Number.isFinite));
  assert.equal(run.stopped[0], null);
});

test("a loss that is no number is an Exploded", async () => {
  const arena = await open({ target, settings, losses: [[0, "minimax"]] });
  arena.discriminator.values.fill(NaN);
  assert.throws(() => arena.move("step"), Exploded);
});
