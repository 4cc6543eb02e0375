/** Runs a Decoder in a Worker: answers {call, method, argument} with {call, result | error}. */

import { openDecoder } from "./decoder.js";

let decoder;

const METHODS = {
  async open(files) {
    decoder = await openDecoder(files);
    return decoder.backend;
  },

  decode(z) {
    const start = performance.now();
    const image = decoder.decode(z).slice();
    return { image, milliseconds: performance.now() - start };
  },

  check() {
    return decoder.check();
  },
};

self.onmessage = async ({ data: { call, method, argument } }) => {
  try {
    const result = await METHODS[method](argument);
    self.postMessage({ call, result }, result?.image ? [result.image.buffer] : []);
  } catch (error) {
    self.postMessage({ call, error: error.message });
  }
};
