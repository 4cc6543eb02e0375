/* Made by `make bundle` from the files named here: change those instead. */

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
var clamp = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));

// denoise/brush.js
var TILE = 256;
var DRAWS = 1024;
function amount({ weak, strong, geometric }, strength) {
  if (geometric) return weak * (strong / weak) ** strength;
  return weak + strength * (strong - weak);
}
function words(kind, value) {
  return {
    gaussian: () => `σ = ${(255 * value).toFixed(0)} of 255`,
    poisson: () => `${value.toFixed(0)} photons at white`,
    salt_and_pepper: () => `${(100 * value).toFixed(0)} % of the pixels`,
    jpeg: () => `quality ${value.toFixed(0)}`
  }[kind]();
}
function inverse(cumulated, outcome) {
  const found = new Float64Array(DRAWS);
  let step = 0;
  for (let i = 0; i < DRAWS; i += 1) {
    while (step < cumulated.length - 1 && cumulated[step] <= (i + 0.5) / DRAWS) step += 1;
    found[i] = outcome(step);
  }
  return found;
}
function normal() {
  const [low, steps] = [-4, 8192];
  const cumulated = new Float64Array(steps);
  let sum = 0;
  for (let i = 0; i < steps; i += 1) {
    cumulated[i] = sum += Math.exp(-((low + (i + 0.5) / 1024) ** 2) / 2);
  }
  return inverse(cumulated.map((value) => value / sum), (i) => low + (i + 0.5) / 1024);
}
function poisson(rate) {
  const cumulated = [];
  let probability = Math.exp(-rate);
  let sum = 0;
  for (let k = 0; sum < 1 - 1e-6 && k < 2 * rate + 60; k += 1) {
    cumulated.push(sum += probability);
    probability *= rate / (k + 1);
  }
  return inverse(cumulated, (k) => k);
}
function outcomes(kind, value) {
  const table = new Uint8ClampedArray(256 * DRAWS);
  const noise = kind === "gaussian" ? normal() : null;
  for (let level = 0; level < 256; level += 1) {
    const drawn = noise ?? poisson(value * level / 255);
    for (let i = 0; i < DRAWS; i += 1) {
      const to = noise ? level + 255 * value * drawn[i] : 255 * drawn[i] / value;
      table[level * DRAWS + i] = to;
    }
  }
  return table;
}
function degrade(rgba, kind, value, table, seed) {
  let state = Math.imul(seed + 1, 2654435761) ^ 1540483477 | 1;
  const draw = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (let i = 0; i < 16; i += 1) draw();
  if (kind === "salt_and_pepper") {
    for (let i = 0; i < rgba.length; i += 4) {
      const u = draw() / 2 ** 32;
      if (u < value) rgba.fill(u < value / 2 ? 0 : 255, i, i + 3);
    }
    return;
  }
  for (let i = 0; i < rgba.length; i += 4) {
    for (let c = i; c < i + 3; c += 1) rgba[c] = table[rgba[c] * DRAWS + (draw() >>> 22)];
  }
}
var inPixels = (points, size) => points.map(([x, y]) => [x * size[0], y * size[1]]);
var radiusOf = ({ radius }, size) => radius * Math.max(...size);
function tilesOf(stroke, size, first = 0) {
  const found = /* @__PURE__ */ new Set();
  const columns = Math.ceil(size[0] / TILE);
  const reach = radiusOf(stroke, size) + 1;
  const points = inPixels(stroke.points, size);
  for (let i = first; i < points.length; i += 1) {
    const ends = [points[Math.max(i - 1, 0)], points[i]];
    const [from, to] = [Math.min, Math.max].map((least, sign) => [0, 1].map((axis) => {
      const edge = least(ends[0][axis], ends[1][axis]) + (sign ? reach : -reach);
      return Math.floor(clamp(edge, 0, size[axis] - 1) / TILE);
    }));
    for (let row = from[1]; row <= to[1]; row += 1) {
      for (let column = from[0]; column <= to[0]; column += 1) found.add(row * columns + column);
    }
  }
  return found;
}
function tileAt(number, size) {
  const columns = Math.ceil(size[0] / TILE);
  const [left, top] = [number % columns * TILE, Math.floor(number / columns) * TILE];
  return [left, top, Math.min(TILE, size[0] - left), Math.min(TILE, size[1] - top)];
}
var written = (strokes) => JSON.stringify(
  strokes.map(({ kind, strength, radius, points }) => [kind, strength, radius, points])
);
function continued(strokes, longer) {
  const count2 = strokes.length;
  return written(strokes) === written(longer.slice(0, count2)) ? count2 : null;
}

// denoise/photo_geometry.js
var LARGEST = 2;
var PANES = [120, 220];
var onPicture = (place) => place.map((part) => +clamp(part, 0, 1).toFixed(5));
function fit(size, room, density) {
  const scale = Math.min(room[0] / size[0], room[1] / size[1], LARGEST);
  return size.map((side) => Math.max(Math.round(side * scale * density), 1));
}
function pane(width, density) {
  return 4 * Math.round(clamp(0.22 * width, ...PANES) * density / 4);
}
function region(place, side, size) {
  const [left, top] = size.map((all, i) => {
    return Math.round(clamp(place[i] * all - side / 2, 0, all - side));
  });
  return [left, top, side];
}
function beside(at, glass, stage, gap, over = 0) {
  const left = clamp(at[0] - glass[0] / 2, 0, stage[0] - glass[0]);
  const above = at[1] - gap - glass[1];
  return [left, above >= -over ? above : at[1] + gap];
}
function moved([, , ...sides], place, size) {
  const corner = sides.map((side, i) => Math.round(clamp(
    place[i] * size[i] - side / 2,
    0,
    size[i] - side
  )));
  return [...corner, ...sides];
}
var middle = ([left, top, width, height], size) => {
  return onPicture([(left + width / 2) / size[0], (top + height / 2) / size[1]]);
};
var same = (a, b) => a.every((value, i) => Math.abs(value - b[i]) <= 2);

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

