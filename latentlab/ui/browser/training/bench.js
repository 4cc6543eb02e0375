// Two moons, and the same two turned: latentlab/adaptation/plane.py. A network makes features of
// points; one classifier reads their class, another their domain, and its gradient is reversed.
//
// As in an arena everything follows from settings and moves. A move is a strength in hundredths.

import { Exploded } from "./arena.js";
import { normal, uniform } from "./draws.js";
import { sigmoid, softplus } from "./losses.js";
import { Network } from "./network.js";

export const ROWS = 512; // that a pass for the eyes may have
export const POINTS = 300; // of each domain, that are drawn and read
const [SOURCE, TARGET, LOOK_SOURCE, LOOK_TARGET] = [8, 9, 10, 11];
const SIGMA = 0.1;
const [MIDDLE_X, MIDDLE_Y] = [0.5, 0.25];
const WIDTHS = [4, 2, 1, 0.5, 0.25]; // of MMD's kernels; each is the one before, squared
const WEIGHT = 1; // of MMD at a strength of 1
const NEIGHBOURS = 15;
const LARGEST = 1e8; // a loss beyond it has exploded

/** Writes [n, 2] points of two moons, turned, into `points`, and into `lower` on which each lies. */
export function moons(points, lower, share, angle, ...key) {
  const count = lower.length;
  const chosen = uniform(new Float64Array(count), ...key, 0);
  const along = uniform(new Float64Array(count), ...key, 1);
  const noise = normal(new Float64Array(2 * count), ...key, 2);
  const turn = (angle * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  for (let i = 0; i < count; i += 1) {
    lower[i] = chosen[i] >= share ? 1 : 0;
    const [c, s] = [Math.cos(Math.PI * along[i]), Math.sin(Math.PI * along[i])];
    const x = (lower[i] ? 1 - c : c) + SIGMA * noise[2 * i] - MIDDLE_X;
    const y = (lower[i] ? 0.5 - s : s) + SIGMA * noise[2 * i + 1] - MIDDLE_Y;
    points[2 * i] = cos * x - sin * y;
    points[2 * i + 1] = sin * x + cos * y;
  }
}

export class Bench {
  /** How many numbers of memory a bench takes. */
  static size(settings) {
    const rows = Bench.rows(settings);
    return shapes(settings).reduce((sum, sizes) => sum + Network.size(sizes, rows), 0);
  }

  static rows = ({ batch }) => Math.max(2 * batch, ROWS);

  /**
   * @param target {angle, share}
   * @param settings {seed, batch, width, depth, features, rate}
   * @param methods [[0, "source" | "dann" | "mmd"]]; named as an arena's losses are
   */
  constructor(matrices, target, settings, methods) {
    Object.assign(this, { target, settings, losses: methods, moment: 0, said: [0, 0] });
    const rows = Bench.rows(settings);
    const [features, classes, domains] = shapes(settings)
      .map((sizes, number) => new Network(matrices, sizes, rows, settings.seed, number));
    Object.assign(this, { features, classes, domains });
    const { batch } = settings;
    this.points = [new Float32Array(2 * batch), new Float32Array(2 * batch)];
    this.lower = [new Float32Array(batch), new Float32Array(batch)];
    this.weighed = new Float64Array(4 * batch * batch);
  }

  get method() {
    return this.losses.at(-1)[1];
  }

  /** Writes the gradients of all networks now; returns [loss of the classes, of the domains]. */
  slopes(strength) {
    const { settings: { batch, seed, features: size }, target, features, classes, domains, points, lower } = this;
    moons(points[0], lower[0], 0.5, 0, seed, SOURCE, this.moment);
    moons(points[1], lower[1], target.share, target.angle, seed, TARGET, this.moment);
    features.input.set(points[0]);
    features.input.set(points[1], 2 * batch);
    const made = features.forward(2 * batch);
    // The classes are known in the source alone.
    classes.input.set(made.subarray(0, size * batch));
    const said = classes.forward(batch);
    let ours = 0;
    for (let i = 0; i < batch; i += 1) {
      ours += softplus(said[i]) - lower[0][i] * said[i];
      classes.back.at(-1)[i] = (sigmoid(said[i]) - lower[0][i]) / batch;
    }
    const back = features.back.at(-1);
    back.fill(0, 0, 2 * size * batch);
    back.set(classes.backward(batch).subarray(0, size * batch));
    classes.collect(batch, null);
    const theirs = this.method === "mmd" ? this.#discrepancy(made, back, WEIGHT * strength) : this.#adversary(made, back, strength);
    features.backward(2 * batch);
    features.collect(2 * batch, null);
    return [ours / batch, theirs];
  }

  /** Asks for the domains, and adds their gradient reversed to `back`; returns their loss. */
  #adversary(made, back, strength) {
    const { settings: { batch }, domains, method } = this;
    domains.input.set(made);
    const said = domains.forward(2 * batch);
    let total = 0;
    for (let i = 0; i < 2 * batch; i += 1) {
      const truth = i < batch ? 0 : 1;
      total += softplus(said[i]) - truth * said[i];
      domains.back.at(-1)[i] = (sigmoid(said[i]) - truth) / (2 * batch);
    }
    const slopes = domains.backward(2 * batch);
    if (method === "dann") for (let i = 0; i < made.length; i += 1) back[i] -= strength * slopes[i];
    domains.collect(2 * batch, null);
    return total / (2 * batch);
  }

  /** Adds the gradient of MMD, times a weight, to `back`; returns MMD. */
  #discrepancy(made, back, weight) {
    const { settings: { batch, features: size }, weighed } = this;
    const count = 2 * batch;
    let mean = 0;
    for (let i = 0; i < count; i += 1) {
      for (let j = 0; j < i; j += 1) {
        let square = 0;
        for (let k = 0; k < size; k += 1) square += (made[i * size + k] - made[j * size + k]) ** 2;
        weighed[i * count + j] = square;
        mean += 2 * square;
      }
    }
    const width = Math.max(mean / count ** 2, 1e-12);
    let total = 2 / batch; // every point with itself
    for (let i = 0; i < count; i += 1) {
      for (let j = 0; j < i; j += 1) {
        const sign = (i < batch) === (j < batch) ? 1 : -1;
        let e = Math.exp(-weighed[i * count + j] / (WIDTHS[0] * width));
        let [kernel, slope] = [0, 0];
        for (const w of WIDTHS) {
          kernel += e / WIDTHS.length;
          slope -= e / (w * width * WIDTHS.length);
          e *= e;
        }
        total += (2 * sign * kernel) / batch ** 2;
        // Both orders of a pair; d|x - y|²/dx = 2 (x - y).
        const factor = (weight * 4 * sign * slope) / batch ** 2;
        for (let k = 0; k < size; k += 1) {
          const step = factor * (made[i * size + k] - made[j * size + k]);
          back[i * size + k] += step;
          back[j * size + k] -= step;
        }
      }
    }
    return total;
  }

  /** One step with a strength in hundredths. Throws Exploded. */
  move(strength) {
    this.said = this.slopes(strength / 100);
    for (const loss of this.said) {
      if (!(Math.abs(loss) <= LARGEST)) throw new Exploded(`The loss is no usable number any more after ${this.moment} steps.`);
    }
    const { rate } = this.settings;
    this.features.update(rate);
    this.classes.update(rate);
    if (this.method !== "mmd") this.domains.update(rate);
    this.moment += 1;
  }

  // --- for the eyes ------------------------------------------------------------------------

  /** Points that no step has drawn: {points: [2 POINTS, 2], the source's first, lower}. */
  get seen() {
    if (!this.looks) {
      const { target: { angle, share }, settings: { seed } } = this;
      const [points, lower] = [new Float32Array(4 * POINTS), new Float32Array(2 * POINTS)];
      moons(points.subarray(0, 2 * POINTS), lower.subarray(0, POINTS), 0.5, 0, seed, LOOK_SOURCE);
      moons(points.subarray(2 * POINTS), lower.subarray(POINTS), share, angle, seed, LOOK_TARGET);
      this.looks = { points, lower };
    }
    return this.looks;
  }

  /** What a network makes of [n, inputs]: [n, outputs]. */
  map(network, rows) {
    const [inputs, outputs] = [network.sizes[0], network.sizes.at(-1)];
    const count = rows.length / inputs;
    const made = new Float32Array(outputs * count);
    for (let row = 0; row < count; row += ROWS) {
      const n = Math.min(ROWS, count - row);
      network.input.set(rows.subarray(row * inputs, (row + n) * inputs));
      made.set(network.forward(n), row * outputs);
    }
    return made;
  }

  /** Returns {source, target, domains}: accuracies, and the error of a fresh domain classifier. */
  read() {
    const { points, lower } = this.seen;
    const features = this.map(this.features, points);
    const said = this.map(this.classes, features);
    const right = (from) => {
      let sum = 0;
      for (let i = from; i < from + POINTS; i += 1) sum += (said[i] > 0) === (lower[i] > 0);
      return sum / POINTS;
    };
    return { source: right(0), target: right(POINTS), domains: domainError(features, this.settings.features) };
  }

  // --- keeping -----------------------------------------------------------------------------

  keep() {
    const { moment, said, features, classes, domains } = this;
    return { moment, said: [...said], features: features.keep(), classes: classes.keep(), domains: domains.keep() };
  }

  restore({ moment, said, features, classes, domains }) {
    Object.assign(this, { moment, said: [...said] });
    this.features.restore(features);
    this.classes.restore(classes);
    this.domains.restore(domains);
  }
}

function shapes({ width, depth, features }) {
  return [
    [2, ...Array(depth).fill(width), features],
    [features, width, 1],
    [features, width, width, 1],
  ];
}

/** The error of telling the domains apart by nearest neighbours: every second point asks the others. */
export function domainError(features, size) {
  const half = features.length / size / 2; // as many are known as ask
  const near = new Float64Array(half);
  let wrong = 0;
  for (let i = 0; i < half; i += 1) {
    const order = [];
    for (let j = 0; j < half; j += 1) {
      let square = 0;
      for (let k = 0; k < size; k += 1) {
        square += (features[(2 * i + 1) * size + k] - features[2 * j * size + k]) ** 2;
      }
      near[j] = square;
      order.push(j);
    }
    order.sort((a, b) => near[a] - near[b] || a - b);
    let target = 0;
    for (let n = 0; n < NEIGHBOURS; n += 1) target += order[n] >= half / 2;
    wrong += (target > NEIGHBOURS / 2) !== (i >= half / 2);
  }
  return wrong / half;
}
