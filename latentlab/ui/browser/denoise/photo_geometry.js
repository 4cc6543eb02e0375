// Where things are on a shown photograph, as numbers. No page in here. A place is [x, y], shares of
// the picture's width and height from 0 to 1; a size is [width, height].

import { clamp } from "../shared/numbers.js";

const LARGEST = 2; // CSS pixels a small picture's pixel may be enlarged to
const PANES = [120, 220]; // CSS pixels along a side of the loupe's panes, least and most

/** A place kept on the picture, rounded as it is reported. */
export const onPicture = (place) => place.map((part) => +clamp(part, 0, 1).toFixed(5));

/**
 * How large a picture is shown.
 * @param size of the picture in pixels
 * @param room CSS pixels: the most in width and in height
 * @param density device pixels in a CSS pixel
 * @returns {number[]} its size in device pixels
 */
export function fit(size, room, density) {
  const scale = Math.min(room[0] / size[0], room[1] / size[1], LARGEST);
  return size.map((side) => Math.max(Math.round(side * scale * density), 1));
}

/** Device pixels along a side of a pane of the loupe; whole pixels of the picture at 4:1 too. */
export function pane(width, density) {
  return 4 * Math.round((clamp(0.22 * width, ...PANES) * density) / 4);
}

/**
 * What a pane of the loupe shows: around a place, but not beyond the picture where it is larger.
 * @returns {number[]} [left, top, side] in whole pixels of the picture
 */
export function region(place, side, size) {
  const [left, top] = size.map((all, i) => {
    return Math.round(clamp(place[i] * all - side / 2, 0, all - side));
  });
  return [left, top, side];
}

/**
 * Where the loupe lies so that it hides neither the place nor the finger on it: above, or else
 * below.
 * @param at the place in CSS pixels
 * @param glass size of the loupe, in CSS pixels
 * @param stage size of the shown picture, in CSS pixels
 * @param gap CSS pixels between the place and the loupe
 * @param over CSS pixels by which it may lie above the picture: under a finger nobody sees it
 */
export function beside(at, glass, stage, gap, over = 0) {
  const left = clamp(at[0] - glass[0] / 2, 0, stage[0] - glass[0]);
  const above = at[1] - gap - glass[1];
  return [left, above >= -over ? above : at[1] + gap];
}

/** A window of whole pixels, [left, top, width, height], moved so that its middle is at a place. */
export function moved([, , ...sides], place, size) {
  const corner = sides.map((side, i) => Math.round(clamp(place[i] * size[i] - side / 2, 0,
    size[i] - side)));
  return [...corner, ...sides];
}

/** The middle of a window, as a place. */
export const middle = ([left, top, width, height], size) => {
  return onPicture([(left + width / 2) / size[0], (top + height / 2) / size[1]]);
};

/** Whether two windows are the same but for rounding. */
export const same = (a, b) => a.every((value, i) => Math.abs(value - b[i]) <= 2);
