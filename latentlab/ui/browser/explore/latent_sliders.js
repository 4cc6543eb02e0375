// The picture of a code, and the sliders that move it. component.py says what `data` holds.

import { openFor } from "../decoder/opening.js";
import { Picture } from "../shared/canvas.js";
import { media, persist } from "../shared/fetching.js";
import { Frames } from "../shared/frames.js";
import { Rest, View, element, modified, mount, say } from "../shared/live.js";
import { bytes, clamp, floats } from "../shared/numbers.js";
import { withNumbers, withText } from "./address.js";
import { LatentPlane } from "./plane.js";
import { Space, step } from "./space.js";

const REST = 120; // milliseconds without a change
const RELEASED = 40; // after letting go: nothing more comes, but for a double click
const PATIENCE = 8000; // milliseconds until a silent server is reported
const SMOOTH = "z_smooth"; // in the address: whether pixels are smoothed
const UNDOS = 100;
const STEPS = { // of the keys
  ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10,
};

// Where a visitor has left the page, as far as the server does not know: {origin, at}. A report that
// is sent with a click on a link would reach the server after the request for the other page, and
// Streamlit would then draw a part of this page, which is no longer there, in place of that one.
let left = null;

export default (component) => mount(component, (root) => new LatentSliders(root));
// For tests and benchmarks: a bundle has modules of its own, which nothing else leads to.
export { watchers } from "../shared/frames.js";
export { instances } from "../shared/live.js";

