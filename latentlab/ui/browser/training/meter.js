// How well points cover a target: latentlab/adversaries/meter.py.

const FAIR = 0.25; // of what a part should get

/**
 * Returns {covered, fair, inside, divergence} of points [n, 2].
 * @param target {anchors, parts, shares: of every part, sigma}
 */
export function read({ anchors, parts, shares, sigma }, points) {
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
