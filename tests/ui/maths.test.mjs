// What the components compute, in node; $LATENTLAB_NUMBERS is what Python makes of the same.
// test_browser_maths.py runs this.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "../node_tests.mjs";

const browser = new URL("../../latentlab/ui/browser/", import.meta.url);
const module = (name) => import(new URL(`${name}.js`, browser));
const { bilinear, linear, spherical, thereAndBack } = await module("interpolate/morph_paths");
const { average, bend, width } = await module("draw/ink");
const { prepare } = await module("draw/seen");
const geometry = await module("denoise/photo_geometry");
const crop = await module("draw/crop_geometry");
const brush = await module("denoise/brush");
const { withNumbers, withText } = await module("explore/address");
const cloud = await module("embeddings/cloud_geometry");
const { Dots, ring } = await module("embeddings/dots");
const { persist } = await module("shared/fetching");
const { LATENTLAB_NAMES: names, LATENTLAB_NUMBERS: numbers } = process.env;
const { walks, squares, seen, kinds } = JSON.parse(names ?? readFileSync(numbers, "utf8"));
const PATHS = { linear, spherical };

function near(found, expected) {
  assert.equal(found.length, expected.length);
  expected.forEach((value, i) => assert.ok(Math.abs(found[i] - value) < 1e-9, `${i}: ${found[i]}`));
}

assert.ok(walks.length > 5 && squares.length > 1, "there is nothing to test");
for (const { name, path, a, b, codes } of walks) {
  test(`${path} between ${name} is as in Python`, () => {
    codes.forEach((expected, i) => near(PATHS[path](a, b, i / (codes.length - 1)), expected));
  });
}
for (const { path, corners, rows } of squares) {
  test(`a ${path} square is as in Python`, () => {
    rows.forEach((row, down) => {
      row.forEach((expected, right) => {
        const at = [right / (row.length - 1), down / (rows.length - 1)];
        near(bilinear(corners, at, PATHS[path]), expected);
      });
    });
  });
}

test("endpoints are exactly themselves, and so is what lies beyond", () => {
  const [a, b] = [[0.1, 0.2], [0.3, -0.7]];
  for (const path of [linear, spherical]) {
    assert.deepEqual([path(a, b, 0), path(a, b, -1)], [a, a]);
    assert.deepEqual([path(a, b, 1), path(a, b, 2)], [b, b]);
  }
});

test("the player goes there and back", () => {
  near([0, 0.25, 1, 1.25, 2, 3.5].map(thereAndBack), [0, 0.25, 1, 0.75, 0, 0.5]);
});

test("only a pen has pressure", () => {
  assert.equal(width(0.1, { pointerType: "mouse", pressure: 0.5 }), 0.1);
  assert.equal(width(0.1, { pointerType: "touch", pressure: 1 }), 0.1);
  assert.equal(width(0.1, { pointerType: "pen", pressure: 0 }), 0.1); // one that cannot tell
  near([width(0.1, { pointerType: "pen", pressure: 0.5 })], [0.1]);
  assert.ok(width(0.1, { pointerType: "pen", pressure: 0.9 }) > 0.1);
});

test("the parts of a smooth line join, and a straight line stays straight", () => {
  const points = [[0, 0, 9], [0.2, 0.1, 9], [0.4, 0.2, 9], [0.6, 0.3, 9]];
  const parts = points.map((_, i) => bend(points, i));
  assert.deepEqual(parts[0], [[0, 0], [0, 0], [0, 0]]);
  for (let i = 1; i < parts.length; i += 1) near(parts[i][0], parts[i - 1][2]);
  for (const place of parts.flat()) near([place[1]], [place[0] / 2]);
});

test("fewer pixels are averages of areas", () => {
  // A picture of 4 x 4: its first channel counts the pixels, its last is opaque.
  const rgba = Uint8ClampedArray.from({ length: 64 }, (_, i) => [i >> 2, 7, 0, 255][i & 3]);
  const small = average(rgba, 4, 2);
  assert.equal(small.length, 16);
  assert.deepEqual([...small.filter((_, i) => i % 4 === 0)], [2, 4, 10, 12]); // 2.5 to even
  assert.deepEqual([...small.slice(4, 8)], [4, 7, 0, 255]);
  assert.deepEqual([...average(rgba, 4, 1)], [...rgba]);
});

