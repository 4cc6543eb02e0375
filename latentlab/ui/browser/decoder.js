/**
 * Decodes latents to images, by the kernel in WebAssembly or by plain.js where there is none.
 *
 * latentlab/export.py says what a manifest holds. Nothing of it is believed: numbers are checked
 * here, and whether layers fit together by whoever runs them. Arithmetic only: no DOM.
 */

const VERSION = 1;
export const OPERATIONS = ["linear", "conv2d", "conv_transpose2d", "repeat"];
export const ACTIVATIONS = ["none", "relu", "leaky_relu", "clamp", "silu", "tanh", "sigmoid"];

const MAX_LAYERS = 64;
const MAX_SIZE = 65536; // channels, rows, columns, kernels, …; the kernel has tighter bounds
const MAX_WEIGHTS = 2 ** 22;
const MAX_DOWNLOAD = 2 ** 24; // bytes of any one file
const WORKER_ABOVE = 8; // milliseconds a decode: half of a frame

/** What went wrong, as a sentence for people. */
export class DecoderError extends Error {
  name = "DecoderError";
}

export const product = (numbers) => numbers.reduce((a, b) => a * b, 1);

/** Throw a DecoderError unless `condition` holds. */
export function insist(condition, otherwise) {
  if (!condition) throw new DecoderError(`This decoder cannot be used: ${otherwise}.`);
}

const numbers = (values, count) =>
  Array.isArray(values) && values.length === count && values.every(Number.isFinite);
const sizes = (values, count, least = 1) =>
  numbers(values, count) &&
  values.every((value) => Number.isInteger(value) && value >= least && value <= MAX_SIZE);

/** Throw a DecoderError unless the manifest's values are of the kinds that they should be. */
function checkManifest(manifest) {
  insist(manifest?.format === "latentlab-decoder", "its manifest is not one of latentlab's");
  insist(manifest.version === VERSION, `it has version ${manifest.version}, not ${VERSION}`);
  const { latent_size: size, image_shape: shape, layers, weights, reference } = manifest;
  insist(sizes([size], 1) && sizes(shape, 3), "its latents or images have no size");
  insist(Array.isArray(layers) && layers.length > 0, "it has no layers");
  insist(layers.length <= MAX_LAYERS, `it has more than ${MAX_LAYERS} layers`);
  layers.forEach((layer, i) => {
    const sound =
      OPERATIONS.includes(layer?.op) &&
      ACTIVATIONS.includes(layer.activation) &&
      numbers(layer.parameters, 2) &&
      [layer.input, layer.output].every((values) => sizes(values, 3)) &&
      [layer.kernel, layer.stride].every((values) => sizes(values, 2)) &&
      sizes(layer.padding, 2, 0);
    insist(sound, `layer ${i + 1} is of no known kind`);
  });
  insist(product(layers[0].input) === size, "its first layer takes no such latents");
  insist(String(layers.at(-1).output) === String(shape), "its last layer gives no such images");
  const { count, bytes } = weights ?? {};
  insist(Number.isInteger(count) && count >= 0 && bytes === 2 * count, "its weights have no size");
  insist(count <= MAX_WEIGHTS, "it is too large for a browser");
  const { z, images } = reference ?? {};
  insist(Array.isArray(z) && z.length > 0 && typeof images === "string", "it has no reference");
  insist(z.every((latent) => numbers(latent, size)), "its reference takes no such latents");
}

/** Return the weights as fp16 bits, unzipped if need be and checked. */
async function readWeights({ count, bytes, sha256 }, buffer) {
  let raw = new Uint8Array(buffer);
  // A server may have unzipped on its way what was meant to be unzipped here.
  if (raw.length !== bytes && raw[0] === 0x1f && raw[1] === 0x8b) {
    raw = await unzip(raw, bytes).catch(() => new Uint8Array());
  }
  insist(raw.length === bytes, "its weights did not arrive whole");
  const subtle = globalThis.crypto?.subtle; // which pages without https lack
  if (subtle) {
    const digest = new Uint8Array(await subtle.digest("SHA-256", raw));
    const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    insist(hex === sha256, "its weights are damaged");
  }
  const halves = new Uint16Array(raw.buffer, raw.byteOffset, count);
  insist(!halves.some((half) => (half & 0x7c00) === 0x7c00), "its weights are not all finite");
  return halves;
}

async function unzip(raw, most) {
  return collect(new Blob([raw]).stream().pipeThrough(new DecompressionStream("gzip")), most);
}

