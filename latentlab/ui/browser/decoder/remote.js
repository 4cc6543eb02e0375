/** A decoder in a Worker: decode() gives a promise. */

import { DecoderError } from "./checks.js";

class RemoteDecoder {
  #worker;
  #waiting = new Map();
  #calls = 0;

  constructor(manifest, worker) {
    this.manifest = manifest;
    this.worker = true; // decode() gives a promise
    this.#worker = worker;
    worker.onmessage = ({ data: { call, result, error } }) => {
      const { resolve, reject } = this.#waiting.get(call);
      this.#waiting.delete(call);
      if (error === undefined) resolve(result);
      else reject(new DecoderError(error));
    };
    worker.onerror = () => this.#stop("The decoder's Worker has stopped.");
  }

  #stop(sentence) {
    this.#worker?.terminate();
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(new DecoderError(sentence));
    this.#waiting.clear();
  }

  #call(method, argument) {
    return new Promise((resolve, reject) => {
      if (!this.#worker) throw new DecoderError("This decoder has been closed.");
      this.#waiting.set(++this.#calls, { resolve, reject });
      this.#worker.postMessage({ call: this.#calls, method, argument });
    });
  }

  open(files) {
    return this.#call("open", files);
  }

  /** Promise {image}; the image is the caller's to keep. */
  decode(z) {
    return this.#call("decode", Float32Array.from(z));
  }

  close() {
    this.#stop("This decoder has been closed.");
  }
}

/** Return a RemoteDecoder from files that `readFiles` has checked, or null without Workers. */
export async function startWorker(files) {
  let worker;
  try {
    worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  } catch {
    return null;
  }
  const decoder = new RemoteDecoder(files.manifest, worker);
  try {
    await decoder.open(files);
  } catch (error) {
    decoder.close();
    throw error;
  }
  return decoder;
}
