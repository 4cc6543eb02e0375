// One picture through networks side by side, each kept from copying in another way. binding.py says
// what `data` holds.

import { meanSquare } from "../networks/chain.js";
import { openChain } from "../networks/loading.js";
import { Picture } from "../shared/canvas.js";
import { fetchJson } from "../shared/fetching.js";
import { Frames } from "../shared/frames.js";
import { Rest, View, element, mount, say } from "../shared/live.js";
import { bytes, floats } from "../shared/numbers.js";
import { present } from "../shared/presented.js";
import { bars, filters } from "./drawing.js";
import { likeness, look, strongest, withNoise } from "./looking.js";

const QUIET = 500; // milliseconds after a stroke in which the server's picture waits
const READABLE = 110; // milliseconds for which words stand while pictures move
const SHOWN = 16; // units whose weights are shown
const ACROSS = 4;
const ON = 0.1; // a unit with more than this answers to the picture
const MARGIN = 4; // pixels at every side that no digit reaches

export default (component) => mount(component, (root) => new Columns(root));
// For tests and benchmarks: a bundle has modules of its own, which nothing else leads to.
export { watchers } from "../shared/frames.js";
export { instances } from "../shared/live.js";

const said = ({ chosen, sigma, roll }) => JSON.stringify([chosen, sigma, roll]);
const short = (error) => error.toFixed(4).replace(/^0/, "");
const nats = (value) => (value >= 100 ? value.toFixed(0) : value.toFixed(1));

/** What stands at the left of every row: its name and what it means. */
const ROWS = {
  code: ["Its code", "every bar one unit"],
  again: ["Comes back", ""],
  noisy: ["From noise", "error to the clean picture"],
  invented: ["A random code", "decoded"],
  filters: ["Looks for", "weights of the 16 strongest units"],
  loss: ["The loss", "error + penalty, of this picture"],
};

