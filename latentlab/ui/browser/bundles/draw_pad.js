/* Made by `make bundle` from the files named here: change those instead. */

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

// decoder/checks.js
var VERSION = 1;
var OPERATIONS = ["linear", "conv2d", "conv_transpose2d", "repeat"];
var ACTIVATIONS = ["none", "relu", "leaky_relu", "clamp", "silu", "tanh", "sigmoid"];
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
  const { latent_size: size, image_shape: shape, layers, weights, reference } = manifest;
  insist(sizes([size], 1) && sizes(shape, 3), "its latents or images have no size");
  insist(Array.isArray(layers) && layers.length > 0, "it has no layers");
  insist(layers.length <= MAX_LAYERS, `it has more than ${MAX_LAYERS} layers`);
  layers.forEach((layer, i) => {
    const sound = OPERATIONS.includes(layer?.op) && ACTIVATIONS.includes(layer.activation) && numbers(layer.parameters, 2) && [layer.input, layer.output].every((values) => sizes(values, 3)) && [layer.kernel, layer.stride].every((values) => sizes(values, 2)) && sizes(layer.padding, 2, 0);
    insist(sound, `layer ${i + 1} is of no known kind`);
  });
  insist(product(layers[0].input) === size, "its first layer takes no such latents");
  insist(String(layers.at(-1).output) === String(shape), "its last layer gives no such images");
  const { count: count2, bytes: bytes2 } = weights ?? {};
  insist(Number.isInteger(count2) && count2 >= 0 && bytes2 === 2 * count2, "its weights have no size");
  insist(count2 <= MAX_WEIGHTS, "it is too large for a browser");
  const { z, images } = reference ?? {};
  insist(Array.isArray(z) && z.length > 0 && typeof images === "string", "it has no reference");
  insist(z.every((latent) => numbers(latent, size)), "its reference takes no such latents");
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
  const { memory, reserve, prepare: prepare2, input, output, run } = exports;
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
  const refusal = prepare2();
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
var clamp = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));

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

