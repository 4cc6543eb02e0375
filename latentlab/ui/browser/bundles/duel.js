/* Made by `make bundle` from the files named here: change those instead. */

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
  button(textContent, act, title2 = "") {
    const made = element("button", { type: "button", textContent, title: title2 });
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

// shared/fetching.js
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

// training/remote.js
var Trainer = class {
  constructor(onMessage, onFailure) {
    this.worker = new Worker(new URL("./trainer.js", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data }) => onMessage(data);
    this.worker.onerror = () => {
      this.close();
      onFailure("The training has stopped: this browser ended its Worker. Reload the page.");
    };
  }
  /** Tells the Worker something: {type, …}; trainer.js says what there is. */
  tell(message) {
    this.worker?.postMessage(message);
  }
  close() {
    this.worker?.terminate();
    this.worker = null;
  }
};
async function fetchMatrices(signal) {
  const address = new URL("../training/matrix.wasm", import.meta.url).href;
  const load = async (cache) => {
    const response = await fetch(address, { signal, cache });
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    return response.arrayBuffer();
  };
  return persist(load, { signal, attempts: 2 }).catch(() => null);
}

// shared/canvas.js
function prepare(canvas) {
  const scale = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (!width || !height) return null;
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

// adversaries/board.js
var REAL = "#1f77d0";
var FAKE = "#e76300";
var COLOURS = { real: REAL, fake: FAKE };
var [LOW, HIGH] = [[231, 99, 0], [31, 119, 208]];
function drawBoard(canvas, seen, { half, sheet, ink, layers }) {
  const ready = prepare(canvas);
  if (!ready) return;
  const { context, width, height } = ready;
  const x = (value) => (value / half + 1) / 2 * width;
  const y = (value) => (1 - value / half) / 2 * height;
  if (layers.heat && seen.heat) drawHeat(context, sheet, seen.heat, width, height);
  if (layers.field && seen.field) {
    const { along: along2, points } = seen.field;
    context.strokeStyle = ink;
    context.globalAlpha = 0.28;
    context.lineWidth = 0.8;
    context.beginPath();
    for (let i = 0; i < points.length; i += 2) {
      if (i / 2 % along2) context.lineTo(x(points[i]), y(points[i + 1]));
      else context.moveTo(x(points[i]), y(points[i + 1]));
    }
    context.stroke();
    context.globalAlpha = 1;
  }
  dots(context, seen.real, REAL, 1.7, x, y);
  if (layers.arrows) arrows(context, seen, half, ink, width, x, y);
  dots(context, seen.generated, FAKE, 2.1, x, y);
}
function drawHeat(context, sheet, heat, width, height) {
  const side = Math.sqrt(heat.length);
  if (sheet.width !== side) Object.assign(sheet, { width: side, height: side });
  const pen = sheet.getContext("2d");
  const data = pen.createImageData(side, side);
  for (let i = 0, at = 0; i < heat.length; i += 1, at += 4) {
    const lean = 2 * heat[i] - 1;
    const colour = lean < 0 ? LOW : HIGH;
    for (let c = 0; c < 3; c += 1) data.data[at + c] = colour[c];
    data.data[at + 3] = 120 * Math.abs(lean);
  }
  pen.putImageData(data, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(sheet, 0, 0, width, height);
}
var stamps = /* @__PURE__ */ new Map();
function stamp(colour, radius) {
  const scale = window.devicePixelRatio || 1;
  const key = `${colour} ${radius} ${scale}`;
  if (!stamps.has(key)) {
    const side = 2 * Math.ceil(radius + 1);
    const made = document.createElement("canvas");
    Object.assign(made, { width: Math.round(side * scale), height: Math.round(side * scale) });
    const pen = made.getContext("2d");
    pen.scale(scale, scale);
    pen.fillStyle = colour;
    pen.arc(side / 2, side / 2, radius, 0, 2 * Math.PI);
    pen.fill();
    stamps.set(key, { made, side });
  }
  return stamps.get(key);
}
function dots(context, points, colour, radius, x, y) {
  const { made, side } = stamp(colour, radius);
  for (let i = 0; i < points.length; i += 2) {
    context.drawImage(made, x(points[i]) - side / 2, y(points[i + 1]) - side / 2, side, side);
  }
}
function arrows(context, { generated, pull }, half, ink, width, x, y) {
  context.strokeStyle = ink;
  context.globalAlpha = 0.75;
  context.lineWidth = 1;
  context.beginPath();
  for (let i = 0; i < generated.length; i += 4) {
    const [dx, dy] = [pull[i] / half, pull[i + 1] / half];
    const size = Math.hypot(dx, dy);
    const length = 0.09 * width * size / (size + 0.3);
    if (!(length > 0.7)) continue;
    const [left, top] = [x(generated[i]), y(generated[i + 1])];
    const [right, down] = [left + dx / size * length, top - dy / size * length];
    const [ux, uy] = [(right - left) / length, (down - top) / length];
    context.moveTo(left, top);
    context.lineTo(right, down);
    context.lineTo(right - 3.5 * ux - 2 * uy, down - 3.5 * uy + 2 * ux);
    context.moveTo(right, down);
    context.lineTo(right - 3.5 * ux + 2 * uy, down - 3.5 * uy - 2 * ux);
  }
  context.stroke();
  context.globalAlpha = 1;
}

// adversaries/curves.js
function drawLosses(canvas, said, end, { ink, font }) {
  const ready = prepare(canvas);
  if (!ready) return;
  const { context, width, height } = ready;
  const type = parseFloat(font);
  context.font = `${type}px sans-serif`;
  const values = said.flatMap(([, g, d]) => [g, d]).filter(Number.isFinite).sort((a, b) => a - b);
  context.fillStyle = ink;
  if (values.length < 4) {
    context.fillText("losses over time", 4, type * 1.1);
    return;
  }
  const [low, high] = [values[Math.floor(0.01 * values.length)], values[Math.ceil(0.99 * values.length) - 1]];
  const room = Math.max(high - low, 1e-3);
  const [top, bottom] = [type * 1.7, height - 3];
  const x = (moment) => moment / Math.max(end, 1) * width;
  const y = (value) => bottom - Math.min(Math.max((value - low) / room, 0), 1) * (bottom - top);
  [[COLOURS.real, 2], [COLOURS.fake, 1]].forEach(([colour, column]) => {
    context.strokeStyle = colour;
    context.lineWidth = 1.4;
    context.beginPath();
    said.forEach((row, i) => i ? context.lineTo(x(row[0]), y(row[column])) : context.moveTo(x(row[0]), y(row[column])));
    context.stroke();
  });
  const last = said.at(-1);
  context.fillText(`loss of D ${last[2].toFixed(2)}, of G ${last[1].toFixed(2)}`.replaceAll("-", "−"), 4, type * 1.1);
}
function drawHistograms(canvas, { low, high, real, fake }, { ink, font }) {
  const ready = prepare(canvas);
  if (!ready) return;
  const { context, width, height } = ready;
  const type = parseFloat(font);
  context.font = `${type}px sans-serif`;
  const [top, bottom] = [type * 1.7, height - type * 1.3];
  const most = Math.max(...real, ...fake, 1e-6);
  const step = width / real.length;
  for (const [bins, colour] of [[real, COLOURS.real], [fake, COLOURS.fake]]) {
    context.fillStyle = colour;
    context.globalAlpha = 0.6;
    bins.forEach((share, i) => {
      const size = share / most * (bottom - top);
      context.fillRect(i * step, bottom - size, step - 0.5, size);
    });
  }
  context.globalAlpha = 1;
  context.fillStyle = ink;
  const number = (value) => value.toFixed(Math.abs(value) < 10 ? 2 : 0).replace("-", "−");
  context.fillText("D(x) blue, D(G(z)) orange", 4, type * 1.1);
  context.fillText(number(low), 2, height - 2);
  const end = number(high);
  context.fillText(end, width - context.measureText(end).width - 2, height - 2);
}

// adversaries/pen.js
var MOST = 400;
var GRID = 250;
var LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
function along(strokes, most = MOST) {
  const size = ([a, b], [c, d]) => Math.hypot(a - c, b - d);
  const whole = strokes.reduce(
    (sum, stroke) => sum + stroke.slice(1).reduce((part, point, i) => part + size(stroke[i], point), 0),
    0
  );
  const step = Math.max(0.02, whole / (most - strokes.length - 1));
  const found = [];
  for (const stroke of strokes) {
    if (!stroke.length || found.length >= most) continue;
    found.push(stroke[0]);
    let left = step;
    for (let i = 1; i < stroke.length; i += 1) {
      const [from, to] = [stroke[i - 1], stroke[i]];
      const length = size(from, to);
      while (left <= length && found.length < most) {
        const share = left / length;
        found.push([from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]);
        left += step;
      }
      left -= length;
    }
  }
  return found;
}
function writeDrawing(points) {
  const letter = (place) => {
    const number = Math.min(2 * GRID, Math.max(0, Math.round((place + 1) * GRID)));
    return LETTERS[number >> 6] + LETTERS[number & 63];
  };
  return points.map(([x, y]) => letter(x) + letter(y)).join("");
}
var Pad = class {
  constructor(view, onDrawn) {
    this.strokes = [];
    this.canvas = element("canvas", { className: "pad" }, { role: "img", "aria-label": "Pad: draw a distribution here" });
    this.box = element("div", { className: "padding" });
    this.box.append(
      element("p", { textContent: "Draw where points shall lie; each stroke adds to it." }),
      this.canvas,
      view.button("Clear", () => {
        this.strokes = [];
        this.draw();
      })
    );
    const place = (event) => {
      const box = this.canvas.getBoundingClientRect();
      const clip = (value) => Math.min(1, Math.max(-1, value));
      return [clip(2 * (event.clientX - box.left) / box.width - 1), clip(1 - 2 * (event.clientY - box.top) / box.height)];
    };
    view.on(this.canvas, "pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.strokes.push([place(event)]);
      this.drawing = true;
      this.draw();
    });
    view.on(this.canvas, "pointermove", (event) => {
      if (!this.drawing) return;
      this.strokes.at(-1).push(place(event));
      this.draw();
    });
    const lift = () => {
      if (!this.drawing) return;
      this.drawing = false;
      onDrawn(writeDrawing(along(this.strokes)));
    };
    view.on(this.canvas, "pointerup", lift);
    view.on(this.canvas, "pointercancel", lift);
  }
  draw() {
    const ready = prepare(this.canvas);
    if (!ready) return;
    const { context, width, height } = ready;
    context.strokeStyle = COLOURS.real;
    context.lineWidth = 4;
    context.lineCap = context.lineJoin = "round";
    for (const stroke of this.strokes) {
      context.beginPath();
      stroke.forEach(([x, y], i) => {
        const at = [(x + 1) / 2 * width, (1 - y) / 2 * height];
        if (i) context.lineTo(...at);
        else context.moveTo(...at);
      });
      if (stroke.length < 2) context.lineTo((stroke[0][0] + 1) / 2 * width + 0.1, (1 - stroke[0][1]) / 2 * height);
      context.stroke();
    }
  }
};

// adversaries/words.js
var percent = (share) => `${(100 * share).toFixed(1)} %`;
var nats = (value) => value < 10 ? value.toFixed(value < 0.1 ? 4 : 2) : value.toFixed(0);
var VANISHED = 5e-3;
function rows([, parts], count2) {
  return [
    [`${title(parts)} covered`, (one) => `${one.covered} of ${count2}`, "covered"],
    ["in fair share", (one) => `${one.fair} of ${count2}`, "fair"],
    ["within 3σ", (one) => percent(one.inside), "inside"],
    ["reverse KL", (one) => nats(one.divergence), "divergence"]
  ];
}
var title = (word) => word[0].toUpperCase() + word.slice(1);
function range(low, high, show, name) {
  const [from, to] = [show(low), show(high)];
  if (from === to) return from;
  if (name === "inside") return `${from.replace(" %", "")}–${to}`;
  return `${from}–${to}`;
}
function faults(reading, { low, high }, count2) {
  return {
    covered: reading.covered < low.covered ? "missing" : "",
    fair: reading.fair < Math.min(low.fair, count2) ? "too few" : "",
    inside: reading.inside > high.inside ? "too narrow" : reading.inside < low.inside ? "too wide" : "",
    divergence: reading.divergence > high.divergence ? "uneven" : ""
  };
}
function verdict({ stopped, reading, strength, moment, single }, scale, [part, parts], count2) {
  if (stopped) return stopped.sentence;
  if (!moment) return "Before the first step.";
  if (single) return reading.inside === 1 ? "At rest on the target." : "Away from the target.";
  const wrong = faults(reading, scale, count2);
  const named = count2 === 1 ? part : parts;
  const shares = `${reading.fair} of ${count2} ${named} in fair share`;
  const gone = strength ** 0.5 < VANISHED ? " Hardly anything pulls the generator any more." : "";
  if (count2 > 1 && reading.fair <= count2 / 2 && wrong.inside === "too narrow") return `Collapsed: ${shares}, too narrow.${gone}`;
  if (reading.fair < count2) return `${reading.covered < count2 ? "Leaves out" : "Uneven"}: ${shares}, ${percent(reading.inside)} within 3σ.${gone}`;
  if (wrong.inside === "too narrow") return `Too narrow: ${percent(reading.inside)} within 3σ.${gone}`;
  if (wrong.inside === "too wide") return `All of it in fair share, still too wide: ${percent(reading.inside)} within 3σ.${gone}`;
  if (wrong.divergence) return `Nearly perfect, a little uneven.${gone}`;
  return `As a perfect sampler.${gone}`;
}
var LETTER = { step: "s", discriminator: "d", generator: "g" };
var writeMoves = (moves) => moves.map(([kind, count2]) => `${count2}${LETTER[kind]}`).join(".");
var writeArenas = (arenas) => arenas.map(([[, first], ...later]) => [first, ...later.map(([moment, name]) => `${moment}:${name}`)].join("@")).join(",");

// adversaries/duel.js
var MANY = 4;
var BEST = 400;
var SLOW = 700;
var VIEW = 1.45;
var duel_default = (component) => mount(component, (root) => new Duel(root));
var shortly = (size) => size < VANISHED ? `${size.toPrecision(1)}, gone` : size.toPrecision(2);
var Duel = class extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#report());
    this.layers = { heat: true, field: true, arrows: true };
    this.frames = [];
    root.frames = this.frames;
    this.resized = new ResizeObserver(() => {
      present(root);
      this.#draw();
    });
    this.resized.observe(root);
    this.fetching = new AbortController();
    this.matrices = fetchMatrices(this.fetching.signal);
  }
  // --- what Python says --------------------------------------------------------------------
  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    present(this.root);
    const key = JSON.stringify([data.target, data.settings]);
    const arenas = writeArenas(data.arenas);
    if (key === this.key && arenas === writeArenas(this.arenas)) {
      if (last.titles !== data.titles) this.#draw();
      return;
    }
    this.key = key;
    this.arenas = data.arenas;
    this.#build();
    this.#open();
  }
  async #open() {
    this.trainer?.close();
    this.frame = null;
    say(this.status, "Preparing …");
    const trainer = new Trainer(
      (message) => this.trainer === trainer && this.#hear(message),
      (sentence) => this.trainer === trainer && say(this.status, sentence)
    );
    this.trainer = trainer;
    const matrices = await this.matrices;
    const { target, settings, moves } = this.data;
    trainer.tell({ type: "pace", slow: this.slow ? SLOW : 0 });
    trainer.tell({ type: "open", matrices, target, settings, losses: this.arenas, moves });
    this.speed = matrices ? "" : " Without WebAssembly’s SIMD this is slow.";
  }
  // --- what the Worker says ----------------------------------------------------------------
  #hear(message) {
    if (message.type === "failed") {
      say(this.status, message.sentence);
      return;
    }
    this.frame = message;
    this.asked ??= requestAnimationFrame(() => {
      this.asked = null;
      this.#draw();
      this.frames.push(performance.now());
      if (this.frames.length > 600) this.frames.splice(0, 300);
      this.trainer?.tell({ type: "drawn" });
    });
    const { training, left } = message;
    if (!training && !left) this.rest.begin(400);
    else this.rest.cancel();
  }
  /** Tells Python where the run rests, so that the address holds it. */
  #report() {
    if (!this.frame) return;
    const { moves, moment } = this.frame;
    let room = moment;
    const played = moves.flatMap(([kind, count2]) => {
      const part = Math.min(count2, room);
      room -= part;
      return part ? [[kind, part]] : [];
    });
    const report = { setup: this.data.setup, moves: writeMoves(played), arenas: writeArenas(this.arenas) };
    this.#speak();
    if (JSON.stringify(report) === this.reported) return;
    const first = this.reported === void 0 && writeMoves(this.data.moves) === report.moves;
    this.reported = JSON.stringify(report);
    if (!first) this.setStateValue("report", report);
  }
  // --- elements ----------------------------------------------------------------------------
  #build() {
    const { titles, target, scale, draws } = this.data;
    this.reported = void 0;
    const tools = element("div", { className: "tools" });
    this.runs = this.button("Run", () => this.#toggle());
    this.runs.classList.add("primary");
    const play = (label, kind, count2, hint) => this.button(label, () => this.#play(kind, count2), hint);
    const slow = element("input", { type: "checkbox", checked: Boolean(this.slow) });
    this.on(slow, "change", () => {
      this.slow = slow.checked;
      this.trainer?.tell({ type: "pace", slow: this.slow ? SLOW : 0 });
    });
    const toggle = element("label", { className: "toggle" });
    toggle.append(slow, "Slow motion");
    tools.append(
      this.runs,
      play("Step", "step", 1, "Discriminator, then generator"),
      play("Step D", "discriminator", 1, "The discriminator alone"),
      play("Step G", "generator", 1, "The generator alone"),
      play("Train D to its best", "discriminator", BEST, `${BEST} steps of the discriminator alone`),
      toggle
    );
    for (const [name, label] of [["heat", "Discriminator"], ["field", "Noise plane"], ["arrows", "Arrows"]]) {
      const box = element("input", { type: "checkbox", checked: this.layers[name] });
      this.on(box, "change", () => {
        this.layers[name] = box.checked;
        this.#draw();
      });
      const labelled = element("label", { className: "toggle" });
      labelled.append(box, label);
      tools.append(labelled);
    }
    const sliding = element("div", { className: "sliding" });
    this.slider = element("input", { type: "range", min: 0, max: 0, value: 0, step: 1, className: "slider" }, { "aria-label": "Moment of training" });
    this.on(this.slider, "input", () => this.trainer?.tell({ type: "seek", moment: this.slider.valueAsNumber }));
    this.clock = element("output", { className: "clock" });
    sliding.append(this.slider, this.clock);
    this.boards = element("div", { className: "boards" });
    this.cards = this.arenas.map((_, i) => this.#card(i));
    this.boards.append(...this.cards.map(({ box }) => box));
    this.boards.dataset.count = this.cards.length;
    this.table = element("div", { className: "meter" });
    this.status = element("p", { className: "status" }, { role: "status" });
    this.spoken = element("p", { className: "spoken" }, { "aria-live": "polite" });
    this.sheet ??= element("canvas");
    const parts = [tools, this.boards, sliding, this.table, this.status, this.spoken];
    this.pad = null;
    if (draws) {
      this.pad = new Pad(this, (text) => this.setStateValue("report", {
        setup: this.data.setup,
        moves: "",
        arenas: writeArenas(this.arenas),
        drawing: text
      }));
      this.pad.strokes = this.strokes ?? [];
      this.strokes = this.pad.strokes;
      parts.splice(1, 0, this.pad.box);
    }
    this.root.replaceChildren(...parts);
    this.pad?.draw();
    this.kinds = rows(target.part, target.shares.length);
    this.cells = this.#meter(titles, scale);
  }
  #card(i) {
    const { titles } = this.data;
    const losses = this.arenas[i];
    const box = element("section", { className: "card" });
    const canvas = element("canvas", { className: "board" }, { role: "img" });
    const name = losses.map(([moment, loss]) => moment ? `from step ${moment} ${titles[loss]}` : titles[loss]).join(", ");
    canvas.setAttribute("aria-label", `Arena: ${name}`);
    const heading = element("h3", { textContent: name });
    const words = element("p", { className: "verdict" });
    const curves = element("div", { className: "curves" });
    const said = element("canvas", { className: "losses" }, { role: "img", "aria-label": "Losses over time" });
    const counted = element("canvas", { className: "histograms" }, { role: "img", "aria-label": "What the discriminator says" });
    curves.append(said, counted);
    const back = this.button("Back to the last good step", () => {
      this.trainer?.tell({ type: "seek", moment: this.frame.arenas[i].stopped.good });
    });
    back.hidden = true;
    const branching = element("div", { className: "branching" });
    const choice = element("select", {}, { "aria-label": `Loss to branch to: ${name}` });
    for (const [value, textContent] of Object.entries(titles)) choice.append(element("option", { value, textContent }));
    choice.value = losses.at(-1)[1] === "relativistic" ? "non_saturating" : "relativistic";
    const branch = this.button("Branch from here", () => this.#branch(i, choice.value), "One more arena, which goes on from this moment with another loss");
    branch.disabled = this.arenas.length >= MANY;
    branching.append(branch, choice);
    if (i >= this.data.chosen) branching.append(this.button("Remove", () => this.#drop(i)));
    box.append(heading, canvas, words, back, curves, branching);
    return { box, canvas, words, back, said, counted };
  }
  /** Makes the table of readings; returns its cells, by row, of the arenas. */
  #meter(titles, { perfect, mixture, components }) {
    const table = element("table");
    const head = element("tr");
    const names = this.arenas.map((own2) => titles[own2.at(-1)[1]]);
    head.append(element("td"));
    for (const name of [...names, "Perfect sampler", `Mixture of ${components}, EM`]) {
      head.append(element("th", { textContent: name, scope: "col" }));
    }
    table.append(head);
    const cells = this.kinds.map(([title2, show, name]) => {
      const row = element("tr");
      row.append(element("th", { textContent: title2, scope: "row" }));
      const own2 = this.arenas.map(() => element("td"));
      row.append(
        ...own2,
        element("td", { className: "other", textContent: range(perfect.low, perfect.high, show, name) }),
        element("td", { className: "other", textContent: show(mixture) })
      );
      table.append(row);
      return own2;
    });
    const pulls = element("tr");
    pulls.append(element("th", { textContent: "pull on G(z)", scope: "row" }));
    const own = this.arenas.map(() => element("td"));
    pulls.append(...own, element("td"), element("td"));
    table.append(pulls);
    this.pulls = own;
    this.table.replaceChildren(table);
    return cells;
  }
  // --- what people do ----------------------------------------------------------------------
  #toggle() {
    if (!this.frame) return;
    const busy = this.frame.training || this.frame.left > 0;
    this.trainer?.tell({ type: busy ? "pause" : "run" });
  }
  #play(kind, count2) {
    this.trainer?.tell({ type: "play", kind, count: count2 });
  }
  #branch(arena, loss) {
    if (!this.frame || this.arenas.length >= MANY) return;
    const { moment } = this.frame;
    const past = this.arenas[arena].filter(([since]) => since < moment);
    this.arenas = [...this.arenas, past.length ? [...past, [moment, loss]] : [[0, loss]]];
    this.#again({ type: "branch", arena, loss });
  }
  #drop(arena) {
    this.arenas = this.arenas.filter((_, i) => i !== arena);
    this.#again({ type: "drop", arena });
  }
  /** Another number of arenas: the same run, in the same Worker. */
  #again(message) {
    this.#build();
    this.reported = "";
    this.frame = null;
    this.trainer?.tell(message);
  }
  // --- drawing -----------------------------------------------------------------------------
  #draw() {
    const { frame, data } = this;
    if (!frame || frame.arenas.length !== this.cards.length) return;
    const style = getComputedStyle(this.root);
    const ink = style.color;
    const look = { ink, font: `${0.8 * parseFloat(style.fontSize)}px` };
    const { moment, end, training, left, replaying, arenas, readings } = frame;
    const { target, scale } = data;
    arenas.forEach((seen, i) => {
      const { canvas, said, counted } = this.cards[i];
      drawLosses(said, seen.said.filter(([at]) => at <= moment), end, look);
      if (seen.stopped) return;
      drawBoard(canvas, seen, { half: VIEW * target.scale, sheet: this.sheet, ink, layers: this.layers });
      drawHistograms(counted, seen.histograms, look);
    });
    arenas.forEach((seen, i) => {
      const { words: words2, back } = this.cards[i];
      back.hidden = !seen.stopped;
      if (seen.stopped) say(back, `Back to step ${seen.stopped.good}`);
      const reading = readings[i];
      const state = { ...seen, reading, moment, single: data.settings.noise === "none" };
      if (seen.stopped || reading) say(words2, verdict(state, scale.perfect, target.part, target.shares.length));
      words2.classList.toggle("wrong", Boolean(seen.stopped));
      if (seen.stopped || !reading) return;
      say(this.pulls[i], shortly(seen.strength ** 0.5));
      const wrong = faults(reading, scale.perfect, target.shares.length);
      this.kinds.forEach(([, show, name], row) => {
        const cell = this.cells[row][i];
        say(cell, wrong[name] ? `${show(reading)}, ${wrong[name]}` : show(reading));
        cell.classList.toggle("wrong", Boolean(wrong[name]));
      });
    });
    const busy = training || left > 0;
    say(this.runs, busy ? "Pause" : "Run");
    this.slider.max = end;
    if (busy || document.activeElement !== this.slider) this.slider.value = moment;
    say(this.clock, `step ${moment.toLocaleString("en")}${moment < end ? ` of ${end.toLocaleString("en")}` : ""}`);
    this.slider.setAttribute("aria-valuetext", `step ${moment}`);
    let words = `It trains in this browser alone.${this.speed}`;
    if (replaying && left) words = `Playing what the link holds: ${left.toLocaleString("en")} moves left.`;
    else if (data.settings.length && moment >= data.settings.length) words = "The learning rates have fallen to nothing: the run is at its end.";
    say(this.status, words);
  }
  #speak() {
    const { frame, data: { target, scale, titles, settings } } = this;
    if (!frame.moment) return;
    say(this.spoken, frame.arenas.map((seen, i) => {
      const state = { ...seen, reading: frame.readings[i], moment: frame.moment, single: settings.noise === "none" };
      return `${titles[seen.loss]}: ${verdict(state, scale.perfect, target.part, target.shares.length)}`;
    }).join(" "));
  }
  close() {
    this.trainer?.close();
    this.fetching.abort();
    cancelAnimationFrame(this.asked);
    this.resized.disconnect();
    this.rest.cancel();
    super.close();
  }
};
export {
  duel_default as default,
  instances
};
