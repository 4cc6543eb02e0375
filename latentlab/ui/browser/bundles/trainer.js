/* Made by `make bundle` from the files named here: change those instead. */

// training/draws.js
var [START, REAL, NOISE, OPPONENT, OPPONENT_NOISE, MIX, POWER, LOOK] = [0, 1, 2, 3, 4, 5, 6, 7];
var STRIDE = 2654435769;
function mix(x) {
  x = Math.imul(x ^ x >>> 16, 2146121005);
  x = Math.imul(x ^ x >>> 15, 2221713035);
  return x ^ x >>> 16;
}
function uniform(into, ...key) {
  let state = 0;
  for (const number of key) state = mix(state + STRIDE + number | 0);
  let place = state;
  for (let i = 0; i < into.length; i += 1) {
    place = place + STRIDE | 0;
    into[i] = ((mix(mix(place) ^ state) >>> 0) + 0.5) / 4294967296;
  }
  return into;
}
var pairs = new Float64Array(0);
function normal(into, ...key) {
  const count = into.length + into.length % 2;
  if (pairs.length < count) pairs = new Float64Array(count);
  const drawn2 = uniform(pairs.subarray(0, count), ...key);
  for (let i = 0; i < into.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(drawn2[i]));
    const angle = 2 * Math.PI * drawn2[i + 1];
    into[i] = radius * Math.cos(angle);
    if (i + 1 < into.length) into[i + 1] = radius * Math.sin(angle);
  }
  return into;
}

// training/losses.js
var softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
var sigmoid = (x) => 1 / (1 + Math.exp(-x));
var against = (r, f) => [softplus(-r) + softplus(f), -sigmoid(-r), sigmoid(f)];
var LOSSES = {
  minimax: { discriminator: against, generator: (r, f) => [-softplus(f), -sigmoid(f)] },
  non_saturating: { discriminator: against, generator: (r, f) => [softplus(-f), -sigmoid(-f)] },
  least_squares: {
    discriminator: (r, f) => [((r - 1) ** 2 + f * f) / 2, r - 1, f],
    generator: (r, f) => [(f - 1) ** 2 / 2, f - 1]
  },
  wasserstein: {
    discriminator: (r, f) => [f - r, -1, 1],
    generator: (r, f) => [-f, -1],
    relative: true,
    penalty: "between",
    weight: 1
  },
  relativistic: {
    discriminator: (r, f) => {
      const slope = sigmoid(f - r);
      return [softplus(f - r), -slope, slope];
    },
    generator: (r, f) => [softplus(r - f), -sigmoid(r - f)],
    paired: true,
    relative: true,
    penalty: "both",
    weight: 0.05
  }
};

