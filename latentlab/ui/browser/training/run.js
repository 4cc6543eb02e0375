// Arenas that are played side by side, and the way back through what was played.

import { Arena, Exploded } from "./arena.js";

const EVERY = 50; // moments between what is kept
const MOST = 96 << 20; // bytes that may be kept
const MANY = 4; // arenas at most
const CURVE = 400; // points of a curve of losses

/** What is kept of the networks of an arena. */
const networksOf = (state) => Object.values(state).filter((part) => part?.squares);

/** The same moves for all arenas, from the same start; every moment can be gone back to. */
export class Run {
  /**
   * @param losses of every arena: [[moment, name], …]
   * @param Player what is played: an Arena, or what can be moved, kept and restored as one
   */
  constructor(matrices, target, settings, losses, Player = Arena) {
    // For those that branch, too: memory that grows makes the views of it useless.
    matrices.reserve(MANY * Player.size(settings));
    this.make = (own) => new Player(matrices, target, settings, own);
    this.arenas = losses.map(this.make);
    this.moment = 0;
    this.moves = []; // [kind, count], …: all that was played
    this.stopped = losses.map(() => null); // {moment, sentence, good: a moment to go back to}
    this.said = losses.map(() => []); // [moment, generator's loss, discriminator's loss], …
    this.stride = 1; // moments between those
    this.every = EVERY;
    this.most = MOST;
    this.kept = [];
    this.#keep();
  }

  /** The last moment that was played. */
  get end() {
    return this.moves.reduce((sum, [, count]) => sum + count, 0);
  }

  /** Plays a kind of move `count` times from here on; what came later is forgotten. */
  play(kind, count = 1) {
    if (this.moment < this.end) this.#forget();
    for (let i = 0; i < count; i += 1) {
      const last = this.moves.at(-1);
      if (last?.[0] === kind) last[1] += 1;
      else this.moves.push([kind, 1]);
      this.#move(kind);
    }
  }

  /** Goes to a moment that was played; exactly, since the moves after what is kept come again. */
  seek(moment) {
    const to = Math.min(Math.max(0, Math.round(moment)), this.end);
    const kept = this.kept.findLast((one) => one.moment <= to);
    if (!(this.moment <= to && this.moment >= kept.moment)) this.#restore(kept);
    let start = 0;
    for (const [kind, count] of this.moves) {
      while (this.moment < Math.min(to, start + count)) this.#move(kind);
      start += count;
    }
  }

  /** Adds an arena that is as another until now, and goes on with another loss. */
  branch(at, loss) {
    if (this.arenas.length >= MANY) throw new RangeError(`There are ${MANY} arenas at most.`);
    if (this.moment < this.end) this.#forget();
    const parent = this.arenas[at];
    const past = parent.losses.filter(([moment]) => moment < this.moment);
    const made = this.spare?.pop() ?? this.make([]);
    made.losses = [...past, [this.moment, loss]];
    made.restore(parent.keep());
    this.arenas.push(made);
    this.stopped.push(this.stopped[at]);
    this.said.push([...this.said[at]]);
    for (const kept of this.kept) {
      kept.states.push(kept.states[at]); // the same past, held once
      kept.stopped.push(kept.stopped[at]);
    }
  }

  /** Forgets an arena. */
  drop(at) {
    (this.spare ??= []).push(...this.arenas.splice(at, 1)); // its memory serves the next one
    for (const list of [this.stopped, this.said]) list.splice(at, 1);
    for (const { states, stopped } of this.kept) for (const list of [states, stopped]) list.splice(at, 1);
  }

  #move(kind) {
    this.arenas.forEach((arena, i) => {
      if (this.stopped[i]) return;
      try {
        arena.move(kind);
      } catch (error) {
        if (!(error instanceof Exploded)) throw error;
        const good = this.kept.findLast(({ states }) => states[i]).moment;
        this.stopped[i] = { moment: this.moment, sentence: error.message, good };
      }
    });
    this.moment += 1;
    if (this.moment % this.stride === 0) this.#note();
    if (this.moment % this.every === 0 && this.moment > this.kept.at(-1).moment) this.#keep();
  }

  #note() {
    this.arenas.forEach(({ said }, i) => {
      const own = this.said[i];
      if (this.stopped[i] || own.at(-1)?.[0] >= this.moment) return;
      own.push([this.moment, ...said]);
    });
    if (Math.max(...this.said.map(({ length }) => length)) < CURVE) return;
    this.stride *= 2;
    this.said = this.said.map((own) => own.filter(([moment]) => moment % this.stride === 0));
  }

  #keep() {
    const states = this.arenas.map((arena, i) => {
      if (this.stopped[i]) return null;
      const state = arena.keep();
      // What no longer is a number may not have shown in a loss yet.
      return networksOf(state).every(({ values }) => values.every(Number.isFinite)) ? state : null;
    });
    const numbers = (state) => (state ? networksOf(state).reduce((sum, { values }) => sum + 2 * values.length, 0) : 0);
    const bytes = 4 * states.reduce((sum, state) => sum + numbers(state), 0);
    this.kept.push({ moment: this.moment, states, stopped: [...this.stopped], bytes });
    // Too much: from now on every second one, and of those there are, too.
    while (this.kept.length > 2 && this.kept.reduce((sum, one) => sum + one.bytes, 0) > this.most) {
      this.every *= 2;
      this.kept = this.kept.filter(({ moment }) => moment % this.every === 0);
    }
  }

  #restore({ moment, states, stopped }) {
    this.moment = moment;
    this.stopped = [...stopped];
    states.forEach((state, i) => state && this.arenas[i].restore(state));
  }

  #forget() {
    let left = this.moment;
    this.moves = this.moves.flatMap(([kind, count]) => {
      const kept = Math.min(count, left);
      left -= kept;
      return kept ? [[kind, kept]] : [];
    });
    this.kept = this.kept.filter(({ moment }) => moment <= this.moment);
    this.said = this.said.map((own) => own.filter(([moment]) => moment <= this.moment));
  }
}
