// A VAE by hand: μ, σ and ε of one picture, the cloud of its codes, and what is decoded from it.
// binding.py says what `data` holds.

import { forward } from "../networks/chain.js";
import { openChain } from "../networks/loading.js";
import { Picture } from "../shared/canvas.js";
import { fetchJson } from "../shared/fetching.js";
import { Frames } from "../shared/frames.js";
import { Rest, View, element, mount, say } from "../shared/live.js";
import { bytes, floats } from "../shared/numbers.js";
import { present } from "../shared/presented.js";
import { cloud } from "./cloud.js";
import { bars } from "./drawing.js";
import { look, narrowest, parts, reparameterise } from "./looking.js";

export default (component) => mount(component, (root) => new Gaussian(root));
// For tests and benchmarks: a bundle has modules of its own, which nothing else leads to.
export { watchers } from "../shared/frames.js";
export { instances } from "../shared/live.js";

const said = ({ version, roll }) => JSON.stringify([version, roll]);
const signed = (value) => `${value < 0 ? "−" : ""}${Math.abs(value).toFixed(2)}`;
const nats = (value) => (value >= 100 ? value.toFixed(0) : value.toFixed(1));

class Gaussian extends View {
  constructor(root) {
    super(root);
    this.chains = new Map(); // by version
    this.rest = new Rest(() => this.#report());
    this.frames = new Frames(
      () => this.#paint(),
      (error) => say(this.status, error.message),
    );
    this.frames.use((x) => this.#compute(x));
    this.resized = new ResizeObserver(() => {
      if (!this.data) return;
      present(this.root);
      this.#ask();
    });
    this.resized.observe(root);
  }

  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    if (!last) {
      this.rolls = data.rolls.map((draws) => draws.map(floats));
      this.prior = data.prior.map(floats);
      this.#build();
    }
    if (!last || (said(data) !== said(last) && said(data) !== this.reported)) {
      Object.assign(this, { version: data.version, roll: data.roll, reported: null });
    }
    if (!last || last.picture.identity !== data.picture.identity) {
      this.values = floats(data.picture.values);
      say(this.caption, data.picture.caption);
    }
    this.tried = data.tried && {
      mean: floats(data.tried.mean), spread: floats(data.tried.spread), again: bytes(data.tried.again),
      decoded: data.tried.decoded.map(bytes), invented: data.tried.invented.map(bytes), loss: data.tried.loss,
    };
    present(this.root);
    this.#fetch();
    this.#ask();
  }

  #ask(time = null) {
    if (this.values) this.frames.request(this.values, time);
  }

  #build() {
    const { versions, picture, rolls } = this.data;
    const canvas = (className, label) => element("canvas", { className }, { role: "img", "aria-label": label });
    const small = (label) => {
      const figure = element("figure");
      const shown = new Picture(canvas("picture", label));
      shown.resize(...picture.shape.slice(1));
      figure.append(shown.canvas);
      return { figure, shown };
    };
    const named = (title, ...words) => {
      const caption = element("figcaption");
      caption.append(element("b", { textContent: title }), ...words);
      return caption;
    };
    const given = small("The picture");
    const again = small("Decoded from μ");
    this.caption = element("span");
    given.figure.append(named("The picture", this.caption));
    again.figure.append(named("Decoded from μ"));
    [this.given, this.again] = [given.shown, again.shown];
    const left = element("div", { className: "pair" });
    left.append(given.figure, again.figure);

    this.code = canvas("bars", "μ and σ of every number of the code");
    this.formula = element("p", { className: "formula" });
    const middle = element("figure", { className: "code" });
    middle.append(named("μ as bars, σ as whiskers, z as dots", element("span", { textContent: "16 numbers" })), this.code, this.formula);

    this.cloud = canvas("cloud", "The cloud of codes in two numbers, within the prior");
    const right = element("figure", { className: "clouded" });
    this.axes = element("span");
    right.append(named("The cloud of z", this.axes), this.cloud);

    const row = (title, words, count) => {
      const box = element("div", { className: "row" });
      const pictures = Array.from({ length: count }, (_, i) => small(`${title} ${i + 1}`));
      const strip = element("div", { className: "strip" });
      strip.append(...pictures.map(({ figure }) => figure));
      box.append(named(title, element("span", { textContent: words })), strip);
      return { box, shown: pictures.map(({ shown }) => shown) };
    };
    const decoded = row("Decoded from z = μ + σ ε", "eight draws of ε", rolls[0].length);
    const invented = row("Decoded from N(0, 1)", "no picture given", this.prior.length);
    [this.decoded, this.invented] = [decoded.shown, invented.shown];