// training/network.js
var SLOPE = 1e-3;
var DECAY = 0.99;
var TINY = 1e-6;
var FEEL = 10;
var Network = class {
  /** How many numbers of memory a network takes. */
  static size(sizes, rows) {
    let count = 0;
    sizes.forEach((size, layer) => {
      count += 3 * (size + 4) * rows;
      if (layer) count += 6 * (size * (sizes[layer - 1] + 1) + 16);
    });
    return count + 4 * rows;
  }
  /**
   * @param matrices what `startMatrices` gives, with enough memory reserved
   * @param sizes of all layers, the input first
   * @param rows the most that one pass may have
   * @param number tells the networks of one seed apart
   */
  constructor(matrices, sizes, rows, seed, number, spectral = false) {
    Object.assign(this, { matrices, sizes, rows, updates: 0 });
    const count = sizes.slice(1).reduce((sum, out, i) => sum + out * (sizes[i] + 1), 0);
    const take = (numbers) => matrices.take(numbers);
    [this.values, this.gradient, this.squares] = [take(count), take(count), take(count)];
    this.used = spectral ? take(count) : this.values;
    this.passed = sizes.map((size) => take(size * rows));
    this.back = sizes.map((size) => take(size * rows));
    this.along = sizes.map((size) => take(size * rows));
    this.ones = take(rows).fill(1);
    this.turned = take(Math.max(...sizes.slice(1).map((out, i) => out * sizes[i])));
    this.layers = [];
    let at = 0;
    for (let layer = 0; layer + 1 < sizes.length; layer += 1) {
      const [inputs, outputs] = [sizes[layer], sizes[layer + 1]];
      const cut = (array) => ({
        weight: array.subarray(at, at + inputs * outputs),
        bias: array.subarray(at + inputs * outputs, at + (inputs + 1) * outputs)
      });
      const [own, gradient, used] = [cut(this.values), cut(this.gradient), cut(this.used)];
      const drawn2 = uniform(new Float64Array((inputs + 1) * outputs), seed, START, number, layer);
      const bound = 1 / Math.sqrt(inputs);
      drawn2.forEach((value, i) => {
        this.values[at + i] = (2 * value - 1) * bound;
      });
      this.layers.push({ inputs, outputs, own, gradient, used });
      at += (inputs + 1) * outputs;
    }
    if (!spectral) return;
    this.layers.forEach((layer, i) => {
      layer.into = new Float32Array(layer.inputs);
      layer.out = normal(new Float32Array(layer.outputs), seed, POWER, i);
      unit(layer.out);
    });
    for (let turn3 = 0; turn3 < FEEL; turn3 += 1) this.#feel();
    this.#bind();
  }
  // --- passes ------------------------------------------------------------------------------
  /** Where the input of a pass is written: [rows, inputs]. */
  get input() {
    return this.passed[0];
  }
  /** Runs `n` rows of the input; returns the output, a view of [n, outputs]. */
  forward(n) {
    const { matrices, passed, layers } = this;
    layers.forEach(({ inputs, outputs, used }, layer) => {
      const to = passed[layer + 1];
      for (let row = 0; row < n; row += 1) to.set(used.bias, row * outputs);
      matrices.multiply(to, passed[layer], used.weight, n, outputs, inputs, inputs, 1, true);
      if (layer + 1 === layers.length) return;
      matrices.bend(to, to, n * outputs, SLOPE);
    });
    return passed.at(-1).subarray(0, n * this.sizes.at(-1));
  }
  /**
   * Runs back what `back.at(-1)` holds, [n, outputs]; afterwards `back[0]` is the gradient with
   * respect to the input.
   */
  backward(n) {
    const { matrices, back, passed, layers, turned } = this;
    for (let layer = layers.length - 1; layer >= 0; layer -= 1) {
      const { inputs, outputs, used } = layers[layer];
      turn(turned, used.weight, inputs, outputs);
      const to = back[layer];
      matrices.multiply(to, back[layer + 1], turned, n, inputs, outputs, outputs, 1);
      if (layer) matrices.bend(to, passed[layer], n * inputs, SLOPE);
    }
    return back[0];
  }
  /** Runs `along[0]` forward through the slopes of the units, for rows `from` to `to`. */
  tangents(from, to) {
    const { matrices, along, passed, layers } = this;
    layers.forEach(({ inputs, outputs, used }, layer) => {
      if (layer + 1 === layers.length) return;
      const [source, target] = [along[layer].subarray(from * inputs), along[layer + 1].subarray(from * outputs)];
      matrices.multiply(target, source, used.weight, to - from, outputs, inputs, inputs, 1);
      matrices.bend(target, passed[layer + 1].subarray(from * outputs), (to - from) * outputs, SLOPE);
    });
  }
  /**
   * Writes the gradient of the parameters. What has come back is that of an output of weight 1,
   * or of the weights in it already (`weights` null).
   * @param weights [n] what the output of each row counts, in the matrices' memory; or null
   * @param tangent [from, to] rows for which `tangents` has run, or null
   */
  collect(n, weights, tangent = null) {
    const { matrices, along, passed, back, layers } = this;
    layers.forEach(({ inputs, outputs, gradient }, layer) => {
      let met = passed[layer];
      if (weights) {
        met = along[layer];
        const values = passed[layer];
        const [from, to] = tangent ?? [n, n];
        for (let row = 0; row < n; row += 1) {
          const weight = weights[row];
          const [start, end] = [row * inputs, (row + 1) * inputs];
          if (row >= from && row < to) for (let i = start; i < end; i += 1) met[i] += weight * values[i];
          else for (let i = start; i < end; i += 1) met[i] = weight * values[i];
        }
      }
      matrices.multiply(gradient.weight, met, back[layer + 1], inputs, outputs, n, 1, inputs);
      matrices.multiply(gradient.bias, weights ?? this.ones, back[layer + 1], 1, outputs, n, 0, 1);
    });
    if (this.used !== this.values) this.#unbind();
  }
  // --- learning ----------------------------------------------------------------------------
  /** One step of Adam, with beta 1 = 0, along the gradient that `collect` has written. */
  update(rate) {
    this.updates += 1;
    const { values, gradient, squares } = this;
    const unbiased = 1 - DECAY ** this.updates;
    for (let i = 0; i < values.length; i += 1) {
      const slope = gradient[i];
      squares[i] = DECAY * squares[i] + (1 - DECAY) * slope * slope;
      values[i] -= rate * slope / (Math.sqrt(squares[i] / unbiased) + TINY);
    }
    if (this.used === this.values) return;
    this.#feel();
    this.#bind();
  }
  /** Turns the directions of the largest singular values once towards them. */
  #feel() {
    for (const { inputs, outputs, own: { weight }, into, out } of this.layers) {
      for (let i = 0; i < inputs; i += 1) {
        let sum = 0;
        for (let o = 0; o < outputs; o += 1) sum += weight[i * outputs + o] * out[o];
        into[i] = sum;
      }
      unit(into);
      out.fill(0);
      for (let i = 0; i < inputs; i += 1) {
        for (let o = 0; o < outputs; o += 1) out[o] += weight[i * outputs + o] * into[i];
      }
      unit(out);
    }
  }
  /** Divides every weight by its largest singular value. */
  #bind() {
    for (const layer of this.layers) {
      const { inputs, outputs, own, used, into, out } = layer;
      let value = 0;
      for (let i = 0; i < inputs; i += 1) {
        for (let o = 0; o < outputs; o += 1) value += into[i] * own.weight[i * outputs + o] * out[o];
      }
      layer.largest = value + 1e-12;
      for (let i = 0; i < own.weight.length; i += 1) used.weight[i] = own.weight[i] / layer.largest;
      used.bias.set(own.bias);
    }
  }
  /** Makes of the gradient of the divided weights that of the weights themselves. */
  #unbind() {
    for (const { inputs, outputs, gradient: { weight }, used, into, out, largest } of this.layers) {
      let share = 0;
      for (let i = 0; i < weight.length; i += 1) share += weight[i] * used.weight[i];
      for (let i = 0; i < inputs; i += 1) {
        for (let o = 0; o < outputs; o += 1) {
          const at = i * outputs + o;
          weight[at] = (weight[at] - share * into[i] * out[o]) / largest;
        }
      }
    }
  }
  // --- keeping -----------------------------------------------------------------------------
  /** Returns all that a network is. */
  keep() {
    const { values, squares, updates } = this;
    const directions = this.used === values ? null : this.layers.map(({ into, out }) => [into.slice(), out.slice()]);
    return { values: values.slice(), squares: squares.slice(), updates, directions };
  }
  /** Becomes what `keep` has returned. */
  restore({ values, squares, updates, directions }) {
    this.values.set(values);
    this.squares.set(squares);
    this.updates = updates;
    if (!directions) return;
    this.layers.forEach((layer, i) => {
      layer.into.set(directions[i][0]);
      layer.out.set(directions[i][1]);
    });
    this.#bind();
  }
};
function turn(to, from, rows, columns) {
  for (let i = 0, at = 0; i < rows; i += 1) {
    for (let o = 0; o < columns; o += 1, at += 1) to[o * rows + i] = from[at];
  }
}
function unit(vector) {
  const length2 = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0)) + 1e-12;
  for (let i = 0; i < vector.length; i += 1) vector[i] /= length2;
}

