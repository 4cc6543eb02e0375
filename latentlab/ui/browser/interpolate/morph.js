// Pictures on the way between two codes, or in the square between four, beside their pixels'
// cross-fade. morph.py says what `data` holds.

import { openFor } from "../decoder/opening.js";
import { Picture } from "../shared/canvas.js";
import { media } from "../shared/fetching.js";
import { Frames } from "../shared/frames.js";
import { Rest, View, element, modified, mount, say } from "../shared/live.js";
import { clamp, floats } from "../shared/numbers.js";
import { bilinear, linear, spherical, thereAndBack } from "./morph_paths.js";

const PATHS = { linear, spherical };
const WAY = 2500; // milliseconds from one endpoint to the other, at speed 1
const KEYS = {
  ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1],
  PageUp: [10, 0], PageDown: [-10, 0], Home: [-100, 0], End: [100, 0],
};

export default (component) => mount(component, (root) => new Morph(root));
// For tests and benchmarks: a bundle has modules of its own, which nothing else leads to.
export { watchers } from "../shared/frames.js";
export { instances } from "../shared/live.js";

class Morph extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#settle());
    this.number = 0; // of the last report
    this.frames = new Frames(
      (drawn) => this.#paint(drawn),
      (error) => this.#serve(`The decoder stopped: ${error.message}`),
    );
    this.on(document, "visibilitychange", () => document.hidden && this.#play(false));
    this.on(window, "pointerup", () => this.#release());
    this.on(window, "pointercancel", () => this.#release());
  }

  /** The stage, and a slider for two endpoints or a square for four corners. */
  #build() {
    const { tracks, shape, text, at } = this.data;
    this.tracks = tracks.map((track) => {
      const canvas = element("canvas", { className: "picture" }, { role: "img" });
      canvas.setAttribute("aria-label", track.label); // until it is known what it shows
      const box = element("figure");
      const caption = element("figcaption");
      const reading = element("span");
      caption.append(element("b", { textContent: track.label }), reading);
      box.append(canvas, caption);
      const picture = new Picture(canvas);
      picture.resize(shape[1], shape[2]);
      return { box, canvas, picture, reading };
    });
    const stage = element("div", { className: "stage" });
    const controls = element("div", { className: "controls" });
    this.square = at.length === 2 && this.#square(text.control);
    if (this.square) stage.append(this.square);
    else controls.append(...this.#slider(text.control));
    stage.append(...this.tracks.map(({ box }) => box));
    this.output = element("output");
    controls.append(this.output);
    this.status = element("p", { className: "status" });
    const body = element("div", { className: "body" }); // a container cannot query itself
    body.append(stage, controls, this.status);
    this.root.replaceChildren(body);
  }

  #slider(label) {
    this.player = this.button("", () => this.#play(!this.playing));
    this.input = element("input", { type: "range", min: 0, max: 1, step: "any" });
    this.input.setAttribute("aria-label", label);
    this.on(this.input, "pointerdown", () => this.#hold());
    this.on(this.input, "input", ({ timeStamp }) => {
      this.#go([this.input.valueAsNumber, 0], timeStamp);
    });
    this.on(this.input, "keydown", (event) => this.#key(event));
    this.speed = element("select", {}, { "aria-label": "Speed" });
    this.speed.append(...[0.5, 1, 2].map((value) => {
      return element("option", { value, textContent: `${value}×`, selected: value === 1 });
    }));
    return [this.player, this.input, this.speed];
  }

  #square(label) {
    const square = element("div", { className: "square", tabIndex: 0 }, {
      role: "application",
      "aria-label": label,
    });
    this.grid = element("canvas", { className: "picture" });
    this.marker = element("div", { className: "marker" });
    square.append(this.grid, this.marker);
    const follow = ({ clientX, clientY, timeStamp }) => {
      const { left, top, width, height } = square.getBoundingClientRect();
      const { columns, rows } = this.data;
      // The corners of the square are the middles of the grid's outermost pictures.
      const x = (((clientX - left) / width) * columns - 0.5) / (columns - 1);
      this.#go([x, (((clientY - top) / height) * rows - 0.5) / (rows - 1)], timeStamp);
    };
    this.on(square, "pointerdown", (event) => {
      if (event.button) return;
      square.setPointerCapture(event.pointerId);
      this.#hold();
      follow(event);
    });
    this.on(square, "pointermove", (event) => this.held && follow(event));
    this.on(square, "keydown", (event) => this.#key(event));
    return square;
  }

  // --- what Python says --------------------------------------------------------------------

  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    const layout = String([data.at.length, data.shape, ...data.tracks.map(({ label }) => label)]);
    if (layout !== this.layout) {
      this.sheet = null; // of pictures of another size, perhaps
      this.#build();
    }
    this.layout = layout;
    const codes = floats(data.ends);
    const size = codes.length / data.count;
    // Two endpoints are a square of no height.
    this.codes = [0, 1, 2, 3].map((corner) => {
      const endpoint = corner % data.count;
      return Float64Array.from(codes.subarray(endpoint * size, (endpoint + 1) * size));
    });
    // A report that the server has not seen yet is newer than what it says.
    const told = String(data.at);
    if (!last || (data.handled >= this.number && told !== this.told && !this.held)) {
      this.at = [data.at[0], data.at[1] ?? 0];
      this.told = told;
    }
    if (data.sheet !== last?.sheet) this.#openSheet(data.sheet);
    if (!last || data.decoder?.weights !== last.decoder?.weights) this.#openDecoder(data.decoder);
    this.#show();
  }

  /** The server's pictures: the grid, the endpoints of the cross-fade, and all that it decodes. */
  async #openSheet(address) {
    const image = element("img", { src: media(address) });
    try {
      await image.decode();
    } catch {
      this.lost = address;
    }
    if (this.data.sheet !== address || this.lost === address || this.gone.signal.aborted) return;
    const [, height, width] = this.data.shape;
    const { columns, rows } = this.data;
    const sheet = element("canvas", { width: image.width, height: image.height });
    const context = sheet.getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    const top = (this.data.tracks.length - 1) * rows;
    this.endpoints = [[0, top], [columns - 1, top], [0, top + rows - 1], [columns - 1, top + rows - 1]];
    this.endpoints = this.endpoints.map(([column, row]) => {
      const { data } = context.getImageData(column * width, row * height, width, height);
      return Float32Array.from(data);
    });
    this.sheet = sheet;
    if (this.square) {
      Object.assign(this.grid, { width: columns * width, height: rows * height });
      this.grid.getContext("2d").drawImage(sheet, 0, 0);
    }
    this.#show();
  }

  // --- decoding ----------------------------------------------------------------------------

  async #openDecoder(source) {
    this.opening?.abort();
    const { signal } = (this.opening = new AbortController());
    this.#serve(source ? "" : this.data.text.server);
    if (!source) return;
    try {
      Object.assign(this, await openFor(source, signal)); // decoder, difference, milliseconds
      this.#show();
    } catch (error) {
      if (!signal.aborted) this.#serve(error.message);
    }
  }

  /** Shows the server's pictures from now on. */
  #serve(reason) {
    this.decoder?.close();
    this.decoder = null;
    this.reason = reason;
    this.frames.use((at) => this.#draw([...at]));
    this.#show();
  }

  /** What `#paint` draws: the pictures that are decoded at a place, or none. */
  #draw(at) {
    const { decoder, codes } = this;
    const paths = decoder ? this.data.tracks.filter(({ path }) => path) : [];
    const latents = paths.map(({ path }) => Float32Array.from(bilinear(codes, at, PATHS[path])));
    if (!decoder?.worker) return { at, images: latents.map((z) => decoder.decode(z).slice()) };
    return Promise.all(latents.map((z) => decoder.decode(z))).then((answers) => {
      return { image: { at, images: answers.map(({ image }) => image) } };
    });
  }

  #paint({ at, images }) {
    const [, height, width] = this.data.shape;
    this.tracks.forEach(({ picture }, k) => {
      const { context, data } = picture;
      if (images[k]) {
        picture.paint(images[k]);
      } else if (this.sheet && this.data.tracks[k].path) {
        const [column, row] = this.#cell(at);
        const top = (k * this.data.rows + row) * height;
        context.drawImage(this.sheet, column * width, top, width, height, 0, 0, width, height);
      } else if (this.sheet) {
        data.data.set(bilinear(this.endpoints, at, linear)); // a clamped array rounds
        context.putImageData(data, 0, 0);
      }
    });
    this.telling ??= setTimeout(() => this.#tell(), 250);
  }

  /** Column and row of the server's picture that is nearest to a place. */
  #cell([x, y]) {
    return [Math.round(x * (this.data.columns - 1)), Math.round(y * (this.data.rows - 1))];
  }

  // --- moving ------------------------------------------------------------------------------

  #hold() {
    this.#play(false);
    this.held = true;
  }

  #release() {
    if (!this.held) return;
    this.held = false;
    this.rest.begin();
  }

  #key(event) {
    const step = KEYS[event.key];
    if (modified(event)) return;
    if (step) this.#step(step.map((by) => by / (event.shiftKey ? 10 : 100)), event.timeStamp);
    else if (event.key === " " && !this.square) this.#play(!this.playing);
    else return;
    event.preventDefault();
  }

  #step([right, down], time) {
    this.#play(false);
    const [x, y] = this.at;
    this.#go(this.square ? [x + right, y + down] : [x + right - down, 0], time);
  }

  #go(at, time) {
    this.at = at.map((part) => clamp(part, 0, 1));
    this.#show(time);
    if (!this.held && !this.playing) this.rest.begin();
  }

  /** Goes there and back, from where it stands, until told otherwise. */
  #play(on) {
    if (on === Boolean(this.playing)) return;
    cancelAnimationFrame(this.playing);
    this.playing = 0;
    if (!on) {
      this.#show();
      return this.rest.begin();
    }
    let last = performance.now();
    let laps = this.at[0];
    const frame = (now) => {
      laps += (Math.min(Math.max(now - last, 0), 100) * Number(this.speed.value)) / WAY;
      last = now;
      this.#go([thereAndBack(laps), 0], now); // first, or every second frame would be left out
      this.playing = requestAnimationFrame(frame);
    };
    this.playing = requestAnimationFrame(frame);
    this.#show();
  }

  #settle() {
    const at = this.at.slice(0, this.data.at.length).map((part) => Number(part.toFixed(3)));
    if (this.held || this.playing || String(at) === this.told) return;
    this.told = String(at);
    this.number = Math.max(this.number + 1, Date.now());
    this.setStateValue("at", { at, n: this.number });
  }

  // --- words -------------------------------------------------------------------------------

  /** Shows where it stands, because of an input at `time`. */
  #show(time = null) {
    if (!this.tracks) return;
    const { at, data } = this;
    this.frames.request(at, time);
    const percent = at.map((part) => `${(100 * part).toFixed(0)} %`);
    const words = this.square ? `${percent[0]} right, ${percent[1]} down` : percent[0];
    this.output.textContent = words;
    if (this.square) {
      this.marker.style.left = `${(100 * (at[0] * (data.columns - 1) + 0.5)) / data.columns}%`;
      this.marker.style.top = `${(100 * (at[1] * (data.rows - 1) + 0.5)) / data.rows}%`;
    } else {
      if (!this.held) this.input.value = at[0];
      this.input.setAttribute("aria-valuetext", words);
      this.player.textContent = this.playing ? "❚❚ Pause" : "▶ Play";
    }
    const [column, row] = this.#cell(at);
    this.#mark(this.square ? null : column);
    this.tracks.forEach(({ canvas, reading }, k) => {
      const { label, readings } = data.tracks[k];
      const [kind, certainty] = readings?.[row * data.columns + column] ?? [];
      const seen = data.classes[kind];
      const sure = element("small", { textContent: `${certainty} %` });
      reading.replaceChildren(...(seen ? [`${seen.name} `, sure] : []));
      reading.style.setProperty("--colour", seen?.colour ?? "transparent");
      canvas.setAttribute("aria-label", `${label}, ${words}${seen ? `: ${seen.name}` : ""}`);
    });
  }

  /** Marks a step in the strips below, which interpolate.css does; null = none. */
  #mark(step) {
    if (step === this.marked) return; // the style of a whole page is at stake
    this.marked = step;
    const { style } = document.documentElement;
    if (step === null) style.removeProperty("--walk-step");
    else style.setProperty("--walk-step", step);
  }

  #tell() {
    clearTimeout(this.telling);
    this.telling = null;
    const rate = this.frames.rate();
    const parts = rate ? [`${rate.toFixed(0)} frames a second`] : [];
    if (this.decoder) {
      parts.push(
        `${this.milliseconds.toFixed(1)} ms a picture, decoded in your browser`,
        `at most ${this.difference.toExponential(0)} from torch`,
      );
    } else if (this.reason) {
      parts.push(`the nearest of the server's pictures: ${this.reason}`);
    } else if (this.data.decoder) {
      parts.push("the nearest of the server's pictures until the decoder is here");
    }
    if (this.data.sheet === this.lost) parts.push("the server's pictures cannot be fetched");
    if (this.data.tracks[0].readings) parts.push("the classifier has seen the nearest picture below");
    say(this.status, parts.join(" · "));
  }

  close() {
    this.opening?.abort();
    cancelAnimationFrame(this.playing);
    this.rest.cancel();
    clearTimeout(this.telling);
    this.frames.close();
    this.decoder?.close();
    this.#mark(null);
    super.close();
  }
}
