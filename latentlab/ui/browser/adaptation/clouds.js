// Features of two domains while a network is adapted, from moments that were kept. binding.py says
// what `data` holds, and what is fetched.

import { fetchJson } from "../shared/fetching.js";
import { Rest, View, element, mount, say } from "../shared/live.js";
import { bytes } from "../shared/numbers.js";
import { present } from "../shared/presented.js";
import { drawClouds, prepare } from "./clouds_drawing.js";

const PACE = 450; // milliseconds a moment, when it plays
const MARGIN = 1.06; // of what is seen, around the farthest point

export default (component) => mount(component, (root) => new Clouds(root));
// For tests and benchmarks: a bundle has modules of its own, which nothing else leads to.
export { instances } from "../shared/live.js";

class Clouds extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#report());
    this.status = element("p", { className: "status", textContent: "Fetching the moments …" });
    root.append(this.status);
    this.resized = new ResizeObserver(() => {
      present(root);
      this.#draw();
    });
    this.resized.observe(root);
  }

  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    present(this.root);
    if (data.moments !== last?.moments) this.#fetch(data);
    else if (this.kept) this.#build();
    if (last && data.at !== last.at && data.at !== this.reported) {
      this.reported = null; // what the server says is adopted anew
      this.#go(data.at);
    }
  }

  async #fetch({ moments }) {
    this.fetching?.abort();
    const { signal } = (this.fetching = new AbortController());
    try {
      const read = await fetchJson(moments, signal);
      this.kept = read.map((run) => ({ ...run, points: new Int16Array(bytes(run.points).slice().buffer), said: bytes(run.said) }));
    } catch (error) {
      if (!signal.aborted) say(this.status, `The moments cannot be fetched: ${error.message}`);
      return;
    }
    this.at = this.data.at;
    this.#build();
  }

  #build() {
    const { shown } = this.data;
    if (this.built === String(shown)) {
      this.#draw();
      return;
    }
    this.built = String(shown);
    this.#stop();
    const runs = shown.map((run) => this.kept[run]);
    const range = { type: "range", min: 0, max: runs[0].when.length - 1, step: 1, className: "slider" };
    this.slider = element("input", range, { "aria-label": "Moment of the adaptation" });
    this.on(this.slider, "input", () => {
      this.#stop();
      this.#go(this.slider.valueAsNumber);
      this.rest.begin();
    });
    this.play = this.button("Play", () => (this.playing ? this.#stop() : this.#start()));
    this.clock = element("output", { className: "clock" });
    const sliding = element("div", { className: "sliding" });
    sliding.append(this.play, this.slider, this.clock);
    const boards = element("div", { className: "boards" });
    this.cards = runs.map((run) => {
      const box = element("section", { className: "card" }, { "aria-label": run.title });
      const canvas = element("canvas", {}, { role: "img", "aria-label": `${run.title}: features of both domains` });
      const rows = ["target, right", "source, right", "domains’ error"].map((title) => {
        const row = element("p", { className: "meter" });
        const bar = element("span", { className: "bar" });
        const value = element("b");
        bar.append(element("span"));
        row.append(element("span", { textContent: title }), bar, value);
        return { row, bar: bar.firstChild, value };
      });
      box.append(element("h3", { textContent: run.title }), canvas, ...rows.map(({ row }) => row));
      boards.append(box);
      return { run, canvas, rows };
    });
    this.root.replaceChildren(sliding, boards, this.status);
    say(this.status, `Dots: source. Rings: target. Colours: the digit. First two principal components of both domains’ features, of test pictures. ${this.data.note} At an error of 50 % nothing tells the domains apart.`);
    this.#draw();
  }

  #go(at) {
    this.at = at;
    this.#draw();
  }

  #start() {
    if (this.at >= Number(this.slider.max)) this.#go(0);
    say(this.play, "Pause");
    this.playing = setInterval(() => {
      if (this.at >= Number(this.slider.max)) {
        this.#stop();
        this.#report();
      } else this.#go(this.at + 1);
    }, PACE);
  }

  #stop() {
    clearInterval(this.playing);
    this.playing = null;
    if (this.play) say(this.play, "Play");
  }

  #report() {
    if (this.at === this.reported) return;
    this.reported = this.at;
    this.setStateValue("at", this.at);
  }

  #draw() {
    if (!this.kept || !this.cards) return;
    const { at } = this;
    this.slider.value = at;
    this.cards.forEach(({ run, canvas, rows }) => {
      const ready = prepare(canvas);
      const size = 2 * run.labels.length;
      if (ready) {
        const points = run.points.subarray(at * size, (at + 1) * size);
        drawClouds(ready, points, { x: 0, y: 0, half: MARGIN * run.most }, (i) => this.data.colours[run.labels[i]], 2.4);
      }
      run.meters[at].forEach((value, i) => {
        const { bar, value: text } = rows[i];
        bar.style.width = `${i === 2 ? 2 * Math.min(value, 50) : value}%`;
        say(text, `${value.toFixed(1)} %`);
      });
    });
    say(this.clock, this.cards[0].run.when[at]);
    this.slider.setAttribute("aria-valuetext", this.cards[0].run.when[at]);
  }

  close() {
    this.#stop();
    this.fetching?.abort();
    this.resized.disconnect();
    this.rest.cancel();
    super.close();
  }
}