class Columns extends View {
  constructor(root) {
    super(root);
    this.chains = new Map(); // by column and version
    this.rest = new Rest(() => this.#report());
    this.wording = new Rest(() => this.#write());
    this.adopting = new Rest(() => this.#adopt());
    this.frames = new Frames(
      () => this.#paint(),
      (error) => say(this.status, error.message),
    );
    this.frames.use(() => this.#compute());
    this.resized = new ResizeObserver(() => {
      if (!this.data) return;
      present(this.root);
      this.#ask();
    });
    this.resized.observe(root);
  }

  // --- what Python says --------------------------------------------------------------------

  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    if (!last) this.on(window, data.event, (event) => this.#follow(event.detail));
    const layout = ({ columns }) => JSON.stringify(columns.map(({ name, versions }) => [name, versions.length]));
    const rebuilt = !last || layout(last) !== layout(data);
    if (rebuilt) {
      this.pattern = floats(data.pattern);
      this.rolls = data.rolls.map(floats);
      this.#build();
    }
    // What the server says anew counts; what it repeats is older than what is shown here.
    if (!last || (said(data) !== said(last) && said(data) !== this.reported)) {
      this.chosen = { ...data.chosen };
      Object.assign(this, { sigma: data.sigma, roll: data.roll, reported: null });
      this.#place();
    }
    const addresses = ({ columns, beside }) =>
      JSON.stringify([beside, columns.map(({ versions }) => versions.map(({ chain }) => chain))]);
    if (rebuilt || addresses(last) !== addresses(data)) this.#fetch();
    if (rebuilt || last.picture.identity !== data.picture.identity) {
      // Whoever is drawing on sees their pen, and the server's exact picture once it rests.
      if (!rebuilt && performance.now() - this.drawnAt < QUIET) this.adopting.begin(QUIET);
      else this.#adopt();
    }
    this.tried = new Map(data.tried.map((one) => [one.column, this.#unpacked(one)]));
    present(this.root);
    this.#ask();
  }

  #unpacked({ code, spread, again, noisy, invented, loss, error, errorNoisy }) {
    return {
      code: floats(code), spread: spread ? floats(spread) : null, first: null, again: bytes(again),
      noisy: bytes(noisy), invented: bytes(invented), loss, error, errorNoisy,
    };
  }

  #adopt() {
    const { picture } = this.data;
    this.values = floats(picture.values);
    this.drawn = false;
    say(this.caption, picture.caption);
    this.given.picture.canvas.setAttribute("aria-label", picture.caption);
    this.#ask();
  }

  /** What the pad calls out while somebody draws: pixels, or null where nothing is drawn. */
  #follow(values) {
    this.drawnAt = performance.now();
    if (this.adopting.waiting) this.adopting.begin(QUIET);
    if (this.data.noise) return; // noise is fed, whatever is drawn
    if (!values) {
      this.#adopt();
      return;
    }
    if (values.length !== this.values.length) return;
    this.values = values;
    this.drawn = true;
    say(this.caption, "your drawing");
    this.#ask(this.drawnAt);
  }

  #ask(time = null) {
    if (this.values) this.frames.request(this.values, time);
  }

  // --- elements ----------------------------------------------------------------------------

  #build() {
    const { columns, picture } = this.data;
    const table = element("div", { className: "table" });
    table.style.setProperty("--columns", columns.length + 1);
    this.cells = new Map(columns.map(({ name }) => [name, {}]));
    const head = (textContent) => element("h4", { textContent });
    table.append(head("It gets"), ...columns.map(({ title }) => head(title)));
    table.append(element("div", { className: "version" }), ...columns.map((column) => this.#version(column)));
    for (const row of Object.keys(ROWS)) table.append(this.#given(row), ...columns.map((column) => this.#cell(row, column)));
    for (const { picture: canvas } of [this.given, this.damaged]) canvas.resize(...picture.shape.slice(1));
    this.verdict = element("p", { className: "verdict" });
    this.status = element("p", { className: "status" });
    this.spoken = element("p", { className: "spoken" }, { "aria-live": "polite" });
    const body = element("div", { className: "body" });
    body.append(table);
    const answer = element("div", { className: "answer" });
    answer.append(this.verdict, this.#tools());
    this.root.replaceChildren(answer, body, this.status, this.spoken);
  }

  #tools() {
    const tools = element("div", { className: "tools" });
    const range = { type: "range", min: 0, max: 0.8, step: 0.01 };
    this.noise = element("input", range, { "aria-label": "Noise σ" });
    this.on(this.noise, "input", () => {
      this.sigma = this.noise.valueAsNumber;
      this.#changed();
    });
    this.noiseLabel = element("span");
    const label = element("label");
    label.append(this.noiseLabel, this.noise);
    const roll = this.button("Roll another code", () => {
      this.roll = (this.roll + 1) % this.rolls.length;
      this.#changed();
    });
    tools.append(label, roll);
    return tools;
  }

  /** The slider over the trained weights of a penalty. */
  #version({ name, title, versions }) {
    const box = element("div", { className: "version" });
    const cell = this.cells.get(name);
    cell.label = element("span");
    box.append(cell.label);
    if (versions.length < 2) return box;
    const range = { type: "range", min: 0, max: versions.length - 1, step: 1 };
    cell.slider = element("input", range, { "aria-label": `${title}: weight of the penalty` });
    this.on(cell.slider, "input", () => {
      this.chosen[name] = versions[cell.slider.valueAsNumber].name;
      this.#changed();
      this.#fetch();
    });
    box.append(cell.slider);
    return box;
  }

  /** What stands at the left of a row. */
  #given(row) {
    const [title, words] = ROWS[row];
    const box = element("figure", { className: `given ${row}` });
    const caption = element("figcaption");
    const more = element("span", { textContent: words });
    caption.append(element("b", { textContent: title }), more);
    if (row === "again" || row === "noisy") {
      const canvas = element("canvas", { className: "picture" }, { role: "img" });
      box.append(canvas);
      const shown = { picture: new Picture(canvas), words: more };
      if (row === "again") {
        this.given = shown;
        this.caption = element("span");
        caption.append(this.caption);
      } else {
        this.damaged = shown;
        canvas.setAttribute("aria-label", "The picture under noise");
      }
    }
    box.append(caption);
    return box;
  }

  #cell(row, { name, title }) {
    const figure = element("figure", { className: `cell ${row}` });
    const caption = element("figcaption");
    const cell = { caption };
    if (row !== "loss") {
      cell.canvas = element("canvas", { className: row === "code" ? "bars" : "picture" }, { role: "img" });
      cell.canvas.setAttribute("aria-label", `${title}: ${ROWS[row][0].toLowerCase()}`);
      figure.append(cell.canvas);
      if (["again", "noisy", "invented"].includes(row)) {
        cell.picture = new Picture(cell.canvas);
        cell.picture.resize(...this.data.picture.shape.slice(1));
      }
    }
    figure.append(caption);
    this.cells.get(name)[row] = cell;
    return figure;
  }

  /** Puts sliders where `chosen`, `sigma` and `roll` say. */
  #place() {
    this.noise.value = this.sigma;
    for (const { name, versions } of this.data.columns) {
      const { slider } = this.cells.get(name);
      if (slider) slider.value = Math.max(0, versions.findIndex((version) => version.name === this.chosen[name]));
    }
  }

  #changed() {
    this.#ask(performance.now());
    this.rest.begin();
  }

