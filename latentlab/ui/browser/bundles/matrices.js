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

// shared/numbers.js
function bytes(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
function floats(base64) {
  return new Float32Array(bytes(base64).buffer);
}
var clamp = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));

// shared/presented.js
function present(root) {
  const presented = getComputedStyle(root).getPropertyValue("--stage") !== "";
  root.classList.toggle("presented", presented);
}

// attention/arithmetic.js
var matrix = (values, rows, cols) => ({ values, rows, cols, at: (i, j) => values[i * cols + j] });
function columns(whole, from, count2) {
  const values = new Float64Array(whole.rows * count2);
  for (let i = 0; i < whole.rows; i += 1) {
    for (let j = 0; j < count2; j += 1) values[i * count2 + j] = whole.at(i, from + j);
  }
  return matrix(values, whole.rows, count2);
}
function products(q, k) {
  const values = new Float64Array(q.rows * k.rows);
  for (let i = 0; i < q.rows; i += 1) {
    for (let j = 0; j < k.rows; j += 1) {
      let sum2 = 0;
      for (let e = 0; e < q.cols; e += 1) sum2 += q.at(i, e) * k.at(j, e);
      values[i * k.rows + j] = sum2;
    }
  }
  return matrix(values, q.rows, k.rows);
}
function scaled(scores, scale, allowed) {
  const values = Float64Array.from(
    scores.values,
    (value, n) => allowed(Math.floor(n / scores.cols), n % scores.cols) ? value * scale : -Infinity
  );
  return matrix(values, scores.rows, scores.cols);
}
function softmax(x) {
  const values = new Float64Array(x.values.length);
  for (let i = 0; i < x.rows; i += 1) {
    const row = x.values.subarray(i * x.cols, (i + 1) * x.cols);
    const most = Math.max(...row);
    const powers = Array.from(row, (value) => Math.exp(value - most));
    const sum2 = powers.reduce((a, b) => a + b);
    powers.forEach((power, j) => {
      values[i * x.cols + j] = power / sum2;
    });
  }
  return matrix(values, x.rows, x.cols);
}
function gathered(weights, v) {
  const values = new Float64Array(weights.rows * v.cols);
  for (let i = 0; i < weights.rows; i += 1) {
    for (let e = 0; e < v.cols; e += 1) {
      let sum2 = 0;
      for (let j = 0; j < weights.cols; j += 1) sum2 += weights.at(i, j) * v.at(j, e);
      values[i * v.cols + e] = sum2;
    }
  }
  return matrix(values, weights.rows, v.cols);
}
function entropy(weights) {
  let sum2 = 0;
  for (const weight of weights.values) if (weight > 0) sum2 -= weight * Math.log(weight);
  return sum2 / weights.rows;
}
function largest(x, row) {
  let best = 0;
  for (let j = 1; j < x.cols; j += 1) if (x.at(row, j) > x.at(row, best)) best = j;
  return best;
}
function written(value, digits = 2) {
  if (value === -Infinity) return "−∞";
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}
function sum(pairs, most = 8) {
  const terms2 = pairs.map(([a, b], n) => ({ a, b, n, product: a * b }));
  const total = terms2.reduce((all, { product }) => all + product, 0);
  const kept = [...terms2].sort((one, other) => Math.abs(other.product) - Math.abs(one.product)).slice(0, most).sort((one, other) => one.n - other.n);
  const rest = total - kept.reduce((all, { product }) => all + product, 0);
  return { kept, rest, others: terms2.length - kept.length, total };
}