    const range = { type: "range", min: 0, max: versions.length - 1, step: 1 };
    this.slider = element("input", range, { "aria-label": "β, weight of the divergence" });
    this.on(this.slider, "input", () => {
      this.version = versions[this.slider.valueAsNumber].name;
      this.#changed();
      this.#fetch();
    });
    this.sliderLabel = element("span");
    const label = element("label");
    label.append(this.sliderLabel, this.slider);
    const tools = element("div", { className: "tools" });
    tools.append(label, this.button("Roll ε", () => {
      this.roll = (this.roll + 1) % this.rolls.length;
      this.#changed();
    }));
    this.verdict = element("p", { className: "verdict" });
    const answer = element("div", { className: "answer" });
    answer.append(this.verdict, tools);
    const top = element("div", { className: "top" });
    top.append(left, middle, right);
    const rows = element("div", { className: "rows" });
    rows.append(decoded.box, invented.box);
    const body = element("div", { className: "body" });
    body.append(top, rows);
    this.status = element("p", { className: "status" });
    this.spoken = element("p", { className: "spoken" }, { "aria-live": "polite" });
    this.root.replaceChildren(answer, body, this.status, this.spoken);
  }

  #changed() {
    this.#ask(performance.now());
    this.rest.begin();
  }

  #report() {
    const { version, roll } = this;
    this.reported = said(this);
    say(this.spoken, this.verdict.textContent);
    this.setStateValue("chosen", { version, roll });
  }

  get #version() {
    const { versions } = this.data;
    return versions.find(({ name }) => name === this.version) ?? versions[0];
  }

  async #fetch() {
    this.fetching?.abort();
    const { reason, beside } = this.data;
    if (reason) {
      say(this.status, `The server computes these pictures: ${reason}`);
      return;
    }
    const { signal } = (this.fetching = new AbortController());
    const version = this.#version;
    try {
      if (this.besideOf !== beside) {
        this.beside = await fetchJson(beside, signal);
        this.besideOf = beside;
      }
      if (!this.chains.has(version.name)) {
        say(this.status, `Fetching the VAE, ${(version.chain.bytes / 1e6).toFixed(1)} MB …`);
        this.chains.set(version.name, await openChain(version.chain, signal));
        this.#ask();
      }
    } catch (error) {
      if (!signal.aborted) say(this.status, `The server computes these pictures: ${error.message}`);
      return;
    }
    const { difference } = this.chains.get(version.name);
    say(this.status, `Computed in your browser, at most ${difference.toExponential(0)} from torch`);
  }

  #compute(x) {
    const version = this.#version;
    const chain = this.chains.get(version.name);
    const written = this.beside?.[`vae.${version.name}`];
    this.shown = said(this) === said(this.data) ? this.tried : null;
    if (!chain || !written) return x;
    const { weight, bias } = written.variance;
    const beside = { ...written, variance: { weight: floats(weight), bias: floats(bias) } };
    const seen = look(chain.layers, beside, x, x, null);
    const { decoder } = parts(chain.layers);
    const decode = (z) => forward(decoder, z).after.at(-1);
    this.shown = {
      mean: seen.code, spread: seen.spread, again: seen.again, loss: seen.loss,
      decoded: this.rolls[this.roll].map((e) => decode(reparameterise(seen.code, seen.spread, e))),
      invented: this.prior.map(decode),
    };
    return x;
  }

  #paint() {
    const { shown } = this;
    const version = this.#version;
    this.slider.value = this.data.versions.indexOf(version);
    this.slider.setAttribute("aria-valuetext", version.label);
    say(this.sliderLabel, version.label);
    this.given.paint(this.values);
    if (!shown) return;
    const style = getComputedStyle(this.root);
    const colour = style.getPropertyValue("--st-primary-color") || "#5b6ee1";
    const draws = this.rolls[this.roll].map((e) => reparameterise(shown.mean, shown.spread, e));
    this.again.paint(shown.again);
    bars(this.code, shown.mean, { bounded: false, spread: shown.spread, colour, faint: style.color, dots: draws[0] });
    const [i, j] = narrowest(shown.spread);
    say(this.axes, `numbers ${i + 1} and ${j + 1}; circles: the prior at one and two σ`);
    const before = this.rolls.slice(0, this.roll).flat().map((e) => reparameterise(shown.mean, shown.spread, e));
    cloud(this.cloud, { shown, axes: [i, j], draws, before, colour, faint: style.color });
    const [m, s, e] = [shown.mean[i], shown.spread[i], this.rolls[this.roll][0][i]];
    say(this.formula, `z = μ + σ · ε; number ${i + 1}: ${signed(m + s * e)} = ${signed(m)} + ${s.toFixed(2)} · ${e < 0 ? `(${signed(e)})` : signed(e)}`);
    this.decoded.forEach((picture, n) => picture.paint(shown.decoded[n]));
    this.invented.forEach((picture, n) => picture.paint(shown.invented[n]));
    const [reconstruction, penalty] = shown.loss;
    const active = version.active === null ? "" : ` ${version.active} of ${shown.mean.length} numbers are in use over all test pictures.`;
    say(this.verdict, `${version.label}: ${nats(reconstruction)} + ${nats(penalty)} = ${nats(reconstruction + penalty)} nats.${active}`);
  }

  close() {
    this.fetching?.abort();
    this.resized.disconnect();
    this.rest.cancel();
    this.frames.close();
    super.close();
  }
}
