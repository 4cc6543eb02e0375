/* Made by `make bundle` from the files named here: change those instead. */

// decoder/checks.js
var OPERATIONS = ["linear", "conv2d", "conv_transpose2d", "repeat"];
var ACTIVATIONS = ["none", "relu", "leaky_relu", "clamp", "silu", "tanh", "sigmoid"];
var MAX_WEIGHTS = 2 ** 22;
var DecoderError = class extends Error {
  name = "DecoderError";
  final = false;
  // whether another attempt would end in the same way
};
var product = (numbers) => numbers.reduce((a, b) => a * b, 1);
function insist(condition, otherwise) {
  if (!condition) throw new DecoderError(`This decoder cannot be used: ${otherwise}.`);
}

// decoder/kernel.js
var SIMD = Uint8Array.of(
  0,
  97,
  115,
  109,
  1,
  0,
  0,
  0,
  1,
  5,
  1,
  96,
  0,
  1,
  123,
  3,
  2,
  1,
  0,
  10,
  10,
  1,
  8,
  0,
  65,
  0,
  253,
  15,
  253,
  98,
  11
);
async function startKernel({ layers, latent_size, image_shape }, halves, module) {
  const { exports } = await WebAssembly.instantiate(module);
  const { memory, reserve, prepare, input, output, run } = exports;
  const address = reserve(layers.length, halves.length);
  insist(address, "there is not enough memory");
  const words = new DataView(memory.buffer, address, 64 * layers.length);
  layers.forEach(({ op, activation, parameters, ...layer }, i) => {
    const { input: input2, output: output2, kernel, stride, padding } = layer;
    parameters.forEach((value, j) => words.setFloat32(64 * i + 8 + 4 * j, value, true));
    words.setInt32(64 * i, OPERATIONS.indexOf(op), true);
    words.setInt32(64 * i + 4, ACTIVATIONS.indexOf(activation), true);
    [input2, output2, kernel, stride, padding].flat().forEach((value, j) => words.setInt32(64 * i + 16 + 4 * j, value, true));
  });
  new Uint16Array(memory.buffer, address + words.byteLength, halves.length).set(halves);
  const refusal = prepare();
  insist(refusal <= 0, `layer ${refusal} does not fit`);
  insist(refusal === 0, ["", "it is too large", "its weights do not fit its layers"][-refusal]);
  const latent = new Float32Array(memory.buffer, input(), latent_size);
  const image = new Float32Array(memory.buffer, output(), product(image_shape));
  return (z) => {
    latent.set(z);
    run();
    return image;
  };
}

// decoder/files.js
var MAX_DOWNLOAD = 2 ** 24;

// shared/numbers.js
function bytes(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

// decoder/decoder.js
var Decoder = class {
  #run;
  constructor(manifest, run) {
    this.manifest = manifest;
    this.worker = false;
    this.#run = run;
  }
  /**
   * Return the image [C * H * W] in [0, 1] (channels, rows, columns) of a latent [D].
   * It is a view, valid until the next call.
   */
  decode(z) {
    if (!this.#run) throw new DecoderError("This decoder has been closed.");
    if (z.length !== this.manifest.latent_size || !z.every(Number.isFinite)) {
      throw new DecoderError(`A latent here is ${this.manifest.latent_size} finite numbers.`);
    }
    return this.#run(z);
  }
  /** Return {difference: the largest one from torch, milliseconds: a decode's median}. */
  check() {
    const { z, images } = this.manifest.reference;
    const raw = bytes(images);
    const size = product(this.manifest.image_shape);
    insist(raw.length === 4 * size * z.length, "its reference images are not whole");
    const expected = new Float32Array(raw.buffer);
    let difference = 0;
    z.forEach((latent, n) => {
      this.decode(latent).forEach((value, i) => {
        const here = Math.abs(value - expected[n * size + i]);
        if (!(here <= difference)) difference = here;
      });
    });
    const times = [];
    const begin = performance.now();
    do {
      const start = performance.now();
      this.decode(z[times.length % z.length]);
      times.push(performance.now() - start);
    } while (times.length < 15 && performance.now() - begin < 60);
    return { difference, milliseconds: times.sort((a, b) => a - b)[times.length >> 1] };
  }
  /** Forget the decoder's memory. */
  close() {
    this.#run = null;
  }
};
async function startDecoder({ manifest, halves, module }) {
  return new Decoder(manifest, await startKernel(manifest, halves, module));
}

// decoder/worker.js
var decoder;
var METHODS = {
  async open(files) {
    decoder = await startDecoder(files);
  },
  decode(z) {
    return { image: decoder.decode(z).slice() };
  }
};
self.onmessage = async ({ data: { call, method, argument } }) => {
  try {
    const result = await METHODS[method](argument);
    self.postMessage({ call, result }, result ? [result.image.buffer] : []);
  } catch (error) {
    self.postMessage({ call, error: error.message });
  }
};
