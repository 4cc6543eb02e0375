// Three trainings beside one another: what units look for, gradients and curves, moment by moment.
// binding.py says what `data` holds, and what is fetched.

import { fetchJson } from "../shared/fetching.js";
import { Frames } from "../shared/frames.js";
import { Rest, View, element, mount, say } from "../shared/live.js";
import { bytes } from "../shared/numbers.js";
import { chart, power, share } from "./curves.js";

const ADDS = [91, 110, 225];
const TAKES = [231, 99, 0];
const ACROSS = 6; // pictures in a row
const PACE = 900; // milliseconds a moment, when it plays

export default (component) => mount(component, (root) => new Layers(root));
// For tests and benchmarks: a bundle has modules of its own, which nothing else leads to.
export { watchers } from "../shared/frames.js";
export { instances } from "../shared/live.js";

class Layers extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#report());
    this.frames = new Frames(
      () => this.#paint(),
      (error) => say(this.status, error.message),
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
    const { signal } = (this.fetching = new AbortController());
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
    this.play = this.button("Play", () => (this.playing ? this.#stop() : this.#start()));
    const sliding = element("div", { className: "sliding" });
    sliding.append(this.play, this.slider);
    this.verdict = element("p", { className: "verdict" });
    const columns = element("div", { className: "columns" });
    // Room for all of them, so that the others come in beside the one that stood alone.
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
      ["errors", "Test error, %", true],
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
    const first = units.slice(0, layer).reduce((sum, count) => sum + count, 0);
    const all = units.reduce((sum, count) => sum + count, 0);
    for (let unit = 0; unit < units[layer]; unit += 1) {
      const from = (kept * all + first + unit) * side * side;
      const [x0, y0] = [(unit % ACROSS) * (side + 1), Math.floor(unit / ACROSS) * (side + 1)];
      for (let i = 0; i < side * side; i += 1) {
        const value = pictures[from + i] - 127;
        const to = 4 * ((y0 + Math.floor(i / side)) * width + x0 + (i % side));
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
}