// denoise/photo_layers.js
var ATTEMPTS = 3;
var Layer = class {
  constructor(file, bitmap) {
    Object.assign(this, { file, bitmap, shown: null, size: [bitmap.width, bitmap.height] });
  }
  /** Scales it to [width, height] device pixels, antialiased. */
  async scale([width, height]) {
    if (this.shown?.width === width && this.shown.height === height) return;
    const options = { resizeWidth: width, resizeHeight: height, resizeQuality: "high" };
    const shown = await createImageBitmap(this.file, options);
    if (!this.bitmap) return shown.close();
    this.shown?.close();
    this.shown = shown;
  }
  close() {
    this.bitmap?.close();
    this.shown?.close();
    this.bitmap = this.shown = null;
  }
};
var Layers = class {
  constructor() {
    this.opened = /* @__PURE__ */ new Map();
  }
  /**
   * The layer at an address.
   * @returns {Promise<Layer>} rejected where it cannot be had
   */
  open(address) {
    let entry = this.opened.get(address);
    if (!entry) {
      const gone = new AbortController();
      entry = { gone, layer: this.#fetch(address, gone.signal) };
      entry.layer.catch(() => this.opened.get(address) === entry && this.opened.delete(address));
      this.opened.set(address, entry);
    }
    return entry.layer;
  }
  async #fetch(address, signal) {
    const load = async (cache) => {
      const reply = await fetch(media(address), { signal, cache });
      if (!reply.ok) throw new Error("the server does not have it any more");
      return reply.blob();
    };
    const file = await persist(load, { signal, attempts: ATTEMPTS });
    const bitmap = await createImageBitmap(file).catch(() => {
      throw new Error("the browser cannot decode it");
    });
    if (signal.aborted) bitmap.close();
    signal.throwIfAborted();
    return new Layer(file, bitmap);
  }
  /** Frees all layers but those at these addresses. */
  keep(addresses) {
    for (const [address, { gone, layer }] of this.opened) {
      if (addresses.includes(address)) continue;
      this.opened.delete(address);
      gone.abort();
      layer.then((made) => made.close(), () => {
      });
    }
  }
};

