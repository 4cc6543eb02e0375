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

// sequences/strips.js
var strongest = (values) => Math.max(...values, 1e-12);
var shades = (values, most) => values.map((value) => Math.sqrt(Math.min(Math.max(value / most, 0), 1)));

// sequences/tape.js
var tape_default = (component) => mount(component, (root) => new Tape(root));
var Tape = class extends View {
  update({ data, setStateValue }) {
    const focused = this.root.contains(document.activeElement) || this.root.getRootNode().activeElement;
    Object.assign(this, { data, setStateValue });
    present(this.root);
    const inner = element("div", { className: "inner" });
    inner.style.setProperty("--tokens", data.signs.length);
    inner.append(this.#signs(), ...data.rows.map((row) => this.#row(row)));
    const why = element("div", { className: "why" });
    why.append(...this.#why());
    inner.append(why);
    const body = element("div", { className: "body", tabIndex: 0 }, { role: "group", "aria-label": "The sequence and its answers" });
    body.append(inner);
    const left = this.body?.scrollLeft ?? 0;
    this.root.replaceChildren(body);
    this.body = body;
    body.scrollLeft = left;
    if (focused) this.root.querySelector("[aria-pressed=true]")?.focus({ preventScroll: true });
  }
  #line(className, label, strip, end) {
    const line = element("div", { className: `line ${className}` });
    line.append(label, strip, end);
    return line;
  }
  #signs() {
    const { signs, sorts, truth } = this.data;
    const strip = element("div", { className: "signs" }, { role: "img", "aria-label": `Sequence: ${signs.join("")}` });
    strip.append(...signs.map((sign, at) => element("span", { textContent: sign, className: sorts[at] })));
    strip.lastChild.classList.add("asked");
    const end = element("span", { className: "end", textContent: truth ? `right: ${truth}` : "nothing to know" });
    return this.#line("head", element("span", { className: "name" }), strip, end);
  }
  #row({ net, title, colour, answer, chance, right, reach }) {
    const chosen = net === this.data.chosen;
    const label = this.button(title, () => this.setStateValue("net", net), `Why does the ${title} say so?`);
    label.className = "name";
    label.setAttribute("aria-pressed", chosen);
    const strip = this.#strip(reach, colour, `How strongly the answer of the ${title} hangs on each sign`);
    if (chosen && this.data.first > 0) strip.append(this.#field());
    const mark = right === null ? "" : right ? " ✓" : " ✗";
    const end = element("span", { className: `end ${right ? "right" : right === false ? "wrong" : ""}`, textContent: `${answer}${mark} ` });
    end.append(element("small", { textContent: `${chance} %` }));
    const line = this.#line(chosen ? "net chosen" : "net", label, strip, end);
    line.style.setProperty("--net", colour);
    return line;
  }
  /** What lies before the receptive field cannot be known. */
  #field() {
    const { first, signs } = this.data;
    const veil = element("span", { className: "veil", title: "Outside the receptive field" });
    veil.style.width = `${100 * first / signs.length}%`;
    return veil;
  }
  /** One cell a token; the strongest is opaque. */
  #strip(values, colour, name) {
    const most = strongest(values);
    const strip = element("div", { className: "strip" }, { role: "img", "aria-label": name });
    strip.append(
      ...shades(values, most).map((shade, at) => {
        const cell = element("i", { title: `${this.data.signs[at]}: ${values[at].toPrecision(2)}` });
        cell.style.background = `color-mix(in srgb, ${colour} ${Math.round(100 * shade)}%, transparent)`;
        return cell;
      })
    );
    return strip;
  }
  *#why() {
    const { rows, chosen, states, tracks, signs } = this.data;
    const { colour, title } = rows.find(({ net }) => net === chosen);
    if (states.length) {
      const canvas = element("canvas", { className: "states", width: signs.length, height: states.length }, { role: "img", "aria-label": `State of the ${title} over time` });
      paint(canvas, states);
      yield this.#line("track", element("span", { className: "name", textContent: `${states.length} units` }), canvas, element("span", { className: "end note", textContent: "state" }));
    }
    for (const { title: name, values, note, from } of tracks) {
      const strip = this.#strip(values, colour, name);
      strip.children[from]?.classList.add("from");
      yield this.#line("track", element("span", { className: "name", textContent: name }), strip, element("span", { className: "end note", textContent: note }));
    }
  }
};
var ADDS = [91, 110, 225];
var TAKES = [231, 99, 0];
function paint(canvas, rows) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(rows[0].length, rows.length);
  rows.forEach(
    (row, y) => row.forEach((value, x) => {
      const to = 4 * (y * row.length + x);
      image.data.set(value < 0 ? TAKES : ADDS, to);
      image.data[to + 3] = Math.round(255 * Math.min(1, Math.abs(value)));
    })
  );
  context.putImageData(image, 0, 0);
}
export {
  tape_default as default,
  instances
};
