// A picture with a box over it that says which part is meant. crop_box.py says what `data` holds.

import { ARROWS, Rest, View, element, modified, mount } from "../shared/live.js";
import { clamp } from "../shared/numbers.js";
import { between, cornerAt, grown, inside, moved, opposite, whole } from "./crop_geometry.js";

const STEP = 0.02; // of the picture, by an arrow key
const REACH = [10, 22]; // CSS pixels around a corner, of a mouse and of a finger
const STILL = 4; // CSS pixels that a press may move and be none
const percent = (share) => `${Math.round(100 * share)} %`;

export default (component) => mount(component, (root) => new CropBox(root));
// For tests and benchmarks: a bundle has modules of its own, which nothing else leads to.
export { instances } from "../shared/live.js";

class CropBox extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#report());
    this.image = element("img", { draggable: false });
    this.frame = element("div", { className: "frame", tabIndex: 0 }, { role: "application" });
    for (const name of ["nw", "ne", "sw", "se"]) {
      this.frame.append(element("span", { className: `corner ${name}` }));
    }
    this.surface = element("div", { className: "surface" });
    this.surface.append(this.image, this.frame);
    this.note = element("p", { className: "note" });
    this.reset = this.button("Whole picture", () => this.#set(this.#whole));
    this.spoken = element("p", { className: "spoken" }, { "aria-live": "polite" });
    const words = element("div", { className: "words" });
    words.append(this.note, this.reset);
    this.root.replaceChildren(this.surface, words, this.spoken);
    this.#listen();
  }

  update({ data, setStateValue }) {
    const other = data.revision !== this.data?.revision;
    Object.assign(this, { data, setStateValue });
    if (!other) return; // where the box is here is newer than what the server has of it
    this.rest.cancel();
    this.box = data.box ?? this.#whole;
    Object.assign(this.image, { src: `data:image/jpeg;base64,${data.picture}`, alt: data.label });
    // As large as there is room, but no higher than a part of the window, and known at once.
    this.surface.style.aspectRatio = data.size.join(" / ");
    this.surface.style.setProperty("--ratio", data.size[0] / data.size[1]);
    this.note.textContent = data.note;
    this.frame.setAttribute("aria-label", `${data.label}: the box is what the model gets. `
      + "The arrow keys move it, with Shift they change its size");
    this.#draw();
  }

  get #whole() {
    return whole(this.data.size, this.data.ratio);
  }

  #draw() {
    const [left, top, right, bottom] = this.box;
    Object.assign(this.frame.style, {
      left: `${100 * left}%`,
      top: `${100 * top}%`,
      width: `${100 * (right - left)}%`,
      height: `${100 * (bottom - top)}%`,
    });
    this.reset.disabled = String(this.box) === String(this.#whole);
  }

  #set(box) {
    this.box = box;
    this.#draw();
    this.rest.begin();
  }

  #listen() {
    let press = null; // {id, from, box, anchor, at}
    const at = ({ clientX, clientY }) => {
      const { left, top, width, height } = this.surface.getBoundingClientRect();
      return [(clientX - left) / width, (clientY - top) / height].map((v) => clamp(v, 0, 1));
    };
    this.on(this.surface, "pointerdown", (event) => {
      if (event.button || press || !this.data) return;
      event.preventDefault(); // no picture is dragged away
      this.frame.focus({ preventScroll: true });
      this.surface.setPointerCapture(event.pointerId);
      const from = at(event);
      const reach = REACH[+(event.pointerType === "touch")];
      const corner = cornerAt(this.box, from, [
        reach / this.surface.clientWidth, reach / this.surface.clientHeight,
      ]);
      press = { id: event.pointerId, from, box: this.box, at: [event.clientX, event.clientY] };
      if (corner) press.anchor = opposite(this.box, corner);
      // A box around everything cannot be moved: a press begins another one there.
      else if (!inside(this.box, from) || String(this.box) === "0,0,1,1") press.anchor = from;
    });
    this.on(this.surface, "pointermove", (event) => {
      if (event.pointerId !== press?.id) return;
      const [x, y] = press.at;
      if (!press.moves && Math.hypot(event.clientX - x, event.clientY - y) < STILL) return;
      press.moves = true;
      const { size, least, ratio } = this.data;
      const place = at(event);
      this.box = press.anchor
        ? between(press.anchor, place, size, least, ratio)
        : moved(press.box, place.map((v, i) => v - press.from[i]));
      this.#draw();
    });
    this.on(this.surface, "pointerup", (event) => {
      if (event.pointerId !== press?.id) return;
      if (press.moves) this.#set(this.box);
      press = null;
    });
    this.on(this.surface, "pointercancel", (event) => {
      if (event.pointerId !== press?.id) return;
      this.box = press.box; // the hand wanted something else
      press = null;
      this.#draw();
    });
    this.on(this.frame, "keydown", (event) => this.#key(event));
  }

  /** The arrow keys move the box, with Shift its lower right corner alone. */
  #key(event) {
    const arrow = ARROWS[event.key];
    if (modified(event) || !arrow) return;
    event.preventDefault();
    const by = arrow.map((v) => v * STEP);
    const { size, least, ratio } = this.data;
    this.#set(event.shiftKey ? grown(this.box, by, size, least, ratio) : moved(this.box, by));
    const [left, top, right, bottom] = this.box;
    this.spoken.textContent = `Box from ${percent(left)} right, ${percent(top)} down, `
      + `${percent(right - left)} wide, ${percent(bottom - top)} high`;
  }

  #report() {
    const box = this.box.map((part) => +clamp(part, 0, 1).toFixed(4));
    this.setStateValue("box", { of: this.data.revision, box: this.reset.disabled ? null : box });
  }

  close() {
    this.rest.cancel();
    super.close();
  }
}
