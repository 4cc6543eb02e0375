"""What the Sequences page does: ask five networks the same, look why, watch them learn, compare.

    tokens = example("recall", pairs=8, gap=24, seed=0)
    asked = ask({"lstm": network, …}, "recall", tokens)     # their answers, beside the right one
    why(network, tokens)                                    # what the answer rests on

Curves come from experiments; nothing is trained here but what a visitor watches.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from latentlab.data.sequences import sequence_tasks
from latentlab.errors import InputError
from latentlab.experiments import Point
from latentlab.experiments import sequences as experiment
from latentlab.experiments import sequences_cost as experiment_cost
from latentlab.experiments import sequences_length as experiment_length
from latentlab.experiments import sequences_positions as experiment_positions
from latentlab.experiments import sequences_tasks as experiment_tasks

if TYPE_CHECKING:
    from latentlab.experiments import Result
    from latentlab.models import SequenceLabeller
    from latentlab.sequences.lessons import Moment

NETS = experiment.NETS
TASKS = {name: sequence_tasks.get(name).title for name in sequence_tasks}
POSITIONS = experiment_positions.POSITIONS  # how a Transformer may know places
SHORTEST = {"copying": 21, "adding": 4, "parity": 1, "brackets": 2}  # signs of an example
GUESSES = {  # who remembers nothing that matters, in a sentence
    "recall": "who only knows which digits came up",
    "copying": "who guesses among eight letters",
    "adding": "who always says 9",
    "parity": "a coin",
    "brackets": "the best guess by place and last bracket",
}
UNKNOWN = {  # why nothing is right after a sequence
    "recall": "what is asked has not been shown",
    "copying": "all ten letters have been asked, or some of the ten places held none",
    "adding": "exactly two digits have to be circled",
    "parity": "it is empty",
    "brackets": "it has to end with a closing bracket, and each has to close the last open one",
}
UNITS = 24  # of a state that are shown
DRAWN = 32  # sequences among which an example is found that ends with a question
ABLATED = 100  # sequences that heads are switched off for
LEARNT = 0.9  # share of right answers from which a network has found the way


# --- one sequence, five answers --------------------------------------------------------------


def example(task: str, pairs: int, gap: int, seed: int, length: int | None = None) -> list[int]:
    """Return a sequence at whose end something is asked.

    Args:
        task: which one.
        pairs: of recall.
        gap: signs between the pair that is asked for and the question, likewise.
        seed: draws it.
        length: of all other tasks, from `SHORTEST` on; None = the trained length.

    Raises:
        InputError: there is no room for the gap.
    """
    import torch

    from latentlab.data.sequences import recall

    rng = torch.Generator().manual_seed(seed)
    if task == "recall":
        return [int(token) for token in recall.draw(1, rng, pairs=pairs, gap=gap).x[0]]
    asked = sequence_tasks.get(task)
    drawn = asked.draw(DRAWN, length or asked.length, rng).x.tolist()
    ends = (tokens for tokens in drawn if asked.solve(tokens)[-1] is not None)
    return next(ends, drawn[0])  # brackets may end with an opening one, after which nobody asks


@dataclass(frozen=True)
class Reply:
    """What a network answers at the end of a sequence.

    Attributes:
        net: its name.
        answer: in words.
        chance: that the network gives it, 0 to 1.
        right: whether it is; None where nothing is asked.
        reach: of every token, how strongly the answer hangs on it (norm of the gradient).
    """

    net: str
    answer: str
    chance: float
    right: bool | None
    reach: tuple[float, ...]


@dataclass(frozen=True)
class Asked:
    """A sequence, what is right after its last token, and what every network answers there."""

    task: str
    tokens: tuple[int, ...]
    truth: str | None
    replies: tuple[Reply, ...]


def ask(networks: "Mapping[str, SequenceLabeller]", task: str, tokens: Sequence[int]) -> Asked:
    """Return the answers of all networks after the last token.

    Raises:
        InputError: there is no token.
    """
    import torch

    from latentlab.sequences import probes

    if not tokens:
        raise InputError("There is no sequence.")
    asked = sequence_tasks.get(task)
    truth = asked.solve(tokens)[-1]
    x = torch.tensor([list(tokens)])
    replies = []
    for name, network in networks.items():
        found = probes.answer(network, x)
        replies.append(
            Reply(
                net=name,
                answer=asked.answers[found.best],
                chance=float(found.chances[found.best]),
                right=None if truth is None else found.best == truth,
                reach=tuple(found.reach.tolist()),
            )
        )
    return Asked(
        task, tuple(tokens), None if truth is None else asked.answers[truth], tuple(replies)
    )


@dataclass(frozen=True)
class Why:
    """What one network's answer rests on; what a network does not have is empty.

    Attributes:
        first: the first position that the answer can depend on, by how the network is built.
        states: rows of the units that move most, -1 to 1 over time.
        gates: name -> mean over all units, 0 to 1 over time.
        heads: (layer, head), from 0; the position from which it looks; where to, which sums to 1.
            Heads of the last layer look from the last position, those below it from where the
            last layer looks most: what is found there is what they have put there.
    """

    first: int
    states: tuple[tuple[float, ...], ...] = ()
    gates: tuple[tuple[str, tuple[float, ...]], ...] = ()
    heads: tuple[tuple[tuple[int, int], int, tuple[float, ...]], ...] = ()


def why(network: "SequenceLabeller", tokens: Sequence[int]) -> Why:
    """Return what the answer of a network after the last token rests on."""
    import torch

    from latentlab.models import Recurrent, Transformer
    from latentlab.sequences import probes

    x, at = torch.tensor([list(tokens)]), len(tokens) - 1
    first = probes.field(network, len(tokens), at)
    if isinstance(network, Recurrent):
        state, gates = probes.state_over_time(network, x, UNITS)
        scaled = state / state.abs().amax().clamp(min=1e-9)
        return Why(
            first,
            states=tuple(tuple(row) for row in scaled.tolist()),
            gates=tuple((name, tuple(row.tolist())) for name, row in gates.items()),
        )
    if isinstance(network, Transformer):
        deepest = network.config.layers - 1
        with torch.inference_mode():
            layers = network.attention(x)
        last = {h: row for h, row in probes.looks(layers, at).items() if h[0] == deepest}
        found = int(torch.stack(list(last.values())).sum(0).argmax())
        below = {h: row for h, row in probes.looks(layers, found).items() if h[0] < deepest}
        return Why(
            first,
            heads=tuple(
                (head, start, tuple(row.tolist()))
                for start, rows in ((found, below), (at, last))
                for head, row in rows.items()
            ),
        )
    return Why(first)


@dataclass(frozen=True)
class Ablation:
    """What a Transformer loses without one head, over many sequences.

    Attributes:
        head: layer and head, from 0; None = with all of them.
        nats: mean cross-entropy.
        right: share of right answers.
    """

    head: tuple[int, int] | None
    nats: float
    right: float


def ablations(network: "SequenceLabeller", task: str) -> tuple[Ablation, ...]:
    """Return what is left with all heads, then without each; none for other networks."""
    from latentlab.models import Transformer
    from latentlab.sequences import measures, probes

    if not isinstance(network, Transformer):
        return ()
    asked = sequence_tasks.get(task)
    batch = measures.examined(asked, measures.held_out(asked, ABLATED, asked.length))
    found = []
    for head in (None, *probes.all_heads(network)):
        left = probes.without(network, batch, [] if head is None else [head])
        found.append(Ablation(head, left.nats, left.right))
    return tuple(found)


def most_needed(found: Sequence[Ablation]) -> Ablation:
    """Return the head without which most is lost."""
    return max((one for one in found if one.head is not None), key=lambda one: one.nats)


# --- what was measured -----------------------------------------------------------------------


def points(result: "Result", line: str) -> tuple[Point, ...]:
    """Return a curve; empty where it was not measured."""
    return result.points(line)


def over_gaps(result: "Result", pairs: int) -> dict[str, tuple[Point, ...]]:
    """Return right answers in % over the gap, by network, the floor first.

    ``pairs`` is taken to the nearest number that was measured; see `measured_pairs`.
    """
    at = measured_pairs(pairs)
    names = (experiment.FLOOR, *NETS)
    return {name: points(result, experiment.line_name(at, name)) for name in names}


def measured_pairs(pairs: int) -> int:
    """Return the nearest number of pairs with which the gap was measured."""
    return min(experiment.PAIRS, key=lambda n: (abs(n - pairs), n))


def by_length(result: "Result", task: str, measure: str) -> dict[str, tuple[Point, ...]]:
    """Return a measure of a task over lengths up to the trained one, by network, the floor first.

    ``measure`` is “right”, in %, or “loss”, of those tasks that have one; see `measures_of`.
    """
    trained = sequence_tasks.get(task).length
    return {
        name: tuple(
            point
            for point in points(result, experiment_tasks.line_name(task, measure, name))
            if point.x <= trained
        )
        for name in (experiment_tasks.FLOOR, *NETS)
    }


def measures_of(task: str) -> dict[str, str]:
    """Return what was measured of a task over the length: titles of axes by name."""
    return {name: axis.title for name, axis in experiment_tasks.AXES.get(task, {}).items()}


def sentence(asked: Asked, curves: Mapping[str, Sequence[Point]], x: int) -> str:
    """Return in words who is right about a sequence, and how often each is of such ones.

    ``curves`` are right answers over the gap, or over the length; ``x`` is that of the sequence.
    """
    if asked.truth is None:
        return f"Nothing can be known after this sequence: {UNKNOWN[asked.task]}."
    right = [NETS[reply.net] for reply in asked.replies if reply.right]
    wrong = [NETS[reply.net] for reply in asked.replies if not reply.right]
    if not wrong:
        said = f"All answer **{asked.truth}**, which is right."
    elif not right:
        said = f"**{asked.truth}** would be right. None of them says so."
    else:
        said = f"**{asked.truth}** is right: {_list(right)} {_verb(right)} so, not {_list(wrong)}."
    if not curves:
        return said
    floor = _at(curves[experiment.FLOOR], x)
    scores = ", ".join(
        f"{NETS[name]} {percent(_at(curves[name], x))}" for name in NETS if curves.get(name)
    )
    return f"{said} Of many such questions: {scores}; {GUESSES[asked.task]}, {percent(floor)}."


def percent(value: float) -> str:
    """Return a share in per cent as it stands in a sentence."""
    return f"{value:.1f} %" if value < 99.95 else "100 %"


def _at(curve: Sequence[Point], x: float) -> float:
    return min(curve, key=lambda point: abs(point.x - x)).mean


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _verb(names: Sequence[str]) -> str:
    return "says" if len(names) == 1 else "say"


def steps_sentence(curves: Mapping[str, Sequence[Point]], step: int) -> str:
    """Return in words how far each network is after so many steps of full trainings."""
    said = ", ".join(
        f"{NETS[name]} {percent(_at(curve, step))}"
        for name, curve in curves.items()
        if name in NETS and curve
    )
    floor = _at(curves[experiment.FLOOR], step)
    return (
        f"After **{step:,} steps**: {said}; who only knows which digits came up, {percent(floor)}."
    )


def study_of_length(task: str) -> str:
    """Return the experiment in which a task is measured beyond its trained length."""
    return "sequences_length" if task in experiment_length.TASKS else "sequences_tasks"


def over_lengths(result: "Result", task: str) -> dict[str, tuple[Point, ...]]:
    """Return right answers in % at 1, 2 and 4 trained lengths, by network, the floor first.

    ``result`` is that of `study_of_length`.
    """
    names = (experiment_length.FLOOR, *NETS)
    if task in experiment_length.TASKS:
        return {name: points(result, experiment_length.line_name(task, name)) for name in names}
    trained = sequence_tasks.get(task).length
    stretched = {times * trained: times for times in experiment_length.TIMES}
    return {
        name: tuple(
            replace(point, x=stretched[int(point.x)])
            for point in points(result, experiment_tasks.line_name(task, "right", name))
            if point.x in stretched
        )
        for name in names
    }


def length_sentence(curves: Mapping[str, Sequence[Point]], task: str) -> str:
    """Return in words who knows the task within the trained length, and who beyond it."""
    floor = curves[experiment_length.FLOOR]
    learnt = [name for name in curves if name in NETS and curves[name][0].mean >= 100 * LEARNT]
    kept = [name for name in learnt if curves[name][-1].mean >= 100 * LEARNT]
    lost = [name for name in learnt if name not in kept]
    title = TASKS[task]
    if not learnt:
        best = max((name for name in curves if name in NETS), key=lambda name: curves[name][0].mean)
        return (
            f"**{title}**: none gets nine of ten right; {NETS[best]} is best with"
            f" {percent(curves[best][0].mean)}, the floor is {percent(floor[0].mean)}."
        )
    get = "gets" if len(learnt) == 1 else "get"
    names = _list([NETS[name] for name in learnt])
    said = f"**{title}**: within the trained length, {names} {get} it right."
    if kept:
        do = "does" if len(kept) == 1 else "do"
        said += f" Four times as long, {_list([NETS[name] for name in kept])} still {do}."
    if lost:
        fall = "falls" if len(lost) == 1 else "fall"
        worst = min(curves[name][-1].mean for name in lost)
        said += (
            f" {_list([NETS[name] for name in lost])} {fall} to {percent(worst)} at four times the"
            f" length; the floor is {percent(floor[-1].mean)}."
        )
    others = [name for name in curves if name in NETS and name not in learnt]
    if others:
        reached = max(curves[name][0].mean for name in others)
        said += (
            f" Not learnt in this time: {_list([NETS[name] for name in others])} (at most"
            f" {percent(reached)})."
        )
    return said


def over_positions(result: "Result") -> dict[str, tuple[Point, ...]]:
    """Return the Transformer's right answers in % at 1, 2 and 4 lengths, by sort of positions."""
    return {name: points(result, name) for name in (experiment_length.FLOOR, *POSITIONS)}


