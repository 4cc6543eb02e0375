// The axes of a linear autoencoder beside the principal components, over its training. binding.py
// says what `data` holds, and what is fetched.

import { fetchJson } from "../shared/fetching.js";
import { Frames } from "../shared/frames.js";
import { Rest, View, element, mount, say } from "../shared/live.js";
import { bytes } from "../shared/numbers.js";
import { present } from "../shared/presented.js";
import { chart, words } from "./angles.js";

const ADDS = [91, 110, 225];
const TAKES = [231, 99, 0];

export default (component) => mount(component, (root) => new Turning(root));
// For tests and benchmarks: a bundle has modules of its own, which nothing else leads to.
export { watchers } from "../shared/frames.js";
export { instances } from "../shared/live.js";

class Turning extends View {
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
    present(this.root);
    if (data.moments !== last?.moments) this.#fetch(data);
    else if (data.at !== last.at && data.at !== this.reported) this.#go(data.at);
  }

  async #fetch({ moments }) {
    this.fetching?.abort();
    const { signal } = (this.fetching = new AbortController());
    try {
      const read = await fetchJson(moments, signal);
      this.moments = { ...read, axes: bytes(read.axes), principal: bytes(read.principal) };
    } catch (error) {
      if (!signal.aborted) say(this.status, `The moments cannot be fetched: ${error.message}`);
      return;
    }
    this.#build();
    this.#go(this.data.at);
  }

  #build() {
    const { steps, toAxes, penalised } = this.moments;
    const count = toAxes[0].length;
    const table = element("div", { className: "table" });
    table.style.setProperty("--axes", count);
    const row = (title, name) => {
      table.append(element("p", { className: "method", textContent: title }));
      return Array.from({ length: count }, (_, i) => {
        const figure = element("figure");
        const canvas = element("canvas", { className: "picture" }, { role: "img" });
        canvas.setAttribute("aria-label", `${name} ${i + 1}`);
        const caption = element("figcaption");
        figure.append(canvas, caption);
        table.append(figure);
        return { canvas, caption };
      });
    };
    const principal = row("PCA: the principal components", "Principal component");
    this.cells = row("Linear autoencoder: the axes of its decoder, by length", "Axis");
    principal.forEach(({ canvas, caption }, i) => {
      this.#tint(canvas, this.moments.principal, i);
      say(caption, `${i + 1}`);
    });
    const range = { type: "range", min: 0, max: steps.length - 1, step: 1, className: "slider" };
    this.slider = element("input", range, { "aria-label": "Moment of training" });
    this.on(this.slider, "input", () => {
      this.#go(this.slider.valueAsNumber, performance.now());
      this.rest.begin();
    });
    this.chart = element("canvas", { className: "chart" }, { role: "img" });
    this.chart.setAttribute("aria-label", "Angles to PCA over training, in degrees");
    this.verdict = element("p", { className: "verdict" });
    const tools = element("div", { className: "tools" });
    tools.append(
      this.button("Before training", () => this.#jump(0)),
      this.button("Trained", () => this.#jump(penalised.lastIndexOf(false))),
    );
    if (penalised.at(-1)) tools.append(this.button("L2 on", () => this.#jump(steps.length - 1)));
    const sliding = element("div", { className: "sliding" });
    sliding.append(this.chart, this.slider);
    const body = element("div", { className: "body" });
    const answer = element("div", { className: "answer" });
    answer.append(this.verdict, tools);
    body.append(table, answer, sliding);
    this.root.replaceChildren(body, this.status);
    say(this.status, "Blue adds, orange takes away. Angles in degrees; an axis points both ways. Moments lie closer together at the beginning of a run.");
    this.observer?.disconnect();
    this.observer = new ResizeObserver(() => {
      present(this.root);
      this.frames.request([this.at ?? 0]);
    });
    this.observer.observe(sliding);
    this.observer.observe(this.root);
  }

  /** Goes to a moment in small steps, so that what turns is seen to turn. */
  #jump(to) {
    cancelAnimationFrame(this.jumping);
    const stride = Math.max(1, Math.round(Math.abs(to - this.at) / 45));
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const walk = () => {
      const left = to - this.at;
      if (!left) return this.rest.begin();
      this.#go(still ? to : this.at + Math.sign(left) * Math.min(stride, Math.abs(left)));
      this.jumping = requestAnimationFrame(walk);
    };
    walk();
  }

  #go(at, time = null) {
    if (!this.moments) return;
    this.at = Math.min(Math.max(at, 0), this.moments.steps.length - 1);
    this.slider.value = this.at;
    this.slider.setAttribute("aria-valuetext", words(this.moments, this.at).moment);
    this.frames.request([this.at], time);
  }

  #tint(canvas, axes, which) {
    const [height, width] = this.moments.shape;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    const data = context.createImageData(width, height);
    const area = width * height;
    for (let i = 0; i < area; i += 1) {
      const value = axes[which * area + i] - 127;
      data.data.set(value < 0 ? TAKES : ADDS, 4 * i);
      data.data[4 * i + 3] = Math.min(255, 2 * Math.abs(value));
    }
    context.putImageData(data, 0, 0);
  }

  #paint() {
    const { toAxes } = this.moments;
    this.cells.forEach(({ canvas, caption }, i) => {
      this.#tint(canvas, this.moments.axes, this.at * this.cells.length + i);
      say(caption, `${toAxes[this.at][i].toFixed(1)}°`);
    });
    const { moment, verdict } = words(this.moments, this.at);
    say(this.verdict, `${moment}: ${verdict}`);
    chart(this.chart, this.moments, this.at, getComputedStyle(this.root));
  }

  #report() {
    this.reported = this.at;
    this.setStateValue("at", this.at);
  }

  close() {
    cancelAnimationFrame(this.jumping);
    this.fetching?.abort();
    this.observer?.disconnect();
    this.rest.cancel();
    this.frames.close();
    super.close();
  }
}
