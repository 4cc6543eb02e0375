/* Decodes latents in a browser: the layers of latentlab/export.py, one after the other.
 *
 * A driver calls reserve(), writes the layers' records and their fp16 weights to the address that
 * it returns, and calls prepare(). Then, as often as it likes, it writes a latent to input(),
 * calls run(), and reads the image at output(): channels, rows, columns, fp32.
 *
 * Nothing that the driver writes is believed: prepare() refuses layers that do not fit together,
 * and every address used later was computed here from sizes that passed.
 *
 * Maps lie in memory as float[row][column][channel], since then the inputs of one output stand in
 * runs as long as the kernel is wide times the number of channels, and every convolution, of any
 * stride, is a product of small blocks without an im2col copy. A transposed convolution of stride
 * s is s * s ordinary ones, each for the outputs of one phase, with every s-th row and column of
 * the kernel (Shi et al. 2016, "Real-time single image super-resolution", section 3).
 */

#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name)))
#define INLINE static inline __attribute__((always_inline))

enum { LINEAR, CONV2D, CONV_TRANSPOSE2D, REPEAT, OPERATIONS };
enum { NONE, RELU, LEAKY_RELU, CLAMP, SILU, TANH, SIGMOID, ACTIVATIONS };
enum { TOO_LARGE = -1, WRONG_WEIGHTS = -2, NOT_FINITE = -3 }; /* what prepare() may return */

#define MAX_LAYERS 64
#define MAX_SIDE 4096
#define MAX_CHANNELS 65536
#define MAX_KERNEL 64
#define MAX_STRIDE 16
#define MAX_MULTIPLY_ADDS (1ll << 30)
#define MAX_NUMBERS (1ll << 22) /* weights */
#define MAX_VALUES (1ll << 21)  /* of one map */
#define MAX_MEMORY (64ll << 20) /* bytes */

typedef struct { /* a layer as the driver writes it; shapes are channels, height, width */
  int32_t op, activation;
  float parameters[2];
  int32_t input[3], output[3], kernel[2], stride[2], padding[2];
} Record;

typedef struct { /* a map, surrounded by as many zeros as the layer that reads it needs */
  float *first;  /* the first pixel that is not border */
  int32_t height, width;
  int32_t step, row; /* floats from pixel to pixel, a multiple of 4, and from row to row */
} Map;

typedef struct {
  Record record;
  Map in, out;
  int32_t group;  /* outputs computed together, whose weights stand together */
  int32_t groups; /* how many such groups */
  float *weights, *bias;
} Layer;

typedef struct { /* how outputs meet inputs along one axis, in one phase */
  int32_t start;              /* the input that the first output begins at; may be negative */
  int32_t move;               /* inputs from one output to the next */
  int32_t taps;               /* inputs that each output sees */
  int32_t kernel, direction;  /* the kernel's element at the first tap, and the way to the next */
  int32_t first, spread;      /* the first output of this phase, and outputs to the next */
  int32_t count;              /* outputs */
} Axis;

extern unsigned char __heap_base;

static int64_t used;  /* bytes of memory */
static Record *records;
static uint16_t *halves;
static int32_t layer_count, number_count;
static Layer layers[MAX_LAYERS];
static float *latent, *image;

/* Return zeroed memory for some floats, on 16 bytes, or 0 if it would be too much. */
static void *allocate(int64_t floats) {
  int64_t start = (used + 15) & ~15ll, end = start + 4 * floats;
  int64_t pages = (end + 65535) / 65536 - (int64_t)__builtin_wasm_memory_size(0);
  if (end > MAX_MEMORY) return 0;
  if (pages > 0 && __builtin_wasm_memory_grow(0, (uint32_t)pages) == (uint32_t)-1) return 0;
  used = end;
  return (void *)(uint32_t)start; /* memory is zero when it is new, and all of it is new */
}

INLINE int32_t ceil_to(int32_t n, int32_t multiple) {
  return (n + multiple - 1) / multiple * multiple;
}

static int64_t size(const int32_t shape[3]) { return (int64_t)shape[0] * shape[1] * shape[2]; }

