/* Made by `make bundle` from the files named here: change those instead. */

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
function prepare(canvas) {
  const scale = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (!width || !height) return null;
  const size2 = { width: Math.round(width * scale), height: Math.round(height * scale) };
  if (canvas.width !== size2.width || canvas.height !== size2.height) Object.assign(canvas, size2);
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
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
var ARROWS = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1]
};
var modified = (event) => event.ctrlKey || event.metaKey || event.altKey;
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

// shared/numbers.js
function bytes(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
function floats(base64) {
  return new Float32Array(bytes(base64).buffer);
}

// shared/presented.js
function present(root) {
  const presented = getComputedStyle(root).getPropertyValue("--stage") !== "";
  root.classList.toggle("presented", presented);
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
  const { latent_size: size2, image_shape: shape, layers, weights, reference } = manifest;
  insist(sizes([size2], 1) && sizes(shape, 3), "its latents or images have no size");
  insist(Array.isArray(layers) && layers.length > 0, "it has no layers");
  insist(layers.length <= MAX_LAYERS, `it has more than ${MAX_LAYERS} layers`);
  layers.forEach((layer, i) => {
    const sound = OPERATIONS.includes(layer?.op) && ACTIVATIONS.includes(layer.activation) && numbers(layer.parameters, 2) && [layer.input, layer.output].every((values) => sizes(values, 3)) && [layer.kernel, layer.stride].every((values) => sizes(values, 2)) && sizes(layer.padding, 2, 0);
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

// time_machine/curves.js
function chart(canvas, lines, { title, logarithmic = false, at, steps, style }) {
  const sheet = prepare(canvas);
  if (!sheet) return;
  const { context, width, height } = sheet;
  const type = 0.85 * parseFloat(style.fontSize);
  context.font = `400 ${type}px ${style.fontFamily}`;
  const [left, right, top, bottom] = [3 * type, width - 0.8 * type, 1.7 * type, height - 1.8 * type];
  const place = logarithmic ? (v) => Math.log10(Math.max(v, 1e-3)) : (v) => v;
  const all = lines.flatMap(({ values, real }) => real === void 0 ? values : [...values, real]);
  const [low, high] = span(all.map(place), logarithmic);
  const last = Math.max(lines[0].values.length - 1, 1);
  const x = (moment) => left + moment / last * (right - left);
  const y = (value) => bottom - (place(value) - low) / (high - low) * (bottom - top);
  context.fillStyle = style.color;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const tick of ticks(low, high, logarithmic)) {
    context.globalAlpha = 0.15;
    context.fillRect(left, y(tick), right - left, 1);
    context.globalAlpha = 0.8;
    context.fillText(short(tick), left - 5, y(tick));
  }
  context.textBaseline = "alphabetic";
  context.textAlign = "center";
  const marked = [0, Math.round(last / 3), Math.round(2 * last / 3)];
  for (const moment of width < 20 * type ? marked.slice(0, 2) : marked) {
    context.fillText(short(steps[moment] ?? 0), x(moment), height - 0.5 * type);
  }
  context.textAlign = "right";
  context.fillText(`${short(steps[last] ?? 0)} steps`, right + 0.6 * type, height - 0.5 * type);
  context.textAlign = "left";
  context.globalAlpha = 1;
  context.fillText(title, left, type);
  for (const { values, colour, real } of lines) {
    context.strokeStyle = context.fillStyle = colour;
    if (real !== void 0) {
      context.setLineDash([5, 4]);
      context.lineWidth = 1.5;
      context.beginPath();
      context.moveTo(left, y(real));
      context.lineTo(right, y(real));
      context.strokeStyle = style.color;
      context.stroke();
      context.setLineDash([]);
      context.strokeStyle = colour;
    }
    context.lineWidth = 2.5;
    context.beginPath();
    values.forEach((value, moment) => {
      if (moment) context.lineTo(x(moment), y(value));
      else context.moveTo(x(moment), y(value));
    });
    context.stroke();
    context.beginPath();
    context.arc(x(at), y(values[at]), 5, 0, 2 * Math.PI);
    context.fill();
  }
  context.fillStyle = style.color;
  context.globalAlpha = 0.6;
  context.fillRect(x(at) - 0.5, top, 1, bottom - top);
  context.globalAlpha = 1;
}
function span(values, logarithmic) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (logarithmic) return [Math.floor(least), Math.max(Math.ceil(most), Math.floor(least) + 1)];
  const low = Math.min(least, 0);
  return [low, most > low ? low + (most - low) * 1.05 : low + 1];
}
function ticks(low, high, logarithmic) {
  if (logarithmic) {
    return Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  }
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((part) => part * power >= rough);
  const found = [];
  for (let i = Math.ceil(low / step); i * step <= high + 1e-9; i += 1) found.push(i * step);
  return found;
}
function short(value) {
  const size2 = Math.abs(value);
  if (size2 >= 1e4) return `${Math.round(value / 1e3)} k`;
  if (size2 >= 10 || Number.isInteger(value)) return `${Math.round(value)}`;
  return `${+value.toPrecision(2)}`;
}
function sameShare(steps, moment, others) {
  const share = steps[moment] / (steps.at(-1) || 1);
  return Math.max(others.findLastIndex((step) => step <= share * others.at(-1) + 0.5), 0);
}
function normals(seed, count2) {
  let state = seed * 2654435761 >>> 0;
  const uniform = () => {
    state = state + 1831565813 >>> 0;
    let t = Math.imul(state ^ state >>> 15, state | 1);
    t ^= t + Math.imul(t ^ t >>> 7, t | 61);
    return ((t ^ t >>> 14) >>> 0) / 4294967296;
  };
  return Float32Array.from({ length: count2 }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    return radius * Math.cos(2 * Math.PI * uniform());
  });
}

// time_machine/reel.js
var ACROSS = 8;
var PACE = 260;
var COLOURS = ["#5b6ee1", "#e76300"];
var reel_default = (component) => mount(component, (root) => new Reel(root));
var Reel = class extends View {
  constructor(root) {
    super(root);
    this.reported = null;
    this.generators = /* @__PURE__ */ new Map();
    this.rest = new Rest(() => this.#report());
    this.frames = new Frames(
      () => this.#paint(),
      (error) => say(this.status, error.message)
    );
    this.frames.use((at) => at);
    this.status = element("p", { className: "status", textContent: "Fetching the training …" });
    this.spoken = element("p", { className: "spoken" }, { "aria-live": "polite" });
    root.append(this.status);
    this.resized = new ResizeObserver(() => {
      present(root);
      this.#draw();
    });
    this.resized.observe(root);
  }
  // --- what Python says --------------------------------------------------------------------
  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    present(this.root);
    const said = JSON.stringify(data.choice);
    if (!last || said !== JSON.stringify(last.choice) && said !== JSON.stringify(this.reported)) {
      this.choice = structuredClone(data.choice);
      this.reported = null;
    }
    if (JSON.stringify(data.reels) !== JSON.stringify(last?.reels)) this.#fetch();
    else this.#draw();
  }
  async #fetch() {
    this.fetching?.abort();
    this.#stop();
    this.generators.clear();
    const { signal } = this.fetching = new AbortController();
    try {
      this.runs = await Promise.all(
        this.data.reels.map(async (reel) => {
          const [story, samples, nearest] = await Promise.all([
            fetchJson(reel.story, signal),
            fetchPicture(reel.samples, signal),
            fetchPicture(reel.nearest, signal)
          ]);
          return { ...story, ...reel, places: story.live, samples, nearest, nearestOf: story.nearest };
        })
      );
    } catch (error) {
      if (!signal.aborted) say(this.status, `The training cannot be fetched: ${error.message}`);
      return;
    }
    const [first] = this.runs;
    this.codes = floats(first.codes);
    this.directions = floats(first.directions);
    this.#build();
  }
  // --- elements ----------------------------------------------------------------------------
  #build() {
    const [first] = this.runs;
    const last = first.steps.length - 1;
    const range = { type: "range", min: 0, max: last, step: 1, className: "slider" };
    this.slider = element("input", range, { "aria-label": "Moment of training" });
    this.on(this.slider, "input", () => {
      this.#stop();
      this.#go({ moment: this.slider.valueAsNumber }, performance.now());
    });
    this.play = this.button("Play", () => this.playing ? this.#stop() : this.#start());
    const sliding = element("div", { className: "sliding" });
    sliding.append(this.play, this.slider);
    const runs = element("div", { className: "runs" });
    this.cells = this.runs.map((run, i) => this.#run(run, i));
    runs.append(...this.cells.map(({ box }) => box));
    const body = element("div", { className: this.runs.length > 1 ? "body two" : "body" });
    body.append(runs, this.#chosen(first));
    const lower = element("div", { className: "lower" });
    this.table = element("table");
    const charts = element("div", { className: "charts" });
    this.charts = first.curves.map(({ title }, i) => {
      const canvas = element("canvas", { className: "chart" }, { role: "img", "aria-label": title });
      charts.append(canvas);
      return { canvas, i };
    });
    lower.append(this.table, charts);
    const whole = element("div", { className: "whole" });
    whole.append(sliding, ...this.cells.map(({ verdict }) => verdict), body, this.#strip(), lower);
    this.root.replaceChildren(whole, this.status, this.spoken);
    say(this.status, "Marks in the bars and dashed lines: real pictures. The moments lie closer together at the beginning, when most happens.");
    this.#go({});
  }
  /** The sheet of one run, and its classes. */
  #run(run, index) {
    const [, height, width] = run.shape;
    const rows = Math.ceil(run.shown / ACROSS);
    const box = element("section", { className: "run" });
    if (run.title) box.append(element("h3", { textContent: run.title }));
    const sheet = element("canvas", {
      className: "picture sheet",
      width: ACROSS * width,
      height: rows * height,
      tabIndex: 0
    }, { role: "application" });
    sheet.setAttribute("aria-label", `${run.title || "Samples"}: ${run.shown} samples of the same codes. The arrow keys choose one`);
    this.on(sheet, "pointerdown", (event) => {
      const { left, top, width: wide, height: tall } = sheet.getBoundingClientRect();
      const column = Math.floor((event.clientX - left) / wide * ACROSS);
      const row = Math.floor((event.clientY - top) / tall * rows);
      this.#choose(row * ACROSS + column);
    });
    this.on(sheet, "keydown", (event) => {
      const arrow = ARROWS[event.key];
      if (!arrow || modified(event)) return;
      event.preventDefault();
      this.#choose(this.choice.sample + arrow[0] + ACROSS * arrow[1]);
    });
    const classes = element("div", { className: "classes" });
    const bars = run.classes.map((name) => {
      const row = element("div", { className: "class" });
      const bar = element("span", { className: "bar" });
      const fill = element("span", { className: "fill" });
      const real = element("span", { className: "real" });
      bar.append(fill, real);
      const share = element("span", { className: "share" });
      row.append(element("span", { className: "name", textContent: name }), bar, share);
      classes.append(row);
      return { fill, real, share };
    });
    const figure = element("div", { className: "figure" });
    figure.append(sheet, classes);
    box.append(figure);
    const verdict = element("p", { className: "verdict" });
    verdict.style.setProperty("--run", COLOURS[index]);
    return { run, box, sheet, bars, verdict };
  }
  /** The chosen sample, the training picture nearest to it, and the generator of the moment. */
  #chosen(run) {
    const [, height, width] = run.shape;
    const box = element("section", { className: "chosen" });
    const picture = (name) => {
      const figure = element("figure");
      const canvas = element("canvas", { className: "picture", width, height }, { role: "img" });
      canvas.setAttribute("aria-label", name);
      const caption = element("figcaption", { textContent: name });
      figure.append(canvas, caption);
      return { figure, canvas, caption };
    };
    this.grown = picture("The chosen sample");
    this.similar = picture("The training picture nearest to it");
    this.made = picture("The code moved");
    this.live = new Picture(this.made.canvas);
    this.live.resize(height, width);
    const pictures = element("div", { className: "pictures" });
    pictures.append(this.grown.figure, this.similar.figure, this.made.figure);
    this.copied = element("p", { className: "copied" });
    const moving = element("div", { className: "moving" });
    this.moves = this.choice.moves.map((_, i) => {
      const input = element("input", {
        type: "range",
        min: -run.most,
        max: run.most,
        step: 0.05
      }, { "aria-label": `Move the code along direction ${i + 1}, standard deviations` });
      this.on(input, "input", () => {
        const moves = this.moves.map((each) => each.valueAsNumber);
        this.#go({ moves }, performance.now());
      });
      const row = element("label", { className: "move" });
      row.append(element("span", { textContent: `Direction ${i + 1}` }), input);
      moving.append(row);
      return input;
    });
    const buttons = element("div", { className: "buttons" });
    this.another = this.button("Another code", () => {
      const seed = 1 + Math.floor(Math.random() * (this.data.seeds - 1));
      this.#go({ seed, moves: this.choice.moves.map(() => 0) });
    }, "A code drawn anew from the prior, not one of the sheet’s");
    this.reset = this.button("Back to the sample", () => {
      this.#go({ seed: 0, moves: this.choice.moves.map(() => 0) });
    });
    buttons.append(this.another, this.reset);
    this.note = element("p", { className: "note" });
    box.append(pictures, this.copied, moving, buttons, this.note);
    return box;
  }
  /** All moments of the chosen sample, of every run. */
  #strip() {
    const strip = element("div", { className: "strips" });
    this.strips = this.runs.map((run) => {
      const [, height, width] = run.shape;
      const canvas = element("canvas", {
        className: "picture strip",
        width: run.steps.length * width,
        height,
        tabIndex: -1
      }, { role: "img" });
      canvas.style.setProperty("--moments", run.steps.length);
      canvas.setAttribute("aria-label", `${run.title || "The chosen sample"}, growing up: all moments`);
      this.on(canvas, "pointerdown", (event) => {
        const { left, width: wide } = canvas.getBoundingClientRect();
        const place = Math.floor((event.clientX - left) / wide * run.steps.length);
        this.#stop();
        this.#go({ moment: Math.min(Math.max(place, 0), this.runs[0].steps.length - 1) });
      });
      strip.append(canvas);
      return canvas;
    });
    return strip;
  }
  // --- moving ------------------------------------------------------------------------------
  #start() {
    const last = this.runs[0].steps.length - 1;
    if (this.choice.moment === last) this.#go({ moment: 0 });
    say(this.play, "Pause");
    this.playing = setInterval(() => {
      this.#go({ moment: this.choice.moment + 1 });
      if (this.choice.moment >= last) this.#stop();
    }, PACE);
  }
  #stop() {
    clearInterval(this.playing);
    this.playing = null;
    if (this.play) say(this.play, "Play");
  }
  #choose(sample) {
    if (sample < 0 || sample >= this.runs[0].shown) return;
    this.#go({ sample, seed: 0, moves: this.choice.moves.map(() => 0) }, performance.now());
  }
  #go(change, time = null) {
    const last = this.runs[0].steps.length - 1;
    Object.assign(this.choice, change);
    this.choice.moment = Math.min(Math.max(this.choice.moment, 0), last);
    this.choice.sample = Math.min(this.choice.sample, this.runs[0].shown - 1);
    this.#draw(time);
    if (Object.keys(change).length) this.rest.begin(this.playing ? 600 : 150);
  }
  #draw(time = null) {
    if (this.cells) this.frames.request([this.choice.moment], time);
  }
  #report() {
    this.reported = structuredClone(this.choice);
    say(this.spoken, this.cells[0].verdict.textContent);
    this.setStateValue("choice", this.reported);
  }
  // --- drawing -----------------------------------------------------------------------------
  /** The moment of a run that lies at the same share of it as one of the first run. */
  #placeIn(run, moment = this.choice.moment) {
    const [first] = this.runs;
    return run === first ? moment : sameShare(first.steps, moment, run.steps);
  }
  #paint() {
    const { moment, sample, seed, moves } = this.choice;
    const [first] = this.runs;
    this.slider.value = moment;
    this.slider.setAttribute("aria-valuetext", first.when[moment]);
    for (const cell of this.cells) this.#paintRun(cell);
    this.runs.forEach((run, i) => this.#paintStrip(run, this.strips[i]));
    const [, height, width] = first.shape;
    paste(this.grown.canvas, first.samples, [sample * width, moment * height], [width, height]);
    const found = first.nearestOf[moment][sample];
    const from = [found % first.shown * width, Math.floor(found / first.shown) * height];
    paste(this.similar.canvas, first.nearest, from, [width, height]);
    say(this.grown.caption, `Sample ${sample + 1}`);
    const distance = first.distances[moment][sample];
    const near = distance < first.near ? ", as near as a copy" : "";
    say(this.similar.caption, `Nearest training picture: ${distance.toFixed(1)} away${near}`);
    say(this.copied, first.copied[moment]);
    this.moves.forEach((input, i) => {
      input.value = moves[i];
    });
    this.reset.disabled = !seed && moves.every((move) => !move);
    this.#decode();
    this.#write();
    const style = getComputedStyle(this.root);
    for (const { canvas, i } of this.charts) {
      const lines = this.runs.map((run, k) => ({
        values: first.steps.map((_, at) => run.curves[i].values[this.#placeIn(run, at)]),
        colour: COLOURS[k],
        real: k ? void 0 : run.curves[i].real
      }));
      const { title, logarithmic } = first.curves[i];
      chart(canvas, lines, { title, logarithmic, at: moment, steps: first.steps, style });
    }
  }
  #paintRun({ run, sheet, bars, verdict }) {
    const [, height, width] = run.shape;
    const place = this.#placeIn(run);
    const context = sheet.getContext("2d");
    for (let row = 0; row * ACROSS < run.shown; row += 1) {
      const count2 = Math.min(ACROSS, run.shown - row * ACROSS) * width;
      context.drawImage(
        run.samples,
        row * ACROSS * width,
        place * height,
        count2,
        height,
        0,
        row * height,
        count2,
        height
      );
    }
    const [x, y] = [this.choice.sample % ACROSS * width, Math.floor(this.choice.sample / ACROSS) * height];
    context.strokeStyle = "#ffb000";
    context.lineWidth = 2;
    context.strokeRect(x + 1, y + 1, width - 2, height - 2);
    const most = 0.3;
    bars.forEach(({ fill, real, share }, k) => {
      const found = run.shares[place][k];
      fill.style.width = `${Math.min(100, 100 * found / most)}%`;
      fill.style.background = run.colours[k];
      real.style.left = `${Math.min(100, 100 * run.usual[k] / most)}%`;
      say(share, `${(100 * found).toFixed(0)} %`);
    });
    say(verdict, run.title ? `${run.title}. ${run.said[place]}` : run.said[place]);
  }
  #paintStrip(run, canvas) {
    const [, height, width] = run.shape;
    const context = canvas.getContext("2d");
    run.steps.forEach((_, place) => {
      const from = [this.choice.sample * width, place * height];
      context.drawImage(run.samples, ...from, width, height, place * width, 0, width, height);
    });
    context.strokeStyle = "#ffb000";
    context.lineWidth = 2;
    context.strokeRect(this.#placeIn(run) * width + 1, 1, width - 2, height - 2);
  }
  /** The code of the sample, or one drawn anew, moved along the directions. */
  #code() {
    const { sample, seed, moves } = this.choice;
    const { size: size2 } = this.runs[0];
    const z = seed ? normals(seed, size2) : this.codes.slice(sample * size2, (sample + 1) * size2);
    moves.forEach((move, i) => {
      for (let k = 0; k < size2; k += 1) z[k] += move * this.directions[i * size2 + k];
    });
    return z;
  }
  #decode() {
    const [first] = this.runs;
    const { reason } = this.data;
    if (reason || !first.live.length) {
      say(this.note, `Codes cannot be moved here. ${reason || "This generator stays on the server."}`);
      this.#disable(true);
      return;
    }
    const { moment } = this.choice;
    let nearest = 0;
    first.places.forEach((place, i) => {
      if (Math.abs(place - moment) < Math.abs(first.places[nearest] - moment)) nearest = i;
    });
    const known = this.generators.get(nearest);
    const when = first.when[first.places[nearest]];
    if (known?.decoder) {
      this.#disable(false);
      this.live.paint(known.decoder.decode(this.#code()).slice());
      say(this.made.caption, this.choice.seed ? "A code drawn anew" : "Its code, moved");
      say(this.note, `Decoded in your browser by the generator as it was then: ${when.toLowerCase()}.`);
      return;
    }
    if (known) return;
    const { signal } = this.fetching;
    this.generators.set(nearest, "coming");
    say(this.note, `Fetching the generator of that moment, ${(first.live[nearest].bytes / 1e6).toFixed(1)} MB …`);
    openChain(first.live[nearest], signal).then(
      (chain) => {
        if (signal.aborted) return;
        this.generators.set(nearest, chain);
        this.#draw();
      },
      (error) => {
        if (signal.aborted) return;
        this.generators.delete(nearest);
        this.#disable(true);
        say(this.note, `Codes cannot be moved here: ${error.message}`);
      }
    );
  }
  #disable(off) {
    for (const each of [...this.moves, this.another]) each.disabled = off;
    this.made.figure.classList.toggle("pending", off);
  }
  /** Writes the table: this moment's samples, of every run, beside real pictures. */
  #write() {
    const columns = this.runs.map((run) => run.rows[this.#placeIn(run)]);
    const titles = this.runs.length > 1 ? this.runs.map(({ title }) => title) : ["Samples"];
    if (this.table.rows.length !== columns[0].length + 1) {
      const head = element("tr");
      head.append(...["", ...titles, "Real pictures"].map((text) => element("th", { textContent: text }, { scope: "col" })));
      const body = columns[0].map(({ title, help }) => {
        const row = element("tr", { title: help });
        row.append(element("th", { textContent: title }, { scope: "row" }));
        for (let i = 0; i <= columns.length; i += 1) row.append(element("td"));
        return row;
      });
      this.table.replaceChildren(head, ...body);
    }
    columns[0].forEach((row, i) => {
      const cells = this.table.rows[i + 1].cells;
      columns.forEach((column, k) => say(cells[k + 1], column[i].samples));
      say(cells[columns.length + 1], row.real || "–");
    });
  }
  close() {
    this.#stop();
    this.fetching?.abort();
    this.resized.disconnect();
    this.rest.cancel();
    this.frames.close();
    super.close();
  }
};
function paste(canvas, sheet, [x, y], [width, height]) {
  canvas.getContext("2d").drawImage(sheet, x, y, width, height, 0, 0, width, height);
}
function fetchPicture(address, signal) {
  const load = async (cache) => {
    const response = await fetch(media(address), { signal, cache });
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    return createImageBitmap(await response.blob());
  };
  return persist(load, { signal, attempts: 3 });
}
export {
  reel_default as default,
  instances,
  watchers
};
