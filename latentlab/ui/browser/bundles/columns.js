/* Made by `make bundle` from the files named here: change those instead. */

// networks/chain.js
var table = null;
function halfTable() {
  table ??= Float32Array.from({ length: 65536 }, (_, bits) => {
    const [sign, exponent, part] = [bits >> 15 ? -1 : 1, bits >> 10 & 31, bits & 1023];
    if (exponent === 31) return part ? NaN : sign * Infinity;
    return sign * (exponent ? 2 ** (exponent - 15) * (1 + part / 1024) : part / 1024 * 2 ** -14);
  });
  return table;
}
var size = (shape) => shape.reduce((a, b) => a * b, 1);
function layersOf(manifest, halves) {
  const half = halfTable();
  const layers = [];
  let at = 0;
  const take = (count2) => {
    const made = new Float32Array(count2);
    for (let i = 0; i < count2; i += 1) made[i] = half[halves[at + i]];
    at += count2;
    return made;
  };
  for (const { op, input, output, activation, parameters } of manifest.layers) {
    if (op !== "linear") return null;
    const [inputs, outputs] = [size(input), size(output)];
    layers.push({
      inputs,
      outputs,
      weight: take(inputs * outputs),
      bias: take(outputs),
      activation,
      parameters
    });
  }
  return layers;
}
function codeLayer(layers) {
  let best = 0;
  layers.forEach(({ outputs }, i) => {
    if (outputs < layers[best].outputs) best = i;
  });
  return best + 1;
}
var ACTIVATIONS = {
  none: (x) => x,
  relu: (x) => Math.max(x, 0),
  leaky_relu: (x, [slope]) => x < 0 ? slope * x : x,
  clamp: (x, [low, high]) => Math.min(Math.max(x, low), high),
  silu: (x) => x / (1 + Math.exp(-x)),
  tanh: (x) => Math.tanh(x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x))
};
function forward(layers, x) {
  const before = [null];
  const after = [x];
  for (const { inputs, outputs, weight, bias, activation, parameters } of layers) {
    const from = after.at(-1);
    const sums = new Float32Array(outputs);
    for (let row = 0, at = 0; row < outputs; row += 1, at += inputs) {
      let [a, b, c, d] = [bias[row], 0, 0, 0];
      let i = 0;
      for (; i + 3 < inputs; i += 4) {
        a += weight[at + i] * from[i];
        b += weight[at + i + 1] * from[i + 1];
        c += weight[at + i + 2] * from[i + 2];
        d += weight[at + i + 3] * from[i + 3];
      }
      for (; i < inputs; i += 1) a += weight[at + i] * from[i];
      sums[row] = a + b + c + d;
    }
    const bend = ACTIVATIONS[activation];
    before.push(sums);
    after.push(activation === "none" ? sums : sums.map((value) => bend(value, parameters)));
  }
  return { before, after };
}
function meanSquare(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] - b[i]) ** 2;
  return sum / a.length;
}

// shared/fetching.js
var media = (path) => new URL(`../../../..${path}`, import.meta.url).href;
var pause = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));
async function persist(load, { signal, attempts, failed = () => {
} }) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await load(attempt > 1 ? "reload" : "force-cache");
    } catch (error) {
      signal.throwIfAborted();
      if (attempt >= attempts || error.final) throw error;
      failed(error);
    }
    await pause(Math.min(250 * 2 ** attempt, 8e3));
    signal.throwIfAborted();
  }
}
function fetchJson(address, signal) {
  const load = async (cache) => {
    const response = await fetch(media(address), { signal, cache });
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    return response.json();
  };
  return persist(load, { signal, attempts: 3 });
}

