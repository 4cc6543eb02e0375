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
  const channels2 = pixels.length / area;
  for (let i = 0; i < area; i += 1) {
    for (let c = 0; c < 3; c += 1) rgba[4 * i + c] = pixels[channels2 * i + c % channels2];
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

// embeddings/cloud_geometry.js
function fit(points, width, height, margin) {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 1) {
    low[i % 2] = Math.min(low[i % 2], points[i]);
    high[i % 2] = Math.max(high[i % 2], points[i]);
  }
  const room = [width, height].map((side) => Math.max(side - 2 * margin, 1));
  const scale = Math.min(...room.map((side, i) => side / Math.max(high[i] - low[i], 1e-9)));
  return { x: (low[0] + high[0]) / 2, y: (low[1] + high[1]) / 2, scale };
}
function place(points, view, width, height) {
  const places = new Float32Array(points.length);
  for (let i = 0; i < points.length; i += 2) {
    places[i] = width / 2 + (points[i] - view.x) * view.scale;
    places[i + 1] = height / 2 - (points[i + 1] - view.y) * view.scale;
  }
  return places;
}
function zoom(view, factor, [x, y], width, height) {
  const scale = view.scale * factor;
  const away = [x - width / 2, height / 2 - y];
  return {
    x: view.x + away[0] / view.scale - away[0] / scale,
    y: view.y + away[1] / view.scale - away[1] / scale,
    scale
  };
}
function inside(outline, x, y) {
  let within = false;
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i, i += 1) {
    const [[ax, ay], [bx, by]] = [outline[i], outline[j]];
    if (ay > y !== by > y && x < (bx - ax) * (y - ay) / (by - ay) + ax) within = !within;
  }
  return within;
}
function nearest(places, x, y, reach, may) {
  let best = -1;
  let least = reach * reach;
  for (let i = 0; i < places.length / 2; i += 1) {
    const far = (places[2 * i] - x) ** 2 + (places[2 * i + 1] - y) ** 2;
    if (far <= least && may(i)) [best, least] = [i, far];
  }
  return best;
}
function towards(places, from, [dx, dy], may) {
  let best = from;
  let least = Infinity;
  for (let i = 0; i < places.length / 2; i += 1) {
    const x = places[2 * i] - places[2 * from];
    const y = places[2 * i + 1] - places[2 * from + 1];
    const along = x * dx + y * dy;
    const aside = Math.abs(x * dy) + Math.abs(y * dx);
    const far = along + 2 * aside;
    if (along > 0 && aside <= along && far < least && may(i)) [best, least] = [i, far];
  }
  return best;
}
function spread(places, order, side, width, height) {
  const taken = /* @__PURE__ */ new Map();
  const chosen = [];
  const free = (column, row, x, y) => {
    for (let c = column - 1; c <= column + 1; c += 1) {
      for (let r = row - 1; r <= row + 1; r += 1) {
        const i = taken.get(`${c},${r}`);
        if (i === void 0) continue;
        if (Math.abs(places[2 * i] - x) < side && Math.abs(places[2 * i + 1] - y) < side) return false;
      }
    }
    return true;
  };
  for (const i of order) {
    const [x, y] = [places[2 * i], places[2 * i + 1]];
    if (!(Math.abs(x - width / 2) <= (width - side) / 2)) continue;
    if (!(Math.abs(y - height / 2) <= (height - side) / 2)) continue;
    const [column, row] = [Math.floor(x / side), Math.floor(y / side)];
    if (!free(column, row, x, y)) continue;
    taken.set(`${column},${row}`, i);
    chosen.push(i);
  }
  return chosen;
}
function apart(labels, line, width, height) {
  const steps = Array.from({ length: 13 }, (_, k) => (k - 6) * line);
  const ways = steps.flatMap((right) => steps.map((down) => [right, down]));
  ways.sort((a, b) => Math.hypot(...a) - Math.hypot(...b));
  const taken = [];
  return labels.map((label) => {
    const free = ([right, down]) => {
      const [x, y] = [label.x + right, label.y + down];
      if (Math.abs(x - width / 2) > (width - label.width) / 2) return false;
      if (Math.abs(y - height / 2) > (height - line) / 2) return false;
      return taken.every((other) => {
        return Math.abs(x - other.x) >= (label.width + other.width) / 2 + 2 || Math.abs(y - other.y) >= line;
      });
    };
    const way = ways.find(free) ?? [0, 0];
    taken.push({ x: label.x + way[0], y: label.y + way[1], width: label.width });
    return way;
  });
}
function toBits(flags) {
  const packed = new Uint8Array(Math.ceil(flags.length / 8));
  flags.forEach((flag, i) => {
    if (flag) packed[i >> 3] |= 1 << (i & 7);
  });
  let text = "";
  for (const byte of packed) text += String.fromCharCode(byte);
  return btoa(text);
}
function fromBits(base64, count2) {
  const packed = atob(base64);
  return Uint8Array.from({ length: count2 }, (_, i) => packed.charCodeAt(i >> 3) >> (i & 7) & 1);
}

