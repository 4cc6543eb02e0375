// A generator and a discriminator, and the steps of their fight: latentlab/adversaries/arena.py.
//
// Everything follows from target, settings and moves, since every draw is a hash of the seed and
// the moment: to go back is to restore the weights, and a link can hold a run.

import { LOOK, MIX, NOISE, OPPONENT, OPPONENT_NOISE, REAL, normal, uniform } from "./draws.js";
import { LOSSES } from "./losses.js";
import { Network } from "./network.js";

const LARGEST = 1e8; // a loss beyond it has exploded
export const ROWS = 512; // that a pass for the eyes may have

/** The networks hold something that is no number any more. */
export class Exploded extends Error {}

export class Arena {
  /** How many numbers of memory an arena takes. */
  static size(settings) {
    const [generator, discriminator] = shapes(settings);
    const rows = Arena.rows(settings);
    return Network.size(generator, rows) + Network.size(discriminator, rows) + 8 * rows;
  }

  static rows = ({ batch }) => Math.max(3 * batch, ROWS);

  /**
   * @param target {anchors: [[x, y], …], sigma, scale}
   * @param settings as in Python, in camel case
   * @param losses [[moment, name of a loss], …], the first at 0
   */
  constructor(matrices, target, settings, losses) {
    Object.assign(this, { target, settings, losses, moment: 0, said: [0, 0] });
    const rows = Arena.rows(settings);
    const [generator, discriminator] = shapes(settings);
    this.generator = new Network(matrices, generator, rows, settings.seed, 0);
    this.discriminator = new Network(matrices, discriminator, rows, settings.seed, 1, settings.spectral);
    this.counts = matrices.take(rows); // what the output of each row counts
    this.real = new Float32Array(2 * settings.batch);
    this.chosen = new Float64Array(settings.batch);
    this.shaken = new Float64Array(2 * settings.batch);
    this.given = new Float64Array(settings.batch * settings.noiseSize);
    this.share = new Float64Array(settings.batch);
  }

  /** The name of the loss that holds now. */
  get loss() {
    return this.losses.findLast(([since]) => since <= this.moment)[1];
  }

  /** By what the learning rates are multiplied now. */
  get pace() {
    const { length } = this.settings;
    return length ? Math.max(0, 1 - this.moment / length) : 1;
  }

  // --- what is drawn -----------------------------------------------------------------------

