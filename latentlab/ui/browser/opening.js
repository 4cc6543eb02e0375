// A decoder that is fit for use in this browser.

import { fetchDecoder } from "./decoder.js";
import { asset, media } from "./live.js";

const WRONG = 1e-3; // further from torch than rounding explains
const TOO_SLOW = 60; // milliseconds a picture: then the server is faster

/**
 * Fetches a decoder, twice if need be, and tries it out.
 * @param source {manifest, weights}: addresses that the server has published
 * @param signal ends it
 * @returns {Promise<{decoder, difference, milliseconds}>} rejects with a sentence for people
 */
export async function openFor({ manifest, weights }, signal, again = true) {
  let decoder;
  try {
    decoder = await fetchDecoder({
      manifestUrl: media(manifest),
      weightsUrl: media(weights),
      kernelUrl: asset("kernel.wasm"),
      signal,
      // An address follows from its content: what the browser has kept is right, if it is whole.
      cache: again ? "force-cache" : "reload",
    });
  } catch (error) {
    if (signal.aborted || !again) throw error;
    await new Promise((resolve) => setTimeout(resolve, 500));
    return openFor({ manifest, weights }, signal, false);
  }
  try {
    const { difference, milliseconds } = await decoder.check();
    signal.throwIfAborted();
    if (!(difference <= WRONG)) throw new Error("This browser computes wrong pictures.");
    if (milliseconds > TOO_SLOW) {
      throw new Error(`This browser would need ${milliseconds.toFixed(0)} ms a picture.`);
    }
    return { decoder, difference, milliseconds };
  } catch (error) {
    decoder.close();
    throw error;
  }
}
