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

// explore/address.js
function withNumbers(search, name, numbers2) {
  return withText(search, name, numbers2 && numbers2.map((number) => number.toFixed(3)).join("%2C"));
}
function withText(search, name, text) {
  const parts = search.replace(/^\?/, "").split("&").filter(Boolean);
  const at = parts.findIndex((part) => part.split("=")[0] === name);
  const now = text && `${name}=${text}`;
  if (at >= 0) parts.splice(at, 1, ...now ? [now] : []);
  else if (now) parts.push(now);
  return parts.length ? `?${parts.join("&")}` : "";
}

// explore/space.js
function step(span) {
  const power = 10 ** Math.floor(Math.log10(span / 100));
  return [5, 2, 1].find((factor) => factor * power <= span / 100 * (1 + 1e-12)) * power;
}
function normal() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}
var Axis = class {
  constructor({ name, weight, low, high, direction, offset }) {
    Object.assign(this, { name, weight, low, high, offset, direction: floats(direction) });
  }
  /** Where the code stands on this axis. */
  coordinate(z) {
    return this.direction.reduce((sum, d, i) => sum + d * z[i], -this.offset);
  }
  /** Moves the code, in place, along this axis alone until it stands at `to`. */
  move(z, to) {
    const by = to - this.coordinate(z);
    this.direction.forEach((d, i) => z[i] += by * d);
  }
};
var Space = class {
  constructor({ size, mean, axes, linked, draw, plane }) {
    this.size = size;
    this.plane = plane;
    this.axes = Object.fromEntries(
      Object.entries(axes).map(([kind, list]) => [kind, list.map((axis) => new Axis(axis))])
    );
    const all = Object.values(this.axes).flat();
    this.linked = linked.map((name) => all.find((axis) => axis.name === name));
    this.mean = floats(mean);
    this.prior = draw.prior;
    this.std = floats(draw.std);
  }
  /** Where the code stands along the axes that links and reports use. */
  coordinates(z) {
    return this.linked.map((axis) => Number(axis.coordinate(z).toFixed(3)));
  }
  /** The code that stands at these coordinates, or at the start where they are null. */
  at(start, coordinates) {
    const z = Float64Array.from(start);
    coordinates?.forEach((to, i) => this.linked[i].move(z, to));
    return z;
  }
  /**
   * A random code: of the prior, or of the Gaussian fitted to the codes of the data. Where links
   * hold only directions, whatever is at right angles to them stays as it is in `start`.
   */
  random(start) {
    if (this.prior) return Float64Array.from(start, normal);
    const z = Float64Array.from(this.axes.dimensions ? this.mean : start);
    this.std.forEach((std, i) => this.axes.directions[i].move(z, std * normal()));
    return z;
  }
};

