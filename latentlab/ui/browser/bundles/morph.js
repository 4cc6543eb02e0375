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
function floats(base64) {
  return new Float32Array(bytes(base64).buffer);
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

// interpolate/morph_paths.js
var dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
var mix = (a, b, ofA, ofB) => a.map((value, i) => ofA * value + ofB * b[i]);
function linear(a, b, t) {
  return t <= 0 ? a : t >= 1 ? b : mix(a, b, 1 - t, t);
}
function spherical(a, b, t) {
  const [lengthA, lengthB] = [a, b].map((v) => Math.sqrt(dot(v, v)));
  const cosine = dot(a, b) / (lengthA * lengthB);
  if (t <= 0 || t >= 1 || !(Math.abs(cosine) < 1 - 1e-6)) return linear(a, b, t);
  const angle = Math.acos(cosine);
  const scale = ((1 - t) * lengthA + t * lengthB) / Math.sin(angle);
  const ofA = scale * Math.sin((1 - t) * angle) / lengthA;
  return mix(a, b, ofA, scale * Math.sin(t * angle) / lengthB);
}
function bilinear([topLeft, topRight, bottomLeft, bottomRight], [x, y], path) {
  return path(path(topLeft, bottomLeft, y), path(topRight, bottomRight, y), x);
}
var thereAndBack = (laps) => 1 - Math.abs(1 - laps % 2);

// interpolate/morph.js
var PATHS = { linear, spherical };
var WAY = 2500;
var KEYS = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
  PageUp: [10, 0],
  PageDown: [-10, 0],
  Home: [-100, 0],
  End: [100, 0]
};
var morph_default = (component) => mount(component, (root) => new Morph(root));
var Morph = class extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#settle());
    this.number = 0;
    this.frames = new Frames(
      (drawn) => this.#paint(drawn),
      (error) => this.#serve(`The decoder stopped: ${error.message}`)
    );
    this.on(document, "visibilitychange", () => document.hidden && this.#play(false));
    this.on(window, "pointerup", () => this.#release());
    this.on(window, "pointercancel", () => this.#release());
  }
  /** The stage, and a slider for two endpoints or a square for four corners. */
  #build() {
    const { tracks, shape, text, at } = this.data;
    this.tracks = tracks.map((track) => {
      const canvas = element("canvas", { className: "picture" }, { role: "img" });
      canvas.setAttribute("aria-label", track.label);
      const box = element("figure");
      const caption = element("figcaption");
      const reading = element("span");
      caption.append(element("b", { textContent: track.label }), reading);
      box.append(canvas, caption);
      const picture = new Picture(canvas);
      picture.resize(shape[1], shape[2]);
      return { box, canvas, picture, reading };
    });
    const stage = element("div", { className: "stage" });
    const controls = element("div", { className: "controls" });
    this.square = at.length === 2 && this.#square(text.control);
    if (this.square) stage.append(this.square);
    else controls.append(...this.#slider(text.control));
    stage.append(...this.tracks.map(({ box }) => box));
    this.output = element("output");
    controls.append(this.output);
    this.status = element("p", { className: "status" });
    const body = element("div", { className: "body" });
    body.append(stage, controls, this.status);
    this.root.replaceChildren(body);
  }
  #slider(label) {
    this.player = this.button("", () => this.#play(!this.playing));
    this.input = element("input", { type: "range", min: 0, max: 1, step: "any" });
    this.input.setAttribute("aria-label", label);
    this.on(this.input, "pointerdown", () => this.#hold());
    this.on(this.input, "input", ({ timeStamp }) => {
      this.#go([this.input.valueAsNumber, 0], timeStamp);
    });
    this.on(this.input, "keydown", (event) => this.#key(event));
    this.speed = element("select", {}, { "aria-label": "Speed" });
    this.speed.append(...[0.5, 1, 2].map((value) => {
      return element("option", { value, textContent: `${value}×`, selected: value === 1 });
    }));
    return [this.player, this.input, this.speed];
  }
  #square(label) {
    const square = element("div", { className: "square", tabIndex: 0 }, {
      role: "application",
      "aria-label": label
    });
    this.grid = element("canvas", { className: "picture" });
    this.marker = element("div", { className: "marker" });
    square.append(this.grid, this.marker);
    const follow = ({ clientX, clientY, timeStamp }) => {
      const { left, top, width, height } = square.getBoundingClientRect();
      const { columns, rows } = this.data;
      const x = ((clientX - left) / width * columns - 0.5) / (columns - 1);
      this.#go([x, ((clientY - top) / height * rows - 0.5) / (rows - 1)], timeStamp);
    };
    this.on(square, "pointerdown", (event) => {
      if (event.button) return;
      square.setPointerCapture(event.pointerId);
      this.#hold();
      follow(event);
    });
    this.on(square, "pointermove", (event) => this.held && follow(event));
    this.on(square, "keydown", (event) => this.#key(event));
    return square;
  }
  // --- what Python says --------------------------------------------------------------------
  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    const layout = String([data.at.length, data.shape, ...data.tracks.map(({ label }) => label)]);
    if (layout !== this.layout) {
      this.sheet = null;
      this.#build();
    }
    this.layout = layout;
    const codes = floats(data.ends);
    const size = codes.length / data.count;
    this.codes = [0, 1, 2, 3].map((corner) => {
      const endpoint = corner % data.count;
      return Float64Array.from(codes.subarray(endpoint * size, (endpoint + 1) * size));
    });
    const told = String(data.at);
    if (!last || data.handled >= this.number && told !== this.told && !this.held) {
      this.at = [data.at[0], data.at[1] ?? 0];
      this.told = told;
    }
    if (data.sheet !== last?.sheet) this.#openSheet(data.sheet);
    if (!last || data.decoder?.weights !== last.decoder?.weights) this.#openDecoder(data.decoder);
    this.#show();
  }
  /** The server's pictures: the grid, the endpoints of the cross-fade, and all that it decodes. */
  async #openSheet(address) {
    const image = element("img", { src: media(address) });
    try {
      await image.decode();
    } catch {
      this.lost = address;
    }
    if (this.data.sheet !== address || this.lost === address || this.gone.signal.aborted) return;
    const [, height, width] = this.data.shape;
    const { columns, rows } = this.data;
    const sheet = element("canvas", { width: image.width, height: image.height });
    const context = sheet.getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    const top = (this.data.tracks.length - 1) * rows;
    this.endpoints = [[0, top], [columns - 1, top], [0, top + rows - 1], [columns - 1, top + rows - 1]];
    this.endpoints = this.endpoints.map(([column, row]) => {
      const { data } = context.getImageData(column * width, row * height, width, height);
      return Float32Array.from(data);
    });
    this.sheet = sheet;
    if (this.square) {
      Object.assign(this.grid, { width: columns * width, height: rows * height });
      this.grid.getContext("2d").drawImage(sheet, 0, 0);
    }
    this.#show();
  }
  // --- decoding ----------------------------------------------------------------------------
  async #openDecoder(source) {
    this.opening?.abort();
    const { signal } = this.opening = new AbortController();
    this.#serve(source ? "" : this.data.text.server);
    if (!source) return;
    try {
      Object.assign(this, await openFor(source, signal));
      this.#show();
    } catch (error) {
      if (!signal.aborted) this.#serve(error.message);
    }
  }
  /** Shows the server's pictures from now on. */
  #serve(reason) {
    this.decoder?.close();
    this.decoder = null;
    this.reason = reason;
    this.frames.use((at) => this.#draw([...at]));
    this.#show();
  }
  /** What `#paint` draws: the pictures that are decoded at a place, or none. */
  #draw(at) {
    const { decoder, codes } = this;
    const paths = decoder ? this.data.tracks.filter(({ path }) => path) : [];
    const latents = paths.map(({ path }) => Float32Array.from(bilinear(codes, at, PATHS[path])));
    if (!decoder?.worker) return { at, images: latents.map((z) => decoder.decode(z).slice()) };
    return Promise.all(latents.map((z) => decoder.decode(z))).then((answers) => {
      return { image: { at, images: answers.map(({ image }) => image) } };
    });
  }
  #paint({ at, images }) {
    const [, height, width] = this.data.shape;
    this.tracks.forEach(({ picture }, k) => {
      const { context, data } = picture;
      if (images[k]) {
        picture.paint(images[k]);
      } else if (this.sheet && this.data.tracks[k].path) {
        const [column, row] = this.#cell(at);
        const top = (k * this.data.rows + row) * height;
        context.drawImage(this.sheet, column * width, top, width, height, 0, 0, width, height);
      } else if (this.sheet) {
        data.data.set(bilinear(this.endpoints, at, linear));
        context.putImageData(data, 0, 0);
      }
    });
    this.telling ??= setTimeout(() => this.#tell(), 250);
  }
  /** Column and row of the server's picture that is nearest to a place. */
  #cell([x, y]) {
    return [Math.round(x * (this.data.columns - 1)), Math.round(y * (this.data.rows - 1))];
  }
  // --- moving ------------------------------------------------------------------------------
  #hold() {
    this.#play(false);
    this.held = true;
  }
  #release() {
    if (!this.held) return;
    this.held = false;
    this.rest.begin();
  }
  #key(event) {
    const step = KEYS[event.key];
    if (modified(event)) return;
    if (step) this.#step(step.map((by) => by / (event.shiftKey ? 10 : 100)), event.timeStamp);
    else if (event.key === " " && !this.square) this.#play(!this.playing);
    else return;
    event.preventDefault();
  }
  #step([right, down], time) {
    this.#play(false);
    const [x, y] = this.at;
    this.#go(this.square ? [x + right, y + down] : [x + right - down, 0], time);
  }
  #go(at, time) {
    this.at = at.map((part) => clamp(part, 0, 1));
    this.#show(time);
    if (!this.held && !this.playing) this.rest.begin();
  }
  /** Goes there and back, from where it stands, until told otherwise. */
  #play(on) {
    if (on === Boolean(this.playing)) return;
    cancelAnimationFrame(this.playing);
    this.playing = 0;
    if (!on) {
      this.#show();
      return this.rest.begin();
    }
    let last = performance.now();
    let laps = this.at[0];
    const frame = (now) => {
      laps += Math.min(Math.max(now - last, 0), 100) * Number(this.speed.value) / WAY;
      last = now;
      this.#go([thereAndBack(laps), 0], now);
      this.playing = requestAnimationFrame(frame);
    };
    this.playing = requestAnimationFrame(frame);
    this.#show();
  }
  #settle() {
    const at = this.at.slice(0, this.data.at.length).map((part) => Number(part.toFixed(3)));
    if (this.held || this.playing || String(at) === this.told) return;
    this.told = String(at);
    this.number = Math.max(this.number + 1, Date.now());
    this.setStateValue("at", { at, n: this.number });
  }
  // --- words -------------------------------------------------------------------------------
  /** Shows where it stands, because of an input at `time`. */
  #show(time = null) {
    if (!this.tracks) return;
    const { at, data } = this;
    this.frames.request(at, time);
    const percent = at.map((part) => `${(100 * part).toFixed(0)} %`);
    const words = this.square ? `${percent[0]} right, ${percent[1]} down` : percent[0];
    this.output.textContent = words;
    if (this.square) {
      this.marker.style.left = `${100 * (at[0] * (data.columns - 1) + 0.5) / data.columns}%`;
      this.marker.style.top = `${100 * (at[1] * (data.rows - 1) + 0.5) / data.rows}%`;
    } else {
      if (!this.held) this.input.value = at[0];
      this.input.setAttribute("aria-valuetext", words);
      this.player.textContent = this.playing ? "❚❚ Pause" : "▶ Play";
    }
    const [column, row] = this.#cell(at);
    this.#mark(this.square ? null : column);
    this.tracks.forEach(({ canvas, reading }, k) => {
      const { label, readings } = data.tracks[k];
      const [kind, certainty] = readings?.[row * data.columns + column] ?? [];
      const seen = data.classes[kind];
      const sure = element("small", { textContent: `${certainty} %` });
      reading.replaceChildren(...seen ? [`${seen.name} `, sure] : []);
      reading.style.setProperty("--colour", seen?.colour ?? "transparent");
      canvas.setAttribute("aria-label", `${label}, ${words}${seen ? `: ${seen.name}` : ""}`);
    });
  }
  /** Marks a step in the strips below, which interpolate.css does; null = none. */
  #mark(step) {
    if (step === this.marked) return;
    this.marked = step;
    const { style } = document.documentElement;
    if (step === null) style.removeProperty("--walk-step");
    else style.setProperty("--walk-step", step);
  }
  #tell() {
    clearTimeout(this.telling);
    this.telling = null;
    const rate = this.frames.rate();
    const parts = rate ? [`${rate.toFixed(0)} frames a second`] : [];
    if (this.decoder) {
      parts.push(
        `${this.milliseconds.toFixed(1)} ms a picture, decoded in your browser`,
        `at most ${this.difference.toExponential(0)} from torch`
      );
    } else if (this.reason) {
      parts.push(`the nearest of the server's pictures: ${this.reason}`);
    } else if (this.data.decoder) {
      parts.push("the nearest of the server's pictures until the decoder is here");
    }
    if (this.data.sheet === this.lost) parts.push("the server's pictures cannot be fetched");
    if (this.data.tracks[0].readings) parts.push("the classifier has seen the nearest picture below");
    say(this.status, parts.join(" · "));
  }
  close() {
    this.opening?.abort();
    cancelAnimationFrame(this.playing);
    this.rest.cancel();
    clearTimeout(this.telling);
    this.frames.close();
    this.decoder?.close();
    this.#mark(null);
    super.close();
  }
};
export {
  morph_default as default,
  instances,
  watchers
};
