// What the meters say, in words, and moves as an address holds them. No page in here.

export const ALIGNED = 0.34; // error of a fresh classifier of domains from which clouds lie on each other
const CLEAR = 0.04; // accuracies that differ by less are called the same

export const percent = (share) => `${(100 * share).toFixed(0)} %`;

/**
 * One sentence on two readings {source, target, domains} of the same moment.
 * @param alone what the network reads that is never drawn towards the target
 * @param drawn what the other one reads
 * @param name of the method of the other one
 */
export function verdict(alone, drawn, name, moment) {
  if (!moment) return "Before the first step. Press Run, and move λ while it trains.";
  const numbers = `${name} reads ${percent(drawn.target)} of the target, source only ${percent(alone.target)}`;
  if (drawn.source < 0.9) return `Pulled apart: ${name} no longer reads the source itself (${percent(drawn.source)}).`;
  const aligned = drawn.domains >= ALIGNED;
  if (aligned && drawn.target < alone.target - CLEAR) return `Aligned, and wrong: ${numbers}.`;
  if (aligned && drawn.target > alone.target + CLEAR) return `Aligned, and right: ${numbers}.`;
  if (aligned) return `Aligned, and nothing gained: ${numbers}.`;
  if (drawn.target > alone.target + CLEAR) return `It helps, though the domains can still be told apart: ${numbers}.`;
  if (drawn.target < alone.target - CLEAR) return `It hurts: ${numbers}.`;
  return `No difference yet: ${numbers}.`;
}

/** Moves [[strength in hundredths, count], …] as an address holds them: "300x50.200x100". */
export const writeMoves = (moves) => moves.map(([strength, count]) => `${count}x${strength}`).join(".");

/** The moves up to a moment. */
export function until(moves, moment) {
  let room = moment;
  return moves.flatMap(([kind, count]) => {
    const part = Math.min(count, room);
    room -= part;
    return part > 0 ? [[kind, part]] : [];
  });
}