static float from_half(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16, exponent = half >> 10 & 31, rest = half & 1023;
  float value = (float)rest * 0x1p-24f; /* subnormal */
  if (exponent) {
    uint32_t bits = ((exponent + 112) << 23) | (rest << 13);
    __builtin_memcpy(&value, &bits, 4);
  }
  return sign ? -value : value;
}

/* --- geometry ----------------------------------------------------------------------------- */

static int32_t phases(const Record *r, int32_t axis) {
  return r->op == CONV_TRANSPOSE2D ? r->stride[axis] : 1;
}

static Axis axis_of(const Record *r, int32_t axis, int32_t phase) {
  int32_t in = r->input[1 + axis], out = r->output[1 + axis];
  int32_t kernel = r->kernel[axis], stride = r->stride[axis], padding = r->padding[axis];
  if (r->op == LINEAR) return (Axis){0, 0, in, 0, 1, 0, 1, 1}; /* one place that sees them all */
  if (r->op == CONV2D) return (Axis){-padding, stride, kernel, 0, 1, 0, 1, out};
  /* Output o takes kernel element k from input (o + padding - k) / stride, where that is whole. */
  int32_t least = (phase + padding) % stride;
  int32_t taps = least < kernel ? (kernel - least + stride - 1) / stride : 0;
  return (Axis){
      .start = (phase + padding) / stride - (taps - 1),
      .move = 1,
      .taps = taps,
      .kernel = least + stride * (taps - 1),
      .direction = -stride,
      .first = phase,
      .spread = stride,
      .count = (out - phase + stride - 1) / stride,
  };
}

/* How far a layer reads beyond its input along one axis: before the start, after the end. */
static void borders(const Record *r, int32_t axis, int32_t border[2]) {
  border[0] = border[1] = 0;
  if (r->op == LINEAR || r->op == REPEAT) return;
  for (int32_t phase = 0; phase < phases(r, axis); phase++) {
    Axis a = axis_of(r, axis, phase);
    if (a.taps < 1 || a.count < 1) continue;
    int32_t end = a.start + (a.count - 1) * a.move + a.taps - r->input[1 + axis];
    if (-a.start > border[0]) border[0] = -a.start;
    if (end > border[1]) border[1] = end;
  }
}

static int32_t fits_axis(const Record *r, int32_t axis) {
  int32_t in = r->input[1 + axis], out = r->output[1 + axis];
  int32_t kernel = r->kernel[axis], stride = r->stride[axis], padding = r->padding[axis];
  if (in < 1 || out < 1 || in > MAX_SIDE || out > MAX_SIDE) return 0;
  if (kernel < 1 || kernel > MAX_KERNEL || stride < 1 || stride > MAX_STRIDE) return 0;
  if (padding < 0 || padding >= MAX_KERNEL) return 0;
  if (r->op == CONV2D) {
    return in + 2 * padding >= kernel && out == (in + 2 * padding - kernel) / stride + 1;
  }
  if (r->op == CONV_TRANSPOSE2D) {
    int32_t extra = out - ((in - 1) * stride - 2 * padding + kernel);
    return extra >= 0 && extra < stride; /* torch's output padding */
  }
  return r->op == LINEAR || out == in * stride;
}

static int32_t fits(const Record *r) {
  return r->op >= 0 && r->op < OPERATIONS && r->activation >= 0 && r->activation < ACTIVATIONS &&
         r->input[0] > 0 && r->input[0] <= MAX_CHANNELS && r->output[0] > 0 &&
         r->output[0] <= MAX_CHANNELS && fits_axis(r, 0) && fits_axis(r, 1) &&
         size(r->input) <= MAX_VALUES && size(r->output) <= MAX_VALUES &&
         (r->op != REPEAT || r->input[0] == r->output[0]);
}

static int64_t weights_of(const Record *r) {
  if (r->op == REPEAT) return 0;
  if (r->op == LINEAR) return size(r->input) * size(r->output);
  return (int64_t)r->input[0] * r->output[0] * r->kernel[0] * r->kernel[1];
}

static int64_t biases_of(const Record *r) {
  return r->op == REPEAT ? 0 : r->op == LINEAR ? size(r->output) : r->output[0];
}

/* --- preparing ---------------------------------------------------------------------------- */

