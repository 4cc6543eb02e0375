// What discriminator and generator minimise, and the gradients of it with respect to what the
// discriminator says: latentlab/adversaries/losses.py, by hand.

export const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
export const sigmoid = (x) => 1 / (1 + Math.exp(-x));

const against = (r, f) => [softplus(-r) + softplus(f), -sigmoid(-r), sigmoid(f)];

/**
 * By name: `discriminator(r, f)` gives [loss, gradient by r, gradient by f] for one real and one
 * generated point, `generator(r, f)` gives [loss, gradient by f]; `penalty`, `weight` and
 * `relative` are as in Python; `paired`: the generator's loss depends on real points, too.
 */
export const LOSSES = {
  minimax: { discriminator: against, generator: (r, f) => [-softplus(f), -sigmoid(f)] },
  non_saturating: { discriminator: against, generator: (r, f) => [softplus(-f), -sigmoid(-f)] },
  least_squares: {
    discriminator: (r, f) => [((r - 1) ** 2 + f * f) / 2, r - 1, f],
    generator: (r, f) => [(f - 1) ** 2 / 2, f - 1],
  },
  wasserstein: {
    discriminator: (r, f) => [f - r, -1, 1],
    generator: (r, f) => [-f, -1],
    relative: true,
    penalty: "between",
    weight: 1,
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
    weight: 0.05,
  },
};
