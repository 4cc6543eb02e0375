/**
 * What a manifest must hold before anything of it is used: latentlab/export.py says what it means.
 *
 * Nothing of it is believed: numbers are checked here, and whether the layers fit together, and how
 * much memory and arithmetic they take, by the kernel, which runs them.
 */

const VERSION = 1;
export const OPERATIONS = ["linear", "conv2d", "conv_transpose2d", "repeat"];
export const ACTIVATIONS = ["none", "relu", "leaky_relu", "clamp", "silu", "tanh", "sigmoid"];

const MAX_LAYERS = 64;
const MAX_SIZE = 65536; // channels, rows, columns, kernels, …; the kernel has tighter bounds
const MAX_WEIGHTS = 2 ** 22;

/** What went wrong, as a sentence for people. */
export class DecoderError extends Error {
  name = "DecoderError";
  final = false; // whether another attempt would end in the same way
}

export const product = (numbers) => numbers.reduce((a, b) => a * b, 1);

/** Throw a DecoderError unless `condition` holds. */
export function insist(condition, otherwise) {
  if (!condition) throw new DecoderError(`This decoder cannot be used: ${otherwise}.`);
}

const numbers = (values, count) =>
  Array.isArray(values) && values.length === count && values.every(Number.isFinite);
const sizes = (values, count, least = 1) =>
  numbers(values, count) &&
  values.every((value) => Number.isInteger(value) && value >= least && value <= MAX_SIZE);

/** Throw a DecoderError unless the manifest's values are of the kinds that they should be. */
export function checkManifest(manifest) {
  insist(manifest?.format === "latentlab-decoder", "its manifest is not one of latentlab's");
  insist(manifest.version === VERSION, `it has version ${manifest.version}, not ${VERSION}`);
  const { latent_size: size, image_shape: shape, layers, weights, reference } = manifest;
  insist(sizes([size], 1) && sizes(shape, 3), "its latents or images have no size");
  insist(Array.isArray(layers) && layers.length > 0, "it has no layers");
  insist(layers.length <= MAX_LAYERS, `it has more than ${MAX_LAYERS} layers`);
  layers.forEach((layer, i) => {
    const sound =
      OPERATIONS.includes(layer?.op) &&
      ACTIVATIONS.includes(layer.activation) &&
      numbers(layer.parameters, 2) &&
      [layer.input, layer.output].every((values) => sizes(values, 3)) &&
      [layer.kernel, layer.stride].every((values) => sizes(values, 2)) &&
      sizes(layer.padding, 2, 0);
    insist(sound, `layer ${i + 1} is of no known kind`);
  });
  insist(product(layers[0].input) === size, "its first layer takes no such latents");
  insist(String(layers.at(-1).output) === String(shape), "its last layer gives no such images");
  const { count, bytes } = weights ?? {};
  insist(Number.isInteger(count) && count >= 0 && bytes === 2 * count, "its weights have no size");
  insist(count <= MAX_WEIGHTS, "it is too large for a browser");
  const { z, images } = reference ?? {};
  insist(Array.isArray(z) && z.length > 0 && typeof images === "string", "it has no reference");
  insist(z.every((latent) => numbers(latent, size)), "its reference takes no such latents");
}
