// Where a box lies on a picture, as numbers. No page in here. A box is [left, top, right, bottom],
// shares of the picture's width and height from 0 to 1; a place is [x, y], likewise.

import { clamp } from "../shared/numbers.js";

/** All of the picture, or of it the largest part with a ratio of width to height, from the middle. */
export function whole(size, ratio = null) {
  if (!ratio) return [0, 0, 1, 1];
  const wide = size[0] / size[1] / ratio; // how much too wide the picture is
  const sides = [Math.min(1 / wide, 1), Math.min(wide, 1)];
  const corner = sides.map((side) => (1 - side) / 2);
  return [...corner, ...corner.map((start, i) => start + sides[i])];
}

/** A box moved by shares of the picture, as far as there is room. */
export function moved([left, top, right, bottom], [across, down]) {
  const x = clamp(across, -left, 1 - right);
  const y = clamp(down, -top, 1 - bottom);
  return [left + x, top + y, right + x, bottom + y];
}

/**
 * The box between a corner that stays and a place, on the side of the place.
 * @param anchor the corner that stays
 * @param place where the other one is wanted
 * @param size of the picture in pixels
 * @param least [width, height] of the smallest box, shares
 * @param ratio width to height in pixels, or null for any
 */
export function between(anchor, place, size, least, ratio = null) {
  // Towards where there is room: at the edge of the picture a box can only grow inwards.
  const sign = anchor.map((from, i) => {
    const wanted = place[i] >= from ? 1 : -1;
    const room = wanted > 0 ? 1 - from : from;
    return room < least[i] ? -wanted : wanted;
  });
  const room = anchor.map((from, i) => (sign[i] > 0 ? 1 - from : from));
  let sides = anchor.map((from, i) => clamp((place[i] - from) * sign[i], least[i], room[i]));
  if (ratio) {
    const perWidth = size[0] / size[1] / ratio; // shares of height for a share of width
    const most = Math.min(room[0], room[1] / perWidth);
    const width = Math.min(Math.max(sides[0], sides[1] / perWidth), most);
    sides = [width, width * perWidth];
  }
  const other = anchor.map((from, i) => from + sign[i] * sides[i]);
  return [
    Math.min(anchor[0], other[0]), Math.min(anchor[1], other[1]),
    Math.max(anchor[0], other[0]), Math.max(anchor[1], other[1]),
  ];
}

/** A box whose lower right corner is moved by shares of the picture. */
export function grown([left, top, right, bottom], [across, down], size, least, ratio = null) {
  // With a ratio, one side leads the other.
  const by = ratio ? [across || down, across || down] : [across, down];
  const sides = [right - left + by[0], bottom - top + by[1]];
  if (ratio) sides[1] = 0; // the width decides
  const place = [left + Math.max(sides[0], least[0]), top + Math.max(sides[1], least[1])];
  return between([left, top], place, size, least, ratio);
}

/** Which corner of a box is within reach of a place: "nw", "ne", "sw", "se"; or null. */
export function cornerAt(box, place, [across, down]) {
  const [left, top, right, bottom] = box;
  const corners = { nw: [left, top], ne: [right, top], sw: [left, bottom], se: [right, bottom] };
  let nearest = null;
  for (const [name, corner] of Object.entries(corners)) {
    const far = Math.hypot((corner[0] - place[0]) / across, (corner[1] - place[1]) / down);
    if (far <= 1 && far < (nearest?.far ?? Infinity)) nearest = { name, far };
  }
  return nearest?.name ?? null;
}

/** The corner across from one. */
export function opposite([left, top, right, bottom], name) {
  return [name.includes("w") ? right : left, name.includes("n") ? bottom : top];
}

/** Whether a place is in a box. */
export function inside([left, top, right, bottom], [x, y]) {
  return x >= left && x <= right && y >= top && y <= bottom;
}
