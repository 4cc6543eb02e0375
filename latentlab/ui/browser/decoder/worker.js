/** Runs a Decoder in a Worker: answers {call, method, argument} with {call, result | error}. */

import { startDecoder } from "./decoder.js";

let decoder;

const METHODS = {
  async open(files) {
    decoder = await startDecoder(files);
  },

  decode(z) {
    return { image: decoder.decode(z).slice() };
  },
};

self.onmessage = async ({ data: { call, method, argument } }) => {
  try {
    const result = await METHODS[method](argument);
    self.postMessage({ call, result }, result ? [result.image.buffer] : []);
  } catch (error) {
    self.postMessage({ call, error: error.message });
  }
};
