// Arenas side by side, trained in a Worker of this page. binding.py says what `data` holds.

import { Rest, View, element, mount, say } from "../shared/live.js";
import { present } from "../shared/presented.js";
import { Trainer, fetchMatrices } from "../training/remote.js";
import { drawBoard } from "./board.js";
import { drawHistograms, drawLosses } from "./curves.js";
import { Pad } from "./pen.js";
import { VANISHED, faults, range, rows, verdict, writeArenas, writeMoves } from "./words.js";

const MANY = 4; // arenas at most
const BEST = 400; // steps of the discriminator alone that bring it to its best
const SLOW = 700; // milliseconds between steps in slow motion
const VIEW = 1.45; // half the width of what is seen, in units of the target's scale

export default (component) => mount(component, (root) => new Duel(root));
// For tests and benchmarks: a bundle has modules of its own, which nothing else leads to.
export { instances } from "../shared/live.js";

/** The length of a pull, to two digits. */
const shortly = (size) => (size < VANISHED ? `${size.toPrecision(1)}, gone` : size.toPrecision(2));

class Duel extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#report());
    this.layers = { heat: true, field: true, arrows: true };
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
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    present(this.root);
    const key = JSON.stringify([data.target, data.settings]);
    const arenas = writeArenas(data.arenas);
    if (key === this.key && arenas === writeArenas(this.arenas)) {
      if (last.titles !== data.titles) this.#draw(); // perhaps the theme
      return;
    }
    this.key = key;
    this.arenas = data.arenas;
    this.#build();
    this.#open();
  }

  async #open() {
    this.trainer?.close();
    this.frame = null;
    say(this.status, "Preparing …");
    const trainer = new Trainer(
      (message) => this.trainer === trainer && this.#hear(message),
      (sentence) => this.trainer === trainer && say(this.status, sentence),
    );
    this.trainer = trainer;
    const matrices = await this.matrices;
    const { target, settings, moves } = this.data;
    trainer.tell({ type: "pace", slow: this.slow ? SLOW : 0 });
    trainer.tell({ type: "open", matrices, target, settings, losses: this.arenas, moves });
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
  }

  /** Tells Python where the run rests, so that the address holds it. */
  #report() {
    if (!this.frame) return;
    const { moves, moment } = this.frame;
    let room = moment;
    const played = moves.flatMap(([kind, count]) => {
      const part = Math.min(count, room);
      room -= part;
      return part ? [[kind, part]] : [];
    });
    const report = { setup: this.data.setup, moves: writeMoves(played), arenas: writeArenas(this.arenas) };
    this.#speak();
    if (JSON.stringify(report) === this.reported) return;
    const first = this.reported === undefined && writeMoves(this.data.moves) === report.moves;
    this.reported = JSON.stringify(report);
    if (!first) this.setStateValue("report", report);
  }

  // --- elements ----------------------------------------------------------------------------

  #build() {
    const { titles, target, scale, draws } = this.data;
    this.reported = undefined;
    const tools = element("div", { className: "tools" });
    this.runs = this.button("Run", () => this.#toggle());
    this.runs.classList.add("primary");
    const play = (label, kind, count, hint) => this.button(label, () => this.#play(kind, count), hint);
    const slow = element("input", { type: "checkbox", checked: Boolean(this.slow) });
    this.on(slow, "change", () => {
      this.slow = slow.checked;
      this.trainer?.tell({ type: "pace", slow: this.slow ? SLOW : 0 });
    });
    const toggle = element("label", { className: "toggle" });
    toggle.append(slow, "Slow motion");
    tools.append(
      this.runs,
      play("Step", "step", 1, "Discriminator, then generator"),
      play("Step D", "discriminator", 1, "The discriminator alone"),
      play("Step G", "generator", 1, "The generator alone"),
      play("Train D to its best", "discriminator", BEST, `${BEST} steps of the discriminator alone`),
      toggle,
    );
    for (const [name, label] of [["heat", "Discriminator"], ["field", "Noise plane"], ["arrows", "Arrows"]]) {
      const box = element("input", { type: "checkbox", checked: this.layers[name] });
      this.on(box, "change", () => {
        this.layers[name] = box.checked;
        this.#draw();
      });
      const labelled = element("label", { className: "toggle" });
      labelled.append(box, label);
      tools.append(labelled);
    }
    const sliding = element("div", { className: "sliding" });
    this.slider = element("input", { type: "range", min: 0, max: 0, value: 0, step: 1, className: "slider" }, { "aria-label": "Moment of training" });
    this.on(this.slider, "input", () => this.trainer?.tell({ type: "seek", moment: this.slider.valueAsNumber }));
    this.clock = element("output", { className: "clock" });
    sliding.append(this.slider, this.clock);

    this.boards = element("div", { className: "boards" });
    this.cards = this.arenas.map((_, i) => this.#card(i));
    this.boards.append(...this.cards.map(({ box }) => box));
    this.boards.dataset.count = this.cards.length;

    this.table = element("div", { className: "meter" });
    this.status = element("p", { className: "status" }, { role: "status" });
    this.spoken = element("p", { className: "spoken" }, { "aria-live": "polite" });
    this.sheet ??= element("canvas");
    const parts = [tools, this.boards, sliding, this.table, this.status, this.spoken];
    this.pad = null;
    if (draws) {
      this.pad = new Pad(this, (text) => this.setStateValue("report", {
        setup: this.data.setup, moves: "", arenas: writeArenas(this.arenas), drawing: text,
      }));
      this.pad.strokes = this.strokes ?? [];
      this.strokes = this.pad.strokes;
      parts.splice(1, 0, this.pad.box);
    }
    this.root.replaceChildren(...parts);
    this.pad?.draw();
    this.kinds = rows(target.part, target.shares.length);
    this.cells = this.#meter(titles, scale);
  }

  #card(i) {
    const { titles } = this.data;
    const losses = this.arenas[i];
    const box = element("section", { className: "card" });
    const canvas = element("canvas", { className: "board" }, { role: "img" });
    const name = losses.map(([moment, loss]) => (moment ? `from step ${moment} ${titles[loss]}` : titles[loss])).join(", ");
    canvas.setAttribute("aria-label", `Arena: ${name}`);
    const heading = element("h3", { textContent: name });
    const words = element("p", { className: "verdict" });
    const curves = element("div", { className: "curves" });
    const said = element("canvas", { className: "losses" }, { role: "img", "aria-label": "Losses over time" });
    const counted = element("canvas", { className: "histograms" }, { role: "img", "aria-label": "What the discriminator says" });
    curves.append(said, counted);
    const back = this.button("Back to the last good step", () => {
      this.trainer?.tell({ type: "seek", moment: this.frame.arenas[i].stopped.good });
    });
    back.hidden = true;
    const branching = element("div", { className: "branching" });
    const choice = element("select", {}, { "aria-label": `Loss to branch to: ${name}` });
    for (const [value, textContent] of Object.entries(titles)) choice.append(element("option", { value, textContent }));
    choice.value = losses.at(-1)[1] === "relativistic" ? "non_saturating" : "relativistic";
    const branch = this.button("Branch from here", () => this.#branch(i, choice.value), "One more arena, which goes on from this moment with another loss");
    branch.disabled = this.arenas.length >= MANY;
    branching.append(branch, choice);
    if (i >= this.data.chosen) branching.append(this.button("Remove", () => this.#drop(i)));
    box.append(heading, canvas, words, back, curves, branching);
    return { box, canvas, words, back, said, counted };
  }

  /** Makes the table of readings; returns its cells, by row, of the arenas. */
  #meter(titles, { perfect, mixture, components }) {
    const table = element("table");
    const head = element("tr");
    const names = this.arenas.map((own) => titles[own.at(-1)[1]]);
    head.append(element("td"));
    for (const name of [...names, "Perfect sampler", `Mixture of ${components}, EM`]) {
      head.append(element("th", { textContent: name, scope: "col" }));
    }
    table.append(head);
    const cells = this.kinds.map(([title, show, name]) => {
      const row = element("tr");
      row.append(element("th", { textContent: title, scope: "row" }));
      const own = this.arenas.map(() => element("td"));
      row.append(
        ...own,
        element("td", { className: "other", textContent: range(perfect.low, perfect.high, show, name) }),
        element("td", { className: "other", textContent: show(mixture) }),
      );
      table.append(row);
      return own;
    });
    const pulls = element("tr");
    pulls.append(element("th", { textContent: "pull on G(z)", scope: "row" }));
    const own = this.arenas.map(() => element("td"));
    pulls.append(...own, element("td"), element("td"));
    table.append(pulls);
    this.pulls = own;
    this.table.replaceChildren(table);
    return cells;
  }

  // --- what people do ----------------------------------------------------------------------

  #toggle() {
    if (!this.frame) return;
    const busy = this.frame.training || this.frame.left > 0;
    this.trainer?.tell({ type: busy ? "pause" : "run" });
  }

  #play(kind, count) {
    this.trainer?.tell({ type: "play", kind, count });
  }

  #branch(arena, loss) {
    if (!this.frame || this.arenas.length >= MANY) return;
    const { moment } = this.frame;
    const past = this.arenas[arena].filter(([since]) => since < moment);
    this.arenas = [...this.arenas, past.length ? [...past, [moment, loss]] : [[0, loss]]];
    this.#again({ type: "branch", arena, loss });
  }

  #drop(arena) {
    this.arenas = this.arenas.filter((_, i) => i !== arena);
    this.#again({ type: "drop", arena });
  }

  /** Another number of arenas: the same run, in the same Worker. */
  #again(message) {
    this.#build();
    this.reported = ""; // Python does not know of it
    this.frame = null;
    this.trainer?.tell(message);
  }

  // --- drawing -----------------------------------------------------------------------------

  #draw() {
    const { frame, data } = this;
    if (!frame || frame.arenas.length !== this.cards.length) return;
    const style = getComputedStyle(this.root);
    const ink = style.color;
    const look = { ink, font: `${0.8 * parseFloat(style.fontSize)}px` };
    const { moment, end, training, left, replaying, arenas, readings } = frame;
    const { target, scale } = data;
    // All canvases first: what is written in between would make the page measure itself anew for
    // each of them.
    arenas.forEach((seen, i) => {
      const { canvas, said, counted } = this.cards[i];
      drawLosses(said, seen.said.filter(([at]) => at <= moment), end, look);
      if (seen.stopped) return;
      drawBoard(canvas, seen, { half: VIEW * target.scale, sheet: this.sheet, ink, layers: this.layers });
      drawHistograms(counted, seen.histograms, look);
    });
    arenas.forEach((seen, i) => {
      const { words, back } = this.cards[i];
      back.hidden = !seen.stopped;
      if (seen.stopped) say(back, `Back to step ${seen.stopped.good}`);
      const reading = readings[i];
      const state = { ...seen, reading, moment, single: data.settings.noise === "none" };
      if (seen.stopped || reading) say(words, verdict(state, scale.perfect, target.part, target.shares.length));
      words.classList.toggle("wrong", Boolean(seen.stopped));
      if (seen.stopped || !reading) return;
      say(this.pulls[i], shortly(seen.strength ** 0.5));
      const wrong = faults(reading, scale.perfect, target.shares.length);
      this.kinds.forEach(([, show, name], row) => {
        const cell = this.cells[row][i];
        say(cell, wrong[name] ? `${show(reading)}, ${wrong[name]}` : show(reading));
        cell.classList.toggle("wrong", Boolean(wrong[name]));
      });
    });
    const busy = training || left > 0;
    say(this.runs, busy ? "Pause" : "Run");
    this.slider.max = end;
    if (busy || document.activeElement !== this.slider) this.slider.value = moment;
    say(this.clock, `step ${moment.toLocaleString("en")}${moment < end ? ` of ${end.toLocaleString("en")}` : ""}`);
    this.slider.setAttribute("aria-valuetext", `step ${moment}`);
    let words = `It trains in this browser alone.${this.speed}`;
    if (replaying && left) words = `Playing what the link holds: ${left.toLocaleString("en")} moves left.`;
    else if (data.settings.length && moment >= data.settings.length) words = "The learning rates have fallen to nothing: the run is at its end.";
    say(this.status, words);
  }

  #speak() {
    const { frame, data: { target, scale, titles, settings } } = this;
    if (!frame.moment) return;
    say(this.spoken, frame.arenas.map((seen, i) => {
      const state = { ...seen, reading: frame.readings[i], moment: frame.moment, single: settings.noise === "none" };
      return `${titles[seen.loss]}: ${verdict(state, scale.perfect, target.part, target.shares.length)}`;
    }).join(" "));
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
