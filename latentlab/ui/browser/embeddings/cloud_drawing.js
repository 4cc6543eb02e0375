// How a cloud of points looks: dots or pictures, the names of classes, a star, and an outline.

import { clamp } from "../shared/numbers.js";
import { apart, spread } from "./cloud_geometry.js";
import { Dots, ring } from "./dots.js";

const GREY = "#8a8f98"; // classes that are not shown, and the edge of dots whose colour may be the ground's
const STAR = "#e6007e"; // no class has it, and it reads on white and on dark
const ALL = { plain: 0.85, faint: 0.16, hidden: 0.18 }; // opacities of dots

/** A canvas as fine as the screen; its context counts in CSS pixels. */
export function prepare(canvas, width, height) {
  const fine = window.devicePixelRatio || 1;
  const size = [Math.round(width * fine), Math.round(height * fine)];
  if (canvas.width !== size[0] || canvas.height !== size[1]) {
    [canvas.width, canvas.height] = size;
  }
  const context = canvas.getContext("2d");
  context.setTransform(fine, 0, 0, fine, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

const channels = (colour) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

/**
 * Draws all that does not follow the pointer.
 * @param scene {places, labels, shown, selected, any, data, sheets, type}: `selected` flags, `any`
 *   whether one is set, `type` the height of the text around in pixels
 * @returns the numbers of the points that are drawn as pictures, and how large those are
 */
export function drawCloud(context, scene, width, height) {
  const { data } = scene;
  const dot = clamp(260 / Math.sqrt(scene.labels.length), 3.5, 9) * (scene.type / 16);
  drawDots(context, scene, dot, data.pictures ? 0.3 : 1);
  const shown = data.pictures ? drawPictures(context, scene, width, height) : { pictures: [], side: 0 };
  drawNames(context, scene, width, height);
  if (scene.star) drawStar(context, scene.star, scene.type);
  return shown;
}

function drawDots(context, { places, labels, shown, selected, any, data }, dot, opacity) {
  const { canvas } = context;
  if (!canvas.width || !canvas.height) return;
  const dots = new Dots(canvas.width, canvas.height);
  const fine = context.getTransform().a;
  const colours = data.colours.map(channels);
  const grey = channels(GREY);
  const [plain, large] = [dot, dot + 5].map((size) => ring((size * fine) / 2));
  const edges = [dot, dot + 5].map((size) => ring((size * fine) / 2, ((size - 2) * fine) / 2));
  const put = (shape, i, colour, strength) => {
    dots.put(shape, places[2 * i] * fine, places[2 * i + 1] * fine, colour, strength * opacity);
  };
  for (let i = 0; i < labels.length; i += 1) {
    if (!shown[labels[i]]) put(plain, i, grey, ALL.hidden);
  }
  const strength = any ? ALL.faint : ALL.plain;
  for (let i = 0; i < labels.length; i += 1) {
    if (!shown[labels[i]] || (any && selected[i])) continue;
    put(plain, i, colours[labels[i]], strength);
    if (data.edged) put(edges[0], i, grey, strength);
  }
  for (let i = 0; any && i < labels.length; i += 1) {
    if (!selected[i] || !shown[labels[i]]) continue;
    put(large, i, colours[labels[i]], 1);
    if (data.edged) put(edges[1], i, grey, 1);
  }
  context.putImageData(dots.image(), 0, 0);
}

/** The pictures themselves, as many as there is room for; the selected ones first. */
function drawPictures(context, scene, width, height) {
  const { places, labels, shown, selected, any, data, sheets, type } = scene;
  const side = type * (data.sheets.size[0] > 32 ? 2.2 : 1.6);
  const order = [];
  for (let i = 0; any && i < labels.length; i += 1) if (selected[i] && shown[labels[i]]) order.push(i);
  for (let i = 0; i < labels.length; i += 1) {
    if (shown[labels[i]] && !(any && selected[i])) order.push(i);
  }
  const pictures = spread(places, order, side + 3, width, height);
  for (const i of pictures) {
    const [x, y] = [places[2 * i] - side / 2, places[2 * i + 1] - side / 2];
    context.globalAlpha = any && !selected[i] ? 0.25 : 1;
    context.fillStyle = data.colours[labels[i]];
    context.fillRect(x - 1.5, y - 1.5, side + 3, side + 3);
    sheets.draw(context, i, x, y, side);
  }
  context.globalAlpha = 1;
  return { pictures, side };
}

/** The name of every class that is shown, about in the middle of its points. */
function drawNames(context, { names, any, data, type, ink, ground, font }, width, height) {
  if (data.pictures) return; // the pictures say it, and names would hide them
  Object.assign(context, {
    font: `700 ${1.18 * type}px ${font}`, textAlign: "center", textBaseline: "middle",
    lineJoin: "round", lineWidth: 0.28 * type, strokeStyle: ground, fillStyle: ink,
    globalAlpha: any ? 0.35 : 1, // the selection reads through them
  });
  const labels = names.map((name) => ({ ...name, width: context.measureText(name.text).width }));
  // Where the plane is seen from near, some lie outside of it.
  const seen = labels.filter(({ x, y }) => x >= 0 && x <= width && y >= 0 && y <= height);
  apart(seen, 1.3 * type, width, height).forEach(([right, down], k) => {
    const { text, x, y } = seen[k];
    context.strokeText(text, x + right, y + down);
    context.fillText(text, x + right, y + down);
  });
  context.globalAlpha = 1;
}

function drawStar(context, [x, y], type) {
  Object.assign(context, {
    font: `${2.4 * type}px sans-serif`, textAlign: "center", textBaseline: "middle",
    lineJoin: "round", lineWidth: 0.35 * type, strokeStyle: "white", fillStyle: STAR,
  });
  context.strokeText("★", x, y);
  context.fillText("★", x, y);
}

/** Draws what follows the pointer or the keys: an outline [[x, y], …], and a ring around a place. */
export function drawMarks(context, { outline, ring, ink, ground, type }) {
  if (outline.length > 1) {
    context.beginPath();
    outline.forEach(([x, y]) => context.lineTo(x, y));
    context.closePath();
    Object.assign(context, { fillStyle: ink, globalAlpha: 0.08 });
    context.fill();
    Object.assign(context, { strokeStyle: ink, lineWidth: 1.5, globalAlpha: 1 });
    context.setLineDash([5, 4]);
    context.stroke();
    context.setLineDash([]);
  }
  if (!ring) return;
  for (const [strokeStyle, lineWidth] of [[ground, 5], [ink, 2.5]]) {
    Object.assign(context, { strokeStyle, lineWidth });
    context.beginPath();
    context.arc(...ring, 0.6 * type, 0, 2 * Math.PI);
    context.stroke();
  }
}
