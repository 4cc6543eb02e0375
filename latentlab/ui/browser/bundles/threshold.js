/* Made by `make bundle` from the files named here: change those instead. */

// shared/canvas.js
function prepare(canvas) {
  const scale2 = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (!width || !height) return null;
  const size = { width: Math.round(width * scale2), height: Math.round(height * scale2) };
  if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
  const context = canvas.getContext("2d");
  context.setTransform(scale2, 0, 0, scale2, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
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
function floats(base64) {
  return new Float32Array(bytes(base64).buffer);
}
var clamp = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));

// anomaly/alarms.js
var ascending = (values) => Float32Array.from(values).sort();
function above(sorted, limit) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = low + high >> 1;
    if (sorted[middle] > limit) high = middle;
    else low = middle + 1;
  }
  return sorted.length - low;
}
function alarms(normal, outliers, threshold) {
  const wrong = above(normal, threshold);
  const found = above(outliers, threshold);
  return {
    precision: found / (found + wrong),
    recall: found / outliers.length,
    falseAlarms: wrong / normal.length
  };
}
function area(normal, outliers) {
  let pairs = 0;
  for (const value of normal) {
    const more = above(outliers, value);
    const least = outliers.length - above(outliers, below(value));
    pairs += more + (outliers.length - more - least) / 2;
  }
  return pairs / (normal.length * outliers.length);
}
var next = new Float32Array(1);
var bits = new Int32Array(next.buffer);
function below(value) {
  next[0] = value;
  bits[0] -= 1;
  return next[0];
}
function curve(normal, outliers) {
  const limits = Float32Array.from([...normal, ...outliers]).sort().reverse();
  const points = [[0, 0]];
  for (const limit of limits) {
    const { recall, falseAlarms } = alarms(normal, outliers, limit);
    points.push([falseAlarms, recall]);
  }
  points.push([1, 1]);
  return points;
}
var STEPS = 1e3;
function scale(...groups) {
  const ends = groups.filter((group) => group.length);
  const low = Math.log(Math.max(Math.min(...ends.map((g) => g[0])), 1e-9)) - 0.02;
  const high = Math.log(Math.max(...ends.map((g) => g.at(-1)), 2e-9)) + 0.02;
  const span = high - low;
  return {
    position: (value) => STEPS * (Math.log(Math.max(value, 1e-9)) - low) / span,
    value: (position) => Math.exp(low + position / STEPS * span)
  };
}
function histogram(values, axis, count2) {
  const bins = new Float32Array(count2);
  for (const value of values) {
    const bin = Math.floor(axis.position(value) / STEPS * count2);
    bins[Math.min(Math.max(bin, 0), count2 - 1)] += 1 / values.length;
  }
  return bins;
}
function short(value) {
  if (value >= 100) return value.toFixed(0);
  return Number(value.toPrecision(3)).toString();
}

