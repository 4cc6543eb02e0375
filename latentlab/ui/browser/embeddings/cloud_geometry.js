// The arithmetic of a plane of points: where they are drawn, and which of them are meant. No page
// in here. Points and places are flat arrays, x before y; places are CSS pixels from the top left.

/** What shows all points: the middle of the chart in the plane's units, and pixels a unit. */
export function fit(points, width, height, margin) {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 1) {
    low[i % 2] = Math.min(low[i % 2], points[i]);
    high[i % 2] = Math.max(high[i % 2], points[i]);
  }
  const room = [width, height].map((side) => Math.max(side - 2 * margin, 1));
  // One scale for both axes: distances are those of the plane.
  const scale = Math.min(...room.map((side, i) => side / Math.max(high[i] - low[i], 1e-9)));
  return { x: (low[0] + high[0]) / 2, y: (low[1] + high[1]) / 2, scale };
}

/** Where points of the plane are drawn; its second number grows upwards. */
export function place(points, view, width, height) {
  const places = new Float32Array(points.length);
  for (let i = 0; i < points.length; i += 2) {
    places[i] = width / 2 + (points[i] - view.x) * view.scale;
    places[i + 1] = height / 2 - (points[i + 1] - view.y) * view.scale;
  }
  return places;
}

/** The view that is `factor` times as near, with the same point of the plane at a place. */
export function zoom(view, factor, [x, y], width, height) {
  const scale = view.scale * factor;
  const away = [x - width / 2, height / 2 - y];
  return {
    x: view.x + away[0] / view.scale - away[0] / scale,
    y: view.y + away[1] / view.scale - away[1] / scale,
    scale,
  };
}

/** Whether an outline [[x, y], …] that closes itself goes around a place; even-odd. */
export function inside(outline, x, y) {
  let within = false;
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i, i += 1) {
    const [[ax, ay], [bx, by]] = [outline[i], outline[j]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) within = !within;
  }
  return within;
}

/** The number of the place nearest to (x, y), -1 where none that `may(i)` is within `reach`. */
export function nearest(places, x, y, reach, may) {
  let best = -1;
  let least = reach * reach;
  for (let i = 0; i < places.length / 2; i += 1) {
    const far = (places[2 * i] - x) ** 2 + (places[2 * i + 1] - y) ** 2;
    if (far <= least && may(i)) [best, least] = [i, far];
  }
  return best;
}

/**
 * The next place in a direction: the nearest one in the quarter of the plane that lies that way.
 * @param [dx, dy] one of them 0, the other 1 or -1
 * @returns its number, or `from` where nothing lies that way
 */
export function towards(places, from, [dx, dy], may) {
  let best = from;
  let least = Infinity;
  for (let i = 0; i < places.length / 2; i += 1) {
    const x = places[2 * i] - places[2 * from];
    const y = places[2 * i + 1] - places[2 * from + 1];
    const along = x * dx + y * dy;
    const aside = Math.abs(x * dy) + Math.abs(y * dx);
    // What lies straight ahead is nearer than what lies as far, but aside.
    const far = along + 2 * aside;
    if (along > 0 && aside <= along && far < least && may(i)) [best, least] = [i, far];
  }
  return best;
}

/**
 * Those of `order` whose squares of `side` pixels lie in the chart and on no earlier one's.
 * @param order numbers of places, the most important first
 */
export function spread(places, order, side, width, height) {
  const taken = new Map(); // cell of a grid as wide as a square -> the one in it
  const chosen = [];
  const free = (column, row, x, y) => {
    for (let c = column - 1; c <= column + 1; c += 1) {
      for (let r = row - 1; r <= row + 1; r += 1) {
        const i = taken.get(`${c},${r}`);
        if (i === undefined) continue;
        if (Math.abs(places[2 * i] - x) < side && Math.abs(places[2 * i + 1] - y) < side) return false;
      }
    }
    return true;
  };
  for (const i of order) {
    const [x, y] = [places[2 * i], places[2 * i + 1]];
    if (!(Math.abs(x - width / 2) <= (width - side) / 2)) continue;
    if (!(Math.abs(y - height / 2) <= (height - side) / 2)) continue;
    const [column, row] = [Math.floor(x / side), Math.floor(y / side)];
    if (!free(column, row, x, y)) continue;
    taken.set(`${column},${row}`, i);
    chosen.push(i);
  }
  return chosen;
}

/**
 * How far each label moves, [right, down] in pixels, so that none lies on another.
 * @param labels {x, y, width} in pixels, in the middle of each
 * @param line how high a label is
 * @param width of the chart, in which they stay
 * @param height of the chart
 */
export function apart(labels, line, width, height) {
  const steps = Array.from({ length: 13 }, (_, k) => (k - 6) * line);
  const ways = steps.flatMap((right) => steps.map((down) => [right, down]));
  ways.sort((a, b) => Math.hypot(...a) - Math.hypot(...b)); // the nearest free place
  const taken = [];
  return labels.map((label) => {
    const free = ([right, down]) => {
      const [x, y] = [label.x + right, label.y + down];
      if (Math.abs(x - width / 2) > (width - label.width) / 2) return false;
      if (Math.abs(y - height / 2) > (height - line) / 2) return false;
      return taken.every((other) => {
        return Math.abs(x - other.x) >= (label.width + other.width) / 2 + 2
          || Math.abs(y - other.y) >= line;
      });
    };
    const way = ways.find(free) ?? [0, 0]; // it is out of sight, or there is no room
    taken.push({ x: label.x + way[0], y: label.y + way[1], width: label.width });
    return way;
  });
}

/** Flags, one a point, as base64 of bits; the first point is the lowest bit. */
export function toBits(flags) {
  const packed = new Uint8Array(Math.ceil(flags.length / 8));
  flags.forEach((flag, i) => {
    if (flag) packed[i >> 3] |= 1 << (i & 7);
  });
  let text = "";
  for (const byte of packed) text += String.fromCharCode(byte);
  return btoa(text);
}

/** What `toBits` has made of `count` flags. */
export function fromBits(base64, count) {
  const packed = atob(base64);
  return Uint8Array.from({ length: count }, (_, i) => (packed.charCodeAt(i >> 3) >> (i & 7)) & 1);
}
