// The picture of a code, and the sliders that move it. component.py says what `data` holds.

import { Picture } from "./canvas.js";
import { Frames, element, media, mount } from "./live.js";
import { openFor } from "./opening.js";
import { LatentPlane } from "./plane.js";
import { Space, bytes, floats, step } from "./space.js";

const REST = 120; // milliseconds without a change, after which the server is told
const RELEASED = 40; // after letting go: nothing more comes, but for a double click
const PATIENCE = 8000; // milliseconds until a silent server is reported
const UNDOS = 100;
const STEPS = { // of the keys
  ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10,
};

export default (component) => mount(component, (root) => new LatentSliders(root));

class LatentSliders {
  constructor(root) {
    this.root = root;
    this.gone = new AbortController(); // ends all listeners
    this.rows = [];
    this.history = [];
    this.number = Date.now(); // of the last report: also above those of an earlier mount
    this.reason = ""; // why the server decodes
    this.silent = false; // whether it has left us without an answer
    this.#build();
    this.frames = new Frames(
      (image) => this.picture.paint(image),
      (error) => this.#failed(error),
    );
  }

  #build() {
    const canvas = element("canvas", { className: "picture" }, { role: "img" });
    const stage = element("figure", { className: "stage" });
    this.caption = element("span");
    this.hint = element("span");
    const captions = element("figcaption");
    captions.append(this.caption, this.hint);
    stage.append(canvas, captions);
    this.undoButton = this.#button("Undo", () => this.#undo(), "Ctrl+Z");
    const smooth = element("input", { type: "checkbox" });
    this.#on(smooth, "change", () => canvas.classList.toggle("smooth", smooth.checked));
    const toggle = element("label", { className: "toggle" });
    toggle.append(smooth, "Smooth");
    const tools = element("div", { className: "tools" });
    tools.append(
      this.undoButton,
      this.#button("Random", () => this.#go(this.space.random(this.start), "A random code")),
      this.#button("Reset", () => this.#go(this.start, "Back at the start")),
      toggle,
    );
    this.planeBox = element("div");
    this.note = element("p", { className: "note" });
    this.sliders = element("div", { className: "sliders" });
    this.status = element("p", { className: "status" });
    this.spoken = element("p", { className: "spoken" }, { "aria-live": "polite" });
    const controls = element("div", { className: "controls" });
    controls.append(tools, this.planeBox, this.note, this.sliders);
    const body = element("div", { className: "body" }); // a container cannot query itself
    body.append(stage, controls);
    this.root.append(body, this.status, this.spoken); // the stage sticks anywhere in its body
    this.picture = new Picture(canvas);
    this.#dragOn(canvas);
    this.#on(this.root, "pointerdown", () => (this.held = true));
    for (const end of ["pointerup", "pointercancel", "blur"]) {
      this.#on(window, end, () => {
        if (this.held) this.#settleSoon(RELEASED);
        this.held = false;
      });
    }
    this.#on(this.root, "keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
        event.preventDefault();
        this.#undo();
      }
    });
  }

  #on(target, type, listener) {
    target.addEventListener(type, listener, { signal: this.gone.signal });
  }

  #button(textContent, act, title = "") {
    const made = element("button", { type: "button", textContent, title });
    this.#on(made, "click", () => this.space && act());
    return made;
  }

  // --- what Python says --------------------------------------------------------------------

  update({ data, setStateValue, setTriggerValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue, setTriggerValue });
    this.picture.resize(data.picture.shape[1], data.picture.shape[2]);
    this.note.textContent = data.text.note;
    if (data.picture.pixels && this.awaited?.number === data.picture.n) {
      this.silent = false;
      this.awaited.resolve({ image: bytes(data.picture.pixels) });
    }
    if (data.space !== last?.space) {
      this.#openSpace(data.space);
    } else if (this.space) {
      if (data.along !== last.along || data.shown !== last.shown) this.#buildRows();
      if (data.revision !== last.revision) this.#adopt(data.origin === last.origin);
    }
    if (!last || data.decoder?.weights !== last.decoder?.weights) this.#openDecoder(data.decoder);
    this.plane?.show(data.backdrop && media(data.backdrop));
    this.#tell();
  }

  async #openSpace(address) {
    this.sliders.inert = true;
    this.space = null;
    let file;
    for (let attempt = 0; !file; attempt += 1) {
      try {
        const cache = attempt ? "reload" : "force-cache"; // the address names its content
        const reply = await fetch(media(address), { signal: this.gone.signal, cache });
        if (!reply.ok) throw new Error(reply.statusText);
        file = await reply.json();
      } catch {
        if (this.gone.signal.aborted || this.data.space !== address) return;
        this.status.textContent = "The sliders cannot be fetched; trying again …";
        await new Promise((resolve) => setTimeout(resolve, Math.min(500 * 2 ** attempt, 8000)));
      }
      if (this.gone.signal.aborted || this.data.space !== address) return;
    }
    this.space = new Space(file);
    this.plane?.close();
    this.plane = this.space.plane && new LatentPlane(this.planeBox, this.space.plane, {
      begin: () => this.#begin(this.plane),
      move: (z, time) => this.#show(z, time),
    });
    this.plane?.show(this.data.backdrop && media(this.data.backdrop));
    if (this.decoder) this.plane?.fill((z) => this.decoder.decode(z));
    this.#adopt(false);
    this.#buildRows();
    this.sliders.inert = false;
  }

  /** Goes to where Python says, with the picture that came along. */
  #adopt(undoable) {
    if (undoable) this.#begin(this);
    else this.history = [];
    this.start = Float64Array.from(floats(this.data.start));
    this.z = this.space.at(this.start, this.data.at);
    clearTimeout(this.timer);
    this.settled = JSON.stringify(this.#coordinates(this.z));
    const { pixels } = this.data.picture;
    if (pixels) this.picture.paint(bytes(pixels));
    if (this.decoder || !pixels) this.frames.request(this.z);
    this.#place();
  }

  // --- decoding ----------------------------------------------------------------------------

  async #openDecoder(source) {
    this.opening?.abort();
    const { signal } = (this.opening = new AbortController());
    this.#serve(source ? "" : this.data.text.server);
    if (!source) return;
    try {
      Object.assign(this, await openFor(source, signal)); // decoder, difference, milliseconds
      const { decoder } = this;
      this.frames.use((z) => decoder.decode(z));
      if (this.space) {
        this.frames.request(this.z);
        this.plane?.fill((z) => decoder.decode(z));
      }
    } catch (error) {
      if (!signal.aborted) this.reason = error.message;
    }
    if (!signal.aborted) this.#tell();
  }

  /** Lets the server decode from now on. */
  #serve(reason) {
    this.decoder?.close();
    this.decoder = null;
    this.reason = reason;
    this.frames.use(() => this.#ask());
  }

  /** Asks the server for a picture; `Frames` never asks for two at once. */
  #ask() {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("no answer")), PATIENCE);
      this.awaited = {
        number: this.#report(this.setTriggerValue, "ask"),
        resolve: (answer) => {
          clearTimeout(timer);
          resolve(answer);
        },
      };
    });
  }

  #failed(error) {
    this.silent = !this.decoder;
    if (this.decoder) this.#serve(`The decoder stopped: ${error.message}`);
    else this.frames.use(() => this.#ask()); // that is, again
    this.#tell();
  }

  // --- moving ------------------------------------------------------------------------------

  /** Remembers where the code stands, once for quick changes by one control. */
  #begin(control) {
    const now = performance.now();
    if (control !== this.moving || now - this.begun > 600) {
      this.history.push(Float64Array.from(this.z));
      if (this.history.length > UNDOS) this.history.shift();
    }
    this.moving = control;
    this.begun = now;
  }

  /** Shows another code. */
  #show(z, time) {
    if (!this.space) return;
    this.z = Float64Array.from(z);
    this.#place();
    this.#changed(time);
  }

  #go(z, words) {
    this.#begin(null);
    this.#show(z, performance.now());
    this.words = words;
  }

  #undo() {
    if (!this.space || !this.history.length) return;
    const z = this.history.pop();
    this.moving = null;
    this.#show(z, performance.now());
    this.words = "Undone";
  }

  #changed(time) {
    this.frames.request(this.z, time);
    this.plane?.place(this.z);
    this.undoButton.disabled = !this.history.length;
    this.#describe();
    clearTimeout(this.timer);
    if (!this.held) this.#settleSoon();
    this.telling ??= setTimeout(() => this.#tell(), 250);
  }

  #settleSoon(rest = REST) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#settle(), rest);
  }

  #settle() {
    if (!this.space) return;
    if (!this.frames.idle && !this.decoder) return this.#settleSoon(); // one report at a time
    const at = JSON.stringify(this.#coordinates(this.z));
    if (at === this.settled) return;
    this.settled = at;
    // A report is rounded as an address is: so a link gives the very same picture.
    this.z = this.space.at(this.start, this.#coordinates(this.z));
    this.#place();
    if (this.decoder) this.frames.request(this.z);
    this.#report(this.setStateValue, "z");
    this.spoken.textContent = this.words ?? "";
  }

  #coordinates(z) {
    return z.every((value, i) => value === this.start[i]) ? null : this.space.coordinates(z);
  }

  #report(send, event) {
    this.number = Math.max(this.number + 1, Date.now());
    send(event, { origin: this.data.origin, at: this.#coordinates(this.z), n: this.number });
    return this.number;
  }

  // --- the sliders -------------------------------------------------------------------------

  #buildRows() {
    const axes = this.space.axes[this.data.along].slice(0, this.data.shown);
    this.rows = axes.map((axis) => this.#row(axis));
    this.sliders.replaceChildren(...this.rows.map((row) => row.box));
    // What a drag on the picture moves: the first two, but across and up as on a plane.
    this.dragged = this.rows.slice(0, 2);
    if (this.plane) this.dragged.sort((a, b) => a.axis.name.localeCompare(b.axis.name));
    const [x, y] = this.dragged.map((row) => row.axis.name);
    this.hint.textContent = `Drag on the picture: ↔ ${x}${y ? `, ↕ ${y}` : ""}`;
    this.#place();
  }

  #row(axis) {
    const box = element("div", { className: "row", title: "Double-click: back to the start" });
    const label = element("label", { textContent: axis.name });
    if (axis.weight) label.append(element("small", { textContent: axis.weight }));
    const output = element("output");
    const input = element("input", { type: "range", step: "any" });
    input.setAttribute("aria-label", axis.weight ? `${axis.name}, ${axis.weight}` : axis.name);
    label.append(output);
    const track = element("div", { className: "track" });
    track.append(input);
    box.append(label, track);
    const row = { axis, box, input, output };
    let before; // a finger that scrolls the page begins by moving the slider under it
    this.#on(input, "pointerdown", () => {
      this.#begin(row);
      before = Float64Array.from(this.z);
    });
    this.#on(input, "pointercancel", (event) => this.#show(before, event.timeStamp));
    this.#on(input, "input", (event) => {
      this.#move([[row, input.valueAsNumber]], event.timeStamp);
    });
    this.#on(input, "keydown", (event) => {
      const to = this.#key(event.key, row);
      if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault(); // browsers disagree about how far their own keys go
      this.#begin(row);
      this.#move([[row, to]], event.timeStamp);
    });
    this.#on(box, "dblclick", (event) => {
      this.#begin(row);
      this.#move([[row, axis.coordinate(this.start)]], event.timeStamp);
    });
    return row;
  }

  #key(key, { axis, low, high }) {
    const size = step(high - low);
    const to = { Home: low, End: high }[key] ?? axis.coordinate(this.z) + STEPS[key] * size;
    return Number.isNaN(to) ? undefined : to;
  }

  /** Moves the code along the axes of some rows. */
  #move(places, time) {
    for (const [row, to] of places) {
      row.axis.move(this.z, Math.min(Math.max(to, row.low), row.high));
      this.#set(row);
    }
    const said = places.map(([row]) => `${row.axis.name} ${row.output.textContent}`);
    this.words = said.join(", ");
    this.#changed(time);
  }

  /** Puts every slider where the code stands. */
  #place() {
    for (const row of this.rows) {
      const { axis } = row;
      const here = [axis.coordinate(this.z), axis.coordinate(this.start)];
      row.low = Math.min(axis.low, ...here);
      row.high = Math.max(axis.high, ...here);
      if (row.high - row.low < 1e-6) { // a direction in which the codes do not vary
        row.low -= 1;
        row.high += 1;
      }
      Object.assign(row.input, { min: row.low, max: row.high });
      row.box.style.setProperty("--start", (here[1] - row.low) / (row.high - row.low));
      this.#set(row);
    }
    this.plane?.place(this.z);
    this.undoButton.disabled = !this.history.length;
    this.#describe();
  }

  #set({ axis, input, output }) {
    const value = axis.coordinate(this.z);
    const words = value.toFixed(2).replace("-", "−");
    if (Math.abs(input.valueAsNumber - value) > 1e-9) input.value = value;
    output.textContent = words;
    input.setAttribute("aria-valuetext", words);
  }

  #dragOn(canvas) {
    let from = null;
    this.#on(canvas, "pointerdown", (event) => {
      if (!this.space || event.button) return;
      canvas.setPointerCapture(event.pointerId);
      this.#begin(canvas);
      const at = this.dragged.map((row) => row.axis.coordinate(this.z));
      from = { x: event.clientX, y: event.clientY, at };
    });
    this.#on(canvas, "pointermove", (event) => {
      if (!from) return;
      const { width, height } = canvas.getBoundingClientRect();
      const by = [(event.clientX - from.x) / width, (from.y - event.clientY) / height];
      const places = this.dragged.map((row, i) => {
        return [row, from.at[i] + by[i] * (row.high - row.low)];
      });
      this.#move(places, event.timeStamp);
    });
    for (const end of ["pointerup", "pointercancel"]) this.#on(canvas, end, () => (from = null));
  }

  // --- words -------------------------------------------------------------------------------

  #describe() {
    const moved = this.#coordinates(this.z) !== null;
    const { start } = this.data.text;
    const words = `${this.space.size} numbers: ${moved ? "moved away from " : ""}${start}`;
    if (this.caption.textContent !== words) {
      this.caption.textContent = words;
      this.picture.canvas.setAttribute("aria-label", `The picture decoded from ${words}`);
    }
  }

  #tell() {
    clearTimeout(this.telling);
    this.telling = null;
    const parts = [];
    const rate = this.frames.rate();
    if (rate) parts.push(`${rate.toFixed(0)} frames a second`);
    if (this.silent) parts.push("the server does not answer; trying again");
    if (this.decoder) {
      const { backend, manifest } = this.decoder;
      parts.push(
        `${this.milliseconds.toFixed(1)} ms a picture`,
        `decoded in your browser (${backend === "wasm" ? "WebAssembly" : "JavaScript"})`,
        `at most ${this.difference.toExponential(0)} from torch,`
          + ` plus ${manifest.reference.fp16_error.toExponential(0)} from 16-bit weights`,
      );
    } else if (this.reason) {
      parts.push(`decoded by the server: ${this.reason}`);
    } else if (this.data.decoder) {
      const size = (this.data.decoder.bytes / 1e6).toFixed(1);
      parts.push(`decoded by the server until the decoder (${size} MB) is here`);
    }
    const words = parts.join(" · ");
    if (this.status.textContent !== words) this.status.textContent = words;
  }

  close() {
    this.gone.abort();
    this.opening?.abort();
    clearTimeout(this.timer);
    clearTimeout(this.telling);
    this.frames.close();
    this.plane?.close();
    this.decoder?.close();
    this.awaited?.resolve({});
    this.root.replaceChildren();
  }
}
