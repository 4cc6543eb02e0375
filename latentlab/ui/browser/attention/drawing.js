// Matrices on canvases: colours for numbers, names at the sides, and which number is under a place.

const FONT = 12; // CSS pixels, at least

/** Blue below zero, orange above, as strong as the number is of `most`; [r, g, b, share]. */
function diverging(value, most) {
  const share = Math.min(1, Math.abs(value) / (most || 1));
  return value < 0 ? [63, 144, 218, share] : [231, 99, 0, share];
}

/** Shares from 0 to 1. */
const shares = (value) => [91, 110, 225, Math.sqrt(value)]; // small ones are to be seen, too

/** How a matrix lies on its canvas, in CSS pixels. */
export function layout({ width, matrix, named, topped, type, height }) {
  const left = named ? Math.min(width * 0.36, 5.5 * type) : 2;
  const top = topped ? 3.2 * type : 2;
  const right = topped ? 1.6 * type : 2; // names lean to the right
  const across = Math.max(1, (width - left - right) / matrix.cols);
  const down = Math.max(1, height);
  return { left, top, across, down, width, height: top + down * matrix.rows + 2 };
}

/** The number under a place, [row, column], or null. */
export function under({ left, top, across, down }, matrix, x, y) {
  const [i, j] = [Math.floor((y - top) / down), Math.floor((x - left) / across)];
  return i >= 0 && j >= 0 && i < matrix.rows && j < matrix.cols ? [i, j] : null;
}

/** Draws a matrix, names of rows and columns, and a frame around what is looked at. */
export function draw(canvas, place, { matrix, kind, rows, cols, framed, style }) {
  const scale = window.devicePixelRatio || 1;
  const size = { width: Math.round(place.width * scale), height: Math.round(place.height * scale) };
  if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
  canvas.style.height = `${place.height}px`;
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, place.width, place.height);
  let most = 0;
  for (const value of matrix.values) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  const { left, top, across, down } = place;
  for (let i = 0; i < matrix.rows; i += 1) {
    for (let j = 0; j < matrix.cols; j += 1) {
      const value = matrix.at(i, j);
      const [x, y] = [left + j * across, top + i * down];
      if (value === -Infinity) {
        context.globalAlpha = 0.35;
        context.strokeStyle = style.color;
        context.lineWidth = 1;
        context.beginPath();
        context.moveTo(x + 0.3 * across, y + 0.7 * down);
        context.lineTo(x + 0.7 * across, y + 0.3 * down);
        context.stroke();
        continue;
      }
      const [r, g, b, share] = kind === "shares" ? shares(value) : diverging(value, most);
      context.globalAlpha = 1;
      context.fillStyle = `rgba(${r}, ${g}, ${b}, ${share})`;
      context.fillRect(x, y, across + 0.4, down + 0.4);
    }
  }
  context.globalAlpha = 0.3;
  context.strokeStyle = style.color;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, across * matrix.cols - 1, down * matrix.rows - 1);
  const type = Math.max(FONT, parseFloat(style.fontSize) || FONT);
  context.globalAlpha = 1;
  context.fillStyle = style.color;
  context.textBaseline = "middle";
  const cut = (text, room) => {
    let shown = text;
    while (shown.length > 1 && context.measureText(shown).width > room) shown = `${shown.slice(0, -2)}…`;
    return shown;
  };
  if (rows) {
    context.textAlign = "right";
    context.font = `400 ${Math.min(type, down)}px ${style.fontFamily}`;
    rows.forEach((name, i) => context.fillText(cut(name, left - 8), left - 6, top + (i + 0.5) * down));
  }
  if (cols) {
    context.textAlign = "left";
    context.font = `400 ${Math.min(type, across * 1.1)}px ${style.fontFamily}`;
    cols.forEach((name, j) => {
      context.save();
      context.translate(left + (j + 0.5) * across, top - 5);
      context.rotate(-Math.PI / 3);
      context.fillText(cut(name, 1.05 * top), 0, 0);
      context.restore();
    });
  }
  context.strokeStyle = style.color;
  for (const { row, column, strong } of framed) {
    context.lineWidth = strong ? 3 : 1.5;
    const [x, y] = [column === undefined ? left : left + column * across, row === undefined ? top : top + row * down];
    context.strokeRect(
      x, y,
      column === undefined ? across * matrix.cols : across,
      row === undefined ? down * matrix.rows : down,
    );
  }
}