// embeddings/dots.js
var PHASES = 4;
function ring(outer, inner = -1) {
  const reach = Math.ceil(outer + 1);
  const side = 2 * reach + 1;
  const within = (radius, far) => Math.min(Math.max(radius + 0.5 - far, 0), 1);
  const masks = Array.from({ length: PHASES * PHASES }, (_, phase) => {
    const [x, y] = [phase % PHASES, Math.floor(phase / PHASES)].map((part) => (part + 0.5) / PHASES);
    return Float32Array.from({ length: side * side }, (_2, k) => {
      const far = Math.hypot(k % side - reach + 0.5 - x, Math.floor(k / side) - reach + 0.5 - y);
      return within(outer, far) - (inner < 0 ? 0 : within(inner, far));
    });
  });
  return { reach, side, masks };
}
var Dots = class {
  constructor(width, height) {
    Object.assign(this, { width, height });
    this.pixels = new Uint8ClampedArray(4 * width * height);
  }
  /** Puts what `ring` makes at (x, y); the colour is [red, green, blue]. */
  put({ reach, side, masks }, x, y, [red, green, blue], opacity) {
    const { pixels, width, height } = this;
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const mask = masks[PHASES * Math.floor((y - row) * PHASES) + Math.floor((x - column) * PHASES)];
    const [left, top] = [column - reach, row - reach];
    const [from, to] = [Math.max(-left, 0), Math.min(width - left, side)];
    for (let v = Math.max(-top, 0); v < Math.min(height - top, side); v += 1) {
      for (let u = from; u < to; u += 1) {
        const part = mask[v * side + u] * opacity;
        if (part === 0) continue;
        const o = 4 * ((top + v) * width + left + u);
        if (part === 1) {
          pixels[o] = red;
          pixels[o + 1] = green;
          pixels[o + 2] = blue;
          pixels[o + 3] = 255;
          continue;
        }
        const rest = 1 - part;
        pixels[o] = pixels[o] * rest + red * part;
        pixels[o + 1] = pixels[o + 1] * rest + green * part;
        pixels[o + 2] = pixels[o + 2] * rest + blue * part;
        pixels[o + 3] = pixels[o + 3] * rest + 255 * part;
      }
    }
  }
  /** The picture as canvases take it: colours as they are, and their opacity. */
  image() {
    const { pixels } = this;
    for (let o = 0; o < pixels.length; o += 4) {
      const opacity = pixels[o + 3];
      if (opacity === 0 || opacity === 255) continue;
      for (let c = 0; c < 3; c += 1) pixels[o + c] = pixels[o + c] * 255 / opacity;
    }
    return new ImageData(pixels, this.width, this.height);
  }
};

