// The codes of one picture within the prior, two numbers of them.

import { fitted } from "./drawing.js";

const TWO = 2 * Math.PI;

/**
 * Draws the prior's circles, the posterior's ellipse at one and two σ, and draws from it.
 * @param shown {mean, spread}
 * @param axes which two numbers
 * @param draws codes of now; `before`: of earlier rolls
 */
export function cloud(canvas, { shown: { mean, spread }, axes: [i, j], draws, before, colour, faint }) {
  const context = fitted(canvas);
  const { width, height } = canvas;
  const reach = Math.max(2.6, ...[i, j].map((axis) => Math.abs(mean[axis]) + 2.2 * spread[axis]));
  const unit = Math.min(width, height) / (2 * reach);
  const place = (z) => [width / 2 + z[i] * unit, height / 2 - z[j] * unit];
  const ring = (centre, a, b) => {
    context.beginPath();
    context.ellipse(...centre, Math.max(a * unit, 0.5), Math.max(b * unit, 0.5), 0, 0, TWO);
    context.stroke();
  };
  context.strokeStyle = faint;
  context.globalAlpha = 0.45;
  context.lineWidth = 1;
  context.setLineDash([4, 4]);
  for (const sigma of [1, 2]) ring([width / 2, height / 2], sigma, sigma);
  context.setLineDash([]);
  context.globalAlpha = 0.6;
  context.fillStyle = faint;
  context.fillRect(0, height / 2, width, 1);
  context.fillRect(width / 2, 0, 1, height);
  context.strokeStyle = colour;
  context.globalAlpha = 1;
  context.lineWidth = 2;
  for (const sigma of [1, 2]) ring(place(mean), sigma * spread[i], sigma * spread[j]);
  context.fillStyle = colour;
  const dot = (z, size) => {
    context.beginPath();
    context.arc(...place(z), size, 0, TWO);
    context.fill();
  };
  context.globalAlpha = 0.35;
  for (const z of before) dot(z, 3);
  context.globalAlpha = 1;
  draws.forEach((z, n) => dot(z, n ? 4 : 6));
}
