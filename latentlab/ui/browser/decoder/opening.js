// A decoder that is fit for use in this browser.

import { media, persist } from "../shared/fetching.js";
import { DecoderError } from "./checks.js";
import { startDecoder } from "./decoder.js";
import { fetchFiles, readFiles } from "./files.js";
import { insistOnWebAssembly } from "./kernel.js";
import { startWorker } from "./remote.js";

const WRONG = 1e-3; // further from torch than rounding explains
const TOO_SLOW = 60; // milliseconds a picture: then the server is faster
const WORKER_ABOVE = 8; // milliseconds a picture: half of a frame

/**
 * Fetches a decoder, twice if need be, tries it out, and moves it into a Worker if it would take
 * half of a frame otherwise: look at `decoder.worker` to know whether decode() gives an image or
 * the promise of one.
 * @param source {manifest, weights}: addresses that the server has published
 * @param signal ends it
 * @returns {Promise<{decoder, difference, milliseconds}>} rejects with a sentence for people
 */
export async function openFor({ manifest, weights }, signal) {
  insistOnWebAssembly(); // before a megabyte comes for nothing
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
  try {
    signal.throwIfAborted();
    const { difference, milliseconds } = decoder.check();
    if (!(difference <= WRONG)) throw new DecoderError("This browser computes wrong pictures.");
    if (milliseconds > TOO_SLOW) {
      throw new DecoderError(`This browser would need ${milliseconds.toFixed(0)} ms a picture.`);
    }
    const remote = milliseconds > WORKER_ABOVE ? await inWorker(files, signal) : null;
    if (remote) decoder.close();
    return { decoder: remote ?? decoder, difference, milliseconds };
  } catch (error) {
    decoder.close();
    throw error;
  }
}

/** The decoder in a Worker; null where that cannot be had. */
async function inWorker(files, signal) {
  const remote = await startWorker(files).catch(() => null);
  if (signal.aborted) remote?.close();
  signal.throwIfAborted();
  return remote;
}
