// A photograph before and after: a wipe, a loupe, the frame that chooses a window, a brush that
// paints damage. photo_viewer.py says what `data` holds.

import { Frames } from "../shared/frames.js";
import { ARROWS, Rest, View, element, modified, mount, movesOf, say } from "../shared/live.js";
import { clamp } from "../shared/numbers.js";
import { amount, continued, words, written } from "./brush.js";
import {
  beside, fit, middle, moved, onPicture, pane, region, same,
} from "./photo_geometry.js";
import { Layers } from "./photo_layers.js";
import { Preview } from "./photo_paint.js";

const WIDEST = 1000; // CSS pixels
const HOLD = 350; // milliseconds until a resting finger takes the loupe
const STILL = [4, 10]; // CSS pixels that a mouse, and a finger, may move while resting
const GAP = [24, 56]; // CSS pixels from the place to the loupe; more under a finger
const DOCK = 24; // CSS pixels beside the picture
const LARGEST_PANE = 320; // CSS pixels
const RULE = 2; // device pixels between the panes of the loupe
const ZOOMS = [1, 2, 4];
const RADII = [0.005, 0.2]; // shares of the longer side
const STEPS = { // of the divider, by the keys
  ArrowRight: 0.01, ArrowUp: 0.01, ArrowLeft: -0.01, ArrowDown: -0.01,
  PageUp: 0.1, PageDown: -0.1, Home: -1, End: 1,
};

const percent = (share) => `${Math.round(100 * share)} %`;

export default (component) => mount(component, (root) => new PhotoViewer(root));
// For tests and benchmarks: a bundle has modules of its own, which nothing else leads to.
export { watchers } from "../shared/frames.js";
export { instances } from "../shared/live.js";

