// Small pictures, hundreds on one sheet, fetched when the first of them is wanted.

import { media } from "../shared/fetching.js";

const kept = new Map(); // address -> {image, ready}; the planes of a page have the same pictures
const MOST = 60;
const ATTEMPTS = 4;

function open(address, then) {
  let sheet = kept.get(address);
  if (!sheet) {
    sheet = { image: new Image(), ready: false };
    kept.set(address, sheet);
    if (kept.size > MOST) kept.delete(kept.keys().next().value);
    let attempts = 0;
    sheet.loaded = new Promise((go) => {
      sheet.image.addEventListener("load", () => go((sheet.ready = true)));
      sheet.image.addEventListener("error", () => {
        attempts += 1; // after the last one the picture stays a frame in the colour of its class
        const again = () => (sheet.image.src = media(address));
        if (attempts < ATTEMPTS) setTimeout(again, 250 * 2 ** attempts);
      });
    });
    sheet.image.src = media(address);
  }
  if (!sheet.ready) sheet.loaded.then(then);
  return sheet;
}

export class Sheets {
  /**
   * @param data {addresses, each, columns, size: [height, width]}, as Python says it
   * @param arrived called when a sheet has come that somebody has asked for
   */
  constructor(data, arrived) {
    Object.assign(this, data, { arrived });
    this.asked = new Set();
  }

  /** Draws a picture into a square; false while its sheet is on the way. */
  draw(context, i, x, y, side) {
    const address = this.addresses[Math.floor(i / this.each)];
    if (!address) return false;
    const sheet = open(address, () => {
      if (this.asked.delete(address)) this.arrived();
    });
    if (!sheet.ready) {
      this.asked.add(address);
      return false;
    }
    const [height, width] = this.size;
    const cell = i % this.each;
    const left = (cell % this.columns) * width;
    const top = Math.floor(cell / this.columns) * height;
    context.imageSmoothingEnabled = side < width; // enlarged pixels stay squares
    context.drawImage(sheet.image, left, top, width, height, x, y, side, side);
    return true;
  }
}