// attention/drawing.js
var FONT = 12;
function diverging(value, most) {
  const share = Math.min(1, Math.abs(value) / (most || 1));
  return value < 0 ? [63, 144, 218, share] : [231, 99, 0, share];
}
var shares = (value) => [91, 110, 225, Math.sqrt(value)];
function layout({ width, matrix: matrix2, named, topped, type, height }) {
  const left = named ? Math.min(width * 0.36, 5.5 * type) : 2;
  const top = topped ? 3.2 * type : 2;
  const right = topped ? 1.6 * type : 2;
  const across = Math.max(1, (width - left - right) / matrix2.cols);
  const down = Math.max(1, height);
  return { left, top, across, down, width, height: top + down * matrix2.rows + 2 };
}
function under({ left, top, across, down }, matrix2, x, y) {
  const [i, j] = [Math.floor((y - top) / down), Math.floor((x - left) / across)];
  return i >= 0 && j >= 0 && i < matrix2.rows && j < matrix2.cols ? [i, j] : null;
}
function draw(canvas, place, { matrix: matrix2, kind, rows, cols, framed, style }) {
  const scale = window.devicePixelRatio || 1;
  const size = { width: Math.round(place.width * scale), height: Math.round(place.height * scale) };
  if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
  canvas.style.height = `${place.height}px`;
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, place.width, place.height);
  let most = 0;
  for (const value of matrix2.values) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  const { left, top, across, down } = place;
  for (let i = 0; i < matrix2.rows; i += 1) {
    for (let j = 0; j < matrix2.cols; j += 1) {
      const value = matrix2.at(i, j);
      const [x, y] = [left + j * across, top + i * down];
      if (value === -Infinity) {
        context.globalAlpha = 0.35;
        context.strokeStyle = style.color;
        context.lineWidth = 1;
        context.beginPath();
        context.moveTo(x + 0.3 * across, y + 0.7 * down);
        context.lineTo(x + 0.7 * across, y + 0.3 * down);
        context.stroke();
        continue;
      }
      const [r, g, b, share] = kind === "shares" ? shares(value) : diverging(value, most);
      context.globalAlpha = 1;
      context.fillStyle = `rgba(${r}, ${g}, ${b}, ${share})`;
      context.fillRect(x, y, across + 0.4, down + 0.4);
    }
  }
  context.globalAlpha = 0.3;
  context.strokeStyle = style.color;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, across * matrix2.cols - 1, down * matrix2.rows - 1);
  const type = Math.max(FONT, parseFloat(style.fontSize) || FONT);
  context.globalAlpha = 1;
  context.fillStyle = style.color;
  context.textBaseline = "middle";
  const cut = (text, room) => {
    let shown = text;
    while (shown.length > 1 && context.measureText(shown).width > room) shown = `${shown.slice(0, -2)}…`;
    return shown;
  };
  if (rows) {
    context.textAlign = "right";
    context.font = `400 ${Math.min(type, down)}px ${style.fontFamily}`;
    rows.forEach((name, i) => context.fillText(cut(name, left - 8), left - 6, top + (i + 0.5) * down));
  }
  if (cols) {
    context.textAlign = "left";
    context.font = `400 ${Math.min(type, across * 1.1)}px ${style.fontFamily}`;
    cols.forEach((name, j) => {
      context.save();
      context.translate(left + (j + 0.5) * across, top - 5);
      context.rotate(-Math.PI / 3);
      context.fillText(cut(name, 1.05 * top), 0, 0);
      context.restore();
    });
  }
  context.strokeStyle = style.color;
  for (const { row, column, strong } of framed) {
    context.lineWidth = strong ? 3 : 1.5;
    const [x, y] = [column === void 0 ? left : left + column * across, row === void 0 ? top : top + row * down];
    context.strokeRect(
      x,
      y,
      column === void 0 ? across * matrix2.cols : across,
      row === void 0 ? down * matrix2.rows : down
    );
  }
}