assert.ok(seen.length > 5, "there is nothing to prepare");
for (const { name, rgba, side, shape, centring, image } of seen) {
  test(`${name} is prepared as in Python`, () => {
    const pixels = Uint8ClampedArray.from(Buffer.from(rgba, "base64"));
    const found = prepare(pixels, side, shape, centring);
    assert.equal(found.length, image.length);
    const apart = image.reduce((sum, value, i) => sum + Math.abs(value - found[i]), 0);
    const most = name.includes("thin") ? 0.02 : 0.002; // widths of strokes are judged differently
    assert.ok(apart / image.length < most, `${apart / image.length}`);
    if (name === "nothing") return assert.ok(found.every((value) => value === 0));
    assert.ok(Math.max(...found) > 0.7 && found.every((value) => value >= 0 && value <= 1));
  });
}

test("a photograph is shown as large as there is room for, and in whole device pixels", () => {
  assert.deepEqual(geometry.fit([4000, 3000], [1000, 600], 1), [800, 600]);
  assert.deepEqual(geometry.fit([4000, 3000], [358, 600], 2), [716, 537]);
  assert.deepEqual(geometry.fit([100, 50], [1000, 600], 1), [200, 100]); // no larger: it is small
  assert.deepEqual(geometry.fit([20000, 20], [1000, 600], 1), [1000, 1]);
});

test("the loupe shows whole pixels of the picture, and none beyond it", () => {
  for (const zoom of [1, 2, 4]) {
    const side = geometry.pane(358, 1.5) / zoom;
    assert.ok(Number.isInteger(side));
    for (const place of [[0, 0], [0.31, 0.77], [1, 1]]) {
      const [left, top] = geometry.region(place, side, [900, 700]);
      assert.ok(Number.isInteger(left) && left >= 0 && left + side <= 900, `${left}`);
      assert.ok(Number.isInteger(top) && top >= 0 && top + side <= 700, `${top}`);
    }
  }
  assert.deepEqual(geometry.region([0.5, 0.5], 100, [900, 700]), [400, 300, 100]);
  assert.deepEqual(geometry.region([0.5, 0.5], 100, [900, 60]), [400, 0, 100]);
});

test("the loupe hides neither what it shows nor the finger", () => {
  const [glass, stage] = [[300, 150], [800, 600]];
  for (const at of [[0, 0], [400, 100], [790, 590], [400, 300]]) {
    const [left, top] = geometry.beside(at, glass, stage, 30);
    assert.ok(left >= 0 && left + glass[0] <= stage[0]);
    assert.ok(top + glass[1] <= at[1] - 30 || top >= at[1] + 30);
  }
});

test("a window moves by its middle and stays on the picture", () => {
  const size = [1000, 600];
  const window = [0, 0, 256, 256];
  const at = geometry.moved(window, [0.5, 0.5], size);
  assert.deepEqual(at, [372, 172, 256, 256]);
  assert.deepEqual(geometry.middle(at, size), [0.5, 0.5]);
  assert.deepEqual(geometry.moved(window, [0, 1], size), [0, 344, 256, 256]);
  assert.ok(geometry.same(at, [371, 173, 256, 256]) && !geometry.same(at, window));
  assert.deepEqual(geometry.onPicture([-1, 0.1234567]), [0, 0.12346]);
});

test("strength means what it means in Python", () => {
  assert.ok(kinds.length === 4, "there is nothing to compare");
  for (const { kind, values } of kinds) {
    near(values.map(([strength]) => brush.amount(kind, strength)), values.map(([, to]) => to));
  }
});

const grey = (level, count = 40000) => {
  return Uint8ClampedArray.from({ length: 4 * count }, (_, i) => (i % 4 === 3 ? 255 : level));
};
function moments(rgba) {
  const values = rgba.filter((_, i) => i % 4 !== 3);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length)];
}
function degraded(kind, value, level, seed = 3) {
  const rgba = grey(level);
  const table = kind === "salt_and_pepper" ? null : brush.outcomes(kind, value);
  brush.degrade(rgba, kind, value, table, seed);
  assert.ok(rgba.every((part, i) => i % 4 !== 3 || part === 255), "it stays opaque");
  return rgba;
}

