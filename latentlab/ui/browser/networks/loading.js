// One network from end to end, fetched and checked.

import { media, persist } from "../shared/fetching.js";
import { DecoderError } from "../decoder/checks.js";
import { startDecoder } from "../decoder/decoder.js";
import { fetchFiles, readFiles } from "../decoder/files.js";
import { insistOnWebAssembly } from "../decoder/kernel.js";
import { layersOf, truncate } from "./chain.js";

const WRONG = 1e-3; // further from torch than rounding explains

/** One network from end to end: `run(x)` gives its picture, `layers` can be looked into. */
class Chain {
  constructor(files, decoder, difference) {
    Object.assign(this, { files, decoder, difference });
  }

  get layers() {
    this.opened ??= layersOf(this.files.manifest, this.files.halves);
    return this.opened;
  }
}

/** Fetches and checks one network; rejects with a sentence for people. */
export async function openChain({ manifest, weights }, signal) {
  insistOnWebAssembly();
  const addresses = {
    manifest: media(manifest),
    weights: media(weights),
    // A bundle of this lies beside this folder, not in it.
    kernel: new URL("../decoder/kernel.wasm", import.meta.url).href,
  };
  const load = async (cache) => {
    const files = await readFiles(await fetchFiles(addresses, { signal, cache }));
    return { files, decoder: await startDecoder(files) };
  };
  const { files, decoder } = await persist(load, { signal, attempts: 2 });
  const { difference } = decoder.check();
  if (!(difference <= WRONG)) throw new DecoderError("This browser computes wrong pictures.");
  return new Chain(files, decoder, difference);
}

/** PCA of `k` numbers, cut from that of more; small enough to run as numbers. */
export function cut(whole, k) {
  return { layers: truncate(whole.layers, k), difference: whole.difference };
}