/* Return a map of this shape with borders for the layer that reads it (0: none does). */
static Map new_map(const int32_t shape[3], const Record *reader) {
  int32_t tall[2] = {0, 0}, wide[2] = {0, 0};
  if (reader) borders(reader, 0, tall), borders(reader, 1, wide);
  int32_t step = ceil_to(shape[0], 4);
  int64_t row = (int64_t)step * (shape[2] + wide[0] + wide[1]);
  float *all = allocate(row * (shape[1] + tall[0] + tall[1]));
  float *first = all ? all + row * tall[0] + step * wide[0] : 0;
  return (Map){first, shape[1], shape[2], step, (int32_t)row};
}

/* Outputs of one place of a layer, counting the channels that fill up a multiple of 4. */
static int32_t outputs_of(const Layer *l) {
  return l->record.op == LINEAR ? l->out.height * l->out.width * l->out.step
         : l->group == 1        ? l->record.output[0]
                                : l->out.step;
}

/* Which of torch's output rows is output m here, or -1 for one that only fills up. */
static int32_t torch_output(const Layer *l, int32_t m) {
  int32_t channels = l->record.output[0], channel = m, place = 0, places = 1;
  if (m >= outputs_of(l)) return -1;
  if (l->record.op == LINEAR) {
    channel = m % l->out.step, place = m / l->out.step, places = l->out.height * l->out.width;
  }
  return channel < channels ? channel * places + place : -1;
}

/* Lay out a layer's weights in the order in which run() reads them. */
static int32_t pack(Layer *l, const uint16_t *from) {
  const Record *r = &l->record;
  int32_t inputs = r->input[0], outputs = r->output[0];
  int32_t tall = r->kernel[0], wide = r->kernel[1];
  if (r->op == LINEAR) outputs = (int32_t)size(r->output), tall = l->in.height, wide = l->in.width;
  l->group = r->op == LINEAR ? 32 : outputs < 4 ? 1 : 8;
  l->groups = ceil_to(outputs_of(l), l->group) / l->group;
  int32_t padded = l->groups * l->group;
  l->weights = allocate((int64_t)padded * l->in.step * tall * wide);
  l->bias = allocate(padded);
  if (!l->weights || !l->bias) return TOO_LARGE;
  float *to = l->weights;
  for (int32_t py = 0; py < phases(r, 0); py++)
    for (int32_t px = 0; px < phases(r, 1); px++) {
      Axis ay = axis_of(r, 0, py), ax = axis_of(r, 1, px);
      for (int32_t g = 0; g < l->groups; g++)
        for (int32_t y = 0; y < ay.taps; y++)
          for (int32_t x = 0; x < ax.taps; x++)
            for (int32_t c = 0; c < l->in.step; c++)
              for (int32_t lane = 0; lane < l->group; lane++, to++) {
                int32_t o = torch_output(l, g * l->group + lane);
                if (o < 0 || c >= inputs) continue;
                int32_t channel = r->op == CONV_TRANSPOSE2D ? c * outputs + o : o * inputs + c;
                int32_t ky = ay.kernel + y * ay.direction, kx = ax.kernel + x * ax.direction;
                *to = from_half(from[(channel * tall + ky) * wide + kx]);
              }
    }
  for (int32_t m = 0; m < padded; m++) {
    int32_t o = torch_output(l, m);
    if (o >= 0) l->bias[m] = from_half(from[weights_of(r) + o]);
  }
  return 0;
}

/* Return where to write 64 bytes a layer, then 2 bytes a weight; 0 if that is too much. */
EXPORT(reserve) void *reserve(int32_t new_layers, int32_t numbers) {
  if (new_layers < 1 || new_layers > MAX_LAYERS || numbers < 0 || numbers > MAX_NUMBERS) return 0;
  used = (int64_t)(uint32_t)&__heap_base;
  layer_count = new_layers, number_count = numbers;
  records = allocate(16ll * layer_count + (numbers + 1) / 2);
  halves = (uint16_t *)(records + layer_count);
  return records;
}

