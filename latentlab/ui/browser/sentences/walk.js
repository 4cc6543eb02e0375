// Two sentences that are typed or drawn, and what is written on the way from one to the other.
// binding.py says what `data` holds.

import { Rest, View, element, mount, say } from "../shared/live.js";
import { present } from "../shared/presented.js";
import { marked, repeated } from "./lines.js";

const MOST = 2000; // characters, as in tasks/sentences.py

export default (component) => mount(component, (root) => new Walk(root));
// For tests and benchmarks: a bundle has modules of its own, which nothing else leads to.
export { instances } from "../shared/live.js";

class Walk extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#report());
    this.resized = new ResizeObserver(() => this.data && present(this.root));
  }

  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    if (!last) this.#build();
    // Other sentences than those that were reported last are the server's wish; what is being
    // typed meanwhile is not taken away.
    const same = (one, other) => one && other && one.a === other.a && one.b === other.b;
    if (!last || (!same(data, last) && !same(data, this.reported))) {
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
}
