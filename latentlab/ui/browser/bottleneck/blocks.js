// Layers as blocks of equal squares, one a unit: to scale. No page in here.

/** Rows and columns of a layer's block; a picture keeps its own. */
export function grid(units, [height, width] = [0, 0]) {
  if (height * width === units) return { rows: height, columns: width };
  const rows = units >= 256 ? Math.ceil(Math.sqrt(units)) : Math.min(units, units >= 128 ? 16 : 8);
  return { rows, columns: Math.ceil(units / rows) };
}

/**
 * Returns where the blocks of layers stand: {cell, height, blocks: [{x, y, rows, columns, units}]},
 * in the unit of `width`; in one row, or, on a narrow screen, those after the code in a second one.
 * @param sizes units of every layer, the input first
 * @param code which of them is the code
 * @param shape [height, width] of a picture
 * @param most the largest side of a square
 */
export function place(sizes, code, shape, width, most, gap) {
  const grids = sizes.map((units) => ({ ...grid(units, shape), units }));
  const narrow = width < 520;
  const lines = narrow ? [grids.slice(0, code + 1), grids.slice(code)] : [grids];
  const fits = lines.map((line) => {
    const columns = line.reduce((sum, { columns }) => sum + columns, 0);
    return (width - gap * line.length) / columns; // half a gap at either end
  });
  const cell = Math.max(1, Math.min(most, Math.floor(Math.min(...fits) * 4) / 4));
  const blocks = [];
  let top = 0;
  lines.forEach((line, number) => {
    const tallest = Math.max(...line.map(({ rows }) => rows)) * cell;
    const used = line.reduce((sum, { columns }) => sum + columns * cell, 0);
    const room = width - gap - used;
    const space = line.length > 1 ? Math.min(room / (line.length - 1), 5 * gap) : 0;
    let x = (width - used - space * (line.length - 1)) / 2;
    for (const [place, block] of line.entries()) {
      // The code stands at the end of the first line and at the beginning of the second.
      const again = number === 1 && place === 0;
      const index = number === 0 ? place : code + place;
      blocks.push({ ...block, index, again, x, y: top + (tallest - block.rows * cell) / 2 });
      x += block.columns * cell + space;
    }
    top += tallest + 2.2 * gap;
  });
  return { cell, height: top, blocks };
}

/** The unit under a point: {index, unit}; the nearest within `reach` of a block, or null. */
export function unitAt({ cell, blocks }, x, y, reach = 0) {
  let found = null;
  let nearest = reach;
  for (const { index, rows, columns, units, x: left, y: top } of blocks) {
    const [right, bottom] = [left + columns * cell, top + rows * cell];
    const away = Math.max(left - x, x - right, top - y, y - bottom, 0);
    if (away > nearest || (found && away === nearest)) continue;
    nearest = away;
    const column = Math.min(Math.max(Math.floor((x - left) / cell), 0), columns - 1);
    const row = Math.min(Math.max(Math.floor((y - top) / cell), 0), rows - 1);
    found = { index, unit: Math.min(row * columns + column, units - 1) };
  }
  return found;
}

/**
 * The unit to which an arrow key leads: over the edge of a block into the next layer, at about the
 * same height.
 * @param sizes units of every layer
 */
export function step(sizes, shape, { index, unit }, [right, down]) {
  const { rows, columns } = grid(sizes[index], shape);
  const [row, column] = [Math.floor(unit / columns), unit % columns];
  const there = column + right;
  if (there >= 0 && there < columns) {
    const moved = Math.min(Math.max(row + down, 0), rows - 1) * columns + there;
    return { index, unit: Math.min(moved, sizes[index] - 1) };
  }
  const next = index + right;
  if (next < 0 || next >= sizes.length) return { index, unit };
  const to = grid(sizes[next], shape);
  const height = rows > 1 ? row / (rows - 1) : 0.5;
  const at = Math.round(height * (to.rows - 1)) * to.columns + (right > 0 ? 0 : to.columns - 1);
  return { index: next, unit: Math.min(at, sizes[next] - 1) };
}