// anomaly/threshold.js
var NORMAL = "#3f90da";
var STRANGE = "#e76300";
var BINS = 60;
var threshold_default = (component) => mount(component, (root) => new Threshold(root));
var percent = (share) => Number.isNaN(share) ? "–" : `${(100 * share).toFixed(share > 0.995 && share < 1 ? 1 : 0)} %`;
var Threshold = class extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#report());
    this.frames = new Frames(
      () => this.#paint(),
      (error) => say(this.verdict, error.message)
    );
    this.frames.use((at) => at);
    this.#build();
    this.resized = new ResizeObserver(() => this.#dress());
    this.resized.observe(root);
  }
  #build() {
    this.verdict = element("p", { className: "verdict" }, { "aria-live": "polite" });
    this.bars = element("canvas", { className: "bars" }, { role: "img" });
    this.roc = element("canvas", { className: "roc" }, { role: "img" });
    const range = { type: "range", min: 0, max: STEPS, step: 1, className: "slider" };
    this.slider = element("input", range, { "aria-label": "Threshold" });
    this.on(this.slider, "input", () => this.#move(this.slider.valueAsNumber));
    const drag = (event) => {
      if (event.type === "pointerdown") this.bars.setPointerCapture(event.pointerId);
      else if (!event.buttons) return;
      const box = this.bars.getBoundingClientRect();
      this.#move(STEPS * (event.clientX - box.left - 8) / (box.width - 16));
    };
    this.on(this.bars, "pointerdown", drag);
    this.on(this.bars, "pointermove", drag);
    this.numbers = {};
    const table = element("dl", { className: "numbers" });
    for (const [name, title] of [
      ["precision", "Precision"],
      ["recall", "Recall"],
      ["falseAlarms", "False alarms"],
      ["area", "AUROC"]
    ]) {
      const cell = element("div", { className: `cell ${name}` });
      this.numbers[name] = element("dd");
      cell.append(element("dt", { textContent: title }), this.numbers[name]);
      table.append(cell);
    }
    const left = element("div", { className: "left" });
    left.append(this.bars, this.slider);
    this.suggest = this.button(
      "5 % of held-out normal pictures",
      () => this.#move(this.axis.position(this.data.suggested)),
      "The threshold that one in twenty normal pictures lies above, of those kept back from training"
    );
    this.suggest.className = "suggest";
    const tools = element("div", { className: "tools" });
    tools.append(table, this.suggest);
    const body = element("div", { className: "body" });
    body.append(left, this.roc);
    this.root.replaceChildren(this.verdict, body, tools);
  }
  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    if (!last || last.identity !== data.identity) {
      this.normal = ascending(floats(data.normal));
      this.outliers = ascending(floats(data.outliers));
      this.axis = scale(this.normal, this.outliers);
      this.bins = [this.normal, this.outliers].map((g) => histogram(g, this.axis, BINS));
      this.points = curve(this.normal, this.outliers);
      this.area = area(this.normal, this.outliers);
      this.at = data.at ?? this.axis.position(data.suggested);
    } else if (data.at !== last.at && data.at !== this.reported) {
      this.at = data.at ?? this.axis.position(data.suggested);
    }
    this.#dress();
  }
  #dress() {
    if (!this.data) return;
    this.root.classList.toggle(
      "presented",
      getComputedStyle(this.root).getPropertyValue("--stage") !== ""
    );
    this.slider.value = this.at;
    this.frames.request([this.at]);
  }
  #move(position) {
    this.at = clamp(Math.round(position), 0, STEPS);
    this.slider.value = this.at;
    this.frames.request([this.at], performance.now());
    this.rest.begin();
  }
  #paint() {
    const threshold = this.axis.value(this.at);
    const found = alarms(this.normal, this.outliers, threshold);
    for (const name of ["precision", "recall", "falseAlarms"]) {
      say(this.numbers[name], percent(found[name]));
    }
    say(this.numbers.area, this.area.toFixed(3));
    const words = this.#words(threshold);
    say(this.verdict, words);
    this.slider.setAttribute(
      "aria-valuetext",
      `${short(threshold)}: recall ${percent(found.recall)}, false alarms ${percent(found.falseAlarms)}`
    );
    const style = getComputedStyle(this.root);
    this.#drawBars(threshold, style);
    this.#drawRoc(found, style);
  }
  #words(threshold) {
    const { score, normalName } = this.data;
    if (score === null) {
      return `Threshold ${short(threshold)}: whatever scores above it is reported.`;
    }
    const passed = 1 - above(this.normal, score) / this.normal.length;
    const verdict = score > threshold ? "an alarm" : "it passes as normal";
    const rank = passed === 1 ? "any of the" : `${percent(passed)} of the`;
    return `This picture scores ${short(score)}, more than ${rank} normal test pictures (${normalName}): ${verdict}.`;
  }
  #context(canvas, style) {
    const sheet = prepare(canvas);
    if (!sheet) return null;
    const { context, width, height } = sheet;
    const type = 0.85 * parseFloat(style.fontSize);
    context.font = `400 ${type}px ${style.fontFamily}`;
    context.fillStyle = context.strokeStyle = style.color;
    return { context, width, height, type };
  }
  #drawBars(threshold, style) {
    const drawn = this.#context(this.bars, style);
    if (!drawn) return;
    const { context, width, height, type } = drawn;
    const inset = 8;
    const x = (position) => inset + position / STEPS * (width - 2 * inset);
    const [top, bottom] = [2.8 * type, height - 1.5 * type];
    const most = Math.max(...this.bins[0], ...this.bins[1]);
    const step = (width - 2 * inset) / BINS;
    [NORMAL, STRANGE].forEach((colour, group) => {
      context.fillStyle = colour;
      context.globalAlpha = 0.62;
      this.bins[group].forEach((share, bin) => {
        const tall = share / most * (bottom - top);
        context.fillRect(inset + bin * step + 0.5, bottom - tall, step - 1, tall);
      });
    });
    context.globalAlpha = 1;
    context.textBaseline = "top";
    let left = inset;
    for (const [colour, text] of [
      [NORMAL, `normal: ${this.data.normalName}`],
      [STRANGE, this.data.othersName]
    ]) {
      context.fillStyle = colour;
      context.fillRect(left, 1, type, type);
      context.fillStyle = style.color;
      context.fillText(text, left + 1.4 * type, 1);
      left += 2.6 * type + context.measureText(text).width;
    }
    context.globalAlpha = 0.7;
    context.textBaseline = "bottom";
    for (const position of [0, 250, 500, 750, 1e3]) {
      context.textAlign = position === 0 ? "left" : position === STEPS ? "right" : "center";
      context.fillText(short(this.axis.value(position)), x(position), height);
    }
    context.textAlign = "left";
    context.globalAlpha = 0.08;
    context.fillRect(x(this.at), top, width - inset - x(this.at), bottom - top);
    context.globalAlpha = 1;
    context.fillRect(x(this.at) - 1.5, top - 0.6 * type, 3, bottom - top + 0.6 * type);
    const label = "alarm →";
    const room = width - x(this.at) > context.measureText(label).width + 10;
    context.textAlign = room ? "left" : "right";
    context.textBaseline = "top";
    context.fillText(room ? label : "alarm", x(this.at) + (room ? 6 : -6), 1.5 * type);
    context.textAlign = "left";
    const { score } = this.data;
    if (score === null) return;
    const at = x(clamp(this.axis.position(score), 0, STEPS));
    context.beginPath();
    context.moveTo(at, bottom - 2);
    context.lineTo(at - 7, bottom - 15);
    context.lineTo(at + 7, bottom - 15);
    context.closePath();
    context.lineWidth = 3;
    context.strokeStyle = "#fff";
    context.stroke();
    context.fillStyle = "#000";
    context.fill();
  }
  #drawRoc(found, style) {
    const drawn = this.#context(this.roc, style);
    if (!drawn) return;
    const { context, width, height, type } = drawn;
    const [left, top, right, bottom] = [1.5 * type, 6, width - 8, height - 1.5 * type];
    const x = (share) => left + share * (right - left);
    const y = (share) => bottom - share * (bottom - top);
    context.globalAlpha = 0.25;
    context.lineWidth = 1;
    context.strokeRect(left, top, right - left, bottom - top);
    context.setLineDash([4, 4]);
    context.beginPath();
    context.moveTo(x(0), y(0));
    context.lineTo(x(1), y(1));
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
    context.strokeStyle = NORMAL;
    context.lineWidth = 2.5;
    context.beginPath();
    this.points.forEach(([across, up], i) => i ? context.lineTo(x(across), y(up)) : context.moveTo(x(across), y(up)));
    context.stroke();
    context.fillStyle = STRANGE;
    context.beginPath();
    context.arc(x(found.falseAlarms), y(found.recall), 7, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = style.color;
    context.globalAlpha = 0.8;
    context.textBaseline = "bottom";
    context.textAlign = "center";
    context.fillText("false alarms", (left + right) / 2, height);
    context.save();
    context.translate(1.1 * type, (top + bottom) / 2);
    context.rotate(-Math.PI / 2);
    context.fillText("recall", 0, 0);
    context.restore();
    context.globalAlpha = 1;
    const says = `ROC curve: recall ${percent(found.recall)} at ${percent(found.falseAlarms)} false alarms; area ${this.area.toFixed(3)}`;
    this.roc.setAttribute("aria-label", says);
    this.bars.setAttribute("aria-label", `Scores of ${this.data.normalName} and of ${this.data.othersName}`);
  }
  #report() {
    this.reported = this.at;
    this.setStateValue("at", this.at);
  }
  close() {
    this.resized.disconnect();
    this.rest.cancel();
    this.frames.close();
    super.close();
  }
};
export {
  threshold_default as default,
  instances,
  watchers
};