class PhotoViewer extends View {
  constructor(root) {
    super(root);
    this.placing = new Rest(() => this.#reportPlace());
    this.painting = new Rest(() => this.#reportStrokes());
    this.layers = new Layers();
    this.slots = { clean: {}, before: {}, after: {} }; // {address, label, layer}: what is shown
    this.troubles = new Map(); // slot -> why its picture cannot be shown
    this.divider = 0.5;
    this.zoom = 1;
    this.mode = "wipe";
    this.strokes = []; // as the person wants them; no stroke changes once it has ended
    this.stroke = null; // the one that is being painted
    this.history = []; // lists of strokes to go back to
    this.reported = []; // windows that the server has not answered yet
    this.pin = this.hover = null; // where the loupe stays, and where the pointer has it
    this.density = 1;
    this.#build();
    this.frames = new Frames(() => this.#draw(), ({ message }) => {
      this.trouble.textContent = `The picture cannot be drawn: ${message}.`;
    });
    this.frames.use(() => 0);
    this.sized = new ResizeObserver(() => this.#layOut());
    this.sized.observe(this.root);
  }

  /** Buttons of which one is pressed. */
  #choice(label, options, act) {
    const box = element("div", { className: "choice" }, { role: "group", "aria-label": label });
    for (const [value, textContent] of options) {
      const button = this.button(textContent, () => act(value));
      button.value = value;
      box.append(button);
    }
    return box;
  }

  #press(box, value) {
    for (const button of box.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === String(value)));
    }
  }

  #range(label, act) {
    const box = element("label", { textContent: label });
    const input = element("input", { type: "range", min: 0, max: 1, step: 0.01, value: 0.5 });
    const output = element("output");
    this.on(input, "input", act);
    box.append(input, output);
    return { box, input, output };
  }

  #build() {
    this.modes = this.#choice("What dragging does", [["wipe", "Wipe"], ["paint", "Paint"]],
      (mode) => this.#setMode(mode));
    this.loupeButton = this.button("Loupe", () => this.#setLoupe(!this.loupe));
    this.zooms = this.#choice("Magnification of the loupe", ZOOMS.map((z) => [z, `${z}:1`]),
      (zoom) => {
        this.zoom = zoom;
        this.#changed();
      });
    this.compareButton = this.button("Compare where the loupe is", () => this.#place(this.pin));
    const tools = element("div", { className: "tools" });
    this.undoButton = this.button("Undo", () => this.#undo(), "Ctrl+Z");
    this.clearButton = this.button("Clear", () => this.#setStrokes([]));
    tools.append(this.modes, this.loupeButton, this.zooms, this.undoButton, this.clearButton);

    this.kindBox = element("div");
    this.strength = this.#range("Strength", () => this.#tellBrush());
    this.size = this.#range("Size", () => this.#tellBrush());
    this.brushes = element("div", { className: "brushes" });
    this.brushes.append(this.kindBox, this.strength.box, this.size.box);

    this.canvas = element("canvas", {}, { role: "img" });
    this.context = this.canvas.getContext("2d", { alpha: false });
    this.sides = ["before", "after"].map((name) => element("span", { className: `side ${name}` }));
    this.frameBox = element("div", { className: "window" });
    this.frameTitle = element("span", { textContent: "Compared" });
    this.frameBox.append(this.frameTitle);
    this.spot = element("div", { className: "spot", tabIndex: 0 }, { role: "application" });
    this.cursor = element("div", { className: "brush", hidden: true });
    this.handle = element("div", { className: "divider", tabIndex: 0 }, {
      role: "slider", "aria-valuemin": 0, "aria-valuemax": 100, "aria-orientation": "horizontal",
    });
    this.handle.append(element("span", { className: "grip", textContent: "↔" }));
    this.glass = element("div", { className: "glass" });
    this.panes = element("canvas");
    this.paneContext = this.panes.getContext("2d", { alpha: false });
    this.captions = element("div");
    this.captions.append(element("span"), element("span"));
    this.glass.append(this.panes, this.captions);
    this.surface = element("div", { className: "surface" }); // what clips
    this.surface.append(this.canvas, this.frameBox, ...this.sides, this.cursor, this.handle);
    this.stage = element("div", { className: "stage", tabIndex: -1 }); // for Ctrl+Z
    this.stage.append(this.surface, this.spot, this.glass);

    this.status = element("p", { className: "status" });
    this.trouble = element("p", { className: "trouble" }, { role: "alert" });
    this.hint = element("p", { className: "note" });
    this.spoken = element("p", { className: "spoken" }, { "aria-live": "polite" });
    this.words = element("div", { className: "words" });
    this.words.append(this.hint, this.compareButton, this.status, this.trouble, this.spoken);
    // As high as a picture may be. Styled here: the style sheet may come after the first layout.
    this.space = element("div", {}, { style: "position: absolute; visibility: hidden" });
    this.root.replaceChildren(this.space, tools, this.brushes, this.stage, this.words);
    this.#listen();
  }

  // --- what Python says --------------------------------------------------------------------

  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    const other = String(data.size) !== String(last?.size) || data.revision !== last?.revision;
    if (!last) {
      const mouse = window.matchMedia("(hover: hover) and (pointer: fine)").matches;
      this.coarse = !mouse;
      this.loupe = mouse ? null : false; // null: where the picture is larger than it is shown
    }
    // A presentation says how high its pictures are; a brush has more tools above them.
    this.space.style.height = `calc(${data.brush ? "0.7 * var(--stage, 100vh" : "0.9 * var(--stage, 77.78vh"}))`;
    const another = String(data.size) !== String(last?.size);
    if (another) this.pin = null;
    if (another || !data.brush !== !last.brush) this.#layOut(true);
    if (other) this.#adopt();
    else this.#follow(last.window);
    const kinds = JSON.stringify(data.brush);
    if (kinds !== JSON.stringify(last?.brush)) this.#buildKinds();
    // Who asks for a brush wants to paint.
    if (!last?.brush !== !data.brush) this.mode = data.brush ? "paint" : "wipe";
    for (const name of ["before", "after"]) this.#load(name);
    this.#needClean();
    this.#changed();
  }

  /** Takes the strokes and the window that Python wants, whatever is here. */
  #adopt() {
    this.strokes = this.data.strokes;
    this.stroke = null;
    this.history = [];
    this.reported = [];
    this.placing.cancel();
    this.painting.cancel();
    this.window = this.data.window;
  }

  /** Takes another window, unless it is the echo of a report that is not the newest. */
  #follow(last) {
    const { window } = this.data;
    if (String(window) === String(last)) return;
    if (!window || !this.window) this.reported = [];
    const echo = this.reported.findIndex((sent) => same(sent, window));
    this.reported.splice(0, echo + 1);
    if (echo >= 0 && (this.reported.length || this.placing.waiting)) return;
    this.reported = [];
    this.window = window;
  }

  #buildKinds() {
    const kinds = this.data.brush;
    if (!kinds) this.#setMode("wipe");
    if (!kinds) return;
    const names = Object.entries(kinds).map(([name, { label }]) => [name, label]);
    const box = this.#choice("Kind of damage", names, (kind) => {
      this.kind = kind;
      this.#tellBrush();
    });
    if (!(this.kind in kinds)) [[this.kind]] = names;
    this.kindBox.replaceChildren(box);
    this.preview ??= new Preview(kinds, () => this.frames.request([0]));
    this.preview.kinds = kinds;
    this.#tellBrush();
  }

  /** Fetches what Python wants in a slot; what is there stays in sight until then. */
  async #load(name) {
    const wanted = this.data[name];
    const slot = this.slots[name];
    const address = wanted?.address ?? "";
    slot.strokes = this.data.strokes; // which the picture at this address holds
    if (slot.wanted === address) {
      if (slot.address !== address) return; // it is under way
      return Object.assign(slot, { label: wanted?.label, held: slot.strokes });
    }
    slot.wanted = address;
    this.troubles.delete(name);
    if (!wanted) return this.#fill(name, null);
    try {
      const layer = await this.layers.open(address);
      if (this.canvas.width > 1) await layer.scale([this.canvas.width, this.canvas.height]);
      if (slot.wanted !== address || this.gone.signal.aborted) return;
      slot.held = slot.strokes;
      this.#fill(name, layer, wanted);
    } catch (error) {
      if (slot.wanted !== address || this.gone.signal.aborted) return;
      slot.wanted = "failed";
      this.#fill(name, null);
      this.#complain(name, error, wanted.label);
    }
  }

  #fill(name, layer, { address = "", label = "" } = {}) {
    Object.assign(this.slots[name], { layer, address, label });
    const slots = Object.values(this.slots);
    this.layers.keep(slots.flatMap((slot) => [slot.address, slot.wanted]));
    if (name === "clean") this.preview?.forget();
    this.#scale();
    this.#changed();
  }

  #complain(name, { message }, label = "The viewer") {
    this.troubles.set(name, `“${label}” cannot be shown: ${message}.`);
    this.#changed();
  }

  /** The clean picture is only fetched for somebody who paints. */
  #needClean() {
    const { brush, clean, before } = this.data;
    const idle = this.mode === "wipe" && !this.stroke
      && written(this.strokes) === written(before ? this.data.strokes : []);
    if (brush && clean && !idle) this.#load("clean");
  }

  // --- layout ------------------------------------------------------------------------------

  #layOut(force = false) {
    const room = Math.min(this.root.clientWidth, WIDEST);
    const density = window.devicePixelRatio || 1;
    if (!this.data || !room) return;
    // Only for another width: on a phone the height changes whenever its address bar hides.
    if (!force && room === this.room && density === this.density) return;
    Object.assign(this, { room, density });
    const [width, height] = fit(this.data.size, [room, this.space.clientHeight], density);
    Object.assign(this.canvas, { width, height });
    this.stageSize = [width / density, height / density];
    const [cssWidth, cssHeight] = this.stageSize;
    Object.assign(this.stage.style, { width: `${cssWidth}px`, height: `${cssHeight}px` });
    this.words.style.maxWidth = `${Math.max(cssWidth, 480)}px`;
    this.stage.classList.toggle("low", cssHeight < 110 || cssWidth < 200); // no room for labels
    this.loupe ??= this.data.size[0] > width ? true : null;
    this.#dock();
    this.#scale();
    this.#changed();
  }

  /** How large the loupe is: beside the picture, where there is room, it hides nothing. */
  #dock() {
    const { width, height } = this.canvas;
    const free = this.root.clientWidth * this.density - width - 2 * DOCK * this.density;
    const stacked = Math.min(free, (height - RULE) / 2);
    const abreast = Math.min((free - RULE) / 2, height);
    const least = pane(this.room, this.density);
    const side = Math.min(Math.max(stacked, abreast), LARGEST_PANE * this.density);
    this.docked = side >= 0.7 * least;
    this.stacked = this.docked && stacked > abreast;
    this.side = this.docked ? 4 * Math.floor(side / 4) : least; // whole pixels at 4:1 too
  }

  /** Scales the layers to what is shown; until that is done, they are stretched. */
  async #scale() {
    const size = [this.canvas.width, this.canvas.height];
    const layers = Object.values(this.slots).map(({ layer }) => layer).filter(Boolean);
    await Promise.all(layers.map((layer) => layer.scale(size).catch(() => {})));
    if (!this.gone.signal.aborted) this.#changed();
  }

  // --- drawing -----------------------------------------------------------------------------

  /** Shows in the next frame how things are, because of an input at `time`. */
  #changed(time = null) {
    this.#reconcile();
    this.#tell();
    this.frames.request([0], time);
  }

  /** The strokes, with the one that is being painted. */
  get #painted() {
    return this.stroke ? [...this.strokes, this.stroke] : this.strokes;
  }

  /** Whether the server's pictures hold the strokes that are wanted here. */
  get #settled() {
    return !this.data.brush
      || (!this.stroke && written(this.strokes) === written(this.slots.before.held ?? []));
  }

  /** Shows strokes that the server's picture does not hold yet. */
  #reconcile() {
    const { before, clean } = this.slots;
    if (!this.preview) return;
    if (this.#settled || !clean.layer?.shown) return this.preview.clear();
    const held = before.layer?.shown ? continued(before.held, this.#painted) : null;
    this.preview.show(held === null ? clean.layer : before.layer, clean.layer, this.#painted,
      held ?? 0);
  }

  #draw() {
    if (!this.data || !this.stageSize) return;
    const { canvas, context } = this;
    const { width, height } = canvas;
    const before = this.preview?.active ? this.preview.canvas : this.slots.before.layer?.shown;
    const after = this.#after?.shown;
    const split = after ? Math.round(this.divider * width) : width;
    if (!before) context.clearRect(0, 0, width, height);
    this.#blit(before, 0, split);
    this.#blit(after, split, width);
    this.handle.style.transform = `translateX(${this.divider * this.stageSize[0]}px)`;
    this.#drawWindow();
    this.#drawLoupe();
  }

  /** The restored picture, if there is one and it is that of the strokes here. */
  get #after() {
    return this.#settled && this.data.after ? this.slots.after.layer : null;
  }

  #blit(picture, from, to) {
    if (!picture || to <= from) return;
    const { width, height } = this.canvas;
    const scale = picture.width / width; // 1, but for a moment after another layout
    this.context.drawImage(picture, from * scale, 0, (to - from) * scale, picture.height,
      from, 0, to - from, height);
  }

  #drawWindow() {
    const { size } = this.data;
    const shown = this.window && (this.window[2] < size[0] || this.window[3] < size[1]);
    this.frameBox.hidden = !shown;
    if (!shown) return;
    const [left, top, width, height] = this.window.map((v, i) => `${(100 * v) / size[i % 2]}%`);
    Object.assign(this.frameBox.style, { left, top, width, height });
    const wide = (this.window[2] / size[0]) * this.stageSize[0];
    this.frameTitle.hidden = wide < 80;
  }

  /** Where the loupe is, if it is to be seen. */
  get #looking() {
    if (!this.loupe || this.stroke || !this.slots.before.layer?.bitmap) return null;
    const hover = this.mode === "wipe" && !this.dragging && this.hover;
    return hover || this.pin || (this.docked ? this.#start : null);
  }

  #drawLoupe() {
    const at = this.#looking;
    const { spot, glass, panes, paneContext, density, side } = this;
    spot.hidden = !this.loupe;
    spot.classList.toggle("seen", Boolean(at));
    glass.hidden = !at;
    if (!at) return;
    const layer = this.slots.before.layer;
    const part = region(at, side / this.zoom, layer.size);
    const after = this.#after;
    const { docked, stacked } = this;
    const second = stacked ? [0, side + RULE] : [side + RULE, 0];
    const [width, height] = second.map((v) => (after ? Math.max(v, 0) : 0) + side);
    if (panes.width !== width || panes.height !== height) {
      Object.assign(panes, { width, height });
      glass.style.width = `${width / density}px`;
      glass.classList.toggle("stacked", stacked);
    }
    paneContext.imageSmoothingEnabled = false;
    paneContext.fillStyle = "#fff"; // of the rule
    paneContext.fillRect(0, 0, width, height);
    this.#magnify(layer, part, layer.size, [0, 0]);
    if (this.preview?.active) this.preview.magnify(paneContext, part, side);
    if (after) this.#magnify(after, part, layer.size, second);
    this.captions.hidden = !after;
    const scale = part.map((_, i) => this.stageSize[i % 2] / layer.size[i % 2]);
    const seen = part.map((v, i) => v * scale[i]);
    const finger = Boolean(this.coarse && this.held);
    const gap = GAP[+finger] + seen[2] / 2;
    const centre = [seen[0] + seen[2] / 2, seen[1] + seen[2] / 2];
    const lens = [width / density, height / density];
    const [x, y] = docked
      ? [this.stageSize[0] + DOCK, 0]
      : beside(centre, lens, this.stageSize, gap, finger ? lens[1] : 0);
    const grid = (v) => Math.round(v * density) / density; // whole device pixels stay sharp
    glass.style.transform = `translate(${grid(x)}px, ${grid(y)}px)`;
    spot.style.transform = `translate(${seen[0]}px, ${seen[1]}px)`;
    spot.style.width = spot.style.height = `${seen[2]}px`;
  }

  /** Draws a part of the full picture into a pane; `size` is that of which `part` was measured. */
  #magnify({ bitmap, size: own }, [left, top, side], size, to) {
    const scale = own[0] / size[0];
    this.paneContext.fillStyle = "#000"; // beyond a picture that is smaller than the pane
    this.paneContext.fillRect(...to, this.side, this.side);
    this.paneContext.drawImage(bitmap, left * scale, top * scale, side * scale, side * scale,
      ...to, this.side, this.side);
  }

  // --- words -------------------------------------------------------------------------------

  #tell() {
    const { data, slots } = this;
    const [before, after] = this.sides;
    const restored = Boolean(this.#after);
    say(before, this.#settled ? slots.before.label || data.before.label : "Painted");
    say(after, restored ? slots.after.label : "Restoring …");
    after.hidden = this.troubles.has("after") && !restored;
    this.sides.forEach(({ textContent }, i) => say(this.captions.children[i], textContent));
    this.canvas.setAttribute("aria-label", data.label);
    this.handle.setAttribute("aria-label", `${data.label}: divider`);
    this.#sayDivider();
    this.spot.setAttribute("aria-label", data.window
      ? "Loupe: the arrow keys move it, Enter compares there" : "Loupe: the arrow keys move it");
    this.stage.classList.toggle("painting", this.mode === "paint");
    this.stage.classList.toggle("waiting", !restored);
    this.modes.hidden = !data.brush;
    const painting = this.mode === "paint";
    for (const part of [this.brushes, this.undoButton, this.clearButton]) part.hidden = !painting;
    // Nothing above the picture comes or goes with the loupe: a finger that holds it would slip.
    for (const button of this.zooms.children) button.disabled = !this.loupe;
    this.compareButton.hidden = !data.window || !this.loupe;
    this.compareButton.disabled = !this.pin;
    this.loupeButton.setAttribute("aria-pressed", String(Boolean(this.loupe)));
    this.#press(this.modes, this.mode);
    this.#press(this.zooms, this.zoom);
    this.undoButton.disabled = !this.history.length && !this.strokes.length;
    this.clearButton.disabled = !this.strokes.length;
    say(this.hint, this.#advice());
    say(this.status, this.#facts());
    say(this.trouble, [...this.troubles.values()].join(" "));
  }

  #sayDivider() {
    const [before, after] = this.sides.map(({ textContent }) => textContent);
    this.handle.setAttribute("aria-valuenow", Math.round(100 * this.divider));
    this.handle.setAttribute("aria-valuetext", this.#after
      ? `${before} ${percent(this.divider)}, ${after} the rest`
      : `${percent(this.divider)}; ${before} everywhere, not restored yet`);
  }

  #advice() {
    const { window } = this.data;
    if (this.mode === "paint") {
      return "Drag on the picture to paint damage; it is restored after every stroke.";
    }
    const parts = ["Drag to wipe."];
    if (this.coarse) {
      parts.push("Hold for the loupe.");
      if (window) parts.push("The frame is what is compared below; the button moves it.");
    } else {
      if (this.loupe) parts.push("A click keeps the loupe in its place.");
      if (window) parts.push("The frame is what is compared below: double-click somewhere else.");
    }
    return parts.join(" ");
  }

  #facts() {
    const { size } = this.data;
    if (!this.slots.before.layer) {
      return this.troubles.has("before") ? "" : "Fetching the picture …";
    }
    const parts = [`${size.map((side) => side.toLocaleString("en")).join(" × ")} pixels`];
    parts.push(`shown at ${percent(this.canvas.width / size[0])}`);
    const own = this.slots.before.layer.size[0];
    if (this.loupe) parts.push(`loupe ${this.zoom}:1`);
    if (own < size[0]) parts.push(`loupe and picture reduced to ${percent(own / size[0])}`);
    return parts.join(" · ");
  }

  #tellBrush() {
    const { brush } = this.data;
    this.#press(this.kindBox, this.kind);
    const value = amount(brush[this.kind], this.strength.input.valueAsNumber);
    this.strength.output.textContent = words(this.kind, value);
    const across = 2 * this.#radius * Math.max(...this.data.size);
    this.size.output.textContent = `${Math.round(across)} pixels`;
    this.strength.input.setAttribute("aria-valuetext", this.strength.output.textContent);
    this.size.input.setAttribute("aria-valuetext", this.size.output.textContent);
  }

  // --- the hand ----------------------------------------------------------------------------

  #listen() {
    const { stage, handle } = this;
    const at = ({ clientX, clientY }) => {
      const { left, top, width, height } = stage.getBoundingClientRect();
      return [(clientX - left) / width, (clientY - top) / height];
    };
    let press = null; // {id, x, y, divider, onHandle}
    const leave = () => {
      this.hover = null;
      this.cursor.hidden = true;
    };
    this.on(stage, "pointerdown", (event) => {
      if (event.button || press || !this.data) return;
      this.coarse = event.pointerType === "touch";
      stage.setPointerCapture(event.pointerId);
      const onHandle = this.handle.contains(event.target);
      press = { id: event.pointerId, x: event.clientX, y: event.clientY, onHandle };
      press.divider = this.divider;
      this.hover = null;
      if (this.mode === "paint" && !onHandle) {
        this.#cursor(at(event));
        return this.#begin(at(event));
      }
      if (!this.coarse) return;
      press.timer = setTimeout(() => {
        this.held = true;
        this.pin = onPicture(at(event));
        this.#setLoupe(true);
      }, HOLD);
    });
    this.on(stage, "pointermove", (event) => {
      const place = at(event);
      if (this.mode === "paint") this.#cursor(place);
      if (!press) {
        if (event.pointerType === "touch") return;
        // Whoever reaches for the divider wants to see it.
        this.hover = this.handle.contains(event.target) ? null : onPicture(place);
        if (this.loupe && this.mode === "wipe") this.frames.request([0], event.timeStamp);
        return;
      }
      if (event.pointerId !== press.id) return;
      if (this.stroke) {
        for (const one of movesOf(event)) this.#extend(at(one), event.timeStamp);
        return;
      }
      if (this.held) {
        this.pin = onPicture(place);
        return this.frames.request([0], event.timeStamp);
      }
      const far = Math.hypot(event.clientX - press.x, event.clientY - press.y);
      if (!this.dragging && !press.onHandle && far < STILL[+this.coarse]) return;
      clearTimeout(press.timer);
      if (this.mode === "paint" && !press.onHandle) return;
      this.dragging = true;
      this.#wipe(place[0], event.timeStamp);
    });
    const end = (event) => {
      if (event.pointerId !== press?.id) return;
      clearTimeout(press.timer);
      const { dragging, held } = this;
      const { divider, onHandle } = press;
      press = null;
      this.dragging = this.held = false;
      if (this.stroke) return event.type === "pointerup" ? this.#lift() : this.#drop();
      if (event.type === "pointercancel") this.divider = divider; // a finger that scrolls
      else if (!dragging && !held && !onHandle) this.#click(onPicture(at(event)));
      if (held) this.spoken.textContent = "The loupe stays here";
      this.#changed();
    };
    this.on(stage, "pointerup", end);
    this.on(stage, "pointercancel", end);
    this.on(stage, "pointerleave", () => {
      leave();
      if (this.data) this.#changed();
    });
    this.on(stage, "dblclick", (event) => {
      if (this.mode === "paint" || this.handle.contains(event.target)) return;
      this.pin = onPicture(at(event));
      this.#place(this.pin);
    });
    // While a finger holds the loupe, the page must not scroll, nor a menu open.
    const stay = (event) => this.held && event.preventDefault();
    this.on(stage, "touchmove", stay, { passive: false });
    this.on(stage, "contextmenu", (event) => this.coarse && event.preventDefault());
    this.on(handle, "keydown", (event) => this.#dividerKey(event));
    this.on(this.spot, "keydown", (event) => this.#spotKey(event));
    this.on(this.spot, "focus", () => {
      if (!this.spot.matches(":focus-visible")) return;
      this.pin ??= this.#start;
      this.#changed();
    });
    this.onUndo(() => this.#undo(), () => this.data.brush);
  }

  /** Where the loupe is at first, for a keyboard. */
  get #start() {
    return this.window ? middle(this.window, this.data.size) : [0.5, 0.5];
  }

  #wipe(to, time) {
    this.divider = clamp(to, 0, 1);
    this.#sayDivider();
    this.frames.request([0], time);
  }

  #dividerKey(event) {
    const by = STEPS[event.key] * (event.shiftKey ? 10 : 1);
    if (!by || modified(event)) return;
    event.preventDefault();
    this.#wipe(this.divider + by, event.timeStamp);
  }

  #click(place) {
    if (!this.loupe) return;
    // A click where it is takes it away again.
    const near = this.pin && this.pin.every((part, i) => {
      return Math.abs(part - place[i]) * this.stageSize[i] < 10;
    });
    this.pin = near ? null : place;
  }

  /** The arrow keys move the loupe, with Shift five times as far. */
  #spotKey(event) {
    if (modified(event)) return;
    const arrow = ARROWS[event.key];
    const here = this.pin ?? this.#start;
    if (arrow) {
      const step = (event.shiftKey ? 5 : 1) / 50;
      const longest = Math.max(...this.stageSize);
      this.pin = onPicture(here.map((part, i) => {
        return part + (arrow[i] * step * longest) / this.stageSize[i];
      }));
      this.spoken.textContent = `Loupe ${percent(this.pin[0])} right, ${percent(this.pin[1])} down`;
    } else if (event.key === "Enter" && this.window) {
      this.#place(here);
    } else if (event.key === " " && this.mode === "paint") {
      this.#begin(here);
      this.#lift();
    } else if (event.key === "Escape") {
      this.pin = null;
    } else {
      return;
    }
    event.preventDefault();
    this.#changed(event.timeStamp);
  }

  #setLoupe(on) {
    this.loupe = on;
    if (on && !this.hover) this.pin ??= this.#start;
    if (!on) this.pin = null;
    this.#changed();
  }

  #setMode(mode) {
    this.mode = mode;
    this.hover = null;
    if (mode === "wipe") this.cursor.hidden = true;
    this.#needClean();
    if (this.data) this.#changed();
  }

  /** Moves the compared window, and tells the server once it rests. */
  #place(place) {
    if (!this.window || !place) return;
    this.window = moved(this.window, place, this.data.size);
    this.spoken.textContent = "The compared window is here now";
    this.#changed();
    this.placing.begin();
  }

  #reportPlace() {
    this.reported.push(this.window);
    const [x, y] = middle(this.window, this.data.size);
    this.setStateValue("place", { x, y });
  }

  // --- the brush ---------------------------------------------------------------------------

  get #radius() {
    const [least, most] = RADII;
    return +(least * (most / least) ** this.size.input.valueAsNumber).toFixed(4);
  }

  #cursor([x, y]) {
    const side = 2 * this.#radius * Math.max(...this.stageSize);
    this.cursor.hidden = false;
    Object.assign(this.cursor.style, {
      left: `${100 * x}%`, top: `${100 * y}%`, width: `${side}px`, height: `${side}px`,
    });
  }

  #begin(place) {
    const { most } = this.data;
    const points = this.strokes.reduce((sum, stroke) => sum + stroke.points.length, 0);
    this.left = most.points - points;
    if (this.strokes.length >= most.strokes || this.left < 1) {
      this.spoken.textContent = this.trouble.textContent = "No more strokes fit: take some back.";
      return;
    }
    this.stroke = {
      kind: this.kind,
      strength: this.strength.input.valueAsNumber,
      radius: this.#radius,
      points: [onPicture(place)],
    };
    this.painting.cancel();
    this.#needClean();
    this.#changed();
  }

  #extend(place, time) {
    const { points, radius } = this.stroke;
    const next = onPicture(place);
    const last = points.at(-1);
    const far = Math.hypot(...next.map((part, i) => (part - last[i]) * this.stageSize[i]));
    // Closer points would say nothing more, and there is a limit to their number.
    if (far < Math.max(2, 0.2 * radius * Math.max(...this.stageSize))) return;
    if (points.length >= this.left) return;
    points.push(next);
    this.#reconcile();
    this.frames.request([0], time);
  }

  #lift() {
    const { stroke } = this;
    this.stroke = null;
    if (stroke) this.#setStrokes([...this.strokes, stroke]);
  }

  /** Forgets the stroke that is being painted: the finger wanted something else. */
  #drop() {
    this.stroke = null;
    this.#changed();
    this.painting.begin();
  }

  #setStrokes(strokes) {
    this.history.push(this.strokes);
    this.strokes = strokes;
    this.#needClean();
    this.#changed();
    this.painting.begin();
  }

  #undo() {
    if (this.stroke) return this.#drop();
    if (!this.strokes.length && !this.history.length) return;
    this.strokes = this.history.pop() ?? this.strokes.slice(0, -1);
    this.spoken.textContent = "Undone";
    this.#needClean();
    this.#changed();
    this.painting.begin();
  }

  #reportStrokes() {
    if (!this.stroke) this.setStateValue("strokes", this.strokes);
  }

  close() {
    this.sized.disconnect();
    this.placing.cancel();
    this.painting.cancel();
    this.frames.close();
    this.preview?.clear();
    this.layers.keep([]);
    super.close();
  }
}
