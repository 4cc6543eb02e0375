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

// shared/presented.js
function present(root) {
  const presented = getComputedStyle(root).getPropertyValue("--stage") !== "";
  root.classList.toggle("presented", presented);
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

// bottleneck/angles.js
var degrees = (angle) => `${angle < 10 ? angle.toFixed(1) : angle.toFixed(0)}°`;
function words({ steps, penalised, toSubspace, toAxes, untied }, at) {
  const when = steps[at] === 0 ? "before the first step" : `after ${steps[at]} steps`;
  const moment = `${penalised[at] ? "With L2" : "Without a penalty"}, ${when}`;
  const plane = Math.max(...toSubspace[at]);
  const axis = Math.max(...toAxes[at]);
  const found = plane < 2 ? "it has found PCA’s subspace" : "its subspace is not PCA’s yet";
  let turned = `, but its axes are up to ${degrees(axis)} off`;
  if (axis < 5) turned = ` and PCA’s axes, to ${degrees(axis)}`;
  if (plane >= 2) turned = "";
  const tied = untied[at] < 0.05 ? "; encoder and decoder are each other’s transpose" : "";
  return { moment, verdict: `${found} (largest angle ${degrees(plane)})${turned}${tied}.` };
}
var PLANE = "#3f90da";
var AXES = "#e76300";
function chart(canvas, { steps, penalised, toSubspace, toAxes }, at, style) {
  const sheet = prepare(canvas);
  if (!sheet) return;
  const { context, width, height } = sheet;
  const type = 0.8 * parseFloat(style.fontSize);
  context.font = `400 ${type}px ${style.fontFamily}`;
  const inset = 8;
  const [top, bottom] = [type * 1.6, height - 4];
  const x = (i) => inset + i / Math.max(1, steps.length - 1) * (width - 2 * inset);
  const y = (angle) => bottom - angle / 90 * (bottom - top);
  context.fillStyle = context.strokeStyle = style.color;
  context.textBaseline = "bottom";
  for (const angle of [0, 45, 90]) {
    context.globalAlpha = 0.2;
    context.fillRect(inset, y(angle), width - 2 * inset, 1);
    context.globalAlpha = 0.8;
    context.textAlign = "left";
    if (angle) context.fillText(`${angle}°`, inset, y(angle) - 1);
  }
  const first = penalised.indexOf(true);
  if (first > 0) {
    const edge = (x(first - 1) + x(first)) / 2;
    context.globalAlpha = 0.07;
    context.fillRect(edge, top, width - inset - edge, bottom - top);
    context.globalAlpha = 0.9;
    context.fillText("L2 on", edge + 6, bottom - 4);
  }
  const lines = [
    ["axes", AXES, toAxes.map((row) => Math.max(...row)), []],
    ["subspace", PLANE, toSubspace.map((row) => Math.max(...row)), [6, 4]]
  ];
  let left = inset + 4 * type;
  for (const [name, colour, values, dash] of lines) {
    context.globalAlpha = 1;
    context.strokeStyle = colour;
    context.lineWidth = 2.5;
    context.setLineDash(dash);
    context.beginPath();
    values.forEach((value, i) => i ? context.lineTo(x(i), y(value)) : context.moveTo(x(i), y(value)));
    context.stroke();
    context.beginPath();
    context.moveTo(left, type * 0.7);
    context.lineTo(left + 24, type * 0.7);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = colour;
    context.beginPath();
    context.arc(x(at), y(values[at]), 5, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = style.color;
    const label = `largest angle to PCA’s ${name}`;
    context.fillText(label, left + 30, type * 1.3);
    left += 46 + context.measureText(label).width;
  }
  context.globalAlpha = 0.6;
  context.fillRect(x(at) - 0.5, top, 1, bottom - top);
  context.globalAlpha = 1;
}

// bottleneck/turning.js
var ADDS = [91, 110, 225];
var TAKES = [231, 99, 0];
var turning_default = (component) => mount(component, (root) => new Turning(root));
var Turning = class extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#report());
    this.frames = new Frames(
      () => this.#paint(),
      (error) => say(this.status, error.message)
    );
    this.frames.use((at) => at);
    this.status = element("p", { className: "status", textContent: "Fetching the moments …" });
    root.append(this.status);
  }
  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    present(this.root);
    if (data.moments !== last?.moments) this.#fetch(data);
    else if (data.at !== last.at && data.at !== this.reported) this.#go(data.at);
  }
  async #fetch({ moments }) {
    this.fetching?.abort();
    const { signal } = this.fetching = new AbortController();
    try {
      const read = await fetchJson(moments, signal);
      this.moments = { ...read, axes: bytes(read.axes), principal: bytes(read.principal) };
    } catch (error) {
      if (!signal.aborted) say(this.status, `The moments cannot be fetched: ${error.message}`);
      return;
    }
    this.#build();
    this.#go(this.data.at);
  }
  #build() {
    const { steps, toAxes, penalised } = this.moments;
    const count2 = toAxes[0].length;
    const table = element("div", { className: "table" });
    table.style.setProperty("--axes", count2);
    const row = (title, name) => {
      table.append(element("p", { className: "method", textContent: title }));
      return Array.from({ length: count2 }, (_, i) => {
        const figure = element("figure");
        const canvas = element("canvas", { className: "picture" }, { role: "img" });
        canvas.setAttribute("aria-label", `${name} ${i + 1}`);
        const caption = element("figcaption");
        figure.append(canvas, caption);
        table.append(figure);
        return { canvas, caption };
      });
    };
    const principal = row("PCA: the principal components", "Principal component");
    this.cells = row("Linear autoencoder: the axes of its decoder, by length", "Axis");
    principal.forEach(({ canvas, caption }, i) => {
      this.#tint(canvas, this.moments.principal, i);
      say(caption, `${i + 1}`);
    });
    const range = { type: "range", min: 0, max: steps.length - 1, step: 1, className: "slider" };
    this.slider = element("input", range, { "aria-label": "Moment of training" });
    this.on(this.slider, "input", () => {
      this.#go(this.slider.valueAsNumber, performance.now());
      this.rest.begin();
    });
    this.chart = element("canvas", { className: "chart" }, { role: "img" });
    this.chart.setAttribute("aria-label", "Angles to PCA over training, in degrees");
    this.verdict = element("p", { className: "verdict" });
    const tools = element("div", { className: "tools" });
    tools.append(
      this.button("Before training", () => this.#jump(0)),
      this.button("Trained", () => this.#jump(penalised.lastIndexOf(false)))
    );
    if (penalised.at(-1)) tools.append(this.button("L2 on", () => this.#jump(steps.length - 1)));
    const sliding = element("div", { className: "sliding" });
    sliding.append(this.chart, this.slider);
    const body = element("div", { className: "body" });
    const answer = element("div", { className: "answer" });
    answer.append(this.verdict, tools);
    body.append(table, answer, sliding);
    this.root.replaceChildren(body, this.status);
    say(this.status, "Blue adds, orange takes away. Angles in degrees; an axis points both ways. Moments lie closer together at the beginning of a run.");
    this.observer?.disconnect();
    this.observer = new ResizeObserver(() => {
      present(this.root);
      this.frames.request([this.at ?? 0]);
    });
    this.observer.observe(sliding);
    this.observer.observe(this.root);
  }
  /** Goes to a moment in small steps, so that what turns is seen to turn. */
  #jump(to) {
    cancelAnimationFrame(this.jumping);
    const stride = Math.max(1, Math.round(Math.abs(to - this.at) / 45));
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const walk = () => {
      const left = to - this.at;
      if (!left) return this.rest.begin();
      this.#go(still ? to : this.at + Math.sign(left) * Math.min(stride, Math.abs(left)));
      this.jumping = requestAnimationFrame(walk);
    };
    walk();
  }
  #go(at, time = null) {
    if (!this.moments) return;
    this.at = Math.min(Math.max(at, 0), this.moments.steps.length - 1);
    this.slider.value = this.at;
    this.slider.setAttribute("aria-valuetext", words(this.moments, this.at).moment);
    this.frames.request([this.at], time);
  }
  #tint(canvas, axes, which) {
    const [height, width] = this.moments.shape;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    const data = context.createImageData(width, height);
    const area = width * height;
    for (let i = 0; i < area; i += 1) {
      const value = axes[which * area + i] - 127;
      data.data.set(value < 0 ? TAKES : ADDS, 4 * i);
      data.data[4 * i + 3] = Math.min(255, 2 * Math.abs(value));
    }
    context.putImageData(data, 0, 0);
  }
  #paint() {
    const { toAxes } = this.moments;
    this.cells.forEach(({ canvas, caption }, i) => {
      this.#tint(canvas, this.moments.axes, this.at * this.cells.length + i);
      say(caption, `${toAxes[this.at][i].toFixed(1)}°`);
    });
    const { moment, verdict } = words(this.moments, this.at);
    say(this.verdict, `${moment}: ${verdict}`);
    chart(this.chart, this.moments, this.at, getComputedStyle(this.root));
  }
  #report() {
    this.reported = this.at;
    this.setStateValue("at", this.at);
  }
  close() {
    cancelAnimationFrame(this.jumping);
    this.fetching?.abort();
    this.observer?.disconnect();
    this.rest.cancel();
    this.frames.close();
    super.close();
  }
};
export {
  turning_default as default,
  instances,
  watchers
};