/** Return the bytes of a stream, which may be at most so many. */
async function collect(stream, most) {
  const parts = [];
  let length = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) await reader.cancel();
    insist(length <= most, "one of its files is too large");
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Return a function from latent to image, or null where this browser cannot run the kernel. */
async function openKernel({ layers, latent_size, image_shape }, halves, kernel) {
  let exports;
  try {
    const module =
      kernel instanceof WebAssembly.Module ? kernel : await WebAssembly.compile(kernel);
    exports = (await WebAssembly.instantiate(module)).exports;
  } catch {
    return null; // no WebAssembly, no SIMD, or not the kernel
  }
  const { memory, reserve, prepare, input, output, run } = exports;
  const address = reserve(layers.length, halves.length);
  insist(address, "there is not enough memory");
  const words = new DataView(memory.buffer, address, 64 * layers.length);
  layers.forEach(({ op, activation, parameters, ...layer }, i) => {
    const { input, output, kernel, stride, padding } = layer;
    parameters.forEach((value, j) => words.setFloat32(64 * i + 8 + 4 * j, value, true));
    words.setInt32(64 * i, OPERATIONS.indexOf(op), true);
    words.setInt32(64 * i + 4, ACTIVATIONS.indexOf(activation), true);
    [input, output, kernel, stride, padding]
      .flat()
      .forEach((value, j) => words.setInt32(64 * i + 16 + 4 * j, value, true));
  });
  new Uint16Array(memory.buffer, address + words.byteLength, halves.length).set(halves);
  const refusal = prepare();
  insist(refusal <= 0, `layer ${refusal} does not fit`);
  insist(refusal === 0, ["", "it is too large", "its weights do not fit its layers"][-refusal]);
  // Memory does not grow from here on, so these views stay valid.
  const latent = new Float32Array(memory.buffer, input(), latent_size);
  const image = new Float32Array(memory.buffer, output(), product(image_shape));
  return (z) => {
    latent.set(z);
    run();
    return image;
  };
}

class Decoder {
  #run;

  constructor(manifest, run, backend) {
    this.manifest = manifest;
    this.backend = backend; // "wasm" or "js"
    this.worker = false; // decode() answers at once
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
    const bytes = Uint8Array.from(atob(images), (character) => character.charCodeAt(0));
    const size = product(this.manifest.image_shape);
    insist(bytes.length === 4 * size * z.length, "its reference images are not whole");
    const expected = new Float32Array(bytes.buffer);
    let difference = 0;
    z.forEach((latent, n) => {
      this.decode(latent).forEach((value, i) => {
        const here = Math.abs(value - expected[n * size + i]);
        if (!(here <= difference)) difference = here; // also when it is NaN
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
}

/**
 * Return a Decoder. `weights` is an ArrayBuffer of fp16 numbers, gzipped or not; `kernel` is
 * kernel.wasm as an ArrayBuffer or a WebAssembly.Module, or null for plain JavaScript.
 */
export async function openDecoder({ manifest, weights, kernel = null }) {
  checkManifest(manifest);
  const halves = await readWeights(manifest.weights, weights);
  const run = kernel && (await openKernel(manifest, halves, kernel));
  if (run) return new Decoder(manifest, run, "wasm");
  const { openPlain } = await import("./plain.js");
  return new Decoder(manifest, openPlain(manifest, halves), "js");
}

/**
 * As openDecoder, in a Worker, so that decode(z) gives a promise {image, milliseconds} and
 * check() a promise too; null where there are no Workers.
 */
export async function openWorkerDecoder(files) {
  const { startWorker } = await import("./remote.js");
  return startWorker(files);
}

/**
 * Fetch a decoder and open it, in a Worker if it would take half of a frame otherwise: look at
 * `.worker` to know whether decode() gives an image or the promise of one.
 *
 * Takes `manifest` or `manifestUrl`, `weightsUrl`, `kernelUrl` (null: plain JavaScript), `signal`,
 * and as `cache` what fetch does for a manifest and weights whose addresses name their content.
 */
export async function fetchDecoder({
  manifest, manifestUrl, weightsUrl, kernelUrl, signal, cache = "default",
}) {
  const [read, weights, kernel] = await Promise.all([
    manifest ?? fetchBytes(manifestUrl, { signal, cache }).then(parse),
    fetchBytes(weightsUrl, { signal, cache }),
    // Without the kernel, or without WebAssembly, there is still plain JavaScript.
    kernelUrl && compile(kernelUrl, { signal }).catch(() => null),
  ]);
  signal?.throwIfAborted();
  const files = { manifest: read, weights, kernel };
  const decoder = await openDecoder(files);
  if (decoder.check().milliseconds <= WORKER_ABOVE) return decoder;
  const inWorker = await openWorkerDecoder(files).catch(() => null);
  if (inWorker) decoder.close();
  return inWorker ?? decoder;
}

async function compile(url, options) {
  return WebAssembly.compile(await fetchBytes(url, options));
}

async function fetchBytes(url, options) {
  try {
    const response = await fetch(url, options);
    insist(response.ok, `the server answered ${response.status} when asked for a file`);
    return (await collect(response.body, MAX_DOWNLOAD)).buffer;
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof DecoderError) throw error;
    throw new DecoderError("The decoder cannot be fetched: the server does not answer.");
  }
}

function parse(buffer) {
  try {
    return JSON.parse(new TextDecoder().decode(buffer));
  } catch {
    throw new DecoderError("This decoder cannot be used: its manifest is not JSON.");
  }
}
