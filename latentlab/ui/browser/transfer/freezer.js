// A network with a handle: what is left of it is frozen. Curves, numbers and words follow.
// binding.py says what `data` holds.

import { prepare } from "../shared/canvas.js";
import { Rest, View, element, mount, say } from "../shared/live.js";
import { bytes, clamp } from "../shared/numbers.js";
import { present } from "../shared/presented.js";
import { depthAt, grouped, range, tinted } from "./depths.js";

const ACROSS = 6; // filters in a row
const DASHES = { dotted: [2, 5], dashed: [9, 6] };

export default (component) => mount(component, (root) => new Freezer(root));
// For tests and benchmarks: a bundle has modules of its own, which nothing else leads to.
export { instances } from "../shared/live.js";

class Freezer extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#report());
    this.resized = new ResizeObserver(() => {
      if (!this.data) return;
      present(this.root);
      this.#show();
    });
  }

  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    if (!last) this.#build();
    // Another place than the one that was reported last is the server's wish.
    if (!last || (data.depth !== last.depth && data.depth !== this.reported)) {
      Object.assign(this, { depth: data.depth, reported: null });
    }
    present(this.root);
    this.#name();
    this.#show();
  }

  #build() {
    const { layers } = this.data;
    this.verdict = element("p", { className: "verdict" }, { "aria-live": "polite" });
    this.blocks = element("div", { className: "blocks" });
    this.layers = layers.map(() => {
      const block = element("div", { className: "block" });
      const parts = ["name", "maps", "state"].map((className) => element("span", { className }));
      block.append(...parts);
      this.blocks.append(block);
      return { block, parts };
    });
    this.handle = element("div", { className: "handle" });
    this.blocks.append(this.handle);
    const most = layers.length - 1; // the head is always learnt
    const attributes = { "aria-label": "Layers that are frozen" };
    this.slider = element("input", { type: "range", min: 0, max: most, step: 1, className: "slider" }, attributes);
    this.on(this.slider, "input", () => this.#go(this.slider.valueAsNumber));
    this.#drag();
    this.numbers = element("dl", { className: "numbers" });
    this.chart = element("canvas", { className: "chart" }, { role: "img" });
    this.legend = element("div", { className: "legend" });
    this.filters = element("div", { className: "filters" });
    const figure = element("figure", { className: "curves" });
    figure.append(this.chart, this.legend);
    const below = element("div", { className: "below" });
    const side = element("div", { className: "side" });
    side.append(this.numbers, this.filters);
    below.append(figure, side);
    const body = element("div", { className: "body" });
    body.append(this.verdict, this.blocks, this.slider, below);
    this.root.replaceChildren(body);
    this.resized.observe(this.root);
  }

  /** The handle follows a finger anywhere on the network. */
  #drag() {
    let pointer = null;
    const to = (event) => {
      const box = this.blocks.getBoundingClientRect();
      const edges = this.layers.slice(0, -1).map(({ block }) => block.getBoundingClientRect().right - box.left);
      this.#go(depthAt(event.clientX - box.left, edges));
    };
    this.on(this.blocks, "pointerdown", (event) => {
      if (event.button || pointer !== null) return;
      pointer = event.pointerId;
      this.blocks.setPointerCapture(pointer);
      to(event);
    });
    this.on(this.blocks, "pointermove", (event) => {
      if (event.pointerId === pointer) to(event);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      this.on(this.blocks, end, (event) => {
        if (event.pointerId === pointer) pointer = null;
      });
    }
  }

  #go(depth) {
    const next = clamp(depth, 0, this.data.layers.length - 1);
    if (next === this.depth) return;
    this.depth = next;
    this.#show();
    this.rest.begin();
  }

  #report() {
    this.reported = this.depth;
    this.setStateValue("depth", this.depth);
  }

  /** What does not follow the handle. */
  #name() {
    const { layers, curves, ghosts, moments, filters, side, colourful } = this.data;
    layers.forEach(({ name, maps }, i) => {
      say(this.layers[i].parts[0], name);
      say(this.layers[i].parts[1], maps);
    });
    const entries = curves.map(({ title, colour }) => {
      const entry = element("span", { textContent: title });
      entry.style.setProperty("--colour", colour);
      return entry;
    });
    entries.push(...ghosts.map(({ title, dash }) => element("span", { className: `ghost ${dash}`, textContent: title })));
    this.legend.replaceChildren(...entries);
    const pictures = filters.map((text, i) => {
      const figure = element("figure");
      const canvas = element("canvas", { className: "picture" }, { role: "img", "aria-label": `First filters, ${moments[i].toLowerCase()}` });
      paint(canvas, bytes(text), side, colourful);
      figure.append(canvas, element("figcaption", { textContent: moments[i] }));
      return figure;
    });
    this.filters.replaceChildren(...pictures);
  }

  #show() {
    const { words, parameters, seconds } = this.data;
    const { depth } = this;
    this.slider.value = depth;
    this.slider.setAttribute("aria-valuetext", depth ? `${depth} frozen` : "none frozen");
    say(this.verdict, words[depth]);
    this.layers.forEach(({ block, parts }, i) => {
      const frozen = i < depth;
      block.classList.toggle("frozen", frozen);
      say(parts[2], frozen ? "frozen" : "learns");
    });
    const at = depth ? this.layers[depth - 1].block : null;
    this.handle.style.left = `${at ? at.offsetLeft + at.offsetWidth : 0}px`;
    const share = Math.round((100 * parameters[depth]) / parameters[0]);
    const rows = [
      ["Learning parameters", `${grouped(parameters[depth])} of ${grouped(parameters[0])} (${share}\u00a0%)`],
      ["100 steps, one CPU core", depth ? `${seconds[depth].toFixed(1)} s instead of ${seconds[0].toFixed(1)} s` : `${seconds[0].toFixed(1)} s`],
    ];
    this.numbers.replaceChildren(
      ...rows.flatMap(([term, text]) => [element("dt", { textContent: term }), element("dd", { textContent: text })]),
    );
    this.#draw();
  }

  #draw() {
    const { curves, ghosts } = this.data;
    const canvas = this.chart;
    const sheet = prepare(canvas);
    if (!sheet) return;
    const { context, width, height } = sheet;
    const style = getComputedStyle(this.root);
    const type = parseFloat(style.fontSize);
    context.font = `400 ${type}px ${style.fontFamily}`;
    context.fillStyle = style.color;
    const most = curves[0].means.length - 1;
    const last = Math.max(most, ...ghosts.flatMap(({ points }) => points.map(([n]) => n)));
    const [low, high] = range(curves, ghosts);
    const [left, right, top, bottom] = [2.6 * type, width - type, 1.8 * type, height - 2.9 * type];
    const x = (n) => left + (n / last) * (right - left);
    const y = (value) => bottom - ((value - low) / (high - low)) * (bottom - top);
    context.textBaseline = "middle";
    context.textAlign = "right";
    const step = high - low > 50 ? 20 : 10;
    for (let tick = low; tick <= high; tick += step) {
      context.globalAlpha = 0.15;
      context.fillRect(left, y(tick), right - left, 1);
      context.globalAlpha = 0.85;
      context.fillText(String(tick), left - 6, y(tick));
    }
    context.textBaseline = "alphabetic";
    context.textAlign = "center";
    for (let n = 0; n <= last; n += 1) context.fillText(String(n), x(n), bottom + 1.3 * type);
    context.fillText("layers taken over", (left + right) / 2, height - 0.3 * type);
    context.textAlign = "left";
    context.fillText("test accuracy, %", left, type);
    context.globalAlpha = 0.25;
    context.fillStyle = style.getPropertyValue("--st-primary-color") || style.color;
    context.fillRect(x(this.depth) - 7, top, 14, bottom - top);
    for (const { colour, means, spreads } of curves) {
      context.fillStyle = context.strokeStyle = colour;
      context.globalAlpha = 0.2;
      context.beginPath();
      means.forEach((mean, n) => context.lineTo(x(n), y(mean + spreads[n])));
      for (let n = most; n >= 0; n -= 1) context.lineTo(x(n), y(means[n] - spreads[n]));
      context.fill();
      context.globalAlpha = 1;
      context.lineWidth = 3;
      context.beginPath();
      means.forEach((mean, n) => context.lineTo(x(n), y(mean)));
      context.stroke();
      means.forEach((mean, n) => {
        context.beginPath();
        context.arc(x(n), y(mean), n === this.depth ? 7 : 4, 0, 2 * Math.PI);
        context.fill();
      });
    }
    context.globalAlpha = 0.6;
    context.strokeStyle = style.color;
    context.lineWidth = 2;
    for (const { points, dash } of ghosts) {
      context.setLineDash(DASHES[dash]);
      context.beginPath();
      for (const [n, value] of points) context.lineTo(x(n), y(value));
      context.stroke();
    }
    context.setLineDash([]);
    context.globalAlpha = 1;
    const said = curves.map(({ title, means }) => `${title} ${means[this.depth].toFixed(1)} %`).join(", ");
    canvas.setAttribute("aria-label", `Test accuracy over layers taken over; with ${this.depth}: ${said}`);
  }

  close() {
    this.rest.cancel();
    this.resized.disconnect();
    super.close();
  }
}

/** Draws filters [n, side, side, 3] beside one another, a pixel between them. */
function paint(canvas, filters, side, colourful) {
  const count = filters.length / (side * side * 3);
  const rows = Math.ceil(count / ACROSS);
  Object.assign(canvas, { width: ACROSS * (side + 1) - 1, height: rows * (side + 1) - 1 });
  const context = canvas.getContext("2d");
  const data = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < count * side * side; i += 1) {
    const [filter, pixel] = [Math.floor(i / (side * side)), i % (side * side)];
    const column = (filter % ACROSS) * (side + 1) + (pixel % side);
    const row = Math.floor(filter / ACROSS) * (side + 1) + Math.floor(pixel / side);
    const colour = colourful ? [...filters.subarray(3 * i, 3 * i + 3), 255] : tinted(filters[3 * i]);
    data.data.set(colour, 4 * (row * canvas.width + column));
  }
  context.putImageData(data, 0, 0);
}
