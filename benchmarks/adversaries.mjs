// Trains as a browser does, in node: node adversaries.mjs, which reads JSON from its input, one
// {target, settings, loss, steps} a line, and prints {seconds, reading} for each.

import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";

const browser = new URL("../latentlab/ui/browser/training/", import.meta.url);
const { Arena } = await import(new URL("arena.js", browser));
const { startMatrices } = await import(new URL("matrix.js", browser));
const { read } = await import(new URL("meter.js", browser));
const kernel = readFileSync(new URL("matrix.wasm", browser));

const MEASURED = 2500; // points

for await (const line of createInterface({ input: process.stdin })) {
  const { target, settings, loss, steps } = JSON.parse(line);
  const matrices = await startMatrices(kernel);
  matrices.reserve(Arena.size(settings));
  const arena = new Arena(matrices, target, settings, [[0, loss]]);
  const begin = process.cpuUsage();
  for (let i = 0; i < steps; i += 1) arena.move("step");
  const { user, system } = process.cpuUsage(begin);
  const seconds = (user + system) / 1e6;
  console.log(JSON.stringify({ seconds, reading: read(target, arena.generate(MEASURED)) }));
}
