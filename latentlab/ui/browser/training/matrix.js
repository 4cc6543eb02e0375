// Products of matrices in WebAssembly where there is SIMD, else in plain JavaScript; and the memory
// in which the matrices lie.

const PAGE = 1 << 16;
const MOST = 1 << 28; // bytes
// A function that splats a byte and counts bits: only WebAssembly with SIMD has both.
const SIMD = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15,
  253, 98, 11,
);

/** What multiplies; `take` hands out its memory. Made by `startMatrices`. */
class Matrices {
  constructor(exports) {
    this.exports = exports;
    this.free = exports ? exports.base() : 0;
    this.fast = exports !== null;
  }

  /** Returns `count` zeros. Views stay valid: memory is taken before, and never given back. */
  take(count) {
    if (!this.exports) return new Float32Array(count);
    const { memory } = this.exports;
    const end = this.free + 16 * Math.ceil(count / 4);
    const room = memory.buffer.byteLength;
    if (end > MOST) throw new Error("These networks are too large for this browser.");
    if (end > room) throw new RangeError("reserve() comes before take()");
    const made = new Float32Array(memory.buffer, this.free, count);
    this.free = end;
    return made;
  }

  /** Makes room for so many numbers more. Views made before become useless. */
  reserve(count) {
    if (!this.exports) return;
    const { memory } = this.exports;
    const missing = this.free + 4 * count - memory.buffer.byteLength;
    if (this.free + 4 * count > MOST) throw new Error("These networks are too large for this browser.");
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  }

  /**
   * c[m][n] = sum over k of a[m * row + k * column] * b[k][n], added to what is in c, or not.
   */
  multiply(c, a, b, m, n, k, row, column, add = false) {
    if (this.exports) {
      const { multiply } = this.exports;
      if (!multiply(c.byteOffset, a.byteOffset, b.byteOffset, m, n, k, row, column, add ? 1 : 0)) {
        throw new RangeError("These matrices do not fit.");
      }
      return;
    }
    for (let i = 0; i < m; i += 1) {
      const to = i * n;
      if (!add) c.fill(0, to, to + n);
      for (let t = 0; t < k; t += 1) {
        const factor = a[i * row + t * column];
        const from = t * n;
        for (let j = 0; j < n; j += 1) c[to + j] += factor * b[from + j];
      }
    }
  }

  /** Multiplies the first `count` values by a slope where `sides` are not above zero. */
  bend(values, sides, count, slope) {
    if (this.exports) {
      if (!this.exports.bend(values.byteOffset, sides.byteOffset, count, slope)) {
        throw new RangeError("These values do not fit.");
      }
      return;
    }
    for (let i = 0; i < count; i += 1) if (!(sides[i] > 0)) values[i] *= slope;
  }
}

/** Returns what multiplies; `source` is matrix.wasm as bytes, or null: plain JavaScript. */
export async function startMatrices(source) {
  if (!source || !globalThis.WebAssembly?.validate(SIMD)) return new Matrices(null);
  const { instance } = await WebAssembly.instantiate(source);
  return new Matrices(instance.exports);
}
