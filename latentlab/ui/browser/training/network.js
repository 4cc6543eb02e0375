// A fully connected network with leaky ReLU: forward, backward, and backward through backward.
//
// Why the second pass is short: leaky ReLU bends but does not curve, so that the gradient of an
// output with respect to the input, g = W1 m1 W2 m2 … (m: slopes of the units, here and now), is
// linear in every weight. The gradient of v·g with respect to a weight therefore is the outer
// product of what a forward pass of v through the same slopes brings to the weight (`tangents`), and
// of what the backward pass has brought there already.

import { normal, uniform, POWER, START } from "./draws.js";

export const SLOPE = 0.001; // of leaky ReLU, below zero
const DECAY = 0.99; // of Adam's second moment; its first one is off
const TINY = 1e-6; // well above what rounding leaves of a gradient that is none
const FEEL = 10; // turns of the power iteration before the first step

export class Network {
  /** How many numbers of memory a network takes. */
  static size(sizes, rows) {
    let count = 0;
    sizes.forEach((size, layer) => {
      count += 3 * (size + 4) * rows; // what it passes on, what comes back, and tangents
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
    this.passed = sizes.map((size) => take(size * rows)); // after the bend; [0] is the input
    this.back = sizes.map((size) => take(size * rows)); // before the bend; [0] is the input's
    this.along = sizes.map((size) => take(size * rows)); // tangents, then what weights are met by
    this.ones = take(rows).fill(1);
    this.turned = take(Math.max(...sizes.slice(1).map((out, i) => out * sizes[i])));
    this.layers = [];
    let at = 0;
    for (let layer = 0; layer + 1 < sizes.length; layer += 1) {
      const [inputs, outputs] = [sizes[layer], sizes[layer + 1]];
      const cut = (array) => ({
        weight: array.subarray(at, at + inputs * outputs),
        bias: array.subarray(at + inputs * outputs, at + (inputs + 1) * outputs),
      });
      const [own, gradient, used] = [cut(this.values), cut(this.gradient), cut(this.used)];
      const drawn = uniform(new Float64Array((inputs + 1) * outputs), seed, START, number, layer);
      const bound = 1 / Math.sqrt(inputs);
      drawn.forEach((value, i) => { this.values[at + i] = (2 * value - 1) * bound; });
      this.layers.push({ inputs, outputs, own, gradient, used });
      at += (inputs + 1) * outputs;
    }
    if (!spectral) return;
    this.layers.forEach((layer, i) => {
      layer.into = new Float32Array(layer.inputs);
      layer.out = normal(new Float32Array(layer.outputs), seed, POWER, i);
      unit(layer.out);
    });
    for (let turn = 0; turn < FEEL; turn += 1) this.#feel();
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
      if (layer + 1 === layers.length) return; // the output's own is of no use
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
      values[i] -= (rate * slope) / (Math.sqrt(squares[i] / unbiased) + TINY);
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
}

function turn(to, from, rows, columns) {
  for (let i = 0, at = 0; i < rows; i += 1) {
    for (let o = 0; o < columns; o += 1, at += 1) to[o * rows + i] = from[at];
  }
}

function unit(vector) {
  const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0)) + 1e-12;
  for (let i = 0; i < vector.length; i += 1) vector[i] /= length;
}
