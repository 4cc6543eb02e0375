/**
 * Runs a decoder's layers in plain JavaScript, for browsers without WebAssembly or its SIMD.
 *
 * Maps are kept as [row][column][channel], so that the inputs of a sum stand together, and in
 * doubles, as to convert floats at every step takes longer.
 */

import { insist, product } from "./decoder.js";

// kernel.c and export.py hold the same bounds.
const MAX_SIDE = 4096;
const MAX_KERNEL = 64;
const MAX_STRIDE = 16;
const MAX_MULTIPLY_ADDS = 2 ** 30;
const MAX_VALUES = 2 ** 21; // of all maps together

const filled = (channels) => Math.ceil(channels / 4) * 4;

/** Return a function from latent to image. Throws a DecoderError if the layers do not fit. */
export function openPlain({ layers, image_shape: shape, weights: { count } }, halves) {
  checkLayers(layers, count);
  let at = 0;
  const steps = layers.map((layer) => {
    const [weights, biases] = [weightsOf(layer), biasesOf(layer)];
    const numbers = Float64Array.from(halves.subarray(at, at + weights + biases), fromHalf);
    at += weights + biases;
    const step = layer.op === "repeat" ? repeat(layer) : sum(layer, numbers);
    const activate = activation(layer);
    return (x) => activate(step(x));
  });
  const first = new Float64Array(product(layers[0].input));
  const image = new Float32Array(product(shape));
  return (z) => {
    eachValue(layers[0].input, (torch, ours) => (first[ours] = Math.fround(z[torch])));
    const last = steps.reduce((x, step) => step(x), first);
    eachValue(shape, (torch, ours) => (image[torch] = last[ours]));
    return image;
  };
}

function checkLayers(layers, count) {
  let [numbers, products, values] = [0, 0, product(layers[0].input)];
  layers.forEach((layer, i) => {
    const { op, input, output } = layer;
    const before = i ? layers[i - 1].output : input;
    const fits =
      String(input) === String(before) &&
      (op !== "repeat" || input[0] === output[0]) &&
      fitsAxis(layer, 0) &&
      fitsAxis(layer, 1);
    insist(fits, `layer ${i + 1} does not fit`);
    const places = op === "linear" ? [] : op === "conv2d" ? output.slice(1) : input.slice(1);
    numbers += weightsOf(layer) + biasesOf(layer);
    products += weightsOf(layer) * product(places);
    values += product(output);
  });
  insist(numbers === count, "its weights do not fit its layers");
  insist(products <= MAX_MULTIPLY_ADDS && values <= MAX_VALUES, "it is too large");
}

function fitsAxis({ op, input, output, kernel, stride, padding }, axis) {
  const [from, to] = [input[1 + axis], output[1 + axis]];
  const [k, s, p] = [kernel[axis], stride[axis], padding[axis]];
  if (Math.max(from, to) > MAX_SIDE || Math.max(k, p + 1) > MAX_KERNEL || s > MAX_STRIDE) {
    return false;
  }
  if (op === "linear") return true;
  if (op === "repeat") return to === from * s;
  if (op === "conv2d") return from + 2 * p >= k && to === Math.floor((from + 2 * p - k) / s) + 1;
  const extra = to - ((from - 1) * s - 2 * p + k); // torch's output padding
  return extra >= 0 && extra < s;
}

function weightsOf({ op, input, output, kernel }) {
  if (op === "repeat") return 0;
  if (op === "linear") return product(input) * product(output);
  return input[0] * output[0] * product(kernel);
}

function biasesOf({ op, output }) {
  return op === "repeat" ? 0 : op === "linear" ? product(output) : output[0];
}

/** Visit every value of a map: where torch keeps it, and where it is here. */
function eachValue([channels, height, width], visit) {
  const places = height * width;
  for (let c = 0; c < channels; c++) {
    for (let place = 0; place < places; place++) visit(c * places + place, place * channels + c);
  }
}

function fromHalf(half) {
  const [exponent, rest] = [(half >> 10) & 31, half & 1023];
  const size = exponent ? (1024 + rest) * 2 ** (exponent - 25) : rest * 2 ** -24;
  return half & 0x8000 ? -size : size;
}

