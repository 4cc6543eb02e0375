// A training to scrub: sheets of samples, one of them growing up, and a generator of the moment that
// decodes here. binding.py says what `data` holds, and what is fetched.

import { Picture } from "../shared/canvas.js";
import { fetchJson, media, persist } from "../shared/fetching.js";
import { Frames } from "../shared/frames.js";
import { ARROWS, Rest, View, element, modified, mount, say } from "../shared/live.js";
import { floats } from "../shared/numbers.js";
import { present } from "../shared/presented.js";
import { openChain } from "../networks/loading.js";
import { chart, normals, sameShare } from "./curves.js";

const ACROSS = 8; // samples in a row of a sheet
const PACE = 260; // milliseconds a moment, when it plays
const COLOURS = ["#5b6ee1", "#e76300"]; // of the runs, in curves

export default (component) => mount(component, (root) => new Reel(root));
// For tests and benchmarks: a bundle has modules of its own, which nothing else leads to.
export { watchers } from "../shared/frames.js";
export { instances } from "../shared/live.js";

class Reel extends View {
  constructor(root) {
    super(root);
    this.reported = null;
    this.generators = new Map(); // by place among the kept moments: a chain, or what is fetching it
    this.rest = new Rest(() => this.#report());
    this.frames = new Frames(
      () => this.#paint(),
      (error) => say(this.status, error.message),
    );
    this.frames.use((at) => at);
    this.status = element("p", { className: "status", textContent: "Fetching the training …" });
    this.spoken = element("p", { className: "spoken" }, { "aria-live": "polite" });
    root.append(this.status);
    this.resized = new ResizeObserver(() => {
      present(root);
      this.#draw();
    });
    this.resized.observe(root);
  }

  // --- what Python says --------------------------------------------------------------------

  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    present(this.root);
    const said = JSON.stringify(data.choice);
    // What the server says anew counts; what it repeats is older than what is shown here.
    if (!last || (said !== JSON.stringify(last.choice) && said !== JSON.stringify(this.reported))) {
      this.choice = structuredClone(data.choice);
      this.reported = null;
    }
    if (JSON.stringify(data.reels) !== JSON.stringify(last?.reels)) this.#fetch();
    else this.#draw();
  }

