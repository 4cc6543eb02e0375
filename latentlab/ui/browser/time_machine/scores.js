// Scores of a critic as counts. No page in here.

/** The share of ascending scores that are lower than `score`, from 0 to 1. */
export function shareBelow(scores, score) {
  return scores.filter((each) => each < score).length / scores.length;
}

/**
 * Several lists of scores counted in the same bars, which also hold `score`.
 * @returns {{low, high, counts}} bounds, and shares of each list by bar
 */
export function histogram(lists, score, bars) {
  const all = [...lists.flat(), ...(Number.isFinite(score) ? [score] : [])];
  const [low, most] = [Math.min(...all), Math.max(...all)];
  const high = most > low ? most : low + 1;
  const counts = lists.map((scores) => {
    const found = new Array(bars).fill(0);
    for (const each of scores) {
      const bar = Math.floor(((each - low) / (high - low)) * bars);
      found[Math.min(bar, bars - 1)] += 1 / scores.length;
    }
    return found;
  });
  return { low, high, counts };
}