// attention/matrices.js
var PARTS = [
  { name: "x", title: "X: words", of: () => [] },
  { name: "q", title: "Q = X·Wq", of: (i) => [["x", { row: i }]] },
  { name: "k", title: "K = X·Wk", of: (i) => [["x", { row: i }]] },
  { name: "v", title: "V = X·Wv", of: (i) => [["x", { row: i }]] },
  { name: "scores", title: "Q·Kᵀ", square: true, of: (i, j) => [["q", { row: i }], ["k", { row: j }]] },
  { name: "scaled", title: "scaled, masked", square: true, of: (i, j) => [["scores", { row: i, column: j }]] },
  { name: "weights", title: "softmax", square: true, kind: "shares", of: (i) => [["scaled", { row: i }]] },
  { name: "heads", title: "softmax · V", of: (i, j) => [["weights", { row: i }], ["v", { column: j }]] }
];
var matrices_default = (component) => mount(component, (root) => new Matrices(root));
var Matrices = class extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#report());
    this.maps = null;
    this.looked = ["weights", 0, 0];
    this.resized = new ResizeObserver(() => {
      if (!this.data) return;
      present(this.root);
      this.#show();
    });
  }
  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    if (!last) this.#build();
    const wished = JSON.stringify([data.sentence, data.layer, data.head]);
    if (!last || wished !== this.wished && wished !== this.reported) {
      Object.assign(this, { layer: data.layer, head: data.head, reported: null });
      if (this.root.getRootNode().activeElement !== this.text || !last) this.text.value = data.sentence;
    }
    this.wished = wished;
    if (last?.maps !== data.maps || !this.maps) this.#fetch(data.maps);
    const rows = data.tokens.length;
    if (!last || last.tokens.length !== rows || last.sentence !== data.sentence) {
      this.looked = ["weights", rows - 1, 0];
      this.fresh = true;
    }
    present(this.root);
    this.#compute();
    this.#show();
  }
  async #fetch(address) {
    try {
      const maps = await fetchJson(address, this.gone.signal);
      this.maps = maps.map(
        (layer) => Object.fromEntries(Object.entries(layer).map(([name, text]) => [name, floats(text)]))
      );
      this.#tell();
    } catch (error) {
      if (!this.gone.signal.aborted) this.maps = null;
    }
  }
  #build() {
    const body = element("div", { className: "body" });
    this.text = element("input", { type: "text", className: "sentence", maxLength: 2e3, dir: "auto" }, { "aria-label": "Your sentence", spellcheck: "false", autocomplete: "off" });
    this.on(this.text, "input", () => this.rest.begin(250));
    this.note = element("p", { className: "note" }, { "aria-live": "polite" });
    this.controls = element("div", { className: "controls" });
    this.layers = element("input", { type: "range", min: 1, step: 1 }, { "aria-label": "Layer" });
    this.layerName = element("span", { className: "value" });
    this.on(this.layers, "input", () => this.#choose(this.layers.valueAsNumber - 1, this.head));
    const layer = element("label", { className: "choice" });
    layer.append(this.layerName, this.layers);
    this.scale = element("input", { type: "range", min: 0, max: 8, step: 1, value: 4 }, { "aria-label": "Scale of the scores" });
    this.scaleName = element("span", { className: "value" });
    this.on(this.scale, "input", () => this.#again());
    const scale = element("label", { className: "choice" });
    scale.append(this.scaleName, this.scale);
    this.mask = element("input", { type: "checkbox", checked: true });
    this.on(this.mask, "change", () => this.#again());
    const mask = element("label", { className: "toggle" });
    mask.append(this.mask, "causal mask");
    this.controls.append(layer, scale, mask);
    this.heads = element("div", { className: "heads" }, { role: "group", "aria-label": "Heads of this layer" });
    this.verdict = element("p", { className: "verdict" }, { "aria-live": "polite" });
    this.parts = Object.fromEntries(PARTS.map((part) => [part.name, this.#part(part)]));
    this.grid = element("div", { className: "grid" });
    this.grid.append(...PARTS.map(({ name }) => this.parts[name].figure));
    this.sum = element("div", { className: "sum" }, { "aria-live": "polite" });
    const top = element("div", { className: "top" });
    top.append(this.controls, this.heads);
    body.append(this.text, this.note, top, this.verdict, this.grid, this.sum);
    this.root.replaceChildren(body);
    this.resized.observe(this.root);
  }
  #part({ name, title }) {
    const figure = element("figure", { className: "part" });
    const canvas = element("canvas", { tabIndex: 0 }, { role: "img" });
    figure.append(element("figcaption", { textContent: title }), canvas);
    const look = (event) => {
      const part = this.parts[name];
      const box = canvas.getBoundingClientRect();
      const place = part.place && under(part.place, this.numbers[name], event.clientX - box.left, event.clientY - box.top);
      if (place) this.#look(name, ...place);
    };
    this.on(canvas, "pointermove", look);
    this.on(canvas, "pointerdown", look);
    this.on(canvas, "keydown", (event) => {
      const step = ARROWS[event.key];
      if (!step || modified(event)) return;
      event.preventDefault();
      const [own, i, j] = this.looked[0] === name ? this.looked : [name, 0, 0];
      const { rows, cols } = this.numbers[name];
      this.#look(own, clamp(i + step[1], 0, rows - 1), clamp(j + step[0], 0, cols - 1));
    });
    return { figure, canvas };
  }
  #look(name, i, j) {
    this.looked = [name, i, j];
    this.fresh = false;
    this.#draw();
    this.#tell();
  }
  #choose(layer, head) {
    if (layer === this.layer && head === this.head) return;
    Object.assign(this, { layer, head });
    this.#again();
    this.rest.begin();
  }
  #again() {
    this.#compute();
    this.#show();
  }
  #report() {
    const chosen = { sentence: this.text.value, layer: this.layer, head: this.head };
    this.reported = JSON.stringify([chosen.sentence, chosen.layer, chosen.head]);
    this.setStateValue("chosen", chosen);
  }
  /** The scale on the slider: 1/√d in the middle, four times more or less at the ends. */
  get factor() {
    return 4 ** ((this.scale.valueAsNumber - 4) / 4);
  }
  #head(head, from = this.numbers) {
    const { width, factor } = this;
    const [q, k, v] = ["q", "k", "v"].map((name) => columns(from[name], head * width, width));
    const scores = products(q, k);
    const allowed = this.mask.checked ? (i, j) => j <= i : () => true;
    const numbers = scaled(scores, factor / Math.sqrt(width), allowed);
    const weights = softmax(numbers);
    return { q, k, v, scores, scaled: numbers, weights, heads: gathered(weights, v) };
  }
  #compute() {
    const { tokens, layers, heads } = this.data;
    this.layer = clamp(this.layer, 0, layers.length - 1);
    this.head = clamp(this.head, 0, heads - 1);
    const layer = layers[this.layer];
    const whole = Object.fromEntries(
      ["x", "q", "k", "v"].map((name2) => {
        const values = floats(layer[name2]);
        return [name2, matrix(values, tokens.length, values.length / tokens.length)];
      })
    );
    this.width = whole.q.cols / heads;
    this.all = Array.from({ length: heads }, (_, head) => this.#head(head, whole));
    this.numbers = { x: whole.x, ...this.all[this.head] };
    const [name, i, j] = this.looked;
    const { rows, cols } = this.numbers[name];
    this.looked = [name, clamp(i, 0, rows - 1), clamp(j, 0, cols - 1)];
    if (this.fresh) this.looked[2] = largest(this.numbers.weights, this.looked[1]);
  }
  #names() {
    return this.data.tokens.map(({ text, known }) => known ? text : `${text} ?`);
  }
  #show() {
    const { layers, note } = this.data;
    say(this.note, note);
    Object.assign(this.layers, { max: layers.length, value: this.layer + 1 });
    say(this.layerName, `Layer ${this.layer + 1} of ${layers.length}`);
    const { factor, width } = this;
    const times = factor === 1 ? "" : ` × ${factor < 1 ? factor.toFixed(2) : factor.toFixed(1)}`;
    say(this.scaleName, `Scale 1/√${width}${times}`);
    this.#drawHeads();
    const names = this.#names();
    const last = names.length - 1;
    const { weights } = this.numbers;
    const to = largest(weights, last);
    const bits = entropy(weights);
    const bare = entropy(softmax(scaled(this.numbers.scores, 1, this.mask.checked ? (i, j) => j <= i : () => true)));
    const share = Math.round(100 * weights.at(last, to));
    say(
      this.verdict,
      `Layer ${this.layer + 1}, head ${this.head + 1}: “${names[last]}” looks most at “${names[to]}” (${share} %). Entropy of a row: ${bits.toFixed(2)} nats; without any scale ${bare.toFixed(2)}.` + (this.mask.checked ? "" : " Without its mask it sees the future, which it never learnt to use.")
    );
    this.#draw();
    this.#tell();
  }
  #drawHeads() {
    const { heads } = this.data;
    if (this.heads.childElementCount !== heads) {
      this.heads.replaceChildren(
        ...Array.from({ length: heads }, (_, head) => {
          const button = this.button("", () => this.#choose(this.layer, head));
          button.append(element("canvas"), element("span", { textContent: `head ${head + 1}` }));
          return button;
        })
      );
    }
    [...this.heads.children].forEach((button, head) => {
      button.setAttribute("aria-pressed", String(head === this.head));
      const canvas = button.firstChild;
      const { weights } = this.all[head];
      const width = canvas.clientWidth;
      if (!width) return;
      const place = layout({ width, matrix: weights, type: 0, height: (width - 4) / weights.rows });
      draw(canvas, place, { matrix: weights, kind: "shares", framed: [], style: getComputedStyle(this.root) });
    });
  }
  #draw() {
    const style = getComputedStyle(this.root);
    const type = parseFloat(style.fontSize);
    const names = this.#names();
    const [own, i, j] = this.looked;
    const made = Object.fromEntries(PARTS.find(({ name }) => name === own).of(i, j));
    const room = parseFloat(getComputedStyle(this.grid).getPropertyValue("--row")) || 1.3;
    const least = this.root.classList.contains("presented") ? 0.3 : 0.75;
    const height = clamp(room * type * 8 / names.length, least * type, room * type);
    for (const { name, kind, square } of PARTS) {
      const part = this.parts[name];
      const width = part.canvas.clientWidth;
      if (!width) continue;
      part.place = layout({ width, matrix: this.numbers[name], named: true, topped: square, type, height });
      const framed = [];
      if (made[name]) framed.push(made[name]);
      if (name === own) framed.push({ row: i, column: j, strong: true });
      draw(part.canvas, part.place, {
        matrix: this.numbers[name],
        kind,
        rows: names,
        cols: square ? names : null,
        framed,
        style
      });
      const at = name === own ? [i, j] : [0, 0];
      const number = written(this.numbers[name].at(...at));
      part.canvas.setAttribute("aria-label", `${PARTS.find((one) => one.name === name).title}; ${names[at[0]]}, ${at[1] + 1}: ${number}`);
    }
  }
  /** The number that is looked at, and the sum it comes from. */
  #tell() {
    if (!this.numbers) return;
    const [name, i, j] = this.looked;
    const names = this.#names();
    const { q, k, v, x, scores, weights } = this.numbers;
    const { width, factor } = this;
    const value = this.numbers[name].at(i, j);
    const lines = [];
    let title = "";
    if (name === "x") {
      title = `X(“${names[i]}”, ${j + 1}) = ${written(value)}`;
      lines.push(["What came out of the layer below, normalised: the embedding of the word and of its place, at first."]);
    } else if (["q", "k", "v"].includes(name)) {
      const letter = name.toUpperCase();
      title = `${letter}(“${names[i]}”, ${j + 1}) = Σ X(“${names[i]}”, ·) · W${name}(·, ${j + 1}) + bias = ${written(value)}`;
      lines.push(this.#projection(name, i, j, x));
    } else if (name === "scores") {
      title = `Q(“${names[i]}”) · K(“${names[j]}”) = ${written(value)}`;
      lines.push(terms(Array.from({ length: width }, (_, e) => [q.at(i, e), k.at(j, e)]), 16));
    } else if (name === "scaled") {
      title = value === -Infinity ? `“${names[j]}” comes after “${names[i]}”: masked, −∞, and softmax makes it 0` : `${written(scores.at(i, j))} · ${factor === 1 ? "" : `${factor.toFixed(2)} · `}1/√${width} = ${written(value)}`;
    } else if (name === "weights") {
      title = `“${names[i]}” looks at “${names[j]}” with ${written(value, 3)}`;
      const row = Array.from({ length: weights.cols }, (_, n) => this.numbers.scaled.at(i, n)).filter((n) => n > -Infinity);
      const bottom = row.map((n) => `e^${written(n)}`).join(" + ");
      lines.push([value ? `= e^${written(this.numbers.scaled.at(i, j))} / (${bottom})` : "= 0, since it is masked"]);
    } else {
      title = `Head ${this.head + 1} for “${names[i]}”, ${j + 1} = Σ weight · V(·, ${j + 1}) = ${written(value)}`;
      lines.push(terms(Array.from({ length: weights.cols }, (_, n) => [weights.at(i, n), v.at(n, j)]), 18));
    }
    const head = element("p", { className: "what", textContent: title });
    this.sum.replaceChildren(head, ...lines.map((parts) => chips(parts)));
  }
  #projection(name, i, j, x) {
    if (!this.maps) return ["The weights are on their way."];
    const map = this.maps[this.layer];
    const column = this.head * this.width + j;
    const weight = map[`${name}_weight`];
    const pairs = Array.from({ length: x.cols }, (_, d) => [x.at(i, d), weight[column * x.cols + d]]);
    return [...terms(pairs, 8), `+ ${written(map[`${name}_bias`][column])} (bias)`];
  }
  close() {
    this.rest.cancel();
    this.resized.disconnect();
    super.close();
  }
};
function terms(pairs, most) {
  const { kept, rest, others } = sum(pairs, most);
  const parts = kept.map(({ a, b }, at) => `${at ? "+ " : ""}${written(a)} · ${written(b)}`);
  if (others) parts.push(`+ ${others} smaller: ${written(rest)}`);
  return parts;
}
function chips(parts) {
  const line = element("p", { className: "terms" });
  line.append(...parts.map((text) => element("span", { textContent: text })));
  return line;
}
export {
  matrices_default as default,
  instances
};
