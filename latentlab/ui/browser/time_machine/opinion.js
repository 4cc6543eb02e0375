// What a critic says of a picture, among what it says of real and of generated ones. While somebody
// draws, the critic runs here. binding.py says what `data` holds.

import { Picture, prepare } from "../shared/canvas.js";
import { Rest, View, element, mount, say } from "../shared/live.js";
import { floats } from "../shared/numbers.js";
import { present } from "../shared/presented.js";
import { openChain } from "../networks/loading.js";
import { histogram, shareBelow } from "./scores.js";

const QUIET = 500; // milliseconds after a stroke in which the server's score waits
const REAL = "#0a9396";
const FAKE = "#e76300";

export default (component) => mount(component, (root) => new Opinion(root));
// For tests and benchmarks: a bundle has modules of its own, which nothing else leads to.
export { instances } from "../shared/live.js";

class Opinion extends View {
  constructor(root) {
    super(root);
    this.drawnAt = -Infinity; // when the pad last called
    this.adopting = new Rest(() => this.#adopt());
    const figure = element("figure", { className: "seen" });
    this.canvas = element("canvas", { className: "picture" }, { role: "img" });
    this.picture = new Picture(this.canvas);
    this.caption = element("figcaption");
    figure.append(this.canvas, this.caption);
    this.verdict = element("p", { className: "verdict" });
    this.scores = element("canvas", { className: "scores" }, { role: "img" });
    const legend = element("p", { className: "legend" });
    for (const [name, text] of [["real", "unseen test pictures"], ["fake", "samples of that moment"]]) {
      const item = element("span", { className: name, textContent: text });
      legend.append(item);
    }
    this.status = element("p", { className: "status" });
    const right = element("div", { className: "right" });
    right.append(this.verdict, this.scores, legend, this.status);
    const body = element("div", { className: "body" });
    body.append(figure, right);
    root.replaceChildren(body);
    this.resized = new ResizeObserver(() => this.data && this.#draw());
    this.resized.observe(root);
  }

  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    present(this.root);
    if (!last) this.on(window, data.event, (event) => this.#follow(event.detail));
    const critic = JSON.stringify(data.critic);
    if (!last || critic !== JSON.stringify(last.critic)) this.#fetch();
    if (!last || last.picture.identity !== data.picture.identity || last.score !== data.score) {
      // Whoever is drawing on sees their pen, and the server's score once it rests.
      if (last && performance.now() - this.drawnAt < QUIET) this.adopting.begin(QUIET);
      else this.#adopt();
    } else this.#draw();
  }

  async #fetch() {
    this.fetching?.abort();
    this.chain = null;
    const { critic } = this.data;
    if (!critic) {
      say(this.status, "The server asks the critic, after every stroke.");
      return;
    }
    const { signal } = (this.fetching = new AbortController());
    say(this.status, "Fetching the critic …");
    try {
      const chain = await openChain(critic, signal);
      if (signal.aborted) return;
      this.chain = chain;
      say(this.status, "While you draw, the critic runs in your browser.");
    } catch (error) {
      if (!signal.aborted) say(this.status, `The server asks the critic: ${error.message}`);
    }
  }

  #adopt() {
    const { picture, score } = this.data;
    this.#show(floats(picture.values), picture.shape, picture.caption, score);
  }

  /** What the pad calls out while somebody draws: pixels, or null where nothing is drawn. */
  #follow(values) {
    this.drawnAt = performance.now();
    if (this.adopting.waiting) this.adopting.begin(QUIET);
    if (!values) {
      this.#adopt();
      return;
    }
    if (!this.chain || values.length !== this.chain.decoder.manifest.latent_size) return;
    const [score] = this.chain.decoder.decode(values);
    this.#show(values, this.data.picture.shape, "your drawing", score);
  }

  #show(values, shape, caption, score) {
    this.picture.resize(shape[1], shape[2]);
    this.picture.paint(values);
    say(this.caption, caption);
    this.canvas.setAttribute("aria-label", caption);
    this.score = score;
    this.#draw();
  }

  #draw() {
    const { real, samples, when, bars } = this.data;
    const { score } = this;
    const percent = (share) => `${Math.round(100 * share)} %`;
    say(this.verdict, `${when}, the critic gives it ${score < 0 ? "−" : "+"}${Math.abs(score).toFixed(2)}: more than `
      + `${percent(shareBelow(real, score))} of real test pictures get, and more than `
      + `${percent(shareBelow(samples, score))} of the samples of that moment.`);
    this.scores.setAttribute("aria-label", `Scores of the critic. ${this.verdict.textContent}`);
    const style = getComputedStyle(this.root);
    const sheet = prepare(this.scores);
    if (!sheet) return;
    const { context, width, height } = sheet;
    const type = 0.9 * parseFloat(style.fontSize);
    context.font = `400 ${type}px ${style.fontFamily}`;
    const both = histogram([real, samples], score, bars);
    const [top, bottom] = [1.6 * type, height - 1.8 * type];
    const x = (value) => ((value - both.low) / (both.high - both.low)) * width;
    const step = width / bars;
    const most = Math.max(...both.counts.flat());
    both.counts.forEach((counts, k) => {
      context.fillStyle = [REAL, FAKE][k];
      context.globalAlpha = 0.6;
      counts.forEach((count, i) => {
        const tall = ((bottom - top) * count) / most;
        context.fillRect(i * step + 1, bottom - tall, step - 2, tall);
      });
    });
    context.globalAlpha = 1;
    context.fillStyle = style.color;
    context.fillRect(0, bottom, width, 1);
    const place = Math.min(Math.max(x(score), 1), width - 2);
    context.fillRect(place - 1, top - 2, 3, bottom - top + 2);
    context.textBaseline = "alphabetic";
    context.textAlign = place > width / 2 ? "right" : "left";
    context.fillText("this picture", place, type);
    context.textAlign = "left";
    context.fillText(`${both.low.toFixed(1)}  looks generated`, 0, height - 0.5 * type);
    context.textAlign = "right";
    context.fillText(`looks real  ${both.high.toFixed(1)}`, width, height - 0.5 * type);
  }

  close() {
    this.fetching?.abort();
    this.adopting.cancel();
    this.resized.disconnect();
    super.close();
  }
}