// denoise/photo_paint.js
var BUDGET = 8;
var KEPT = 64;
var Preview = class {
  /**
   * @param kinds of damage, by name
   * @param changed called when there is something new to see
   */
  constructor(kinds, changed) {
    Object.assign(this, { kinds, changed });
    this.damaged = /* @__PURE__ */ new Map();
    this.tables = /* @__PURE__ */ new Map();
    this.canvas = element("canvas");
    this.context = this.canvas.getContext("2d");
    this.clear();
  }
  /** Whether it shows anything. */
  get active() {
    return Boolean(this.base);
  }
  /** Forgets all strokes. */
  clear() {
    Object.assign(this, { base: null, strokes: [], tiles: /* @__PURE__ */ new Map(), waiting: /* @__PURE__ */ new Set() });
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }
  /**
   * Shows strokes over a layer.
   * @param base the layer; it holds the first `skip` strokes already
   * @param clean the layer without any: damage is done to its pixels
   * @param strokes all of them; the last one may have grown since the last call
   */
  show(base, clean, strokes, skip) {
    strokes = strokes.slice(skip);
    this.clean = clean;
    if (base !== this.base || base.shown !== this.shown) {
      this.clear();
      Object.assign(this, { base, shown: base.shown });
      Object.assign(this.canvas, { width: base.shown.width, height: base.shown.height });
      this.context.drawImage(base.shown, 0, 0);
    }
    const before = this.strokes;
    const differs = before.findIndex((stroke, i) => stroke !== strokes[i]);
    const kept = differs < 0 ? before.length : differs;
    for (const stroke of before.slice(kept)) this.#restore(stroke);
    strokes.forEach((stroke, i) => {
      if (i >= kept) this.#queue(stroke);
      else if (differs >= 0) this.#queue(stroke, 0, (number) => !this.tiles.has(number));
      else if (i === kept - 1) this.#queue(stroke, this.points);
    });
    this.strokes = strokes;
    this.points = strokes.at(-1)?.points.length ?? 0;
    this.frame ||= requestAnimationFrame(() => this.#work());
  }
  #queue(stroke, first = 0, wanted = () => true) {
    for (const number of tilesOf(stroke, this.clean.size, first)) {
      if (wanted(number)) this.waiting.add(number);
    }
  }
  /** Puts the base back wherever a stroke was. */
  #restore(stroke) {
    for (const number of tilesOf(stroke, this.clean.size)) {
      this.tiles.delete(number);
      this.waiting.delete(number);
      const at = this.#shownAt(number);
      this.context.drawImage(this.shown, ...at, ...at);
    }
  }
  /** Where a tile is shown; whole pixels, so that tiles meet. */
  #shownAt(number) {
    const { size } = this.clean;
    const [left, top, width, height] = tileAt(number, size);
    const [across, down] = [this.canvas.width / size[0], this.canvas.height / size[1]];
    const [x, y] = [Math.round(left * across), Math.round(top * down)];
    return [x, y, Math.round((left + width) * across) - x, Math.round((top + height) * down) - y];
  }
  #work() {
    this.frame = 0;
    const started = performance.now();
    for (const number of this.waiting) {
      this.waiting.delete(number);
      this.#paint(number);
      if (performance.now() - started > BUDGET) break;
    }
    this.changed();
    if (this.waiting.size) this.frame = requestAnimationFrame(() => this.#work());
  }
  /** Brings one tile up to date. */
  #paint(number) {
    const { size } = this.clean;
    const [left, top, width, height] = tileAt(number, size);
    let tile = this.tiles.get(number);
    if (!tile) {
      const canvas = element("canvas", { width, height });
      tile = { canvas, context: canvas.getContext("2d"), stroke: 0, point: 0 };
      const { bitmap } = this.base;
      const [across, down] = [bitmap.width / size[0], bitmap.height / size[1]];
      tile.context.drawImage(
        bitmap,
        left * across,
        top * down,
        width * across,
        height * down,
        0,
        0,
        width,
        height
      );
      this.tiles.set(number, tile);
    }
    while (tile.stroke < this.strokes.length) {
      const stroke = this.strokes[tile.stroke];
      if (tilesOf(stroke, size, tile.point).has(number)) {
        const damage = this.#damage(stroke, number);
        if (!damage) return;
        this.#line(tile.context, damage, stroke, tile.point, left, top);
      }
      tile.point = stroke.points.length;
      if (tile.stroke === this.strokes.length - 1) break;
      tile.stroke += 1;
      tile.point = 0;
    }
    const at = this.#shownAt(number);
    this.context.imageSmoothingQuality = "high";
    this.context.drawImage(tile.canvas, 0, 0, width, height, ...at);
  }
  /** Draws a stroke from its point `first` on into a tile. */
  #line(context, damage, stroke, first, left, top) {
    const points = inPixels(stroke.points, this.clean.size).map(([x, y]) => [x - left, y - top]);
    const radius = radiusOf(stroke, this.clean.size);
    const pattern = context.createPattern(damage, "no-repeat");
    context.beginPath();
    if (points.length === 1) {
      context.fillStyle = pattern;
      context.arc(...points[0], radius, 0, 2 * Math.PI);
      context.fill();
      return;
    }
    Object.assign(context, {
      strokeStyle: pattern,
      lineWidth: 2 * radius,
      lineCap: "round",
      lineJoin: "round"
    });
    context.moveTo(...points[Math.max(first - 1, 0)]);
    for (const point of points.slice(Math.max(first, 1))) context.lineTo(...point);
    context.stroke();
  }
  /** A tile of the clean picture damaged all over; null while that takes its time. */
  #damage({ kind, strength }, number) {
    const key = `${kind} ${strength} ${number}`;
    const found = this.damaged.get(key);
    if (found !== void 0) return found;
    const [left, top, width, height] = tileAt(number, this.clean.size);
    const canvas = element("canvas", { width, height });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(this.clean.bitmap, left, top, width, height, 0, 0, width, height);
    const value = amount(this.kinds[kind], strength);
    if (this.damaged.size >= KEPT) this.damaged.delete(this.damaged.keys().next().value);
    if (kind === "jpeg") {
      this.damaged.set(key, null);
      this.#compress(canvas, value, key, number);
      return null;
    }
    const pixels = context.getImageData(0, 0, width, height);
    degrade(pixels.data, kind, value, this.#outcomes(kind, value), number);
    context.putImageData(pixels, 0, 0);
    this.damaged.set(key, canvas);
    return canvas;
  }
  async #compress(canvas, quality, key, number) {
    const { clean } = this;
    const file = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality / 100));
    const picture = await createImageBitmap(file);
    canvas.getContext("2d").drawImage(picture, 0, 0);
    picture.close();
    if (clean !== this.clean) return;
    this.damaged.set(key, canvas);
    if (!this.active) return;
    this.waiting.add(number);
    this.frame ||= requestAnimationFrame(() => this.#work());
  }
  #outcomes(kind, value) {
    if (kind === "salt_and_pepper") return null;
    const key = `${kind} ${value}`;
    if (!this.tables.has(key)) {
      if (this.tables.size > 8) this.tables.clear();
      this.tables.set(key, outcomes(kind, value));
    }
    return this.tables.get(key);
  }
  /** Forgets what was painted with: the picture is another one. */
  forget() {
    this.clear();
    this.damaged.clear();
  }
  /**
   * Draws the tiles over a part of the picture, at the scale of the loupe.
   * @param part [left, top, side] of the clean layer
   * @param wide pixels of a pane
   */
  magnify(context, [left, top, side], wide) {
    const scale = wide / side;
    context.save();
    context.beginPath();
    context.rect(0, 0, wide, wide);
    context.clip();
    for (const [number, { canvas }] of this.tiles) {
      const [tileLeft, tileTop, width, height] = tileAt(number, this.clean.size);
      if (tileLeft >= left + side || tileTop >= top + side) continue;
      if (tileLeft + width <= left || tileTop + height <= top) continue;
      context.drawImage(
        canvas,
        0,
        0,
        width,
        height,
        (tileLeft - left) * scale,
        (tileTop - top) * scale,
        width * scale,
        height * scale
      );
    }
    context.restore();
  }
};