// explore/plane.js
var DOT = 2.5;
var TINT = 0.5;
var LatentPlane = class {
  /**
   * @param box where to draw
   * @param file what files.plane makes
   * @param begin called when a person takes hold
   * @param move called with a code [x, y] and the time of the input
   */
  constructor(box, file, { begin, move }) {
    Object.assign(this, file, { box, begin, move, hidden: /* @__PURE__ */ new Set(), run: 0 });
    this.points = floats(file.points);
    this.labels = bytes(file.labels);
    this.gone = new AbortController();
    this.surface = element("div", { className: "plane", tabIndex: 0 }, {
      role: "application",
      "aria-label": "Latent plane: the arrow keys move the code"
    });
    this.backdrop = element("canvas", { className: "picture" });
    this.image = element("img", { className: "picture", hidden: true, alt: "" });
    this.dots = element("canvas");
    this.marker = element("div", { className: "marker" });
    this.surface.append(this.backdrop, this.image, this.dots, this.marker);
    const caption = element("p", { className: "note", textContent: file.caption });
    box.replaceChildren(this.surface, this.#legend(), caption);
    this.sized = new ResizeObserver(() => this.draw());
    this.sized.observe(this.surface);
    this.#listen();
  }
  #legend() {
    const legend = element("div", { className: "legend" }, { role: "group", "aria-label": "Show" });
    this.classes.forEach(({ name, colour }, k) => {
      const chip = element("button", { type: "button", textContent: name });
      chip.style.setProperty("--colour", colour);
      chip.setAttribute("aria-pressed", "true");
      chip.addEventListener("click", () => {
        if (!this.hidden.delete(k)) this.hidden.add(k);
        chip.setAttribute("aria-pressed", String(!this.hidden.has(k)));
        this.draw();
      });
      if (this.points.length) legend.append(chip);
    });
    return legend;
  }
  #listen() {
    const on = (type, act) => {
      this.surface.addEventListener(type, act, { signal: this.gone.signal });
    };
    let held = false;
    const go = (event) => {
      const { left: left2, top, width, height } = this.surface.getBoundingClientRect();
      const x = (event.clientX - left2) / width;
      const y = 1 - (event.clientY - top) / height;
      this.#go([x, y].map((part, i) => this.low[i] + part * this.#span(i)), event.timeStamp);
    };
    on("pointerdown", (event) => {
      if (event.button) return;
      this.surface.setPointerCapture(event.pointerId);
      held = true;
      this.begin();
      go(event);
    });
    on("pointermove", (event) => held && go(event));
    on("pointerup", () => held = false);
    on("pointercancel", () => held = false);
    on("keydown", (event) => {
      const arrow = ARROWS[event.key];
      if (!arrow || modified(event)) return;
      event.preventDefault();
      this.begin();
      const far = event.shiftKey ? 10 : 1;
      const signs = [arrow[0], -arrow[1]];
      this.#go(
        signs.map((sign, i) => this.z[i] + sign * far * step(this.#span(i))),
        event.timeStamp
      );
    });
  }
  #span(i) {
    return this.high[i] - this.low[i];
  }
  #go(z, time) {
    this.move(z.map((v, i) => clamp(v, this.low[i], this.high[i])), time);
  }
  /** Puts the marker where the code stands. */
  place(z) {
    this.z = z;
    const part = (i) => clamp((z[i] - this.low[i]) / this.#span(i), 0, 1);
    this.marker.style.left = `${100 * part(0)}%`;
    this.marker.style.top = `${100 * (1 - part(1))}%`;
  }
  /** Uses a picture of the server as the backdrop, where there is one. */
  show(address) {
    if (this.image.getAttribute("src") === address) return;
    this.image.hidden = !address;
    if (address) this.image.src = address;
  }
  /** Decodes the backdrop, a little at a time. */
  async fill(decode) {
    const run = ++this.run;
    const { side, low } = this;
    let started = performance.now();
    for (let i = 0; i < side * side; i += 1) {
      const cell = i * 7919 % (side * side);
      const [column, row] = [cell % side, Math.floor(cell / side)];
      const x = low[0] + (column + 0.5) / side * this.#span(0);
      const y = low[1] + (side - row - 0.5) / side * this.#span(1);
      let image;
      try {
        image = decode(Float32Array.of(x, y));
        if (image instanceof Promise) ({ image } = await image);
      } catch {
        return;
      }
      if (run !== this.run) return;
      this.#paint(image, column, row, i === 0);
      if (performance.now() - started > 5) {
        await new Promise((go) => (window.requestIdleCallback ?? setTimeout)(go));
        if (run !== this.run) return;
        started = performance.now();
      }
    }
  }
  #paint(image, column, row, first) {
    const context = this.backdrop.getContext("2d");
    if (first) {
      const size = Math.sqrt(image.length % 3 ? image.length : image.length / 3);
      Object.assign(this.backdrop, { width: this.side * size, height: this.side * size });
      this.cell = context.createImageData(size, size);
    }
    fromFloats(image, this.cell.data);
    context.putImageData(this.cell, column * this.cell.width, row * this.cell.height);
  }
  /** Draws the class regions and the codes of the data. */
  draw() {
    const side = this.surface.clientWidth;
    const scale = window.devicePixelRatio;
    Object.assign(this.dots, { width: side * scale, height: side * scale });
    const context = this.dots.getContext("2d");
    context.scale(scale, scale);
    if (this.regions) context.drawImage(this.#tint(), 0, 0, side, side);
    for (let i = 0; i < this.labels.length; i += 1) {
      const k = this.labels[i];
      if (this.hidden.has(k)) continue;
      const x = (this.points[2 * i] - this.low[0]) / this.#span(0) * side;
      const y = (1 - (this.points[2 * i + 1] - this.low[1]) / this.#span(1)) * side;
      context.beginPath();
      context.arc(x, y, DOT, 0, 2 * Math.PI);
      context.fillStyle = this.classes[k].colour;
      context.fill();
    }
  }
  #tint() {
    const { side } = this.regions;
    const [labels, shares] = [bytes(this.regions.labels), bytes(this.regions.shares)];
    const canvas = element("canvas", { width: side, height: side });
    const context = canvas.getContext("2d");
    const data = context.createImageData(side, side);
    const colours = this.classes.map(({ colour }) => {
      return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    });
    labels.forEach((k, i) => {
      if (this.hidden.has(k)) return;
      data.data.set([...colours[k], TINT * shares[i]], 4 * i);
    });
    context.putImageData(data, 0, 0);
    return canvas;
  }
  close() {
    this.run += 1;
    this.gone.abort();
    this.sized.disconnect();
    this.box.replaceChildren();
  }
};

