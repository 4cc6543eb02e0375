// The newest state of a component, drawn once a frame.

/** Functions to call with the times of an input and of the frame that shows it; for benchmarks. */
export const watchers = new Set();

/**
 * Draws the newest state once a frame, however often it changes.
 *
 * `decode(z)` gives pixels, or a promise of `{image}`; then no other is asked before it comes.
 * `paint(image)` draws them. A failure goes to `fail(error)`.
 */
export class Frames {
  constructor(paint, fail) {
    Object.assign(this, { paint, fail, decode: null, pairs: [] });
    this.wanted = null; // the newest code that has not been asked for
    this.since = null; // when the oldest input came that it answers
    this.busy = false;
    this.frame = 0;
  }

  /** Asks for the picture of `z`, because of an input at `time` (null: nobody is waiting). */
  request(z, time = null) {
    this.wanted = z;
    this.since ??= time;
    this.#schedule();
  }

  /** Whether the newest picture asked for is drawn. */
  get idle() {
    return !this.busy && !this.wanted;
  }

  /** Uses another decoder from now on; the picture of the old one is not waited for. */
  use(decode) {
    this.decode = decode;
    this.busy = false;
    if (this.wanted) this.#schedule();
  }

  #schedule() {
    if (!this.frame && !this.busy && this.decode) {
      this.frame = requestAnimationFrame(() => this.#draw());
    }
  }

  async #draw() {
    this.frame = 0;
    const { decode, wanted, since } = this;
    if (!decode || !wanted) return;
    this.wanted = this.since = null;
    try {
      let image = decode(Float32Array.from(wanted));
      if (image instanceof Promise) {
        this.busy = true;
        ({ image } = await image);
        if (decode !== this.decode) return; // another one is used by now
        this.busy = false;
      }
      this.paint(image);
      // What is drawn in one frame is on the screen when the next begins.
      if (since !== null) requestAnimationFrame(() => this.#record(since, performance.now()));
      if (this.wanted) this.#schedule();
    } catch (error) {
      if (decode !== this.decode) return;
      this.wanted ??= wanted;
      this.busy = false;
      this.fail(error);
    }
  }

  #record(input, paint) {
    for (const watch of watchers) watch(input, paint);
    this.pairs.push([input, paint]);
    if (this.pairs.length > 600) this.pairs.splice(0, 300);
  }

  /** Frames a second over the last second of moving; null before anything has moved. */
  rate() {
    let frames = 0;
    let time = 0;
    for (let i = this.pairs.length - 1; i > 0 && time < 1000; i -= 1) {
      const gap = this.pairs[i][1] - this.pairs[i - 1][1];
      if (gap > 250) continue; // a pause of the hand
      frames += 1;
      time += gap;
    }
    return frames < 5 ? null : (1000 * frames) / time;
  }

  close() {
    cancelAnimationFrame(this.frame);
    this.decode = this.wanted = null;
  }
}
