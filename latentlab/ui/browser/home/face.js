// A face whose code lies on a plane: the place of the pointer in the picture is its two numbers.

import { openFor } from "../decoder/opening.js";
import { Picture } from "../shared/canvas.js";
import { persist } from "../shared/fetching.js";
import { Frames } from "../shared/frames.js";
import { ARROWS, element, modified, say } from "../shared/live.js";
import { clamp } from "../shared/numbers.js";

const ALONE = 5000; // milliseconds that it moves by itself, once, so that one sees that it can
const ATTEMPTS = 6; // at opening a decoder, over 16 seconds
const STILL = "A face that a network makes of a few numbers"; // while it cannot be moved
const STEP = 0.25; // of an arrow key, in standard deviations

export class Face {
  /**
   * @param view the component, for its listeners
   * @param go called with the place [x, y] at which the visitor wants to see more
   */
  constructor(view, go) {
    this.box = element("figure", { className: "face" });
    this.pad = element("div", { className: "pad" });
    this.still = element("img", { alt: "A cartoon face as a network draws it" });
    this.canvas = element("canvas", { hidden: true });
    this.marker = element("div", { className: "marker", hidden: true });
    this.pad.append(this.still, this.canvas, this.marker);
    this.words = element("span", { textContent: STILL });
    const more = view.button("Turn all", () => go(this.at), "Explore, at this very face");
    this.more = more;
    more.hidden = true;
    const caption = element("figcaption");
    caption.append(this.words, more);
    this.box.append(this.pad, caption);
    this.at = [0, 0];
    this.picture = new Picture(this.canvas);
    this.frames = new Frames((image) => this.picture.paint(image), () => this.#stop());
    this.#listen(view);
  }

  #listen(view) {
    const go = (event) => {
      if (!this.decoder) return;
      this.touched = true;
      const { left, top, width, height } = this.pad.getBoundingClientRect();
      const x = (2 * (event.clientX - left)) / width - 1;
      const y = 1 - (2 * (event.clientY - top)) / height;
      this.#show([x * this.reach, y * this.reach], event.timeStamp);
    };
    view.on(this.pad, "pointermove", go);
    view.on(this.pad, "pointerdown", go);
    view.on(this.pad, "keydown", (event) => {
      const arrow = ARROWS[event.key];
      if (!arrow || modified(event) || !this.decoder) return;
      event.preventDefault();
      this.touched = true;
      const far = event.shiftKey ? 4 * STEP : STEP;
      const [x, y] = this.at;
      this.#show([x + arrow[0] * far, y - arrow[1] * far], event.timeStamp);
    });
  }

  update({ still, decoder, reach, names, size }) {
    if (this.still.getAttribute("src") !== still) this.still.src = still;
    Object.assign(this, { reach, names, size });
    if (decoder?.weights === this.address) return;
    this.address = decoder?.weights;
    this.#stop();
    if (decoder) this.#open(decoder);
  }

  async #open(source) {
    const { signal } = (this.opening = new AbortController());
    let decoder;
    try {
      // A machine that is still busy opening the page may only seem too slow.
      const open = () => openFor(source, signal);
      ({ decoder } = await persist(open, { signal, attempts: ATTEMPTS }));
    } catch {
      return; // without WebAssembly, or on a machine too slow for it, the face stands still
    }
    if (signal.aborted) return decoder.close();
    this.decoder = decoder;
    const [, height, width] = decoder.manifest.image_shape;
    this.picture.resize(height, width);
    this.frames.use((z) => decoder.decode(z));
    Object.assign(this.pad, { tabIndex: 0, role: "application" });
    this.canvas.hidden = this.marker.hidden = this.more.hidden = false;
    this.#show([0, 0], null);
    this.#moveAlone(performance.now());
  }

  /** Moves in a loop for a while, from the middle back to it, unless somebody takes over. */
  #moveAlone(begun) {
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const turn = (now) => {
      const part = Math.min((now - begun) / ALONE, 1);
      if (this.touched || !this.decoder) return;
      const swing = 0.8 * this.reach * Math.sin(Math.PI * part);
      const angle = 2 * Math.PI * part;
      this.#show([swing * Math.cos(angle), swing * Math.sin(angle)], null);
      if (part < 1) requestAnimationFrame(turn);
    };
    requestAnimationFrame(turn);
  }

  #show(at, time) {
    this.at = at.map((value) => clamp(value, -this.reach, this.reach));
    const [x, y] = this.at.map((value) => value / this.reach);
    this.marker.style.left = `${50 * (1 + x)}%`;
    this.marker.style.top = `${50 * (1 - y)}%`;
    this.frames.request(Float32Array.from(this.at), time);
    const tenths = this.at.map((value) => Math.round(10 * value) / 10 + 0); // no minus before 0.0
    const said = tenths.map((value) => value.toFixed(1).replace("-", "−"));
    say(this.words, `The pointer turns two of this face's ${this.size} numbers: ${said.join(", ")}`);
    this.pad.setAttribute(
      "aria-label",
      `A face, decoded as you move: ${this.names[0]} ${said[0]}, ${this.names[1]} ${said[1]}. `
        + "The arrow keys move it.",
    );
  }

  #stop() {
    this.opening?.abort();
    this.decoder?.close();
    this.decoder = null;
    this.canvas.hidden = this.marker.hidden = this.more.hidden = true;
    for (const name of ["tabindex", "role", "aria-label"]) this.pad.removeAttribute(name);
    say(this.words, STILL);
  }

  close() {
    this.#stop();
    this.frames.close();
  }
}
