// The Worker that trains. It is told {type, …}:
//   open    {matrices, target, settings, losses, moves, kind}: a run, played up to where `moves`
//           end; of "arenas", or of "benches"
//   steps   {kind}: of what kind the steps are from now on; of benches, how strong they are
//   run     trains on, until it is told otherwise or the run is at its end
//   pause
//   pace    {slow}: milliseconds between steps, 0: as fast as it can
//   play    {kind, count}: moves of one kind, then pause
//   seek    {moment}: pause there
//   branch  {arena, loss}: one more arena, that goes on from here with another loss
//   drop    {arena}: forgets one
//   look    {views}: what is to be seen: {heat, field, arrows}
//   drawn   the last frame is on the screen
// It says {type: "frame", …} whenever there is something new to see and the last frame is drawn, and
// {type: "failed", sentence}.

import { Arena } from "./arena.js";
import { Bench } from "./bench.js";
import { lookAtBenches } from "./bench_looking.js";
import { startMatrices } from "./matrix.js";
import { Run } from "./run.js";
import { look } from "./looking.js";

const SLICE = 12; // milliseconds between looks at what it is told
const METER = 700; // milliseconds between readings while it trains
const FRAME = 26; // least milliseconds between frames

const KINDS = { arenas: [Arena, look], benches: [Bench, lookAtBenches] };

let run = null;
let see = look;
let usual = "step"; // what a step is
let training = false;
let queue = []; // [kind, count], …: what is still to be played
let replaying = 0; // how many moves a link asked for
let slow = 0;
let next = 0; // when the next step of slow motion is due
let drawn = true;
let fresh = true; // whether there is something new to see
let sent = 0;
let measured = -Infinity;
let readings = null;
let views = {};
let pump = 0; // of the loop; another number ends the one before

const channel = new MessageChannel();
channel.port1.onmessage = ({ data }) => data === pump && work();
const again = (loop) => channel.port2.postMessage(loop);

const length = () => run.settings.length || Infinity;
const busy = () => run && (training || queue.length > 0);

function wake() {
  pump += 1;
  fresh = true;
  work();
}

function work() {
  if (!run) return;
  try {
    const begin = performance.now();
    while (busy() && performance.now() - begin < SLICE) {
      if (slow && !replaying) {
        if (performance.now() < next) break;
        next = performance.now() + slow;
      }
      step();
    }
  } catch (error) {
    training = false;
    queue = [];
    postMessage({ type: "failed", sentence: error.message });
    return;
  }
  const now = performance.now();
  if (fresh && drawn && (!busy() || now - sent >= FRAME)) {
    const rest = !busy();
    if (rest || now - measured > METER) {
      readings = null; // measured again
      measured = now;
    }
    const frame = see(run, views, readings);
    readings = frame.readings;
    [drawn, fresh, sent] = [false, false, now];
    const left = queue.reduce((sum, [, count]) => sum + count, 0);
    const state = { moment: run.moment, end: run.end, moves: run.moves, training, left, replaying };
    postMessage({ type: "frame", ...state, ...frame });
    if (!queue.length) replaying = 0;
  }
  if (!busy()) return;
  if (slow && !replaying) setTimeout(again, Math.min(20, slow), pump);
  else again(pump);
}

function step() {
  fresh = true;
  if (queue.length) {
    run.play(queue[0][0]);
    if (!(queue[0][1] -= 1)) queue.shift();
  } else if (run.moment >= length() || run.stopped.every(Boolean)) training = false;
  else run.play(usual);
}

const ACTS = {
  async open({ matrices, target, settings, losses, moves, kind = "arenas" }) {
    run = null;
    pump += 1;
    const started = await startMatrices(matrices);
    const [Player, looks] = KINDS[kind];
    see = looks;
    run = Object.assign(new Run(started, target, settings, losses, Player), { settings });
    training = false;
    queue = moves.map((move) => [...move]);
    replaying = queue.reduce((sum, [, count]) => sum + count, 0);
    drawn = true;
  },
  run() {
    training = true;
    next = 0;
  },
  pause() {
    training = false;
    queue = [];
  },
  steps({ kind }) {
    usual = kind;
  },
  pace(told) {
    ({ slow } = told);
    next = 0;
  },
  play({ kind, count }) {
    training = false;
    queue = [[kind, count]];
  },
  seek({ moment }) {
    training = false;
    queue = [];
    run.seek(moment);
  },
  branch({ arena, loss }) {
    training = false;
    queue = [];
    run.branch(arena, loss);
  },
  drop({ arena }) {
    run.drop(arena);
  },
  look(told) {
    ({ views } = told);
  },
  drawn() {
    drawn = true;
    return !fresh && !busy(); // nothing to be done
  },
};

let turn = Promise.resolve(); // what opens takes its time, and what is told later comes later

onmessage = ({ data }) => {
  turn = turn.then(async () => {
    if (!run && data.type !== "open" && !["look", "pace", "steps"].includes(data.type)) return;
    try {
      if (data.type === "drawn") {
        const idle = ACTS.drawn();
        if (!idle && !busy()) work();
        return;
      }
      await ACTS[data.type](data);
      if (run) wake();
    } catch (error) {
      postMessage({ type: "failed", sentence: error.message });
    }
  });
};
