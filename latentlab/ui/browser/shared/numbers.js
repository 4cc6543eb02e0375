// Small helpers with numbers. No page in here.

/** @returns {Uint8Array} the bytes of a base64 text */
export function bytes(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** @returns {Float32Array} the numbers of a base64 text of little-endian float32 */
export function floats(base64) {
  return new Float32Array(bytes(base64).buffer);
}

/** `value`, or the nearer bound; `low` where the bounds leave no room. */
export const clamp = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));