  #report() {
    const { chosen, sigma, roll } = this;
    this.reported = said(this);
    this.#write();
    say(this.spoken, this.verdict.textContent);
    this.setStateValue("chosen", { chosen: { ...chosen }, sigma, roll });
  }

  // --- networks ----------------------------------------------------------------------------

  #versionOf({ name, versions }) {
    return versions.find((version) => version.name === this.chosen[name]) ?? versions[0];
  }

  /** Fetches the chosen versions that are not here yet. */
  async #fetch() {
    this.fetching?.abort();
    const { columns, reason, beside } = this.data;
    if (reason) {
      say(this.status, `The server computes these pictures: ${reason}`);
      return;
    }
    const { signal } = (this.fetching = new AbortController());
    try {
      if (this.besideOf !== beside) {
        const read = await fetchJson(beside, signal);
        this.chains.clear();
        this.beside = new Map(Object.entries(read).map(([name, one]) => [name, this.#numbers(one)]));
        this.besideOf = beside;
      }
      for (const column of columns) {
        const version = this.#versionOf(column);
        const key = version.chain.weights;
        if (this.chains.has(key)) continue;
        say(this.status, `Fetching ${column.title}, ${(version.chain.bytes / 1e6).toFixed(1)} MB …`);
        this.chains.set(key, await openChain(version.chain, signal));
        this.#ask();
      }
    } catch (error) {
      if (!signal.aborted) say(this.status, `The server computes these pictures: ${error.message}`);
      return;
    }
    const worst = Math.max(...[...this.chains.values()].map(({ difference }) => difference));
    say(this.status, `Computed in your browser, at most ${worst.toExponential(0)} from torch`);
  }

  #numbers({ mean, std, variance, ...rest }) {
    return {
      ...rest,
      mean: floats(mean),
      std: floats(std),
      variance: variance && { weight: floats(variance.weight), bias: floats(variance.bias) },
    };
  }

  #compute() {
    const x = this.values;
    if (this.noisyOf?.x !== x || this.noisyOf.sigma !== this.sigma) {
      this.noisy = withNoise(x, this.sigma, this.pattern);
      this.noisyOf = { x, sigma: this.sigma };
    }
    const before = this.made;
    this.made = new Map();
    for (const column of this.data.columns) {
      const version = this.#versionOf(column);
      const chain = this.chains.get(version.chain?.weights);
      const beside = this.beside?.get(`${column.name}.${version.name}`);
      if (!chain || !beside) continue;
      // A decoder's answer is a view that the next call writes over.
      const whole = (picture) => chain.decoder.decode(picture).slice();
      const drawn = this.rolls[this.roll];
      const seen = look(chain.layers, beside, x, this.noisy, drawn, whole, before?.get(column.name));
      this.made.set(column.name, { ...seen, beside });
    }
    return x;
  }

  // --- drawing -----------------------------------------------------------------------------

  #paint() {
    const x = this.values;
    const style = getComputedStyle(this.root);
    // What the server has tried is of this very picture and these settings, or waits for its turn.
    const own = !this.drawn && said(this) === said(this.data);
    const colour = style.getPropertyValue("--st-primary-color") || "#5b6ee1";
    this.given.picture.paint(x);
    this.damaged.picture.paint(this.noisy);
    for (const column of this.data.columns) {
      const cell = this.cells.get(column.name);
      const seen = this.made.get(column.name) ?? (own ? this.tried.get(column.name) : null);
      cell.seen = seen ?? cell.seen;
      if (!seen) continue;
      const bounded = seen.beside ? seen.beside.bounded : column.bounded;
      bars(cell.code.canvas, seen.code, { bounded, spread: seen.spread, colour, faint: style.color });
      cell.again.picture.paint(seen.again);
      cell.noisy.picture.paint(seen.noisy);
      cell.invented.picture.paint(seen.invented);
      if (!seen.layers) continue;
      const answers = strongest(seen.first, SHOWN);
      const shown = [seen.layers, ...answers];
      if (cell.filters.shown?.every((one, i) => one === shown[i])) continue;
      cell.filters.shown = shown;
      filters(cell.filters.canvas, seen.layers[0].weight, answers, this.data.picture.shape.slice(1), ACROSS);
    }
    // Nobody reads sixty numbers a second, and every change of a word is laid out anew.
    if (!this.wording.waiting) this.wording.begin(performance.now() - this.written < READABLE ? READABLE : 0);
  }

  #error(seen, image, given) {
    return image instanceof Float32Array ? meanSquare(image, this.values) : given;
  }

  #write() {
    this.written = performance.now();
    const { columns, noise, picture } = this.data;
    const size = picture.shape.slice(1);
    say(this.noiseLabel, `Noise σ = ${this.sigma.toFixed(2)}`);
    say(this.damaged.words, `error ${short(meanSquare(this.noisy, this.values))}`);
    const found = [];
    for (const column of columns) {
      const cell = this.cells.get(column.name);
      const version = this.#versionOf(column);
      const dead = version.dead > 0.01 ? `${Math.round(100 * version.dead)} % dead` : "";
      const label = [version.label, dead].filter(Boolean).join("; ");
      say(cell.label, label);
      cell.slider?.setAttribute("aria-valuetext", label);
      const { seen } = cell;
      if (!seen) continue;
      const error = this.#error(seen, seen.again, seen.error);
      const errorNoisy = this.#error(seen, seen.noisy, seen.errorNoisy);
      const on = seen.code.filter((value) => value > ON).length;
      const bounded = seen.beside ? seen.beside.bounded : column.bounded;
      say(cell.code.caption, bounded ? `${on} of ${seen.code.length} on` : `${seen.code.length} ${seen.spread ? "μ ± σ" : "numbers"}`);
      const same = noise && seen.again instanceof Float32Array ? likeness(seen.again, this.values, size, MARGIN) : null;
      say(cell.again.caption, same === null ? short(error) : `likeness ${same.toFixed(2)}`);
      say(cell.noisy.caption, short(errorNoisy));
      const [reconstruction, penalty] = seen.loss;
      const unit = seen.spread ? " nats" : "";
      say(cell.loss.caption, `${nats(reconstruction)} + ${nats(penalty)}\n= ${nats(reconstruction + penalty)}${unit}`);
      found.push({ title: column.title, errorNoisy, same, cell });
    }
    if (!found.length) return;
    const best = found.reduce((a, b) => (b.errorNoisy < a.errorNoisy ? b : a));
    for (const one of found) one.cell.noisy.caption.classList.toggle("best", one === best && !noise);
    say(this.verdict, noise ? this.#copying(found) : this.#cleaning(found, best));
  }

  #cleaning(found, best) {
    const before = meanSquare(this.noisy, this.values);
    const better = best.errorNoisy < before;
    return better
      ? `Under noise of σ ${this.sigma.toFixed(2)} (error ${short(before)}), ${best.title} gives back the cleanest picture: error ${short(best.errorNoisy)}.`
      : `Noise of σ ${this.sigma.toFixed(2)} costs ${short(before)}; no network is nearer to the clean picture than that.`;
  }

  #copying(found) {
    const known = found.filter(({ same }) => same !== null);
    if (!known.length) return "Pure noise is fed.";
    const most = known.reduce((a, b) => (b.same > a.same ? b : a));
    const least = known.reduce((a, b) => (b.same < a.same ? b : a));
    return `Pure noise comes back most from ${most.title} (likeness ${most.same.toFixed(2)}), least from ${least.title} (${least.same.toFixed(2)}).`;
  }

  close() {
    this.fetching?.abort();
    this.resized.disconnect();
    this.rest.cancel();
    this.wording.cancel();
    this.adopting.cancel();
    this.frames.close();
    super.close();
  }
}