// training/arena.js
var LARGEST = 1e8;
var ROWS = 512;
var Exploded = class extends Error {
};
var Arena = class _Arena {
  /** How many numbers of memory an arena takes. */
  static size(settings) {
    const [generator, discriminator] = shapes(settings);
    const rows = _Arena.rows(settings);
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
    const rows = _Arena.rows(settings);
    const [generator, discriminator] = shapes(settings);
    this.generator = new Network(matrices, generator, rows, settings.seed, 0);
    this.discriminator = new Network(matrices, discriminator, rows, settings.seed, 1, settings.spectral);
    this.counts = matrices.take(rows);
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
    const { length: length2 } = this.settings;
    return length2 ? Math.max(0, 1 - this.moment / length2) : 1;
  }
  // --- what is drawn -----------------------------------------------------------------------
  /** Writes noise into the generator's input: `drawn.length / noiseSize` rows. */
  #noise(drawn2, ...key) {
    const { noise, seed } = this.settings;
    const { input } = this.generator;
    if (noise === "none") {
      input.fill(0, 0, drawn2.length);
      return;
    }
    if (noise === "normal") normal(drawn2, seed, ...key);
    else uniform(drawn2, seed, ...key);
    for (let i = 0; i < drawn2.length; i += 1) input[i] = noise === "normal" ? drawn2[i] : 2 * drawn2[i] - 1;
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
  slopeOfDiscriminator(turn3 = 0) {
    const { settings, discriminator, generator, counts } = this;
    const { batch, seed } = settings;
    const { discriminator: loss, penalty = "", weight: usual2, relative } = LOSSES[this.loss];
    const weight = settings.penalty ?? usual2;
    const { input } = discriminator;
    const real = this.sample(this.real, REAL, this.moment, turn3);
    this.#noise(this.given, NOISE, this.moment, turn3);
    const fake = generator.forward(batch);
    input.set(real);
    input.set(fake, 2 * batch);
    let rows = 2 * batch;
    if (penalty === "between") {
      uniform(this.share, seed, MIX, this.moment, turn3);
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
        let factor = weight;
        if (penalty === "both") punished += weight / 2 * (x * x + y * y);
        else {
          const length2 = Math.sqrt(x * x + y * y + 1e-12);
          punished += weight * (length2 - 1) ** 2;
          factor = 2 * weight * (length2 - 1) / length2;
        }
        v[2 * row] = factor * x / batch;
        v[2 * row + 1] = factor * y / batch;
      }
      discriminator.tangents(...tangent);
    }
    discriminator.collect(rows, counts, tangent);
    if (relative) discriminator.layers.at(-1).gradient.bias.fill(0);
    return (total + punished) / batch;
  }
  /** Writes the generator's gradient now; returns its loss. */
  slopeOfGenerator() {
    const { settings: { batch }, discriminator, generator } = this;
    const { generator: loss, paired } = LOSSES[this.loss];
    this.#noise(this.given, OPPONENT_NOISE, this.moment);
    const fake = generator.forward(batch);
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
      for (let turn3 = 0; turn3 < count; turn3 += 1) {
        this.said[1] = this.#finite(this.slopeOfDiscriminator(turn3));
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
    if (Math.abs(loss) <= LARGEST) return loss;
    throw new Exploded(`The loss is no usable number any more after ${this.moment} steps.`);
  }
  // --- for the eyes ------------------------------------------------------------------------
  /** Returns generated points [count, 2] in the target's units, always of the same noise. */
  generate(count) {
    const { noiseSize } = this.settings;
    const made = new Float32Array(2 * count);
    const { input } = this.generator;
    if (!this.looks || this.looks.length !== count * noiseSize) {
      const drawn2 = new Float64Array(count * noiseSize);
      this.#draw(drawn2);
      this.looks = Float32Array.from(drawn2);
    }
    for (let row = 0; row < count; row += ROWS) {
      const n = Math.min(ROWS, count - row);
      input.set(this.looks.subarray(row * noiseSize, (row + n) * noiseSize));
      made.set(this.generator.forward(n), 2 * row);
    }
    for (let i = 0; i < made.length; i += 1) made[i] *= this.target.scale;
    return made;
  }
  #draw(drawn2) {
    const { noise, seed } = this.settings;
    if (noise === "none") return;
    if (noise === "normal") normal(drawn2, seed, LOOK, 0);
    else uniform(drawn2, seed, LOOK, 0).forEach((value, i) => {
      drawn2[i] = 2 * value - 1;
    });
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
  pull(points, against2) {
    const n = points.length / 2;
    const { discriminator, target: { scale } } = this;
    for (let i = 0; i < 2 * n; i += 1) discriminator.input[i] = points[i] / scale;
    const said = discriminator.forward(n).slice();
    const { generator: loss } = LOSSES[this.loss];
    said.forEach((f, i) => {
      [, discriminator.back.at(-1)[i]] = loss(against2, f);
    });
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
};
function shapes({ noiseSize, width, depth }) {
  return [
    [noiseSize, ...Array(depth[0]).fill(width[0]), 2],
    [2, ...Array(depth[1]).fill(width[1]), 1]
  ];
}

// training/bench.js
var ROWS2 = 512;
var POINTS = 300;
var [SOURCE, TARGET, LOOK_SOURCE, LOOK_TARGET] = [8, 9, 10, 11];
var SIGMA = 0.1;
var [MIDDLE_X, MIDDLE_Y] = [0.5, 0.25];
var WIDTHS = [4, 2, 1, 0.5, 0.25];
var WEIGHT = 1;
var NEIGHBOURS = 15;
var LARGEST2 = 1e8;
function moons(points, lower, share, angle, ...key) {
  const count = lower.length;
  const chosen = uniform(new Float64Array(count), ...key, 0);
  const along = uniform(new Float64Array(count), ...key, 1);
  const noise = normal(new Float64Array(2 * count), ...key, 2);
  const turn3 = angle * Math.PI / 180;
  const [cos, sin] = [Math.cos(turn3), Math.sin(turn3)];
  for (let i = 0; i < count; i += 1) {
    lower[i] = chosen[i] >= share ? 1 : 0;
    const [c, s] = [Math.cos(Math.PI * along[i]), Math.sin(Math.PI * along[i])];
    const x = (lower[i] ? 1 - c : c) + SIGMA * noise[2 * i] - MIDDLE_X;
    const y = (lower[i] ? 0.5 - s : s) + SIGMA * noise[2 * i + 1] - MIDDLE_Y;
    points[2 * i] = cos * x - sin * y;
    points[2 * i + 1] = sin * x + cos * y;
  }
}
var Bench = class _Bench {
  /** How many numbers of memory a bench takes. */
  static size(settings) {
    const rows = _Bench.rows(settings);
    return shapes2(settings).reduce((sum, sizes) => sum + Network.size(sizes, rows), 0);
  }
  static rows = ({ batch }) => Math.max(2 * batch, ROWS2);
  /**
   * @param target {angle, share}
   * @param settings {seed, batch, width, depth, features, rate}
   * @param methods [[0, "source" | "dann" | "mmd"]]; named as an arena's losses are
   */
  constructor(matrices, target, settings, methods) {
    Object.assign(this, { target, settings, losses: methods, moment: 0, said: [0, 0] });
    const rows = _Bench.rows(settings);
    const [features, classes, domains] = shapes2(settings).map((sizes, number) => new Network(matrices, sizes, rows, settings.seed, number));
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
    let total = 2 / batch;
    for (let i = 0; i < count; i += 1) {
      for (let j = 0; j < i; j += 1) {
        const sign = i < batch === j < batch ? 1 : -1;
        let e = Math.exp(-weighed[i * count + j] / (WIDTHS[0] * width));
        let [kernel, slope] = [0, 0];
        for (const w of WIDTHS) {
          kernel += e / WIDTHS.length;
          slope -= e / (w * width * WIDTHS.length);
          e *= e;
        }
        total += 2 * sign * kernel / batch ** 2;
        const factor = weight * 4 * sign * slope / batch ** 2;
        for (let k = 0; k < size; k += 1) {
          const step2 = factor * (made[i * size + k] - made[j * size + k]);
          back[i * size + k] += step2;
          back[j * size + k] -= step2;
        }
      }
    }
    return total;
  }
  /** One step with a strength in hundredths. Throws Exploded. */
  move(strength) {
    this.said = this.slopes(strength / 100);
    for (const loss of this.said) {
      if (!(Math.abs(loss) <= LARGEST2)) throw new Exploded(`The loss is no usable number any more after ${this.moment} steps.`);
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
    for (let row = 0; row < count; row += ROWS2) {
      const n = Math.min(ROWS2, count - row);
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
      for (let i = from; i < from + POINTS; i += 1) sum += said[i] > 0 === lower[i] > 0;
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
};
function shapes2({ width, depth, features }) {
  return [
    [2, ...Array(depth).fill(width), features],
    [features, width, 1],
    [features, width, width, 1]
  ];
}
function domainError(features, size) {
  const half = features.length / size / 2;
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
    wrong += target > NEIGHBOURS / 2 !== i >= half / 2;
  }
  return wrong / half;
}

// training/bench_looking.js
var HEAT = 44;
var VIEW = 2.1;
function lookAtBenches(run2, views2, readings2) {
  const measured2 = readings2 ?? run2.arenas.map((bench, i) => run2.stopped[i] ? null : bench.read());
  const arenas = run2.arenas.map((bench, i) => ({
    loss: bench.method,
    stopped: run2.stopped[i],
    said: run2.said[i],
    ...run2.stopped[i] ? {} : see(bench)
  }));
  return { arenas, readings: measured2 };
}
function see(bench) {
  const { points, lower } = bench.seen;
  const features = bench.map(bench.features, points);
  const box = around(features);
  const plane = bench.map(bench.features, places(0, 0, VIEW));
  return {
    points,
    lower,
    features,
    box,
    // What the classes' network says, from -1 to 1, in both planes.
    regions: bench.map(bench.classes, plane).map(Math.tanh),
    said: bench.map(bench.classes, places(...box)).map(Math.tanh)
  };
}
function around(features) {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < features.length; i += 2) {
    left = Math.min(left, features[i]);
    right = Math.max(right, features[i]);
    low = Math.min(low, features[i + 1]);
    high = Math.max(high, features[i + 1]);
  }
  return [(left + right) / 2, (low + high) / 2, 0.55 * Math.max(right - left, high - low, 1e-3)];
}
function places(x, y, half) {
  const made = new Float32Array(2 * HEAT * HEAT);
  for (let row = 0, at = 0; row < HEAT; row += 1) {
    for (let column = 0; column < HEAT; column += 1, at += 2) {
      made[at] = x + half * (2 * (column + 0.5) / HEAT - 1);
      made[at + 1] = y + half * (1 - 2 * (row + 0.5) / HEAT);
    }
  }
  return made;
}

// training/matrix.js
var PAGE = 1 << 16;
var MOST = 1 << 28;
var SIMD = Uint8Array.of(
  0,
  97,
  115,
  109,
  1,
  0,
  0,
  0,
  1,
  5,
  1,
  96,
  0,
  1,
  123,
  3,
  2,
  1,
  0,
  10,
  10,
  1,
  8,
  0,
  65,
  0,
  253,
  15,
  253,
  98,
  11
);
var Matrices = class {
  constructor(exports) {
    this.exports = exports;
    this.free = exports ? exports.base() : 0;
    this.fast = exports !== null;
  }
  /** Returns `count` zeros. Views stay valid: memory is taken before, and never given back. */
  take(count) {
    if (!this.exports) return new Float32Array(count);
    const { memory } = this.exports;
    const end = this.free + 16 * Math.ceil(count / 4);
    const room = memory.buffer.byteLength;
    if (end > MOST) throw new Error("These networks are too large for this browser.");
    if (end > room) throw new RangeError("reserve() comes before take()");
    const made = new Float32Array(memory.buffer, this.free, count);
    this.free = end;
    return made;
  }
  /** Makes room for so many numbers more. Views made before become useless. */
  reserve(count) {
    if (!this.exports) return;
    const { memory } = this.exports;
    const missing = this.free + 4 * count - memory.buffer.byteLength;
    if (this.free + 4 * count > MOST) throw new Error("These networks are too large for this browser.");
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  }
  /**
   * c[m][n] = sum over k of a[m * row + k * column] * b[k][n], added to what is in c, or not.
   */
  multiply(c, a, b, m, n, k, row, column, add = false) {
    if (this.exports) {
      const { multiply } = this.exports;
      if (!multiply(c.byteOffset, a.byteOffset, b.byteOffset, m, n, k, row, column, add ? 1 : 0)) {
        throw new RangeError("These matrices do not fit.");
      }
      return;
    }
    for (let i = 0; i < m; i += 1) {
      const to = i * n;
      if (!add) c.fill(0, to, to + n);
      for (let t = 0; t < k; t += 1) {
        const factor = a[i * row + t * column];
        const from = t * n;
        for (let j = 0; j < n; j += 1) c[to + j] += factor * b[from + j];
      }
    }
  }
  /** Multiplies the first `count` values by a slope where `sides` are not above zero. */
  bend(values, sides, count, slope) {
    if (this.exports) {
      if (!this.exports.bend(values.byteOffset, sides.byteOffset, count, slope)) {
        throw new RangeError("These values do not fit.");
      }
      return;
    }
    for (let i = 0; i < count; i += 1) if (!(sides[i] > 0)) values[i] *= slope;
  }
};
async function startMatrices(source) {
  if (!source || !globalThis.WebAssembly?.validate(SIMD)) return new Matrices(null);
  const { instance } = await WebAssembly.instantiate(source);
  return new Matrices(instance.exports);
}

// training/run.js
var EVERY = 50;
var MOST2 = 96 << 20;
var MANY = 4;
var CURVE = 400;
var networksOf = (state) => Object.values(state).filter((part) => part?.squares);
var Run = class {
  /**
   * @param losses of every arena: [[moment, name], …]
   * @param Player what is played: an Arena, or what can be moved, kept and restored as one
   */
  constructor(matrices, target, settings, losses, Player = Arena) {
    matrices.reserve(MANY * Player.size(settings));
    this.make = (own) => new Player(matrices, target, settings, own);
    this.arenas = losses.map(this.make);
    this.moment = 0;
    this.moves = [];
    this.stopped = losses.map(() => null);
    this.said = losses.map(() => []);
    this.stride = 1;
    this.every = EVERY;
    this.most = MOST2;
    this.kept = [];
    this.#keep();
  }
  /** The last moment that was played. */
  get end() {
    return this.moves.reduce((sum, [, count]) => sum + count, 0);
  }
  /** Plays a kind of move `count` times from here on; what came later is forgotten. */
  play(kind, count = 1) {
    if (this.moment < this.end) this.#forget();
    for (let i = 0; i < count; i += 1) {
      const last = this.moves.at(-1);
      if (last?.[0] === kind) last[1] += 1;
      else this.moves.push([kind, 1]);
      this.#move(kind);
    }
  }
  /** Goes to a moment that was played; exactly, since the moves after what is kept come again. */
  seek(moment) {
    const to = Math.min(Math.max(0, Math.round(moment)), this.end);
    const kept = this.kept.findLast((one) => one.moment <= to);
    if (!(this.moment <= to && this.moment >= kept.moment)) this.#restore(kept);
    let start = 0;
    for (const [kind, count] of this.moves) {
      while (this.moment < Math.min(to, start + count)) this.#move(kind);
      start += count;
    }
  }
  /** Adds an arena that is as another until now, and goes on with another loss. */
  branch(at, loss) {
    if (this.arenas.length >= MANY) throw new RangeError(`There are ${MANY} arenas at most.`);
    if (this.moment < this.end) this.#forget();
    const parent = this.arenas[at];
    const past = parent.losses.filter(([moment]) => moment < this.moment);
    const made = this.spare?.pop() ?? this.make([]);
    made.losses = [...past, [this.moment, loss]];
    made.restore(parent.keep());
    this.arenas.push(made);
    this.stopped.push(this.stopped[at]);
    this.said.push([...this.said[at]]);
    for (const kept of this.kept) {
      kept.states.push(kept.states[at]);
      kept.stopped.push(kept.stopped[at]);
    }
  }
  /** Forgets an arena. */
  drop(at) {
    (this.spare ??= []).push(...this.arenas.splice(at, 1));
    for (const list of [this.stopped, this.said]) list.splice(at, 1);
    for (const { states, stopped } of this.kept) for (const list of [states, stopped]) list.splice(at, 1);
  }
  #move(kind) {
    this.arenas.forEach((arena, i) => {
      if (this.stopped[i]) return;
      try {
        arena.move(kind);
      } catch (error) {
        if (!(error instanceof Exploded)) throw error;
        const good = this.kept.findLast(({ states }) => states[i]).moment;
        this.stopped[i] = { moment: this.moment, sentence: error.message, good };
      }
    });
    this.moment += 1;
    if (this.moment % this.stride === 0) this.#note();
    if (this.moment % this.every === 0 && this.moment > this.kept.at(-1).moment) this.#keep();
  }
  #note() {
    this.arenas.forEach(({ said }, i) => {
      const own = this.said[i];
      if (this.stopped[i] || own.at(-1)?.[0] >= this.moment) return;
      own.push([this.moment, ...said]);
    });
    if (Math.max(...this.said.map(({ length: length2 }) => length2)) < CURVE) return;
    this.stride *= 2;
    this.said = this.said.map((own) => own.filter(([moment]) => moment % this.stride === 0));
  }
  #keep() {
    const states = this.arenas.map((arena, i) => {
      if (this.stopped[i]) return null;
      const state = arena.keep();
      return networksOf(state).every(({ values }) => values.every(Number.isFinite)) ? state : null;
    });
    const numbers = (state) => state ? networksOf(state).reduce((sum, { values }) => sum + 2 * values.length, 0) : 0;
    const bytes = 4 * states.reduce((sum, state) => sum + numbers(state), 0);
    this.kept.push({ moment: this.moment, states, stopped: [...this.stopped], bytes });
    while (this.kept.length > 2 && this.kept.reduce((sum, one) => sum + one.bytes, 0) > this.most) {
      this.every *= 2;
      this.kept = this.kept.filter(({ moment }) => moment % this.every === 0);
    }
  }
  #restore({ moment, states, stopped }) {
    this.moment = moment;
    this.stopped = [...stopped];
    states.forEach((state, i) => state && this.arenas[i].restore(state));
  }
  #forget() {
    let left = this.moment;
    this.moves = this.moves.flatMap(([kind, count]) => {
      const kept = Math.min(count, left);
      left -= kept;
      return kept ? [[kind, kept]] : [];
    });
    this.kept = this.kept.filter(({ moment }) => moment <= this.moment);
    this.said = this.said.map((own) => own.filter(([moment]) => moment <= this.moment));
  }
};

