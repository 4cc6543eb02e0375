// A network opened up: its layers as blocks of units, and what one unit looks for and draws.

import { ARROWS, element, modified, movesOf, say } from "../shared/live.js";
import { place, step, unitAt } from "./blocks.js";
import { codeLayer, drawnBy, forward, lookedFor } from "../networks/chain.js";

const ADDS = [91, 110, 225]; // blue, and orange: as light on dark as dark on light
const TAKES = [231, 99, 0];
const GAP = 14; // CSS pixels between blocks
const LINES = 14; // of the strongest connections of a unit

/** Writes signed numbers into RGBA bytes: the stronger, the less transparent. */
function tint(values, rgba) {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  for (let i = 0; i < values.length; i += 1) {
    const [red, green, blue] = values[i] < 0 ? TAKES : ADDS;
    rgba[4 * i] = red;
    rgba[4 * i + 1] = green;
    rgba[4 * i + 2] = blue;
    rgba[4 * i + 3] = most ? (255 * Math.abs(values[i])) / most : 0;
  }
  return most;
}

function grey(values, rgba) {
  for (let i = 0; i < values.length; i += 1) {
    rgba[4 * i] = rgba[4 * i + 1] = rgba[4 * i + 2] = 255 * values[i];
    rgba[4 * i + 3] = 255;
  }
}

export class OpenedNetwork {
  /** @param view the component's: its root, its listeners */
  constructor(view) {
    this.view = view;
    this.unit = null; // {index of a layer, unit}
    this.sheet = element("canvas"); // one block, a pixel a unit
    this.box = element("div", { className: "network" });
    this.canvas = element("canvas", { className: "layers", tabIndex: 0 }, { role: "application" });
    this.canvas.setAttribute(
      "aria-label", "The opened network: the arrow keys go from unit to unit, and from layer to layer",
    );
    this.hint = element("p", { className: "note" });
    const stage = element("div", { className: "stage" });
    stage.append(this.canvas);
    const panel = element("div", { className: "unit" });
    [this.looks, this.draws] = ["Looks for", "Draws"].map((title) => {
      const canvas = element("canvas", { className: "picture" }, { role: "img", "aria-label": title });
      const figure = element("figure");
      figure.append(canvas, element("figcaption", { textContent: title }));
      panel.append(figure);
      return canvas;
    });
    this.words = element("p");
    const words = element("div", { className: "words" });
    words.append(this.words, this.hint);
    panel.append(words);
    this.box.append(stage, panel);
    view.on(this.canvas, "pointermove", (event) => this.#point(movesOf(event).at(-1)));
    view.on(this.canvas, "pointerdown", (event) => this.#point(event));
    view.on(this.canvas, "keydown", (event) => this.#key(event));
    view.on(this.canvas, "focus", () => this.#draw());
    view.on(this.canvas, "blur", () => this.#draw());
    this.observer = new ResizeObserver(() => this.#measure());
    this.observer.observe(stage);
    this.stage = stage;
  }

  /** Shows the network for a picture; `layers` null: it is not here yet. */
  show(layers, x, shape) {
    Object.assign(this, { shape: shape.slice(1) });
    this.box.classList.toggle("pending", !layers);
    if (!this.ink) this.dress();
    say(this.hint, layers ? "Every square is a unit, so the layers are to scale: point at one. Each layer is as bright as its strongest unit. Blue adds, orange takes away." : "The network itself is on its way.");
    if (!layers) {
      this.layers = null;
      return;
    }
    if (layers !== this.layers) {
      const last = this.layers;
      this.layers = layers;
      this.sizes = [layers[0].inputs, ...layers.map(({ outputs }) => outputs)];
      this.code = codeLayer(layers);
      if (!last || !this.unit || this.unit.unit >= (this.sizes[this.unit.index] ?? 0)) {
        this.unit = { index: this.code, unit: 0 };
      }
    }
    this.run = forward(layers, x);
    this.#draw();
  }

  #point(event) {
    if (!this.layers || !this.plan) return;
    const box = this.canvas.getBoundingClientRect();
    const found = unitAt(this.plan, event.clientX - box.left, event.clientY - box.top, GAP);
    if (!found || (found.index === this.unit?.index && found.unit === this.unit?.unit)) return;
    this.#turnTo(found);
  }

  #key(event) {
    const arrow = ARROWS[event.key];
    if (!arrow || modified(event) || !this.layers) return;
    event.preventDefault();
    const far = event.shiftKey ? 4 : 1;
    let unit = this.unit;
    for (let i = 0; i < far; i += 1) unit = step(this.sizes, this.shape, unit, arrow);
    this.#turnTo(unit);
    this.write();
    say(this.view.spoken, this.words.textContent);
  }

  #turnTo(unit) {
    this.unit = unit;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      this.#draw();
      this.write();
    });
  }

  // --- drawing -----------------------------------------------------------------------------

  /** Learns what drawing needs of the page: asked in every frame, it would be laid out each time. */
  #measure() {
    this.width = this.stage.clientWidth;
    this.#draw();
  }

