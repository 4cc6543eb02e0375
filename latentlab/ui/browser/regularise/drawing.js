// Codes as bars, and what units look for as small pictures.

const ADDS = [91, 110, 225];
const TAKES = [231, 99, 0];

/** Makes a canvas as many pixels wide and high as it is on the screen; returns its context. */
export function fitted(canvas) {
  const scale = Math.min(window.devicePixelRatio || 1, 2);
  const width = Math.max(1, Math.round(canvas.clientWidth * scale));
  const height = Math.max(1, Math.round(canvas.clientHeight * scale));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  return context;
}

/**
 * Draws a code: activations from 0 at the bottom to 1; or numbers around a line in the middle, with
 * one standard deviation of the posterior as a whisker.
 * @param spread of the posterior, or null
 * @param dots a code drawn from it, or null
 */
export function bars(canvas, code, { bounded, spread, colour, faint, dots = null }) {
  const context = fitted(canvas);
  const { width, height } = canvas;
  const most = bounded ? 1 : Math.max(3, ...code.map((value, i) => Math.abs(value) + (spread?.[i] ?? 0)));
  const zero = bounded ? height : height / 2;
  const unit = (bounded ? height : height / 2) / most;
  const step = width / code.length;
  const gap = step > 6 ? 0.2 * step : 0;
  context.fillStyle = faint;
  context.fillRect(0, Math.min(zero, height - 1) - 0.5, width, 1);
  context.fillStyle = colour;
  code.forEach((value, i) => {
    const size = Math.max(Math.abs(value) * unit, 0.5);
    context.fillRect(i * step + gap / 2, value < 0 ? zero : zero - size, Math.max(step - gap, 0.5), size);
  });
  if (!spread) return;
  context.fillStyle = faint;
  code.forEach((value, i) => {
    const middle = (i + 0.5) * step;
    const top = zero - (value + spread[i]) * unit;
    context.fillRect(middle - 1, top, 2, 2 * spread[i] * unit);
    if (!dots) return;
    context.beginPath();
    context.arc(middle, zero - dots[i] * unit, Math.min(step / 4, 5), 0, 2 * Math.PI);
    context.fill();
  });
}

/**
 * Draws weights of units as pictures side by side, blue for what adds and orange for what takes
 * away, each as strong as its own strongest pixel.
 * @param weight [units, height * width]
 */
export function filters(canvas, weight, units, [height, width], columns) {
  const rows = Math.ceil(units.length / columns);
  const [wide, high] = [columns * (width + 1) - 1, rows * (height + 1) - 1];
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
  const context = canvas.getContext("2d");
  const image = context.createImageData(wide, high);
  const area = height * width;
  units.forEach((unit, place) => {
    const own = weight.subarray(unit * area, (unit + 1) * area);
    const most = own.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-9);
    const left = (place % columns) * (width + 1);
    const top = Math.floor(place / columns) * (height + 1);
    for (let i = 0; i < area; i += 1) {
      const at = 4 * ((top + Math.floor(i / width)) * wide + left + (i % width));
      image.data.set(own[i] < 0 ? TAKES : ADDS, at);
      image.data[at + 3] = (255 * Math.abs(own[i])) / most;
    }
  });
  context.putImageData(image, 0, 0);
}
