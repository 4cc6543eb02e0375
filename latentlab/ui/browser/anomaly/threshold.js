// Scores of normal pictures against those of all others, with a threshold under the finger.
// binding.py says what `data` holds.

import { prepare } from "../shared/canvas.js";
import { Frames } from "../shared/frames.js";
import { Rest, View, element, mount, say } from "../shared/live.js";
import { clamp, floats } from "../shared/numbers.js";
import { STEPS, above, alarms, area, ascending, curve, histogram, scale, short } from "./alarms.js";

const NORMAL = "#3f90da";
const STRANGE = "#e76300";
const BINS = 60;

export default (component) => mount(component, (root) => new Threshold(root));
// For tests and benchmarks: a bundle has modules of its own, which nothing else leads to.
export { watchers } from "../shared/frames.js";
export { instances } from "../shared/live.js";

const percent = (share) => (Number.isNaN(share) ? "–" : `${(100 * share).toFixed(share > 0.995 && share < 1 ? 1 : 0)} %`);

class Threshold extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#report());
    this.frames = new Frames(
      () => this.#paint(),
      (error) => say(this.verdict, error.message),
    );
    this.frames.use((at) => at);
    this.#build();
    this.resized = new ResizeObserver(() => this.#dress());
    this.resized.observe(root);
  }

  #build() {
    this.verdict = element("p", { className: "verdict" }, { "aria-live": "polite" });
    this.bars = element("canvas", { className: "bars" }, { role: "img" });
    this.roc = element("canvas", { className: "roc" }, { role: "img" });
    const range = { type: "range", min: 0, max: STEPS, step: 1, className: "slider" };
    this.slider = element("input", range, { "aria-label": "Threshold" });
    this.on(this.slider, "input", () => this.#move(this.slider.valueAsNumber));
    const drag = (event) => {
      if (event.type === "pointerdown") this.bars.setPointerCapture(event.pointerId);
      else if (!event.buttons) return;
      const box = this.bars.getBoundingClientRect();
      this.#move((STEPS * (event.clientX - box.left - 8)) / (box.width - 16));
    };
    this.on(this.bars, "pointerdown", drag);
    this.on(this.bars, "pointermove", drag);
    this.numbers = {};
    const table = element("dl", { className: "numbers" });
    for (const [name, title] of [
      ["precision", "Precision"],
      ["recall", "Recall"],
      ["falseAlarms", "False alarms"],
      ["area", "AUROC"],
    ]) {
      const cell = element("div", { className: `cell ${name}` });
      this.numbers[name] = element("dd");
      cell.append(element("dt", { textContent: title }), this.numbers[name]);
      table.append(cell);
    }
    const left = element("div", { className: "left" });
    left.append(this.bars, this.slider);
    this.suggest = this.button(
      "5 % of held-out normal pictures",
      () => this.#move(this.axis.position(this.data.suggested)),
      "The threshold that one in twenty normal pictures lies above, of those kept back from training",
    );
    this.suggest.className = "suggest";
    const tools = element("div", { className: "tools" });
    tools.append(table, this.suggest);
    const body = element("div", { className: "body" });
    body.append(left, this.roc);
    this.root.replaceChildren(this.verdict, body, tools);
  }

  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    if (!last || last.identity !== data.identity) {
      this.normal = ascending(floats(data.normal));
      this.outliers = ascending(floats(data.outliers));
      this.axis = scale(this.normal, this.outliers);
      this.bins = [this.normal, this.outliers].map((g) => histogram(g, this.axis, BINS));
      this.points = curve(this.normal, this.outliers);
      this.area = area(this.normal, this.outliers);
      this.at = data.at ?? this.axis.position(data.suggested);
    } else if (data.at !== last.at && data.at !== this.reported) {
      this.at = data.at ?? this.axis.position(data.suggested);
    }
    this.#dress();
  }

  #dress() {
    if (!this.data) return;
    this.root.classList.toggle(
      "presented",
      getComputedStyle(this.root).getPropertyValue("--stage") !== "",
    );
    this.slider.value = this.at;
    this.frames.request([this.at]);
  }

  #move(position) {
    this.at = clamp(Math.round(position), 0, STEPS);
    this.slider.value = this.at;
    this.frames.request([this.at], performance.now());
    this.rest.begin();
  }

  #paint() {
    const threshold = this.axis.value(this.at);
    const found = alarms(this.normal, this.outliers, threshold);
    for (const name of ["precision", "recall", "falseAlarms"]) {
      say(this.numbers[name], percent(found[name]));
    }
    say(this.numbers.area, this.area.toFixed(3));
    const words = this.#words(threshold);
    say(this.verdict, words);
    this.slider.setAttribute(
      "aria-valuetext",
      `${short(threshold)}: recall ${percent(found.recall)}, false alarms ${percent(found.falseAlarms)}`,
    );
    const style = getComputedStyle(this.root);
    this.#drawBars(threshold, style);
    this.#drawRoc(found, style);
  }

  #words(threshold) {
    const { score, normalName } = this.data;
    if (score === null) {
      return `Threshold ${short(threshold)}: whatever scores above it is reported.`;
    }
    const passed = 1 - above(this.normal, score) / this.normal.length;
    const verdict = score > threshold ? "an alarm" : "it passes as normal";
    const rank = passed === 1 ? "any of the" : `${percent(passed)} of the`;
    return `This picture scores ${short(score)}, more than ${rank} normal test pictures (${normalName}): ${verdict}.`;
  }

  #context(canvas, style) {
    const sheet = prepare(canvas);
    if (!sheet) return null;
    const { context, width, height } = sheet;
    const type = 0.85 * parseFloat(style.fontSize);
    context.font = `400 ${type}px ${style.fontFamily}`;
    context.fillStyle = context.strokeStyle = style.color;
    return { context, width, height, type };
  }

  #drawBars(threshold, style) {
    const drawn = this.#context(this.bars, style);
    if (!drawn) return;
    const { context, width, height, type } = drawn;
    const inset = 8; // half the slider's thumb
    const x = (position) => inset + (position / STEPS) * (width - 2 * inset);
    const [top, bottom] = [2.8 * type, height - 1.5 * type];
    const most = Math.max(...this.bins[0], ...this.bins[1]);
    const step = (width - 2 * inset) / BINS;
    [NORMAL, STRANGE].forEach((colour, group) => {
      context.fillStyle = colour;
      context.globalAlpha = 0.62;
      this.bins[group].forEach((share, bin) => {
        const tall = (share / most) * (bottom - top);
        context.fillRect(inset + bin * step + 0.5, bottom - tall, step - 1, tall);
      });
    });
    context.globalAlpha = 1;
    context.textBaseline = "top";
    let left = inset;
    for (const [colour, text] of [
      [NORMAL, `normal: ${this.data.normalName}`],
      [STRANGE, this.data.othersName],
    ]) {
      context.fillStyle = colour;
      context.fillRect(left, 1, type, type);
      context.fillStyle = style.color;
      context.fillText(text, left + 1.4 * type, 1);
      left += 2.6 * type + context.measureText(text).width;
    }
    context.globalAlpha = 0.7;
    context.textBaseline = "bottom";
    for (const position of [0, 250, 500, 750, 1000]) {
      context.textAlign = position === 0 ? "left" : position === STEPS ? "right" : "center";
      context.fillText(short(this.axis.value(position)), x(position), height);
    }
    context.textAlign = "left";
    context.globalAlpha = 0.08;
    context.fillRect(x(this.at), top, width - inset - x(this.at), bottom - top);
    context.globalAlpha = 1;
    context.fillRect(x(this.at) - 1.5, top - 0.6 * type, 3, bottom - top + 0.6 * type);
    const label = "alarm →";
    const room = width - x(this.at) > context.measureText(label).width + 10;
    context.textAlign = room ? "left" : "right";
    context.textBaseline = "top";
    context.fillText(room ? label : "alarm", x(this.at) + (room ? 6 : -6), 1.5 * type);
    context.textAlign = "left";
    const { score } = this.data;
    if (score === null) return;
    const at = x(clamp(this.axis.position(score), 0, STEPS));
    context.beginPath();
    context.moveTo(at, bottom - 2);
    context.lineTo(at - 7, bottom - 15);
    context.lineTo(at + 7, bottom - 15);
    context.closePath();
    context.lineWidth = 3;
    context.strokeStyle = "#fff";
    context.stroke();
    context.fillStyle = "#000";
    context.fill();
  }

  #drawRoc(found, style) {
    const drawn = this.#context(this.roc, style);
    if (!drawn) return;
    const { context, width, height, type } = drawn;
    const [left, top, right, bottom] = [1.5 * type, 6, width - 8, height - 1.5 * type];
    const x = (share) => left + share * (right - left);
    const y = (share) => bottom - share * (bottom - top);
    context.globalAlpha = 0.25;
    context.lineWidth = 1;
    context.strokeRect(left, top, right - left, bottom - top);
    context.setLineDash([4, 4]);
    context.beginPath();
    context.moveTo(x(0), y(0));
    context.lineTo(x(1), y(1));
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
    context.strokeStyle = NORMAL;
    context.lineWidth = 2.5;
    context.beginPath();
    this.points.forEach(([across, up], i) => (i ? context.lineTo(x(across), y(up)) : context.moveTo(x(across), y(up))));
    context.stroke();
    context.fillStyle = STRANGE;
    context.beginPath();
    context.arc(x(found.falseAlarms), y(found.recall), 7, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = style.color;
    context.globalAlpha = 0.8;
    context.textBaseline = "bottom";
    context.textAlign = "center";
    context.fillText("false alarms", (left + right) / 2, height);
    context.save();
    context.translate(1.1 * type, (top + bottom) / 2);
    context.rotate(-Math.PI / 2);
    context.fillText("recall", 0, 0);
    context.restore();
    context.globalAlpha = 1;
    const says = `ROC curve: recall ${percent(found.recall)} at ${percent(found.falseAlarms)} false alarms; area ${this.area.toFixed(3)}`;
    this.roc.setAttribute("aria-label", says);
    this.bars.setAttribute("aria-label", `Scores of ${this.data.normalName} and of ${this.data.othersName}`);
  }

  #report() {
    this.reported = this.at;
    this.setStateValue("at", this.at);
  }

  close() {
    this.resized.disconnect();
    this.rest.cancel();
    this.frames.close();
    super.close();
  }
}
