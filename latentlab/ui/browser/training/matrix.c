/* Products of matrices for training small networks in a browser.
 *
 * multiply() computes C[m][n] = (add ? C[m][n] : 0) + sum over k of A[m * row + k * column] * B[k][n].
 * With row and column a matrix is read as it stands or turned over, so that one function serves a
 * layer's output, what goes back through it, and the gradient of its weights.
 *
 * Its driver hands out memory by itself, from base() on. Every address is checked against what
 * there is, since a wrong size must stop a run and not write over another's numbers.
 */

#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name)))
#define INLINE static inline __attribute__((always_inline))
#define ROWS 4

extern unsigned char __heap_base;

EXPORT(base) uint32_t base(void) { return ((uint32_t)&__heap_base + 15) & ~15u; }

INLINE v128_t multiply_add(v128_t sum, float a, const float *b) {
  return wasm_f32x4_add(sum, wasm_f32x4_mul(wasm_f32x4_splat(a), wasm_v128_load(b)));
}

/* `rows` rows of C, from column j on, in blocks of eight, four and one. */
INLINE void stripe(float *c, const float *a, const float *b, uint32_t rows, uint32_t n, uint32_t k,
                   uint32_t row, uint32_t column, uint32_t add) {
  uint32_t j = 0;
  for (; j + 8 <= n; j += 8) {
    v128_t left[ROWS], right[ROWS];
    for (uint32_t i = 0; i < rows; i++) {
      left[i] = add ? wasm_v128_load(c + i * n + j) : wasm_f32x4_splat(0);
      right[i] = add ? wasm_v128_load(c + i * n + j + 4) : wasm_f32x4_splat(0);
    }
    const float *from = a, *with = b + j;
    for (uint32_t t = 0; t < k; t++, from += column, with += n)
      for (uint32_t i = 0; i < rows; i++) {
        left[i] = multiply_add(left[i], from[i * row], with);
        right[i] = multiply_add(right[i], from[i * row], with + 4);
      }
    for (uint32_t i = 0; i < rows; i++) {
      wasm_v128_store(c + i * n + j, left[i]);
      wasm_v128_store(c + i * n + j + 4, right[i]);
    }
  }
  for (; j < n; j++)
    for (uint32_t i = 0; i < rows; i++) {
      float sum = add ? c[i * n + j] : 0;
      for (uint32_t t = 0; t < k; t++) sum += a[i * row + t * column] * b[t * n + j];
      c[i * n + j] = sum;
    }
}

/* Whether `count` numbers from an address on lie in memory. */
INLINE int there(const float *at, uint64_t count) {
  return (uint64_t)(uintptr_t)at + 4 * count <= (uint64_t)__builtin_wasm_memory_size(0) << 16;
}

EXPORT(multiply)
int multiply(float *c, const float *a, const float *b, uint32_t m, uint32_t n, uint32_t k,
             uint32_t row, uint32_t column, uint32_t add) {
  if (!m || !n || !k) return 0;
  if (m > 65536 || n > 65536 || k > 65536 || row > 65536 || column > 65536) return 0;
  uint64_t last = (uint64_t)(m - 1) * row + (uint64_t)(k - 1) * column + 1;
  if (!there(c, (uint64_t)m * n) || !there(b, (uint64_t)k * n) || !there(a, last)) return 0;
  uint32_t i = 0;
  for (; i + ROWS <= m; i += ROWS)
    stripe(c + i * n, a + i * row, b, ROWS, n, k, row, column, add);
  for (; i < m; i++) stripe(c + i * n, a + i * row, b, 1, n, k, row, column, add);
  return 1;
}

/* Multiplies values by a slope where `sides` are not above zero. */
EXPORT(bend) int bend(float *values, const float *sides, uint32_t count, float slope) {
  if (!there(values, count) || !there(sides, count)) return 0;
  uint32_t i = 0;
  v128_t zero = wasm_f32x4_splat(0), slopes = wasm_f32x4_splat(slope);
  for (; i + 4 <= count; i += 4) {
    v128_t x = wasm_v128_load(values + i);
    v128_t above = wasm_f32x4_gt(wasm_v128_load(sides + i), zero);
    wasm_v128_store(values + i, wasm_v128_bitselect(x, wasm_f32x4_mul(x, slopes), above));
  }
  for (; i < count; i++) values[i] = sides[i] > 0 ? values[i] : values[i] * slope;
  return 1;
}
