// What the meter says, in words. No page in here.

const percent = (share) => `${(100 * share).toFixed(1)} %`;
const nats = (value) => (value < 10 ? value.toFixed(value < 0.1 ? 4 : 2) : value.toFixed(0));
export const VANISHED = 5e-3; // root mean square of a pull that teaches nothing

/** Rows of the table of readings: [title, hint, (reading) => text, (low, high) => text]. */
export function rows([, parts], count) {
  return [
    [`${title(parts)} covered`, (one) => `${one.covered} of ${count}`, "covered"],
    ["in fair share", (one) => `${one.fair} of ${count}`, "fair"],
    ["within 3σ", (one) => percent(one.inside), "inside"],
    ["reverse KL", (one) => nats(one.divergence), "divergence"],
  ];
}

const title = (word) => word[0].toUpperCase() + word.slice(1);

/** What perfect samplers read, as a range. */
export function range(low, high, show, name) {
  const [from, to] = [show(low), show(high)];
  if (from === to) return from;
  if (name === "inside") return `${from.replace(" %", "")}–${to}`;
  return `${from}–${to}`;
}

/** What is wrong with a reading, by row: "", "too narrow", …. */
export function faults(reading, { low, high }, count) {
  return {
    covered: reading.covered < low.covered ? "missing" : "",
    fair: reading.fair < Math.min(low.fair, count) ? "too few" : "",
    inside: reading.inside > high.inside ? "too narrow" : reading.inside < low.inside ? "too wide" : "",
    divergence: reading.divergence > high.divergence ? "uneven" : "",
  };
}

/**
 * Returns one sentence on an arena.
 * @param state {stopped, reading, strength, moment, single: whether there is no noise}
 */
export function verdict({ stopped, reading, strength, moment, single }, scale, [part, parts], count) {
  if (stopped) return stopped.sentence;
  if (!moment) return "Before the first step.";
  if (single) return reading.inside === 1 ? "At rest on the target." : "Away from the target.";
  const wrong = faults(reading, scale, count);
  const named = count === 1 ? part : parts;
  const shares = `${reading.fair} of ${count} ${named} in fair share`;
  const gone = strength ** 0.5 < VANISHED ? " Hardly anything pulls the generator any more." : "";
  if (count > 1 && reading.fair <= count / 2 && wrong.inside === "too narrow") return `Collapsed: ${shares}, too narrow.${gone}`;
  if (reading.fair < count) return `${reading.covered < count ? "Leaves out" : "Uneven"}: ${shares}, ${percent(reading.inside)} within 3σ.${gone}`;
  if (wrong.inside === "too narrow") return `Too narrow: ${percent(reading.inside)} within 3σ.${gone}`;
  if (wrong.inside === "too wide") return `All of it in fair share, still too wide: ${percent(reading.inside)} within 3σ.${gone}`;
  if (wrong.divergence) return `Nearly perfect, a little uneven.${gone}`;
  return `As a perfect sampler.${gone}`;
}

const LETTER = { step: "s", discriminator: "d", generator: "g" };

/** Moves as an address holds them: "500d.2000s". */
export const writeMoves = (moves) => moves.map(([kind, count]) => `${count}${LETTER[kind]}`).join(".");

/** Arenas likewise: "minimax,minimax@2000:relativistic". */
export const writeArenas = (arenas) => arenas
  .map(([[, first], ...later]) => [first, ...later.map(([moment, name]) => `${moment}:${name}`)].join("@"))
  .join(",");
