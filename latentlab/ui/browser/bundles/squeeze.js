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
function truncate([into, out, ...rest], k) {
  const narrow = new Float32Array(out.outputs * k);
  for (let row = 0; row < out.outputs; row += 1) {
    narrow.set(out.weight.subarray(row * out.inputs, row * out.inputs + k), row * k);
  }
  const first = {
    ...into,
    outputs: k,
    weight: into.weight.subarray(0, k * into.inputs),
    bias: into.bias.subarray(0, k)
  };
  return [first, { ...out, inputs: k, weight: narrow }, ...rest];
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
  leaky_relu: (x, [slope2]) => x < 0 ? slope2 * x : x,
  clamp: (x, [low, high]) => Math.min(Math.max(x, low), high),
  silu: (x) => x / (1 + Math.exp(-x)),
  tanh: (x) => Math.tanh(x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x))
};
var SLOPES = {
  none: () => 1,
  relu: (x) => x > 0 ? 1 : 0,
  leaky_relu: (x, y, [slope2]) => x < 0 ? slope2 : 1,
  clamp: (x, y, [low, high]) => x > low && x < high ? 1 : 0,
  silu: (x, y) => {
    const s = 1 / (1 + Math.exp(-x));
    return s + y * (1 - s);
  },
  tanh: (x, y) => 1 - y * y,
  sigmoid: (x, y) => y * (1 - y)
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
var slope = (layers, run, layer, unit) => {
  const { activation, parameters } = layers[layer - 1];
  return SLOPES[activation](run.before[layer][unit], run.after[layer][unit], parameters);
};
function lookedFor(layers, run, layer, unit) {
  const { inputs, weight } = layers[layer - 1];
  let back = weight.slice(unit * inputs, (unit + 1) * inputs);
  for (let below = layer - 1; below >= 1; below -= 1) {
    const under = layers[below - 1];
    const next = new Float32Array(under.inputs);
    for (let row = 0; row < under.outputs; row += 1) {
      const part = back[row] * slope(layers, run, below, row);
      if (!part) continue;
      const at = row * under.inputs;
      for (let i = 0; i < under.inputs; i += 1) next[i] += part * under.weight[at + i];
    }
    back = next;
  }
  return back;
}
function drawnBy(layers, run, layer, unit) {
  let forth = new Float32Array(layer ? layers[layer - 1].outputs : layers[0].inputs);
  forth[unit] = 1;
  for (let above = layer + 1; above <= layers.length; above += 1) {
    const { inputs, outputs, weight } = layers[above - 1];
    const next = new Float32Array(outputs);
    for (let row = 0; row < outputs; row += 1) {
      let sum = 0;
      for (let i = 0; i < inputs; i += 1) sum += weight[row * inputs + i] * forth[i];
      next[row] = above < layers.length ? sum * slope(layers, run, above, row) : sum;
    }
    forth = next;
  }
  return forth;
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
function cut(whole, k) {
  return { layers: truncate(whole.layers, k), difference: whole.difference };
}

// bottleneck/blocks.js
function grid(units, [height, width] = [0, 0]) {
  if (height * width === units) return { rows: height, columns: width };
  const rows = units >= 256 ? Math.ceil(Math.sqrt(units)) : Math.min(units, units >= 128 ? 16 : 8);
  return { rows, columns: Math.ceil(units / rows) };
}
function place(sizes2, code, shape, width, most, gap) {
  const grids = sizes2.map((units) => ({ ...grid(units, shape), units }));
  const narrow = width < 520;
  const lines = narrow ? [grids.slice(0, code + 1), grids.slice(code)] : [grids];
  const fits = lines.map((line) => {
    const columns = line.reduce((sum, { columns: columns2 }) => sum + columns2, 0);
    return (width - gap * line.length) / columns;
  });
  const cell = Math.max(1, Math.min(most, Math.floor(Math.min(...fits) * 4) / 4));
  const blocks = [];
  let top = 0;
  lines.forEach((line, number) => {
    const tallest = Math.max(...line.map(({ rows }) => rows)) * cell;
    const used = line.reduce((sum, { columns }) => sum + columns * cell, 0);
    const room = width - gap - used;
    const space = line.length > 1 ? Math.min(room / (line.length - 1), 5 * gap) : 0;
    let x = (width - used - space * (line.length - 1)) / 2;
    for (const [place2, block] of line.entries()) {
      const again = number === 1 && place2 === 0;
      const index = number === 0 ? place2 : code + place2;
      blocks.push({ ...block, index, again, x, y: top + (tallest - block.rows * cell) / 2 });
      x += block.columns * cell + space;
    }
    top += tallest + 2.2 * gap;
  });
  return { cell, height: top, blocks };
}
function unitAt({ cell, blocks }, x, y, reach = 0) {
  let found = null;
  let nearest = reach;
  for (const { index, rows, columns, units, x: left, y: top } of blocks) {
    const [right, bottom] = [left + columns * cell, top + rows * cell];
    const away = Math.max(left - x, x - right, top - y, y - bottom, 0);
    if (away > nearest || found && away === nearest) continue;
    nearest = away;
    const column = Math.min(Math.max(Math.floor((x - left) / cell), 0), columns - 1);
    const row = Math.min(Math.max(Math.floor((y - top) / cell), 0), rows - 1);
    found = { index, unit: Math.min(row * columns + column, units - 1) };
  }
  return found;
}
function step(sizes2, shape, { index, unit }, [right, down]) {
  const { rows, columns } = grid(sizes2[index], shape);
  const [row, column] = [Math.floor(unit / columns), unit % columns];
  const there = column + right;
  if (there >= 0 && there < columns) {
    const moved = Math.min(Math.max(row + down, 0), rows - 1) * columns + there;
    return { index, unit: Math.min(moved, sizes2[index] - 1) };
  }
  const next = index + right;
  if (next < 0 || next >= sizes2.length) return { index, unit };
  const to = grid(sizes2[next], shape);
  const height = rows > 1 ? row / (rows - 1) : 0.5;
  const at = Math.round(height * (to.rows - 1)) * to.columns + (right > 0 ? 0 : to.columns - 1);
  return { index: next, unit: Math.min(at, sizes2[next] - 1) };
}

// bottleneck/opened.js
var ADDS = [91, 110, 225];
var TAKES = [231, 99, 0];
var GAP = 14;
var LINES = 14;
function tint(values, rgba) {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  for (let i = 0; i < values.length; i += 1) {
    const [red, green, blue] = values[i] < 0 ? TAKES : ADDS;
    rgba[4 * i] = red;
    rgba[4 * i + 1] = green;
    rgba[4 * i + 2] = blue;
    rgba[4 * i + 3] = most ? 255 * Math.abs(values[i]) / most : 0;
  }
  return most;
}
function grey(values, rgba) {
  for (let i = 0; i < values.length; i += 1) {
    rgba[4 * i] = rgba[4 * i + 1] = rgba[4 * i + 2] = 255 * values[i];
    rgba[4 * i + 3] = 255;
  }
}
var OpenedNetwork = class {
  /** @param view the component's: its root, its listeners */
  constructor(view) {
    this.view = view;
    this.unit = null;
    this.sheet = element("canvas");
    this.box = element("div", { className: "network" });
    this.canvas = element("canvas", { className: "layers", tabIndex: 0 }, { role: "application" });
    this.canvas.setAttribute(
      "aria-label",
      "The opened network: the arrow keys go from unit to unit, and from layer to layer"
    );
    this.hint = element("p", { className: "note" });
    const stage = element("div", { className: "stage" });
    stage.append(this.canvas);
    const panel = element("div", { className: "unit" });
    [this.looks, this.draws] = ["Looks for", "Draws"].map((title) => {
      const canvas = element("canvas", { className: "picture" }, { role: "img", "aria-label": title });
      const figure = element("figure");
      figure.append(canvas, element("figcaption", { textContent: title }));
      panel.append(figure);
      return canvas;
    });
    this.words = element("p");
    const words = element("div", { className: "words" });
    words.append(this.words, this.hint);
    panel.append(words);
    this.box.append(stage, panel);
    view.on(this.canvas, "pointermove", (event) => this.#point(movesOf(event).at(-1)));
    view.on(this.canvas, "pointerdown", (event) => this.#point(event));
    view.on(this.canvas, "keydown", (event) => this.#key(event));
    view.on(this.canvas, "focus", () => this.#draw());
    view.on(this.canvas, "blur", () => this.#draw());
    this.observer = new ResizeObserver(() => this.#measure());
    this.observer.observe(stage);
    this.stage = stage;
  }
  /** Shows the network for a picture; `layers` null: it is not here yet. */
  show(layers, x, shape) {
    Object.assign(this, { shape: shape.slice(1) });
    this.box.classList.toggle("pending", !layers);
    if (!this.ink) this.dress();
    say(this.hint, layers ? "Every square is a unit, so the layers are to scale: point at one. Each layer is as bright as its strongest unit. Blue adds, orange takes away." : "The network itself is on its way.");
    if (!layers) {
      this.layers = null;
      return;
    }
    if (layers !== this.layers) {
      const last = this.layers;
      this.layers = layers;
      this.sizes = [layers[0].inputs, ...layers.map(({ outputs }) => outputs)];
      this.code = codeLayer(layers);
      if (!last || !this.unit || this.unit.unit >= (this.sizes[this.unit.index] ?? 0)) {
        this.unit = { index: this.code, unit: 0 };
      }
    }
    this.run = forward(layers, x);
    this.#draw();
  }
  #point(event) {
    if (!this.layers || !this.plan) return;
    const box = this.canvas.getBoundingClientRect();
    const found = unitAt(this.plan, event.clientX - box.left, event.clientY - box.top, GAP);
    if (!found || found.index === this.unit?.index && found.unit === this.unit?.unit) return;
    this.#turnTo(found);
  }
  #key(event) {
    const arrow = ARROWS[event.key];
    if (!arrow || modified(event) || !this.layers) return;
    event.preventDefault();
    const far = event.shiftKey ? 4 : 1;
    let unit = this.unit;
    for (let i = 0; i < far; i += 1) unit = step(this.sizes, this.shape, unit, arrow);
    this.#turnTo(unit);
    this.write();
    say(this.view.spoken, this.words.textContent);
  }
  #turnTo(unit) {
    this.unit = unit;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      this.#draw();
      this.write();
    });
  }
  // --- drawing -----------------------------------------------------------------------------
  /** Learns what drawing needs of the page: asked in every frame, it would be laid out each time. */
  #measure() {
    this.width = this.stage.clientWidth;
    this.#draw();
  }
  /** Takes the theme's colour and type, which may have changed. */
  dress() {
    const { color, fontSize, fontFamily } = getComputedStyle(this.view.root);
    this.ink = color;
    this.type = `600 ${0.8 * parseFloat(fontSize)}px ${fontFamily}`;
    this.#draw();
  }
  #draw() {
    const { width, ink } = this;
    if (!this.layers || !width || !ink) return;
    const most = Math.max(4, Math.min(12, 0.24 * window.innerHeight / this.shape[0]));
    this.plan = place(this.sizes, this.code, this.shape, width, most, GAP);
    const { cell, height, blocks } = this.plan;
    const scale = window.devicePixelRatio || 1;
    const size2 = { width: Math.round(width * scale), height: Math.round((height + 6) * scale) };
    if (this.canvas.width !== size2.width || this.canvas.height !== size2.height) {
      Object.assign(this.canvas, size2);
      this.canvas.style.height = `${height + 6}px`;
    }
    const context = this.canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height + 6);
    context.imageSmoothingEnabled = false;
    this.#drawFunnel(context, ink);
    context.font = this.type;
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const block of blocks) {
      const { x, y, rows, columns, units, index } = block;
      this.#fill(index, units, rows, columns);
      context.globalAlpha = 0.1;
      context.fillStyle = ink;
      context.fillRect(x, y, columns * cell, rows * cell);
      context.globalAlpha = 1;
      context.drawImage(this.sheet, 0, 0, columns, rows, x, y, columns * cell, rows * cell);
      context.strokeStyle = ink;
      context.globalAlpha = index === this.code ? 1 : 0.4;
      context.lineWidth = index === this.code ? 1.5 : 1;
      context.strokeRect(x - 0.5, y - 0.5, columns * cell + 1, rows * cell + 1);
      context.globalAlpha = 0.8;
      context.fillText(index === this.code ? `[${units}]` : units, x + columns * cell / 2, y + rows * cell + 5);
      context.globalAlpha = 1;
    }
    this.#drawUnit(context, ink);
    this.#drawPanel();
  }
  /** Fills the sheet with what a layer passes on. */
  #fill(index, units, rows, columns) {
    if (this.sheet.width !== columns || this.sheet.height !== rows) {
      Object.assign(this.sheet, { width: columns, height: rows });
    }
    const context = this.sheet.getContext("2d");
    const data = context.createImageData(columns, rows);
    const values = this.run.after[index];
    const picture = index === 0 || index === this.layers.length;
    (picture ? grey : tint)(values.subarray(0, units), data.data);
    context.putImageData(data, 0, 0);
  }
  #drawFunnel(context, ink) {
    const { blocks, cell } = this.plan;
    context.fillStyle = ink;
    context.globalAlpha = 0.07;
    blocks.slice(1).forEach((to, i) => {
      const from = blocks[i];
      if (to.again) return;
      const [left, right] = [from.x + from.columns * cell, to.x];
      context.beginPath();
      context.moveTo(left, from.y);
      context.lineTo(right, to.y);
      context.lineTo(right, to.y + to.rows * cell);
      context.lineTo(left, from.y + from.rows * cell);
      context.fill();
    });
    context.globalAlpha = 1;
  }
  /** The chosen unit, and the strongest of what comes into it and of what it gives. */
  #drawUnit(context, ink) {
    const { index, unit } = this.unit;
    const { cell } = this.plan;
    const at = (layer, number, after) => {
      const found = this.plan.blocks.filter((block2) => block2.index === layer);
      const block = found[after ? found.length - 1 : 0];
      const column = number % block.columns;
      return [
        block.x + (column + 0.5) * cell,
        block.y + (Math.floor(number / block.columns) + 0.5) * cell
      ];
    };
    const lines = [];
    if (index > 0) {
      const { inputs, weight } = this.layers[index - 1];
      const from = this.run.after[index - 1];
      for (const [number, part] of strongest(inputs, (i) => weight[unit * inputs + i] * from[i])) {
        lines.push([at(index - 1, number, true), at(index, unit, false), part]);
      }
    }
    if (index < this.layers.length) {
      const { inputs, outputs, weight } = this.layers[index];
      const own = this.run.after[index][unit];
      for (const [number, part] of strongest(outputs, (o) => weight[o * inputs + unit] * own)) {
        lines.push([at(index, unit, true), at(index + 1, number, false), part]);
      }
    }
    context.lineWidth = 1;
    for (const [from, to, part] of lines) {
      context.strokeStyle = `rgb(${part < 0 ? TAKES : ADDS})`;
      context.globalAlpha = 0.75;
      context.beginPath();
      context.moveTo(...from);
      context.lineTo(...to);
      context.stroke();
    }
    context.globalAlpha = 1;
    for (const block of this.plan.blocks.filter((one) => one.index === index)) {
      const left = block.x + unit % block.columns * cell;
      const top = block.y + Math.floor(unit / block.columns) * cell;
      context.lineWidth = 2;
      context.strokeStyle = ink;
      context.strokeRect(left - 2, top - 2, cell + 4, cell + 4);
    }
  }
  #drawPanel() {
    const { index, unit } = this.unit;
    const { layers, run, code } = this;
    const [height, width] = this.shape;
    const paint = (canvas, values) => {
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      const context = canvas.getContext("2d");
      const data = context.createImageData(width, height);
      if (values) tint(values, data.data);
      context.putImageData(data, 0, 0);
    };
    const pixel = new Float32Array(width * height);
    if (!index) pixel[unit] = 1;
    paint(this.looks, index ? lookedFor(layers, run, index, unit) : pixel);
    paint(this.draws, drawnBy(layers, run, index, unit));
  }
  /** Says which unit is chosen, and what it passes on. */
  write() {
    if (!this.layers || !this.unit) return;
    const { index, unit } = this.unit;
    const { layers, run, code } = this;
    const count2 = this.sizes[index];
    let where = `Decoder, layer ${index - code} of ${layers.length - code}`;
    if (index === 0) where = "Input";
    else if (index === layers.length) where = "Output";
    else if (index === code) where = "The code";
    else if (index < code) where = `Encoder, layer ${index} of ${code}`;
    const kind = index === 0 || index === layers.length ? "pixel" : index === code ? "number" : "unit";
    const value = run.after[index][unit].toFixed(2).replace("-", "−");
    const off = layers[index - 1]?.activation === "relu" && run.after[index][unit] === 0;
    say(this.words, `${where}: ${kind} ${unit + 1} of ${count2} is ${value}${off ? ", switched off by this picture" : ""}.`);
  }
  close() {
    cancelAnimationFrame(this.frame);
    this.observer.disconnect();
  }
};
function strongest(count2, value) {
  const found = [];
  for (let i = 0; i < count2; i += 1) {
    const part = value(i);
    const size2 = Math.abs(part);
    if (!size2 || found.length === LINES && size2 <= Math.abs(found[0][1])) continue;
    let at = found.length;
    while (at > 0 && Math.abs(found[at - 1][1]) > size2) at -= 1;
    found.splice(at, 0, [i, part]);
    if (found.length > LINES) found.shift();
  }
  return found;
}

