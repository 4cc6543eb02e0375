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

// pretrain/curves.js
var [WEAKEST, STRONGEST] = [-9, -1];
function share(gradient) {
  const power2 = Math.log10(Math.max(gradient, 1e-30));
  return Math.min(Math.max((power2 - WEAKEST) / (STRONGEST - WEAKEST), 0), 1);
}
var RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
function power(number) {
  if (!(number > 0)) return "0";
  let exponent = Math.floor(Math.log10(number));
  let digit = Math.round(number / 10 ** exponent);
  if (digit === 10) [digit, exponent] = [1, exponent + 1];
  return `${digit}·10${[...String(exponent)].map((letter) => RAISED[letter]).join("")}`;
}
var NINES = [1, 2, 5, 10, 20, 50, 90];
function chart({ name, title, logarithmic, canvas }, kept, shown, epoch, style) {
  const sheet = prepare(canvas);
  if (!sheet) return;
  const { context, width, height } = sheet;
  const type = 0.85 * parseFloat(style.fontSize);
  context.font = `400 ${type}px ${style.fontFamily}`;
  context.fillStyle = style.color;
  const [left, right, top, bottom] = [2.4 * type, width - 0.8 * type, 1.7 * type, height - 1.5 * type];
  const { epochs } = kept;
  const last = epochs.at(-1);
  const values = kept[name];
  const all = shown.flatMap((run) => values[run]);
  const [low, high] = logarithmic ? [Math.log10(Math.min(1, ...all)), 2] : [0, Math.max(...all, 1e-9) * 1.05];
  const x = (at) => left + at / last * (right - left);
  const y = (value) => {
    const place = logarithmic ? Math.log10(Math.max(value, 0.01)) : value;
    return bottom - (place - low) / (high - low) * (bottom - top);
  };
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const tick of logarithmic ? NINES : [0, 1, 2].filter((one) => one <= high)) {
    context.globalAlpha = 0.15;
    context.fillRect(left, y(tick), right - left, 1);
    context.globalAlpha = 0.8;
    if (!(logarithmic && bottom - top < 9 * type && [2, 5, 20, 50].includes(tick))) context.fillText(`${tick}`, left - 5, y(tick));
  }
  context.textBaseline = "alphabetic";
  context.textAlign = "center";
  for (let tick = 0; tick <= last; tick += last > 6 ? 2 : 1) {
    context.fillText(`${tick}`, x(tick), height - 2);
  }
  context.textAlign = "left";
  context.globalAlpha = 1;
  context.fillText(title, left, type);
  context.setLineDash([]);
  const now = Math.max(0, epoch);
  for (const run of shown) {
    context.strokeStyle = context.fillStyle = kept.colours[run];
    context.lineWidth = 2.5;
    context.beginPath();
    epochs.forEach((at, i) => {
      const point = [x(at), y(values[run][i])];
      if (i) context.lineTo(...point);
      else context.moveTo(...point);
    });
    context.stroke();
    const place = epochs.findLastIndex((at) => at <= now + 1e-6);
    context.beginPath();
    context.arc(x(epochs[place]), y(values[run][place]), 5, 0, 2 * Math.PI);
    context.fill();
  }
  context.fillStyle = style.color;
  context.globalAlpha = 0.6;
  context.fillRect(x(now) - 0.5, top, 1, bottom - top);
  context.globalAlpha = 1;
}

