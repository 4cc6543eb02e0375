// The Worker that trains, in node, as its page speaks to it. test_trainer.py runs this.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "../../node_tests.mjs";

const browser = new URL("../../../latentlab/ui/browser/training/", import.meta.url);
let hear = () => {};
globalThis.onmessage = null;
globalThis.postMessage = (message) => hear(message);
// Node's own channel would keep it from ending.
globalThis.MessageChannel = class {
  port1 = { onmessage: null };
  port2 = { postMessage: (data) => setImmediate(() => this.port1.onmessage({ data })) };
};
await import(new URL("trainer.js", browser));
const tell = (data) => globalThis.onmessage({ data });

const matrices = readFileSync(new URL("matrix.wasm", browser));
const settings = {
  seed: 0, batch: 16, noise: "normal", noiseSize: 2, width: [8, 8], depth: [2, 2], rate: [0.001, 0.001],
  turns: 1, penalty: null, spectral: false, length: 0,
};
const target = { anchors: [[1, 0], [-1, 0]], parts: [0, 1], shares: [0.5, 0.5], sigma: 0.05, scale: 1 };

/** Tells the Worker something, and waits for a frame that satisfies `until`; each is seen at once. */
function after(message, until) {
  return new Promise((resolve, reject) => {
    hear = (said) => {
      if (said.type === "failed") reject(new Error(said.sentence));
      else {
        if (until(said)) resolve(said);
        tell({ type: "drawn" });
      }
    };
    tell(message);
  });
}
const rests = ({ training, left }) => !training && !left;
const open = (changes = {}, more = {}) => after({
  type: "open", matrices, target, settings: { ...settings, ...changes }, losses: [[[0, "non_saturating"]]],
  moves: [], ...more,
}, rests);

test("a run opens before its first step, with all there is to see", async () => {
  const { moment, end, arenas: [seen], readings } = await open();
  assert.deepEqual([moment, end], [0, 0]);
  assert.equal(seen.generated.length, seen.pull.length);
  assert.ok(seen.heat.every((x) => x >= 0 && x <= 1));
  assert.ok(seen.field.points.every(Number.isFinite));
  const sum = (bins) => bins.reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(sum(seen.histograms.real) - 1) < 1e-3 && Math.abs(sum(seen.histograms.fake) - 1) < 1e-3);
  assert.equal(readings.length, 1);
});

test("what a link holds is played, and can be gone through", async () => {
  const moves = [["discriminator", 30], ["step", 40]];
  const played = await open({}, { moves });
  assert.deepEqual([played.moment, played.moves], [70, moves]);
  const there = await after({ type: "seek", moment: 33 }, ({ moment }) => moment === 33);
  assert.equal(there.end, 70);
  const again = await after({ type: "seek", moment: 70 }, ({ moment }) => moment === 70);
  assert.deepEqual(again.arenas[0].generated, played.arenas[0].generated);
});

test("it trains until it is told to stop, and sends frames only as they are drawn", async () => {
  await open();
  let frames = 0;
  await new Promise((resolve) => {
    hear = () => { frames += 1; }; // and nobody draws them
    tell({ type: "run" });
    setTimeout(resolve, 300);
  });
  assert.equal(frames, 1);
  tell({ type: "drawn" });
  const rested = await after({ type: "pause" }, rests);
  assert.ok(rested.moment > 5, `${rested.moment}`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const later = await after({ type: "look", views: {} }, rests);
  assert.equal(later.moment, rested.moment);
});

test("a run ends where its learning rates do", async () => {
  await open({ length: 25 });
  const done = await after({ type: "run" }, (said) => rests(said) && said.moment);
  assert.equal(done.moment, 25);
});

test("slow motion takes its time", async () => {
  await open();
  tell({ type: "pace", slow: 60 });
  const begin = performance.now();
  await after({ type: "run" }, ({ moment }) => moment >= 4);
  assert.ok(performance.now() - begin > 150);
  await after({ type: "pause" }, rests);
  tell({ type: "pace", slow: 0 });
});

test("an arena branches and is removed", async () => {
  await open({}, { moves: [["step", 20]] });
  const branched = await after({ type: "branch", arena: 0, loss: "wasserstein" }, ({ arenas }) => arenas.length === 2);
  assert.deepEqual(branched.arenas.map(({ loss }) => loss), ["non_saturating", "wasserstein"]);
  assert.equal(branched.readings.length, 2);
  const single = await after({ type: "drop", arena: 0 }, ({ arenas }) => arenas.length === 1);
  assert.equal(single.arenas[0].loss, "wasserstein");
});

test("an explosion is a sentence, and the way back leads to what can be seen", async () => {
  await open({ rate: [1e14, 1e14] }, { losses: [[[0, "wasserstein"]]] });
  const stopped = await after({ type: "play", kind: "step", count: 200 }, ({ arenas }) => arenas[0].stopped);
  assert.match(stopped.arenas[0].stopped.sentence, /no usable number/);
  const { good } = stopped.arenas[0].stopped;
  const back = await after({ type: "seek", moment: good }, ({ arenas }) => !arenas[0].stopped);
  assert.equal(back.moment, good);
  assert.ok(back.arenas[0].generated.every(Number.isFinite));
});

test("no more arenas than there is room for, said in one sentence", async () => {
  await open({}, { losses: Array.from({ length: 4 }, () => [[0, "minimax"]]) });
  await assert.rejects(after({ type: "branch", arena: 0, loss: "minimax" }, () => false), /4 arenas at most/);
});
