// Pixels of a decoder on a canvas, and canvases to draw on.

/** Writes planar [C,H,W] floats from 0 to 1 into RGBA bytes. */
export function fromFloats(image, rgba) {
  const area = rgba.length / 4;
  const green = image.length === area ? 0 : area;
  for (let i = 0, o = 0; i < area; i += 1, o += 4) {
    rgba[o] = image[i] * 255; // a clamped array rounds
    rgba[o + 1] = image[green + i] * 255;
    rgba[o + 2] = image[2 * green + i] * 255;
    rgba[o + 3] = 255;
  }
}

/** Writes bytes [H,W,C] into RGBA bytes. */
export function fromBytes(pixels, rgba) {
  const area = rgba.length / 4;
  const channels = pixels.length / area;
  for (let i = 0; i < area; i += 1) {
    for (let c = 0; c < 3; c += 1) rgba[4 * i + c] = pixels[channels * i + (c % channels)];
    rgba[4 * i + 3] = 255;
  }
}

/** One picture on a canvas of its own, pixel for pixel; the style sheet enlarges it. */
export class Picture {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
  }

  resize(height, width) {
    if (this.data && this.data.width === width && this.data.height === height) return;
    Object.assign(this.canvas, { width, height });
    this.data = this.context.createImageData(width, height);
  }

  /** Draws floats [C,H,W] (a Float32Array) or bytes [H,W,C] (a Uint8Array). */
  paint(image) {
    (image instanceof Float32Array ? fromFloats : fromBytes)(image, this.data.data);
    this.context.putImageData(this.data, 0, 0);
  }
}

/** Makes a canvas as sharp as the screen; returns its context, in CSS pixels, and its size. */
export function prepare(canvas) {
  const scale = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (!width || !height) return null;
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}