class LatentSliders extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#settle());
    this.unreported = false; // whether it rests where the server does not know
    this.page = window.location.pathname;
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
    canvas.setAttribute("aria-label", "The decoded picture"); // until its code is known
    const stage = element("figure", { className: "stage" });
    this.caption = element("span");
    this.hint = element("span");
    const captions = element("figcaption");
    captions.append(this.caption, this.hint);
    stage.append(canvas, captions);
    this.undoButton = this.#tool("Undo", () => this.#undo(), "Ctrl+Z");
    const smooth = element("input", { type: "checkbox" });
    smooth.checked = new URLSearchParams(window.location.search).get(SMOOTH) === "true";
    const show = () => canvas.classList.toggle("smooth", smooth.checked);
    this.smooth = smooth;
    this.on(smooth, "change", () => {
      show();
      this.#keepAddress();
    });
    show();
    const toggle = element("label", { className: "toggle" });
    toggle.append(smooth, "Smooth");
    const tools = element("div", { className: "tools" });
    tools.append(
      this.undoButton,
      this.#tool(
        "Shuffle sliders",
        () => this.#go(this.space.random(this.start), "Shuffled"),
        "Every slider to a random place; the start stays",
      ),
      this.#tool("Reset", () => this.#go(this.start, "Back at the start"), "Back to the start"),
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
    this.on(this.root, "pointerdown", () => (this.held = true));
    for (const end of ["pointerup", "pointercancel", "blur"]) {
      this.on(window, end, () => {
        if (this.held) this.rest.begin(RELEASED);
        this.held = false;
      });
    }
    this.onUndo(() => this.#undo());
    // Whoever turns to another part of the page may ask the server for something.
    for (const turn of ["pointerdown", "focusin"]) {
      const away = (event) => {
        const path = event.composedPath();
        const leaves = path.some((node) => node.matches?.("a[href]"));
        if (!leaves && !path.includes(this.root)) this.#catchUp();
      };
      this.on(document, turn, away, { capture: true });
    }
    this.on(document, "visibilitychange", () => document.hidden && this.#catchUp());
  }

  /** A button that waits for the space. */
  #tool(textContent, act, title) {
    return this.button(textContent, () => this.space && act(), title);
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
    if (this.#follows) this.#catchUp();
    this.#keepAddress(); // a rerun may have put back what the server knew
    this.#tell();
  }

  async #openSpace(address) {
    this.fetching?.abort();
    const { signal } = (this.fetching = new AbortController());
    this.sliders.inert = true;
    this.space = null;
    const load = async (cache) => {
      const reply = await fetch(media(address), { signal, cache });
      if (!reply.ok) throw new Error(reply.statusText);
      return reply.json();
    };
    const failed = () => {
      this.status.textContent = "The sliders cannot be fetched; trying again …";
    };
    const file = await persist(load, { signal, attempts: Infinity, failed }).catch(() => null);
    if (signal.aborted) return;
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
    const back = left?.origin === this.data.origin ? left : null;
    left = null;
    this.z = this.space.at(this.start, back ? back.at : this.data.at);
    this.rest.cancel();
    this.unreported = Boolean(back);
    this.settled = JSON.stringify(this.#coordinates(this.z));
    const { pixels } = this.data.picture;
    if (pixels) this.picture.paint(bytes(pixels));
    if (this.decoder || !pixels || back) this.frames.request(this.z);
    this.#place();
    if (!this.#follows) this.#keepAddress();
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
    this.rest.cancel();
    if (!this.held) this.rest.begin(REST);
    this.telling ??= setTimeout(() => this.#tell(), 250);
  }

  /** Comes to rest: the code is rounded, and the server or the address of the page has it. */
  #settle() {
    if (!this.space) return;
    if (!this.frames.idle && !this.decoder) return this.rest.begin(REST); // one report at a time
    const at = JSON.stringify(this.#coordinates(this.z));
    if (at === this.settled) return;
    this.settled = at;
    // A report is rounded as an address is: so a link gives the very same picture.
    this.z = this.space.at(this.start, this.#coordinates(this.z));
    this.#place();
    if (this.decoder) this.frames.request(this.z);
    this.unreported = true;
    if (this.#follows) this.#catchUp();
    else this.#keepAddress();
    this.spoken.textContent = this.words ?? "";
  }

  /**
   * Whether something on the page depends on where the code rests.
   *
   * A report of rest costs the server 17 to 30 ms, and three hundred visitors who drag sliders
   * overload it. While nothing that is shown depends on the code, the server therefore hears of it
   * only when the visitor turns to something else (`#catchUp`): a download, say, must find the code
   * there. The address of the page, which Python writes in answer to a report, is kept here.
   */
  get #follows() {
    return this.data.follow !== false;
  }

  /** Tells the server where the code rests, if it does not know. */
  #catchUp() {
    if (!this.#follows && this.rest.waiting) this.#settle();
    if (!this.unreported || !this.space) return; // without a space, Python is about to place it
    this.unreported = false;
    this.#report(this.setStateValue, "z");
  }

  /**
   * Writes into the address of the page whether the picture is smooth, and where the code rests, as
   * Python would, unless Python does.
   *
   * Streamlit puts the server's query string there whenever Python has changed it, and that one may
   * lack this: `update` therefore calls this again. It replaces the entry of the history, so that
   * Back leaves the page, and keeps what Streamlit holds with the entry.
   */
  #keepAddress() {
    const { pathname, search, hash } = window.location;
    if (pathname !== this.page) return; // the address may be another page's already
    const ours = this.space && !this.#follows;
    const place = ours ? withNumbers(search, "z", JSON.parse(this.settled)) : search;
    const wanted = withText(place, SMOOTH, this.smooth.checked ? "true" : null);
    if (wanted === search) return;
    window.history.replaceState(window.history.state, "", pathname + wanted + hash);
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
    this.on(input, "pointerdown", () => {
      this.#begin(row);
      before = Float64Array.from(this.z);
    });
    this.on(input, "pointercancel", (event) => this.#show(before, event.timeStamp));
    this.on(input, "input", (event) => {
      this.#move([[row, input.valueAsNumber]], event.timeStamp);
    });
    this.on(input, "keydown", (event) => {
      const to = this.#key(event.key, row);
      if (to === undefined || modified(event)) return;
      event.preventDefault(); // browsers disagree about how far their own keys go
      this.#begin(row);
      this.#move([[row, to]], event.timeStamp);
    });
    this.on(box, "dblclick", (event) => {
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
      row.axis.move(this.z, clamp(to, row.low, row.high));
      this.#set(row);
    }
    // Directions with names are not at right angles: where one slider goes, others follow a little.
    if (this.data.along === "attributes") this.rows.forEach((row) => this.#set(row));
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
    this.on(canvas, "pointerdown", (event) => {
      if (!this.space || event.button) return;
      canvas.setPointerCapture(event.pointerId);
      this.#begin(canvas);
      const at = this.dragged.map((row) => row.axis.coordinate(this.z));
      from = { x: event.clientX, y: event.clientY, at };
    });
    this.on(canvas, "pointermove", (event) => {
      if (!from) return;
      const { width, height } = canvas.getBoundingClientRect();
      const by = [(event.clientX - from.x) / width, (from.y - event.clientY) / height];
      const places = this.dragged.map((row, i) => {
        return [row, from.at[i] + by[i] * (row.high - row.low)];
      });
      this.#move(places, event.timeStamp);
    });
    for (const end of ["pointerup", "pointercancel"]) this.on(canvas, end, () => (from = null));
  }

  // --- words -------------------------------------------------------------------------------

  #describe() {
    const moved = this.#coordinates(this.z) !== null;
    const { start } = this.data.text;
    const words = `${this.space.size} numbers: ${moved ? "moved away from " : ""}${start}`;
    if (this.caption.textContent === words) return;
    this.caption.textContent = words;
    this.picture.canvas.setAttribute("aria-label", `The picture decoded from ${words}`);
  }

  #tell() {
    clearTimeout(this.telling);
    this.telling = null;
    const parts = [];
    const rate = this.frames.rate();
    if (rate) parts.push(`${rate.toFixed(0)} frames a second`);
    if (this.silent) parts.push("the server does not answer; trying again");
    if (this.decoder) {
      const { manifest } = this.decoder;
      parts.push(
        `${this.milliseconds.toFixed(1)} ms a picture`,
        "decoded in your browser (WebAssembly)",
        `at most ${this.difference.toExponential(0)} from torch,`
          + ` plus ${manifest.reference.fp16_error.toExponential(0)} from 16-bit weights`,
      );
    } else if (this.reason) {
      parts.push(`decoded by the server: ${this.reason}`);
    } else if (this.data.decoder) {
      const size = (this.data.decoder.bytes / 1e6).toFixed(1);
      parts.push(`decoded by the server until the decoder (${size} MB) is here`);
    }
    say(this.status, parts.join(" · "));
  }

  close() {
    if (!this.#follows && this.rest.waiting) this.#settle();
    if (this.unreported && this.space) {
      left = { origin: this.data.origin, at: this.#coordinates(this.z) };
    }
    this.fetching?.abort();
    this.opening?.abort();
    this.rest.cancel();
    clearTimeout(this.telling);
    this.frames.close();
    this.plane?.close();
    this.decoder?.close();
    this.awaited?.resolve({});
    super.close();
  }
}
