// Strokes of damage over a photograph, as the browser shows them until the server has painted them.
// They are painted in tiles at full size, a few milliseconds a frame, so that a hand is not held up
// by a large brush on a large picture.

import { element } from "../shared/live.js";
import { amount, degrade, inPixels, outcomes, radiusOf, tileAt, tilesOf } from "./brush.js";

const BUDGET = 8; // milliseconds a frame
const KEPT = 64; // damaged tiles, in case the hand comes back: 16 MB

export class Preview {
  /**
   * @param kinds of damage, by name
   * @param changed called when there is something new to see
   */
  constructor(kinds, changed) {
    Object.assign(this, { kinds, changed });
    this.damaged = new Map(); // what to paint with, by kind, strength and tile
    this.tables = new Map(); // of outcomes, by kind and strength
    this.canvas = element("canvas"); // what is shown, scaled
    this.context = this.canvas.getContext("2d");
    this.clear();
  }

  /** Whether it shows anything. */
  get active() {
    return Boolean(this.base);
  }

  /** Forgets all strokes. */
  clear() {
    Object.assign(this, { base: null, strokes: [], tiles: new Map(), waiting: new Set() });
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  /**
   * Shows strokes over a layer.
   * @param base the layer; it holds the first `skip` strokes already
   * @param clean the layer without any: damage is done to its pixels
   * @param strokes all of them; the last one may have grown since the last call
   */
  show(base, clean, strokes, skip) {
    strokes = strokes.slice(skip);
    this.clean = clean;
    if (base !== this.base || base.shown !== this.shown) {
      this.clear();
      Object.assign(this, { base, shown: base.shown });
      Object.assign(this.canvas, { width: base.shown.width, height: base.shown.height });
      this.context.drawImage(base.shown, 0, 0);
    }
    const before = this.strokes;
    const differs = before.findIndex((stroke, i) => stroke !== strokes[i]);
    const kept = differs < 0 ? before.length : differs;
    for (const stroke of before.slice(kept)) this.#restore(stroke);
    strokes.forEach((stroke, i) => {
      if (i >= kept) this.#queue(stroke);
      else if (differs >= 0) this.#queue(stroke, 0, (number) => !this.tiles.has(number));
      else if (i === kept - 1) this.#queue(stroke, this.points); // it may have grown
    });
    this.strokes = strokes;
    this.points = strokes.at(-1)?.points.length ?? 0;
    this.frame ||= requestAnimationFrame(() => this.#work());
  }

  #queue(stroke, first = 0, wanted = () => true) {
    for (const number of tilesOf(stroke, this.clean.size, first)) {
      if (wanted(number)) this.waiting.add(number);
    }
  }

  /** Puts the base back wherever a stroke was. */
  #restore(stroke) {
    for (const number of tilesOf(stroke, this.clean.size)) {
      this.tiles.delete(number);
      this.waiting.delete(number);
      const at = this.#shownAt(number);
      this.context.drawImage(this.shown, ...at, ...at);
    }
  }

