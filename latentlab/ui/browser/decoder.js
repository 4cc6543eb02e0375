/**
 * Decodes latents to images: the kernel in WebAssembly, or the same layers in plain JavaScript.
 *
 * latentlab/export.py says what a manifest holds. Nothing of it is believed: sizes are bounded
 * and layers have to fit together before memory is asked for. Arithmetic only: no DOM.
 */

const VERSION = 1;
const OPERATIONS = ["linear", "conv2d", "conv_transpose2d", "repeat"];
const ACTIVATIONS = ["none", "relu", "leaky_relu", "clamp", "silu", "tanh", "sigmoid"];

// export.py and kernel.c hold the same bounds.
const MAX_LAYERS = 64;
const MAX_SIDE = 4096;
const MAX_CHANNELS = 65536;
const MAX_KERNEL = 64;
const MAX_STRIDE = 16;
const MAX_MULTIPLY_ADDS = 2 ** 30;
const MAX_NUMBERS = 2 ** 22; // weights
const MAX_VALUES = 2 ** 21; // of all maps together

const MAX_DOWNLOAD = 2 ** 24; // bytes of any one file
const WORKER_ABOVE = 8; // milliseconds a decode: half of a frame

/** What went wrong, as a sentence for people. */
export class DecoderError extends Error {
  name = "DecoderError";
}

const product = (numbers) => numbers.reduce((a, b) => a * b, 1);
const equal = (a, b) => a.length === b.length && a.every((value, i) => value === b[i]);
const finite = (values, count) =>
  Array.isArray(values) && values.length === count && values.every(Number.isFinite);
const whole = (values, count, least, most) =>
  finite(values, count) && values.every((v) => Number.isInteger(v) && v >= least && v <= most);

// --- reading a manifest -------------------------------------------------------------------------

function checkManifest(manifest) {
  const insist = (condition, what) => {
    if (!condition) throw new DecoderError(`This decoder cannot be used: ${what}.`);
  };
  insist(manifest?.format === "latentlab-decoder", "its manifest is not one of latentlab's");
  insist(manifest.version === VERSION, `version ${manifest.version} is not ${VERSION}`);
  const { latent_size: size, image_shape: image, layers, weights, reference } = manifest;
  insist(whole([size], 1, 1, MAX_VALUES), "it does not say how long its latents are");
  insist(whole(image, 3, 1, MAX_CHANNELS), "it does not say how large its images are");
  insist(Array.isArray(layers) && layers.length > 0, "it has no layers");
  insist(layers.length <= MAX_LAYERS, "it has too many layers");
  let [numbers, products, values] = [0, 0, size];
  layers.forEach((layer, i) => {
    insist(fits(layer), `layer ${i + 1} is unknown or of impossible size`);
    if (i > 0) insist(equal(layer.input, layers[i - 1].output), `layer ${i + 1} does not fit`);
    const count = weightsOf(layer);
    const places = layer.op === "linear" ? [] : layer[layer.op === "conv2d" ? "output" : "input"];
    numbers += count + biasesOf(layer);
    products += count * product(places.slice(1));
    values += product(layer.output);
  });
  insist(product(layers[0].input) === size, "its first layer does not take its latents");
  insist(equal(layers.at(-1).output, image), "its last layer does not give its images");
  insist(products <= MAX_MULTIPLY_ADDS && values <= MAX_VALUES, "it is too large for a browser");
  insist(numbers <= MAX_NUMBERS, "it has too many weights for a browser");
  insist(products === manifest.multiply_adds, "its multiplications are miscounted");
  insist(numbers === weights?.count && 2 * numbers === weights.bytes, "its weights are miscounted");
  insist(Array.isArray(reference?.z) && reference.z.length > 0, "it has no reference");
  insist(reference.z.every((z) => finite(z, size)), "its reference latents are no latents");
  insist(typeof reference.images === "string", "it has no reference images");
}

function fits(layer) {
  return (
    OPERATIONS.includes(layer?.op) &&
    ACTIVATIONS.includes(layer.activation) &&
    finite(layer.parameters, 2) &&
    whole(layer.input, 3, 1, MAX_CHANNELS) &&
    whole(layer.output, 3, 1, MAX_CHANNELS) &&
    whole(layer.kernel, 2, 1, MAX_KERNEL) &&
    whole(layer.stride, 2, 1, MAX_STRIDE) &&
    whole(layer.padding, 2, 0, MAX_KERNEL - 1) &&
    (layer.op !== "repeat" || layer.input[0] === layer.output[0]) &&
    fitsAxis(layer, 0) &&
    fitsAxis(layer, 1)
  );
}

