// The latent plane of a code of two numbers: what is decoded where, and where the data lies.

import { fromFloats } from "../shared/canvas.js";
import { ARROWS, element, modified } from "../shared/live.js";
import { bytes, clamp, floats } from "../shared/numbers.js";
import { step } from "./space.js";

const DOT = 2.5; // CSS pixels
const TINT = 0.5; // opacity of a class region where all neighbours agree

export class LatentPlane {
  /**
   * @param box where to draw
   * @param file what files.plane makes
   * @param begin called when a person takes hold
   * @param move called with a code [x, y] and the time of the input
   */
  constructor(box, file, { begin, move }) {
    Object.assign(this, file, { box, begin, move, hidden: new Set(), run: 0 });
    this.points = floats(file.points);
    this.labels = bytes(file.labels);
    this.gone = new AbortController();
    this.surface = element("div", { className: "plane", tabIndex: 0 }, {
      role: "application",
      "aria-label": "Latent plane: the arrow keys move the code",
    });
    this.backdrop = element("canvas", { className: "picture" });
    this.image = element("img", { className: "picture", hidden: true, alt: "" });
    this.dots = element("canvas");
    this.marker = element("div", { className: "marker" });
    this.surface.append(this.backdrop, this.image, this.dots, this.marker);
    const caption = element("p", { className: "note", textContent: file.caption });
    box.replaceChildren(this.surface, this.#legend(), caption);
    this.sized = new ResizeObserver(() => this.draw());
    this.sized.observe(this.surface);
    this.#listen();
  }

  #legend() {
    const legend = element("div", { className: "legend" }, { role: "group", "aria-label": "Show" });
    this.classes.forEach(({ name, colour }, k) => {
      const chip = element("button", { type: "button", textContent: name });
      chip.style.setProperty("--colour", colour);
      chip.setAttribute("aria-pressed", "true");
      chip.addEventListener("click", () => {
        if (!this.hidden.delete(k)) this.hidden.add(k);
        chip.setAttribute("aria-pressed", String(!this.hidden.has(k)));
        this.draw();
      });
      if (this.points.length) legend.append(chip);
    });
    return legend;
  }

  #listen() {
    const on = (type, act) => {
      this.surface.addEventListener(type, act, { signal: this.gone.signal });
    };
    let held = false;
    const go = (event) => {
      const { left, top, width, height } = this.surface.getBoundingClientRect();
      const x = (event.clientX - left) / width;
      const y = 1 - (event.clientY - top) / height;
      this.#go([x, y].map((part, i) => this.low[i] + part * this.#span(i)), event.timeStamp);
    };
    on("pointerdown", (event) => {
      if (event.button) return;
      this.surface.setPointerCapture(event.pointerId);
      held = true;
      this.begin();
      go(event);
    });
    on("pointermove", (event) => held && go(event));
    on("pointerup", () => (held = false));
    on("pointercancel", () => (held = false));
    on("keydown", (event) => {
      const arrow = ARROWS[event.key];
      if (!arrow || modified(event)) return;
      event.preventDefault();
      this.begin();
      const far = event.shiftKey ? 10 : 1;
      const signs = [arrow[0], -arrow[1]]; // the plane's second number grows upwards
      this.#go(
        signs.map((sign, i) => this.z[i] + sign * far * step(this.#span(i))),
        event.timeStamp,
      );
    });
  }

  #span(i) {
    return this.high[i] - this.low[i];
  }

  #go(z, time) {
    this.move(z.map((v, i) => clamp(v, this.low[i], this.high[i])), time);
  }

  /** Puts the marker where the code stands. */
  place(z) {
    this.z = z;
    const part = (i) => clamp((z[i] - this.low[i]) / this.#span(i), 0, 1);
    this.marker.style.left = `${100 * part(0)}%`;
    this.marker.style.top = `${100 * (1 - part(1))}%`;
  }

  /** Uses a picture of the server as the backdrop, where there is one. */
  show(address) {
    if (this.image.getAttribute("src") === address) return;
    this.image.hidden = !address;
    if (address) this.image.src = address;
  }

  /** Decodes the backdrop, a little at a time. */
  async fill(decode) {
    const run = ++this.run;
    const { side, low } = this;
    let started = performance.now();
    for (let i = 0; i < side * side; i += 1) {
      const cell = (i * 7919) % (side * side); // 7919 is prime: all cells in turn, scattered
      const [column, row] = [cell % side, Math.floor(cell / side)];
      const x = low[0] + ((column + 0.5) / side) * this.#span(0);
      const y = low[1] + ((side - row - 0.5) / side) * this.#span(1);
      let image;
      try {
        image = decode(Float32Array.of(x, y));
        if (image instanceof Promise) ({ image } = await image);
      } catch {
        return; // the decoder has been closed, or lost: its owner has said so
      }
      if (run !== this.run) return;
      this.#paint(image, column, row, i === 0);
      if (performance.now() - started > 5) {
        await new Promise((go) => (window.requestIdleCallback ?? setTimeout)(go));
        if (run !== this.run) return;
        started = performance.now();
      }
    }
  }

  #paint(image, column, row, first) {
    const context = this.backdrop.getContext("2d");
    if (first) {
      const size = Math.sqrt(image.length % 3 ? image.length : image.length / 3);
      Object.assign(this.backdrop, { width: this.side * size, height: this.side * size });
      this.cell = context.createImageData(size, size);
    }
    fromFloats(image, this.cell.data);
    context.putImageData(this.cell, column * this.cell.width, row * this.cell.height);
  }

  /** Draws the class regions and the codes of the data. */
  draw() {
    const side = this.surface.clientWidth; // it is a square, or will be with its style sheet
    const scale = window.devicePixelRatio;
    Object.assign(this.dots, { width: side * scale, height: side * scale });
    const context = this.dots.getContext("2d");
    context.scale(scale, scale);
    if (this.regions) context.drawImage(this.#tint(), 0, 0, side, side);
    for (let i = 0; i < this.labels.length; i += 1) {
      const k = this.labels[i];
      if (this.hidden.has(k)) continue;
      const x = ((this.points[2 * i] - this.low[0]) / this.#span(0)) * side;
      const y = (1 - (this.points[2 * i + 1] - this.low[1]) / this.#span(1)) * side;
      context.beginPath();
      context.arc(x, y, DOT, 0, 2 * Math.PI);
      context.fillStyle = this.classes[k].colour;
      context.fill();
    }
  }

  #tint() {
    const { side } = this.regions;
    const [labels, shares] = [bytes(this.regions.labels), bytes(this.regions.shares)];
    const canvas = element("canvas", { width: side, height: side });
    const context = canvas.getContext("2d");
    const data = context.createImageData(side, side);
    const colours = this.classes.map(({ colour }) => {
      return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    });
    labels.forEach((k, i) => {
      if (this.hidden.has(k)) return;
      data.data.set([...colours[k], TINT * shares[i]], 4 * i);
    });
    context.putImageData(data, 0, 0);
    return canvas;
  }

  close() {
    this.run += 1;
    this.gone.abort();
    this.sized.disconnect();
    this.box.replaceChildren();
  }
}
