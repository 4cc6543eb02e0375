// Two moons and the same turned, learnt by two networks side by side: one of the source alone, one
// that is drawn towards the target. Trained in a Worker of this page. binding.py says what `data`
// holds.

import { Rest, View, element, mount, say } from "../shared/live.js";
import { present } from "../shared/presented.js";
import { Trainer, fetchMatrices } from "../training/remote.js";
import { drawClouds, drawRegions, prepare } from "./clouds_drawing.js";
import { percent, until, verdict, writeMoves } from "./words.js";

const COLOURS = ["#1f77d0", "#e76300"]; // of the upper moon and of the lower one
const REGIONS = [[31, 119, 208], [231, 99, 0]];
const VIEW = 2.1; // half the width of the plane of points: bench_looking.js
const MANY = 300; // steps of a button
const PACE = 3; // milliseconds between steps, so that a finger can follow; it could be far faster
const EVERY = 25; // steps that λ stays as it is, so that an address can hold what a finger did

export default (component) => mount(component, (root) => new Alignment(root));
// For tests and benchmarks: a bundle has modules of its own, which nothing else leads to.
export { instances } from "../shared/live.js";

class Alignment extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#report());
    this.frames = []; // when frames were drawn, for tests and benchmarks
    root.frames = this.frames;
    this.resized = new ResizeObserver(() => {
      present(root);
      this.#draw();
    });
    this.resized.observe(root);
    this.fetching = new AbortController();
    this.matrices = fetchMatrices(this.fetching.signal);
  }

  // --- what Python says --------------------------------------------------------------------

  update({ data, setStateValue }) {
    Object.assign(this, { data, setStateValue });
    present(this.root);
    const key = JSON.stringify([data.target, data.settings, data.method]);
    // The same run: what Python says of its moves is what it was told.
    const moves = writeMoves(data.moves);
    if (key === this.key && (moves === this.told || moves === this.reported)) {
      this.#draw(); // perhaps the theme
      return;
    }
    this.key = key;
    this.told = moves;
    this.strength = data.moves.at(-1)?.[0] ?? this.strength ?? data.strength;
    this.#build();
    this.#open();
  }

  async #open() {
    this.trainer?.close();
    this.frame = null;
    this.reported = undefined;
    say(this.status, "Preparing …");
    const trainer = new Trainer(
      (message) => this.trainer === trainer && this.#hear(message),
      (sentence) => this.trainer === trainer && say(this.status, sentence),
    );
    this.trainer = trainer;
    const matrices = await this.matrices;
    const { target, settings, moves, method } = this.data;
    trainer.tell({ type: "pace", slow: this.fast ? 0 : PACE });
    trainer.tell({ type: "steps", kind: this.strength });
    trainer.tell({ type: "open", kind: "benches", matrices, target, settings, losses: [[[0, "source"]], [[0, method]]], moves });
    this.speed = matrices ? "" : " Without WebAssembly’s SIMD this is slow.";
  }

  // --- what the Worker says ----------------------------------------------------------------

  #hear(message) {
    if (message.type === "failed") {
      say(this.status, message.sentence);
      return;
    }
    this.frame = message;
    this.asked ??= requestAnimationFrame(() => {
      this.asked = null;
      this.#draw();
      this.frames.push(performance.now());
      if (this.frames.length > 600) this.frames.splice(0, 300);
      this.trainer?.tell({ type: "drawn" });
    });
    const { training, left } = message;
    if (!training && !left) this.rest.begin(400);
    else this.rest.cancel();
    this.#steer();
  }

  /** Lets λ follow the finger, every few steps. */
  #steer() {
    const { moment } = this.frame ?? { moment: 0 };
    if (this.strength === this.steered || (this.changed !== undefined && Math.abs(moment - this.changed) < EVERY && moment)) return;
    [this.steered, this.changed] = [this.strength, moment];
    this.trainer?.tell({ type: "steps", kind: this.strength });
  }

  /** Tells Python where the run rests, so that the address holds it. */
  #report() {
    if (!this.frame) return;
    const { moves, moment } = this.frame;
    const text = writeMoves(until(moves, moment));
    say(this.spoken, this.words.textContent);
    if (text === this.reported) return;
    const first = this.reported === undefined && writeMoves(this.data.moves) === text;
    this.reported = text;
    if (first) return;
    if (moves.length > this.data.most) {
      say(this.status, "λ was moved more often than a link can hold; the page still does.");
      return;
    }
    this.setStateValue("report", { setup: this.data.setup, moves: text });
  }

  // --- elements ----------------------------------------------------------------------------

  #build() {
    const { titles, method } = this.data;
    const tools = element("div", { className: "tools" });
    this.runs = this.button("Run", () => this.#toggle());
    this.runs.classList.add("primary");
    tools.append(
      this.runs,
      this.button("Step", () => this.trainer?.tell({ type: "play", kind: this.strength, count: 1 }), "One step of both networks"),
      this.button(`${MANY} steps`, () => this.trainer?.tell({ type: "play", kind: this.strength, count: MANY })),
    );
    const fast = element("input", { type: "checkbox", checked: Boolean(this.fast) });
    this.on(fast, "change", () => {
      this.fast = fast.checked;
      this.trainer?.tell({ type: "pace", slow: this.fast ? 0 : PACE });
    });
    const toggle = element("label", { className: "toggle" });
    toggle.append(fast, "Fast");
    tools.append(toggle);
    const pull = element("label", { className: "pull" });
    this.lambda = element("input", { type: "range", min: 0, max: 100, step: 1, value: this.strength, className: "slider" }, { "aria-label": "λ, strength of the alignment" });
    this.amount = element("output");
    this.on(this.lambda, "input", () => {
      this.strength = this.lambda.valueAsNumber;
      this.#say();
      this.#steer();
    });
    pull.append("λ", this.lambda, this.amount);
    tools.append(pull);
    const sliding = element("div", { className: "sliding" });
    this.slider = element("input", { type: "range", min: 0, max: 0, value: 0, step: 1, className: "slider" }, { "aria-label": "Moment of training" });
    this.on(this.slider, "input", () => this.trainer?.tell({ type: "seek", moment: this.slider.valueAsNumber }));
    this.clock = element("output", { className: "clock" });
    sliding.append(this.slider, this.clock);
    this.words = element("p", { className: "verdict" });
    this.spoken = element("p", { className: "spoken" }, { role: "status" });
    const boards = element("div", { className: "boards" });
    this.cards = ["source", method].map((name) => {
      const box = element("section", { className: "card" }, { "aria-label": titles[name] });
      const planes = element("div", { className: "planes" });
      const [points, features] = ["Points", "Features"].map((what) => {
        const figure = element("figure");
        const canvas = element("canvas", {}, { role: "img", "aria-label": `${titles[name]}: ${what.toLowerCase()}` });
        figure.append(canvas, element("figcaption", { textContent: what }));
        planes.append(figure);
        return canvas;
      });
      const numbers = element("p", { className: "numbers" });
      box.append(element("h3", { textContent: titles[name] }), planes, numbers);
      boards.append(box);
      return { points, features, numbers, sheet: document.createElement("canvas") };
    });
    this.status = element("p", { className: "status" });
    this.root.replaceChildren(tools, sliding, this.words, boards, this.status, this.spoken);
    this.#say();
  }

  #say() {
    say(this.amount, (this.strength / 100).toFixed(2));
    this.lambda.setAttribute("aria-valuetext", (this.strength / 100).toFixed(2));
  }

  #toggle() {
    if (!this.frame) return;
    const busy = this.frame.training || this.frame.left > 0;
    this.trainer?.tell({ type: busy ? "pause" : "run" });
  }

  // --- drawing -----------------------------------------------------------------------------

  #draw() {
    const { frame, data } = this;
    if (!frame) return;
    const { moment, end, training, left, replaying, arenas, readings } = frame;
    arenas.forEach((seen, i) => {
      if (seen.stopped) return;
      const { points, features, sheet } = this.cards[i];
      const colour = (at) => COLOURS[seen.lower[at]];
      const first = prepare(points);
      if (first) {
        drawRegions(first, sheet, seen.regions, REGIONS);
        drawClouds(first, seen.points, { x: 0, y: 0, half: VIEW }, colour);
      }
      const second = prepare(features);
      if (second) {
        const [x, y, half] = seen.box;
        drawRegions(second, sheet, seen.said, REGIONS);
        drawClouds(second, seen.features, { x, y, half }, colour);
      }
    });
    arenas.forEach((seen, i) => {
      const reading = readings[i];
      if (seen.stopped) say(this.cards[i].numbers, seen.stopped.sentence);
      else if (reading) {
        say(this.cards[i].numbers, `source ${percent(reading.source)} · target ${percent(reading.target)} · domains told apart with ${percent(reading.domains)} error`);
      }
    });
    if (readings.every(Boolean)) say(this.words, verdict(...readings, data.titles[data.method], moment));
    const busy = training || left > 0;
    say(this.runs, busy ? "Pause" : "Run");
    this.slider.max = end;
    if (busy || document.activeElement !== this.slider) this.slider.value = moment;
    say(this.clock, `step ${moment.toLocaleString("en")}${moment < end ? ` of ${end.toLocaleString("en")}` : ""}`);
    this.slider.setAttribute("aria-valuetext", `step ${moment}`);
    let words = `Dots: source. Rings: target, whose classes no network is told. It trains in this browser alone.${this.speed}`;
    if (replaying && left) words = `Playing what the link holds: ${left.toLocaleString("en")} steps left.`;
    else if (moment >= data.settings.length) words = "This is as far as it goes. Go back on the slider, or choose another start.";
    say(this.status, words);
  }

  close() {
    this.trainer?.close();
    this.fetching.abort();
    cancelAnimationFrame(this.asked);
    this.resized.disconnect();
    this.rest.cancel();
    super.close();
  }
}