/* Return 0, or the number of the layer that does not fit, or a negative reason. */
EXPORT(prepare) int32_t prepare(void) {
  int64_t numbers = 0, products = 0;
  for (int32_t i = 0; i < layer_count; i++) {
    const Record *r = records + i;
    if (!fits(r)) return i + 1;
    for (int32_t d = 0; i && d < 3; d++)
      if (r->input[d] != r[-1].output[d]) return i + 1;
    int64_t weights = weights_of(r);
    numbers += weights + biases_of(r);
    if (numbers > number_count) return WRONG_WEIGHTS;
    const int32_t *places = r->op == CONV2D ? r->output : r->input;
    products += r->op == LINEAR ? weights : weights * places[1] * places[2];
  }
  if (numbers != number_count) return WRONG_WEIGHTS;
  if (products > MAX_MULTIPLY_ADDS) return TOO_LARGE;
  for (int32_t n = 0; n < number_count; n++)
    if ((halves[n] & 0x7c00) == 0x7c00) return NOT_FINITE;

  const uint16_t *from = halves;
  Map in = new_map(records->input, records);
  latent = allocate(size(records->input));
  if (!in.first || !latent) return TOO_LARGE;
  for (int32_t i = 0; i < layer_count; i++) {
    const Record *r = records + i;
    Map out = new_map(r->output, i + 1 < layer_count ? r + 1 : 0);
    layers[i] = (Layer){.record = *r, .in = in, .out = out};
    if (!out.first) return TOO_LARGE;
    if (r->op != REPEAT && pack(layers + i, from)) return TOO_LARGE;
    from += weights_of(r) + biases_of(r);
    in = out;
  }
  image = allocate(size(records[layer_count - 1].output));
  return image ? 0 : TOO_LARGE;
}

EXPORT(input) float *input(void) { return latent; }

EXPORT(output) float *output(void) { return image; }

/* --- running ------------------------------------------------------------------------------ */

#define LOAD(address) wasm_v128_load(address)
#define SPLAT(address) wasm_v128_load32_splat(address)
#define MULTIPLY_ADD(sum, a, b) wasm_f32x4_add(sum, wasm_f32x4_mul(a, b))

/* The addresses of the next four outputs of a phase and of the inputs that they see. */
typedef struct {
  const float *in[4];
  float *out[4];
} Places;

static void next_places(const Layer *l, const Axis *ay, const Axis *ax, int32_t *y, int32_t *x,
                        Places *places) {
  for (int32_t i = 0; i < 4; i++) {
    places->in[i] = l->in.first + (ay->start + *y * ay->move) * l->in.row +
                    (ax->start + *x * ax->move) * l->in.step;
    places->out[i] = l->out.first + (ay->first + *y * ay->spread) * l->out.row +
                     (ax->first + *x * ax->spread) * l->out.step;
    /* At the end, the last place is computed again for want of another. */
    if (*x + 1 < ax->count)
      ++*x;
    else if (*y + 1 < ay->count)
      ++*y, *x = 0;
  }
}

/* Eight outputs of four places: two vectors of weights meet four inputs, all in registers. */
INLINE void block(const Places *p, int32_t rows, int32_t run, int32_t row, const float *w,
                  v128_t sums[4][2]) {
  for (int32_t y = 0; y < rows; y++) {
    const float *a = p->in[0] + y * row, *b = p->in[1] + y * row;
    const float *c = p->in[2] + y * row, *d = p->in[3] + y * row;
    for (int32_t k = 0; k < run; k += 2, a += 2, b += 2, c += 2, d += 2)
#pragma clang loop unroll(full)
      for (int32_t u = 0; u < 2; u++, w += 8) {
        v128_t low = LOAD(w), high = LOAD(w + 4), s;
        s = SPLAT(a + u);
        sums[0][0] = MULTIPLY_ADD(sums[0][0], s, low);
        sums[0][1] = MULTIPLY_ADD(sums[0][1], s, high);
        s = SPLAT(b + u);
        sums[1][0] = MULTIPLY_ADD(sums[1][0], s, low);
        sums[1][1] = MULTIPLY_ADD(sums[1][1], s, high);
        s = SPLAT(c + u);
        sums[2][0] = MULTIPLY_ADD(sums[2][0], s, low);
        sums[2][1] = MULTIPLY_ADD(sums[2][1], s, high);
        s = SPLAT(d + u);
        sums[3][0] = MULTIPLY_ADD(sums[3][0], s, low);
        sums[3][1] = MULTIPLY_ADD(sums[3][1], s, high);
      }
  }
}