// embeddings/cloud_drawing.js
var GREY = "#8a8f98";
var STAR = "#e6007e";
var ALL = { plain: 0.85, faint: 0.16, hidden: 0.18 };
function prepare(canvas, width, height) {
  const fine = window.devicePixelRatio || 1;
  const size = [Math.round(width * fine), Math.round(height * fine)];
  if (canvas.width !== size[0] || canvas.height !== size[1]) {
    [canvas.width, canvas.height] = size;
  }
  const context = canvas.getContext("2d");
  context.setTransform(fine, 0, 0, fine, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
var channels = (colour) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
function drawCloud(context, scene, width, height) {
  const { data } = scene;
  const dot = clamp(260 / Math.sqrt(scene.labels.length), 3.5, 9) * (scene.type / 16);
  drawDots(context, scene, dot, data.pictures ? 0.3 : 1);
  const shown = data.pictures ? drawPictures(context, scene, width, height) : { pictures: [], side: 0 };
  drawNames(context, scene, width, height);
  if (scene.star) drawStar(context, scene.star, scene.type);
  return shown;
}
function drawDots(context, { places, labels, shown, selected, any, data }, dot, opacity) {
  const { canvas } = context;
  if (!canvas.width || !canvas.height) return;
  const dots = new Dots(canvas.width, canvas.height);
  const fine = context.getTransform().a;
  const colours = data.colours.map(channels);
  const grey = channels(GREY);
  const [plain, large] = [dot, dot + 5].map((size) => ring(size * fine / 2));
  const edges = [dot, dot + 5].map((size) => ring(size * fine / 2, (size - 2) * fine / 2));
  const put = (shape, i, colour, strength2) => {
    dots.put(shape, places[2 * i] * fine, places[2 * i + 1] * fine, colour, strength2 * opacity);
  };
  for (let i = 0; i < labels.length; i += 1) {
    if (!shown[labels[i]]) put(plain, i, grey, ALL.hidden);
  }
  const strength = any ? ALL.faint : ALL.plain;
  for (let i = 0; i < labels.length; i += 1) {
    if (!shown[labels[i]] || any && selected[i]) continue;
    put(plain, i, colours[labels[i]], strength);
    if (data.edged) put(edges[0], i, grey, strength);
  }
  for (let i = 0; any && i < labels.length; i += 1) {
    if (!selected[i] || !shown[labels[i]]) continue;
    put(large, i, colours[labels[i]], 1);
    if (data.edged) put(edges[1], i, grey, 1);
  }
  context.putImageData(dots.image(), 0, 0);
}
function drawPictures(context, scene, width, height) {
  const { places, labels, shown, selected, any, data, sheets, type } = scene;
  const side = type * (data.sheets.size[0] > 32 ? 2.2 : 1.6);
  const order = [];
  for (let i = 0; any && i < labels.length; i += 1) if (selected[i] && shown[labels[i]]) order.push(i);
  for (let i = 0; i < labels.length; i += 1) {
    if (shown[labels[i]] && !(any && selected[i])) order.push(i);
  }
  const pictures = spread(places, order, side + 3, width, height);
  for (const i of pictures) {
    const [x, y] = [places[2 * i] - side / 2, places[2 * i + 1] - side / 2];
    context.globalAlpha = any && !selected[i] ? 0.25 : 1;
    context.fillStyle = data.colours[labels[i]];
    context.fillRect(x - 1.5, y - 1.5, side + 3, side + 3);
    sheets.draw(context, i, x, y, side);
  }
  context.globalAlpha = 1;
  return { pictures, side };
}
function drawNames(context, { names, any, data, type, ink, ground, font }, width, height) {
  if (data.pictures) return;
  Object.assign(context, {
    font: `700 ${1.18 * type}px ${font}`,
    textAlign: "center",
    textBaseline: "middle",
    lineJoin: "round",
    lineWidth: 0.28 * type,
    strokeStyle: ground,
    fillStyle: ink,
    globalAlpha: any ? 0.35 : 1
    // the selection reads through them
  });
  const labels = names.map((name) => ({ ...name, width: context.measureText(name.text).width }));
  const seen = labels.filter(({ x, y }) => x >= 0 && x <= width && y >= 0 && y <= height);
  apart(seen, 1.3 * type, width, height).forEach(([right, down], k) => {
    const { text, x, y } = seen[k];
    context.strokeText(text, x + right, y + down);
    context.fillText(text, x + right, y + down);
  });
  context.globalAlpha = 1;
}
function drawStar(context, [x, y], type) {
  Object.assign(context, {
    font: `${2.4 * type}px sans-serif`,
    textAlign: "center",
    textBaseline: "middle",
    lineJoin: "round",
    lineWidth: 0.35 * type,
    strokeStyle: "white",
    fillStyle: STAR
  });
  context.strokeText("★", x, y);
  context.fillText("★", x, y);
}
function drawMarks(context, { outline, ring: ring2, ink, ground, type }) {
  if (outline.length > 1) {
    context.beginPath();
    outline.forEach(([x, y]) => context.lineTo(x, y));
    context.closePath();
    Object.assign(context, { fillStyle: ink, globalAlpha: 0.08 });
    context.fill();
    Object.assign(context, { strokeStyle: ink, lineWidth: 1.5, globalAlpha: 1 });
    context.setLineDash([5, 4]);
    context.stroke();
    context.setLineDash([]);
  }
  if (!ring2) return;
  for (const [strokeStyle, lineWidth] of [[ground, 5], [ink, 2.5]]) {
    Object.assign(context, { strokeStyle, lineWidth });
    context.beginPath();
    context.arc(...ring2, 0.6 * type, 0, 2 * Math.PI);
    context.stroke();
  }
}

// embeddings/sheets.js
var kept = /* @__PURE__ */ new Map();
var MOST = 60;
var ATTEMPTS = 4;
function open(address, then) {
  let sheet = kept.get(address);
  if (!sheet) {
    sheet = { image: new Image(), ready: false };
    kept.set(address, sheet);
    if (kept.size > MOST) kept.delete(kept.keys().next().value);
    let attempts = 0;
    sheet.loaded = new Promise((go) => {
      sheet.image.addEventListener("load", () => go(sheet.ready = true));
      sheet.image.addEventListener("error", () => {
        attempts += 1;
        const again = () => sheet.image.src = media(address);
        if (attempts < ATTEMPTS) setTimeout(again, 250 * 2 ** attempts);
      });
    });
    sheet.image.src = media(address);
  }
  if (!sheet.ready) sheet.loaded.then(then);
  return sheet;
}
var Sheets = class {
  /**
   * @param data {addresses, each, columns, size: [height, width]}, as Python says it
   * @param arrived called when a sheet has come that somebody has asked for
   */
  constructor(data, arrived) {
    Object.assign(this, data, { arrived });
    this.asked = /* @__PURE__ */ new Set();
  }
  /** Draws a picture into a square; false while its sheet is on the way. */
  draw(context, i, x, y, side) {
    const address = this.addresses[Math.floor(i / this.each)];
    if (!address) return false;
    const sheet = open(address, () => {
      if (this.asked.delete(address)) this.arrived();
    });
    if (!sheet.ready) {
      this.asked.add(address);
      return false;
    }
    const [height, width] = this.size;
    const cell = i % this.each;
    const left = cell % this.columns * width;
    const top = Math.floor(cell / this.columns) * height;
    context.imageSmoothingEnabled = side < width;
    context.drawImage(sheet.image, left, top, width, height, x, y, side, side);
    return true;
  }
};

// embeddings/point_cloud.js
var REACH = { mouse: 14, pen: 18, touch: 24 };
var STILL = 5;
var NEARER = 1.4;
var KEYS = "Arrow keys go from picture to picture, Enter selects, Escape selects nothing, plus, minus and 0 zoom.";
var views = /* @__PURE__ */ new Set();
var reported = 0;
var point_cloud_default = (component) => mount(component, (root) => new PointCloud(root));
var PointCloud = class extends View {
  constructor(root) {
    super(root);
    Object.assign(this, { outline: [], pointers: /* @__PURE__ */ new Map(), drawn: { pictures: [], side: 0 } });
    Object.assign(this, { cursor: -1, hovered: -1, held: null, frame: 0, selected: null });
    this.#build();
    this.#listen();
    this.sized = new ResizeObserver(() => this.#resize());
    this.sized.observe(this.ground);
    views.add(this);
  }
  #build() {
    this.ground = element("div", { className: "ground", tabIndex: 0 }, {
      role: "application",
      "aria-describedby": "keys",
      "aria-roledescription": "plane of pictures"
    });
    this.dots = element("canvas");
    this.marks = element("canvas");
    this.followed = element("figure", { className: "followed", hidden: true });
    this.card = element("figure", { className: "card", hidden: true });
    const canvas = element("canvas", { className: "picture" });
    this.seen = new Picture(canvas);
    this.about = element("figcaption");
    this.card.append(canvas, this.about);
    const zooms = element("div", { className: "zooms" });
    const steps = [["+", "Nearer", NEARER], ["−", "Further away", 1 / NEARER], ["⟲", "All points", 0]];
    for (const [sign, name, factor] of steps) {
      const button = this.button(sign, () => this.#zoom(factor), name);
      button.setAttribute("aria-label", name);
      button.tabIndex = -1;
      zooms.append(button);
    }
    this.ground.append(this.dots, this.marks, this.followed, this.card, zooms);
    this.spoken = element("p", { className: "spoken" }, { "aria-live": "polite" });
    const keys = element("p", { className: "spoken", id: "keys", textContent: KEYS });
    this.root.replaceChildren(this.ground, this.spoken, keys);
  }
  // --- what Python says --------------------------------------------------------------------
  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    this.ground.setAttribute("aria-label", data.label);
    this.ground.classList.toggle("draws", data.select_by !== "click");
    this.ground.classList.toggle("presented", data.presented);
    this.root.style.setProperty("--height", `${data.height}px`);
    this.root.style.setProperty("--rows", data.rows);
    if (!last || String(data.sheets.addresses) !== String(last.sheets.addresses)) {
      this.sheets = new Sheets(data.sheets, () => this.#arrived());
      this.seen.resize(...data.sheets.size);
    }
    if (data.points !== last?.points || data.crowd !== last?.crowd) this.#open();
    if (data.handled >= reported || !this.selected) {
      this.take(fromBits(data.chosen, data.count));
    }
    if (JSON.stringify(data.followed) !== JSON.stringify(last?.followed)) this.#show(data.followed);
    const looks = JSON.stringify({ ...data, chosen: 0, handled: 0, ...this.#theme() });
    if (looks !== this.looks) this.#draw();
    this.looks = looks;
  }
  async #open() {
    const { points, crowd } = this.data;
    const read = (address) => persist(
      async (cache) => {
        const answer = await fetch(media(address), { cache, signal: this.gone.signal });
        if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
        return answer.arrayBuffer();
      },
      { signal: this.gone.signal, attempts: 4 }
    );
    try {
      const files = await Promise.all([read(points), read(crowd)]);
      if (points !== this.data.points || crowd !== this.data.crowd) return;
      const count2 = files[1].byteLength / 8;
      this.points = new Float32Array(files[0]);
      this.ids = new Int32Array(files[1], 0, count2);
      this.labels = new Int32Array(files[1], 4 * count2);
      this.cursor = -1;
      this.view = null;
      this.#resize();
    } catch (error) {
      if (!this.gone.signal.aborted) say(this.spoken, `The points did not arrive: ${error.message}`);
    }
  }
  #show(followed) {
    this.followed.hidden = !followed;
    if (!followed) return;
    const caption = element("figcaption", { textContent: followed.text });
    const pair = element("img", { className: "picture", src: followed.pair, alt: followed.alt });
    this.followed.replaceChildren(...followed.pair ? [pair] : [], caption);
  }
  /** Shows another selection: flags, one a point. */
  take(flags) {
    const known = this.selected;
    if (known?.length === flags.length && known.every((flag, i) => flag === flags[i])) return;
    this.selected = flags;
    this.any = flags.includes(1);
    this.ground.dataset.selected = flags.reduce((sum, flag) => sum + flag, 0);
    this.#draw();
  }
  #select(flags) {
    const { crowd, handled } = this.data;
    const n = Math.max(reported, handled) + 1;
    reported = n;
    this.setStateValue("picked", { n, crowd, bits: toBits(flags) });
    this.take(flags);
    setTimeout(() => {
      for (const view of views) if (view.data.crowd === crowd && n === reported) view.take(flags);
    }, 30);
  }
  // --- drawing -----------------------------------------------------------------------------
  #resize() {
    this.width = this.ground.clientWidth;
    this.height = this.ground.clientHeight;
    if (!this.points || !this.width) return;
    const whole = fit(this.points, this.width, this.height, 14);
    const near = this.view ? this.view.scale / this.whole.scale : 1;
    this.view = { ...near === 1 ? whole : this.view, scale: whole.scale * near };
    this.whole = whole;
    this.#place();
  }
  #place() {
    this.places = place(this.points, this.view, this.width, this.height);
    this.#point(-1);
    this.#draw();
  }
  #draw() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      if (this.places && this.selected?.length === this.labels.length) this.#paint();
    });
  }
  #arrived() {
    if (this.data.pictures) this.#draw();
    this.#point(this.hovered);
  }
  #paint() {
    const { width, height, data, view } = this;
    const at = (points) => place(Float32Array.from(points), view, width, height);
    Object.assign(this, this.#theme());
    const { places, labels, selected, any, sheets, type, ink, back, font } = this;
    const scene = {
      places,
      labels,
      selected,
      any,
      sheets,
      type,
      ink,
      data,
      font,
      ground: back,
      shown: data.shown,
      star: data.star && at(data.star),
      names: data.labels.map(({ text, x, y }) => ({ text, x: at([x, y])[0], y: at([x, y])[1] }))
    };
    this.drawn = drawCloud(prepare(this.dots, width, height), scene, width, height);
    this.ground.dataset.pictures = this.drawn.pictures.length;
    this.ground.dataset.scale = view.scale.toFixed(3);
    this.#mark();
  }
  #theme() {
    const style = getComputedStyle(this.ground);
    const back = style.getPropertyValue("--st-background-color") || "white";
    return { type: parseFloat(style.fontSize), ink: style.color, font: style.fontFamily, back };
  }
  #mark() {
    if (!this.type) return;
    const at = this.hovered < 0 ? this.cursor : this.hovered;
    const ring2 = at >= 0 && !this.data.pictures ? this.places.subarray(2 * at, 2 * at + 2) : null;
    const { outline, ink, back, type } = this;
    drawMarks(prepare(this.marks, this.width, this.height), { outline, ring: ring2, ink, ground: back, type });
  }
  // --- what is under the pointer -------------------------------------------------------------
  #may(i) {
    return this.data.shown[this.labels[i]];
  }
  /** The point that is meant at a place; a picture that is drawn there before any dot. */
  #at([x, y], kind) {
    if (!this.places) return -1;
    const { pictures, side } = this.drawn;
    const within = (i) => {
      return Math.max(Math.abs(this.places[2 * i] - x), Math.abs(this.places[2 * i + 1] - y)) <= side / 2;
    };
    const picture = pictures.find(within);
    return picture ?? nearest(this.places, x, y, REACH[kind] ?? 14, (i) => this.#may(i));
  }
  #describe(i) {
    return `${this.data.names[this.labels[i]]}, test picture ${this.ids[i]}`;
  }
  /** Shows the picture of a point beside it; -1: none. */
  #point(i) {
    this.hovered = i;
    this.card.hidden = i < 0;
    if (i >= 0) {
      const { canvas, context } = this.seen;
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.save();
      const whole = this.sheets.draw(context, i, 0, 0, canvas.width);
      context.restore();
      this.card.dataset.picture = whole ? this.ids[i] : "";
      const name = element("b", { textContent: this.data.names[this.labels[i]] });
      this.about.replaceChildren(name, `test picture ${this.ids[i]}`);
      const [x, y] = this.places.subarray(2 * i, 2 * i + 2);
      const { offsetWidth, offsetHeight } = this.card;
      const right = x + 18 + offsetWidth <= this.width;
      this.card.style.left = `${clamp(right ? x + 18 : x - 18 - offsetWidth, 0, this.width - offsetWidth)}px`;
      this.card.style.top = `${clamp(y - offsetHeight / 2, 0, this.height - offsetHeight)}px`;
    }
    this.#mark();
  }
  // --- pointer and keys ----------------------------------------------------------------------
  #listen() {
    const { ground } = this;
    this.on(ground, "pointerdown", (event) => this.#down(event));
    this.on(ground, "pointermove", (event) => this.#move(event));
    this.on(ground, "pointerup", (event) => this.#up(event));
    this.on(ground, "pointercancel", (event) => this.#cancel(event));
    this.on(ground, "pointerleave", () => this.held || this.#point(-1));
    this.on(ground, "dblclick", () => this.data.select_by === "click" && this.#zoom(0));
    this.on(ground, "keydown", (event) => this.#key(event));
    this.on(ground, "blur", () => this.#point(-1));
    this.on(ground, "wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.#zoom(Math.exp(-event.deltaY / 200), this.#where(event));
    }, { passive: false });
  }
  #where({ clientX, clientY }) {
    const { left, top } = this.ground.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }
  #down(event) {
    if (event.button || event.target.closest("button") || !this.places) return;
    const at = this.#where(event);
    this.pointers.set(event.pointerId, at);
    if (this.pointers.size > 1) {
      this.#drop();
      this.held = { by: "fingers" };
      return;
    }
    const draws = this.data.select_by !== "click";
    if (draws || event.pointerType !== "touch") this.ground.setPointerCapture(event.pointerId);
    this.held = { by: draws ? this.data.select_by : event.pointerType, from: at, far: 0 };
    if (draws) this.#point(-1);
  }
  #move(event) {
    if (!this.places) return;
    const { held } = this;
    const at = this.#where(event);
    if (!held) {
      if (event.pointerType !== "touch") this.#point(this.#at(at, event.pointerType));
      return;
    }
    if (!this.pointers.has(event.pointerId)) return;
    if (held.by === "fingers") {
      this.#pinch(event.pointerId, at);
      return;
    }
    held.far = Math.max(held.far, Math.hypot(at[0] - held.from[0], at[1] - held.from[1]));
    const last = this.pointers.get(event.pointerId);
    this.pointers.set(event.pointerId, at);
    if (held.far < STILL) return;
    if (held.by === "lasso") {
      if (!this.outline.length) this.outline.push(held.from);
      this.outline.push(...movesOf(event).map((move) => this.#where(move)));
      this.#mark();
    } else if (held.by === "box") {
      const [[a, b], [c, d]] = [held.from, at];
      this.outline = [[a, b], [c, b], [c, d], [a, d]];
      this.#mark();
    } else if (held.by !== "touch") {
      this.#shift(at[0] - last[0], at[1] - last[1]);
    }
  }
  #up(event) {
    if (!this.pointers.delete(event.pointerId)) return;
    const { held, outline } = this;
    if (held?.by === "fingers") {
      if (!this.pointers.size) this.held = null;
      return;
    }
    this.#drop();
    if (!held) return;
    if (held.far < STILL) {
      const found = this.#at(held.from, event.pointerType);
      if (found >= 0) this.#choose(found, event.shiftKey);
      if (event.pointerType === "touch") this.#point(found);
    } else if (outline.length > 2) {
      this.#chooseWithin(outline, event.shiftKey);
    }
  }
  #cancel(event) {
    this.pointers.delete(event.pointerId);
    this.#drop();
  }
  #drop() {
    this.held = null;
    this.outline = [];
    this.#mark();
  }
  /** Selects a point alone; `adding` puts it to the others, or takes it away from them. */
  #choose(i, adding) {
    const flags = adding ? this.selected.slice() : new Uint8Array(this.labels.length);
    flags[i] = adding ? 1 - flags[i] : 1;
    this.#select(flags);
  }
  #chooseWithin(outline, adding) {
    const flags = adding ? this.selected.slice() : new Uint8Array(this.labels.length);
    for (let i = 0; i < flags.length; i += 1) {
      if (this.#may(i) && inside(outline, this.places[2 * i], this.places[2 * i + 1])) flags[i] = 1;
    }
    if (flags.includes(1) || this.any) this.#select(flags);
  }
  #key(event) {
    if (modified(event) || !this.places || event.target !== this.ground) return;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const may = (i) => this.#may(i);
      const middle = [this.width / 2, this.height / 2];
      this.cursor = this.cursor < 0 || !this.#may(this.cursor) ? nearest(this.places, ...middle, Infinity, may) : towards(this.places, this.cursor, arrow, may);
      if (this.cursor >= 0) this.#go();
    } else if ((event.key === "Enter" || event.key === " ") && this.cursor >= 0) {
      this.#choose(this.cursor, event.shiftKey);
    } else if (event.key === "Escape" && this.any) {
      this.#select(new Uint8Array(this.labels.length));
    } else if ("+-0=".includes(event.key)) {
      const at = this.cursor < 0 ? void 0 : this.places.subarray(2 * this.cursor, 2 * this.cursor + 2);
      this.#zoom({ "-": 1 / NEARER, 0: 0 }[event.key] ?? NEARER, at);
    } else {
      return;
    }
    event.preventDefault();
  }
  /** Shows where the keys have led, also where the plane is seen from near. */
  #go() {
    const [x, y] = this.places.subarray(2 * this.cursor, 2 * this.cursor + 2);
    const beyond = x < 0 || y < 0 || x > this.width || y > this.height;
    if (beyond) this.#shift(this.width / 2 - x, this.height / 2 - y);
    this.#point(this.cursor);
    say(this.spoken, this.#describe(this.cursor));
  }
  // --- the part of the plane that is seen ----------------------------------------------------
  /** Goes nearer by a factor, to a place that stays; 0 shows all points. */
  #zoom(factor, at = [this.width / 2, this.height / 2]) {
    if (!this.places) return;
    const { scale } = this.whole;
    const near = factor && clamp(this.view.scale * factor, 0.5 * scale, 200 * scale) / this.view.scale;
    this.view = near ? zoom(this.view, near, at, this.width, this.height) : this.whole;
    this.#place();
    if (this.cursor >= 0 && this.root.getRootNode().activeElement === this.ground) {
      this.#point(this.cursor);
    }
  }
  #shift(right, down) {
    const { x, y, scale } = this.view;
    this.view = { x: x - right / scale, y: y + down / scale, scale };
    this.#place();
  }
  #pinch(id, at) {
    const before = [...this.pointers.values()];
    this.pointers.set(id, at);
    const after = [...this.pointers.values()];
    const middle = ([a, b]) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    const wide = ([a, b]) => Math.max(Math.hypot(a[0] - b[0], a[1] - b[1]), 10);
    const [from, to] = [middle(before), middle(after)];
    this.#shift(to[0] - from[0], to[1] - from[1]);
    this.#zoom(wide(after) / wide(before), to);
  }
  close() {
    views.delete(this);
    cancelAnimationFrame(this.frame);
    this.sized.disconnect();
    super.close();
  }
};
export {
  point_cloud_default as default,
  instances,
  views
};
