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

// sentences/lines.js
function marked(before, words) {
  if (!before) return words.map((word) => ({ word, fresh: false }));
  const longest = Array.from({ length: before.length + 1 }, () => new Array(words.length + 1).fill(0));
  for (let i2 = before.length - 1; i2 >= 0; i2 -= 1) {
    for (let j = words.length - 1; j >= 0; j -= 1) {
      longest[i2][j] = before[i2] === words[j] ? longest[i2 + 1][j + 1] + 1 : Math.max(longest[i2 + 1][j], longest[i2][j + 1]);
    }
  }
  const found = [];
  let i = 0;
  for (let j = 0; j < words.length; j += 1) {
    while (i < before.length && before[i] !== words[j] && longest[i + 1][j] >= longest[i][j + 1]) i += 1;
    const kept = i < before.length && before[i] === words[j];
    if (kept) i += 1;
    found.push({ word: words[j], fresh: !kept });
  }
  return found;
}
function repeated(lines) {
  const seen = /* @__PURE__ */ new Set();
  return lines.map((line) => {
    const again = seen.has(line);
    seen.add(line);
    return again;
  });
}

// sentences/walk.js
var MOST = 2e3;
var walk_default = (component) => mount(component, (root) => new Walk(root));
var Walk = class extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#report());
    this.resized = new ResizeObserver(() => this.data && present(this.root));
  }
  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    if (!last) this.#build();
    const same = (one, other) => one && other && one.a === other.a && one.b === other.b;
    if (!last || !same(data, last) && !same(data, this.reported)) {
      this.reported = null;
      if (!this.rest.waiting) {
        this.inputs.a.value = data.a;
        this.inputs.b.value = data.b;
      }
    }
    present(this.root);
    this.#show();
  }
  #build() {
    this.inputs = {};
    this.notes = {};
    const ends = { a: "From", b: "To" };
    const fields = Object.entries(ends).map(([end, title]) => {
      const box = element("div", { className: "end" });
      const label = element("label");
      this.inputs[end] = element("input", { type: "text", maxLength: MOST, autocomplete: "off", spellcheck: false }, { dir: "auto" });
      label.append(element("span", { textContent: title }), this.inputs[end]);
      this.on(this.inputs[end], "input", () => this.rest.begin());
      const pick = this.button("Another", () => this.#pick(end), "A sentence that no network here has learnt from");
      this.notes[end] = element("p", { className: "note" }, { "aria-live": "polite" });
      box.append(label, pick, this.notes[end]);
      return box;
    });
    this.list = element("ol", { className: "lines" }, { "aria-label": "Sentences on the way" });
    this.verdict = element("p", { className: "verdict" }, { "aria-live": "polite" });
    this.root.replaceChildren(fields[0], this.list, fields[1], this.verdict);
    this.resized.observe(this.root);
  }
  #pick(end) {
    const { samples } = this.data;
    const others = samples.filter((text) => text !== this.inputs[end].value);
    if (!others.length) return;
    this.inputs[end].value = others[Math.floor(Math.random() * others.length)];
    this.rest.begin(0);
  }
  #report() {
    this.reported = { a: this.inputs.a.value, b: this.inputs.b.value };
    this.setStateValue("typed", this.reported);
  }
  #show() {
    const { lines, verdict, notes } = this.data;
    const again = repeated(lines.map(({ text }) => text));
    let before = null;
    const rows = lines.map(({ text, right }, place) => {
      const words = text.split(" ");
      const row = element("li", { className: again[place] ? "again" : "" });
      for (const { word, fresh } of marked(before, words)) {
        row.append(element(fresh ? "b" : "span", { textContent: word }), " ");
      }
      if (right === false) row.append(element("small", { textContent: "not in the grammar" }));
      else if (again[place]) row.append(element("small", { textContent: "again" }));
      before = words;
      return row;
    });
    this.list.replaceChildren(...rows);
    say(this.verdict, verdict);
    for (const end of ["a", "b"]) say(this.notes[end], notes[end]);
  }
  close() {
    this.rest.cancel();
    this.resized.disconnect();
    super.close();
  }
};
export {
  walk_default as default,
  instances
};