// denoise/photo_viewer.js
var WIDEST = 1e3;
var HOLD = 350;
var STILL = [4, 10];
var GAP = [24, 56];
var DOCK = 24;
var LARGEST_PANE = 320;
var RULE = 2;
var ZOOMS = [1, 2, 4];
var RADII = [5e-3, 0.2];
var STEPS = {
  // of the divider, by the keys
  ArrowRight: 0.01,
  ArrowUp: 0.01,
  ArrowLeft: -0.01,
  ArrowDown: -0.01,
  PageUp: 0.1,
  PageDown: -0.1,
  Home: -1,
  End: 1
};
var percent = (share) => `${Math.round(100 * share)} %`;
var photo_viewer_default = (component) => mount(component, (root) => new PhotoViewer(root));
var PhotoViewer = class extends View {
  constructor(root) {
    super(root);
    this.placing = new Rest(() => this.#reportPlace());
    this.painting = new Rest(() => this.#reportStrokes());
    this.layers = new Layers();
    this.slots = { clean: {}, before: {}, after: {} };
    this.troubles = /* @__PURE__ */ new Map();
    this.divider = 0.5;
    this.zoom = 1;
    this.mode = "wipe";
    this.strokes = [];
    this.stroke = null;
    this.history = [];
    this.reported = [];
    this.pin = this.hover = null;
    this.density = 1;
    this.#build();
    this.frames = new Frames(() => this.#draw(), ({ message }) => {
      this.trouble.textContent = `The picture cannot be drawn: ${message}.`;
    });
    this.frames.use(() => 0);
    this.sized = new ResizeObserver(() => this.#layOut());
    this.sized.observe(this.root);
  }
  /** Buttons of which one is pressed. */
  #choice(label, options, act) {
    const box = element("div", { className: "choice" }, { role: "group", "aria-label": label });
    for (const [value, textContent] of options) {
      const button = this.button(textContent, () => act(value));
      button.value = value;
      box.append(button);
    }
    return box;
  }
  #press(box, value) {
    for (const button of box.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === String(value)));
    }
  }
  #range(label, act) {
    const box = element("label", { textContent: label });
    const input = element("input", { type: "range", min: 0, max: 1, step: 0.01, value: 0.5 });
    const output = element("output");
    this.on(input, "input", act);
    box.append(input, output);
    return { box, input, output };
  }
  #build() {
    this.modes = this.#choice(
      "What dragging does",
      [["wipe", "Wipe"], ["paint", "Paint"]],
      (mode) => this.#setMode(mode)
    );
    this.loupeButton = this.button("Loupe", () => this.#setLoupe(!this.loupe));
    this.zooms = this.#choice(
      "Magnification of the loupe",
      ZOOMS.map((z) => [z, `${z}:1`]),
      (zoom) => {
        this.zoom = zoom;
        this.#changed();
      }
    );
    this.compareButton = this.button("Compare where the loupe is", () => this.#place(this.pin));
    const tools = element("div", { className: "tools" });
    this.undoButton = this.button("Undo", () => this.#undo(), "Ctrl+Z");
    this.clearButton = this.button("Clear", () => this.#setStrokes([]));
    tools.append(this.modes, this.loupeButton, this.zooms, this.undoButton, this.clearButton);
    this.kindBox = element("div");
    this.strength = this.#range("Strength", () => this.#tellBrush());
    this.size = this.#range("Size", () => this.#tellBrush());
    this.brushes = element("div", { className: "brushes" });
    this.brushes.append(this.kindBox, this.strength.box, this.size.box);
    this.canvas = element("canvas", {}, { role: "img" });
    this.context = this.canvas.getContext("2d", { alpha: false });
    this.sides = ["before", "after"].map((name) => element("span", { className: `side ${name}` }));
    this.frameBox = element("div", { className: "window" });
    this.frameTitle = element("span", { textContent: "Compared" });
    this.frameBox.append(this.frameTitle);
    this.spot = element("div", { className: "spot", tabIndex: 0 }, { role: "application" });
    this.cursor = element("div", { className: "brush", hidden: true });
    this.handle = element("div", { className: "divider", tabIndex: 0 }, {
      role: "slider",
      "aria-valuemin": 0,
      "aria-valuemax": 100,
      "aria-orientation": "horizontal"
    });
    this.handle.append(element("span", { className: "grip", textContent: "↔" }));
    this.glass = element("div", { className: "glass" });
    this.panes = element("canvas");
    this.paneContext = this.panes.getContext("2d", { alpha: false });
    this.captions = element("div");
    this.captions.append(element("span"), element("span"));
    this.glass.append(this.panes, this.captions);
    this.surface = element("div", { className: "surface" });
    this.surface.append(this.canvas, this.frameBox, ...this.sides, this.cursor, this.handle);
    this.stage = element("div", { className: "stage", tabIndex: -1 });
    this.stage.append(this.surface, this.spot, this.glass);
    this.status = element("p", { className: "status" });
    this.trouble = element("p", { className: "trouble" }, { role: "alert" });
    this.hint = element("p", { className: "note" });
    this.spoken = element("p", { className: "spoken" }, { "aria-live": "polite" });
    this.words = element("div", { className: "words" });
    this.words.append(this.hint, this.compareButton, this.status, this.trouble, this.spoken);
    this.space = element("div", {}, { style: "position: absolute; visibility: hidden" });
    this.root.replaceChildren(this.space, tools, this.brushes, this.stage, this.words);
    this.#listen();
  }
  // --- what Python says --------------------------------------------------------------------
  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    const other = String(data.size) !== String(last?.size) || data.revision !== last?.revision;
    if (!last) {
      const mouse = window.matchMedia("(hover: hover) and (pointer: fine)").matches;
      this.coarse = !mouse;
      this.loupe = mouse ? null : false;
    }
    this.space.style.height = `calc(${data.brush ? "0.7 * var(--stage, 100vh" : "0.9 * var(--stage, 77.78vh"}))`;
    const another = String(data.size) !== String(last?.size);
    if (another) this.pin = null;
    if (another || !data.brush !== !last.brush) this.#layOut(true);
    if (other) this.#adopt();
    else this.#follow(last.window);
    const kinds = JSON.stringify(data.brush);
    if (kinds !== JSON.stringify(last?.brush)) this.#buildKinds();
    if (!last?.brush !== !data.brush) this.mode = data.brush ? "paint" : "wipe";
    for (const name of ["before", "after"]) this.#load(name);
    this.#needClean();
    this.#changed();
  }
  /** Takes the strokes and the window that Python wants, whatever is here. */
  #adopt() {
    this.strokes = this.data.strokes;
    this.stroke = null;
    this.history = [];
    this.reported = [];
    this.placing.cancel();
    this.painting.cancel();
    this.window = this.data.window;
  }
  /** Takes another window, unless it is the echo of a report that is not the newest. */
  #follow(last) {
    const { window: window2 } = this.data;
    if (String(window2) === String(last)) return;
    if (!window2 || !this.window) this.reported = [];
    const echo = this.reported.findIndex((sent) => same(sent, window2));
    this.reported.splice(0, echo + 1);
    if (echo >= 0 && (this.reported.length || this.placing.waiting)) return;
    this.reported = [];
    this.window = window2;
  }
  #buildKinds() {
    const kinds = this.data.brush;
    if (!kinds) this.#setMode("wipe");
    if (!kinds) return;
    const names = Object.entries(kinds).map(([name, { label }]) => [name, label]);
    const box = this.#choice("Kind of damage", names, (kind) => {
      this.kind = kind;
      this.#tellBrush();
    });
    if (!(this.kind in kinds)) [[this.kind]] = names;
    this.kindBox.replaceChildren(box);
    this.preview ??= new Preview(kinds, () => this.frames.request([0]));
    this.preview.kinds = kinds;
    this.#tellBrush();
  }
  /** Fetches what Python wants in a slot; what is there stays in sight until then. */
  async #load(name) {
    const wanted = this.data[name];
    const slot = this.slots[name];
    const address = wanted?.address ?? "";
    slot.strokes = this.data.strokes;
    if (slot.wanted === address) {
      if (slot.address !== address) return;
      return Object.assign(slot, { label: wanted?.label, held: slot.strokes });
    }
    slot.wanted = address;
    this.troubles.delete(name);
    if (!wanted) return this.#fill(name, null);
    try {
      const layer = await this.layers.open(address);
      if (this.canvas.width > 1) await layer.scale([this.canvas.width, this.canvas.height]);
      if (slot.wanted !== address || this.gone.signal.aborted) return;
      slot.held = slot.strokes;
      this.#fill(name, layer, wanted);
    } catch (error) {
      if (slot.wanted !== address || this.gone.signal.aborted) return;
      slot.wanted = "failed";
      this.#fill(name, null);
      this.#complain(name, error, wanted.label);
    }
  }
  #fill(name, layer, { address = "", label = "" } = {}) {
    Object.assign(this.slots[name], { layer, address, label });
    const slots = Object.values(this.slots);
    this.layers.keep(slots.flatMap((slot) => [slot.address, slot.wanted]));
    if (name === "clean") this.preview?.forget();
    this.#scale();
    this.#changed();
  }
  #complain(name, { message }, label = "The viewer") {
    this.troubles.set(name, `“${label}” cannot be shown: ${message}.`);
    this.#changed();
  }
  /** The clean picture is only fetched for somebody who paints. */
  #needClean() {
    const { brush, clean, before } = this.data;
    const idle = this.mode === "wipe" && !this.stroke && written(this.strokes) === written(before ? this.data.strokes : []);
    if (brush && clean && !idle) this.#load("clean");
  }
  // --- layout ------------------------------------------------------------------------------
  #layOut(force = false) {
    const room = Math.min(this.root.clientWidth, WIDEST);
    const density = window.devicePixelRatio || 1;
    if (!this.data || !room) return;
    if (!force && room === this.room && density === this.density) return;
    Object.assign(this, { room, density });
    const [width, height] = fit(this.data.size, [room, this.space.clientHeight], density);
    Object.assign(this.canvas, { width, height });
    this.stageSize = [width / density, height / density];
    const [cssWidth, cssHeight] = this.stageSize;
    Object.assign(this.stage.style, { width: `${cssWidth}px`, height: `${cssHeight}px` });
    this.words.style.maxWidth = `${Math.max(cssWidth, 480)}px`;
    this.stage.classList.toggle("low", cssHeight < 110 || cssWidth < 200);
    this.loupe ??= this.data.size[0] > width ? true : null;
    this.#dock();
    this.#scale();
    this.#changed();
  }
  /** How large the loupe is: beside the picture, where there is room, it hides nothing. */
  #dock() {
    const { width, height } = this.canvas;
    const free = this.root.clientWidth * this.density - width - 2 * DOCK * this.density;
    const stacked = Math.min(free, (height - RULE) / 2);
    const abreast = Math.min((free - RULE) / 2, height);
    const least = pane(this.room, this.density);
    const side = Math.min(Math.max(stacked, abreast), LARGEST_PANE * this.density);
    this.docked = side >= 0.7 * least;
    this.stacked = this.docked && stacked > abreast;
    this.side = this.docked ? 4 * Math.floor(side / 4) : least;
  }
  /** Scales the layers to what is shown; until that is done, they are stretched. */
  async #scale() {
    const size = [this.canvas.width, this.canvas.height];
    const layers = Object.values(this.slots).map(({ layer }) => layer).filter(Boolean);
    await Promise.all(layers.map((layer) => layer.scale(size).catch(() => {
    })));
    if (!this.gone.signal.aborted) this.#changed();
  }
  // --- drawing -----------------------------------------------------------------------------
  /** Shows in the next frame how things are, because of an input at `time`. */
  #changed(time = null) {
    this.#reconcile();
    this.#tell();
    this.frames.request([0], time);
  }
  /** The strokes, with the one that is being painted. */
  get #painted() {
    return this.stroke ? [...this.strokes, this.stroke] : this.strokes;
  }
  /** Whether the server's pictures hold the strokes that are wanted here. */
  get #settled() {
    return !this.data.brush || !this.stroke && written(this.strokes) === written(this.slots.before.held ?? []);
  }
  /** Shows strokes that the server's picture does not hold yet. */
  #reconcile() {
    const { before, clean } = this.slots;
    if (!this.preview) return;
    if (this.#settled || !clean.layer?.shown) return this.preview.clear();
    const held = before.layer?.shown ? continued(before.held, this.#painted) : null;
    this.preview.show(
      held === null ? clean.layer : before.layer,
      clean.layer,
      this.#painted,
      held ?? 0
    );
  }
  #draw() {
    if (!this.data || !this.stageSize) return;
    const { canvas, context } = this;
    const { width, height } = canvas;
    const before = this.preview?.active ? this.preview.canvas : this.slots.before.layer?.shown;
    const after = this.#after?.shown;
    const split = after ? Math.round(this.divider * width) : width;
    if (!before) context.clearRect(0, 0, width, height);
    this.#blit(before, 0, split);
    this.#blit(after, split, width);
    this.handle.style.transform = `translateX(${this.divider * this.stageSize[0]}px)`;
    this.#drawWindow();
    this.#drawLoupe();
  }
  /** The restored picture, if there is one and it is that of the strokes here. */
  get #after() {
    return this.#settled && this.data.after ? this.slots.after.layer : null;
  }
  #blit(picture, from, to) {
    if (!picture || to <= from) return;
    const { width, height } = this.canvas;
    const scale = picture.width / width;
    this.context.drawImage(
      picture,
      from * scale,
      0,
      (to - from) * scale,
      picture.height,
      from,
      0,
      to - from,
      height
    );
  }
  #drawWindow() {
    const { size } = this.data;
    const shown = this.window && (this.window[2] < size[0] || this.window[3] < size[1]);
    this.frameBox.hidden = !shown;
    if (!shown) return;
    const [left, top, width, height] = this.window.map((v, i) => `${100 * v / size[i % 2]}%`);
    Object.assign(this.frameBox.style, { left, top, width, height });
    const wide = this.window[2] / size[0] * this.stageSize[0];
    this.frameTitle.hidden = wide < 80;
  }
  /** Where the loupe is, if it is to be seen. */
  get #looking() {
    if (!this.loupe || this.stroke || !this.slots.before.layer?.bitmap) return null;
    const hover = this.mode === "wipe" && !this.dragging && this.hover;
    return hover || this.pin || (this.docked ? this.#start : null);
  }
  #drawLoupe() {
    const at = this.#looking;
    const { spot, glass, panes, paneContext, density, side } = this;
    spot.hidden = !this.loupe;
    spot.classList.toggle("seen", Boolean(at));
    glass.hidden = !at;
    if (!at) return;
    const layer = this.slots.before.layer;
    const part = region(at, side / this.zoom, layer.size);
    const after = this.#after;
    const { docked, stacked } = this;
    const second = stacked ? [0, side + RULE] : [side + RULE, 0];
    const [width, height] = second.map((v) => (after ? Math.max(v, 0) : 0) + side);
    if (panes.width !== width || panes.height !== height) {
      Object.assign(panes, { width, height });
      glass.style.width = `${width / density}px`;
      glass.classList.toggle("stacked", stacked);
    }
    paneContext.imageSmoothingEnabled = false;
    paneContext.fillStyle = "#fff";
    paneContext.fillRect(0, 0, width, height);
    this.#magnify(layer, part, layer.size, [0, 0]);
    if (this.preview?.active) this.preview.magnify(paneContext, part, side);
    if (after) this.#magnify(after, part, layer.size, second);
    this.captions.hidden = !after;
    const scale = part.map((_, i) => this.stageSize[i % 2] / layer.size[i % 2]);
    const seen = part.map((v, i) => v * scale[i]);
    const finger = Boolean(this.coarse && this.held);
    const gap = GAP[+finger] + seen[2] / 2;
    const centre = [seen[0] + seen[2] / 2, seen[1] + seen[2] / 2];
    const lens = [width / density, height / density];
    const [x, y] = docked ? [this.stageSize[0] + DOCK, 0] : beside(centre, lens, this.stageSize, gap, finger ? lens[1] : 0);
    const grid = (v) => Math.round(v * density) / density;
    glass.style.transform = `translate(${grid(x)}px, ${grid(y)}px)`;
    spot.style.transform = `translate(${seen[0]}px, ${seen[1]}px)`;
    spot.style.width = spot.style.height = `${seen[2]}px`;
  }
  /** Draws a part of the full picture into a pane; `size` is that of which `part` was measured. */
  #magnify({ bitmap, size: own }, [left, top, side], size, to) {
    const scale = own[0] / size[0];
    this.paneContext.fillStyle = "#000";
    this.paneContext.fillRect(...to, this.side, this.side);
    this.paneContext.drawImage(
      bitmap,
      left * scale,
      top * scale,
      side * scale,
      side * scale,
      ...to,
      this.side,
      this.side
    );
  }
  // --- words -------------------------------------------------------------------------------
  #tell() {
    const { data, slots } = this;
    const [before, after] = this.sides;
    const restored = Boolean(this.#after);
    say(before, this.#settled ? slots.before.label || data.before.label : "Painted");
    say(after, restored ? slots.after.label : "Restoring …");
    after.hidden = this.troubles.has("after") && !restored;
    this.sides.forEach(({ textContent }, i) => say(this.captions.children[i], textContent));
    this.canvas.setAttribute("aria-label", data.label);
    this.handle.setAttribute("aria-label", `${data.label}: divider`);
    this.#sayDivider();
    this.spot.setAttribute("aria-label", data.window ? "Loupe: the arrow keys move it, Enter compares there" : "Loupe: the arrow keys move it");
    this.stage.classList.toggle("painting", this.mode === "paint");
    this.stage.classList.toggle("waiting", !restored);
    this.modes.hidden = !data.brush;
    const painting = this.mode === "paint";
    for (const part of [this.brushes, this.undoButton, this.clearButton]) part.hidden = !painting;
    for (const button of this.zooms.children) button.disabled = !this.loupe;
    this.compareButton.hidden = !data.window || !this.loupe;
    this.compareButton.disabled = !this.pin;
    this.loupeButton.setAttribute("aria-pressed", String(Boolean(this.loupe)));
    this.#press(this.modes, this.mode);
    this.#press(this.zooms, this.zoom);
    this.undoButton.disabled = !this.history.length && !this.strokes.length;
    this.clearButton.disabled = !this.strokes.length;
    say(this.hint, this.#advice());
    say(this.status, this.#facts());
    say(this.trouble, [...this.troubles.values()].join(" "));
  }
  #sayDivider() {
    const [before, after] = this.sides.map(({ textContent }) => textContent);
    this.handle.setAttribute("aria-valuenow", Math.round(100 * this.divider));
    this.handle.setAttribute("aria-valuetext", this.#after ? `${before} ${percent(this.divider)}, ${after} the rest` : `${percent(this.divider)}; ${before} everywhere, not restored yet`);
  }
  #advice() {
    const { window: window2 } = this.data;
    if (this.mode === "paint") {
      return "Drag on the picture to paint damage; it is restored after every stroke.";
    }
    const parts = ["Drag to wipe."];
    if (this.coarse) {
      parts.push("Hold for the loupe.");
      if (window2) parts.push("The frame is what is compared below; the button moves it.");
    } else {
      if (this.loupe) parts.push("A click keeps the loupe in its place.");
      if (window2) parts.push("The frame is what is compared below: double-click somewhere else.");
    }
    return parts.join(" ");
  }
  #facts() {
    const { size } = this.data;
    if (!this.slots.before.layer) {
      return this.troubles.has("before") ? "" : "Fetching the picture …";
    }
    const parts = [`${size.map((side) => side.toLocaleString("en")).join(" × ")} pixels`];
    parts.push(`shown at ${percent(this.canvas.width / size[0])}`);
    const own = this.slots.before.layer.size[0];
    if (this.loupe) parts.push(`loupe ${this.zoom}:1`);
    if (own < size[0]) parts.push(`loupe and picture reduced to ${percent(own / size[0])}`);
    return parts.join(" · ");
  }
  #tellBrush() {
    const { brush } = this.data;
    this.#press(this.kindBox, this.kind);
    const value = amount(brush[this.kind], this.strength.input.valueAsNumber);
    this.strength.output.textContent = words(this.kind, value);
    const across = 2 * this.#radius * Math.max(...this.data.size);
    this.size.output.textContent = `${Math.round(across)} pixels`;
    this.strength.input.setAttribute("aria-valuetext", this.strength.output.textContent);
    this.size.input.setAttribute("aria-valuetext", this.size.output.textContent);
  }
  // --- the hand ----------------------------------------------------------------------------
  #listen() {
    const { stage, handle } = this;
    const at = ({ clientX, clientY }) => {
      const { left, top, width, height } = stage.getBoundingClientRect();
      return [(clientX - left) / width, (clientY - top) / height];
    };
    let press = null;
    const leave = () => {
      this.hover = null;
      this.cursor.hidden = true;
    };
    this.on(stage, "pointerdown", (event) => {
      if (event.button || press || !this.data) return;
      this.coarse = event.pointerType === "touch";
      stage.setPointerCapture(event.pointerId);
      const onHandle = this.handle.contains(event.target);
      press = { id: event.pointerId, x: event.clientX, y: event.clientY, onHandle };
      press.divider = this.divider;
      this.hover = null;
      if (this.mode === "paint" && !onHandle) {
        this.#cursor(at(event));
        return this.#begin(at(event));
      }
      if (!this.coarse) return;
      press.timer = setTimeout(() => {
        this.held = true;
        this.pin = onPicture(at(event));
        this.#setLoupe(true);
      }, HOLD);
    });
    this.on(stage, "pointermove", (event) => {
      const place = at(event);
      if (this.mode === "paint") this.#cursor(place);
      if (!press) {
        if (event.pointerType === "touch") return;
        this.hover = this.handle.contains(event.target) ? null : onPicture(place);
        if (this.loupe && this.mode === "wipe") this.frames.request([0], event.timeStamp);
        return;
      }
      if (event.pointerId !== press.id) return;
      if (this.stroke) {
        for (const one of movesOf(event)) this.#extend(at(one), event.timeStamp);
        return;
      }
      if (this.held) {
        this.pin = onPicture(place);
        return this.frames.request([0], event.timeStamp);
      }
      const far = Math.hypot(event.clientX - press.x, event.clientY - press.y);
      if (!this.dragging && !press.onHandle && far < STILL[+this.coarse]) return;
      clearTimeout(press.timer);
      if (this.mode === "paint" && !press.onHandle) return;
      this.dragging = true;
      this.#wipe(place[0], event.timeStamp);
    });
    const end = (event) => {
      if (event.pointerId !== press?.id) return;
      clearTimeout(press.timer);
      const { dragging, held } = this;
      const { divider, onHandle } = press;
      press = null;
      this.dragging = this.held = false;
      if (this.stroke) return event.type === "pointerup" ? this.#lift() : this.#drop();
      if (event.type === "pointercancel") this.divider = divider;
      else if (!dragging && !held && !onHandle) this.#click(onPicture(at(event)));
      if (held) this.spoken.textContent = "The loupe stays here";
      this.#changed();
    };
    this.on(stage, "pointerup", end);
    this.on(stage, "pointercancel", end);
    this.on(stage, "pointerleave", () => {
      leave();
      if (this.data) this.#changed();
    });
    this.on(stage, "dblclick", (event) => {
      if (this.mode === "paint" || this.handle.contains(event.target)) return;
      this.pin = onPicture(at(event));
      this.#place(this.pin);
    });
    const stay = (event) => this.held && event.preventDefault();
    this.on(stage, "touchmove", stay, { passive: false });
    this.on(stage, "contextmenu", (event) => this.coarse && event.preventDefault());
    this.on(handle, "keydown", (event) => this.#dividerKey(event));
    this.on(this.spot, "keydown", (event) => this.#spotKey(event));
    this.on(this.spot, "focus", () => {
      if (!this.spot.matches(":focus-visible")) return;
      this.pin ??= this.#start;
      this.#changed();
    });
    this.onUndo(() => this.#undo(), () => this.data.brush);
  }
  /** Where the loupe is at first, for a keyboard. */
  get #start() {
    return this.window ? middle(this.window, this.data.size) : [0.5, 0.5];
  }
  #wipe(to, time) {
    this.divider = clamp(to, 0, 1);
    this.#sayDivider();
    this.frames.request([0], time);
  }
  #dividerKey(event) {
    const by = STEPS[event.key] * (event.shiftKey ? 10 : 1);
    if (!by || modified(event)) return;
    event.preventDefault();
    this.#wipe(this.divider + by, event.timeStamp);
  }
  #click(place) {
    if (!this.loupe) return;
    const near = this.pin && this.pin.every((part, i) => {
      return Math.abs(part - place[i]) * this.stageSize[i] < 10;
    });
    this.pin = near ? null : place;
  }
  /** The arrow keys move the loupe, with Shift five times as far. */
  #spotKey(event) {
    if (modified(event)) return;
    const arrow = ARROWS[event.key];
    const here = this.pin ?? this.#start;
    if (arrow) {
      const step = (event.shiftKey ? 5 : 1) / 50;
      const longest = Math.max(...this.stageSize);
      this.pin = onPicture(here.map((part, i) => {
        return part + arrow[i] * step * longest / this.stageSize[i];
      }));
      this.spoken.textContent = `Loupe ${percent(this.pin[0])} right, ${percent(this.pin[1])} down`;
    } else if (event.key === "Enter" && this.window) {
      this.#place(here);
    } else if (event.key === " " && this.mode === "paint") {
      this.#begin(here);
      this.#lift();
    } else if (event.key === "Escape") {
      this.pin = null;
    } else {
      return;
    }
    event.preventDefault();
    this.#changed(event.timeStamp);
  }
  #setLoupe(on) {
    this.loupe = on;
    if (on && !this.hover) this.pin ??= this.#start;
    if (!on) this.pin = null;
    this.#changed();
  }
  #setMode(mode) {
    this.mode = mode;
    this.hover = null;
    if (mode === "wipe") this.cursor.hidden = true;
    this.#needClean();
    if (this.data) this.#changed();
  }
  /** Moves the compared window, and tells the server once it rests. */
  #place(place) {
    if (!this.window || !place) return;
    this.window = moved(this.window, place, this.data.size);
    this.spoken.textContent = "The compared window is here now";
    this.#changed();
    this.placing.begin();
  }
  #reportPlace() {
    this.reported.push(this.window);
    const [x, y] = middle(this.window, this.data.size);
    this.setStateValue("place", { x, y });
  }
  // --- the brush ---------------------------------------------------------------------------
  get #radius() {
    const [least, most] = RADII;
    return +(least * (most / least) ** this.size.input.valueAsNumber).toFixed(4);
  }
  #cursor([x, y]) {
    const side = 2 * this.#radius * Math.max(...this.stageSize);
    this.cursor.hidden = false;
    Object.assign(this.cursor.style, {
      left: `${100 * x}%`,
      top: `${100 * y}%`,
      width: `${side}px`,
      height: `${side}px`
    });
  }
  #begin(place) {
    const { most } = this.data;
    const points = this.strokes.reduce((sum, stroke) => sum + stroke.points.length, 0);
    this.left = most.points - points;
    if (this.strokes.length >= most.strokes || this.left < 1) {
      this.spoken.textContent = this.trouble.textContent = "No more strokes fit: take some back.";
      return;
    }
    this.stroke = {
      kind: this.kind,
      strength: this.strength.input.valueAsNumber,
      radius: this.#radius,
      points: [onPicture(place)]
    };
    this.painting.cancel();
    this.#needClean();
    this.#changed();
  }
  #extend(place, time) {
    const { points, radius } = this.stroke;
    const next = onPicture(place);
    const last = points.at(-1);
    const far = Math.hypot(...next.map((part, i) => (part - last[i]) * this.stageSize[i]));
    if (far < Math.max(2, 0.2 * radius * Math.max(...this.stageSize))) return;
    if (points.length >= this.left) return;
    points.push(next);
    this.#reconcile();
    this.frames.request([0], time);
  }
  #lift() {
    const { stroke } = this;
    this.stroke = null;
    if (stroke) this.#setStrokes([...this.strokes, stroke]);
  }
  /** Forgets the stroke that is being painted: the finger wanted something else. */
  #drop() {
    this.stroke = null;
    this.#changed();
    this.painting.begin();
  }
  #setStrokes(strokes) {
    this.history.push(this.strokes);
    this.strokes = strokes;
    this.#needClean();
    this.#changed();
    this.painting.begin();
  }
  #undo() {
    if (this.stroke) return this.#drop();
    if (!this.strokes.length && !this.history.length) return;
    this.strokes = this.history.pop() ?? this.strokes.slice(0, -1);
    this.spoken.textContent = "Undone";
    this.#needClean();
    this.#changed();
    this.painting.begin();
  }
  #reportStrokes() {
    if (!this.stroke) this.setStateValue("strokes", this.strokes);
  }
  close() {
    this.sized.disconnect();
    this.placing.cancel();
    this.painting.cancel();
    this.frames.close();
    this.preview?.clear();
    this.layers.keep([]);
    super.close();
  }
};
export {
  photo_viewer_default as default,
  instances,
  watchers
};