  async #fetch() {
    this.fetching?.abort();
    this.#stop();
    this.generators.clear();
    const { signal } = (this.fetching = new AbortController());
    try {
      this.runs = await Promise.all(
        this.data.reels.map(async (reel) => {
          const [story, samples, nearest] = await Promise.all([
            fetchJson(reel.story, signal),
            fetchPicture(reel.samples, signal),
            fetchPicture(reel.nearest, signal),
          ]);
          return { ...story, ...reel, places: story.live, samples, nearest, nearestOf: story.nearest };
        }),
      );
    } catch (error) {
      if (!signal.aborted) say(this.status, `The training cannot be fetched: ${error.message}`);
      return;
    }
    const [first] = this.runs;
    this.codes = floats(first.codes);
    this.directions = floats(first.directions);
    this.#build();
  }

  // --- elements ----------------------------------------------------------------------------

  #build() {
    const [first] = this.runs;
    const last = first.steps.length - 1;
    const range = { type: "range", min: 0, max: last, step: 1, className: "slider" };
    this.slider = element("input", range, { "aria-label": "Moment of training" });
    this.on(this.slider, "input", () => {
      this.#stop();
      this.#go({ moment: this.slider.valueAsNumber }, performance.now());
    });
    this.play = this.button("Play", () => (this.playing ? this.#stop() : this.#start()));
    const sliding = element("div", { className: "sliding" });
    sliding.append(this.play, this.slider);

    const runs = element("div", { className: "runs" });
    this.cells = this.runs.map((run, i) => this.#run(run, i));
    runs.append(...this.cells.map(({ box }) => box));

    const body = element("div", { className: this.runs.length > 1 ? "body two" : "body" });
    body.append(runs, this.#chosen(first));
    const lower = element("div", { className: "lower" });
    this.table = element("table");
    const charts = element("div", { className: "charts" });
    this.charts = first.curves.map(({ title }, i) => {
      const canvas = element("canvas", { className: "chart" }, { role: "img", "aria-label": title });
      charts.append(canvas);
      return { canvas, i };
    });
    lower.append(this.table, charts);
    const whole = element("div", { className: "whole" });
    whole.append(sliding, ...this.cells.map(({ verdict }) => verdict), body, this.#strip(), lower);
    this.root.replaceChildren(whole, this.status, this.spoken);
    say(this.status, "Marks in the bars and dashed lines: real pictures. The moments lie closer together at the beginning, when most happens.");
    this.#go({});
  }

  /** The sheet of one run, and its classes. */
  #run(run, index) {
    const [, height, width] = run.shape;
    const rows = Math.ceil(run.shown / ACROSS);
    const box = element("section", { className: "run" });
    if (run.title) box.append(element("h3", { textContent: run.title }));
    const sheet = element("canvas", {
      className: "picture sheet", width: ACROSS * width, height: rows * height, tabIndex: 0,
    }, { role: "application" });
    sheet.setAttribute("aria-label", `${run.title || "Samples"}: ${run.shown} samples of the same codes. The arrow keys choose one`);
    this.on(sheet, "pointerdown", (event) => {
      const { left, top, width: wide, height: tall } = sheet.getBoundingClientRect();
      const column = Math.floor(((event.clientX - left) / wide) * ACROSS);
      const row = Math.floor(((event.clientY - top) / tall) * rows);
      this.#choose(row * ACROSS + column);
    });
    this.on(sheet, "keydown", (event) => {
      const arrow = ARROWS[event.key];
      if (!arrow || modified(event)) return;
      event.preventDefault();
      this.#choose(this.choice.sample + arrow[0] + ACROSS * arrow[1]);
    });
    const classes = element("div", { className: "classes" });
    const bars = run.classes.map((name) => {
      const row = element("div", { className: "class" });
      const bar = element("span", { className: "bar" });
      const fill = element("span", { className: "fill" });
      const real = element("span", { className: "real" });
      bar.append(fill, real);
      const share = element("span", { className: "share" });
      row.append(element("span", { className: "name", textContent: name }), bar, share);
      classes.append(row);
      return { fill, real, share };
    });
    const figure = element("div", { className: "figure" });
    figure.append(sheet, classes);
    box.append(figure);
    const verdict = element("p", { className: "verdict" });
    verdict.style.setProperty("--run", COLOURS[index]);
    return { run, box, sheet, bars, verdict };
  }

  /** The chosen sample, the training picture nearest to it, and the generator of the moment. */
  #chosen(run) {
    const [, height, width] = run.shape;
    const box = element("section", { className: "chosen" });
    const picture = (name) => {
      const figure = element("figure");
      const canvas = element("canvas", { className: "picture", width, height }, { role: "img" });
      canvas.setAttribute("aria-label", name);
      const caption = element("figcaption", { textContent: name });
      figure.append(canvas, caption);
      return { figure, canvas, caption };
    };
    this.grown = picture("The chosen sample");
    this.similar = picture("The training picture nearest to it");
    this.made = picture("The code moved");
    this.live = new Picture(this.made.canvas);
    this.live.resize(height, width);
    const pictures = element("div", { className: "pictures" });
    pictures.append(this.grown.figure, this.similar.figure, this.made.figure);
    this.copied = element("p", { className: "copied" });
    const moving = element("div", { className: "moving" });
    this.moves = this.choice.moves.map((_, i) => {
      const input = element("input", {
        type: "range", min: -run.most, max: run.most, step: 0.05,
      }, { "aria-label": `Move the code along direction ${i + 1}, standard deviations` });
      this.on(input, "input", () => {
        const moves = this.moves.map((each) => each.valueAsNumber);
        this.#go({ moves }, performance.now());
      });
      const row = element("label", { className: "move" });
      row.append(element("span", { textContent: `Direction ${i + 1}` }), input);
      moving.append(row);
      return input;
    });
    const buttons = element("div", { className: "buttons" });
    this.another = this.button("Another code", () => {
      const seed = 1 + Math.floor(Math.random() * (this.data.seeds - 1));
      this.#go({ seed, moves: this.choice.moves.map(() => 0) });
    }, "A code drawn anew from the prior, not one of the sheet’s");
    this.reset = this.button("Back to the sample", () => {
      this.#go({ seed: 0, moves: this.choice.moves.map(() => 0) });
    });
    buttons.append(this.another, this.reset);
    this.note = element("p", { className: "note" });
    box.append(pictures, this.copied, moving, buttons, this.note);
    return box;
  }

  /** All moments of the chosen sample, of every run. */
  #strip() {
    const strip = element("div", { className: "strips" });
    this.strips = this.runs.map((run) => {
      const [, height, width] = run.shape;
      const canvas = element("canvas", {
        className: "picture strip", width: run.steps.length * width, height, tabIndex: -1,
      }, { role: "img" });
      canvas.style.setProperty("--moments", run.steps.length);
      canvas.setAttribute("aria-label", `${run.title || "The chosen sample"}, growing up: all moments`);
      this.on(canvas, "pointerdown", (event) => {
        const { left, width: wide } = canvas.getBoundingClientRect();
        const place = Math.floor(((event.clientX - left) / wide) * run.steps.length);
        this.#stop();
        this.#go({ moment: Math.min(Math.max(place, 0), this.runs[0].steps.length - 1) });
      });
      strip.append(canvas);
      return canvas;
    });
    return strip;
  }

  // --- moving ------------------------------------------------------------------------------

  #start() {
    const last = this.runs[0].steps.length - 1;
    if (this.choice.moment === last) this.#go({ moment: 0 });
    say(this.play, "Pause");
    this.playing = setInterval(() => {
      this.#go({ moment: this.choice.moment + 1 });
      if (this.choice.moment >= last) this.#stop();
    }, PACE);
  }

  #stop() {
    clearInterval(this.playing);
    this.playing = null;
    if (this.play) say(this.play, "Play");
  }

  #choose(sample) {
    if (sample < 0 || sample >= this.runs[0].shown) return;
    this.#go({ sample, seed: 0, moves: this.choice.moves.map(() => 0) }, performance.now());
  }

  #go(change, time = null) {
    const last = this.runs[0].steps.length - 1;
    Object.assign(this.choice, change);
    this.choice.moment = Math.min(Math.max(this.choice.moment, 0), last);
    this.choice.sample = Math.min(this.choice.sample, this.runs[0].shown - 1);
    this.#draw(time);
    if (Object.keys(change).length) this.rest.begin(this.playing ? 600 : 150);
  }

  #draw(time = null) {
    if (this.cells) this.frames.request([this.choice.moment], time);
  }

  #report() {
    this.reported = structuredClone(this.choice);
    say(this.spoken, this.cells[0].verdict.textContent);
    this.setStateValue("choice", this.reported);
  }

  // --- drawing -----------------------------------------------------------------------------

  /** The moment of a run that lies at the same share of it as one of the first run. */
  #placeIn(run, moment = this.choice.moment) {
    const [first] = this.runs;
    return run === first ? moment : sameShare(first.steps, moment, run.steps);
  }

  #paint() {
    const { moment, sample, seed, moves } = this.choice;
    const [first] = this.runs;
    this.slider.value = moment;
    this.slider.setAttribute("aria-valuetext", first.when[moment]);
    for (const cell of this.cells) this.#paintRun(cell);
    this.runs.forEach((run, i) => this.#paintStrip(run, this.strips[i]));
    const [, height, width] = first.shape;
    paste(this.grown.canvas, first.samples, [sample * width, moment * height], [width, height]);
    const found = first.nearestOf[moment][sample];
    const from = [(found % first.shown) * width, Math.floor(found / first.shown) * height];
    paste(this.similar.canvas, first.nearest, from, [width, height]);
    say(this.grown.caption, `Sample ${sample + 1}`);
    const distance = first.distances[moment][sample];
    const near = distance < first.near ? ", as near as a copy" : "";
    say(this.similar.caption, `Nearest training picture: ${distance.toFixed(1)} away${near}`);
    say(this.copied, first.copied[moment]);
    this.moves.forEach((input, i) => { input.value = moves[i]; });
    this.reset.disabled = !seed && moves.every((move) => !move);
    this.#decode();
    this.#write();
    const style = getComputedStyle(this.root);
    for (const { canvas, i } of this.charts) {
      const lines = this.runs.map((run, k) => ({
        values: first.steps.map((_, at) => run.curves[i].values[this.#placeIn(run, at)]),
        colour: COLOURS[k],
        real: k ? undefined : run.curves[i].real,
      }));
      const { title, logarithmic } = first.curves[i];
      chart(canvas, lines, { title, logarithmic, at: moment, steps: first.steps, style });
    }
  }

  #paintRun({ run, sheet, bars, verdict }) {
    const [, height, width] = run.shape;
    const place = this.#placeIn(run);
    const context = sheet.getContext("2d");
    for (let row = 0; row * ACROSS < run.shown; row += 1) {
      const count = Math.min(ACROSS, run.shown - row * ACROSS) * width;
      context.drawImage(
        run.samples, row * ACROSS * width, place * height, count, height, 0, row * height, count, height,
      );
    }
    const [x, y] = [(this.choice.sample % ACROSS) * width, Math.floor(this.choice.sample / ACROSS) * height];
    context.strokeStyle = "#ffb000";
    context.lineWidth = 2;
    context.strokeRect(x + 1, y + 1, width - 2, height - 2);
    const most = 0.3; // the length of a bar; a class with more fills it
    bars.forEach(({ fill, real, share }, k) => {
      const found = run.shares[place][k];
      fill.style.width = `${Math.min(100, (100 * found) / most)}%`;
      fill.style.background = run.colours[k];
      real.style.left = `${Math.min(100, (100 * run.usual[k]) / most)}%`;
      say(share, `${(100 * found).toFixed(0)} %`);
    });
    say(verdict, run.title ? `${run.title}. ${run.said[place]}` : run.said[place]);
  }

  #paintStrip(run, canvas) {
    const [, height, width] = run.shape;
    const context = canvas.getContext("2d");
    run.steps.forEach((_, place) => {
      const from = [this.choice.sample * width, place * height];
      context.drawImage(run.samples, ...from, width, height, place * width, 0, width, height);
    });
    context.strokeStyle = "#ffb000";
    context.lineWidth = 2;
    context.strokeRect(this.#placeIn(run) * width + 1, 1, width - 2, height - 2);
  }

  /** The code of the sample, or one drawn anew, moved along the directions. */
  #code() {
    const { sample, seed, moves } = this.choice;
    const { size } = this.runs[0];
    const z = seed ? normals(seed, size) : this.codes.slice(sample * size, (sample + 1) * size);
    moves.forEach((move, i) => {
      for (let k = 0; k < size; k += 1) z[k] += move * this.directions[i * size + k];
    });
    return z;
  }

  #decode() {
    const [first] = this.runs;
    const { reason } = this.data;
    if (reason || !first.live.length) {
      say(this.note, `Codes cannot be moved here. ${reason || "This generator stays on the server."}`);
      this.#disable(true);
      return;
    }
    const { moment } = this.choice;
    let nearest = 0;
    first.places.forEach((place, i) => {
      if (Math.abs(place - moment) < Math.abs(first.places[nearest] - moment)) nearest = i;
    });
    const known = this.generators.get(nearest);
    const when = first.when[first.places[nearest]];
    if (known?.decoder) {
      this.#disable(false);
      this.live.paint(known.decoder.decode(this.#code()).slice());
      say(this.made.caption, this.choice.seed ? "A code drawn anew" : "Its code, moved");
      say(this.note, `Decoded in your browser by the generator as it was then: ${when.toLowerCase()}.`);
      return;
    }
    if (known) return; // it is on its way
    const { signal } = this.fetching;
    this.generators.set(nearest, "coming");
    say(this.note, `Fetching the generator of that moment, ${(first.live[nearest].bytes / 1e6).toFixed(1)} MB …`);
    openChain(first.live[nearest], signal).then(
      (chain) => {
        if (signal.aborted) return;
        this.generators.set(nearest, chain);
        this.#draw();
      },
      (error) => {
        if (signal.aborted) return;
        this.generators.delete(nearest);
        this.#disable(true);
        say(this.note, `Codes cannot be moved here: ${error.message}`);
      },
    );
  }

  #disable(off) {
    for (const each of [...this.moves, this.another]) each.disabled = off;
    this.made.figure.classList.toggle("pending", off);
  }

  /** Writes the table: this moment's samples, of every run, beside real pictures. */
  #write() {
    const columns = this.runs.map((run) => run.rows[this.#placeIn(run)]);
    const titles = this.runs.length > 1 ? this.runs.map(({ title }) => title) : ["Samples"];
    if (this.table.rows.length !== columns[0].length + 1) {
      const head = element("tr");
      head.append(...["", ...titles, "Real pictures"].map((text) =>
        element("th", { textContent: text }, { scope: "col" })));
      const body = columns[0].map(({ title, help }) => {
        const row = element("tr", { title: help });
        row.append(element("th", { textContent: title }, { scope: "row" }));
        for (let i = 0; i <= columns.length; i += 1) row.append(element("td"));
        return row;
      });
      this.table.replaceChildren(head, ...body);
    }
    columns[0].forEach((row, i) => {
      const cells = this.table.rows[i + 1].cells;
      columns.forEach((column, k) => say(cells[k + 1], column[i].samples));
      say(cells[columns.length + 1], row.real || "–");
    });
  }

  close() {
    this.#stop();
    this.fetching?.abort();
    this.resized.disconnect();
    this.rest.cancel();
    this.frames.close();
    super.close();
  }
}

/** Draws a part of a sheet over a whole canvas. */
function paste(canvas, sheet, [x, y], [width, height]) {
  canvas.getContext("2d").drawImage(sheet, x, y, width, height, 0, 0, width, height);
}

/** A picture that the server has published. */
function fetchPicture(address, signal) {
  const load = async (cache) => {
    const response = await fetch(media(address), { signal, cache });
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    return createImageBitmap(await response.blob());
  };
  return persist(load, { signal, attempts: 3 });
}