test("painted noise has the mean and the spread of its kind", () => {
  // 120,000 values: their mean is known to 1/346 of the spread. A little for rounding.
  let [mean, spread] = moments(degraded("gaussian", 20 / 255, 128));
  assert.ok(Math.abs(mean - 128) < 0.4 && Math.abs(spread - 20) < 0.3, `${mean} ± ${spread}`);
  for (const [peak, level] of [[5, 100], [40, 60], [200, 200]]) {
    [mean, spread] = moments(degraded("poisson", peak, level));
    const wanted = 255 * Math.sqrt(level / 255 / peak);
    assert.ok(Math.abs(mean - level) < 0.02 * wanted + 0.6, `${peak}: ${mean}`);
    if (level + 3 * wanted < 255) assert.ok(Math.abs(spread / wanted - 1) < 0.03, `${spread}`);
  }
  assert.deepEqual(moments(degraded("poisson", 5, 0)), [0, 0]); // no light, no noise
  const rgba = degraded("salt_and_pepper", 0.3, 100);
  const share = (level) => rgba.filter((v, i) => i % 4 === 0 && v === level).length / 40000;
  assert.ok(Math.abs(share(0) - 0.15) < 0.01 && Math.abs(share(255) - 0.15) < 0.01);
  assert.ok(Math.abs(share(100) - 0.7) < 0.01);
  assert.ok(rgba.every((v, i) => i % 4 === 3 || v === rgba[i - (i % 4)]), "all channels at once");
});

test("painted noise follows from its seed, and differs from tile to tile", () => {
  assert.deepEqual(degraded("gaussian", 0.1, 99, 7), degraded("gaussian", 0.1, 99, 7));
  const [a, b] = [7, 8].map((seed) => degraded("gaussian", 0.1, 99, seed));
  let product = 0;
  for (let i = 0; i < a.length; i += 4) product += (a[i] - 99) * (b[i] - 99);
  assert.ok(Math.abs(product / 40000 / 25.5 ** 2) < 0.03, "neighbours are alike");
});

test("a stroke reaches the tiles under it", () => {
  const size = [1000, 600]; // 4 x 3 tiles of 256
  const stroke = { radius: 0.02, points: [[0.1, 0.1], [0.6, 0.1]] };
  assert.deepEqual([...brush.tilesOf(stroke, size)].sort(), [0, 1, 2]);
  assert.deepEqual([...brush.tilesOf(stroke, size, 2)], []);
  assert.deepEqual([...brush.tilesOf({ ...stroke, radius: 0.2 }, size)].length, 8);
  assert.deepEqual([...brush.tilesOf({ radius: 0.01, points: [[1, 1]] }, size)], [11]);
  assert.deepEqual(brush.tileAt(11, size), [768, 512, 232, 88]);
});

test("a list of strokes that goes on is told from one that is another", () => {
  const [a, b] = [0.1, 0.2].map((x) => {
    return { kind: "jpeg", strength: 0.5, radius: 0.1, points: [[x, x]] };
  });
  assert.equal(brush.continued([a], [a, b]), 1);
  assert.equal(brush.continued([], [a]), 0);
  assert.equal(brush.continued([b], [a, b]), null);
  assert.equal(brush.continued([a, b], [a]), null);
  // However their keys are ordered.
  const { points, ...rest } = a;
  assert.equal(brush.written([a]), brush.written([{ points, ...rest }]));
});

test("the address of the page holds a code as Python writes it", () => {
  const code = [0.5, -1.25, -0, 1e-9, -1e-9];
  const written = "z=0.500%2C-1.250%2C0.000%2C0.000%2C-0.000";
  assert.equal(withNumbers("", "z", code), `?${written}`);
  assert.equal(withNumbers("?z=1%2C2", "z", code), `?${written}`);
  // Other parameters stay, to the letter and in their order; so do those whose names begin alike.
  const others = ["?a=b+c", "z_axes=directions", "d=%20,"];
  assert.equal(withNumbers(others.join("&"), "z", code), [...others, written].join("&"));
  const around = (part) => [others[0], ...part, ...others.slice(1)].join("&");
  assert.equal(withNumbers(around(["z=1,2"]), "z", code), around([written]));
  // At the start there is none.
  assert.equal(withNumbers(around(["z=1,2"]), "z", null), around([]));
  assert.equal(withNumbers("?z=1", "z", null), "");
  assert.equal(withNumbers("", "z", null), "");
  assert.equal(withText("?z=1&b=2", "z_smooth", "true"), "?z=1&b=2&z_smooth=true");
  assert.equal(withText("?z_smooth=true&b=2", "z_smooth", null), "?b=2");
  assert.equal(withText("?b=2", "z_smooth", null), "?b=2");
});

