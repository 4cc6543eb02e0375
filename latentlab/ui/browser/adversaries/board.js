// One arena on its canvas: what the discriminator believes, what the generator makes of it.

import { prepare } from "../shared/canvas.js";

export { prepare };
const REAL = "#1f77d0";
const FAKE = "#e76300";
export const COLOURS = { real: REAL, fake: FAKE };
// From "generated" to "real", each over the theme's own ground.
const [LOW, HIGH] = [[231, 99, 0], [31, 119, 208]];

/**
 * Draws an arena.
 * @param seen what looking.js gives of it
 * @param view {half: half the width of what is seen, sheet: a canvas to reuse, ink, layers: {heat,
 *   field, arrows}}
 */
export function drawBoard(canvas, seen, { half, sheet, ink, layers }) {
  const ready = prepare(canvas);
  if (!ready) return;
  const { context, width, height } = ready;
  const x = (value) => ((value / half + 1) / 2) * width;
  const y = (value) => ((1 - value / half) / 2) * height;
  if (layers.heat && seen.heat) drawHeat(context, sheet, seen.heat, width, height);
  if (layers.field && seen.field) {
    const { along, points } = seen.field;
    context.strokeStyle = ink;
    context.globalAlpha = 0.28;
    context.lineWidth = 0.8;
    context.beginPath();
    for (let i = 0; i < points.length; i += 2) {
      if ((i / 2) % along) context.lineTo(x(points[i]), y(points[i + 1]));
      else context.moveTo(x(points[i]), y(points[i + 1]));
    }
    context.stroke();
    context.globalAlpha = 1;
  }
  dots(context, seen.real, REAL, 1.7, x, y);
  if (layers.arrows) arrows(context, seen, half, ink, width, x, y);
  dots(context, seen.generated, FAKE, 2.1, x, y);
}

function drawHeat(context, sheet, heat, width, height) {
  const side = Math.sqrt(heat.length);
  if (sheet.width !== side) Object.assign(sheet, { width: side, height: side });
  const pen = sheet.getContext("2d");
  const data = pen.createImageData(side, side);
  for (let i = 0, at = 0; i < heat.length; i += 1, at += 4) {
    const lean = 2 * heat[i] - 1;
    const colour = lean < 0 ? LOW : HIGH;
    for (let c = 0; c < 3; c += 1) data.data[at + c] = colour[c];
    data.data[at + 3] = 120 * Math.abs(lean);
  }
  pen.putImageData(data, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(sheet, 0, 0, width, height);
}

const stamps = new Map(); // a dot of every colour: hundreds of arcs a frame take too long

function stamp(colour, radius) {
  const scale = window.devicePixelRatio || 1;
  const key = `${colour} ${radius} ${scale}`;
  if (!stamps.has(key)) {
    const side = 2 * Math.ceil(radius + 1);
    const made = document.createElement("canvas");
    Object.assign(made, { width: Math.round(side * scale), height: Math.round(side * scale) });
    const pen = made.getContext("2d");
    pen.scale(scale, scale);
    pen.fillStyle = colour;
    pen.arc(side / 2, side / 2, radius, 0, 2 * Math.PI);
    pen.fill();
    stamps.set(key, { made, side });
  }
  return stamps.get(key);
}

function dots(context, points, colour, radius, x, y) {
  const { made, side } = stamp(colour, radius);
  for (let i = 0; i < points.length; i += 2) {
    context.drawImage(made, x(points[i]) - side / 2, y(points[i + 1]) - side / 2, side, side);
  }
}

/** Where points would go; a long arrow is drawn shorter, so that none leaves the picture. */
function arrows(context, { generated, pull }, half, ink, width, x, y) {
  context.strokeStyle = ink;
  context.globalAlpha = 0.75;
  context.lineWidth = 1;
  context.beginPath();
  for (let i = 0; i < generated.length; i += 4) {
    const [dx, dy] = [pull[i] / half, pull[i + 1] / half];
    const size = Math.hypot(dx, dy);
    const length = (0.09 * width * size) / (size + 0.3);
    if (!(length > 0.7)) continue;
    const [left, top] = [x(generated[i]), y(generated[i + 1])];
    const [right, down] = [left + (dx / size) * length, top - (dy / size) * length];
    const [ux, uy] = [(right - left) / length, (down - top) / length];
    context.moveTo(left, top);
    context.lineTo(right, down);
    context.lineTo(right - 3.5 * ux - 2 * uy, down - 3.5 * uy + 2 * ux);
    context.moveTo(right, down);
    context.lineTo(right - 3.5 * ux + 2 * uy, down - 3.5 * uy - 2 * ux);
  }
  context.stroke();
  context.globalAlpha = 1;
}
