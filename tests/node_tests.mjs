// `test` of node, or, where LATENTLAB_LIST is set, one that prints names and runs nothing.
// node_tests.py says what for.

import { test as run } from "node:test";

export const test = process.env.LATENTLAB_LIST
  ? (name) => console.log(JSON.stringify(name))
  : run;
