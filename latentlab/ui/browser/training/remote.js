// The trainer in its Worker, as the page sees it.

import { persist } from "../shared/fetching.js";

/** Trains in a Worker; `onMessage(data)` gets what it says, `onFailure(sentence)` why it ended. */
export class Trainer {
  constructor(onMessage, onFailure) {
    this.worker = new Worker(new URL("./trainer.js", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data }) => onMessage(data);
    this.worker.onerror = () => {
      this.close();
      onFailure("The training has stopped: this browser ended its Worker. Reload the page.");
    };
  }

  /** Tells the Worker something: {type, …}; trainer.js says what there is. */
  tell(message) {
    this.worker?.postMessage(message);
  }

  close() {
    this.worker?.terminate();
    this.worker = null;
  }
}

/** Fetches matrix.wasm; null where it cannot be had, and plain JavaScript has to serve. */
export async function fetchMatrices(signal) {
  // A bundle of this lies beside this folder, not in it.
  const address = new URL("../training/matrix.wasm", import.meta.url).href;
  const load = async (cache) => {
    const response = await fetch(address, { signal, cache });
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    return response.arrayBuffer();
  };
  return persist(load, { signal, attempts: 2 }).catch(() => null);
}