  /** Writes noise into the generator's input: `drawn.length / noiseSize` rows. */
  #noise(drawn, ...key) {
    const { noise, seed } = this.settings;
    const { input } = this.generator;
    if (noise === "none") {
      input.fill(0, 0, drawn.length);
      return;
    }
    if (noise === "normal") normal(drawn, seed, ...key);
    else uniform(drawn, seed, ...key);
    for (let i = 0; i < drawn.length; i += 1) input[i] = noise === "normal" ? drawn[i] : 2 * drawn[i] - 1;
  }

  /** Writes points of the target as the discriminator sees them. */
  sample(into, ...key) {
    const { anchors, sigma, scale } = this.target;
    const { seed } = this.settings;
    const count = into.length / 2;
    const chosen = uniform(this.chosen.subarray(0, count), seed, ...key, 0);
    const shaken = normal(this.shaken.subarray(0, 2 * count), seed, ...key, 1);
    const divisor = Math.fround(scale);
    for (let i = 0; i < count; i += 1) {
      const anchor = anchors[Math.floor(chosen[i] * anchors.length)];
      for (let j = 0; j < 2; j += 1) {
        into[2 * i + j] = Math.fround(anchor[j] + sigma * shaken[2 * i + j]) / divisor;
      }
    }
    return into;
  }

  // --- steps -------------------------------------------------------------------------------

  /** Writes the discriminator's gradient now, at its `turn`-th step; returns its loss. */
  slopeOfDiscriminator(turn = 0) {
    const { settings, discriminator, generator, counts } = this;
    const { batch, seed } = settings;
    const { discriminator: loss, penalty = "", weight: usual, relative } = LOSSES[this.loss];
    const weight = settings.penalty ?? usual;
    const { input } = discriminator;
    const real = this.sample(this.real, REAL, this.moment, turn);
    this.#noise(this.given, NOISE, this.moment, turn);
    const fake = generator.forward(batch);
    input.set(real);
    input.set(fake, 2 * batch);
    let rows = 2 * batch;
    if (penalty === "between") {
      uniform(this.share, seed, MIX, this.moment, turn);
      for (let i = 0; i < 2 * batch; i += 1) {
        input[4 * batch + i] = fake[i] + Math.fround(this.share[i >> 1]) * (real[i] - fake[i]);
      }
      rows = 3 * batch;
    }
    const said = discriminator.forward(rows);
    let total = 0;
    for (let i = 0; i < batch; i += 1) {
      const [value, byReal, byFake] = loss(said[i], said[batch + i]);
      total += value;
      counts[i] = byReal / batch;
      counts[batch + i] = byFake / batch;
      counts[2 * batch + i] = 0;
    }
    discriminator.back.at(-1).fill(1, 0, rows);
    const slopes = discriminator.backward(rows);
    let punished = 0;
    let tangent = null;
    if (penalty) {
      tangent = penalty === "both" ? [0, 2 * batch] : [2 * batch, 3 * batch];
      const v = discriminator.along[0];
      for (let row = tangent[0]; row < tangent[1]; row += 1) {
        const [x, y] = [slopes[2 * row], slopes[2 * row + 1]];
        let factor = weight; // R1 and R2: weight / 2 times the square
        if (penalty === "both") punished += (weight / 2) * (x * x + y * y);
        else {
          const length = Math.sqrt(x * x + y * y + 1e-12);
          punished += weight * (length - 1) ** 2;
          factor = (2 * weight * (length - 1)) / length;
        }
        v[2 * row] = (factor * x) / batch;
        v[2 * row + 1] = (factor * y) / batch;
      }
      discriminator.tangents(...tangent);
    }
    discriminator.collect(rows, counts, tangent);
    // Rounding leaves something of it, which Adam would take for a direction.
    if (relative) discriminator.layers.at(-1).gradient.bias.fill(0);
    return (total + punished) / batch;
  }

  /** Writes the generator's gradient now; returns its loss. */
  slopeOfGenerator() {
    const { settings: { batch }, discriminator, generator } = this;
    const { generator: loss, paired } = LOSSES[this.loss];
    this.#noise(this.given, OPPONENT_NOISE, this.moment);
    const fake = generator.forward(batch);
    // Generated ones first: nothing has to come back from the real ones.
    discriminator.input.set(fake);
    if (paired) discriminator.input.set(this.sample(this.real, OPPONENT, this.moment), 2 * batch);
    const said = discriminator.forward(paired ? 2 * batch : batch);
    const last = discriminator.back.at(-1);
    let total = 0;
    for (let i = 0; i < batch; i += 1) {
      const [value, byFake] = loss(paired ? said[batch + i] : 0, said[i]);
      total += value;
      last[i] = byFake / batch;
    }
    const slopes = discriminator.backward(batch);
    generator.back.at(-1).set(slopes.subarray(0, 2 * batch));
    generator.backward(batch);
    generator.collect(batch, null);
    return total / batch;
  }

  /** Plays one move: "step", "discriminator" or "generator". Throws Exploded. */
  move(kind) {
    const { settings: { rate, turns }, pace } = this;
    if (kind !== "generator") {
      const count = kind === "step" ? turns : 1;
      for (let turn = 0; turn < count; turn += 1) {
        this.said[1] = this.#finite(this.slopeOfDiscriminator(turn));
        this.discriminator.update(rate[1] * pace);
      }
    }
    if (kind !== "discriminator") {
      this.said[0] = this.#finite(this.slopeOfGenerator());
      this.generator.update(rate[0] * pace);
    }
    this.moment += 1;
  }

  #finite(loss) {
    if (Math.abs(loss) <= LARGEST) return loss; // false for NaN
    throw new Exploded(`The loss is no usable number any more after ${this.moment} steps.`);
  }

  // --- for the eyes ------------------------------------------------------------------------

  /** Returns generated points [count, 2] in the target's units, always of the same noise. */
  generate(count) {
    const { noiseSize } = this.settings;
    const made = new Float32Array(2 * count);
    const { input } = this.generator;
    if (!this.looks || this.looks.length !== count * noiseSize) {
      // All of them at once: a shorter array of normal numbers begins with the same ones.
      const drawn = new Float64Array(count * noiseSize);
      this.#draw(drawn);
      this.looks = Float32Array.from(drawn);
    }
    for (let row = 0; row < count; row += ROWS) {
      const n = Math.min(ROWS, count - row);
      input.set(this.looks.subarray(row * noiseSize, (row + n) * noiseSize));
      made.set(this.generator.forward(n), 2 * row);
    }
    for (let i = 0; i < made.length; i += 1) made[i] *= this.target.scale;
    return made;
  }

  #draw(drawn) {
    const { noise, seed } = this.settings;
    if (noise === "none") return;
    if (noise === "normal") normal(drawn, seed, LOOK, 0);
    else uniform(drawn, seed, LOOK, 0).forEach((value, i) => { drawn[i] = 2 * value - 1; });
  }

  /** Returns what the generator makes of given noise [n, noiseSize], in the target's units. */
  map(noise) {
    const { noiseSize } = this.settings;
    const count = noise.length / noiseSize;
    const made = new Float32Array(2 * count);
    for (let row = 0; row < count; row += ROWS) {
      const n = Math.min(ROWS, count - row);
      this.generator.input.set(noise.subarray(row * noiseSize, (row + n) * noiseSize));
      made.set(this.generator.forward(n), 2 * row);
    }
    for (let i = 0; i < made.length; i += 1) made[i] *= this.target.scale;
    return made;
  }

  /** Returns what the discriminator says of points [n, 2] in the target's units: [n]. */
  judge(points) {
    const count = points.length / 2;
    const said = new Float32Array(count);
    const { input } = this.discriminator;
    for (let row = 0; row < count; row += ROWS) {
      const n = Math.min(ROWS, count - row);
      for (let i = 0; i < 2 * n; i += 1) input[i] = points[2 * row + i] / this.target.scale;
      said.set(this.discriminator.forward(n), row);
    }
    return said;
  }

  /**
   * Returns {said, pull}: what the discriminator says of at most ROWS points, and where each of
   * them would go to lower the generator's loss, [n, 2] in the target's units.
   * @param against what the discriminator says of real points, on average
   */
  pull(points, against) {
    const n = points.length / 2;
    const { discriminator, target: { scale } } = this;
    for (let i = 0; i < 2 * n; i += 1) discriminator.input[i] = points[i] / scale;
    const said = discriminator.forward(n).slice();
    const { generator: loss } = LOSSES[this.loss];
    said.forEach((f, i) => { [, discriminator.back.at(-1)[i]] = loss(against, f); });
    const pull = discriminator.backward(n).slice(0, 2 * n);
    for (let i = 0; i < pull.length; i += 1) pull[i] *= -scale;
    return { said, pull };
  }

  // --- keeping -----------------------------------------------------------------------------

  /** Returns all that a later moment follows from. */
  keep() {
    const { moment, said, generator, discriminator } = this;
    return { moment, said: [...said], generator: generator.keep(), discriminator: discriminator.keep() };
  }

  restore({ moment, said, generator, discriminator }) {
    Object.assign(this, { moment, said: [...said] });
    this.generator.restore(generator);
    this.discriminator.restore(discriminator);
  }
}

function shapes({ noiseSize, width, depth }) {
  return [
    [noiseSize, ...Array(depth[0]).fill(width[0]), 2],
    [2, ...Array(depth[1]).fill(width[1]), 1],
  ];
}