// decoder/checks.js
var VERSION = 1;
var OPERATIONS = ["linear", "conv2d", "conv_transpose2d", "repeat"];
var ACTIVATIONS2 = ["none", "relu", "leaky_relu", "clamp", "silu", "tanh", "sigmoid"];
var MAX_LAYERS = 64;
var MAX_SIZE = 65536;
var MAX_WEIGHTS = 2 ** 22;
var DecoderError = class extends Error {
  name = "DecoderError";
  final = false;
  // whether another attempt would end in the same way
};
var product = (numbers2) => numbers2.reduce((a, b) => a * b, 1);
function insist(condition, otherwise) {
  if (!condition) throw new DecoderError(`This decoder cannot be used: ${otherwise}.`);
}
var numbers = (values, count2) => Array.isArray(values) && values.length === count2 && values.every(Number.isFinite);
var sizes = (values, count2, least = 1) => numbers(values, count2) && values.every((value) => Number.isInteger(value) && value >= least && value <= MAX_SIZE);
function checkManifest(manifest) {
  insist(manifest?.format === "latentlab-decoder", "its manifest is not one of latentlab's");
  insist(manifest.version === VERSION, `it has version ${manifest.version}, not ${VERSION}`);
  const { latent_size: size2, image_shape: shape, layers, weights, reference } = manifest;
  insist(sizes([size2], 1) && sizes(shape, 3), "its latents or images have no size");
  insist(Array.isArray(layers) && layers.length > 0, "it has no layers");
  insist(layers.length <= MAX_LAYERS, `it has more than ${MAX_LAYERS} layers`);
  layers.forEach((layer, i) => {
    const sound = OPERATIONS.includes(layer?.op) && ACTIVATIONS2.includes(layer.activation) && numbers(layer.parameters, 2) && [layer.input, layer.output].every((values) => sizes(values, 3)) && [layer.kernel, layer.stride].every((values) => sizes(values, 2)) && sizes(layer.padding, 2, 0);
    insist(sound, `layer ${i + 1} is of no known kind`);
  });
  insist(product(layers[0].input) === size2, "its first layer takes no such latents");
  insist(String(layers.at(-1).output) === String(shape), "its last layer gives no such images");
  const { count: count2, bytes: bytes2 } = weights ?? {};
  insist(Number.isInteger(count2) && count2 >= 0 && bytes2 === 2 * count2, "its weights have no size");
  insist(count2 <= MAX_WEIGHTS, "it is too large for a browser");
  const { z, images } = reference ?? {};
  insist(Array.isArray(z) && z.length > 0 && typeof images === "string", "it has no reference");
  insist(z.every((latent) => numbers(latent, size2)), "its reference takes no such latents");
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
function insistOnWebAssembly() {
  if (globalThis.WebAssembly?.validate(SIMD)) return;
  const sentence = "This browser cannot run the decoder, which needs WebAssembly with SIMD.";
  throw Object.assign(new DecoderError(sentence), { final: true });
}
async function compileKernel(kernel) {
  insistOnWebAssembly();
  if (kernel instanceof WebAssembly.Module) return kernel;
  const module = await WebAssembly.compile(kernel).catch(() => null);
  insist(module, "this browser does not accept its kernel");
  return module;
}
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
    words.setInt32(64 * i + 4, ACTIVATIONS2.indexOf(activation), true);
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
async function fetchFiles({ manifest, weights, kernel }, options) {
  const [read, ...rest] = await Promise.all([
    fetchBytes(manifest, options).then(parse),
    fetchBytes(weights, options),
    // Its address stays the same whatever it holds: the browser has to ask whether it is current.
    fetchBytes(kernel, options.cache === "force-cache" ? { ...options, cache: "default" } : options)
  ]);
  return { manifest: read, weights: rest[0], kernel: rest[1] };
}
async function readFiles({ manifest, weights, kernel }) {
  checkManifest(manifest);
  const halves = await readWeights(manifest.weights, weights);
  return { manifest, halves, module: await compileKernel(kernel) };
}
async function readWeights({ count: count2, bytes: bytes2, sha256 }, buffer) {
  let raw = new Uint8Array(buffer);
  if (raw.length !== bytes2 && raw[0] === 31 && raw[1] === 139) {
    raw = await unzip(raw, bytes2).catch(() => new Uint8Array());
  }
  insist(raw.length === bytes2, "its weights did not arrive whole");
  const subtle = globalThis.crypto?.subtle;
  if (subtle) {
    const digest = new Uint8Array(await subtle.digest("SHA-256", raw));
    const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    insist(hex === sha256, "its weights are damaged");
  }
  const halves = new Uint16Array(raw.buffer, raw.byteOffset, count2);
  insist(!halves.some((half) => (half & 31744) === 31744), "its weights are not all finite");
  return halves;
}
async function unzip(raw, most) {
  return collect(new Blob([raw]).stream().pipeThrough(new DecompressionStream("gzip")), most);
}
async function collect(stream, most) {
  const parts2 = [];
  let length = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) await reader.cancel();
    insist(length <= most, "one of its files is too large");
    parts2.push(value);
  }
  return new Uint8Array(await new Blob(parts2).arrayBuffer());
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

