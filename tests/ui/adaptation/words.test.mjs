// What the page of domain adaptation says and writes, in node; test_words.py runs this.

import assert from "node:assert/strict";
import { test } from "../../node_tests.mjs";

const browser = new URL("../../../latentlab/ui/browser/adaptation/", import.meta.url);
const { until, verdict, writeMoves } = await import(new URL("words.js", browser));

const alone = { source: 1, target: 0.75, domains: 0.25 };
const said = (changes, moment = 500) => verdict(alone, { source: 1, target: 0.75, domains: 0.25, ...changes }, "DANN", moment);

test("aligned is right or wrong by the target alone", () => {
  assert.match(said({ target: 0.95, domains: 0.4 }), /^Aligned, and right: DANN reads 95 % of the target, source only 75 %/);
  assert.match(said({ target: 0.5, domains: 0.4 }), /^Aligned, and wrong/);
  assert.match(said({ target: 0.76, domains: 0.4 }), /^Aligned, and nothing gained/);
});

test("what is not aligned is not called so", () => {
  assert.match(said({ target: 0.95 }), /^It helps, though/);
  assert.match(said({ target: 0.5 }), /^It hurts/);
  assert.match(said({}), /^No difference yet/);
  assert.match(said({ source: 0.5, domains: 0.5 }), /^Pulled apart/);
  assert.match(said({}, 0), /^Before the first step/);
});

test("moves are written as an address holds them, up to a moment", () => {
  const moves = [[50, 300], [100, 200]];
  assert.equal(writeMoves(moves), "300x50.200x100");
  assert.deepEqual(until(moves, 350), [[50, 300], [100, 50]]);
  assert.deepEqual(until(moves, 300), [[50, 300]]);
  assert.deepEqual(until(moves, 0), []);
});