// decoder/remote.js
var RemoteDecoder = class {
  #worker;
  #waiting = /* @__PURE__ */ new Map();
  #calls = 0;
  constructor(manifest, worker) {
    this.manifest = manifest;
    this.worker = true;
    this.#worker = worker;
    worker.onmessage = ({ data: { call, result, error } }) => {
      const { resolve, reject } = this.#waiting.get(call);
      this.#waiting.delete(call);
      if (error === void 0) resolve(result);
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
};
async function startWorker(files) {
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

// decoder/opening.js
var WRONG = 1e-3;
var TOO_SLOW = 60;
var WORKER_ABOVE = 8;
async function openFor({ manifest, weights }, signal) {
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
  try {
    signal.throwIfAborted();
    const { difference, milliseconds } = decoder.check();
    if (!(difference <= WRONG)) throw new DecoderError("This browser computes wrong pictures.");
    if (milliseconds > TOO_SLOW) {
      throw new DecoderError(`This browser would need ${milliseconds.toFixed(0)} ms a picture.`);
    }
    const remote = milliseconds > WORKER_ABOVE ? await inWorker(files, signal) : null;
    if (remote) decoder.close();
    return { decoder: remote ?? decoder, difference, milliseconds };
  } catch (error) {
    decoder.close();
    throw error;
  }
}
async function inWorker(files, signal) {
  const remote = await startWorker(files).catch(() => null);
  if (signal.aborted) remote?.close();
  signal.throwIfAborted();
  return remote;
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
  resize(height, width2) {
    if (this.data && this.data.width === width2 && this.data.height === height) return;
    Object.assign(this.canvas, { width: width2, height });
    this.data = this.context.createImageData(width2, height);
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
var ARROWS = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1]
};
var modified = (event) => event.ctrlKey || event.metaKey || event.altKey;
function movesOf(event) {
  const all = event.getCoalescedEvents?.() ?? [];
  return all.length ? all : [event];
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

// draw/ink.js
function width(brush, { pointerType, pressure }) {
  return pointerType === "pen" && pressure > 0 ? brush * (0.4 + 1.2 * pressure) : brush;
}
var HUES = ["red", "orange", "yellow", "green", "turquoise", "blue", "purple", "pink", "red"];
var STARTS = [18, 45, 70, 165, 195, 255, 290, 340, 361];
function nameOf(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  const [high, low] = [Math.max(r, g, b), Math.min(r, g, b)];
  const [lightness, chroma] = [(high + low) / 2, high - low];
  if (high < 0.1) return "black";
  if (low > 0.95) return "white";
  const shade = lightness < 0.35 ? "dark " : lightness > 0.7 ? "light " : "";
  if (chroma < 0.08) return `${shade}grey`;
  const sixth = high === r ? ((g - b) / chroma + 6) % 6 : high === g ? (b - r) / chroma + 2 : (r - g) / chroma + 4;
  const hue = HUES[STARTS.findIndex((start) => 60 * sixth < start)];
  return shade + (["red", "orange"].includes(hue) && chroma < 0.62 && lightness < 0.75 ? "brown" : hue);
}
function namesOf(colours) {
  const times = /* @__PURE__ */ new Map();
  return colours.map((colour) => {
    const name = nameOf(colour);
    times.set(name, (times.get(name) ?? 0) + 1);
    return times.get(name) > 1 ? `${name} ${times.get(name)}` : name;
  });
}
var middle = ([ax, ay], [bx, by]) => [(ax + bx) / 2, (ay + by) / 2];
function bend(points, i) {
  const [before, last] = [points[Math.max(i - 2, 0)], points[Math.max(i - 1, 0)]];
  return [middle(before, last), last.slice(0, 2), middle(last, points[i])];
}
function average(rgba, side, factor) {
  const small = side / factor;
  const sums = new Float64Array(4 * small * small);
  for (let i = 0; i < rgba.length; i += 1) {
    const column = Math.floor((i >> 2) % side / factor);
    const row = Math.floor((i >> 2) / side / factor);
    sums[4 * (row * small + column) + (i & 3)] += rgba[i];
  }
  return Uint8ClampedArray.from(sums, (sum) => sum / factor ** 2);
}

// draw/seen.js
var BOX = 20 / 28;
var THINNEST = 1.5 / 28;
var THIN = 2 / 28;
var EDGE = 0.1;
var GROUND = 0.05;
function prepare(rgba, side, [channels, height, width2], centring) {
  if (centring === "square") {
    const made2 = new Float32Array(channels * height * width2);
    for (let c = 0; c < channels; c += 1) {
      const values2 = Float32Array.from({ length: side * side }, (_, i) => rgba[4 * i + c] / 255);
      const { values: small } = resize({ width: side, height: side, values: values2 }, width2, height);
      made2.set(small, c * height * width2);
    }
    return made2;
  }
  const values = new Float32Array(side * side);
  for (let i = 0; i < values.length; i += 1) {
    values[i] = (0.299 * rgba[4 * i] + 0.587 * rgba[4 * i + 1] + 0.114 * rgba[4 * i + 2]) / 255;
  }
  const drawing = { width: side, height: side, values };
  const made = (centring === "mass" ? byMass : byBox)(drawing, height, width2);
  return made ?? new Float32Array(height * width2);
}
function byMass(drawing, height, width2) {
  const most = largest(drawing.values);
  const dark = drawing.values.filter((value) => value > most / 2).sort();
  if (!dark.length) return null;
  const white = dark[Math.floor(0.9 * (dark.length - 1))];
  const values = drawing.values.map((value) => Math.min(value / white, 1));
  const side = Math.min(height, width2);
  const ink = thicken(crop({ ...drawing, values }, EDGE), side);
  const small = fit(ink, Math.round(BOX * side) / Math.max(ink.width, ink.height));
  const peak = largest(small.values);
  small.values = small.values.map((value) => value / peak);
  let [mass, x, y] = [0, 0, 0];
  small.values.forEach((value, i) => {
    mass += value;
    x += value * (i % small.width);
    y += value * Math.floor(i / small.width);
  });
  const [left, top] = [Math.floor(width2 / 2) - x / mass, Math.floor(height / 2) - y / mass];
  return place(small, width2, height, left, top);
}
function byBox(drawing, height, width2) {
  const thing = crop(drawing, GROUND);
  if (!thing) return null;
  const scale = Math.min(height / thing.height, width2 / thing.width);
  const small = fit(thing, scale);
  if (scale < 1) small.values = sharpen(small);
  const [left, top] = [width2 - small.width, height - small.height].map((gap) => gap + 1 >> 1);
  return place(small, width2, height, left, top);
}
var largest = (values) => values.reduce((a, b) => Math.max(a, b), 0);
var fit = (part, scale) => resize(
  part,
  Math.max(1, Math.round(part.width * scale)),
  Math.max(1, Math.round(part.height * scale))
);
function sharpen({ width: width2, height, values }) {
  const [near, far] = [Math.exp(-0.5), Math.exp(-1)];
  const whole = 1 + 4 * near + 4 * far;
  const at = (x, y) => values[clamp(y, 0, height - 1) * width2 + clamp(x, 0, width2 - 1)];
  return values.map((value, i) => {
    const [x, y] = [i % width2, Math.floor(i / width2)];
    const cross = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1);
    const corners = at(x - 1, y - 1) + at(x + 1, y - 1) + at(x - 1, y + 1) + at(x + 1, y + 1);
    const sharp = (2 * whole - 1) * value - near * cross - far * corners;
    return clamp(sharp / whole, 0, 1);
  });
}
var cubic = (x) => {
  const t = Math.abs(x);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
};
function resize({ width: across, height: down, values }, toWidth, toHeight) {
  const rows = resample(values, down, across, toWidth);
  const columns = resample(rows, toWidth, down, toHeight);
  const clipped = columns.map((x) => clamp(x, 0, 1));
  return { width: toWidth, height: toHeight, values: clipped };
}
function resample(values, count2, length, to) {
  const made = new Float32Array(count2 * to);
  const scale = length / to;
  const wide = Math.max(scale, 1);
  for (let i = 0; i < to; i += 1) {
    const centre = (i + 0.5) * scale;
    const first = Math.max(Math.floor(centre - 2 * wide + 0.5), 0);
    const end = Math.min(Math.floor(centre + 2 * wide + 0.5), length);
    const weights = [];
    for (let j = first; j < end; j += 1) weights.push(cubic((j + 0.5 - centre) / wide));
    const whole = weights.reduce((a, b) => a + b, 0);
    for (let row = 0; row < count2; row += 1) {
      let sum = 0;
      for (let j = first; j < end; j += 1) sum += weights[j - first] * values[row * length + j];
      made[i * count2 + row] = sum / whole;
    }
  }
  return made;
}
function crop({ width: across, height: down, values }, least) {
  let [left, top, right, bottom] = [across, down, -1, -1];
  values.forEach((value, i) => {
    if (value <= least) return;
    const [x, y] = [i % across, Math.floor(i / across)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  });
  if (right < 0) return null;
  const part = { width: right - left + 1, height: bottom - top + 1 };
  part.values = new Float32Array(part.width * part.height);
  for (let y = 0; y < part.height; y += 1) {
    const from = (top + y) * across + left;
    part.values.set(values.subarray(from, from + part.width), y * part.width);
  }
  return part;
}
function place(part, across, down, left, top) {
  const made = new Float32Array(across * down);
  const x = clamp(Math.round(left), 0, across - part.width);
  const y = clamp(Math.round(top), 0, down - part.height);
  for (let row = 0; row < part.height; row += 1) {
    const line = part.values.subarray(row * part.width, (row + 1) * part.width);
    made.set(line, (y + row) * across + x);
  }
  return made;
}
function thicken(ink, side) {
  const { width: across, height: down, values } = ink;
  const inside = (x, y) => x >= 0 && y >= 0 && x < across && y < down;
  const solid = (x, y) => inside(x, y) && values[y * across + x] > 0.5;
  let [area, outline] = [0, 0];
  for (let y = 0; y < down; y += 1) {
    for (let x = 0; x < across; x += 1) {
      area += values[y * across + x];
      if (!solid(x, y)) continue;
      outline += !solid(x - 1, y) + !solid(x + 1, y) + !solid(x, y - 1) + !solid(x, y + 1);
    }
  }
  const stroke = 2 * area / (outline * Math.PI / 4);
  const longer = Math.max(across, down);
  const box = Math.round(BOX * side);
  if (!outline || stroke * box / longer >= THINNEST * side) return ink;
  const radius = (THIN * side * longer - box * stroke) / (2 * (box - THIN * side));
  const margin = Math.ceil(radius);
  const made = { width: across + 2 * margin, height: down + 2 * margin };
  made.values = place(ink, made.width, made.height, margin, margin);
  for (let y = 0; y < down; y += 1) {
    for (let x = 0; x < across; x += 1) {
      if (!solid(x, y)) continue;
      for (let up = -Math.floor(radius); up <= radius; up += 1) {
        const half = Math.floor(Math.sqrt(radius ** 2 - up ** 2));
        const middle2 = (y + margin + up) * made.width + x + margin;
        made.values.fill(1, middle2 - half, middle2 + half + 1);
      }
    }
  }
  return crop(made, EDGE);
}

// draw/draw_pad.js
var SIDE = 512;
var FACTOR = 2;
var STEP = 1 / 32;
var draw_pad_default = (component) => mount(component, (root) => new DrawPad(root));
var DrawPad = class extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#report());
    this.strokes = [];
    this.stroke = null;
    this.at = [0.5, 0.5];
  }
  update({ data, setStateValue }) {
    const first = !this.data;
    Object.assign(this, { data, setStateValue });
    if (first) this.#build();
    this.#follow();
    if (!first) return;
    this.#redraw();
    if (data.drawing) this.#restore(`data:image/png;base64,${data.drawing}`);
  }
  /** Goes on with what was drawn before the page was left; its strokes cannot be undone. */
  async #restore(src) {
    const image = element("img", { src });
    await image.decode();
    this.base = image;
    this.#redraw();
  }
  #build() {
    const { brush, colourful, ground, palette, label, note } = this.data;
    const canvas = element("canvas", { width: SIDE, height: SIDE, tabIndex: 0 });
    Object.assign(this, { canvas, context: canvas.getContext("2d", { willReadFrequently: true }) });
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", label);
    this.context.scale(SIDE, SIDE);
    Object.assign(this.context, { lineCap: "round", lineJoin: "round" });
    this.cursor = element("div", { className: "cursor", hidden: true });
    const paper = element("div", { className: "paper" });
    paper.append(canvas, this.cursor);
    this.inks = element("div", { className: "inks" }, { role: "group", "aria-label": "Ink" });
    const names = namesOf(palette);
    for (const [place2, colour] of palette.entries()) {
      const button = this.button("", () => this.#choose(colour), names[place2]);
      Object.assign(button, { className: "ink", value: colour, ariaLabel: names[place2] });
      button.style.setProperty("--colour", colour);
      this.inks.append(button);
    }
    if (colourful) {
      const other = element("input", { type: "color", title: "Another colour" });
      this.on(other, "input", () => this.#choose(other.value));
      this.inks.append(other);
    }
    const eraser = this.button("Eraser", () => this.#choose(ground));
    eraser.value = ground;
    this.inks.append(eraser);
    const range = { type: "range", min: 0.01, max: 0.25, step: 0.01 };
    this.brush = element("input", { ...range, value: brush });
    const size = element("label", { textContent: "Brush" });
    size.append(this.brush);
    const tools = element("div", { className: "tools" });
    this.undo = this.button("Undo", () => this.#undo(), "Ctrl+Z");
    tools.append(this.undo, this.button("Clear", () => this.#clear(palette[0])));
    this.spoken = element("p", { className: "spoken" }, { "aria-live": "polite" });
    const controls = element("div", { className: "controls" });
    const words = element("p", { className: "note", textContent: note });
    controls.append(this.#buildFollower(), this.inks, size, tools, words, this.spoken);
    const body = element("div", { className: this.data.beside ? "body beside" : "body" });
    body.append(paper, controls);
    this.root.replaceChildren(body);
    this.#listen();
    this.#choose(palette[0]);
  }
  /** On empty paper an eraser draws nothing, so it gives way to the first ink. */
  #clear(ink) {
    this.#add({ clear: true });
    if (this.colour === this.data.ground) this.#choose(ink);
  }
  #listen() {
    let pen = null;
    const put = (event) => {
      const box = this.canvas.getBoundingClientRect();
      const at = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
      this.#extend(at, width(this.brush.valueAsNumber, event));
    };
    this.on(this.canvas, "pointerdown", (event) => {
      if (event.button || pen !== null) return;
      pen = event.pointerId;
      this.canvas.setPointerCapture(pen);
      this.#lift();
      this.cursor.hidden = true;
      this.stroke = { colour: this.colour, points: [] };
      put(event);
    });
    this.on(this.canvas, "pointermove", (event) => {
      if (event.pointerId !== pen) return;
      movesOf(event).forEach(put);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      this.on(this.canvas, end, ({ pointerId }) => {
        if (pointerId !== pen) return;
        pen = null;
        this.#lift();
      });
    }
    this.on(this.canvas, "keydown", (event) => this.#key(event));
    this.on(this.canvas, "blur", () => {
      this.#lift();
      this.cursor.hidden = true;
    });
    this.onUndo(() => this.#undo());
  }
  /** The arrow keys move a pen, with Shift four times as far; the space bar puts it down or up. */
  #key(event) {
    const arrow = ARROWS[event.key];
    if (modified(event) || !(arrow || event.key === " ")) return;
    event.preventDefault();
    if (arrow) {
      const far = STEP * (event.shiftKey ? 4 : 1);
      this.at = this.at.map((part, i) => clamp(part + arrow[i] * far, 0, 1));
      if (this.stroke) this.#extend(this.at, this.brush.valueAsNumber);
    } else if (this.stroke) {
      this.#lift();
    } else {
      this.stroke = { colour: this.colour, points: [] };
      this.#extend(this.at, this.brush.valueAsNumber);
    }
    const [left, top] = this.at.map((part) => `${Math.round(100 * part)}%`);
    Object.assign(this.cursor.style, { left, top });
    this.cursor.hidden = false;
    this.cursor.classList.toggle("down", Boolean(this.stroke));
    this.spoken.textContent = `Pen ${this.stroke ? "down" : "up"}, ${left} right, ${top} down`;
  }
  // --- strokes -----------------------------------------------------------------------------
  #choose(colour) {
    this.#lift();
    this.colour = colour;
    for (const button of this.inks.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === colour));
    }
  }
  #extend(at, brush) {
    const { points } = this.stroke;
    points.push([...at, brush]);
    this.#ink(this.stroke, points.length - 1, false);
    this.#look(performance.now());
  }
  /** Ends the stroke that is being drawn. */
  #lift() {
    const { stroke } = this;
    if (!stroke) return;
    this.stroke = null;
    this.#ink(stroke, stroke.points.length, true);
    this.#look();
    this.#add(stroke, false);
  }
  #add(stroke, redraw = true) {
    this.strokes.push(stroke);
    if (redraw) this.#redraw();
    this.#changed();
  }
  #undo() {
    this.#lift();
    if (!this.strokes.pop()) return;
    this.#redraw();
    this.#changed();
  }
  /** Draws a stroke from its point `first` on, half-way to the last point, or to it. */
  #ink({ colour, points }, first, ended) {
    const { context } = this;
    context.strokeStyle = context.fillStyle = colour;
    for (let i = first; i < points.length; i += 1) {
      const [from, control, to] = bend(points, i);
      const [x, y, brush] = points[i];
      context.lineWidth = brush;
      context.beginPath();
      if (i) {
        context.moveTo(...from);
        context.quadraticCurveTo(...control, ...to);
        context.stroke();
      } else {
        context.arc(x, y, brush / 2, 0, 2 * Math.PI);
        context.fill();
      }
    }
    if (!ended) return;
    context.beginPath();
    context.moveTo(...bend(points, points.length - 1)[2]);
    context.lineTo(...points.at(-1).slice(0, 2));
    context.stroke();
  }
  #redraw() {
    const { context, base, strokes } = this;
    const cleared = strokes.findLastIndex(({ clear }) => clear);
    context.fillStyle = this.data.ground;
    context.fillRect(0, 0, 1, 1);
    context.imageSmoothingEnabled = false;
    if (base && cleared < 0) context.drawImage(base, 0, 0, 1, 1);
    for (const stroke of strokes.slice(cleared + 1)) this.#ink(stroke, 0, true);
    this.#look();
  }
  get #empty() {
    return this.strokes.length ? Boolean(this.strokes.at(-1).clear) : !this.base;
  }
  // --- a model that follows the pen --------------------------------------------------------
  #buildFollower() {
    this.following = element("div", { className: "following", hidden: true });
    const [seen, made] = ["What the model sees", "What it makes of it"].map((caption) => {
      const canvas2 = element("canvas", { className: "picture" }, { role: "img" });
      canvas2.setAttribute("aria-label", caption);
      const figure = element("figure");
      figure.append(canvas2, element("figcaption", { textContent: caption }));
      this.following.append(figure);
      return new Picture(canvas2);
    });
    this.status = element("p", { className: "status" });
    this.following.append(this.status);
    const small = SIDE / FACTOR;
    const canvas = element("canvas", { width: small, height: small });
    this.small = canvas.getContext("2d", { willReadFrequently: true });
    Object.assign(this, { seen, made });
    this.frames = new Frames((image) => this.#show(image), () => this.#leave());
    return this.following;
  }
  /** Fetches the model that is to follow, if it is another one. */
  async #follow() {
    const { follower } = this.data;
    const network = follower?.encoder && follower.encoder.weights + follower.decoder.weights;
    const address = network ?? follower?.event ?? null;
    if (address === this.address) return;
    this.#leave();
    this.address = address;
    if (!follower) return;
    if (!network) {
      this.frames.use(() => this.#seen(follower.shape));
      this.#look();
      return;
    }
    this.following.hidden = false;
    const megabytes = (follower.encoder.bytes + follower.decoder.bytes) / 1e6;
    this.status.textContent = `Fetching the model, ${megabytes.toFixed(1)} MB …`;
    const { signal } = this.fetching = new AbortController();
    const opened = await Promise.allSettled(
      [follower.encoder, follower.decoder].map((part) => openFor(part, signal))
    );
    const networks = opened.flatMap(({ value }) => value?.decoder ?? []);
    if (signal.aborted || networks.length < 2) {
      for (const network2 of networks) network2.close();
      if (!signal.aborted) this.#leave(address);
      return;
    }
    this.networks = networks;
    const milliseconds = opened.reduce((sum, { value }) => sum + value.milliseconds, 0);
    const time = `${milliseconds.toFixed(1)} ms`;
    this.status.textContent = `Encoded and decoded in your browser, ${time}`;
    const [, height, width2] = networks[1].manifest.image_shape;
    for (const picture of [this.seen, this.made]) {
      picture.resize(height, width2);
      picture.canvas.classList.toggle("smooth", height > 32);
    }
    this.frames.use(() => this.#decode());
    this.#look();
  }
  /** Stops following; `address` is what has failed, and is not tried again. */
  #leave(address = this.address) {
    this.address = address;
    this.fetching?.abort();
    this.frames.use(null);
    for (const network of this.networks ?? []) network.close();
    this.networks = null;
    this.following.hidden = true;
  }
  /** Shows in the next frame what the model makes of the pad, because of an input at `time`. */
  #look(time = null) {
    if (this.frames.decode) this.frames.request([], time);
  }
  /** What a model sees of the pad. */
  #seen(shape) {
    const side = SIDE / FACTOR;
    this.small.drawImage(this.canvas, 0, 0, side, side);
    const { data } = this.small.getImageData(0, 0, side, side);
    this.blank = !this.stroke && this.#empty;
    return prepare(data, side, shape, this.data.follower.centring);
  }
  #decode() {
    const [encoder, decoder] = this.networks;
    const seen = this.#seen(decoder.manifest.image_shape);
    if (!this.blank) this.seen.paint(seen);
    if (!encoder.worker && !decoder.worker) return decoder.decode(encoder.decode(seen));
    const answer = async () => {
      const code = await encoder.decode(seen);
      return decoder.decode(encoder.worker ? code.image : code);
    };
    return answer().then((made) => decoder.worker ? made : { image: made });
  }
  #show(image) {
    const { event } = this.data.follower ?? {};
    if (event) {
      window.dispatchEvent(new CustomEvent(event, { detail: this.blank ? null : image }));
      return;
    }
    this.made.paint(image);
    if (!this.blank) return;
    for (const { context, canvas } of [this.seen, this.made]) {
      context.clearRect(0, 0, canvas.width, canvas.height);
    }
  }
  // --- reports -----------------------------------------------------------------------------
  #changed() {
    this.undo.disabled = !this.strokes.length;
    this.rest.begin();
  }
  #report() {
    if (this.stroke) return;
    if (this.#empty) return this.setStateValue("drawing", "");
    const small = SIDE / FACTOR;
    const canvas = element("canvas", { width: small, height: small });
    const pixels = average(this.context.getImageData(0, 0, SIDE, SIDE).data, SIDE, FACTOR);
    canvas.getContext("2d").putImageData(new ImageData(pixels, small, small), 0, 0);
    this.setStateValue("drawing", canvas.toDataURL("image/png").split(",")[1]);
  }
  close() {
    this.rest.cancel();
    this.#leave();
    this.frames.close();
    super.close();
  }
};
export {
  draw_pad_default as default,
  instances,
  watchers
};