// explore/latent_sliders.js
var REST = 120;
var RELEASED = 40;
var PATIENCE = 8e3;
var SMOOTH = "z_smooth";
var UNDOS = 100;
var STEPS = {
  // of the keys
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 10,
  PageDown: -10
};
var left = null;
var latent_sliders_default = (component) => mount(component, (root) => new LatentSliders(root));
var LatentSliders = class extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#settle());
    this.unreported = false;
    this.page = window.location.pathname;
    this.rows = [];
    this.history = [];
    this.number = Date.now();
    this.reason = "";
    this.silent = false;
    this.#build();
    this.frames = new Frames(
      (image) => this.picture.paint(image),
      (error) => this.#failed(error)
    );
  }
  #build() {
    const canvas = element("canvas", { className: "picture" }, { role: "img" });
    canvas.setAttribute("aria-label", "The decoded picture");
    const stage = element("figure", { className: "stage" });
    this.caption = element("span");
    this.hint = element("span");
    const captions = element("figcaption");
    captions.append(this.caption, this.hint);
    stage.append(canvas, captions);
    this.undoButton = this.#tool("Undo", () => this.#undo(), "Ctrl+Z");
    const smooth = element("input", { type: "checkbox" });
    smooth.checked = new URLSearchParams(window.location.search).get(SMOOTH) === "true";
    const show = () => canvas.classList.toggle("smooth", smooth.checked);
    this.smooth = smooth;
    this.on(smooth, "change", () => {
      show();
      this.#keepAddress();
    });
    show();
    const toggle = element("label", { className: "toggle" });
    toggle.append(smooth, "Smooth");
    const tools = element("div", { className: "tools" });
    tools.append(
      this.undoButton,
      this.#tool(
        "Shuffle sliders",
        () => this.#go(this.space.random(this.start), "Shuffled"),
        "Every slider to a random place; the start stays"
      ),
      this.#tool("Reset", () => this.#go(this.start, "Back at the start"), "Back to the start"),
      toggle
    );
    this.planeBox = element("div");
    this.note = element("p", { className: "note" });
    this.sliders = element("div", { className: "sliders" });
    this.status = element("p", { className: "status" });
    this.spoken = element("p", { className: "spoken" }, { "aria-live": "polite" });
    const controls = element("div", { className: "controls" });
    controls.append(tools, this.planeBox, this.note, this.sliders);
    const body = element("div", { className: "body" });
    body.append(stage, controls);
    this.root.append(body, this.status, this.spoken);
    this.picture = new Picture(canvas);
    this.#dragOn(canvas);
    this.on(this.root, "pointerdown", () => this.held = true);
    for (const end of ["pointerup", "pointercancel", "blur"]) {
      this.on(window, end, () => {
        if (this.held) this.rest.begin(RELEASED);
        this.held = false;
      });
    }
    this.onUndo(() => this.#undo());
    for (const turn of ["pointerdown", "focusin"]) {
      const away = (event) => {
        const path = event.composedPath();
        const leaves = path.some((node) => node.matches?.("a[href]"));
        if (!leaves && !path.includes(this.root)) this.#catchUp();
      };
      this.on(document, turn, away, { capture: true });
    }
    this.on(document, "visibilitychange", () => document.hidden && this.#catchUp());
  }
  /** A button that waits for the space. */
  #tool(textContent, act, title) {
    return this.button(textContent, () => this.space && act(), title);
  }
  // --- what Python says --------------------------------------------------------------------
  update({ data, setStateValue, setTriggerValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue, setTriggerValue });
    this.picture.resize(data.picture.shape[1], data.picture.shape[2]);
    this.note.textContent = data.text.note;
    if (data.picture.pixels && this.awaited?.number === data.picture.n) {
      this.silent = false;
      this.awaited.resolve({ image: bytes(data.picture.pixels) });
    }
    if (data.space !== last?.space) {
      this.#openSpace(data.space);
    } else if (this.space) {
      if (data.along !== last.along || data.shown !== last.shown) this.#buildRows();
      if (data.revision !== last.revision) this.#adopt(data.origin === last.origin);
    }
    if (!last || data.decoder?.weights !== last.decoder?.weights) this.#openDecoder(data.decoder);
    this.plane?.show(data.backdrop && media(data.backdrop));
    if (this.#follows) this.#catchUp();
    this.#keepAddress();
    this.#tell();
  }
  async #openSpace(address) {
    this.fetching?.abort();
    const { signal } = this.fetching = new AbortController();
    this.sliders.inert = true;
    this.space = null;
    const load = async (cache) => {
      const reply = await fetch(media(address), { signal, cache });
      if (!reply.ok) throw new Error(reply.statusText);
      return reply.json();
    };
    const failed = () => {
      this.status.textContent = "The sliders cannot be fetched; trying again …";
    };
    const file = await persist(load, { signal, attempts: Infinity, failed }).catch(() => null);
    if (signal.aborted) return;
    this.space = new Space(file);
    this.plane?.close();
    this.plane = this.space.plane && new LatentPlane(this.planeBox, this.space.plane, {
      begin: () => this.#begin(this.plane),
      move: (z, time) => this.#show(z, time)
    });
    this.plane?.show(this.data.backdrop && media(this.data.backdrop));
    if (this.decoder) this.plane?.fill((z) => this.decoder.decode(z));
    this.#adopt(false);
    this.#buildRows();
    this.sliders.inert = false;
  }
  /** Goes to where Python says, with the picture that came along. */
  #adopt(undoable) {
    if (undoable) this.#begin(this);
    else this.history = [];
    this.start = Float64Array.from(floats(this.data.start));
    const back = left?.origin === this.data.origin ? left : null;
    left = null;
    this.z = this.space.at(this.start, back ? back.at : this.data.at);
    this.rest.cancel();
    this.unreported = Boolean(back);
    this.settled = JSON.stringify(this.#coordinates(this.z));
    const { pixels } = this.data.picture;
    if (pixels) this.picture.paint(bytes(pixels));
    if (this.decoder || !pixels || back) this.frames.request(this.z);
    this.#place();
    if (!this.#follows) this.#keepAddress();
  }
  // --- decoding ----------------------------------------------------------------------------
  async #openDecoder(source) {
    this.opening?.abort();
    const { signal } = this.opening = new AbortController();
    this.#serve(source ? "" : this.data.text.server);
    if (!source) return;
    try {
      Object.assign(this, await openFor(source, signal));
      const { decoder } = this;
      this.frames.use((z) => decoder.decode(z));
      if (this.space) {
        this.frames.request(this.z);
        this.plane?.fill((z) => decoder.decode(z));
      }
    } catch (error) {
      if (!signal.aborted) this.reason = error.message;
    }
    if (!signal.aborted) this.#tell();
  }
  /** Lets the server decode from now on. */
  #serve(reason) {
    this.decoder?.close();
    this.decoder = null;
    this.reason = reason;
    this.frames.use(() => this.#ask());
  }
  /** Asks the server for a picture; `Frames` never asks for two at once. */
  #ask() {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("no answer")), PATIENCE);
      this.awaited = {
        number: this.#report(this.setTriggerValue, "ask"),
        resolve: (answer) => {
          clearTimeout(timer);
          resolve(answer);
        }
      };
    });
  }
  #failed(error) {
    this.silent = !this.decoder;
    if (this.decoder) this.#serve(`The decoder stopped: ${error.message}`);
    else this.frames.use(() => this.#ask());
    this.#tell();
  }
  // --- moving ------------------------------------------------------------------------------
  /** Remembers where the code stands, once for quick changes by one control. */
  #begin(control) {
    const now = performance.now();
    if (control !== this.moving || now - this.begun > 600) {
      this.history.push(Float64Array.from(this.z));
      if (this.history.length > UNDOS) this.history.shift();
    }
    this.moving = control;
    this.begun = now;
  }
  /** Shows another code. */
  #show(z, time) {
    if (!this.space) return;
    this.z = Float64Array.from(z);
    this.#place();
    this.#changed(time);
  }
  #go(z, words) {
    this.#begin(null);
    this.#show(z, performance.now());
    this.words = words;
  }
  #undo() {
    if (!this.space || !this.history.length) return;
    const z = this.history.pop();
    this.moving = null;
    this.#show(z, performance.now());
    this.words = "Undone";
  }
  #changed(time) {
    this.frames.request(this.z, time);
    this.plane?.place(this.z);
    this.undoButton.disabled = !this.history.length;
    this.#describe();
    this.rest.cancel();
    if (!this.held) this.rest.begin(REST);
    this.telling ??= setTimeout(() => this.#tell(), 250);
  }
  /** Comes to rest: the code is rounded, and the server or the address of the page has it. */
  #settle() {
    if (!this.space) return;
    if (!this.frames.idle && !this.decoder) return this.rest.begin(REST);
    const at = JSON.stringify(this.#coordinates(this.z));
    if (at === this.settled) return;
    this.settled = at;
    this.z = this.space.at(this.start, this.#coordinates(this.z));
    this.#place();
    if (this.decoder) this.frames.request(this.z);
    this.unreported = true;
    if (this.#follows) this.#catchUp();
    else this.#keepAddress();
    this.spoken.textContent = this.words ?? "";
  }
  /**
   * Whether something on the page depends on where the code rests.
   *
   * A report of rest costs the server 17 to 30 ms, and three hundred visitors who drag sliders
   * overload it. While nothing that is shown depends on the code, the server therefore hears of it
   * only when the visitor turns to something else (`#catchUp`): a download, say, must find the code
   * there. The address of the page, which Python writes in answer to a report, is kept here.
   */
  get #follows() {
    return this.data.follow !== false;
  }
  /** Tells the server where the code rests, if it does not know. */
  #catchUp() {
    if (!this.#follows && this.rest.waiting) this.#settle();
    if (!this.unreported || !this.space) return;
    this.unreported = false;
    this.#report(this.setStateValue, "z");
  }
  /**
   * Writes into the address of the page whether the picture is smooth, and where the code rests, as
   * Python would, unless Python does.
   *
   * Streamlit puts the server's query string there whenever Python has changed it, and that one may
   * lack this: `update` therefore calls this again. It replaces the entry of the history, so that
   * Back leaves the page, and keeps what Streamlit holds with the entry.
   */
  #keepAddress() {
    const { pathname, search, hash } = window.location;
    if (pathname !== this.page) return;
    const ours = this.space && !this.#follows;
    const place = ours ? withNumbers(search, "z", JSON.parse(this.settled)) : search;
    const wanted = withText(place, SMOOTH, this.smooth.checked ? "true" : null);
    if (wanted === search) return;
    window.history.replaceState(window.history.state, "", pathname + wanted + hash);
  }
  #coordinates(z) {
    return z.every((value, i) => value === this.start[i]) ? null : this.space.coordinates(z);
  }
  #report(send, event) {
    this.number = Math.max(this.number + 1, Date.now());
    send(event, { origin: this.data.origin, at: this.#coordinates(this.z), n: this.number });
    return this.number;
  }
  // --- the sliders -------------------------------------------------------------------------
  #buildRows() {
    const axes = this.space.axes[this.data.along].slice(0, this.data.shown);
    this.rows = axes.map((axis) => this.#row(axis));
    this.sliders.replaceChildren(...this.rows.map((row) => row.box));
    this.dragged = this.rows.slice(0, 2);
    if (this.plane) this.dragged.sort((a, b) => a.axis.name.localeCompare(b.axis.name));
    const [x, y] = this.dragged.map((row) => row.axis.name);
    this.hint.textContent = `Drag on the picture: ↔ ${x}${y ? `, ↕ ${y}` : ""}`;
    this.#place();
  }
  #row(axis) {
    const box = element("div", { className: "row", title: "Double-click: back to the start" });
    const label = element("label", { textContent: axis.name });
    if (axis.weight) label.append(element("small", { textContent: axis.weight }));
    const output = element("output");
    const input = element("input", { type: "range", step: "any" });
    input.setAttribute("aria-label", axis.weight ? `${axis.name}, ${axis.weight}` : axis.name);
    label.append(output);
    const track = element("div", { className: "track" });
    track.append(input);
    box.append(label, track);
    const row = { axis, box, input, output };
    let before;
    this.on(input, "pointerdown", () => {
      this.#begin(row);
      before = Float64Array.from(this.z);
    });
    this.on(input, "pointercancel", (event) => this.#show(before, event.timeStamp));
    this.on(input, "input", (event) => {
      this.#move([[row, input.valueAsNumber]], event.timeStamp);
    });
    this.on(input, "keydown", (event) => {
      const to = this.#key(event.key, row);
      if (to === void 0 || modified(event)) return;
      event.preventDefault();
      this.#begin(row);
      this.#move([[row, to]], event.timeStamp);
    });
    this.on(box, "dblclick", (event) => {
      this.#begin(row);
      this.#move([[row, axis.coordinate(this.start)]], event.timeStamp);
    });
    return row;
  }
  #key(key, { axis, low, high }) {
    const size = step(high - low);
    const to = { Home: low, End: high }[key] ?? axis.coordinate(this.z) + STEPS[key] * size;
    return Number.isNaN(to) ? void 0 : to;
  }
  /** Moves the code along the axes of some rows. */
  #move(places, time) {
    for (const [row, to] of places) {
      row.axis.move(this.z, clamp(to, row.low, row.high));
      this.#set(row);
    }
    if (this.data.along === "attributes") this.rows.forEach((row) => this.#set(row));
    const said = places.map(([row]) => `${row.axis.name} ${row.output.textContent}`);
    this.words = said.join(", ");
    this.#changed(time);
  }
  /** Puts every slider where the code stands. */
  #place() {
    for (const row of this.rows) {
      const { axis } = row;
      const here = [axis.coordinate(this.z), axis.coordinate(this.start)];
      row.low = Math.min(axis.low, ...here);
      row.high = Math.max(axis.high, ...here);
      if (row.high - row.low < 1e-6) {
        row.low -= 1;
        row.high += 1;
      }
      Object.assign(row.input, { min: row.low, max: row.high });
      row.box.style.setProperty("--start", (here[1] - row.low) / (row.high - row.low));
      this.#set(row);
    }
    this.plane?.place(this.z);
    this.undoButton.disabled = !this.history.length;
    this.#describe();
  }
  #set({ axis, input, output }) {
    const value = axis.coordinate(this.z);
    const words = value.toFixed(2).replace("-", "−");
    if (Math.abs(input.valueAsNumber - value) > 1e-9) input.value = value;
    output.textContent = words;
    input.setAttribute("aria-valuetext", words);
  }
  #dragOn(canvas) {
    let from = null;
    this.on(canvas, "pointerdown", (event) => {
      if (!this.space || event.button) return;
      canvas.setPointerCapture(event.pointerId);
      this.#begin(canvas);
      const at = this.dragged.map((row) => row.axis.coordinate(this.z));
      from = { x: event.clientX, y: event.clientY, at };
    });
    this.on(canvas, "pointermove", (event) => {
      if (!from) return;
      const { width, height } = canvas.getBoundingClientRect();
      const by = [(event.clientX - from.x) / width, (from.y - event.clientY) / height];
      const places = this.dragged.map((row, i) => {
        return [row, from.at[i] + by[i] * (row.high - row.low)];
      });
      this.#move(places, event.timeStamp);
    });
    for (const end of ["pointerup", "pointercancel"]) this.on(canvas, end, () => from = null);
  }
  // --- words -------------------------------------------------------------------------------
  #describe() {
    const moved = this.#coordinates(this.z) !== null;
    const { start } = this.data.text;
    const words = `${this.space.size} numbers: ${moved ? "moved away from " : ""}${start}`;
    if (this.caption.textContent === words) return;
    this.caption.textContent = words;
    this.picture.canvas.setAttribute("aria-label", `The picture decoded from ${words}`);
  }
  #tell() {
    clearTimeout(this.telling);
    this.telling = null;
    const parts = [];
    const rate = this.frames.rate();
    if (rate) parts.push(`${rate.toFixed(0)} frames a second`);
    if (this.silent) parts.push("the server does not answer; trying again");
    if (this.decoder) {
      const { manifest } = this.decoder;
      parts.push(
        `${this.milliseconds.toFixed(1)} ms a picture`,
        "decoded in your browser (WebAssembly)",
        `at most ${this.difference.toExponential(0)} from torch, plus ${manifest.reference.fp16_error.toExponential(0)} from 16-bit weights`
      );
    } else if (this.reason) {
      parts.push(`decoded by the server: ${this.reason}`);
    } else if (this.data.decoder) {
      const size = (this.data.decoder.bytes / 1e6).toFixed(1);
      parts.push(`decoded by the server until the decoder (${size} MB) is here`);
    }
    say(this.status, parts.join(" · "));
  }
  close() {
    if (!this.#follows && this.rest.waiting) this.#settle();
    if (this.unreported && this.space) {
      left = { origin: this.data.origin, at: this.#coordinates(this.z) };
    }
    this.fetching?.abort();
    this.opening?.abort();
    this.rest.cancel();
    clearTimeout(this.telling);
    this.frames.close();
    this.plane?.close();
    this.decoder?.close();
    this.awaited?.resolve({});
    super.close();
  }
};
export {
  latent_sliders_default as default,
  instances,
  watchers
};
