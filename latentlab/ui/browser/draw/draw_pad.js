// A pad to draw on. draw_pad.py says what `data` holds.

import { openFor } from "../decoder/opening.js";
import { Picture } from "../shared/canvas.js";
import { Frames } from "../shared/frames.js";
import { ARROWS, Rest, View, element, modified, mount, movesOf } from "../shared/live.js";
import { clamp } from "../shared/numbers.js";
import { average, bend, namesOf, width } from "./ink.js";
import { prepare } from "./seen.js";

const SIDE = 512; // pixels drawn on: about what a screen shows
const FACTOR = 2; // the server gets averages of so many by so many of them
const STEP = 1 / 32; // of the side, by an arrow key

export default (component) => mount(component, (root) => new DrawPad(root));
// For tests and benchmarks: a bundle has modules of its own, which nothing else leads to.
export { watchers } from "../shared/frames.js";
export { instances } from "../shared/live.js";

class DrawPad extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#report());
    this.strokes = []; // {colour, points: [x, y, width]}, or {clear: true}
    this.stroke = null; // the one that is being drawn
    this.at = [0.5, 0.5]; // where the keyboard's pen is
  }

  update({ data, setStateValue }) {
    const first = !this.data;
    Object.assign(this, { data, setStateValue });
    if (first) this.#build();
    this.#follow();
    if (!first) return; // what is on the pad is newer than what the server has of it
    this.#redraw();
    if (data.drawing) this.#restore(`data:image/png;base64,${data.drawing}`);
  }

  /** Goes on with what was drawn before the page was left; its strokes cannot be undone. */
  async #restore(src) {
    const image = element("img", { src });
    await image.decode();
    this.base = image;
    this.#redraw();
  }

  #build() {
    const { brush, colourful, ground, palette, label, note } = this.data;
    const canvas = element("canvas", { width: SIDE, height: SIDE, tabIndex: 0 });
    Object.assign(this, { canvas, context: canvas.getContext("2d", { willReadFrequently: true }) });
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", label);
    this.context.scale(SIDE, SIDE);
    Object.assign(this.context, { lineCap: "round", lineJoin: "round" });
    this.cursor = element("div", { className: "cursor", hidden: true });
    const paper = element("div", { className: "paper" });
    paper.append(canvas, this.cursor);

    this.inks = element("div", { className: "inks" }, { role: "group", "aria-label": "Ink" });
    const names = namesOf(palette);
    for (const [place, colour] of palette.entries()) {
      const button = this.button("", () => this.#choose(colour), names[place]);
      Object.assign(button, { className: "ink", value: colour, ariaLabel: names[place] });
      button.style.setProperty("--colour", colour);
      this.inks.append(button);
    }
    if (colourful) {
      const other = element("input", { type: "color", title: "Another colour" });
      this.on(other, "input", () => this.#choose(other.value));
      this.inks.append(other);
    }
    const eraser = this.button("Eraser", () => this.#choose(ground));
    eraser.value = ground;
    this.inks.append(eraser);
    const range = { type: "range", min: 0.01, max: 0.25, step: 0.01 };
    this.brush = element("input", { ...range, value: brush });
    const size = element("label", { textContent: "Brush" });
    size.append(this.brush);
    const tools = element("div", { className: "tools" });
    this.undo = this.button("Undo", () => this.#undo(), "Ctrl+Z");
    tools.append(this.undo, this.button("Clear", () => this.#clear(palette[0])));
    this.spoken = element("p", { className: "spoken" }, { "aria-live": "polite" });
    const controls = element("div", { className: "controls" });
    const words = element("p", { className: "note", textContent: note });
    controls.append(this.#buildFollower(), this.inks, size, tools, words, this.spoken);
    // A container cannot query itself.
    const body = element("div", { className: this.data.beside ? "body beside" : "body" });
    body.append(paper, controls);
    this.root.replaceChildren(body);
    this.#listen();
    this.#choose(palette[0]);
  }

  /** On empty paper an eraser draws nothing, so it gives way to the first ink. */
  #clear(ink) {
    this.#add({ clear: true });
    if (this.colour === this.data.ground) this.#choose(ink);
  }

  #listen() {
    let pen = null; // which pointer draws
    const put = (event) => {
      const box = this.canvas.getBoundingClientRect();
      const at = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
      this.#extend(at, width(this.brush.valueAsNumber, event));
    };
    this.on(this.canvas, "pointerdown", (event) => {
      if (event.button || pen !== null) return;
      pen = event.pointerId;
      this.canvas.setPointerCapture(pen);
      this.#lift(); // the keyboard's pen
      this.cursor.hidden = true;
      this.stroke = { colour: this.colour, points: [] };
      put(event);
    });
    this.on(this.canvas, "pointermove", (event) => {
      if (event.pointerId !== pen) return;
      movesOf(event).forEach(put);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      this.on(this.canvas, end, ({ pointerId }) => {
        if (pointerId !== pen) return;
        pen = null;
        this.#lift();
      });
    }
    this.on(this.canvas, "keydown", (event) => this.#key(event));
    this.on(this.canvas, "blur", () => {
      this.#lift();
      this.cursor.hidden = true;
    });
    this.onUndo(() => this.#undo());
  }

  /** The arrow keys move a pen, with Shift four times as far; the space bar puts it down or up. */
  #key(event) {
    const arrow = ARROWS[event.key];
    if (modified(event) || !(arrow || event.key === " ")) return;
    event.preventDefault();
    if (arrow) {
      const far = STEP * (event.shiftKey ? 4 : 1);
      this.at = this.at.map((part, i) => clamp(part + arrow[i] * far, 0, 1));
      if (this.stroke) this.#extend(this.at, this.brush.valueAsNumber);
    } else if (this.stroke) {
      this.#lift();
    } else {
      this.stroke = { colour: this.colour, points: [] };
      this.#extend(this.at, this.brush.valueAsNumber);
    }
    const [left, top] = this.at.map((part) => `${Math.round(100 * part)}%`);
    Object.assign(this.cursor.style, { left, top });
    this.cursor.hidden = false;
    this.cursor.classList.toggle("down", Boolean(this.stroke));
    this.spoken.textContent = `Pen ${this.stroke ? "down" : "up"}, ${left} right, ${top} down`;
  }

  // --- strokes -----------------------------------------------------------------------------

  #choose(colour) {
    this.#lift();
    this.colour = colour;
    for (const button of this.inks.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === colour));
    }
  }

  #extend(at, brush) {
    const { points } = this.stroke;
    points.push([...at, brush]);
    this.#ink(this.stroke, points.length - 1, false);
    this.#look(performance.now());
  }

  /** Ends the stroke that is being drawn. */
  #lift() {
    const { stroke } = this;
    if (!stroke) return;
    this.stroke = null;
    this.#ink(stroke, stroke.points.length, true);
    this.#look();
    this.#add(stroke, false);
  }

  #add(stroke, redraw = true) {
    this.strokes.push(stroke);
    if (redraw) this.#redraw();
    this.#changed();
  }

  #undo() {
    this.#lift();
    if (!this.strokes.pop()) return;
    this.#redraw();
    this.#changed();
  }

  /** Draws a stroke from its point `first` on, half-way to the last point, or to it. */
  #ink({ colour, points }, first, ended) {
    const { context } = this;
    context.strokeStyle = context.fillStyle = colour;
    for (let i = first; i < points.length; i += 1) {
      const [from, control, to] = bend(points, i);
      const [x, y, brush] = points[i];
      context.lineWidth = brush;
      context.beginPath();
      if (i) {
        context.moveTo(...from);
        context.quadraticCurveTo(...control, ...to);
        context.stroke();
      } else { // a line of no length is not drawn
        context.arc(x, y, brush / 2, 0, 2 * Math.PI);
        context.fill();
      }
    }
    if (!ended) return;
    context.beginPath();
    context.moveTo(...bend(points, points.length - 1)[2]);
    context.lineTo(...points.at(-1).slice(0, 2));
    context.stroke();
  }

  #redraw() {
    const { context, base, strokes } = this;
    const cleared = strokes.findLastIndex(({ clear }) => clear);
    context.fillStyle = this.data.ground;
    context.fillRect(0, 0, 1, 1);
    context.imageSmoothingEnabled = false; // then averaging gives the very same pixels again
    if (base && cleared < 0) context.drawImage(base, 0, 0, 1, 1);
    for (const stroke of strokes.slice(cleared + 1)) this.#ink(stroke, 0, true);
    this.#look();
  }

  get #empty() {
    return this.strokes.length ? Boolean(this.strokes.at(-1).clear) : !this.base;
  }

  // --- a model that follows the pen --------------------------------------------------------

  #buildFollower() {
    this.following = element("div", { className: "following", hidden: true });
    const [seen, made] = ["What the model sees", "What it makes of it"].map((caption) => {
      const canvas = element("canvas", { className: "picture" }, { role: "img" });
      canvas.setAttribute("aria-label", caption);
      const figure = element("figure");
      figure.append(canvas, element("figcaption", { textContent: caption }));
      this.following.append(figure);
      return new Picture(canvas);
    });
    this.status = element("p", { className: "status" });
    this.following.append(this.status);
    const small = SIDE / FACTOR;
    const canvas = element("canvas", { width: small, height: small });
    this.small = canvas.getContext("2d", { willReadFrequently: true });
    Object.assign(this, { seen, made });
    this.frames = new Frames((image) => this.#show(image), () => this.#leave());
    return this.following;
  }

  /** Fetches the model that is to follow, if it is another one. */
  async #follow() {
    const { follower } = this.data;
    const network = follower?.encoder && follower.encoder.weights + follower.decoder.weights;
    const address = network ?? follower?.event ?? null;
    if (address === this.address) return;
    this.#leave();
    this.address = address;
    if (!follower) return;
    if (!network) { // something else on the page listens
      this.frames.use(() => this.#seen(follower.shape));
      this.#look();
      return;
    }
    this.following.hidden = false;
    const megabytes = (follower.encoder.bytes + follower.decoder.bytes) / 1e6;
    this.status.textContent = `Fetching the model, ${megabytes.toFixed(1)} MB …`;
    const { signal } = (this.fetching = new AbortController());
    const opened = await Promise.allSettled(
      [follower.encoder, follower.decoder].map((part) => openFor(part, signal)),
    );
    const networks = opened.flatMap(({ value }) => value?.decoder ?? []);
    if (signal.aborted || networks.length < 2) { // the server's way is there in any case
      for (const network of networks) network.close();
      if (!signal.aborted) this.#leave(address);
      return;
    }
    this.networks = networks;
    const milliseconds = opened.reduce((sum, { value }) => sum + value.milliseconds, 0);
    const time = `${milliseconds.toFixed(1)}\u00a0ms`;
    this.status.textContent = `Encoded and decoded in your browser, ${time}`;
    const [, height, width] = networks[1].manifest.image_shape;
    for (const picture of [this.seen, this.made]) {
      picture.resize(height, width);
      picture.canvas.classList.toggle("smooth", height > 32);
    }
    this.frames.use(() => this.#decode());
    this.#look();
  }

  /** Stops following; `address` is what has failed, and is not tried again. */
  #leave(address = this.address) {
    this.address = address;
    this.fetching?.abort();
    this.frames.use(null);
    for (const network of this.networks ?? []) network.close();
    this.networks = null;
    this.following.hidden = true;
  }

  /** Shows in the next frame what the model makes of the pad, because of an input at `time`. */
  #look(time = null) {
    if (this.frames.decode) this.frames.request([], time);
  }

  /** What a model sees of the pad. */
  #seen(shape) {
    const side = SIDE / FACTOR;
    this.small.drawImage(this.canvas, 0, 0, side, side);
    const { data } = this.small.getImageData(0, 0, side, side);
    this.blank = !this.stroke && this.#empty;
    return prepare(data, side, shape, this.data.follower.centring);
  }

  #decode() {
    const [encoder, decoder] = this.networks;
    const seen = this.#seen(decoder.manifest.image_shape);
    if (!this.blank) this.seen.paint(seen);
    if (!encoder.worker && !decoder.worker) return decoder.decode(encoder.decode(seen));
    const answer = async () => {
      const code = await encoder.decode(seen);
      return decoder.decode(encoder.worker ? code.image : code);
    };
    return answer().then((made) => (decoder.worker ? made : { image: made }));
  }

  #show(image) {
    const { event } = this.data.follower ?? {};
    if (event) {
      window.dispatchEvent(new CustomEvent(event, { detail: this.blank ? null : image }));
      return;
    }
    this.made.paint(image);
    if (!this.blank) return; // of nothing drawn there is nothing to show
    for (const { context, canvas } of [this.seen, this.made]) {
      context.clearRect(0, 0, canvas.width, canvas.height);
    }
  }

  // --- reports -----------------------------------------------------------------------------

  #changed() {
    this.undo.disabled = !this.strokes.length;
    this.rest.begin();
  }

  #report() {
    if (this.stroke) return; // the end of it will come
    if (this.#empty) return this.setStateValue("drawing", "");
    const small = SIDE / FACTOR;
    const canvas = element("canvas", { width: small, height: small });
    const pixels = average(this.context.getImageData(0, 0, SIDE, SIDE).data, SIDE, FACTOR);
    canvas.getContext("2d").putImageData(new ImageData(pixels, small, small), 0, 0);
    this.setStateValue("drawing", canvas.toDataURL("image/png").split(",")[1]);
  }

  close() {
    this.rest.cancel();
    this.#leave();
    this.frames.close();
    super.close();
  }
}