test("what fails is tried again, afresh, until that is no use", async () => {
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (act) => setTimeout(act);
  try {
    const { signal } = new AbortController();
    const asked = [];
    const failures = [];
    const failing = (count, error = new Error("no")) => async (cache) => {
      asked.push(cache);
      if (asked.length <= count) throw error;
      return "yes";
    };
    const failed = ({ message }) => failures.push(message);
    assert.equal(await persist(failing(2), { signal, attempts: 3, failed }), "yes");
    assert.deepEqual(asked.splice(0), ["force-cache", "reload", "reload"]);
    assert.deepEqual(failures, ["no", "no"]);
    await assert.rejects(persist(failing(9), { signal, attempts: 2 }), /no/);
    assert.equal(asked.splice(0).length, 2);
    const final = Object.assign(new Error("never"), { final: true });
    await assert.rejects(persist(failing(9, final), { signal, attempts: 2 }), /never/);
    assert.equal(asked.splice(0).length, 1);
    const ended = { signal: AbortSignal.abort(), attempts: 2 };
    await assert.rejects(persist(failing(9), ended), { name: "AbortError" });
    assert.equal(asked.length, 1);
  } finally {
    globalThis.setTimeout = setTimeout;
  }
});

test("the whole of a picture is all of it, or its middle in another ratio", () => {
  near(crop.whole([400, 200]), [0, 0, 1, 1]);
  near(crop.whole([400, 200], 1), [0.25, 0, 0.75, 1]);
  near(crop.whole([200, 400], 1), [0, 0.25, 1, 0.75]);
});

test("a box moves as far as there is room", () => {
  near(crop.moved([0.2, 0.2, 0.4, 0.4], [0.1, -0.1]), [0.3, 0.1, 0.5, 0.3]);
  near(crop.moved([0.2, 0.2, 0.4, 0.4], [5, -5]), [0.8, 0, 1, 0.2]);
});

test("a box is drawn to any side, never smaller than the least and never beyond the picture", () => {
  const [size, least] = [[400, 200], [0.05, 0.1]];
  near(crop.between([0.5, 0.5], [0.2, 0.9], size, least), [0.2, 0.5, 0.5, 0.9]);
  near(crop.between([0.5, 0.5], [0.51, 0.5], size, least), [0.5, 0.5, 0.55, 0.6]);
  near(crop.between([1, 1], [1, 1], size, least), [0.95, 0.9, 1, 1]);
  near(crop.between([0, 0], [1, 1], size, least, 1), [0, 0, 0.5, 1]); // a square, in pixels
  near(crop.between([0.9, 0.5], [0.95, 0.5], size, least, 1), [0.9, 0.5, 0.95, 0.6]);
});

test("a box grows and shrinks at its lower right corner, in its ratio where it has one", () => {
  const [size, least] = [[400, 200], [0.05, 0.1]];
  near(crop.grown([0, 0, 0.5, 0.5], [0.1, 0], size, least), [0, 0, 0.6, 0.5]);
  near(crop.grown([0, 0, 0.5, 0.5], [0, -0.9], size, least), [0, 0, 0.5, 0.1]);
  near(crop.grown([0, 0, 0.25, 0.5], [0, 0.1], size, least, 1), [0, 0, 0.35, 0.7]);
  near(crop.grown([0, 0, 0.25, 0.5], [-0.1, 0], size, least, 1), [0, 0, 0.15, 0.3]);
});

test("a corner within reach is taken, the nearest one of a small box", () => {
  const box = [0.2, 0.2, 0.3, 0.8];
  assert.equal(crop.cornerAt(box, [0.21, 0.79], [0.05, 0.05]), "sw");
  assert.equal(crop.cornerAt(box, [0.26, 0.2], [0.2, 0.2]), "ne");
  assert.equal(crop.cornerAt(box, [0.25, 0.5], [0.05, 0.05]), null);
  near(crop.opposite(box, "sw"), [0.3, 0.2]);
});

// A small plane: five points, drawn into 200 x 100 pixels.
const POINTS = Float32Array.of(0, 0, 4, 0, 4, 2, 0, 2, 2, 1);

test("all points are in view, in one scale, with the second number upwards", () => {
  const view = cloud.fit(POINTS, 200, 100, 10);
  assert.deepEqual(view, { x: 2, y: 1, scale: 40 });
  assert.deepEqual([...cloud.place(POINTS, view, 200, 100)], [20, 90, 180, 90, 180, 10, 20, 10, 100, 50]);
  const near = cloud.zoom(view, 2, [180, 10], 200, 100);
  assert.deepEqual([...cloud.place(POINTS, near, 200, 100).subarray(4, 6)], [180, 10], "it stays");
  assert.equal(near.scale, 80);
});

test("a lasso holds what it goes around, in a bay of it or not", () => {
  const bay = [[0, 0], [10, 0], [10, 10], [5, 2], [0, 10]];
  assert.ok(cloud.inside(bay, 2, 2) && cloud.inside(bay, 8, 3));
  assert.ok(!cloud.inside(bay, 5, 6) && !cloud.inside(bay, 11, 5) && !cloud.inside([], 0, 0));
});

