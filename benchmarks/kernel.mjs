// Times one exported decoder in node: node kernel.mjs MANIFEST WEIGHTS; prints JSON.

import { readFileSync } from "node:fs";

const browser = new URL("../latentlab/ui/browser/", import.meta.url);
const { openDecoder } = await import(new URL("decoder.js", browser));
const [manifestFile, weightsFile] = process.argv.slice(2);
const manifest = JSON.parse(readFileSync(manifestFile, "utf8"));
const weights = Uint8Array.from(readFileSync(weightsFile)).buffer;
const kernel = Uint8Array.from(readFileSync(new URL("kernel.wasm", browser))).buffer;

/** The median of so many decodes, after some until the engine has compiled its best code. */
function median(decoder, count) {
  const times = [];
  for (let i = -count; i < count; i++) {
    const start = performance.now();
    decoder.decode(manifest.reference.z[0]);
    if (i >= 0) times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[count >> 1];
}

const fast = await openDecoder({ manifest, weights, kernel });
const plain = await openDecoder({ manifest, weights, kernel: null });
const result = {
  difference: Math.max(fast.check().difference, plain.check().difference),
  kernel: median(fast, 300),
  plain: median(plain, 15),
};
console.log(JSON.stringify(result));