// shared/numbers.js
function bytes(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
function floats(base64) {
  return new Float32Array(bytes(base64).buffer);
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
    const size2 = product(this.manifest.image_shape);
    insist(raw.length === 4 * size2 * z.length, "its reference images are not whole");
    const expected = new Float32Array(raw.buffer);
    let difference = 0;
    z.forEach((latent, n) => {
      this.decode(latent).forEach((value, i) => {
        const here = Math.abs(value - expected[n * size2 + i]);
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

// networks/loading.js
var WRONG = 1e-3;
var Chain = class {
  constructor(files, decoder, difference) {
    Object.assign(this, { files, decoder, difference });
  }
  get layers() {
    this.opened ??= layersOf(this.files.manifest, this.files.halves);
    return this.opened;
  }
};
async function openChain({ manifest, weights }, signal) {
  insistOnWebAssembly();
  const addresses = {
    manifest: media(manifest),
    weights: media(weights),
    // A bundle of this lies beside this folder, not in it.
    kernel: new URL("../decoder/kernel.wasm", import.meta.url).href
  };
  const load = async (cache) => {
    const files2 = await readFiles(await fetchFiles(addresses, { signal, cache }));
    return { files: files2, decoder: await startDecoder(files2) };
  };
  const { files, decoder } = await persist(load, { signal, attempts: 2 });
  const { difference } = decoder.check();
  if (!(difference <= WRONG)) throw new DecoderError("This browser computes wrong pictures.");
  return new Chain(files, decoder, difference);
}

// shared/canvas.js
function fromFloats(image, rgba) {
  const area = rgba.length / 4;
  const green = image.length === area ? 0 : area;
  for (let i = 0, o = 0; i < area; i += 1, o += 4) {
    rgba[o] = image[i] * 255;
    rgba[o + 1] = image[green + i] * 255;
    rgba[o + 2] = image[2 * green + i] * 255;
    rgba[o + 3] = 255;
  }
}
function fromBytes(pixels, rgba) {
  const area = rgba.length / 4;
  const channels = pixels.length / area;
  for (let i = 0; i < area; i += 1) {
    for (let c = 0; c < 3; c += 1) rgba[4 * i + c] = pixels[channels * i + c % channels];
    rgba[4 * i + 3] = 255;
  }
}
var Picture = class {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
  }
  resize(height, width) {
    if (this.data && this.data.width === width && this.data.height === height) return;
    Object.assign(this.canvas, { width, height });
    this.data = this.context.createImageData(width, height);
  }
  /** Draws floats [C,H,W] (a Float32Array) or bytes [H,W,C] (a Uint8Array). */
  paint(image) {
    (image instanceof Float32Array ? fromFloats : fromBytes)(image, this.data.data);
    this.context.putImageData(this.data, 0, 0);
  }
};

// shared/frames.js
var watchers = /* @__PURE__ */ new Set();
var Frames = class {
  constructor(paint, fail) {
    Object.assign(this, { paint, fail, decode: null, pairs: [] });
    this.wanted = null;
    this.since = null;
    this.busy = false;
    this.frame = 0;
  }
  /** Asks for the picture of `z`, because of an input at `time` (null: nobody is waiting). */
  request(z, time = null) {
    this.wanted = z;
    this.since ??= time;
    this.#schedule();
  }
  /** Whether the newest picture asked for is drawn. */
  get idle() {
    return !this.busy && !this.wanted;
  }
  /** Uses another decoder from now on; the picture of the old one is not waited for. */
  use(decode) {
    this.decode = decode;
    this.busy = false;
    if (this.wanted) this.#schedule();
  }
  #schedule() {
    if (!this.frame && !this.busy && this.decode) {
      this.frame = requestAnimationFrame(() => this.#draw());
    }
  }
  async #draw() {
    this.frame = 0;
    const { decode, wanted, since } = this;
    if (!decode || !wanted) return;
    this.wanted = this.since = null;
    try {
      let image = decode(Float32Array.from(wanted));
      if (image instanceof Promise) {
        this.busy = true;
        ({ image } = await image);
        if (decode !== this.decode) return;
        this.busy = false;
      }
      this.paint(image);
      if (since !== null) requestAnimationFrame(() => this.#record(since, performance.now()));
      if (this.wanted) this.#schedule();
    } catch (error) {
      if (decode !== this.decode) return;
      this.wanted ??= wanted;
      this.busy = false;
      this.fail(error);
    }
  }
  #record(input, paint) {
    for (const watch of watchers) watch(input, paint);
    this.pairs.push([input, paint]);
    if (this.pairs.length > 600) this.pairs.splice(0, 300);
  }
  /** Frames a second over the last second of moving; null before anything has moved. */
  rate() {
    let frames = 0;
    let time = 0;
    for (let i = this.pairs.length - 1; i > 0 && time < 1e3; i -= 1) {
      const gap = this.pairs[i][1] - this.pairs[i - 1][1];
      if (gap > 250) continue;
      frames += 1;
      time += gap;
    }
    return frames < 5 ? null : 1e3 * frames / time;
  }
  close() {
    cancelAnimationFrame(this.frame);
    this.decode = this.wanted = null;
  }
};

// shared/live.js
var mounted = /* @__PURE__ */ new WeakMap();
var count = 0;
var instances = () => count;
function mount(component, create) {
  const root = component.parentElement;
  let entry = mounted.get(root);
  if (!entry) {
    entry = { view: create(root.querySelector(".live")), calls: 0 };
    mounted.set(root, entry);
    count += 1;
  }
  const call = ++entry.calls;
  entry.view.update(component);
  return () => {
    if (call !== entry.calls || mounted.get(root) !== entry) return;
    mounted.delete(root);
    count -= 1;
    entry.view.close();
  };
}
function element(tag, properties = {}, attributes = {}) {
  const made = Object.assign(document.createElement(tag), properties);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
var Rest = class {
  constructor(act) {
    this.act = act;
    this.timer = null;
  }
  /** Begins to wait, anew if it was waiting. */
  begin(milliseconds = 150) {
    this.cancel();
    this.timer = setTimeout(() => {
      this.timer = null;
      this.act();
    }, milliseconds);
  }
  get waiting() {
    return this.timer !== null;
  }
  cancel() {
    clearTimeout(this.timer);
    this.timer = null;
  }
};
var View = class {
  constructor(root) {
    this.root = root;
    this.gone = new AbortController();
  }
  on(target, type, listener, options = {}) {
    target.addEventListener(type, listener, { signal: this.gone.signal, ...options });
  }
  button(textContent, act, title = "") {
    const made = element("button", { type: "button", textContent, title });
    this.on(made, "click", act);
    return made;
  }
  /** Calls `undo` for Ctrl+Z in the component, where `may()` allows it. */
  onUndo(undo, may = () => true) {
    this.on(this.root, "keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || !may()) return;
      event.preventDefault();
      undo();
    });
  }
  close() {
    this.gone.abort();
    this.root.replaceChildren();
  }
};

// shared/presented.js
function present(root) {
  const presented = getComputedStyle(root).getPropertyValue("--stage") !== "";
  root.classList.toggle("presented", presented);
}

// regularise/drawing.js
var ADDS = [91, 110, 225];
var TAKES = [231, 99, 0];
function fitted(canvas) {
  const scale = Math.min(window.devicePixelRatio || 1, 2);
  const width = Math.max(1, Math.round(canvas.clientWidth * scale));
  const height = Math.max(1, Math.round(canvas.clientHeight * scale));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  return context;
}
function bars(canvas, code, { bounded, spread, colour, faint, dots = null }) {
  const context = fitted(canvas);
  const { width, height } = canvas;
  const most = bounded ? 1 : Math.max(3, ...code.map((value, i) => Math.abs(value) + (spread?.[i] ?? 0)));
  const zero = bounded ? height : height / 2;
  const unit = (bounded ? height : height / 2) / most;
  const step = width / code.length;
  const gap = step > 6 ? 0.2 * step : 0;
  context.fillStyle = faint;
  context.fillRect(0, Math.min(zero, height - 1) - 0.5, width, 1);
  context.fillStyle = colour;
  code.forEach((value, i) => {
    const size2 = Math.max(Math.abs(value) * unit, 0.5);
    context.fillRect(i * step + gap / 2, value < 0 ? zero : zero - size2, Math.max(step - gap, 0.5), size2);
  });
  if (!spread) return;
  context.fillStyle = faint;
  code.forEach((value, i) => {
    const middle = (i + 0.5) * step;
    const top = zero - (value + spread[i]) * unit;
    context.fillRect(middle - 1, top, 2, 2 * spread[i] * unit);
    if (!dots) return;
    context.beginPath();
    context.arc(middle, zero - dots[i] * unit, Math.min(step / 4, 5), 0, 2 * Math.PI);
    context.fill();
  });
}
function filters(canvas, weight, units, [height, width], columns) {
  const rows = Math.ceil(units.length / columns);
  const [wide, high] = [columns * (width + 1) - 1, rows * (height + 1) - 1];
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
  const context = canvas.getContext("2d");
  const image = context.createImageData(wide, high);
  const area = height * width;
  units.forEach((unit, place) => {
    const own = weight.subarray(unit * area, (unit + 1) * area);
    const most = own.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-9);
    const left = place % columns * (width + 1);
    const top = Math.floor(place / columns) * (height + 1);
    for (let i = 0; i < area; i += 1) {
      const at = 4 * ((top + Math.floor(i / width)) * wide + left + i % width);
      image.data.set(own[i] < 0 ? TAKES : ADDS, at);
      image.data[at + 3] = 255 * Math.abs(own[i]) / most;
    }
  });
  context.putImageData(image, 0, 0);
}

// regularise/looking.js
var TINY = 1e-6;
function parts(layers) {
  const at = codeLayer(layers);
  return { encoder: layers.slice(0, at), decoder: layers.slice(at) };
}
var squares = (a, b) => a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0);
function withNoise(x, sigma, pattern) {
  return x.map((value, i) => Math.min(Math.max(value + sigma * pattern[i], 0), 1));
}
function randomCode({ mean, std, bounded }, drawn) {
  return mean.map((centre, i) => {
    const value = centre + std[i] * drawn[i];
    return bounded ? Math.min(Math.max(value, 0), 1) : value;
  });
}
function logVariance({ weight, bias }, hidden) {
  return bias.map((start, row) => {
    let sum = start;
    for (let i = 0; i < hidden.length; i += 1) sum += weight[row * hidden.length + i] * hidden[i];
    return Math.min(Math.max(sum, -12), 8);
  });
}
function divergence(rho, means) {
  return means.reduce((sum, mean) => {
    const held = Math.min(Math.max(mean, TINY), 1 - TINY);
    return sum + rho * Math.log(rho / held) + (1 - rho) * Math.log((1 - rho) / (1 - held));
  }, 0);
}
var lengths = /* @__PURE__ */ new WeakMap();
function jacobianNorm(layer, code) {
  let squared = lengths.get(layer);
  if (!squared) {
    const { weight, inputs } = layer;
    squared = code.map((_, unit) => weight.subarray(unit * inputs, (unit + 1) * inputs).reduce((sum, w) => sum + w * w, 0));
    lengths.set(layer, squared);
  }
  return code.reduce((sum, z, unit) => sum + (z * (1 - z)) ** 2 * squared[unit], 0);
}
function negativeLogLikelihood(logits, x) {
  let sum = 0;
  logits.forEach((l, i) => sum += Math.max(l, 0) - l * x[i] + Math.log1p(Math.exp(-Math.abs(l))));
  return sum;
}
function penaltyOf({ penalty, weight, rho, mean }, encoder, code, variance) {
  switch (penalty) {
    case "kl":
      return weight * divergence(rho, mean);
    case "l1":
      return weight * code.reduce((sum, z) => sum + Math.abs(z), 0);
    case "jacobian":
      return weight * jacobianNorm(encoder[0], code);
    case "divergence":
      return weight * code.reduce((sum, m, i) => sum + 0.5 * (m ** 2 + Math.exp(variance[i]) - 1 - variance[i]), 0);
    default:
      return 0;
  }
}
function look(layers, beside, x, noisy, drawn, whole = null, before = null) {
  const { encoder, decoder } = parts(layers);
  const known = before?.layers === layers ? before : null;
  const through = whole ?? ((picture) => forward(layers, picture).after.at(-1));
  const fromNoise = known?.of.noisy === noisy ? known.noisy : through(noisy);
  const same = known?.of.x === x;
  const made = same ? known : seen(encoder, decoder, beside, x);
  let invented = null;
  if (drawn) {
    invented = known?.of.drawn === drawn ? known.invented : forward(decoder, randomCode(beside, drawn)).after.at(-1);
  }
  const { code, spread, first, again, loss } = made;
  const reconstruction = beside.penalty === "damage" ? squares(fromNoise, x) : loss[0];
  return {
    layers,
    of: { x, noisy, drawn },
    code,
    spread,
    first,
    again,
    noisy: fromNoise,
    invented,
    loss: [reconstruction, loss[1]]
  };
}
function seen(encoder, decoder, beside, x) {
  const into = forward(encoder, x);
  const code = into.after.at(-1);
  const variance = beside.variance ? logVariance(beside.variance, into.after.at(-2)) : null;
  const made = forward(decoder, code);
  const again = made.after.at(-1);
  const bound = beside.penalty === "divergence";
  return {
    code,
    spread: variance?.map((value) => Math.exp(value / 2)) ?? null,
    first: into.after[1],
    again,
    loss: [
      bound ? negativeLogLikelihood(made.before.at(-1), x) : squares(again, x),
      penaltyOf(beside, encoder, code, variance)
    ]
  };
}
function strongest(activations, count2) {
  const order = Array.from(activations.keys());
  return order.sort((a, b) => Math.abs(activations[b]) - Math.abs(activations[a])).slice(0, count2);
}
function likeness(a, b, [height, width], margin) {
  const inside = [];
  for (let y = margin; y < height - margin; y += 1) {
    for (let x = margin; x < width - margin; x += 1) inside.push(y * width + x);
  }
  const centred = (values) => {
    const mean = inside.reduce((sum, i) => sum + values[i], 0) / inside.length;
    return inside.map((i) => values[i] - mean);
  };
  const [one, other] = [centred(a), centred(b)];
  const dot = (p, q) => p.reduce((sum, value, i) => sum + value * q[i], 0);
  const size2 = Math.sqrt(dot(one, one) * dot(other, other));
  return size2 ? dot(one, other) / size2 : 0;
}

// regularise/columns.js
var QUIET = 500;
var READABLE = 110;
var SHOWN = 16;
var ACROSS = 4;
var ON = 0.1;
var MARGIN = 4;
var columns_default = (component) => mount(component, (root) => new Columns(root));
var said = ({ chosen, sigma, roll }) => JSON.stringify([chosen, sigma, roll]);
var short = (error) => error.toFixed(4).replace(/^0/, "");
var nats = (value) => value >= 100 ? value.toFixed(0) : value.toFixed(1);
var ROWS = {
  code: ["Its code", "every bar one unit"],
  again: ["Comes back", ""],
  noisy: ["From noise", "error to the clean picture"],
  invented: ["A random code", "decoded"],
  filters: ["Looks for", "weights of the 16 strongest units"],
  loss: ["The loss", "error + penalty, of this picture"]
};
var Columns = class extends View {
  constructor(root) {
    super(root);
    this.chains = /* @__PURE__ */ new Map();
    this.rest = new Rest(() => this.#report());
    this.wording = new Rest(() => this.#write());
    this.adopting = new Rest(() => this.#adopt());
    this.frames = new Frames(
      () => this.#paint(),
      (error) => say(this.status, error.message)
    );
    this.frames.use(() => this.#compute());
    this.resized = new ResizeObserver(() => {
      if (!this.data) return;
      present(this.root);
      this.#ask();
    });
    this.resized.observe(root);
  }
  // --- what Python says --------------------------------------------------------------------
  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    if (!last) this.on(window, data.event, (event) => this.#follow(event.detail));
    const layout = ({ columns }) => JSON.stringify(columns.map(({ name, versions }) => [name, versions.length]));
    const rebuilt = !last || layout(last) !== layout(data);
    if (rebuilt) {
      this.pattern = floats(data.pattern);
      this.rolls = data.rolls.map(floats);
      this.#build();
    }
    if (!last || said(data) !== said(last) && said(data) !== this.reported) {
      this.chosen = { ...data.chosen };
      Object.assign(this, { sigma: data.sigma, roll: data.roll, reported: null });
      this.#place();
    }
    const addresses = ({ columns, beside }) => JSON.stringify([beside, columns.map(({ versions }) => versions.map(({ chain }) => chain))]);
    if (rebuilt || addresses(last) !== addresses(data)) this.#fetch();
    if (rebuilt || last.picture.identity !== data.picture.identity) {
      if (!rebuilt && performance.now() - this.drawnAt < QUIET) this.adopting.begin(QUIET);
      else this.#adopt();
    }
    this.tried = new Map(data.tried.map((one) => [one.column, this.#unpacked(one)]));
    present(this.root);
    this.#ask();
  }
  #unpacked({ code, spread, again, noisy, invented, loss, error, errorNoisy }) {
    return {
      code: floats(code),
      spread: spread ? floats(spread) : null,
      first: null,
      again: bytes(again),
      noisy: bytes(noisy),
      invented: bytes(invented),
      loss,
      error,
      errorNoisy
    };
  }
  #adopt() {
    const { picture } = this.data;
    this.values = floats(picture.values);
    this.drawn = false;
    say(this.caption, picture.caption);
    this.given.picture.canvas.setAttribute("aria-label", picture.caption);
    this.#ask();
  }
  /** What the pad calls out while somebody draws: pixels, or null where nothing is drawn. */
  #follow(values) {
    this.drawnAt = performance.now();
    if (this.adopting.waiting) this.adopting.begin(QUIET);
    if (this.data.noise) return;
    if (!values) {
      this.#adopt();
      return;
    }
    if (values.length !== this.values.length) return;
    this.values = values;
    this.drawn = true;
    say(this.caption, "your drawing");
    this.#ask(this.drawnAt);
  }
  #ask(time = null) {
    if (this.values) this.frames.request(this.values, time);
  }
  // --- elements ----------------------------------------------------------------------------
  #build() {
    const { columns, picture } = this.data;
    const table2 = element("div", { className: "table" });
    table2.style.setProperty("--columns", columns.length + 1);
    this.cells = new Map(columns.map(({ name }) => [name, {}]));
    const head = (textContent) => element("h4", { textContent });
    table2.append(head("It gets"), ...columns.map(({ title }) => head(title)));
    table2.append(element("div", { className: "version" }), ...columns.map((column) => this.#version(column)));
    for (const row of Object.keys(ROWS)) table2.append(this.#given(row), ...columns.map((column) => this.#cell(row, column)));
    for (const { picture: canvas } of [this.given, this.damaged]) canvas.resize(...picture.shape.slice(1));
    this.verdict = element("p", { className: "verdict" });
    this.status = element("p", { className: "status" });
    this.spoken = element("p", { className: "spoken" }, { "aria-live": "polite" });
    const body = element("div", { className: "body" });
    body.append(table2);
    const answer = element("div", { className: "answer" });
    answer.append(this.verdict, this.#tools());
    this.root.replaceChildren(answer, body, this.status, this.spoken);
  }
  #tools() {
    const tools = element("div", { className: "tools" });
    const range = { type: "range", min: 0, max: 0.8, step: 0.01 };
    this.noise = element("input", range, { "aria-label": "Noise σ" });
    this.on(this.noise, "input", () => {
      this.sigma = this.noise.valueAsNumber;
      this.#changed();
    });
    this.noiseLabel = element("span");
    const label = element("label");
    label.append(this.noiseLabel, this.noise);
    const roll = this.button("Roll another code", () => {
      this.roll = (this.roll + 1) % this.rolls.length;
      this.#changed();
    });
    tools.append(label, roll);
    return tools;
  }
  /** The slider over the trained weights of a penalty. */
  #version({ name, title, versions }) {
    const box = element("div", { className: "version" });
    const cell = this.cells.get(name);
    cell.label = element("span");
    box.append(cell.label);
    if (versions.length < 2) return box;
    const range = { type: "range", min: 0, max: versions.length - 1, step: 1 };
    cell.slider = element("input", range, { "aria-label": `${title}: weight of the penalty` });
    this.on(cell.slider, "input", () => {
      this.chosen[name] = versions[cell.slider.valueAsNumber].name;
      this.#changed();
      this.#fetch();
    });
    box.append(cell.slider);
    return box;
  }
  /** What stands at the left of a row. */
  #given(row) {
    const [title, words] = ROWS[row];
    const box = element("figure", { className: `given ${row}` });
    const caption = element("figcaption");
    const more = element("span", { textContent: words });
    caption.append(element("b", { textContent: title }), more);
    if (row === "again" || row === "noisy") {
      const canvas = element("canvas", { className: "picture" }, { role: "img" });
      box.append(canvas);
      const shown = { picture: new Picture(canvas), words: more };
      if (row === "again") {
        this.given = shown;
        this.caption = element("span");
        caption.append(this.caption);
      } else {
        this.damaged = shown;
        canvas.setAttribute("aria-label", "The picture under noise");
      }
    }
    box.append(caption);
    return box;
  }
  #cell(row, { name, title }) {
    const figure = element("figure", { className: `cell ${row}` });
    const caption = element("figcaption");
    const cell = { caption };
    if (row !== "loss") {
      cell.canvas = element("canvas", { className: row === "code" ? "bars" : "picture" }, { role: "img" });
      cell.canvas.setAttribute("aria-label", `${title}: ${ROWS[row][0].toLowerCase()}`);
      figure.append(cell.canvas);
      if (["again", "noisy", "invented"].includes(row)) {
        cell.picture = new Picture(cell.canvas);
        cell.picture.resize(...this.data.picture.shape.slice(1));
      }
    }
    figure.append(caption);
    this.cells.get(name)[row] = cell;
    return figure;
  }
  /** Puts sliders where `chosen`, `sigma` and `roll` say. */
  #place() {
    this.noise.value = this.sigma;
    for (const { name, versions } of this.data.columns) {
      const { slider } = this.cells.get(name);
      if (slider) slider.value = Math.max(0, versions.findIndex((version) => version.name === this.chosen[name]));
    }
  }
  #changed() {
    this.#ask(performance.now());
    this.rest.begin();
  }
  #report() {
    const { chosen, sigma, roll } = this;
    this.reported = said(this);
    this.#write();
    say(this.spoken, this.verdict.textContent);
    this.setStateValue("chosen", { chosen: { ...chosen }, sigma, roll });
  }
  // --- networks ----------------------------------------------------------------------------
  #versionOf({ name, versions }) {
    return versions.find((version) => version.name === this.chosen[name]) ?? versions[0];
  }
  /** Fetches the chosen versions that are not here yet. */
  async #fetch() {
    this.fetching?.abort();
    const { columns, reason, beside } = this.data;
    if (reason) {
      say(this.status, `The server computes these pictures: ${reason}`);
      return;
    }
    const { signal } = this.fetching = new AbortController();
    try {
      if (this.besideOf !== beside) {
        const read = await fetchJson(beside, signal);
        this.chains.clear();
        this.beside = new Map(Object.entries(read).map(([name, one]) => [name, this.#numbers(one)]));
        this.besideOf = beside;
      }
      for (const column of columns) {
        const version = this.#versionOf(column);
        const key = version.chain.weights;
        if (this.chains.has(key)) continue;
        say(this.status, `Fetching ${column.title}, ${(version.chain.bytes / 1e6).toFixed(1)} MB …`);
        this.chains.set(key, await openChain(version.chain, signal));
        this.#ask();
      }
    } catch (error) {
      if (!signal.aborted) say(this.status, `The server computes these pictures: ${error.message}`);
      return;
    }
    const worst = Math.max(...[...this.chains.values()].map(({ difference }) => difference));
    say(this.status, `Computed in your browser, at most ${worst.toExponential(0)} from torch`);
  }
  #numbers({ mean, std, variance, ...rest }) {
    return {
      ...rest,
      mean: floats(mean),
      std: floats(std),
      variance: variance && { weight: floats(variance.weight), bias: floats(variance.bias) }
    };
  }
  #compute() {
    const x = this.values;
    if (this.noisyOf?.x !== x || this.noisyOf.sigma !== this.sigma) {
      this.noisy = withNoise(x, this.sigma, this.pattern);
      this.noisyOf = { x, sigma: this.sigma };
    }
    const before = this.made;
    this.made = /* @__PURE__ */ new Map();
    for (const column of this.data.columns) {
      const version = this.#versionOf(column);
      const chain = this.chains.get(version.chain?.weights);
      const beside = this.beside?.get(`${column.name}.${version.name}`);
      if (!chain || !beside) continue;
      const whole = (picture) => chain.decoder.decode(picture).slice();
      const drawn = this.rolls[this.roll];
      const seen2 = look(chain.layers, beside, x, this.noisy, drawn, whole, before?.get(column.name));
      this.made.set(column.name, { ...seen2, beside });
    }
    return x;
  }
  // --- drawing -----------------------------------------------------------------------------
  #paint() {
    const x = this.values;
    const style = getComputedStyle(this.root);
    const own = !this.drawn && said(this) === said(this.data);
    const colour = style.getPropertyValue("--st-primary-color") || "#5b6ee1";
    this.given.picture.paint(x);
    this.damaged.picture.paint(this.noisy);
    for (const column of this.data.columns) {
      const cell = this.cells.get(column.name);
      const seen2 = this.made.get(column.name) ?? (own ? this.tried.get(column.name) : null);
      cell.seen = seen2 ?? cell.seen;
      if (!seen2) continue;
      const bounded = seen2.beside ? seen2.beside.bounded : column.bounded;
      bars(cell.code.canvas, seen2.code, { bounded, spread: seen2.spread, colour, faint: style.color });
      cell.again.picture.paint(seen2.again);
      cell.noisy.picture.paint(seen2.noisy);
      cell.invented.picture.paint(seen2.invented);
      if (!seen2.layers) continue;
      const answers = strongest(seen2.first, SHOWN);
      const shown = [seen2.layers, ...answers];
      if (cell.filters.shown?.every((one, i) => one === shown[i])) continue;
      cell.filters.shown = shown;
      filters(cell.filters.canvas, seen2.layers[0].weight, answers, this.data.picture.shape.slice(1), ACROSS);
    }
    if (!this.wording.waiting) this.wording.begin(performance.now() - this.written < READABLE ? READABLE : 0);
  }
  #error(seen2, image, given) {
    return image instanceof Float32Array ? meanSquare(image, this.values) : given;
  }
  #write() {
    this.written = performance.now();
    const { columns, noise, picture } = this.data;
    const size2 = picture.shape.slice(1);
    say(this.noiseLabel, `Noise σ = ${this.sigma.toFixed(2)}`);
    say(this.damaged.words, `error ${short(meanSquare(this.noisy, this.values))}`);
    const found = [];
    for (const column of columns) {
      const cell = this.cells.get(column.name);
      const version = this.#versionOf(column);
      const dead = version.dead > 0.01 ? `${Math.round(100 * version.dead)} % dead` : "";
      const label = [version.label, dead].filter(Boolean).join("; ");
      say(cell.label, label);
      cell.slider?.setAttribute("aria-valuetext", label);
      const { seen: seen2 } = cell;
      if (!seen2) continue;
      const error = this.#error(seen2, seen2.again, seen2.error);
      const errorNoisy = this.#error(seen2, seen2.noisy, seen2.errorNoisy);
      const on = seen2.code.filter((value) => value > ON).length;
      const bounded = seen2.beside ? seen2.beside.bounded : column.bounded;
      say(cell.code.caption, bounded ? `${on} of ${seen2.code.length} on` : `${seen2.code.length} ${seen2.spread ? "μ ± σ" : "numbers"}`);
      const same = noise && seen2.again instanceof Float32Array ? likeness(seen2.again, this.values, size2, MARGIN) : null;
      say(cell.again.caption, same === null ? short(error) : `likeness ${same.toFixed(2)}`);
      say(cell.noisy.caption, short(errorNoisy));
      const [reconstruction, penalty] = seen2.loss;
      const unit = seen2.spread ? " nats" : "";
      say(cell.loss.caption, `${nats(reconstruction)} + ${nats(penalty)}
= ${nats(reconstruction + penalty)}${unit}`);
      found.push({ title: column.title, errorNoisy, same, cell });
    }
    if (!found.length) return;
    const best = found.reduce((a, b) => b.errorNoisy < a.errorNoisy ? b : a);
    for (const one of found) one.cell.noisy.caption.classList.toggle("best", one === best && !noise);
    say(this.verdict, noise ? this.#copying(found) : this.#cleaning(found, best));
  }
  #cleaning(found, best) {
    const before = meanSquare(this.noisy, this.values);
    const better = best.errorNoisy < before;
    return better ? `Under noise of σ ${this.sigma.toFixed(2)} (error ${short(before)}), ${best.title} gives back the cleanest picture: error ${short(best.errorNoisy)}.` : `Noise of σ ${this.sigma.toFixed(2)} costs ${short(before)}; no network is nearer to the clean picture than that.`;
  }
  #copying(found) {
    const known = found.filter(({ same }) => same !== null);
    if (!known.length) return "Pure noise is fed.";
    const most = known.reduce((a, b) => b.same > a.same ? b : a);
    const least = known.reduce((a, b) => b.same < a.same ? b : a);
    return `Pure noise comes back most from ${most.title} (likeness ${most.same.toFixed(2)}), least from ${least.title} (${least.same.toFixed(2)}).`;
  }
  close() {
    this.fetching?.abort();
    this.resized.disconnect();
    this.rest.cancel();
    this.wording.cancel();
    this.adopting.cancel();
    this.frames.close();
    super.close();
  }
};
export {
  columns_default as default,
  instances,
  watchers
};