/* One output of four places, four inputs at once: for layers of too few outputs for block(). */
INLINE void single(const Places *p, int32_t rows, int32_t run, int32_t row, const float *w,
                   v128_t sums[4]) {
  for (int32_t y = 0; y < rows; y++) {
    const float *a = p->in[0] + y * row, *b = p->in[1] + y * row;
    const float *c = p->in[2] + y * row, *d = p->in[3] + y * row;
    for (int32_t k = 0; k < run; k += 4, w += 4) {
      v128_t weights = LOAD(w);
      sums[0] = MULTIPLY_ADD(sums[0], LOAD(a + k), weights);
      sums[1] = MULTIPLY_ADD(sums[1], LOAD(b + k), weights);
      sums[2] = MULTIPLY_ADD(sums[2], LOAD(c + k), weights);
      sums[3] = MULTIPLY_ADD(sums[3], LOAD(d + k), weights);
    }
  }
}

INLINE float total(v128_t v) {
  return (wasm_f32x4_extract_lane(v, 0) + wasm_f32x4_extract_lane(v, 1)) +
         (wasm_f32x4_extract_lane(v, 2) + wasm_f32x4_extract_lane(v, 3));
}

static void convolve(const Layer *l) {
  const float *w = l->weights;
  for (int32_t py = 0; py < phases(&l->record, 0); py++)
    for (int32_t px = 0; px < phases(&l->record, 1); px++) {
      Axis ay = axis_of(&l->record, 0, py), ax = axis_of(&l->record, 1, px);
      int32_t run = ax.taps * l->in.step;
      for (int32_t g = 0; g < l->groups; g++, w += ay.taps * run * l->group) {
        const float *bias = l->bias + g * l->group;
        int32_t y = 0, x = 0, both = (g * 8 + 4) < l->out.step;
        for (int32_t n = 0; n < ay.count * ax.count; n += 4) {
          Places places;
          next_places(l, &ay, &ax, &y, &x, &places);
          if (l->group == 1) {
            v128_t sums[4] = {0};
            single(&places, ay.taps, run, l->in.row, w, sums);
            for (int32_t i = 0; i < 4; i++) places.out[i][g] = total(sums[i]) + *bias;
          } else {
            v128_t sums[4][2];
            for (int32_t i = 0; i < 4; i++) sums[i][0] = LOAD(bias), sums[i][1] = LOAD(bias + 4);
            block(&places, ay.taps, run, l->in.row, w, sums);
            for (int32_t i = 0; i < 4; i++) {
              wasm_v128_store(places.out[i] + g * 8, sums[i][0]);
              if (both) wasm_v128_store(places.out[i] + g * 8 + 4, sums[i][1]);
            }
          }
        }
      }
    }
}

/* 32 outputs at a time; the weights are read once, from end to end. */
static void multiply(const Layer *l) {
  int32_t inputs = l->in.height * l->in.width * l->in.step, outputs = outputs_of(l);
  const float *w = l->weights;
  for (int32_t g = 0; g < l->groups; g++) {
    v128_t sums[8];
    for (int32_t i = 0; i < 8; i++) sums[i] = LOAD(l->bias + g * 32 + 4 * i);
    for (int32_t k = 0; k < inputs; k++, w += 32) {
      v128_t s = SPLAT(l->in.first + k);
#pragma clang loop unroll(full)
      for (int32_t i = 0; i < 8; i++) sums[i] = MULTIPLY_ADD(sums[i], s, LOAD(w + 4 * i));
    }
    for (int32_t i = 0; i < 8; i++) {
      int32_t m = g * 32 + 4 * i, place = m / l->out.step;
      int32_t y = place / l->out.width, x = place % l->out.width, c = m % l->out.step;
      if (m >= outputs) break;
      wasm_v128_store(l->out.first + y * l->out.row + x * l->out.step + c, sums[i]);
    }
  }
}

static void repeat(const Layer *l) {
  for (int32_t y = 0; y < l->out.height; y++)
    for (int32_t x = 0; x < l->out.width; x++) {
      const float *from = l->in.first + y / l->record.stride[0] * l->in.row +
                          x / l->record.stride[1] * l->in.step;
      float *to = l->out.first + y * l->out.row + x * l->out.step;
      for (int32_t c = 0; c < l->out.step; c += 4) wasm_v128_store(to + c, LOAD(from + c));
    }
}

