// What a network makes of one picture: its code, what comes back, and the loss in its two parts.
// No page in here; tasks/regularise.py says the same in torch.

import { codeLayer, forward } from "../networks/layers.js";

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

/** |dz/dx|² of one layer of sigmoid units: squared before anything is summed. */
export function jacobianNorm({ weight, inputs }, code) {
  return code.reduce((sum, z, unit) => {
    let length = 0;
    for (let i = unit * inputs; i < (unit + 1) * inputs; i += 1) length += weight[i] ** 2;
    return sum + (z * (1 - z)) ** 2 * length;
  }, 0);
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
 * Returns {code, spread, first, again, noisy, invented, loss: [reconstruction, penalty]}; `first` is
 * what the first layer passes on, `spread` the standard deviations of a VAE's posterior or null.
 * @param layers of the network, from picture to picture
 * @param beside what Python says of it beside its layers
 * @param drawn standard normal numbers for the random code, or null: no picture is invented
 */
export function look(layers, beside, x, noisy, drawn) {
  const { encoder, decoder } = parts(layers);
  const seen = forward(encoder, x);
  const code = seen.after.at(-1);
  const variance = beside.variance ? logVariance(beside.variance, seen.after.at(-2)) : null;
  const made = forward(decoder, code);
  const again = made.after.at(-1);
  const fromNoise = forward(layers, noisy).after.at(-1);
  let reconstruction = squares(beside.penalty === "damage" ? fromNoise : again, x);
  if (beside.penalty === "divergence") reconstruction = negativeLogLikelihood(made.before.at(-1), x);
  return {
    code,
    spread: variance?.map((value) => Math.exp(value / 2)) ?? null,
    first: seen.after[1],
    again,
    noisy: fromNoise,
    invented: drawn ? forward(decoder, randomCode(beside, drawn)).after.at(-1) : null,
    loss: [reconstruction, penaltyOf(beside, encoder, code, variance)],
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
