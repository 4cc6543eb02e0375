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

// adaptation/clouds_drawing.js
var stamps = /* @__PURE__ */ new Map();
function stamp(colour, ring, size) {
  const scale = window.devicePixelRatio || 1;
  const key = `${colour} ${ring} ${size} ${scale}`;
  if (!stamps.has(key)) {
    const side = 2 * Math.ceil(size + 2);
    const made = document.createElement("canvas");
    Object.assign(made, { width: Math.round(side * scale), height: Math.round(side * scale) });
    const pen = made.getContext("2d");
    pen.scale(scale, scale);
    pen.arc(side / 2, side / 2, ring ? size + 0.4 : size, 0, 2 * Math.PI);
    if (ring) {
      pen.strokeStyle = colour;
      pen.lineWidth = 1.6;
      pen.stroke();
    } else {
      pen.fillStyle = colour;
      pen.fill();
    }
    stamps.set(key, { made, side });
  }
  return stamps.get(key);
}
function drawClouds({ context, width, height }, points, { x, y, half }, colour, size = 2.2) {
  const count2 = points.length / 2;
  for (let i = 0; i < count2; i += 1) {
    const { made, side } = stamp(colour(i), i >= count2 / 2, size);
    const [left, top] = [
      ((points[2 * i] - x) / half + 1) / 2 * width,
      (1 - (points[2 * i + 1] - y) / half) / 2 * height
    ];
    context.drawImage(made, left - side / 2, top - side / 2, side, side);
  }
}
function drawRegions({ context, width, height }, sheet, lean, colours) {
  const side = Math.sqrt(lean.length);
  if (sheet.width !== side) Object.assign(sheet, { width: side, height: side });
  const pen = sheet.getContext("2d");
  const data = pen.createImageData(side, side);
  for (let i = 0, at = 0; i < lean.length; i += 1, at += 4) {
    const colour = colours[lean[i] > 0 ? 1 : 0];
    for (let c = 0; c < 3; c += 1) data.data[at + c] = colour[c];
    data.data[at + 3] = 70 * Math.abs(lean[i]);
  }
  pen.putImageData(data, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(sheet, 0, 0, width, height);
}

// adaptation/words.js
var ALIGNED = 0.34;
var CLEAR = 0.04;
var percent = (share) => `${(100 * share).toFixed(0)} %`;
function verdict(alone, drawn, name, moment) {
  if (!moment) return "Before the first step. Press Run, and move λ while it trains.";
  const numbers = `${name} reads ${percent(drawn.target)} of the target, source only ${percent(alone.target)}`;
  if (drawn.source < 0.9) return `Pulled apart: ${name} no longer reads the source itself (${percent(drawn.source)}).`;
  const aligned = drawn.domains >= ALIGNED;
  if (aligned && drawn.target < alone.target - CLEAR) return `Aligned, and wrong: ${numbers}.`;
  if (aligned && drawn.target > alone.target + CLEAR) return `Aligned, and right: ${numbers}.`;
  if (aligned) return `Aligned, and nothing gained: ${numbers}.`;
  if (drawn.target > alone.target + CLEAR) return `It helps, though the domains can still be told apart: ${numbers}.`;
  if (drawn.target < alone.target - CLEAR) return `It hurts: ${numbers}.`;
  return `No difference yet: ${numbers}.`;
}
var writeMoves = (moves) => moves.map(([strength, count2]) => `${count2}x${strength}`).join(".");
function until(moves, moment) {
  let room = moment;
  return moves.flatMap(([kind, count2]) => {
    const part = Math.min(count2, room);
    room -= part;
    return part > 0 ? [[kind, part]] : [];
  });
}

// adaptation/alignment.js
var COLOURS = ["#1f77d0", "#e76300"];
var REGIONS = [[31, 119, 208], [231, 99, 0]];
var VIEW = 2.1;
var MANY = 300;
var PACE = 3;
var EVERY = 25;
var alignment_default = (component) => mount(component, (root) => new Alignment(root));
var Alignment = class extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#report());
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
    Object.assign(this, { data, setStateValue });
    present(this.root);
    const key = JSON.stringify([data.target, data.settings, data.method]);
    const moves = writeMoves(data.moves);
    if (key === this.key && (moves === this.told || moves === this.reported)) {
      this.#draw();
      return;
    }
    this.key = key;
    this.told = moves;
    this.strength = data.moves.at(-1)?.[0] ?? this.strength ?? data.strength;
    this.#build();
    this.#open();
  }
  async #open() {
    this.trainer?.close();
    this.frame = null;
    this.reported = void 0;
    say(this.status, "Preparing …");
    const trainer = new Trainer(
      (message) => this.trainer === trainer && this.#hear(message),
      (sentence) => this.trainer === trainer && say(this.status, sentence)
    );
    this.trainer = trainer;
    const matrices = await this.matrices;
    const { target, settings, moves, method } = this.data;
    trainer.tell({ type: "pace", slow: this.fast ? 0 : PACE });
    trainer.tell({ type: "steps", kind: this.strength });
    trainer.tell({ type: "open", kind: "benches", matrices, target, settings, losses: [[[0, "source"]], [[0, method]]], moves });
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
    this.#steer();
  }
  /** Lets λ follow the finger, every few steps. */
  #steer() {
    const { moment } = this.frame ?? { moment: 0 };
    if (this.strength === this.steered || this.changed !== void 0 && Math.abs(moment - this.changed) < EVERY && moment) return;
    [this.steered, this.changed] = [this.strength, moment];
    this.trainer?.tell({ type: "steps", kind: this.strength });
  }
  /** Tells Python where the run rests, so that the address holds it. */
  #report() {
    if (!this.frame) return;
    const { moves, moment } = this.frame;
    const text = writeMoves(until(moves, moment));
    say(this.spoken, this.words.textContent);
    if (text === this.reported) return;
    const first = this.reported === void 0 && writeMoves(this.data.moves) === text;
    this.reported = text;
    if (first) return;
    if (moves.length > this.data.most) {
      say(this.status, "λ was moved more often than a link can hold; the page still does.");
      return;
    }
    this.setStateValue("report", { setup: this.data.setup, moves: text });
  }
  // --- elements ----------------------------------------------------------------------------
  #build() {
    const { titles, method } = this.data;
    const tools = element("div", { className: "tools" });
    this.runs = this.button("Run", () => this.#toggle());
    this.runs.classList.add("primary");
    tools.append(
      this.runs,
      this.button("Step", () => this.trainer?.tell({ type: "play", kind: this.strength, count: 1 }), "One step of both networks"),
      this.button(`${MANY} steps`, () => this.trainer?.tell({ type: "play", kind: this.strength, count: MANY }))
    );
    const fast = element("input", { type: "checkbox", checked: Boolean(this.fast) });
    this.on(fast, "change", () => {
      this.fast = fast.checked;
      this.trainer?.tell({ type: "pace", slow: this.fast ? 0 : PACE });
    });
    const toggle = element("label", { className: "toggle" });
    toggle.append(fast, "Fast");
    tools.append(toggle);
    const pull = element("label", { className: "pull" });
    this.lambda = element("input", { type: "range", min: 0, max: 100, step: 1, value: this.strength, className: "slider" }, { "aria-label": "λ, strength of the alignment" });
    this.amount = element("output");
    this.on(this.lambda, "input", () => {
      this.strength = this.lambda.valueAsNumber;
      this.#say();
      this.#steer();
    });
    pull.append("λ", this.lambda, this.amount);
    tools.append(pull);
    const sliding = element("div", { className: "sliding" });
    this.slider = element("input", { type: "range", min: 0, max: 0, value: 0, step: 1, className: "slider" }, { "aria-label": "Moment of training" });
    this.on(this.slider, "input", () => this.trainer?.tell({ type: "seek", moment: this.slider.valueAsNumber }));
    this.clock = element("output", { className: "clock" });
    sliding.append(this.slider, this.clock);
    this.words = element("p", { className: "verdict" });
    this.spoken = element("p", { className: "spoken" }, { role: "status" });
    const boards = element("div", { className: "boards" });
    this.cards = ["source", method].map((name) => {
      const box = element("section", { className: "card" }, { "aria-label": titles[name] });
      const planes = element("div", { className: "planes" });
      const [points, features] = ["Points", "Features"].map((what) => {
        const figure = element("figure");
        const canvas = element("canvas", {}, { role: "img", "aria-label": `${titles[name]}: ${what.toLowerCase()}` });
        figure.append(canvas, element("figcaption", { textContent: what }));
        planes.append(figure);
        return canvas;
      });
      const numbers = element("p", { className: "numbers" });
      box.append(element("h3", { textContent: titles[name] }), planes, numbers);
      boards.append(box);
      return { points, features, numbers, sheet: document.createElement("canvas") };
    });
    this.status = element("p", { className: "status" });
    this.root.replaceChildren(tools, sliding, this.words, boards, this.status, this.spoken);
    this.#say();
  }
  #say() {
    say(this.amount, (this.strength / 100).toFixed(2));
    this.lambda.setAttribute("aria-valuetext", (this.strength / 100).toFixed(2));
  }
  #toggle() {
    if (!this.frame) return;
    const busy = this.frame.training || this.frame.left > 0;
    this.trainer?.tell({ type: busy ? "pause" : "run" });
  }
  // --- drawing -----------------------------------------------------------------------------
  #draw() {
    const { frame, data } = this;
    if (!frame) return;
    const { moment, end, training, left, replaying, arenas, readings } = frame;
    arenas.forEach((seen, i) => {
      if (seen.stopped) return;
      const { points, features, sheet } = this.cards[i];
      const colour = (at) => COLOURS[seen.lower[at]];
      const first = prepare(points);
      if (first) {
        drawRegions(first, sheet, seen.regions, REGIONS);
        drawClouds(first, seen.points, { x: 0, y: 0, half: VIEW }, colour);
      }
      const second = prepare(features);
      if (second) {
        const [x, y, half] = seen.box;
        drawRegions(second, sheet, seen.said, REGIONS);
        drawClouds(second, seen.features, { x, y, half }, colour);
      }
    });
    arenas.forEach((seen, i) => {
      const reading = readings[i];
      if (seen.stopped) say(this.cards[i].numbers, seen.stopped.sentence);
      else if (reading) {
        say(this.cards[i].numbers, `source ${percent(reading.source)} · target ${percent(reading.target)} · domains told apart with ${percent(reading.domains)} error`);
      }
    });
    if (readings.every(Boolean)) say(this.words, verdict(...readings, data.titles[data.method], moment));
    const busy = training || left > 0;
    say(this.runs, busy ? "Pause" : "Run");
    this.slider.max = end;
    if (busy || document.activeElement !== this.slider) this.slider.value = moment;
    say(this.clock, `step ${moment.toLocaleString("en")}${moment < end ? ` of ${end.toLocaleString("en")}` : ""}`);
    this.slider.setAttribute("aria-valuetext", `step ${moment}`);
    let words = `Dots: source. Rings: target, whose classes no network is told. It trains in this browser alone.${this.speed}`;
    if (replaying && left) words = `Playing what the link holds: ${left.toLocaleString("en")} steps left.`;
    else if (moment >= data.settings.length) words = "This is as far as it goes. Go back on the slider, or choose another start.";
    say(this.status, words);
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
  alignment_default as default,
  instances
};