def positions_sentence(curves: Mapping[str, Sequence[Point]]) -> str:
    """Return in words what a Transformer keeps beyond the trained length, by its positions."""

    def said(place: int) -> str:
        return ", ".join(
            f"{POSITIONS[name].lower()} {percent(curve[place].mean)}"
            for name, curve in curves.items()
            if name in POSITIONS and curve
        )

    floor = curves[experiment_length.FLOOR][-1].mean
    return (
        f"The Transformer by its **positions**, within the trained length: {said(0)}. Four times as"
        f" long: {said(-1)}; who only knows which digits came up, {percent(floor)}."
    )


def costs(result: "Result", measure: str) -> dict[str, tuple[Point, ...]]:
    """Return “time” in µs or “memory” in kB a token over the length, by network."""
    return {name: points(result, experiment_cost.line_name(name, measure)) for name in NETS}


def cost_sentence(
    time: Mapping[str, Sequence[Point]], memory: Mapping[str, Sequence[Point]]
) -> str:
    """Return in words how time and memory of a token grow with the length."""
    middle = {name: _at(time[name], 64) for name in time}
    last = {name: time[name][-1] for name in time}
    grows = last["transformer"].mean / middle["transformer"]
    kept = memory["transformer"][-1].mean / _at(memory["transformer"], 64)
    others = max(last[name].mean / middle[name] for name in ("rnn", "lstm", "gru"))
    return (
        f"From 64 to {last['transformer'].x:,.0f} tokens, a token of the Transformer gets"
        f" **{grows:.1f} times as slow** and needs **{kept:.1f} times the memory**; one of a"
        f" recurrent network gets at most {others:.1f} times as slow."
    )


