// One picture as every method makes it again at every k, and a network opened up. binding.py says
// what `data` holds.

import { Picture } from "../shared/canvas.js";
import { Frames } from "../shared/frames.js";
import { Rest, View, element, mount, say } from "../shared/live.js";
import { bytes, floats } from "../shared/numbers.js";
import { present } from "../shared/presented.js";
import { forward, meanSquare } from "../networks/chain.js";
import { cut, openChain } from "../networks/loading.js";
import { OpenedNetwork } from "./opened.js";

const QUIET = 500; // milliseconds after a stroke in which the server's picture waits
const READABLE = 110; // milliseconds for which words stand while pictures move
const BUDGET = 5; // milliseconds of a frame for making pictures
const AT_ONCE = 2; // networks that are fetched at a time

export default (component) => mount(component, (root) => new Squeeze(root));
// For tests and benchmarks: a bundle has modules of its own, which nothing else leads to.
export { watchers } from "../shared/frames.js";
export { instances } from "../shared/live.js";

const key = (method, k) => `${method}.${k}`;
const named = (title) => (/^[A-Z]{2}/.test(title) ? title : `the ${title.toLowerCase()}`);
const short = (error) => error.toFixed(4).replace(/^0/, "");

class Squeeze extends View {
  constructor(root) {
    super(root);
    this.chains = new Map(); // by method and k
    this.made = new Map(); // likewise: {image, error, of: the picture that it was made of}
    this.cells = new Map(); // likewise
    this.values = null; // the picture, floats
    this.next = 0; // which cell has its turn
    this.drawnAt = -Infinity; // when the pad last called
    this.rest = new Rest(() => this.#report());
    this.wording = new Rest(() => this.#write());
    this.adopting = new Rest(() => this.#adopt());
    this.frames = new Frames(
      () => this.#paint(),
      (error) => say(this.status, error.message),
    );
    this.frames.use((x) => this.#compute(x));
    this.resized = new ResizeObserver(() => this.data && this.#dress());
    this.resized.observe(root);
  }

  // --- what Python says --------------------------------------------------------------------

  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    if (!last) {
      this.on(window, data.event, (event) => this.#follow(event.detail));
    }
    const layout = ({ sizes, rows }) => JSON.stringify([sizes, rows.map(({ name }) => name)]);
    const rebuilt = !last || layout(last) !== layout(data);
    if (rebuilt) this.#build();
    // What the server says anew counts; what it repeats is older than what is shown here.
    const changed = (name) => !last || data[name] !== last[name];
    const moved = changed("k") || changed("opened");
    if (moved && (data.k !== this.reported?.k || data.opened !== this.reported?.opened)) {
      Object.assign(this, { k: data.k, opened: data.opened, reported: null });
    }
    const addresses = ({ rows }) => JSON.stringify(rows.map(({ chains }) => chains));
    if (rebuilt || addresses(last) !== addresses(data)) this.#fetch();
    if (rebuilt || last.picture.identity !== data.picture.identity) {
      // Whoever is drawing on sees their pen, and the server's exact picture once it rests.
      if (!rebuilt && performance.now() - this.drawnAt < QUIET) this.adopting.begin(QUIET);
      else this.#adopt();
    }
    this.#dress();
    this.#choose(this.k, this.opened, false);
  }

  /** Looks at the page's style: its theme, and whether this is a presentation. */
  #dress() {
    present(this.root);
    this.network.dress();
  }

  #adopt() {
    const { picture } = this.data;
    this.values = floats(picture.values);
    this.own = picture.identity;
    this.original.resize(picture.shape[1], picture.shape[2]);
    say(this.caption, picture.caption);
    this.original.canvas.setAttribute("aria-label", picture.caption);
    this.tried = new Map(
      this.data.tried.map(({ method, k, pixels, error }) => [
        key(method, k), { image: bytes(pixels), error, of: this.values },
      ]),
    );
    this.frames.request(this.values);
  }

  /** What the pad calls out while somebody draws: pixels, or null where nothing is drawn. */
  #follow(values) {
    this.drawnAt = performance.now();
    if (this.adopting.waiting) this.adopting.begin(QUIET);
    if (!values) {
      this.#adopt();
      return;
    }
    if (values.length !== this.values.length) return;
    this.values = values;
    this.own = null;
    say(this.caption, "your drawing");
    this.frames.request(values, this.drawnAt);
  }

  // --- elements ----------------------------------------------------------------------------

  #build() {
    const { sizes, rows } = this.data;
    this.cells.clear();
    const original = element("figure", { className: "original" });
    const canvas = element("canvas", { className: "picture" }, { role: "img" });
    this.original = new Picture(canvas);
    this.caption = element("span");
    const words = element("figcaption");
    words.append(element("b", { textContent: "The picture" }), this.caption);
    original.append(canvas, words);

    const table = element("div", { className: "table" });
    table.style.setProperty("--sizes", sizes.length);
    for (const { name, title } of rows) {
      table.append(element("p", { className: "method", textContent: title }));
      for (const k of sizes) table.append(this.#cell(name, title, k));
    }
    const range = { type: "range", min: 0, max: sizes.length - 1, step: 1, className: "slider" };
    this.slider = element("input", range, { "aria-label": "k, how many numbers are kept" });
    const move = () => this.#choose(sizes[this.slider.valueAsNumber], this.opened, true);
    this.on(this.slider, "input", move);
    const ticks = element("div", { className: "ticks" }, { "aria-hidden": "true" });
    ticks.append(...sizes.map((k) => element("span", { textContent: k })));
    this.ticks = [...ticks.children];
    this.ticks.forEach((tick, i) => this.on(tick, "click", () => this.#choose(sizes[i], this.opened)));
    const sliding = element("div", { className: "sliding" });
    sliding.append(this.slider, ticks);
    table.append(sliding);

    this.verdict = element("p", { className: "verdict" });
    const choices = element("div", { className: "choices" }, { role: "group" });
    choices.setAttribute("aria-label", "Opened network");
    this.buttons = rows.map(({ name, title }) => {
      const button = this.button(title, () => this.#choose(this.k, name));
      button.value = name;
      return button;
    });
    choices.append(element("span", { textContent: "Opened up:" }), ...this.buttons);
    this.network?.close();
    this.network = new OpenedNetwork(this);
    this.status = element("p", { className: "status" });
    this.spoken = element("p", { className: "spoken" }, { "aria-live": "polite" });
    const body = element("div", { className: "body" }); // a container cannot query itself
    body.append(original, table);
    const answer = element("div", { className: "answer" });
    answer.append(this.verdict, choices);
    this.root.replaceChildren(body, answer, this.network.box, this.status, this.spoken);
  }

  #cell(name, title, k) {
    const figure = element("figure", { className: "cell pending" });
    const canvas = element("canvas", { className: "picture" }, { role: "img" });
    const caption = element("figcaption");
    figure.append(canvas, caption);
    const [, height, width] = this.data.picture.shape;
    const picture = new Picture(canvas);
    picture.resize(height, width);
    this.on(figure, "click", () => this.#choose(k, name));
    this.cells.set(key(name, k), { figure, picture, caption, name, title, k });
    return figure;
  }

  /** Looks closely at `k`, and opens a method's network. */
  #choose(k, opened, report = true) {
    const { sizes, rows } = this.data;
    const time = performance.now();
    this.k = sizes.includes(k) ? k : sizes[0];
    this.opened = rows.some(({ name }) => name === opened) ? opened : rows.at(-1).name;
    const at = sizes.indexOf(this.k);
    this.slider.value = at;
    this.slider.setAttribute("aria-valuetext", `k = ${this.k}`);
    this.ticks.forEach((tick, i) => tick.classList.toggle("chosen", i === at));
    for (const cell of this.cells.values()) {
      const state = Number(cell.k === this.k) + Number(cell.k === this.k && cell.name === this.opened);
      if (cell.state === state) continue;
      cell.state = state;
      cell.figure.classList.toggle("chosen", state > 0);
      cell.figure.classList.toggle("opened", state > 1);
    }
    for (const button of this.buttons) {
      button.setAttribute("aria-pressed", String(button.value === this.opened));
    }
    if (this.values) this.frames.request(this.values, report ? time : null);
    if (report) this.rest.begin();
  }

  #report() {
    this.reported = { k: this.k, opened: this.opened };
    this.#write();
    say(this.spoken, this.verdict.textContent);
    this.setStateValue("chosen", this.reported);
  }

  // --- networks ----------------------------------------------------------------------------

  /** Fetches all networks, first those of the chosen k, then those next to it. */
  async #fetch() {
    this.fetching?.abort();
    this.chains.clear();
    this.made.clear();
    const { rows, sizes, reason } = this.data;
    if (reason) {
      say(this.status, `The server computes these pictures: ${reason}`);
      return;
    }
    const { signal } = (this.fetching = new AbortController());
    const place = sizes.indexOf(this.k ?? this.data.k);
    const wanted = rows.flatMap(({ name, chains }) =>
      Object.entries(chains).map(([k, at]) => ({ name, k: Number(k), at })),
    );
    const away = ({ name, k }) =>
      name === "pca" ? 0.5 : Math.abs(sizes.indexOf(k) - place) + (name === this.opened ? 0 : 0.7);
    wanted.sort((a, b) => away(a) - away(b));
    const all = wanted.length;
    const megabytes = wanted.reduce((sum, { at }) => sum + at.bytes, 0) / 1e6;
    let failed = null;
    let worst = 0;
    const one = async () => {
      for (let next = wanted.shift(); next && !failed; next = wanted.shift()) {
        try {
          const chain = await openChain(next.at, signal);
          worst = Math.max(worst, chain.difference);
          this.#arrived(next.name, next.k, chain);
        } catch (error) {
          if (signal.aborted) return;
          failed = error;
        }
        const done = all - wanted.length;
        if (wanted.length) say(this.status, `Fetching the networks, ${megabytes.toFixed(1)} MB: ${done} of ${all} …`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
    if (signal.aborted) return;
    const computed = `Computed in your browser, at most ${worst.toExponential(0)} from torch`;
    say(this.status, failed ? `The server computes these pictures: ${failed.message}` : computed);
  }

  #arrived(name, k, chain) {
    if (name === "pca") {
      for (const fewer of this.data.sizes) {
        if (fewer <= k) this.chains.set(key(name, fewer), cut(chain, fewer));
      }
    } else {
      this.chains.set(key(name, k), chain);
    }
    if (this.values) this.frames.request(this.values);
  }

  /**
   * Makes the picture again: at the chosen k by every method, then at the others in turn for as
   * long as a frame has time. What is left over comes with the next frames.
   */
  #compute() {
    const begun = performance.now();
    const x = this.values;
    const turn = [...this.cells.keys()];
    turn.push(...turn.splice(0, this.next));
    const first = turn.filter((id) => this.cells.get(id).k === this.k);
    this.left = false;
    for (const id of [...first, ...turn]) {
      const chain = this.chains.get(id);
      if (!chain || this.made.get(id)?.of === x) continue;
      if (performance.now() - begun > BUDGET && !first.includes(id)) {
        this.left = true;
        break;
      }
      this.next = ([...this.cells.keys()].indexOf(id) + 1) % this.cells.size;
      // A decoder's answer is a view that the next call writes over.
      const image = chain.decoder ? chain.decoder.decode(x).slice() : forward(chain.layers, x).after.at(-1);
      this.made.set(id, { image, error: meanSquare(image, x), of: x });
    }
    return x;
  }

  // --- drawing -----------------------------------------------------------------------------

  #paint() {
    const x = this.values;
    if (this.painted !== x) this.original.paint(x);
    this.painted = x;
    for (const [id, cell] of this.cells) {
      let made = this.made.get(id) ?? null;
      // Of a drawing, what is some frames old may stand a little longer.
      if (made?.of !== x && this.own) made = this.tried.get(id) ?? null;
      if (cell.shown === made) continue;
      if (!cell.shown !== !made) cell.figure.classList.toggle("pending", !made);
      cell.shown = made;
      if (made) cell.picture.paint(made.image);
    }
    const chain = this.chains.get(key(this.opened, this.k));
    this.network.show(chain?.layers ?? null, x, this.data.picture.shape);
    if (this.left) this.frames.request(x);
    // Nobody reads sixty numbers a second, and every change of a word is laid out anew.
    if (!this.wording.waiting) this.wording.begin(performance.now() - this.written < READABLE ? READABLE : 0);
  }

  /** Writes the errors under the pictures, and which is the least. */
  #write() {
    this.written = performance.now();
    const best = new Map(); // by k
    for (const cell of this.cells.values()) {
      const error = cell.shown?.error ?? Infinity;
      if (error < (best.get(cell.k)?.shown.error ?? Infinity)) best.set(cell.k, cell);
    }
    for (const cell of this.cells.values()) {
      const { figure, caption, title, k, picture, shown } = cell;
      const wins = best.get(k) === cell;
      figure.classList.toggle("best", wins);
      say(caption, shown ? `${wins ? "★ " : ""}${short(shown.error)}` : "…");
      const error = shown ? `error ${short(shown.error)}${wins ? ", the best" : ""}` : "not here yet";
      const label = `${title}, k = ${k}: ${error}`;
      if (cell.label !== label) picture.canvas.setAttribute("aria-label", (cell.label = label));
    }
    const winner = best.get(this.k);
    if (winner) say(this.verdict, this.#sentence(winner));
    this.network.write();
  }

  #sentence(winner) {
    const parts = [...this.cells.values()]
      .filter((cell) => cell.k === this.k && cell.shown && cell !== winner)
      .map(({ title, shown }) => `${named(title)} ${short(shown.error)}`);
    const numbers = this.k === 1 ? "1 number" : `${this.k} numbers`;
    const others = parts.length ? `; ${parts.join(", ")}` : "";
    const error = short(winner.shown.error);
    return `Through ${numbers}, ${named(winner.title)} is nearest to this picture: error ${error}${others}.`;
  }

  close() {
    this.fetching?.abort();
    this.rest.cancel();
    this.wording.cancel();
    this.adopting.cancel();
    this.network?.close();
    this.resized.disconnect();
    this.frames.close();
    super.close();
  }
}
