// Which words are new and which lines are repeated, in node; test_lines.py runs this.

import assert from "node:assert/strict";
import { test } from "../../node_tests.mjs";

const browser = new URL("../../../latentlab/ui/browser/sentences/", import.meta.url);
const { marked, repeated } = await import(new URL("lines.js", browser));
const fresh = (before, now) => marked(before?.split(" "), now.split(" ")).filter((each) => each.fresh).map(({ word }) => word);

test("words that stand in the line above in this order are not new", () => {
  assert.deepEqual(fresh(null, "a b"), []);
  assert.deepEqual(fresh("he saw a kite", "he saw a hat"), ["hat"]);
  assert.deepEqual(fresh("he saw a kite", "he did not see a kite"), ["did", "not", "see"]);
  assert.deepEqual(fresh("the a", "a the a"), ["a"]);
  assert.deepEqual(fresh("x", ""), [""]);
});

test("a line that is there already is found wherever it stands", () => {
  assert.deepEqual(repeated(["a", "b", "a", "a"]), [false, false, true, true]);
});
