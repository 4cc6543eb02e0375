// The arithmetic of the player and the pad in node; $LATENTLAB_NUMBERS is what Python computes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const browser = new URL("../../latentlab/ui/browser/", import.meta.url);
const { bilinear, linear, spherical, thereAndBack } = await import(
  new URL("morph_paths.js", browser)
);
const { average, bend, width } = await import(new URL("ink.js", browser));
const { prepare } = await import(new URL("seen.js", browser));
const { walks, squares, seen } = JSON.parse(readFileSync(process.env.LATENTLAB_NUMBERS, "utf8"));
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

test("ends are exactly themselves, and so is what lies beyond", () => {
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