  /** Takes the theme's colour and type, which may have changed. */
  dress() {
    const { color, fontSize, fontFamily } = getComputedStyle(this.view.root);
    this.ink = color;
    this.type = `600 ${0.8 * parseFloat(fontSize)}px ${fontFamily}`;
    this.#draw();
  }

  #draw() {
    const { width, ink } = this;
    if (!this.layers || !width || !ink) return;
    const most = Math.max(4, Math.min(12, (0.24 * window.innerHeight) / this.shape[0]));
    this.plan = place(this.sizes, this.code, this.shape, width, most, GAP);
    const { cell, height, blocks } = this.plan;
    const scale = window.devicePixelRatio || 1;
    const size = { width: Math.round(width * scale), height: Math.round((height + 6) * scale) };
    if (this.canvas.width !== size.width || this.canvas.height !== size.height) {
      Object.assign(this.canvas, size);
      this.canvas.style.height = `${height + 6}px`;
    }
    const context = this.canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height + 6);
    context.imageSmoothingEnabled = false;
    this.#drawFunnel(context, ink);
    context.font = this.type;
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const block of blocks) {
      const { x, y, rows, columns, units, index } = block;
      this.#fill(index, units, rows, columns);
      context.globalAlpha = 0.1;
      context.fillStyle = ink;
      context.fillRect(x, y, columns * cell, rows * cell);
      context.globalAlpha = 1;
      context.drawImage(this.sheet, 0, 0, columns, rows, x, y, columns * cell, rows * cell);
      context.strokeStyle = ink;
      context.globalAlpha = index === this.code ? 1 : 0.4;
      context.lineWidth = index === this.code ? 1.5 : 1;
      context.strokeRect(x - 0.5, y - 0.5, columns * cell + 1, rows * cell + 1);
      context.globalAlpha = 0.8;
      context.fillText(index === this.code ? `[${units}]` : units, x + (columns * cell) / 2, y + rows * cell + 5);
      context.globalAlpha = 1;
    }
    this.#drawUnit(context, ink);
    this.#drawPanel();
  }

  /** Fills the sheet with what a layer passes on. */
  #fill(index, units, rows, columns) {
    if (this.sheet.width !== columns || this.sheet.height !== rows) {
      Object.assign(this.sheet, { width: columns, height: rows });
    }
    const context = this.sheet.getContext("2d");
    const data = context.createImageData(columns, rows);
    const values = this.run.after[index];
    const picture = index === 0 || index === this.layers.length;
    (picture ? grey : tint)(values.subarray(0, units), data.data);
    context.putImageData(data, 0, 0);
  }

  #drawFunnel(context, ink) {
    const { blocks, cell } = this.plan;
    context.fillStyle = ink;
    context.globalAlpha = 0.07;
    blocks.slice(1).forEach((to, i) => {
      const from = blocks[i];
      if (to.again) return;
      const [left, right] = [from.x + from.columns * cell, to.x];
      context.beginPath();
      context.moveTo(left, from.y);
      context.lineTo(right, to.y);
      context.lineTo(right, to.y + to.rows * cell);
      context.lineTo(left, from.y + from.rows * cell);
      context.fill();
    });
    context.globalAlpha = 1;
  }

  /** The chosen unit, and the strongest of what comes into it and of what it gives. */
  #drawUnit(context, ink) {
    const { index, unit } = this.unit;
    const { cell } = this.plan;
    const at = (layer, number, after) => {
      const found = this.plan.blocks.filter((block) => block.index === layer);
      const block = found[after ? found.length - 1 : 0];
      const column = number % block.columns;
      return [
        block.x + (column + 0.5) * cell,
        block.y + (Math.floor(number / block.columns) + 0.5) * cell,
      ];
    };
    const lines = [];
    if (index > 0) {
      const { inputs, weight } = this.layers[index - 1];
      const from = this.run.after[index - 1];
      for (const [number, part] of strongest(inputs, (i) => weight[unit * inputs + i] * from[i])) {
        // In a second line the code stands again, and gives from there.
        lines.push([at(index - 1, number, true), at(index, unit, false), part]);
      }
    }
    if (index < this.layers.length) {
      const { inputs, outputs, weight } = this.layers[index];
      const own = this.run.after[index][unit];
      for (const [number, part] of strongest(outputs, (o) => weight[o * inputs + unit] * own)) {
        lines.push([at(index, unit, true), at(index + 1, number, false), part]);
      }
    }
    context.lineWidth = 1;
    for (const [from, to, part] of lines) {
      context.strokeStyle = `rgb(${part < 0 ? TAKES : ADDS})`;
      context.globalAlpha = 0.75;
      context.beginPath();
      context.moveTo(...from);
      context.lineTo(...to);
      context.stroke();
    }
    context.globalAlpha = 1;
    for (const block of this.plan.blocks.filter((one) => one.index === index)) {
      const left = block.x + (unit % block.columns) * cell;
      const top = block.y + Math.floor(unit / block.columns) * cell;
      context.lineWidth = 2;
      context.strokeStyle = ink;
      context.strokeRect(left - 2, top - 2, cell + 4, cell + 4);
    }
  }

  #drawPanel() {
    const { index, unit } = this.unit;
    const { layers, run, code } = this;
    const [height, width] = this.shape;
    const paint = (canvas, values) => {
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      const context = canvas.getContext("2d");
      const data = context.createImageData(width, height);
      if (values) tint(values, data.data);
      context.putImageData(data, 0, 0);
    };
    const pixel = new Float32Array(width * height);
    if (!index) pixel[unit] = 1;
    paint(this.looks, index ? lookedFor(layers, run, index, unit) : pixel);
    paint(this.draws, drawnBy(layers, run, index, unit));
  }

  /** Says which unit is chosen, and what it passes on. */
  write() {
    if (!this.layers || !this.unit) return;
    const { index, unit } = this.unit;
    const { layers, run, code } = this;
    const count = this.sizes[index];
    let where = `Decoder, layer ${index - code} of ${layers.length - code}`;
    if (index === 0) where = "Input";
    else if (index === layers.length) where = "Output";
    else if (index === code) where = "The code";
    else if (index < code) where = `Encoder, layer ${index} of ${code}`;
    const kind = index === 0 || index === layers.length ? "pixel" : index === code ? "number" : "unit";
    const value = run.after[index][unit].toFixed(2).replace("-", "−");
    const off = layers[index - 1]?.activation === "relu" && run.after[index][unit] === 0;
    say(this.words, `${where}: ${kind} ${unit + 1} of ${count} is ${value}${off ? ", switched off by this picture" : ""}.`);
  }

  close() {
    cancelAnimationFrame(this.frame);
    this.observer.disconnect();
  }
}

/** The indices of the largest magnitudes of `count` numbers, with those numbers; none that is 0. */
function strongest(count, value) {
  const found = []; // ascending
  for (let i = 0; i < count; i += 1) {
    const part = value(i);
    const size = Math.abs(part);
    if (!size || (found.length === LINES && size <= Math.abs(found[0][1]))) continue;
    let at = found.length;
    while (at > 0 && Math.abs(found[at - 1][1]) > size) at -= 1;
    found.splice(at, 0, [i, part]);
    if (found.length > LINES) found.shift();
  }
  return found;
}