  /** Where a tile is shown; whole pixels, so that tiles meet. */
  #shownAt(number) {
    const { size } = this.clean;
    const [left, top, width, height] = tileAt(number, size);
    const [across, down] = [this.canvas.width / size[0], this.canvas.height / size[1]];
    const [x, y] = [Math.round(left * across), Math.round(top * down)];
    return [x, y, Math.round((left + width) * across) - x, Math.round((top + height) * down) - y];
  }

  #work() {
    this.frame = 0;
    const started = performance.now();
    for (const number of this.waiting) {
      this.waiting.delete(number);
      this.#paint(number);
      if (performance.now() - started > BUDGET) break;
    }
    this.changed();
    if (this.waiting.size) this.frame = requestAnimationFrame(() => this.#work());
  }

  /** Brings one tile up to date. */
  #paint(number) {
    const { size } = this.clean;
    const [left, top, width, height] = tileAt(number, size);
    let tile = this.tiles.get(number);
    if (!tile) {
      const canvas = element("canvas", { width, height });
      tile = { canvas, context: canvas.getContext("2d"), stroke: 0, point: 0 };
      const { bitmap } = this.base;
      const [across, down] = [bitmap.width / size[0], bitmap.height / size[1]]; // both 1, mostly
      tile.context.drawImage(
        bitmap, left * across, top * down, width * across, height * down, 0, 0, width, height,
      );
      this.tiles.set(number, tile);
    }
    while (tile.stroke < this.strokes.length) {
      const stroke = this.strokes[tile.stroke];
      if (tilesOf(stroke, size, tile.point).has(number)) {
        const damage = this.#damage(stroke, number);
        if (!damage) return; // it will call again
        this.#line(tile.context, damage, stroke, tile.point, left, top);
      }
      tile.point = stroke.points.length;
      if (tile.stroke === this.strokes.length - 1) break; // it may grow
      tile.stroke += 1;
      tile.point = 0;
    }
    const at = this.#shownAt(number);
    this.context.imageSmoothingQuality = "high";
    this.context.drawImage(tile.canvas, 0, 0, width, height, ...at);
  }

  /** Draws a stroke from its point `first` on into a tile. */
  #line(context, damage, stroke, first, left, top) {
    const points = inPixels(stroke.points, this.clean.size).map(([x, y]) => [x - left, y - top]);
    const radius = radiusOf(stroke, this.clean.size);
    const pattern = context.createPattern(damage, "no-repeat");
    context.beginPath();
    if (points.length === 1) { // a line of no length is not drawn
      context.fillStyle = pattern;
      context.arc(...points[0], radius, 0, 2 * Math.PI);
      context.fill();
      return;
    }
    Object.assign(context, {
      strokeStyle: pattern, lineWidth: 2 * radius, lineCap: "round", lineJoin: "round",
    });
    context.moveTo(...points[Math.max(first - 1, 0)]);
    for (const point of points.slice(Math.max(first, 1))) context.lineTo(...point);
    context.stroke();
  }

  /** A tile of the clean picture damaged all over; null while that takes its time. */
  #damage({ kind, strength }, number) {
    const key = `${kind} ${strength} ${number}`;
    const found = this.damaged.get(key);
    if (found !== undefined) return found;
    const [left, top, width, height] = tileAt(number, this.clean.size);
    const canvas = element("canvas", { width, height });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(this.clean.bitmap, left, top, width, height, 0, 0, width, height);
    const value = amount(this.kinds[kind], strength);
    if (this.damaged.size >= KEPT) this.damaged.delete(this.damaged.keys().next().value);
    if (kind === "jpeg") {
      this.damaged.set(key, null);
      this.#compress(canvas, value, key, number);
      return null;
    }
    const pixels = context.getImageData(0, 0, width, height);
    degrade(pixels.data, kind, value, this.#outcomes(kind, value), number);
    context.putImageData(pixels, 0, 0);
    this.damaged.set(key, canvas);
    return canvas;
  }

  async #compress(canvas, quality, key, number) {
    const { clean } = this;
    const file = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality / 100));
    const picture = await createImageBitmap(file);
    canvas.getContext("2d").drawImage(picture, 0, 0);
    picture.close();
    if (clean !== this.clean) return;
    this.damaged.set(key, canvas);
    if (!this.active) return;
    this.waiting.add(number);
    this.frame ||= requestAnimationFrame(() => this.#work());
  }

  #outcomes(kind, value) {
    if (kind === "salt_and_pepper") return null;
    const key = `${kind} ${value}`;
    if (!this.tables.has(key)) {
      if (this.tables.size > 8) this.tables.clear();
      this.tables.set(key, outcomes(kind, value));
    }
    return this.tables.get(key);
  }

  /** Forgets what was painted with: the picture is another one. */
  forget() {
    this.clear();
    this.damaged.clear();
  }

  /**
   * Draws the tiles over a part of the picture, at the scale of the loupe.
   * @param part [left, top, side] of the clean layer
   * @param wide pixels of a pane
   */
  magnify(context, [left, top, side], wide) {
    const scale = wide / side;
    context.save();
    context.beginPath();
    context.rect(0, 0, wide, wide);
    context.clip();
    for (const [number, { canvas }] of this.tiles) {
      const [tileLeft, tileTop, width, height] = tileAt(number, this.clean.size);
      if (tileLeft >= left + side || tileTop >= top + side) continue;
      if (tileLeft + width <= left || tileTop + height <= top) continue;
      context.drawImage(
        canvas, 0, 0, width, height,
        (tileLeft - left) * scale, (tileTop - top) * scale, width * scale, height * scale,
      );
    }
    context.restore();
  }
}