// training/meter.js
var FAIR = 0.25;
function read({ anchors, parts, shares, sigma }, points) {
  const count = points.length / 2;
  const near = new Float64Array(shares.length);
  const whole = new Float64Array(shares.length);
  const reach = (3 * sigma) ** 2;
  const flat = Float64Array.from(anchors.flat());
  let inside = 0;
  for (let i = 0; i < count; i += 1) {
    const [x, y] = [points[2 * i], points[2 * i + 1]];
    let least = Infinity;
    let nearest = 0;
    for (let j = 0; j < flat.length; j += 2) {
      const away = (x - flat[j]) * (x - flat[j]) + (y - flat[j + 1]) * (y - flat[j + 1]);
      if (away < least) [least, nearest] = [away, j >> 1];
    }
    whole[parts[nearest]] += 1 / count;
    if (!(least <= reach)) continue;
    inside += 1;
    near[parts[nearest]] += 1;
  }
  let [covered, fair, divergence] = [0, 0, 0];
  shares.forEach((share, part) => {
    covered += near[part] > 0;
    fair += near[part] >= FAIR * share * count;
    if (whole[part]) divergence += whole[part] * Math.log(whole[part] / share);
  });
  return { covered, fair, inside: inside / count, divergence };
}

// training/looking.js
var HEAT2 = 44;
var LINES = 15;
var ALONG = 45;
var SHOWN = 320;
var BINS = 24;
var MEASURED = 2500;
var VIEW2 = 1.45;
function look(run2, views2, readings2) {
  const measured2 = readings2 ?? run2.arenas.map((arena, i) => run2.stopped[i] ? null : read(arena.target, arena.generate(MEASURED)));
  const arenas = run2.arenas.map((arena, i) => ({
    loss: arena.loss,
    stopped: run2.stopped[i],
    said: run2.said[i],
    ...run2.stopped[i] ? {} : see2(arena, views2)
  }));
  return { arenas, readings: measured2 };
}
function see2(arena, { heat = true, field = true }) {
  const { scale } = arena.target;
  const real = realPoints(arena);
  const judged = arena.judge(real);
  const mean = judged.reduce((sum, x) => sum + x, 0) / judged.length;
  const generated = arena.generate(SHOWN);
  const { said, pull } = arena.pull(generated, mean);
  const spread = [mean, said.reduce((sum, x) => sum + x, 0) / said.length];
  return {
    real,
    generated,
    pull,
    strength: pull.reduce((sum, x) => sum + (x / scale) ** 2, 0) / SHOWN,
    heat: heat ? heatOf(arena, spread) : null,
    field: field ? fieldOf(arena) : null,
    histograms: histograms(judged, said)
  };
}
function realPoints(arena) {
  const { scale } = arena.target;
  if (!arena.seenReal) {
    const many = new Float32Array(2 * SHOWN);
    const part = new Float32Array(2 * arena.settings.batch);
    for (let at = 0, turn3 = 0; at < many.length; at += part.length, turn3 += 1) {
      arena.sample(part, LOOK, 1, turn3);
      many.set(part.subarray(0, many.length - at), at);
    }
    arena.seenReal = many.map((x) => x * scale);
  }
  return arena.seenReal;
}
function heatOf(arena, [real, fake]) {
  const half = VIEW2 * arena.target.scale;
  if (!arena.places) {
    arena.places = new Float32Array(2 * HEAT2 * HEAT2);
    for (let row = 0, at = 0; row < HEAT2; row += 1) {
      for (let column = 0; column < HEAT2; column += 1, at += 2) {
        arena.places[at] = half * (2 * (column + 0.5) / HEAT2 - 1);
        arena.places[at + 1] = half * (1 - 2 * (row + 0.5) / HEAT2);
      }
    }
  }
  const said = arena.judge(arena.places);
  const { loss } = arena;
  if (loss === "least_squares") return said.map((x) => Math.min(1, Math.max(0, x)));
  if (loss === "minimax" || loss === "non_saturating") return said.map(sigmoid);
  const middle = (real + fake) / 2;
  const slope = loss === "wasserstein" ? 2 / Math.max(Math.abs(real - fake), 0.05) : 2;
  return said.map((x) => sigmoid(slope * (x - middle)));
}
function fieldOf(arena) {
  const { noiseSize, noise } = arena.settings;
  if (noise === "none") return null;
  if (!arena.plane) {
    const reach = noise === "normal" ? 2.2 : 1;
    const ways = noiseSize > 1 ? 2 : 1;
    arena.plane = new Float32Array(ways * LINES * ALONG * noiseSize);
    for (let way = 0, row = 0; way < ways; way += 1) {
      for (let line = 0; line < LINES; line += 1) {
        const across = reach * (2 * line / (LINES - 1) - 1);
        for (let i = 0; i < ALONG; i += 1, row += 1) {
          const along = reach * (2 * i / (ALONG - 1) - 1);
          arena.plane[row * noiseSize] = way || noiseSize < 2 ? along : across;
          if (noiseSize > 1) arena.plane[row * noiseSize + 1] = way ? across : along;
        }
      }
    }
  }
  return { along: ALONG, points: arena.map(arena.plane) };
}
function histograms(real, fake) {
  let [low, high] = [Infinity, -Infinity];
  for (const values of [real, fake]) {
    for (const x of values) {
      low = Math.min(low, x);
      high = Math.max(high, x);
    }
  }
  const width = Math.max(high - low, 1e-6) / BINS;
  const count = (values) => {
    const bins = new Float32Array(BINS);
    for (const x of values) bins[Math.min(BINS - 1, Math.floor((x - low) / width))] += 1 / values.length;
    return bins;
  };
  return { low, high, real: count(real), fake: count(fake) };
}

