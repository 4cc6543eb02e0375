// What a network makes of one picture: its code, what comes back, and the loss in its two parts.
// No page in here; tasks/regularise.py says the same in torch.

import { codeLayer, forward } from "../networks/chain.js";

const TINY = 1e-6; // keeps logarithms finite where a unit is always off, or always on

/** The layers up to the code, and those from it. */
export function parts(layers) {
  const at = codeLayer(layers);
  return { encoder: layers.slice(0, at), decoder: layers.slice(at) };
}

const squares = (a, b) => a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0);

/** The picture under noise: `pattern` is standard normal. */
export function withNoise(x, sigma, pattern) {
  return x.map((value, i) => Math.min(Math.max(value + sigma * pattern[i], 0), 1));
}

/** A code made of standard normal numbers: of the prior, or every unit drawn for itself. */
export function randomCode({ mean, std, bounded }, drawn) {
  return mean.map((centre, i) => {
    const value = centre + std[i] * drawn[i];
    return bounded ? Math.min(Math.max(value, 0), 1) : value;
  });
}

/** log σ² of a VAE's posterior, from what its last but one layer passes on. */
export function logVariance({ weight, bias }, hidden) {
  return bias.map((start, row) => {
    let sum = start;
    for (let i = 0; i < hidden.length; i += 1) sum += weight[row * hidden.length + i] * hidden[i];
    return Math.min(Math.max(sum, -12), 8);
  });
}

/** Σ KL(ρ ‖ ρ̂) in nats over units with these mean activations. */
export function divergence(rho, means) {
  return means.reduce((sum, mean) => {
    const held = Math.min(Math.max(mean, TINY), 1 - TINY);
    return sum + rho * Math.log(rho / held) + (1 - rho) * Math.log((1 - rho) / (1 - held));
  }, 0);
}

const lengths = new WeakMap(); // by layer: Σ_i W_ji² of every unit, which no picture changes

/** |dz/dx|² of one layer of sigmoid units: squared before anything is summed. */
export function jacobianNorm(layer, code) {
  let squared = lengths.get(layer);
  if (!squared) {
    const { weight, inputs } = layer;
    squared = code.map((_, unit) => weight.subarray(unit * inputs, (unit + 1) * inputs).reduce((sum, w) => sum + w * w, 0));
    lengths.set(layer, squared);
  }
  return code.reduce((sum, z, unit) => sum + (z * (1 - z)) ** 2 * squared[unit], 0);
}

/** -log p(x | z) in nats, of the sums before the last sigmoid. */
export function negativeLogLikelihood(logits, x) {
  let sum = 0;
  logits.forEach((l, i) => (sum += Math.max(l, 0) - l * x[i] + Math.log1p(Math.exp(-Math.abs(l)))));
  return sum;
}

function penaltyOf({ penalty, weight, rho, mean }, encoder, code, variance) {
  switch (penalty) {
    case "kl":
      return weight * divergence(rho, mean);
    case "l1":
      return weight * code.reduce((sum, z) => sum + Math.abs(z), 0);
    case "jacobian":
      return weight * jacobianNorm(encoder[0], code);
    case "divergence":
      return weight * code.reduce((sum, m, i) => sum + 0.5 * (m ** 2 + Math.exp(variance[i]) - 1 - variance[i]), 0);
    default:
      return 0;
  }
}

/**
 * Returns {code, spread, first, again, noisy, invented, loss: [reconstruction, penalty]}, and what it
 * was made of; `first` is what the first layer passes on, `spread` the standard deviations of a VAE's
 * posterior or null.
 * @param layers of the network, from picture to picture
 * @param beside what Python says of it beside its layers
 * @param drawn standard normal numbers for the random code, or null: no picture is invented
 * @param whole a quicker way from picture to picture than these layers, if there is one
 * @param before what this returned last: what it was made of may still be the same
 */
export function look(layers, beside, x, noisy, drawn, whole = null, before = null) {
  const { encoder, decoder } = parts(layers);
  const known = before?.layers === layers ? before : null;
  const through = whole ?? ((picture) => forward(layers, picture).after.at(-1));
  const fromNoise = known?.of.noisy === noisy ? known.noisy : through(noisy);
  const same = known?.of.x === x;
  const made = same ? known : seen(encoder, decoder, beside, x);
  let invented = null;
  if (drawn) {
    invented = known?.of.drawn === drawn ? known.invented : forward(decoder, randomCode(beside, drawn)).after.at(-1);
  }
  const { code, spread, first, again, loss } = made;
  const reconstruction = beside.penalty === "damage" ? squares(fromNoise, x) : loss[0];
  return {
    layers, of: { x, noisy, drawn }, code, spread, first, again, noisy: fromNoise, invented,
    loss: [reconstruction, loss[1]],
  };
}

/** What does not depend on noise or chance. */
function seen(encoder, decoder, beside, x) {
  const into = forward(encoder, x);
  const code = into.after.at(-1);
  const variance = beside.variance ? logVariance(beside.variance, into.after.at(-2)) : null;
  const made = forward(decoder, code);
  const again = made.after.at(-1);
  const bound = beside.penalty === "divergence";
  return {
    code,
    spread: variance?.map((value) => Math.exp(value / 2)) ?? null,
    first: into.after[1],
    again,
    loss: [
      bound ? negativeLogLikelihood(made.before.at(-1), x) : squares(again, x),
      penaltyOf(beside, encoder, code, variance),
    ],
  };
}

/** The units that answer most to a picture, strongest first. */
export function strongest(activations, count) {
  const order = Array.from(activations.keys());
  return order.sort((a, b) => Math.abs(activations[b]) - Math.abs(activations[a])).slice(0, count);
}

/** Correlation of two pictures where digits lie: within `margin` of the edge nothing counts. */
export function likeness(a, b, [height, width], margin) {
  const inside = [];
  for (let y = margin; y < height - margin; y += 1) {
    for (let x = margin; x < width - margin; x += 1) inside.push(y * width + x);
  }
  const centred = (values) => {
    const mean = inside.reduce((sum, i) => sum + values[i], 0) / inside.length;
    return inside.map((i) => values[i] - mean);
  };
  const [one, other] = [centred(a), centred(b)];
  const dot = (p, q) => p.reduce((sum, value, i) => sum + value * q[i], 0);
  const size = Math.sqrt(dot(one, one) * dot(other, other));
  return size ? dot(one, other) / size : 0;
}

/** z = μ + σ ε (Kingma & Welling 2013, eq. 4). */
export function reparameterise(mean, spread, epsilon) {
  return mean.map((m, i) => m + spread[i] * epsilon[i]);
}

/** The two numbers of a code that a picture settles best: those with the smallest σ. */
export function narrowest(spread) {
  const order = Array.from(spread.keys());
  return order.sort((a, b) => spread[a] - spread[b]).slice(0, 2);
}
