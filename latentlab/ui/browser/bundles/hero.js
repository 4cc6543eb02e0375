/* Made by `make bundle` from the files named here: change those instead. */

// shared/live.js
var mounted = /* @__PURE__ */ new WeakMap();
var count = 0;
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

// home/face.js
var ALONE = 5e3;
var ATTEMPTS = 6;
var STILL = "A face that a network makes of a few numbers";
var STEP = 0.25;
var Face = class {
  /**
   * @param view the component, for its listeners
   * @param go called with the place [x, y] at which the visitor wants to see more
   */
  constructor(view, go) {
    this.box = element("figure", { className: "face" });
    this.pad = element("div", { className: "pad" });
    this.still = element("img", { alt: "A cartoon face as a network draws it" });
    this.canvas = element("canvas", { hidden: true });
    this.marker = element("div", { className: "marker", hidden: true });
    this.pad.append(this.still, this.canvas, this.marker);
    this.words = element("span", { textContent: STILL });
    const more = view.button("Turn all", () => go(this.at), "Explore, at this very face");
    this.more = more;
    more.hidden = true;
    const caption = element("figcaption");
    caption.append(this.words, more);
    this.box.append(this.pad, caption);
    this.at = [0, 0];
    this.picture = new Picture(this.canvas);
    this.frames = new Frames((image) => this.picture.paint(image), () => this.#stop());
    this.#listen(view);
  }
  #listen(view) {
    const go = (event) => {
      if (!this.decoder) return;
      this.touched = true;
      const { left, top, width, height } = this.pad.getBoundingClientRect();
      const x = 2 * (event.clientX - left) / width - 1;
      const y = 1 - 2 * (event.clientY - top) / height;
      this.#show([x * this.reach, y * this.reach], event.timeStamp);
    };
    view.on(this.pad, "pointermove", go);
    view.on(this.pad, "pointerdown", go);
    view.on(this.pad, "keydown", (event) => {
      const arrow = ARROWS[event.key];
      if (!arrow || modified(event) || !this.decoder) return;
      event.preventDefault();
      this.touched = true;
      const far = event.shiftKey ? 4 * STEP : STEP;
      const [x, y] = this.at;
      this.#show([x + arrow[0] * far, y - arrow[1] * far], event.timeStamp);
    });
  }
  update({ still, decoder, reach, names, size }) {
    if (this.still.getAttribute("src") !== still) this.still.src = still;
    Object.assign(this, { reach, names, size });
    if (decoder?.weights === this.address) return;
    this.address = decoder?.weights;
    this.#stop();
    if (decoder) this.#open(decoder);
  }
  async #open(source) {
    const { signal } = this.opening = new AbortController();
    let decoder;
    try {
      const open = () => openFor(source, signal);
      ({ decoder } = await persist(open, { signal, attempts: ATTEMPTS }));
    } catch {
      return;
    }
    if (signal.aborted) return decoder.close();
    this.decoder = decoder;
    const [, height, width] = decoder.manifest.image_shape;
    this.picture.resize(height, width);
    this.frames.use((z) => decoder.decode(z));
    Object.assign(this.pad, { tabIndex: 0, role: "application" });
    this.canvas.hidden = this.marker.hidden = this.more.hidden = false;
    this.#show([0, 0], null);
    this.#moveAlone(performance.now());
  }
  /** Moves in a loop for a while, from the middle back to it, unless somebody takes over. */
  #moveAlone(begun) {
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const turn = (now) => {
      const part = Math.min((now - begun) / ALONE, 1);
      if (this.touched || !this.decoder) return;
      const swing = 0.8 * this.reach * Math.sin(Math.PI * part);
      const angle = 2 * Math.PI * part;
      this.#show([swing * Math.cos(angle), swing * Math.sin(angle)], null);
      if (part < 1) requestAnimationFrame(turn);
    };
    requestAnimationFrame(turn);
  }
  #show(at, time) {
    this.at = at.map((value) => clamp(value, -this.reach, this.reach));
    const [x, y] = this.at.map((value) => value / this.reach);
    this.marker.style.left = `${50 * (1 + x)}%`;
    this.marker.style.top = `${50 * (1 - y)}%`;
    this.frames.request(Float32Array.from(this.at), time);
    const tenths = this.at.map((value) => Math.round(10 * value) / 10 + 0);
    const said = tenths.map((value) => value.toFixed(1).replace("-", "−"));
    say(this.words, `The pointer turns two of this face's ${this.size} numbers: ${said.join(", ")}`);
    this.pad.setAttribute(
      "aria-label",
      `A face, decoded as you move: ${this.names[0]} ${said[0]}, ${this.names[1]} ${said[1]}. The arrow keys move it.`
    );
  }
  #stop() {
    this.opening?.abort();
    this.decoder?.close();
    this.decoder = null;
    this.canvas.hidden = this.marker.hidden = this.more.hidden = true;
    for (const name of ["tabindex", "role", "aria-label"]) this.pad.removeAttribute(name);
    say(this.words, STILL);
  }
  close() {
    this.#stop();
    this.frames.close();
  }
};

// home/wipe.js
var Wipe = class {
  /**
   * @param view the component, for its listeners
   * @param go called when the visitor wants to see more
   */
  constructor(view, go) {
    this.box = element("figure", { className: "wipe" });
    const pad2 = element("div", { className: "pad" });
    this.noisy = element("img", { alt: "" });
    this.denoised = element("img", { alt: "" });
    const line = element("div", { className: "line" });
    this.tags = ["noisy", "denoised"].map((side) => element("b", { className: side }));
    this.input = element("input", { type: "range", min: 0, max: 100, step: "any", value: 50 }, {
      "aria-label": "Divider between the noisy and the denoised photograph"
    });
    const set = () => pad2.style.setProperty("--at", `${this.input.value}%`);
    view.on(this.input, "input", set);
    view.on(this.input, "pointermove", (event) => {
      if (event.pointerType !== "mouse" || event.buttons) return;
      const { left, width } = this.input.getBoundingClientRect();
      this.input.value = 100 * (event.clientX - left) / width;
      set();
    });
    set();
    pad2.append(this.noisy, this.denoised, line, ...this.tags, this.input);
    this.words = element("span");
    const caption = element("figcaption");
    caption.append(this.words, view.button("Denoise one of yours", go, "Denoise, with this photograph"));
    this.box.append(pad2, caption);
  }
  update({ noisy, denoised, words, tags, size }) {
    pad(this.noisy, noisy, size);
    pad(this.denoised, denoised, size);
    this.tags.forEach((tag, side) => say(tag, tags[side]));
    this.input.setAttribute("aria-description", tags.join("; "));
    say(this.words, words);
  }
};
function pad(image, address, [width, height]) {
  Object.assign(image, { width, height });
  const src = media(address);
  if (image.src !== src) image.src = src;
}

// home/hero.js
var hero_default = (component) => mount(component, (root) => new Hero(root));
var Hero = class extends View {
  constructor(root) {
    super(root);
    const body = element("div", { className: "body" });
    this.face = new Face(this, (at) => this.go(at));
    this.wipe = new Wipe(this, () => this.go("photo"));
    body.append(this.face.box, this.wipe.box);
    this.root.append(body);
  }
  update({ data, setTriggerValue }) {
    this.go = (where) => setTriggerValue("go", where);
    this.face.update(data.face);
    this.wipe.update(data.photo);
  }
  close() {
    this.face.close();
    super.close();
  }
};
export {
  hero_default as default,
  watchers
};