#define CONSTANT(value) wasm_f32x4_splat(value)
/* One instruction each, unlike min and max, which care for signed zeros. */
#define AT_MOST(x, bound) wasm_f32x4_pmin(x, bound)
#define AT_LEAST(x, bound) wasm_f32x4_pmax(x, bound)

/* e^x to 2 units in the last place: 2^n e^r with |r| <= ln(2) / 2 (Moshier's Cephes, expf). */
INLINE v128_t exponential(v128_t x) {
  x = AT_LEAST(AT_MOST(x, CONSTANT(88.0f)), CONSTANT(-87.0f));
  v128_t n = wasm_f32x4_nearest(wasm_f32x4_mul(x, CONSTANT(1.44269504f)));
  v128_t r = wasm_f32x4_sub(x, wasm_f32x4_mul(n, CONSTANT(0.693359375f)));
  r = wasm_f32x4_add(r, wasm_f32x4_mul(n, CONSTANT(2.12194440e-4f)));
  v128_t p = CONSTANT(1.9875691500e-4f);
  p = MULTIPLY_ADD(CONSTANT(1.3981999507e-3f), p, r);
  p = MULTIPLY_ADD(CONSTANT(8.3334519073e-3f), p, r);
  p = MULTIPLY_ADD(CONSTANT(4.1665795894e-2f), p, r);
  p = MULTIPLY_ADD(CONSTANT(1.6666665459e-1f), p, r);
  p = MULTIPLY_ADD(CONSTANT(5.0000001201e-1f), p, r);
  p = wasm_f32x4_add(MULTIPLY_ADD(r, p, wasm_f32x4_mul(r, r)), CONSTANT(1.0f));
  v128_t power = wasm_i32x4_add(wasm_i32x4_trunc_sat_f32x4(n), wasm_i32x4_const_splat(127));
  return wasm_f32x4_mul(p, wasm_i32x4_shl(power, 23));
}

/* 1 / (1 + e^-x) */
INLINE v128_t logistic(v128_t x) {
  v128_t one = CONSTANT(1.0f);
  return wasm_f32x4_div(one, wasm_f32x4_add(one, exponential(wasm_f32x4_neg(x))));
}

static void activate(const Layer *l) {
  int32_t activation = l->record.activation;
  v128_t a = SPLAT(l->record.parameters), b = SPLAT(l->record.parameters + 1);
  v128_t zero = CONSTANT(0.0f), twice = CONSTANT(activation == TANH ? 2.0f : 1.0f);
  for (int32_t y = 0; activation && y < l->out.height; y++) {
    float *values = l->out.first + y * l->out.row, *end = values + l->out.width * l->out.step;
    for (; values < end; values += 4) {
      v128_t x = LOAD(values), r;
      if (activation == CLAMP)
        r = AT_MOST(AT_LEAST(x, a), b);
      else if (activation <= LEAKY_RELU)
        r = AT_LEAST(x, zero);
      else
        r = logistic(wasm_f32x4_mul(x, twice));
      if (activation == LEAKY_RELU) r = MULTIPLY_ADD(r, AT_MOST(x, zero), a);
      if (activation == SILU) r = wasm_f32x4_mul(r, x);
      if (activation == TANH) r = wasm_f32x4_sub(wasm_f32x4_mul(r, twice), CONSTANT(1.0f));
      wasm_v128_store(values, r);
    }
  }
}

EXPORT(run) void run(void) {
  const Layer *last = layers + layer_count - 1;
  const float *from = latent;
  float *to = image;
  Map in = layers->in, out = last->out;
  for (int32_t c = 0; c < layers->record.input[0]; c++)
    for (int32_t y = 0; y < in.height; y++)
      for (int32_t x = 0; x < in.width; x++) in.first[y * in.row + x * in.step + c] = *from++;
  for (const Layer *l = layers; l <= last; l++) {
    if (l->record.op == LINEAR)
      multiply(l);
    else if (l->record.op == REPEAT)
      repeat(l);
    else
      convolve(l);
    activate(l);
  }
  for (int32_t c = 0; c < last->record.output[0]; c++)
    for (int32_t y = 0; y < out.height; y++)
      for (int32_t x = 0; x < out.width; x++) *to++ = out.first[y * out.row + x * out.step + c];
}
