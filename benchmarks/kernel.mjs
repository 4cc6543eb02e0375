// Times one exported decoder in node: node kernel.mjs MANIFEST WEIGHTS; prints JSON.

import { readFileSync } from "node:fs";

const browser = new URL("../latentlab/ui/browser/", import.meta.url);
const { openDecoder } = await import(new URL("decoder/decoder.js", browser));
const [manifestFile, weightsFile] = process.argv.slice(2);
const manifest = JSON.parse(readFileSync(manifestFile, "utf8"));
const weights = Uint8Array.from(readFileSync(weightsFile)).buffer;
const kernel = Uint8Array.from(readFileSync(new URL("decoder/kernel.wasm", browser))).buffer;

const ROUNDS = 300; // after as many until the engine has compiled its best code

const decoder = await openDecoder({ manifest, weights, kernel });
const times = [];
for (let i = -ROUNDS; i < ROUNDS; i++) {
  const start = performance.now();
  decoder.decode(manifest.reference.z[0]);
  if (i >= 0) times.push(performance.now() - start);
}
const median = times.sort((a, b) => a - b)[ROUNDS >> 1];
console.log(JSON.stringify({ difference: decoder.check().difference, kernel: median }));
