// A pad on which a distribution is drawn by hand.

import { element } from "../shared/live.js";
import { COLOURS, prepare } from "./board.js";

const MOST = 400; // points of a drawing
const GRID = 250; // steps from the middle to the edge, in an address
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Returns points along strokes, equally far apart, at most as many as an address holds. */
export function along(strokes, most = MOST) {
  const size = ([a, b], [c, d]) => Math.hypot(a - c, b - d);
  const whole = strokes.reduce(
    (sum, stroke) => sum + stroke.slice(1).reduce((part, point, i) => part + size(stroke[i], point), 0), 0,
  );
  const step = Math.max(0.02, whole / (most - strokes.length - 1));
  const found = [];
  for (const stroke of strokes) {
    if (!stroke.length || found.length >= most) continue;
    found.push(stroke[0]);
    let left = step;
    for (let i = 1; i < stroke.length; i += 1) {
      const [from, to] = [stroke[i - 1], stroke[i]];
      const length = size(from, to);
      while (left <= length && found.length < most) {
        const share = left / length;
        found.push([from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]);
        left += step;
      }
      left -= length;
    }
  }
  return found;
}

/** Points as an address holds them. */
export function writeDrawing(points) {
  const letter = (place) => {
    const number = Math.min(2 * GRID, Math.max(0, Math.round((place + 1) * GRID)));
    return LETTERS[number >> 6] + LETTERS[number & 63];
  };
  return points.map(([x, y]) => letter(x) + letter(y)).join("");
}

/** The pad; `onDrawn(text)` gets what was drawn when the pen is lifted. */
export class Pad {
  constructor(view, onDrawn) {
    this.strokes = [];
    this.canvas = element("canvas", { className: "pad" }, { role: "img", "aria-label": "Pad: draw a distribution here" });
    this.box = element("div", { className: "padding" });
    this.box.append(
      element("p", { textContent: "Draw where points shall lie; each stroke adds to it." }),
      this.canvas,
      view.button("Clear", () => {
        this.strokes = [];
        this.draw();
      }),
    );
    const place = (event) => {
      const box = this.canvas.getBoundingClientRect();
      const clip = (value) => Math.min(1, Math.max(-1, value));
      return [clip((2 * (event.clientX - box.left)) / box.width - 1), clip(1 - (2 * (event.clientY - box.top)) / box.height)];
    };
    view.on(this.canvas, "pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.strokes.push([place(event)]);
      this.drawing = true;
      this.draw();
    });
    view.on(this.canvas, "pointermove", (event) => {
      if (!this.drawing) return;
      this.strokes.at(-1).push(place(event));
      this.draw();
    });
    const lift = () => {
      if (!this.drawing) return;
      this.drawing = false;
      onDrawn(writeDrawing(along(this.strokes)));
    };
    view.on(this.canvas, "pointerup", lift);
    view.on(this.canvas, "pointercancel", lift);
  }

  draw() {
    const ready = prepare(this.canvas);
    if (!ready) return;
    const { context, width, height } = ready;
    context.strokeStyle = COLOURS.real;
    context.lineWidth = 4;
    context.lineCap = context.lineJoin = "round";
    for (const stroke of this.strokes) {
      context.beginPath();
      stroke.forEach(([x, y], i) => {
        const at = [((x + 1) / 2) * width, ((1 - y) / 2) * height];
        if (i) context.lineTo(...at);
        else context.moveTo(...at);
      });
      if (stroke.length < 2) context.lineTo(((stroke[0][0] + 1) / 2) * width + 0.1, ((1 - stroke[0][1]) / 2) * height);
      context.stroke();
    }
  }
}
