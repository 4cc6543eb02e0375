// Which words of a line are new, and which lines stand there already. No page here: see walk.js.

/**
 * The words of a line, each with whether it is new: in its longest common order with the line
 * before it has no place.
 * @param {string[]} before words of the line before; none for the first
 * @param {string[]} words words of this line
 * @returns {{word: string, fresh: boolean}[]}
 */
export function marked(before, words) {
  if (!before) return words.map((word) => ({ word, fresh: false }));
  const longest = Array.from({ length: before.length + 1 }, () => new Array(words.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = words.length - 1; j >= 0; j -= 1) {
      longest[i][j] = before[i] === words[j]
        ? longest[i + 1][j + 1] + 1
        : Math.max(longest[i + 1][j], longest[i][j + 1]);
    }
  }
  const found = [];
  let i = 0;
  for (let j = 0; j < words.length; j += 1) {
    while (i < before.length && before[i] !== words[j] && longest[i + 1][j] >= longest[i][j + 1]) i += 1;
    const kept = i < before.length && before[i] === words[j];
    if (kept) i += 1;
    found.push({ word: words[j], fresh: !kept });
  }
  return found;
}

/** For every line, whether a line above it says the same. */
export function repeated(lines) {
  const seen = new Set();
  return lines.map((line) => {
    const again = seen.has(line);
    seen.add(line);
    return again;
  });
}