// pretrain/layers.js
var ADDS = [91, 110, 225];
var TAKES = [231, 99, 0];
var ACROSS = 6;
var PACE = 900;
var layers_default = (component) => mount(component, (root) => new Layers(root));
var Layers = class extends View {
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
    this.#present();
    if (data.moments !== last?.moments) this.#fetch(data);
    else if (this.kept && String(data.shown) !== String(last.shown)) this.#build();
    if (last && data.at !== last.at && data.at !== this.reported) this.#go(data.at);
  }
  /** In a lecture hall all of it has to fit one screen; see shared/live.css. */
  #present() {
    const presented = getComputedStyle(this.root).getPropertyValue("--stage") !== "";
    this.root.classList.toggle("presented", presented);
  }
  async #fetch({ moments }) {
    this.fetching?.abort();
    const { signal } = this.fetching = new AbortController();
    try {
      const read = await fetchJson(moments, signal);
      this.kept = { ...read, pictures: bytes(read.pictures) };
    } catch (error) {
      if (!signal.aborted) say(this.status, `The moments cannot be fetched: ${error.message}`);
      return;
    }
    this.at = this.data.at;
    this.#build();
  }
  #build() {
    this.#stop();
    const { runs, colours, layers, moments } = this.kept;
    const { shown } = this.data;
    const range = { type: "range", min: 0, max: moments.length - 1, step: 1, className: "slider" };
    this.slider = element("input", range, { "aria-label": "Moment of training" });
    this.on(this.slider, "input", () => {
      this.#stop();
      this.#go(this.slider.valueAsNumber, performance.now());
      this.rest.begin();
    });
    this.play = this.button("Play", () => this.playing ? this.#stop() : this.#start());
    const sliding = element("div", { className: "sliding" });
    sliding.append(this.play, this.slider);
    this.verdict = element("p", { className: "verdict" });
    const columns = element("div", { className: "columns" });
    columns.style.setProperty("--runs", runs.length);
    this.cells = shown.flatMap((run) => {
      const column = element("section", { className: "run" }, { "aria-label": runs[run] });
      const heading = element("h3", { textContent: runs[run] });
      heading.style.setProperty("--run", colours[run]);
      column.append(heading);
      const cells = layers.map((title, layer) => {
        const figure = element("figure");
        const canvas = element("canvas", { className: "picture" }, { role: "img" });
        canvas.setAttribute("aria-label", `${runs[run]}, ${title}: what its units look for`);
        const bar = element("span", { className: "bar" });
        bar.append(element("span"));
        const words = element("span", { className: "words" });
        const caption = element("figcaption");
        caption.append(element("span", { className: "name", textContent: title }), bar, words);
        bar.style.setProperty("--run", colours[run]);
        figure.append(canvas, caption);
        column.append(figure);
        return { run, layer, canvas, bar: bar.firstChild, words };
      });
      columns.append(column);
      return cells;
    });
    const charts = element("div", { className: "charts" });
    this.charts = [
      ["losses", "Loss on the training pictures", false],
      ["errors", "Test error, %", true]
    ].map(([name, title, logarithmic]) => {
      const canvas = element("canvas", { className: "chart" }, { role: "img", "aria-label": title });
      charts.append(canvas);
      return { name, title, logarithmic, canvas };
    });
    const body = element("div", { className: "body" });
    body.append(sliding, this.verdict, columns, charts);
    this.root.replaceChildren(body, this.status);
    say(this.status, "Blue adds, orange takes away. Bars: the typical gradient of one weight, each mark ten times the one before. Curves: over epochs with labels.");
    this.observer?.disconnect();
    this.observer = new ResizeObserver(() => {
      this.#present();
      this.frames.request([this.at]);
    });
    this.observer.observe(charts);
    this.observer.observe(this.root);
    this.#go(this.at);
  }
  #start() {
    const still = this.at === this.kept.moments.length - 1;
    this.#go(still ? 0 : this.at + 1);
    say(this.play, "Pause");
    this.playing = setInterval(() => {
      this.#go(this.at + 1);
      if (this.at === this.kept.moments.length - 1) this.#stop();
      this.rest.begin();
    }, PACE);
  }
  #stop() {
    clearInterval(this.playing);
    this.playing = null;
    if (this.play) say(this.play, "Play");
  }
  #go(at, time = null) {
    if (!this.kept) return;
    const { moments } = this.kept;
    this.at = Math.min(Math.max(at, 0), moments.length - 1);
    this.slider.value = this.at;
    this.slider.setAttribute("aria-valuetext", moments[this.at].when);
    this.frames.request([this.at], time);
  }
  /** Draws the pictures of one layer side by side on one canvas, a pixel between them. */
  #tint(canvas, kept, layer) {
    const { pictures, units, side } = this.kept;
    const rows = Math.ceil(units[layer] / ACROSS);
    const [width, height] = [ACROSS * (side + 1) - 1, rows * (side + 1) - 1];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    const data = context.createImageData(width, height);
    const first = units.slice(0, layer).reduce((sum, count2) => sum + count2, 0);
    const all = units.reduce((sum, count2) => sum + count2, 0);
    for (let unit = 0; unit < units[layer]; unit += 1) {
      const from = (kept * all + first + unit) * side * side;
      const [x0, y0] = [unit % ACROSS * (side + 1), Math.floor(unit / ACROSS) * (side + 1)];
      for (let i = 0; i < side * side; i += 1) {
        const value = pictures[from + i] - 127;
        const to = 4 * ((y0 + Math.floor(i / side)) * width + x0 + i % side);
        data.data.set(value < 0 ? TAKES : ADDS, to);
        data.data[to + 3] = Math.min(255, 2 * Math.abs(value));
      }
    }
    context.putImageData(data, 0, 0);
  }
  #paint() {
    const { which, gradients, moments } = this.kept;
    for (const { run, layer, canvas, bar, words } of this.cells) {
      const kept = which[run][this.at];
      this.#tint(canvas, kept, layer);
      const gradient = gradients[kept][layer];
      bar.style.width = `${100 * share(gradient)}%`;
      say(words, power(gradient));
    }
    const { when, seen, alone } = moments[this.at];
    say(this.verdict, `${when}: ${this.data.shown.length > 1 ? seen : alone}`);
    const style = getComputedStyle(this.root);
    for (const one of this.charts) {
      chart(one, this.kept, this.data.shown, moments[this.at].epoch, style);
    }
  }
  #report() {
    this.reported = this.at;
    this.setStateValue("at", this.at);
  }
  close() {
    this.#stop();
    this.fetching?.abort();
    this.observer?.disconnect();
    this.rest.cancel();
    this.frames.close();
    super.close();
  }
};
export {
  layers_default as default,
  instances,
  watchers
};