test("a point is found under the pointer and by the arrow keys", () => {
  const places = Float32Array.of(20, 90, 180, 90, 180, 10, 20, 10, 100, 50);
  const any = () => true;
  assert.equal(cloud.nearest(places, 98, 52, 14, any), 4);
  assert.equal(cloud.nearest(places, 60, 52, 14, any), -1);
  assert.equal(cloud.nearest(places, 98, 52, 1e9, (i) => i !== 4), 0);
  assert.equal(cloud.towards(places, 4, [1, 0], any), 1);
  assert.equal(cloud.towards(places, 0, [0, -1], any), 3, "up on the screen");
  assert.equal(cloud.towards(places, 0, [-1, 0], any), 0, "nothing lies there");
  assert.equal(cloud.towards(places, 0, [1, 0], (i) => i !== 4), 1);
});

test("pictures lie on no other and none is cut off", () => {
  let seed = 1;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const places = Float32Array.from({ length: 4000 }, (_, i) => random() * (i % 2 ? 300 : 400));
  const order = Array.from({ length: 2000 }, (_, i) => i);
  const found = cloud.spread(places, order, 20, 400, 300);
  assert.ok(found.length > 120 && found.length <= 300, found.length);
  const apart = (i, j) => Math.max(
    Math.abs(places[2 * i] - places[2 * j]), Math.abs(places[2 * i + 1] - places[2 * j + 1]),
  ) >= 20;
  found.forEach((i, k) => {
    assert.ok(found.slice(0, k).every((j) => apart(i, j)));
    assert.ok(places[2 * i] >= 10 && places[2 * i] <= 390 && places[2 * i + 1] <= 290);
  });
  assert.equal(found[0], order.find((i) => places[2 * i] >= 10 && places[2 * i] <= 390
    && places[2 * i + 1] >= 10 && places[2 * i + 1] <= 290), "the most important first");
});

test("labels stay off one another, in the chart and near their places", () => {
  const labels = [40, 60, 100, 60, 50, 40].map((width) => ({ x: 100, y: 30, width }));
  const ways = cloud.apart(labels, 20, 300, 120);
  assert.deepEqual(ways[0], [0, 0]);
  const put = labels.map(({ x, y, width }, k) => ({ x: x + ways[k][0], y: y + ways[k][1], width }));
  put.forEach((a, k) => {
    assert.ok(a.y >= 10 && a.y <= 110 && a.x >= a.width / 2 && a.x <= 300 - a.width / 2);
    assert.ok(put.slice(0, k).every((b) => {
      return Math.abs(a.x - b.x) >= (a.width + b.width) / 2 || Math.abs(a.y - b.y) >= 20;
    }));
  });
  const free = [{ x: 20, y: 30, width: 9 }, { x: 50, y: 30, width: 9 }];
  assert.deepEqual(cloud.apart(free, 20, 300, 120), [[0, 0], [0, 0]]);
  assert.deepEqual(cloud.apart(labels.slice(0, 2), 20, 30, 10), [[0, 0], [0, 0]], "no room at all");
});

test("a selection is one bit a point, and comes back whole", () => {
  const flags = Uint8Array.from({ length: 77 }, (_, i) => Number(i % 3 === 0));
  assert.deepEqual([...cloud.fromBits(cloud.toBits(flags), 77)], [...flags]);
  assert.equal(cloud.toBits(Uint8Array.of(1, 0, 1)), "BQ==");
});

test("dots have their size, colour and opacity, and are cut at the edge", () => {
  globalThis.ImageData ??= class { constructor(data) { this.data = data; } };
  const dots = new Dots(20, 10);
  dots.put(ring(3), 10.1, 5.1, [200, 100, 50], 0.5);
  dots.put(ring(3), -1, 5, [200, 100, 50], 1);
  dots.put(ring(3), 40, -40, [200, 100, 50], 1); // nowhere near
  const { data } = dots.image();
  const at = (x, y) => [...data.subarray(4 * (20 * y + x), 4 * (20 * y + x) + 4)];
  [200, 100, 50, 127.5].forEach((value, c) => assert.ok(Math.abs(at(10, 5)[c] - value) <= 2, at(10, 5)));
  assert.deepEqual(at(15, 5), [0, 0, 0, 0]);
  assert.deepEqual(at(0, 5), [200, 100, 50, 255]);
  const area = (mask) => mask.reduce((sum, part) => sum + part, 0);
  for (const mask of ring(3).masks) assert.ok(Math.abs(area(mask) - 9 * Math.PI) < 1);
  for (const mask of ring(3, 2).masks) assert.ok(Math.abs(area(mask) - 5 * Math.PI) < 1);
});