function activation({ activation: name, parameters: [a, b] }) {
  const apply = {
    relu: (v) => (v > 0 ? v : 0),
    leaky_relu: (v) => (v > 0 ? v : a * v),
    clamp: (v) => (v < a ? a : v > b ? b : v),
    silu: (v) => v / (1 + Math.exp(-v)),
    tanh: Math.tanh,
    sigmoid: (v) => 1 / (1 + Math.exp(-v)),
  }[name];
  return (x) => {
    if (apply) for (let i = 0; i < x.length; i++) x[i] = apply(x[i]);
    return x;
  };
}

function repeat({ input, output, stride }) {
  const step = input[0];
  const y = new Float64Array(product(output));
  return (x) => {
    for (let row = 0, to = 0; row < output[1]; row++) {
      for (let column = 0; column < output[2]; column++, to += step) {
        const place = Math.floor(row / stride[0]) * input[2] + Math.floor(column / stride[1]);
        for (let c = 0; c < step; c++) y[to + c] = x[place * step + c];
      }
    }
    return y;
  };
}

/** For every output along an axis, the inputs that it sums up, by kernel element; -1 for none. */
function meetings({ op, input, output, kernel, stride, padding }, axis) {
  const [k, s, p] = [kernel[axis], stride[axis], padding[axis]];
  const from = input[1 + axis];
  if (op === "linear") return [Int32Array.from({ length: from }, (_, i) => i)];
  return Array.from({ length: output[1 + axis] }, (_, o) =>
    Int32Array.from({ length: k }, (_, element) => {
      const i = op === "conv2d" ? o * s - p + element : (o + p - element) / s;
      return Number.isInteger(i) && i >= 0 && i < from ? i : -1;
    }),
  );
}

/** Linear layers and convolutions; a linear layer is a convolution that sees its whole input. */
function sum(layer, numbers) {
  const { op, input, output } = layer;
  const linear = op === "linear";
  const outputs = linear ? product(output) : output[0];
  const [tall, wide] = linear ? input.slice(1) : layer.kernel;
  const inputs = input[0];
  // From torch's order of weights to [row][column][output / 4][input][output % 4].
  const weights = new Float64Array(tall * wide * filled(outputs) * inputs);
  for (let o = 0; o < outputs; o++) {
    for (let c = 0; c < inputs; c++) {
      const from = (op === "conv_transpose2d" ? c * outputs + o : o * inputs + c) * tall * wide;
      const to = ((o >> 2) * inputs + c) * 4 + (o & 3);
      for (let k = 0; k < tall * wide; k++) {
        weights[k * filled(outputs) * inputs + to] = numbers[from + k];
      }
    }
  }
  const biases = numbers.subarray(weightsOf(layer));
  const [rows, columns] = [meetings(layer, 0), meetings(layer, 1)];
  const sums = new Float64Array(filled(outputs));
  const y = new Float64Array(product(output));
  const places = Int32Array.from({ length: outputs }, (_, o) => o);
  if (linear) eachValue(output, (torch, ours) => (places[torch] = ours));
  return (x) => {
    for (let row = 0, to = 0; row < rows.length; row++) {
      for (let column = 0; column < columns.length; column++, to += output[0]) {
        sums.set(biases);
        for (let ky = 0; ky < tall; ky++) {
          for (let kx = 0; kx < wide; kx++) {
            const iy = rows[row][ky];
            const ix = columns[column][kx];
            if (iy < 0 || ix < 0) continue;
            const at = (ky * wide + kx) * sums.length * inputs;
            addProducts(sums, weights, at, x, (iy * input[2] + ix) * inputs, inputs);
          }
        }
        for (let o = 0; o < outputs; o++) y[to + places[o]] = sums[o];
      }
    }
    return y;
  };
}

/** Add to four sums at a time what a run of inputs gives them; `at` and `from` are where. */
function addProducts(sums, w, at, x, from, count) {
  for (let o = 0; o < sums.length; o += 4) {
    let s = sums[o];
    let t = sums[o + 1];
    let u = sums[o + 2];
    let v = sums[o + 3];
    for (let c = from; c < from + count; c++, at += 4) {
      const value = x[c];
      s += w[at] * value;
      t += w[at + 1] * value;
      u += w[at + 2] * value;
      v += w[at + 3] * value;
    }
    sums[o] = s;
    sums[o + 1] = t;
    sums[o + 2] = u;
    sums[o + 3] = v;
  }
}
