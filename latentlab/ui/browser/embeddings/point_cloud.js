// Pictures as points on a plane: looked at under the pointer, chosen by click, lasso, box or keys.
// binding.py says what `data` holds.
//
// What is selected is one set of flags for all planes of the page: they show it at once, and the
// server hears of it as one bit a point, not as ten thousand points.

import { Picture } from "../shared/canvas.js";
import { media, persist } from "../shared/fetching.js";
import { ARROWS, View, element, modified, mount, movesOf, say } from "../shared/live.js";
import { clamp } from "../shared/numbers.js";
import { drawCloud, drawMarks, prepare } from "./cloud_drawing.js";
import { fit, fromBits, inside, nearest, place, toBits, towards, zoom } from "./cloud_geometry.js";
import { Sheets } from "./sheets.js";

const REACH = { mouse: 14, pen: 18, touch: 24 }; // pixels from a point that is still meant
const STILL = 5; // pixels that a click may move
const NEARER = 1.4;
const KEYS = "Arrow keys go from picture to picture, Enter selects, Escape selects nothing, plus, "
  + "minus and 0 zoom.";

export const views = new Set(); // all planes on the page; for tests too
let reported = 0; // the number of the last report, of whichever plane

export default (component) => mount(component, (root) => new PointCloud(root));
export { instances } from "../shared/live.js";

class PointCloud extends View {
  constructor(root) {
    super(root);
    Object.assign(this, { outline: [], pointers: new Map(), drawn: { pictures: [], side: 0 } });
    Object.assign(this, { cursor: -1, hovered: -1, held: null, frame: 0, selected: null });
    this.#build();
    this.#listen();
    this.sized = new ResizeObserver(() => this.#resize());
    this.sized.observe(this.ground);
    views.add(this);
  }

  #build() {
    this.ground = element("div", { className: "ground", tabIndex: 0 }, {
      role: "application", "aria-describedby": "keys", "aria-roledescription": "plane of pictures",
    });
    this.dots = element("canvas");
    this.marks = element("canvas");
    this.followed = element("figure", { className: "followed", hidden: true });
    this.card = element("figure", { className: "card", hidden: true });
    const canvas = element("canvas", { className: "picture" });
    this.seen = new Picture(canvas);
    this.about = element("figcaption");
    this.card.append(canvas, this.about);
    const zooms = element("div", { className: "zooms" });
    const steps = [["+", "Nearer", NEARER], ["−", "Further away", 1 / NEARER], ["⟲", "All points", 0]];
    for (const [sign, name, factor] of steps) {
      const button = this.button(sign, () => this.#zoom(factor), name);
      button.setAttribute("aria-label", name);
      button.tabIndex = -1; // the plane has keys for it
      zooms.append(button);
    }
    this.ground.append(this.dots, this.marks, this.followed, this.card, zooms);
    this.spoken = element("p", { className: "spoken" }, { "aria-live": "polite" });
    const keys = element("p", { className: "spoken", id: "keys", textContent: KEYS });
    this.root.replaceChildren(this.ground, this.spoken, keys);
  }

  // --- what Python says --------------------------------------------------------------------

  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    this.ground.setAttribute("aria-label", data.label);
    this.ground.classList.toggle("draws", data.select_by !== "click");
    this.ground.classList.toggle("presented", data.presented);
    this.root.style.setProperty("--height", `${data.height}px`);
    this.root.style.setProperty("--rows", data.rows);
    if (!last || String(data.sheets.addresses) !== String(last.sheets.addresses)) {
      this.sheets = new Sheets(data.sheets, () => this.#arrived());
      this.seen.resize(...data.sheets.size);
    }
    if (data.points !== last?.points || data.crowd !== last?.crowd) this.#open();
    // A report that the server has not seen yet is newer than what it says.
    if (data.handled >= reported || !this.selected) {
      this.take(fromBits(data.chosen, data.count));
    }
    if (JSON.stringify(data.followed) !== JSON.stringify(last?.followed)) this.#show(data.followed);
    // What the server says of a selection is mostly known already.
    const looks = JSON.stringify({ ...data, chosen: 0, handled: 0, ...this.#theme() });
    if (looks !== this.looks) this.#draw();
    this.looks = looks;
  }

  async #open() {
    const { points, crowd } = this.data;
    const read = (address) => persist(
      async (cache) => {
        const answer = await fetch(media(address), { cache, signal: this.gone.signal });
        if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
        return answer.arrayBuffer();
      },
      { signal: this.gone.signal, attempts: 4 },
    );
    try {
      const files = await Promise.all([read(points), read(crowd)]);
      if (points !== this.data.points || crowd !== this.data.crowd) return;
      const count = files[1].byteLength / 8;
      this.points = new Float32Array(files[0]);
      this.ids = new Int32Array(files[1], 0, count);
      this.labels = new Int32Array(files[1], 4 * count);
      this.cursor = -1;
      this.view = null;
      this.#resize();
    } catch (error) {
      if (!this.gone.signal.aborted) say(this.spoken, `The points did not arrive: ${error.message}`);
    }
  }

  #show(followed) {
    this.followed.hidden = !followed;
    if (!followed) return;
    const caption = element("figcaption", { textContent: followed.text });
    const pair = element("img", { className: "picture", src: followed.pair, alt: followed.alt });
    this.followed.replaceChildren(...(followed.pair ? [pair] : []), caption);
  }

  /** Shows another selection: flags, one a point. */
  take(flags) {
    const known = this.selected;
    if (known?.length === flags.length && known.every((flag, i) => flag === flags[i])) return;
    this.selected = flags;
    this.any = flags.includes(1);
    this.ground.dataset.selected = flags.reduce((sum, flag) => sum + flag, 0);
    this.#draw();
  }

  #select(flags) {
    const { crowd, handled } = this.data;
    const n = Math.max(reported, handled) + 1;
    reported = n;
    this.setStateValue("picked", { n, crowd, bits: toBits(flags) });
    this.take(flags);
    // The others a moment later: the report leaves first.
    setTimeout(() => {
      for (const view of views) if (view.data.crowd === crowd && n === reported) view.take(flags);
    }, 30);
  }