function fitsAxis({ op, input, output, kernel, stride, padding }, axis) {
  const [from, to] = [input[1 + axis], output[1 + axis]];
  const [k, s, p] = [kernel[axis], stride[axis], padding[axis]];
  if (from > MAX_SIDE || to > MAX_SIDE) return false;
  if (op === "linear") return true;
  if (op === "repeat") return to === from * s;
  if (op === "conv2d") return from + 2 * p >= k && to === Math.floor((from + 2 * p - k) / s) + 1;
  const extra = to - ((from - 1) * s - 2 * p + k); // torch's output padding
  return extra >= 0 && extra < s;
}

function weightsOf({ op, input, output, kernel }) {
  if (op === "repeat") return 0;
  if (op === "linear") return product(input) * product(output);
  return input[0] * output[0] * product(kernel);
}

function biasesOf({ op, output }) {
  return op === "repeat" ? 0 : op === "linear" ? product(output) : output[0];
}

/** Return the weights as fp16 bits, unzipped if need be and checked. */
async function readWeights(manifest, buffer) {
  const { bytes, sha256 } = manifest.weights;
  let raw = new Uint8Array(buffer);
  // A server may have unzipped on its way what we meant to unzip here.
  if (raw[0] === 0x1f && raw[1] === 0x8b && raw.length !== bytes) {
    const stream = new Blob([raw]).stream().pipeThrough(new DecompressionStream("gzip"));
    raw = await collect(stream, bytes).catch(() => new Uint8Array(0));
  }
  if (raw.length !== bytes) {
    throw new DecoderError("The decoder's weights did not arrive whole. Reload the page.");
  }
  const subtle = globalThis.crypto?.subtle; // missing on pages without https
  if (subtle) {
    const digest = new Uint8Array(await subtle.digest("SHA-256", raw));
    const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    if (hex !== sha256) {
      throw new DecoderError("The decoder's weights are not those of its manifest.");
    }
  }
  const halves = new Uint16Array(raw.buffer, raw.byteOffset, bytes / 2);
  if (halves.some((half) => (half & 0x7c00) === 0x7c00)) {
    throw new DecoderError("The decoder's weights are not all finite numbers.");
  }
  return halves;
}

/** Return the bytes of a stream, which may be at most so many. */
async function collect(stream, most) {
  const parts = [];
  let length = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new DecoderError("A file of the decoder is larger than it may be.");
    }
    parts.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

// --- WebAssembly --------------------------------------------------------------------------------

/** Return a function from latent to image, or null where this browser cannot run the kernel. */
async function openKernel(manifest, halves, kernel) {
  let exports;
  try {
    const module =
      kernel instanceof WebAssembly.Module ? kernel : await WebAssembly.compile(kernel);
    exports = (await WebAssembly.instantiate(module)).exports;
  } catch {
    return null; // no WebAssembly, no SIMD, or not the kernel
  }
  const { memory, reserve, prepare, input, output, run } = exports;
  const { layers } = manifest;
  const address = reserve(layers.length, halves.length);
  if (!address) throw new DecoderError("The decoder needs more memory than there is.");
  layers.forEach((layer, i) => {
    const words = new DataView(memory.buffer, address + 64 * i, 64);
    words.setInt32(0, OPERATIONS.indexOf(layer.op), true);
    words.setInt32(4, ACTIVATIONS.indexOf(layer.activation), true);
    layer.parameters.forEach((value, j) => words.setFloat32(8 + 4 * j, value, true));
    const { input, output, kernel, stride, padding } = layer;
    const sizes = [input, output, kernel, stride, padding].flat();
    sizes.forEach((value, j) => words.setInt32(16 + 4 * j, value, true));
  });
  new Uint16Array(memory.buffer, address + 64 * layers.length, halves.length).set(halves);
  const refused = prepare();
  if (refused) throw new DecoderError(`The kernel refused this decoder (reason ${refused}).`);
  // No memory is added from here on, so these views stay valid.
  const latent = new Float32Array(memory.buffer, input(), manifest.latent_size);
  const image = new Float32Array(memory.buffer, output(), product(manifest.image_shape));
  return (z) => {
    latent.set(z);
    run();
    return image;
  };
}

// --- plain JavaScript ---------------------------------------------------------------------------

// Maps are kept as [row][column][channel], channels filled up to a multiple of 4, so that what
// meets in a sum stands together. Doubles: converting floats at every step would take longer.
const filled = (channels) => Math.ceil(channels / 4) * 4;

