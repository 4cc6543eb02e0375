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

// time_machine/scores.js
function shareBelow(scores, score) {
  return scores.filter((each) => each < score).length / scores.length;
}
function histogram(lists, score, bars) {
  const all = [...lists.flat(), ...Number.isFinite(score) ? [score] : []];
  const [low, most] = [Math.min(...all), Math.max(...all)];
  const high = most > low ? most : low + 1;
  const counts = lists.map((scores) => {
    const found = new Array(bars).fill(0);
    for (const each of scores) {
      const bar = Math.floor((each - low) / (high - low) * bars);
      found[Math.min(bar, bars - 1)] += 1 / scores.length;
    }
    return found;
  });
  return { low, high, counts };
}

// time_machine/opinion.js
var QUIET = 500;
var REAL = "#0a9396";
var FAKE = "#e76300";
var opinion_default = (component) => mount(component, (root) => new Opinion(root));
var Opinion = class extends View {
  constructor(root) {
    super(root);
    this.drawnAt = -Infinity;
    this.adopting = new Rest(() => this.#adopt());
    const figure = element("figure", { className: "seen" });
    this.canvas = element("canvas", { className: "picture" }, { role: "img" });
    this.picture = new Picture(this.canvas);
    this.caption = element("figcaption");
    figure.append(this.canvas, this.caption);
    this.verdict = element("p", { className: "verdict" });
    this.scores = element("canvas", { className: "scores" }, { role: "img" });
    const legend = element("p", { className: "legend" });
    for (const [name, text] of [["real", "unseen test pictures"], ["fake", "samples of that moment"]]) {
      const item = element("span", { className: name, textContent: text });
      legend.append(item);
    }
    this.status = element("p", { className: "status" });
    const right = element("div", { className: "right" });
    right.append(this.verdict, this.scores, legend, this.status);
    const body = element("div", { className: "body" });
    body.append(figure, right);
    root.replaceChildren(body);
    this.resized = new ResizeObserver(() => this.data && this.#draw());
    this.resized.observe(root);
  }
  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    present(this.root);
    if (!last) this.on(window, data.event, (event) => this.#follow(event.detail));
    const critic = JSON.stringify(data.critic);
    if (!last || critic !== JSON.stringify(last.critic)) this.#fetch();
    if (!last || last.picture.identity !== data.picture.identity || last.score !== data.score) {
      if (last && performance.now() - this.drawnAt < QUIET) this.adopting.begin(QUIET);
      else this.#adopt();
    } else this.#draw();
  }
  async #fetch() {
    this.fetching?.abort();
    this.chain = null;
    const { critic } = this.data;
    if (!critic) {
      say(this.status, "The server asks the critic, after every stroke.");
      return;
    }
    const { signal } = this.fetching = new AbortController();
    say(this.status, "Fetching the critic …");
    try {
      const chain = await openChain(critic, signal);
      if (signal.aborted) return;
      this.chain = chain;
      say(this.status, "While you draw, the critic runs in your browser.");
    } catch (error) {
      if (!signal.aborted) say(this.status, `The server asks the critic: ${error.message}`);
    }
  }
  #adopt() {
    const { picture, score } = this.data;
    this.#show(floats(picture.values), picture.shape, picture.caption, score);
  }
  /** What the pad calls out while somebody draws: pixels, or null where nothing is drawn. */
  #follow(values) {
    this.drawnAt = performance.now();
    if (this.adopting.waiting) this.adopting.begin(QUIET);
    if (!values) {
      this.#adopt();
      return;
    }
    if (!this.chain || values.length !== this.chain.decoder.manifest.latent_size) return;
    const [score] = this.chain.decoder.decode(values);
    this.#show(values, this.data.picture.shape, "your drawing", score);
  }
  #show(values, shape, caption, score) {
    this.picture.resize(shape[1], shape[2]);
    this.picture.paint(values);
    say(this.caption, caption);
    this.canvas.setAttribute("aria-label", caption);
    this.score = score;
    this.#draw();
  }
  #draw() {
    const { real, samples, when, bars } = this.data;
    const { score } = this;
    const percent = (share) => `${Math.round(100 * share)} %`;
    say(this.verdict, `${when}, the critic gives it ${score < 0 ? "−" : "+"}${Math.abs(score).toFixed(2)}: more than ${percent(shareBelow(real, score))} of real test pictures get, and more than ${percent(shareBelow(samples, score))} of the samples of that moment.`);
    this.scores.setAttribute("aria-label", `Scores of the critic. ${this.verdict.textContent}`);
    const style = getComputedStyle(this.root);
    const sheet = prepare(this.scores);
    if (!sheet) return;
    const { context, width, height } = sheet;
    const type = 0.9 * parseFloat(style.fontSize);
    context.font = `400 ${type}px ${style.fontFamily}`;
    const both = histogram([real, samples], score, bars);
    const [top, bottom] = [1.6 * type, height - 1.8 * type];
    const x = (value) => (value - both.low) / (both.high - both.low) * width;
    const step = width / bars;
    const most = Math.max(...both.counts.flat());
    both.counts.forEach((counts, k) => {
      context.fillStyle = [REAL, FAKE][k];
      context.globalAlpha = 0.6;
      counts.forEach((count2, i) => {
        const tall = (bottom - top) * count2 / most;
        context.fillRect(i * step + 1, bottom - tall, step - 2, tall);
      });
    });
    context.globalAlpha = 1;
    context.fillStyle = style.color;
    context.fillRect(0, bottom, width, 1);
    const place = Math.min(Math.max(x(score), 1), width - 2);
    context.fillRect(place - 1, top - 2, 3, bottom - top + 2);
    context.textBaseline = "alphabetic";
    context.textAlign = place > width / 2 ? "right" : "left";
    context.fillText("this picture", place, type);
    context.textAlign = "left";
    context.fillText(`${both.low.toFixed(1)}  looks generated`, 0, height - 0.5 * type);
    context.textAlign = "right";
    context.fillText(`looks real  ${both.high.toFixed(1)}`, width, height - 0.5 * type);
  }
  close() {
    this.fetching?.abort();
    this.adopting.cancel();
    this.resized.disconnect();
    super.close();
  }
};
export {
  opinion_default as default,
  instances
};
