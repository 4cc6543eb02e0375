// A photograph, noisy on one side of a divider and denoised on the other.

import { media } from "../shared/fetching.js";
import { element, say } from "../shared/live.js";

export class Wipe {
  /**
   * @param view the component, for its listeners
   * @param go called when the visitor wants to see more
   */
  constructor(view, go) {
    this.box = element("figure", { className: "wipe" });
    const pad = element("div", { className: "pad" });
    this.noisy = element("img", { alt: "" });
    this.denoised = element("img", { alt: "" });
    const line = element("div", { className: "line" });
    this.tags = ["noisy", "denoised"].map((side) => element("b", { className: side }));
    this.input = element("input", { type: "range", min: 0, max: 100, step: "any", value: 50 }, {
      "aria-label": "Divider between the noisy and the denoised photograph",
    });
    const set = () => pad.style.setProperty("--at", `${this.input.value}%`);
    view.on(this.input, "input", set);
    view.on(this.input, "pointermove", (event) => {
      if (event.pointerType !== "mouse" || event.buttons) return; // a drag moves the slider itself
      const { left, width } = this.input.getBoundingClientRect();
      this.input.value = (100 * (event.clientX - left)) / width;
      set();
    });
    set();
    pad.append(this.noisy, this.denoised, line, ...this.tags, this.input);
    this.words = element("span");
    const caption = element("figcaption");
    caption.append(this.words, view.button("Denoise one of yours", go, "Denoise, with this photograph"));
    this.box.append(pad, caption);
  }

  update({ noisy, denoised, words, tags, size }) {
    pad(this.noisy, noisy, size);
    pad(this.denoised, denoised, size);
    this.tags.forEach((tag, side) => say(tag, tags[side]));
    this.input.setAttribute("aria-description", tags.join("; "));
    say(this.words, words);
  }
}

function pad(image, address, [width, height]) {
  Object.assign(image, { width, height });
  const src = media(address);
  if (image.src !== src) image.src = src;
}