function openPlain(manifest, halves) {
  let at = 0;
  const steps = manifest.layers.map((layer) => {
    const [weights, biases] = [weightsOf(layer), biasesOf(layer)];
    const numbers = Float64Array.from(halves.subarray(at, at + weights + biases), fromHalf);
    at += weights + biases;
    const step = layer.op === "repeat" ? repeated(layer) : summed(layer, numbers);
    const activate = activation(layer);
    return (x) => activate(step(x));
  });
  const first = new Float64Array(stored(manifest.layers[0].input));
  const image = new Float32Array(product(manifest.image_shape));
  return (z) => {
    eachValue(manifest.layers[0].input, (torch, ours) => (first[ours] = z[torch]));
    const last = steps.reduce((x, step) => step(x), first);
    eachValue(manifest.image_shape, (torch, ours) => (image[torch] = last[ours]));
    return image;
  };
}

const stored = ([channels, height, width]) => height * width * filled(channels);

/** Visit a map: where torch keeps a value, and where we do. */
function eachValue([channels, height, width], visit) {
  const [places, step] = [height * width, filled(channels)];
  for (let c = 0; c < channels; c++) {
    for (let place = 0; place < places; place++) visit(c * places + place, place * step + c);
  }
}

function fromHalf(half) {
  const [exponent, rest] = [(half >> 10) & 31, half & 1023];
  const size = exponent ? (1024 + rest) * 2 ** (exponent - 25) : rest * 2 ** -24;
  return half & 0x8000 ? -size : size;
}

function activation({ activation, parameters: [a, b] }) {
  const apply = {
    relu: (v) => (v > 0 ? v : 0),
    leaky_relu: (v) => (v > 0 ? v : a * v),
    clamp: (v) => (v < a ? a : v > b ? b : v),
    silu: (v) => v / (1 + Math.exp(-v)),
    tanh: Math.tanh,
    sigmoid: (v) => 1 / (1 + Math.exp(-v)),
  }[activation];
  return (x) => {
    if (apply) for (let i = 0; i < x.length; i++) x[i] = apply(x[i]);
    return x;
  };
}

function repeated({ input, output, stride }) {
  const step = filled(input[0]);
  const y = new Float64Array(stored(output));
  return (x) => {
    for (let row = 0, to = 0; row < output[1]; row++) {
      for (let column = 0; column < output[2]; column++, to += step) {
        const place = Math.floor(row / stride[0]) * input[2] + Math.floor(column / stride[1]);
        for (let c = 0; c < step; c++) y[to + c] = x[place * step + c];
      }
    }
    return y;
  };
}

/** For every output along an axis, the [kernel element, input] pairs that it sums up. */
function meetings({ op, input, output, kernel, stride, padding }, axis) {
  const [k, s, p] = [kernel[axis], stride[axis], padding[axis]];
  const from = input[1 + axis];
  if (op === "linear") return [Array.from({ length: from }, (_, i) => [i, i])];
  return Array.from({ length: output[1 + axis] }, (_, o) =>
    Array.from({ length: k }, (_, element) => {
      return [element, op === "conv2d" ? o * s - p + element : (o + p - element) / s];
    }).filter(([, i]) => Number.isInteger(i) && i >= 0 && i < from),
  );
}

/** Linear layers and convolutions; a linear layer is a convolution that sees its whole input. */
function summed(layer, numbers) {
  const { op, input, output } = layer;
  const linear = op === "linear";
  const outputs = linear ? product(output) : output[0];
  const [tall, wide] = linear ? input.slice(1) : layer.kernel;
  const [inputs, step] = [input[0], filled(input[0])];
  // From torch's order of weights to [output][row][column][input].
  const weights = new Float64Array(outputs * tall * wide * step);
  for (let o = 0; o < outputs; o++) {
    for (let c = 0; c < inputs; c++) {
      const from = (op === "conv_transpose2d" ? c * outputs + o : o * inputs + c) * tall * wide;
      const to = o * tall * wide * step + c;
      for (let k = 0; k < tall * wide; k++) weights[to + k * step] = numbers[from + k];
    }
  }
  const biases = numbers.subarray(weightsOf(layer));
  const [rows, columns] = [meetings(layer, 0), meetings(layer, 1)];
  const y = new Float64Array(stored(output));
  const places = new Int32Array(outputs).map((_, o) => o);
  if (linear) eachValue(output, (torch, ours) => (places[torch] = ours));
  return (x) => {
    rows.forEach((tallPairs, row) => {
      columns.forEach((widePairs, column) => {
        const to = (row * columns.length + column) * filled(output[0]);
        for (let o = 0; o < outputs; o++) {
          let sum = biases[o];
          for (const [ky, iy] of tallPairs) {
            for (const [kx, ix] of widePairs) {
              const w = ((o * tall + ky) * wide + kx) * step;
              sum += dot(weights, w, x, (iy * input[2] + ix) * step, step);
            }
          }
          y[to + places[o]] = sum;
        }
      });
    });
    return y;
  };
}