  // --- drawing -----------------------------------------------------------------------------

  #resize() {
    this.width = this.ground.clientWidth;
    this.height = this.ground.clientHeight;
    if (!this.points || !this.width) return;
    const whole = fit(this.points, this.width, this.height, 14);
    // Another size of the chart shows the same part of the plane.
    const near = this.view ? this.view.scale / this.whole.scale : 1;
    this.view = { ...(near === 1 ? whole : this.view), scale: whole.scale * near };
    this.whole = whole;
    this.#place();
  }

  #place() {
    this.places = place(this.points, this.view, this.width, this.height);
    this.#point(-1);
    this.#draw();
  }

  #draw() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      if (this.places && this.selected?.length === this.labels.length) this.#paint();
    });
  }

  #arrived() {
    if (this.data.pictures) this.#draw();
    this.#point(this.hovered);
  }

  #paint() {
    const { width, height, data, view } = this;
    const at = (points) => place(Float32Array.from(points), view, width, height);
    Object.assign(this, this.#theme());
    const { places, labels, selected, any, sheets, type, ink, back, font } = this;
    const scene = {
      places, labels, selected, any, sheets, type, ink, data, font, ground: back,
      shown: data.shown,
      star: data.star && at(data.star),
      names: data.labels.map(({ text, x, y }) => ({ text, x: at([x, y])[0], y: at([x, y])[1] })),
    };
    this.drawn = drawCloud(prepare(this.dots, width, height), scene, width, height);
    this.ground.dataset.pictures = this.drawn.pictures.length;
    this.ground.dataset.scale = view.scale.toFixed(3);
    this.#mark();
  }

  #theme() {
    const style = getComputedStyle(this.ground);
    const back = style.getPropertyValue("--st-background-color") || "white";
    return { type: parseFloat(style.fontSize), ink: style.color, font: style.fontFamily, back };
  }

  #mark() {
    if (!this.type) return; // nothing is drawn yet
    const at = this.hovered < 0 ? this.cursor : this.hovered;
    const ring = at >= 0 && !this.data.pictures ? this.places.subarray(2 * at, 2 * at + 2) : null;
    const { outline, ink, back, type } = this;
    drawMarks(prepare(this.marks, this.width, this.height), { outline, ring, ink, ground: back, type });
  }

  // --- what is under the pointer -------------------------------------------------------------

  #may(i) {
    return this.data.shown[this.labels[i]];
  }

  /** The point that is meant at a place; a picture that is drawn there before any dot. */
  #at([x, y], kind) {
    if (!this.places) return -1;
    const { pictures, side } = this.drawn;
    const within = (i) => {
      return Math.max(Math.abs(this.places[2 * i] - x), Math.abs(this.places[2 * i + 1] - y)) <= side / 2;
    };
    const picture = pictures.find(within);
    return picture ?? nearest(this.places, x, y, REACH[kind] ?? 14, (i) => this.#may(i));
  }

  #describe(i) {
    return `${this.data.names[this.labels[i]]}, test picture ${this.ids[i]}`;
  }

  /** Shows the picture of a point beside it; -1: none. */
  #point(i) {
    this.hovered = i;
    this.card.hidden = i < 0;
    if (i >= 0) {
      const { canvas, context } = this.seen;
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.save();
      const whole = this.sheets.draw(context, i, 0, 0, canvas.width);
      context.restore();
      this.card.dataset.picture = whole ? this.ids[i] : "";
      const name = element("b", { textContent: this.data.names[this.labels[i]] });
      this.about.replaceChildren(name, `test picture ${this.ids[i]}`);
      const [x, y] = this.places.subarray(2 * i, 2 * i + 2);
      const { offsetWidth, offsetHeight } = this.card;
      const right = x + 18 + offsetWidth <= this.width;
      this.card.style.left = `${clamp(right ? x + 18 : x - 18 - offsetWidth, 0, this.width - offsetWidth)}px`;
      this.card.style.top = `${clamp(y - offsetHeight / 2, 0, this.height - offsetHeight)}px`;
    }
    this.#mark();
  }

  // --- pointer and keys ----------------------------------------------------------------------

  #listen() {
    const { ground } = this;
    this.on(ground, "pointerdown", (event) => this.#down(event));
    this.on(ground, "pointermove", (event) => this.#move(event));
    this.on(ground, "pointerup", (event) => this.#up(event));
    this.on(ground, "pointercancel", (event) => this.#cancel(event));
    this.on(ground, "pointerleave", () => this.held || this.#point(-1));
    this.on(ground, "dblclick", () => this.data.select_by === "click" && this.#zoom(0));
    this.on(ground, "keydown", (event) => this.#key(event));
    this.on(ground, "blur", () => this.#point(-1));
    this.on(ground, "wheel", (event) => {
      if (!event.ctrlKey) return; // the page scrolls
      event.preventDefault();
      this.#zoom(Math.exp(-event.deltaY / 200), this.#where(event));
    }, { passive: false });
  }

  #where({ clientX, clientY }) {
    const { left, top } = this.ground.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }

  #down(event) {
    if (event.button || event.target.closest("button") || !this.places) return;
    const at = this.#where(event);
    this.pointers.set(event.pointerId, at);
    if (this.pointers.size > 1) {
      this.#drop(); // two fingers move the plane
      this.held = { by: "fingers" };
      return;
    }
    const draws = this.data.select_by !== "click";
    // One finger scrolls the page; only where a drag draws has the visitor asked for something else.
    if (draws || event.pointerType !== "touch") this.ground.setPointerCapture(event.pointerId);
    this.held = { by: draws ? this.data.select_by : event.pointerType, from: at, far: 0 };
    if (draws) this.#point(-1);
  }

  #move(event) {
    if (!this.places) return;
    const { held } = this;
    const at = this.#where(event);
    if (!held) {
      if (event.pointerType !== "touch") this.#point(this.#at(at, event.pointerType));
      return;
    }
    if (!this.pointers.has(event.pointerId)) return;
    if (held.by === "fingers") {
      this.#pinch(event.pointerId, at);
      return;
    }
    held.far = Math.max(held.far, Math.hypot(at[0] - held.from[0], at[1] - held.from[1]));
    const last = this.pointers.get(event.pointerId);
    this.pointers.set(event.pointerId, at);
    if (held.far < STILL) return;
    if (held.by === "lasso") {
      if (!this.outline.length) this.outline.push(held.from);
      this.outline.push(...movesOf(event).map((move) => this.#where(move)));
      this.#mark();
    } else if (held.by === "box") {
      const [[a, b], [c, d]] = [held.from, at];
      this.outline = [[a, b], [c, b], [c, d], [a, d]];
      this.#mark();
    } else if (held.by !== "touch") {
      this.#shift(at[0] - last[0], at[1] - last[1]);
    }
  }

  #up(event) {
    if (!this.pointers.delete(event.pointerId)) return;
    const { held, outline } = this;
    if (held?.by === "fingers") {
      if (!this.pointers.size) this.held = null;
      return;
    }
    this.#drop();
    if (!held) return;
    if (held.far < STILL) {
      const found = this.#at(held.from, event.pointerType);
      if (found >= 0) this.#choose(found, event.shiftKey);
      if (event.pointerType === "touch") this.#point(found);
    } else if (outline.length > 2) {
      this.#chooseWithin(outline, event.shiftKey);
    }
  }

  #cancel(event) {
    this.pointers.delete(event.pointerId);
    this.#drop();
  }

  #drop() {
    this.held = null;
    this.outline = [];
    this.#mark();
  }

  /** Selects a point alone; `adding` puts it to the others, or takes it away from them. */
  #choose(i, adding) {
    const flags = adding ? this.selected.slice() : new Uint8Array(this.labels.length);
    flags[i] = adding ? 1 - flags[i] : 1;
    this.#select(flags);
  }

  #chooseWithin(outline, adding) {
    const flags = adding ? this.selected.slice() : new Uint8Array(this.labels.length);
    for (let i = 0; i < flags.length; i += 1) {
      if (this.#may(i) && inside(outline, this.places[2 * i], this.places[2 * i + 1])) flags[i] = 1;
    }
    if (flags.includes(1) || this.any) this.#select(flags);
  }

  #key(event) {
    if (modified(event) || !this.places || event.target !== this.ground) return;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const may = (i) => this.#may(i);
      const middle = [this.width / 2, this.height / 2];
      this.cursor = this.cursor < 0 || !this.#may(this.cursor)
        ? nearest(this.places, ...middle, Infinity, may)
        : towards(this.places, this.cursor, arrow, may);
      if (this.cursor >= 0) this.#go();
    } else if ((event.key === "Enter" || event.key === " ") && this.cursor >= 0) {
      this.#choose(this.cursor, event.shiftKey);
    } else if (event.key === "Escape" && this.any) {
      this.#select(new Uint8Array(this.labels.length));
    } else if ("+-0=".includes(event.key)) {
      const at = this.cursor < 0 ? undefined : this.places.subarray(2 * this.cursor, 2 * this.cursor + 2);
      this.#zoom({ "-": 1 / NEARER, 0: 0 }[event.key] ?? NEARER, at);
    } else {
      return;
    }
    event.preventDefault();
  }

  /** Shows where the keys have led, also where the plane is seen from near. */
  #go() {
    const [x, y] = this.places.subarray(2 * this.cursor, 2 * this.cursor + 2);
    const beyond = x < 0 || y < 0 || x > this.width || y > this.height;
    if (beyond) this.#shift(this.width / 2 - x, this.height / 2 - y);
    this.#point(this.cursor);
    say(this.spoken, this.#describe(this.cursor));
  }

  // --- the part of the plane that is seen ----------------------------------------------------

  /** Goes nearer by a factor, to a place that stays; 0 shows all points. */
  #zoom(factor, at = [this.width / 2, this.height / 2]) {
    if (!this.places) return;
    const { scale } = this.whole;
    const near = factor && clamp(this.view.scale * factor, 0.5 * scale, 200 * scale) / this.view.scale;
    this.view = near ? zoom(this.view, near, at, this.width, this.height) : this.whole;
    this.#place();
    if (this.cursor >= 0 && this.root.getRootNode().activeElement === this.ground) {
      this.#point(this.cursor);
    }
  }

  #shift(right, down) {
    const { x, y, scale } = this.view;
    this.view = { x: x - right / scale, y: y + down / scale, scale };
    this.#place();
  }

  #pinch(id, at) {
    const before = [...this.pointers.values()];
    this.pointers.set(id, at);
    const after = [...this.pointers.values()];
    const middle = ([a, b]) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    const wide = ([a, b]) => Math.max(Math.hypot(a[0] - b[0], a[1] - b[1]), 10);
    const [from, to] = [middle(before), middle(after)];
    this.#shift(to[0] - from[0], to[1] - from[1]);
    this.#zoom(wide(after) / wide(before), to);
  }

  close() {
    views.delete(this);
    cancelAnimationFrame(this.frame);
    this.sized.disconnect();
    super.close();
  }
}
