// What the Adversaries page says, writes into addresses and makes of a drawing, in node.
// test_page.py runs this.

import assert from "node:assert/strict";
import { test } from "../../node_tests.mjs";

const browser = new URL("../../../latentlab/ui/browser/adversaries/", import.meta.url);
const module = (name) => import(new URL(`${name}.js`, browser));
const { faults, range, rows, verdict, writeArenas, writeMoves } = await module("words");
const { along, writeDrawing } = await module("pen");

const perfect = {
  low: { covered: 8, fair: 8, inside: 0.984, divergence: 0.0004 },
  high: { covered: 8, fair: 8, inside: 0.993, divergence: 0.003 },
};
const reading = (changes = {}) => ({ covered: 8, fair: 8, inside: 0.989, divergence: 0.001, ...changes });
const said = (changes, more = {}) => verdict(
  { stopped: null, reading: reading(changes), strength: 1, moment: 100, ...more }, perfect, ["mode", "modes"], 8,
);

test("a perfect generator has no fault and a collapsed one has several", () => {
  assert.deepEqual(Object.values(faults(reading(), perfect, 8)), ["", "", "", ""]);
  const collapsed = reading({ covered: 1, fair: 1, inside: 1, divergence: 2 });
  assert.deepEqual(Object.values(faults(collapsed, perfect, 8)), ["missing", "too few", "too narrow", "uneven"]);
});

test("the verdict names what is wrong", () => {
  assert.match(said({}), /^As a perfect sampler/);
  assert.match(said({ covered: 1, fair: 1, inside: 1 }), /^Collapsed: 1 of 8 modes in fair share, too narrow/);
  assert.match(said({ covered: 5, fair: 3, inside: 0.4 }), /^Leaves out: 3 of 8 modes/);
  assert.match(said({ inside: 0.9999 }), /^Too narrow: 100\.0 %/);
  assert.match(said({ inside: 0.6 }), /too wide: 60\.0 %/);
  assert.match(said({ divergence: 0.1 }), /uneven/);
  assert.match(said({}, { strength: 1e-8 }), /Hardly anything pulls/);
  assert.match(said({}, { moment: 0 }), /Before the first step/);
  assert.equal(said({}, { stopped: { sentence: "It broke." } }), "It broke.");
  assert.match(said({ inside: 1 }, { single: true }), /At rest/);
});

test("a range of equal ends is one number", () => {
  const [covered, , inside] = rows(["mode", "modes"], 8);
  assert.equal(range(perfect.low, perfect.high, covered[1], covered[2]), "8 of 8");
  assert.equal(range(perfect.low, perfect.high, inside[1], inside[2]), "98.4–99.3 %");
});

test("moves and arenas are written as Python reads them", () => {
  assert.equal(writeMoves([["discriminator", 500], ["step", 2000], ["generator", 1]]), "500d.2000s.1g");
  const arenas = [[[0, "minimax"]], [[0, "minimax"], [20, "relativistic"]]];
  assert.equal(writeArenas(arenas), "minimax,minimax@20:relativistic");
});

test("a stroke becomes points equally far apart, and never too many", () => {
  const points = along([[[-1, 0], [-0.5, 0], [1, 0]]]);
  assert.ok(points.length > 90 && points.length <= 102, `${points.length}`);
  const gaps = points.slice(1).map(([x], i) => x - points[i][0]);
  assert.ok(Math.max(...gaps) - Math.min(...gaps) < 1e-9);
  const scribble = Array.from({ length: 5000 }, (_, i) => [Math.sin(i), Math.cos(1.7 * i)]);
  assert.ok(along([scribble, scribble]).length <= 400);
  assert.deepEqual(along([[[0.5, 0.5]]]), [[0.5, 0.5]]);
  const dots = Array.from({ length: 600 }, (_, i) => [[i / 600, 0]]);
  assert.ok(along(dots).length <= 400);
});

test("a drawing is written as Python reads it", () => {
  assert.equal(writeDrawing([[-1, -1], [0, 0], [1, 1]]), "AAAAD6D6H0H0");
});