function dot(a, i, b, j, count) {
  let [s, t, u, v] = [0, 0, 0, 0]; // four sums do not wait for one another
  for (const end = i + count; i < end; i += 4, j += 4) {
    s += a[i] * b[j];
    t += a[i + 1] * b[j + 1];
    u += a[i + 2] * b[j + 2];
    v += a[i + 3] * b[j + 3];
  }
  return s + t + (u + v);
}

// --- decoders -----------------------------------------------------------------------------------

/** One opened decoder. */
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
    if (bytes.length !== 4 * size * z.length) {
      throw new DecoderError("The decoder's reference images are not whole.");
    }
    const expected = new Float32Array(bytes.buffer);
    let difference = 0;
    z.forEach((latent, n) => {
      const image = this.decode(latent);
      for (let i = 0; i < size; i++) {
        const here = Math.abs(image[i] - expected[n * size + i]);
        if (!(here <= difference)) difference = here; // also when it is NaN
      }
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
  const halves = await readWeights(manifest, weights);
  const run = kernel && (await openKernel(manifest, halves, kernel));
  if (run) return new Decoder(manifest, run, "wasm");
  return new Decoder(manifest, openPlain(manifest, halves), "js");
}

/** A decoder in a Worker, with the methods of Decoder, each giving a promise. */
class WorkerDecoder {
  #worker;
  #waiting = new Map();
  #calls = 0;

  constructor(manifest, worker) {
    this.manifest = manifest;
    this.worker = true;
    this.#worker = worker;
    worker.onmessage = ({ data: { call, result, error } }) => {
      const { resolve, reject } = this.#waiting.get(call);
      this.#waiting.delete(call);
      if (error === undefined) resolve(result);
      else reject(new DecoderError(error));
    };
    worker.onerror = (event) => {
      event.preventDefault?.();
      this.#fail("The decoder's worker stopped. Reload the page.");
    };
  }

  #fail(sentence) {
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

  async open(files) {
    this.backend = await this.#call("open", files);
    return this;
  }

  /** Promise {image, milliseconds}; the image is the caller's to keep. */
  decode(z) {
    return this.#call("decode", Float32Array.from(z));
  }

  check() {
    return this.#call("check");
  }

  close() {
    this.#fail("This decoder has been closed.");
  }
}

/** As openDecoder, in a Worker; null where there are none. */
export async function openWorkerDecoder({ manifest, weights, kernel = null }) {
  let worker;
  try {
    worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  } catch {
    return null;
  }
  const decoder = new WorkerDecoder(manifest, worker);
  try {
    return await decoder.open({ manifest, weights, kernel });
  } catch (error) {
    decoder.close();
    throw error;
  }
}

/**
 * Fetch a decoder and open it, in a Worker if it would take half of a frame otherwise: look at
 * `.worker` to know whether decode() gives an image or the promise of one.
 *
 * Takes `manifest` or `manifestUrl`, `weightsUrl`, `kernelUrl` (null: plain JavaScript), `signal`.
 */
export async function fetchDecoder({ manifest, manifestUrl, weightsUrl, kernelUrl, signal }) {
  const [read, weights, kernel] = await Promise.all([
    manifest ?? fetchBytes(manifestUrl, signal).then(parse),
    fetchBytes(weightsUrl, signal),
    // Without the kernel there is still plain JavaScript.
    kernelUrl ? fetchBytes(kernelUrl, signal).then(WebAssembly.compile).catch(() => null) : null,
  ]);
  signal?.throwIfAborted();
  const decoder = await openDecoder({ manifest: read, weights, kernel });
  if (decoder.check().milliseconds <= WORKER_ABOVE) return decoder;
  const inWorker = await openWorkerDecoder({ manifest: read, weights, kernel });
  if (inWorker) decoder.close();
  return inWorker ?? decoder;
}

async function fetchBytes(url, signal) {
  let response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new DecoderError("The decoder could not be fetched: the server does not answer.");
  }
  if (!response.ok) {
    throw new DecoderError(`The decoder could not be fetched: the server says ${response.status}.`);
  }
  return (await collect(response.body, MAX_DOWNLOAD)).buffer;
}

function parse(buffer) {
  try {
    return JSON.parse(new TextDecoder().decode(buffer));
  } catch {
    throw new DecoderError("The decoder's manifest is not JSON.");
  }
}