// training/trainer.js
var SLICE = 12;
var METER = 700;
var FRAME = 26;
var KINDS = { arenas: [Arena, look], benches: [Bench, lookAtBenches] };
var run = null;
var see3 = look;
var usual = "step";
var training = false;
var queue = [];
var replaying = 0;
var slow = 0;
var next = 0;
var drawn = true;
var fresh = true;
var sent = 0;
var measured = -Infinity;
var readings = null;
var views = {};
var pump = 0;
var channel = new MessageChannel();
channel.port1.onmessage = ({ data }) => data === pump && work();
var again = (loop) => channel.port2.postMessage(loop);
var length = () => run.settings.length || Infinity;
var busy = () => run && (training || queue.length > 0);
function wake() {
  pump += 1;
  fresh = true;
  work();
}
function work() {
  if (!run) return;
  try {
    const begin = performance.now();
    while (busy() && performance.now() - begin < SLICE) {
      if (slow && !replaying) {
        if (performance.now() < next) break;
        next = performance.now() + slow;
      }
      step();
    }
  } catch (error) {
    training = false;
    queue = [];
    postMessage({ type: "failed", sentence: error.message });
    return;
  }
  const now = performance.now();
  if (fresh && drawn && (!busy() || now - sent >= FRAME)) {
    const rest = !busy();
    if (rest || now - measured > METER) {
      readings = null;
      measured = now;
    }
    const frame = see3(run, views, readings);
    readings = frame.readings;
    [drawn, fresh, sent] = [false, false, now];
    const left = queue.reduce((sum, [, count]) => sum + count, 0);
    const state = { moment: run.moment, end: run.end, moves: run.moves, training, left, replaying };
    postMessage({ type: "frame", ...state, ...frame });
    if (!queue.length) replaying = 0;
  }
  if (!busy()) return;
  if (slow && !replaying) setTimeout(again, Math.min(20, slow), pump);
  else again(pump);
}
function step() {
  fresh = true;
  if (queue.length) {
    run.play(queue[0][0]);
    if (!(queue[0][1] -= 1)) queue.shift();
  } else if (run.moment >= length() || run.stopped.every(Boolean)) training = false;
  else run.play(usual);
}
var ACTS = {
  async open({ matrices, target, settings, losses, moves, kind = "arenas" }) {
    run = null;
    pump += 1;
    const started = await startMatrices(matrices);
    const [Player, looks] = KINDS[kind];
    see3 = looks;
    run = Object.assign(new Run(started, target, settings, losses, Player), { settings });
    training = false;
    queue = moves.map((move) => [...move]);
    replaying = queue.reduce((sum, [, count]) => sum + count, 0);
    drawn = true;
  },
  run() {
    training = true;
    next = 0;
  },
  pause() {
    training = false;
    queue = [];
  },
  steps({ kind }) {
    usual = kind;
  },
  pace(told) {
    ({ slow } = told);
    next = 0;
  },
  play({ kind, count }) {
    training = false;
    queue = [[kind, count]];
  },
  seek({ moment }) {
    training = false;
    queue = [];
    run.seek(moment);
  },
  branch({ arena, loss }) {
    training = false;
    queue = [];
    run.branch(arena, loss);
  },
  drop({ arena }) {
    run.drop(arena);
  },
  look(told) {
    ({ views } = told);
  },
  drawn() {
    drawn = true;
    return !fresh && !busy();
  }
};
var turn2 = Promise.resolve();
onmessage = ({ data }) => {
  turn2 = turn2.then(async () => {
    if (!run && data.type !== "open" && !["look", "pace", "steps"].includes(data.type)) return;
    try {
      if (data.type === "drawn") {
        const idle = ACTS.drawn();
        if (!idle && !busy()) work();
        return;
      }
      await ACTS[data.type](data);
      if (run) wake();
    } catch (error) {
      postMessage({ type: "failed", sentence: error.message });
    }
  });
};
