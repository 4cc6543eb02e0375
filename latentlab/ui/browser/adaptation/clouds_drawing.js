// Points of two domains on a canvas: dots of the source, rings of the target, coloured by class.

import { prepare } from "../shared/canvas.js";

export { prepare };

const stamps = new Map(); // hundreds of arcs a frame take too long

function stamp(colour, ring, size) {
  const scale = window.devicePixelRatio || 1;
  const key = `${colour} ${ring} ${size} ${scale}`;
  if (!stamps.has(key)) {
    const side = 2 * Math.ceil(size + 2);
    const made = document.createElement("canvas");
    Object.assign(made, { width: Math.round(side * scale), height: Math.round(side * scale) });
    const pen = made.getContext("2d");
    pen.scale(scale, scale);
    pen.arc(side / 2, side / 2, ring ? size + 0.4 : size, 0, 2 * Math.PI);
    if (ring) {
      pen.strokeStyle = colour;
      pen.lineWidth = 1.6;
      pen.stroke();
    } else {
      pen.fillStyle = colour;
      pen.fill();
    }
    stamps.set(key, { made, side });
  }
  return stamps.get(key);
}

/**
 * Draws points [n, 2], the first half of the source.
 * @param view {x, y, half}: what is seen, y upwards
 * @param colour (i) => of the i-th point
 */
export function drawClouds({ context, width, height }, points, { x, y, half }, colour, size = 2.2) {
  const count = points.length / 2;
  for (let i = 0; i < count; i += 1) {
    const { made, side } = stamp(colour(i), i >= count / 2, size);
    const [left, top] = [
      (((points[2 * i] - x) / half + 1) / 2) * width,
      ((1 - (points[2 * i + 1] - y) / half) / 2) * height,
    ];
    context.drawImage(made, left - side / 2, top - side / 2, side, side);
  }
}

/** Colours a square: `lean` holds rows from the top, -1 = the first colour, 1 = the second. */
export function drawRegions({ context, width, height }, sheet, lean, colours) {
  const side = Math.sqrt(lean.length);
  if (sheet.width !== side) Object.assign(sheet, { width: side, height: side });
  const pen = sheet.getContext("2d");
  const data = pen.createImageData(side, side);
  for (let i = 0, at = 0; i < lean.length; i += 1, at += 4) {
    const colour = colours[lean[i] > 0 ? 1 : 0];
    for (let c = 0; c < 3; c += 1) data.data[at + c] = colour[c];
    data.data[at + 3] = 70 * Math.abs(lean[i]);
  }
  pen.putImageData(data, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(sheet, 0, 0, width, height);
}
