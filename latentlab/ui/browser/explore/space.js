// A latent space: its axes, and how a code moves along them. Mirrors latentlab/tasks/explore.py;
// files.py writes what `Space` reads. No page in here.

import { floats } from "../shared/numbers.js";

/** A hundredth of `span` or a little less: 1, 2 or 5 times a power of ten. */
export function step(span) {
  const power = 10 ** Math.floor(Math.log10(span / 100));
  return [5, 2, 1].find((factor) => factor * power <= span / 100 * (1 + 1e-12)) * power;
}

/** A draw from the standard normal distribution. */
function normal() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

/** A line through the space. A code z stands at `direction · z - offset` on it. */
class Axis {
  constructor({ name, weight, low, high, direction, offset }) {
    Object.assign(this, { name, weight, low, high, offset, direction: floats(direction) });
  }

  /** Where the code stands on this axis. */
  coordinate(z) {
    return this.direction.reduce((sum, d, i) => sum + d * z[i], -this.offset);
  }

  /** Moves the code, in place, along this axis alone until it stands at `to`. */
  move(z, to) {
    const by = to - this.coordinate(z);
    this.direction.forEach((d, i) => (z[i] += by * d));
  }
}

export class Space {
  constructor({ size, mean, axes, linked, draw, plane }) {
    this.size = size;
    this.plane = plane;
    this.axes = Object.fromEntries(
      Object.entries(axes).map(([kind, list]) => [kind, list.map((axis) => new Axis(axis))]),
    );
    const all = Object.values(this.axes).flat();
    this.linked = linked.map((name) => all.find((axis) => axis.name === name));
    this.mean = floats(mean);
    this.prior = draw.prior;
    this.std = floats(draw.std);
  }

  /** Where the code stands along the axes that links and reports use. */
  coordinates(z) {
    return this.linked.map((axis) => Number(axis.coordinate(z).toFixed(3)));
  }

  /** The code that stands at these coordinates, or at the start where they are null. */
  at(start, coordinates) {
    const z = Float64Array.from(start);
    coordinates?.forEach((to, i) => this.linked[i].move(z, to));
    return z;
  }

  /**
   * A random code: of the prior, or of the Gaussian fitted to the codes of the data. Where links
   * hold only directions, whatever is at right angles to them stays as it is in `start`.
   */
  random(start) {
    if (this.prior) return Float64Array.from(start, normal);
    const z = Float64Array.from(this.axes.dimensions ? this.mean : start);
    this.std.forEach((std, i) => this.axes.directions[i].move(z, std * normal()));
    return z;
  }
}
