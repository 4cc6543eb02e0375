// A chain of linear layers as numbers that can be looked into. No page in here.

/** Numbers of IEEE half precision, by their 16 bits. */
let table = null;
function halfTable() {
  table ??= Float32Array.from({ length: 65536 }, (_, bits) => {
    const [sign, exponent, part] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
    if (exponent === 31) return part ? NaN : sign * Infinity;
    return sign * (exponent ? 2 ** (exponent - 15) * (1 + part / 1024) : (part / 1024) * 2 ** -14);
  });
  return table;
}

const size = (shape) => shape.reduce((a, b) => a * b, 1);

/**
 * Returns the layers of a checked manifest: {inputs, outputs, weight [outputs * inputs], bias,
 * activation, parameters}; null where one is not linear.
 * @param halves all weights and biases as bits of fp16, in the manifest's order
 */
export function layersOf(manifest, halves) {
  const half = halfTable();
  const layers = [];
  let at = 0;
  const take = (count) => {
    const made = new Float32Array(count);
    for (let i = 0; i < count; i += 1) made[i] = half[halves[at + i]];
    at += count;
    return made;
  };
  for (const { op, input, output, activation, parameters } of manifest.layers) {
    if (op !== "linear") return null;
    const [inputs, outputs] = [size(input), size(output)];
    layers.push({
      inputs, outputs, weight: take(inputs * outputs), bias: take(outputs), activation, parameters,
    });
  }
  return layers;
}

/** The same chain through the first `k` units of its first layer alone, as PCA may be cut. */
export function truncate([into, out, ...rest], k) {
  const narrow = new Float32Array(out.outputs * k);
  for (let row = 0; row < out.outputs; row += 1) {
    narrow.set(out.weight.subarray(row * out.inputs, row * out.inputs + k), row * k);
  }
  const first = {
    ...into, outputs: k, weight: into.weight.subarray(0, k * into.inputs), bias: into.bias.subarray(0, k),
  };
  return [first, { ...out, inputs: k, weight: narrow }, ...rest];
}

/** Which layer gives the code: the narrowest, the first of them; counted from 1. */
export function codeLayer(layers) {
  let best = 0;
  layers.forEach(({ outputs }, i) => {
    if (outputs < layers[best].outputs) best = i;
  });
  return best + 1;
}

const ACTIVATIONS = {
  none: (x) => x,
  relu: (x) => Math.max(x, 0),
  leaky_relu: (x, [slope]) => (x < 0 ? slope * x : x),
  clamp: (x, [low, high]) => Math.min(Math.max(x, low), high),
  silu: (x) => x / (1 + Math.exp(-x)),
  tanh: (x) => Math.tanh(x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
};

// Derivatives, of what went in (x) and came out (y).
const SLOPES = {
  none: () => 1,
  relu: (x) => (x > 0 ? 1 : 0),
  leaky_relu: (x, y, [slope]) => (x < 0 ? slope : 1),
  clamp: (x, y, [low, high]) => (x > low && x < high ? 1 : 0),
  silu: (x, y) => {
    const s = 1 / (1 + Math.exp(-x));
    return s + y * (1 - s);
  },
  tanh: (x, y) => 1 - y * y,
  sigmoid: (x, y) => y * (1 - y),
};

/**
 * Returns {before, after}: what every layer adds up, and what it passes on; `after[0]` is `x`
 * itself, `before[i]` and `after[i]` belong to layer i, counted from 1.
 */
export function forward(layers, x) {
  const before = [null];
  const after = [x];
  for (const { inputs, outputs, weight, bias, activation, parameters } of layers) {
    const from = after.at(-1);
    const sums = new Float32Array(outputs);
    for (let row = 0, at = 0; row < outputs; row += 1, at += inputs) {
      // Four sums that do not wait for one another.
      let [a, b, c, d] = [bias[row], 0, 0, 0];
      let i = 0;
      for (; i + 3 < inputs; i += 4) {
        a += weight[at + i] * from[i];
        b += weight[at + i + 1] * from[i + 1];
        c += weight[at + i + 2] * from[i + 2];
        d += weight[at + i + 3] * from[i + 3];
      }
      for (; i < inputs; i += 1) a += weight[at + i] * from[i];
      sums[row] = a + b + c + d;
    }
    const bend = ACTIVATIONS[activation];
    before.push(sums);
    after.push(activation === "none" ? sums : sums.map((value) => bend(value, parameters)));
  }
  return { before, after };
}

const slope = (layers, run, layer, unit) => {
  const { activation, parameters } = layers[layer - 1];
  return SLOPES[activation](run.before[layer][unit], run.after[layer][unit], parameters);
};

/**
 * Returns the picture that a unit looks for: how what it adds up changes with every pixel, here
 * and now. Of the first layer that is its weights.
 * @param run what `forward` returned
 * @param layer from 1
 */
export function lookedFor(layers, run, layer, unit) {
  const { inputs, weight } = layers[layer - 1];
  let back = weight.slice(unit * inputs, (unit + 1) * inputs);
  for (let below = layer - 1; below >= 1; below -= 1) {
    const under = layers[below - 1];
    const next = new Float32Array(under.inputs);
    for (let row = 0; row < under.outputs; row += 1) {
      const part = back[row] * slope(layers, run, below, row);
      if (!part) continue;
      const at = row * under.inputs;
      for (let i = 0; i < under.inputs; i += 1) next[i] += part * under.weight[at + i];
    }
    back = next;
  }
  return back;
}

/**
 * Returns the picture that a unit draws: how the output changes with what the unit passes on; the
 * last layer's own bend is left out, since where a pixel is black already it would hide everything.
 * @param layer from 0, the input
 */
export function drawnBy(layers, run, layer, unit) {
  let forth = new Float32Array(layer ? layers[layer - 1].outputs : layers[0].inputs);
  forth[unit] = 1;
  for (let above = layer + 1; above <= layers.length; above += 1) {
    const { inputs, outputs, weight } = layers[above - 1];
    const next = new Float32Array(outputs);
    for (let row = 0; row < outputs; row += 1) {
      let sum = 0;
      for (let i = 0; i < inputs; i += 1) sum += weight[row * inputs + i] * forth[i];
      next[row] = above < layers.length ? sum * slope(layers, run, above, row) : sum;
    }
    forth = next;
  }
  return forth;
}

/** Mean squared difference. */
export function meanSquare(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] - b[i]) ** 2;
  return sum / a.length;
}
