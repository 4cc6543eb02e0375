// The pictures that the viewer lays over one another: each is fetched and decoded once, in full for
// the loupe, and scaled once to what is shown.

import { media, persist } from "../shared/fetching.js";

const ATTEMPTS = 3;

/** One decoded picture. */
export class Layer {
  constructor(file, bitmap) {
    Object.assign(this, { file, bitmap, shown: null, size: [bitmap.width, bitmap.height] });
  }

  /** Scales it to [width, height] device pixels, antialiased. */
  async scale([width, height]) {
    if (this.shown?.width === width && this.shown.height === height) return;
    const options = { resizeWidth: width, resizeHeight: height, resizeQuality: "high" };
    const shown = await createImageBitmap(this.file, options);
    if (!this.bitmap) return shown.close(); // the layer has been closed meanwhile
    this.shown?.close();
    this.shown = shown;
  }

  close() {
    this.bitmap?.close();
    this.shown?.close();
    this.bitmap = this.shown = null;
  }
}

/** All layers of one viewer, by their addresses: what lies under two names is decoded once. */
export class Layers {
  constructor() {
    this.opened = new Map(); // address -> {gone, layer: a promise}
  }

  /**
   * The layer at an address.
   * @returns {Promise<Layer>} rejected where it cannot be had
   */
  open(address) {
    let entry = this.opened.get(address);
    if (!entry) {
      const gone = new AbortController();
      entry = { gone, layer: this.#fetch(address, gone.signal) };
      entry.layer.catch(() => this.opened.get(address) === entry && this.opened.delete(address));
      this.opened.set(address, entry);
    }
    return entry.layer;
  }

  async #fetch(address, signal) {
    const load = async (cache) => {
      const reply = await fetch(media(address), { signal, cache });
      if (!reply.ok) throw new Error("the server does not have it any more");
      return reply.blob();
    };
    const file = await persist(load, { signal, attempts: ATTEMPTS });
    const bitmap = await createImageBitmap(file).catch(() => {
      throw new Error("the browser cannot decode it");
    });
    if (signal.aborted) bitmap.close();
    signal.throwIfAborted();
    return new Layer(file, bitmap);
  }

  /** Frees all layers but those at these addresses. */
  keep(addresses) {
    for (const [address, { gone, layer }] of this.opened) {
      if (addresses.includes(address)) continue;
      this.opened.delete(address);
      gone.abort();
      layer.then((made) => made.close(), () => {});
    }
  }
}
