// One head of attention as matrices: every number can be pointed at, and shows the sum it comes from.
// binding.py says what `data` holds.

import { ARROWS, Rest, View, element, modified, mount, say } from "../shared/live.js";
import { fetchJson } from "../shared/fetching.js";
import { clamp, floats } from "../shared/numbers.js";
import { present } from "../shared/presented.js";
import { columns, entropy, gathered, largest, matrix, products, scaled, softmax, sum, written } from "./arithmetic.js";
import { draw, layout, under } from "./drawing.js";

// In the order of the formula. `of` says which rows and columns of others a number [i, j] is made of.
const PARTS = [
  { name: "x", title: "X: words", of: () => [] },
  { name: "q", title: "Q = X·Wq", of: (i) => [["x", { row: i }]] },
  { name: "k", title: "K = X·Wk", of: (i) => [["x", { row: i }]] },
  { name: "v", title: "V = X·Wv", of: (i) => [["x", { row: i }]] },
  { name: "scores", title: "Q·Kᵀ", square: true, of: (i, j) => [["q", { row: i }], ["k", { row: j }]] },
  { name: "scaled", title: "scaled, masked", square: true, of: (i, j) => [["scores", { row: i, column: j }]] },
  { name: "weights", title: "softmax", square: true, kind: "shares", of: (i) => [["scaled", { row: i }]] },
  { name: "heads", title: "softmax · V", of: (i, j) => [["weights", { row: i }], ["v", { column: j }]] },
];

export default (component) => mount(component, (root) => new Matrices(root));
// For tests and benchmarks: a bundle has modules of its own, which nothing else leads to.
export { instances } from "../shared/live.js";

class Matrices extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#report());
    this.maps = null; // the weights that make queries, keys and values
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
    // Another wish than what was reported last is the server's: it is adopted.
    if (!last || (wished !== this.wished && wished !== this.reported)) {
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
      this.maps = maps.map((layer) =>
        Object.fromEntries(Object.entries(layer).map(([name, text]) => [name, floats(text)])),
      );
      this.#tell();
    } catch (error) {
      if (!this.gone.signal.aborted) this.maps = null; // sums of Q, K and V stay untold
    }
  }

  #build() {
    const body = element("div", { className: "body" });
    this.text = element("input", { type: "text", className: "sentence", maxLength: 2000, dir: "auto" }, { "aria-label": "Your sentence", spellcheck: "false", autocomplete: "off" });
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
      ["x", "q", "k", "v"].map((name) => {
        const values = floats(layer[name]);
        return [name, matrix(values, tokens.length, values.length / tokens.length)];
      }),
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
    return this.data.tokens.map(({ text, known }) => (known ? text : `${text} ?`));
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
      `Layer ${this.layer + 1}, head ${this.head + 1}: “${names[last]}” looks most at “${names[to]}” (${share} %).`
        + ` Entropy of a row: ${bits.toFixed(2)} nats; without any scale ${bare.toFixed(2)}.`
        + (this.mask.checked ? "" : " Without its mask it sees the future, which it never learnt to use."),
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
        }),
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
    // On a stage all has to fit; elsewhere rows stay high enough for their names.
    const least = this.root.classList.contains("presented") ? 0.3 : 0.75;
    const height = clamp((room * type * 8) / names.length, least * type, room * type);
    for (const { name, kind, square } of PARTS) {
      const part = this.parts[name];
      const width = part.canvas.clientWidth;
      if (!width) continue;
      part.place = layout({ width, matrix: this.numbers[name], named: true, topped: square, type, height });
      const framed = [];
      if (made[name]) framed.push(made[name]);
      if (name === own) framed.push({ row: i, column: j, strong: true });
      draw(part.canvas, part.place, {
        matrix: this.numbers[name], kind, rows: names, cols: square ? names : null, framed, style,
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
      title = value === -Infinity
        ? `“${names[j]}” comes after “${names[i]}”: masked, −∞, and softmax makes it 0`
        : `${written(scores.at(i, j))} · ${factor === 1 ? "" : `${factor.toFixed(2)} · `}1/√${width} = ${written(value)}`;
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
}

/** The terms of a sum as texts. */
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