// bottleneck/squeeze.js
var QUIET = 500;
var READABLE = 110;
var BUDGET = 5;
var AT_ONCE = 2;
var squeeze_default = (component) => mount(component, (root) => new Squeeze(root));
var key = (method, k) => `${method}.${k}`;
var named = (title) => /^[A-Z]{2}/.test(title) ? title : `the ${title.toLowerCase()}`;
var short = (error) => error.toFixed(4).replace(/^0/, "");
var Squeeze = class extends View {
  constructor(root) {
    super(root);
    this.chains = /* @__PURE__ */ new Map();
    this.made = /* @__PURE__ */ new Map();
    this.cells = /* @__PURE__ */ new Map();
    this.values = null;
    this.next = 0;
    this.drawnAt = -Infinity;
    this.rest = new Rest(() => this.#report());
    this.wording = new Rest(() => this.#write());
    this.adopting = new Rest(() => this.#adopt());
    this.frames = new Frames(
      () => this.#paint(),
      (error) => say(this.status, error.message)
    );
    this.frames.use((x) => this.#compute(x));
    this.resized = new ResizeObserver(() => this.data && this.#dress());
    this.resized.observe(root);
  }
  // --- what Python says --------------------------------------------------------------------
  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    if (!last) {
      this.on(window, data.event, (event) => this.#follow(event.detail));
    }
    const layout = ({ sizes: sizes2, rows }) => JSON.stringify([sizes2, rows.map(({ name }) => name)]);
    const rebuilt = !last || layout(last) !== layout(data);
    if (rebuilt) this.#build();
    const changed = (name) => !last || data[name] !== last[name];
    const moved = changed("k") || changed("opened");
    if (moved && (data.k !== this.reported?.k || data.opened !== this.reported?.opened)) {
      Object.assign(this, { k: data.k, opened: data.opened, reported: null });
    }
    const addresses = ({ rows }) => JSON.stringify(rows.map(({ chains }) => chains));
    if (rebuilt || addresses(last) !== addresses(data)) this.#fetch();
    if (rebuilt || last.picture.identity !== data.picture.identity) {
      if (!rebuilt && performance.now() - this.drawnAt < QUIET) this.adopting.begin(QUIET);
      else this.#adopt();
    }
    this.#dress();
    this.#choose(this.k, this.opened, false);
  }
  /** Looks at the page's style: its theme, and whether this is a presentation. */
  #dress() {
    present(this.root);
    this.network.dress();
  }
  #adopt() {
    const { picture } = this.data;
    this.values = floats(picture.values);
    this.own = picture.identity;
    this.original.resize(picture.shape[1], picture.shape[2]);
    say(this.caption, picture.caption);
    this.original.canvas.setAttribute("aria-label", picture.caption);
    this.tried = new Map(
      this.data.tried.map(({ method, k, pixels, error }) => [
        key(method, k),
        { image: bytes(pixels), error, of: this.values }
      ])
    );
    this.frames.request(this.values);
  }
  /** What the pad calls out while somebody draws: pixels, or null where nothing is drawn. */
  #follow(values) {
    this.drawnAt = performance.now();
    if (this.adopting.waiting) this.adopting.begin(QUIET);
    if (!values) {
      this.#adopt();
      return;
    }
    if (values.length !== this.values.length) return;
    this.values = values;
    this.own = null;
    say(this.caption, "your drawing");
    this.frames.request(values, this.drawnAt);
  }
  // --- elements ----------------------------------------------------------------------------
  #build() {
    const { sizes: sizes2, rows } = this.data;
    this.cells.clear();
    const original = element("figure", { className: "original" });
    const canvas = element("canvas", { className: "picture" }, { role: "img" });
    this.original = new Picture(canvas);
    this.caption = element("span");
    const words = element("figcaption");
    words.append(element("b", { textContent: "The picture" }), this.caption);
    original.append(canvas, words);
    const table2 = element("div", { className: "table" });
    table2.style.setProperty("--sizes", sizes2.length);
    for (const { name, title } of rows) {
      table2.append(element("p", { className: "method", textContent: title }));
      for (const k of sizes2) table2.append(this.#cell(name, title, k));
    }
    const range = { type: "range", min: 0, max: sizes2.length - 1, step: 1, className: "slider" };
    this.slider = element("input", range, { "aria-label": "k, how many numbers are kept" });
    const move = () => this.#choose(sizes2[this.slider.valueAsNumber], this.opened, true);
    this.on(this.slider, "input", move);
    const ticks = element("div", { className: "ticks" }, { "aria-hidden": "true" });
    ticks.append(...sizes2.map((k) => element("span", { textContent: k })));
    this.ticks = [...ticks.children];
    this.ticks.forEach((tick, i) => this.on(tick, "click", () => this.#choose(sizes2[i], this.opened)));
    const sliding = element("div", { className: "sliding" });
    sliding.append(this.slider, ticks);
    table2.append(sliding);
    this.verdict = element("p", { className: "verdict" });
    const choices = element("div", { className: "choices" }, { role: "group" });
    choices.setAttribute("aria-label", "Opened network");
    this.buttons = rows.map(({ name, title }) => {
      const button = this.button(title, () => this.#choose(this.k, name));
      button.value = name;
      return button;
    });
    choices.append(element("span", { textContent: "Opened up:" }), ...this.buttons);
    this.network?.close();
    this.network = new OpenedNetwork(this);
    this.status = element("p", { className: "status" });
    this.spoken = element("p", { className: "spoken" }, { "aria-live": "polite" });
    const body = element("div", { className: "body" });
    body.append(original, table2);
    const answer = element("div", { className: "answer" });
    answer.append(this.verdict, choices);
    this.root.replaceChildren(body, answer, this.network.box, this.status, this.spoken);
  }
  #cell(name, title, k) {
    const figure = element("figure", { className: "cell pending" });
    const canvas = element("canvas", { className: "picture" }, { role: "img" });
    const caption = element("figcaption");
    figure.append(canvas, caption);
    const [, height, width] = this.data.picture.shape;
    const picture = new Picture(canvas);
    picture.resize(height, width);
    this.on(figure, "click", () => this.#choose(k, name));
    this.cells.set(key(name, k), { figure, picture, caption, name, title, k });
    return figure;
  }
  /** Looks closely at `k`, and opens a method's network. */
  #choose(k, opened, report = true) {
    const { sizes: sizes2, rows } = this.data;
    const time = performance.now();
    this.k = sizes2.includes(k) ? k : sizes2[0];
    this.opened = rows.some(({ name }) => name === opened) ? opened : rows.at(-1).name;
    const at = sizes2.indexOf(this.k);
    this.slider.value = at;
    this.slider.setAttribute("aria-valuetext", `k = ${this.k}`);
    this.ticks.forEach((tick, i) => tick.classList.toggle("chosen", i === at));
    for (const cell of this.cells.values()) {
      const state = Number(cell.k === this.k) + Number(cell.k === this.k && cell.name === this.opened);
      if (cell.state === state) continue;
      cell.state = state;
      cell.figure.classList.toggle("chosen", state > 0);
      cell.figure.classList.toggle("opened", state > 1);
    }
    for (const button of this.buttons) {
      button.setAttribute("aria-pressed", String(button.value === this.opened));
    }
    if (this.values) this.frames.request(this.values, report ? time : null);
    if (report) this.rest.begin();
  }
  #report() {
    this.reported = { k: this.k, opened: this.opened };
    this.#write();
    say(this.spoken, this.verdict.textContent);
    this.setStateValue("chosen", this.reported);
  }
  // --- networks ----------------------------------------------------------------------------
  /** Fetches all networks, first those of the chosen k, then those next to it. */
  async #fetch() {
    this.fetching?.abort();
    this.chains.clear();
    this.made.clear();
    const { rows, sizes: sizes2, reason } = this.data;
    if (reason) {
      say(this.status, `The server computes these pictures: ${reason}`);
      return;
    }
    const { signal } = this.fetching = new AbortController();
    const place2 = sizes2.indexOf(this.k ?? this.data.k);
    const wanted = rows.flatMap(
      ({ name, chains }) => Object.entries(chains).map(([k, at]) => ({ name, k: Number(k), at }))
    );
    const away = ({ name, k }) => name === "pca" ? 0.5 : Math.abs(sizes2.indexOf(k) - place2) + (name === this.opened ? 0 : 0.7);
    wanted.sort((a, b) => away(a) - away(b));
    const all = wanted.length;
    const megabytes = wanted.reduce((sum, { at }) => sum + at.bytes, 0) / 1e6;
    let failed = null;
    let worst = 0;
    const one = async () => {
      for (let next = wanted.shift(); next && !failed; next = wanted.shift()) {
        try {
          const chain = await openChain(next.at, signal);
          worst = Math.max(worst, chain.difference);
          this.#arrived(next.name, next.k, chain);
        } catch (error) {
          if (signal.aborted) return;
          failed = error;
        }
        const done = all - wanted.length;
        if (wanted.length) say(this.status, `Fetching the networks, ${megabytes.toFixed(1)} MB: ${done} of ${all} …`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
    if (signal.aborted) return;
    const computed = `Computed in your browser, at most ${worst.toExponential(0)} from torch`;
    say(this.status, failed ? `The server computes these pictures: ${failed.message}` : computed);
  }
  #arrived(name, k, chain) {
    if (name === "pca") {
      for (const fewer of this.data.sizes) {
        if (fewer <= k) this.chains.set(key(name, fewer), cut(chain, fewer));
      }
    } else {
      this.chains.set(key(name, k), chain);
    }
    if (this.values) this.frames.request(this.values);
  }
  /**
   * Makes the picture again: at the chosen k by every method, then at the others in turn for as
   * long as a frame has time. What is left over comes with the next frames.
   */
  #compute() {
    const begun = performance.now();
    const x = this.values;
    const turn = [...this.cells.keys()];
    turn.push(...turn.splice(0, this.next));
    const first = turn.filter((id) => this.cells.get(id).k === this.k);
    this.left = false;
    for (const id of [...first, ...turn]) {
      const chain = this.chains.get(id);
      if (!chain || this.made.get(id)?.of === x) continue;
      if (performance.now() - begun > BUDGET && !first.includes(id)) {
        this.left = true;
        break;
      }
      this.next = ([...this.cells.keys()].indexOf(id) + 1) % this.cells.size;
      const image = chain.decoder ? chain.decoder.decode(x).slice() : forward(chain.layers, x).after.at(-1);
      this.made.set(id, { image, error: meanSquare(image, x), of: x });
    }
    return x;
  }
  // --- drawing -----------------------------------------------------------------------------
  #paint() {
    const x = this.values;
    if (this.painted !== x) this.original.paint(x);
    this.painted = x;
    for (const [id, cell] of this.cells) {
      let made = this.made.get(id) ?? null;
      if (made?.of !== x && this.own) made = this.tried.get(id) ?? null;
      if (cell.shown === made) continue;
      if (!cell.shown !== !made) cell.figure.classList.toggle("pending", !made);
      cell.shown = made;
      if (made) cell.picture.paint(made.image);
    }
    const chain = this.chains.get(key(this.opened, this.k));
    this.network.show(chain?.layers ?? null, x, this.data.picture.shape);
    if (this.left) this.frames.request(x);
    if (!this.wording.waiting) this.wording.begin(performance.now() - this.written < READABLE ? READABLE : 0);
  }
  /** Writes the errors under the pictures, and which is the least. */
  #write() {
    this.written = performance.now();
    const best = /* @__PURE__ */ new Map();
    for (const cell of this.cells.values()) {
      const error = cell.shown?.error ?? Infinity;
      if (error < (best.get(cell.k)?.shown.error ?? Infinity)) best.set(cell.k, cell);
    }
    for (const cell of this.cells.values()) {
      const { figure, caption, title, k, picture, shown } = cell;
      const wins = best.get(k) === cell;
      figure.classList.toggle("best", wins);
      say(caption, shown ? `${wins ? "★ " : ""}${short(shown.error)}` : "…");
      const error = shown ? `error ${short(shown.error)}${wins ? ", the best" : ""}` : "not here yet";
      const label = `${title}, k = ${k}: ${error}`;
      if (cell.label !== label) picture.canvas.setAttribute("aria-label", cell.label = label);
    }
    const winner = best.get(this.k);
    if (winner) say(this.verdict, this.#sentence(winner));
    this.network.write();
  }
  #sentence(winner) {
    const parts = [...this.cells.values()].filter((cell) => cell.k === this.k && cell.shown && cell !== winner).map(({ title, shown }) => `${named(title)} ${short(shown.error)}`);
    const numbers2 = this.k === 1 ? "1 number" : `${this.k} numbers`;
    const others = parts.length ? `; ${parts.join(", ")}` : "";
    const error = short(winner.shown.error);
    return `Through ${numbers2}, ${named(winner.title)} is nearest to this picture: error ${error}${others}.`;
  }
  close() {
    this.fetching?.abort();
    this.rest.cancel();
    this.wording.cancel();
    this.adopting.cancel();
    this.network?.close();
    this.resized.disconnect();
    this.frames.close();
    super.close();
  }
};
export {
  squeeze_default as default,
  instances,
  watchers
};