# --- a training to watch ---------------------------------------------------------------------


def learn(
    nets: Sequence[str], task: str, pairs: int, seconds: float, seed: int, kept: "list[Moment]"
) -> "Iterator[float]":
    """Train networks from nothing; put each moment into ``kept`` and yield the share done."""
    from latentlab.sequences import lessons

    for moment in lessons.learn(nets, task, pairs, seconds, seed):
        kept.append(moment)
        yield min(1.0, moment.seconds / seconds)


def race_floor(task: str, pairs: int) -> float:
    """Return the share of right answers of who remembers nothing, in a watched training."""
    from latentlab.sequences import lessons

    return lessons.floor(task, pairs)


def loss_floor(task: str) -> str:
    """Return what papers report of who remembers nothing, in words; "" where they report none."""
    from latentlab.data.sequences import adding, copying

    if task == "copying":
        nats = copying.floor_nats(copying.LENGTH)
        return f"Papers report the loss: who remembers nothing has {nats:.3f} nats a position."
    if task == "adding":
        return (
            "Papers report the squared error of numbers from 0 to 1: who remembers nothing has"
            f" 0.167, and {adding.floor_error():.3f} with digits as tenths."
        )
    return ""


def race_sentence(moments: "Sequence[Moment]", at: int, floor: float) -> str:
    """Return in words how far each network is at a moment, and since when it knows the way."""
    moment = moments[at]
    parts = []
    for name, right in moment.right.items():
        since = next((m.step for m in moments[: at + 1] if m.right[name] >= LEARNT), None)
        if right >= LEARNT and since is not None:
            parts.append(f"{NETS[name]} {percent(100 * right)} (since step {since:,})")
        else:
            parts.append(f"{NETS[name]} {percent(100 * right)}")
    return (
        f"After **{moment.step:,} steps** each: {', '.join(parts)};"
        f" who remembers nothing, {percent(100 * floor)}."
    )
