"""A sequence with five answers, and what each rests on; ``tape.js`` draws it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from latentlab.ui.shared import component
from latentlab.ui.shared.figures import CLASS_COLOURS

if TYPE_CHECKING:
    from latentlab.tasks.sequences import Ablation, Asked, Why

COLOURS = {
    "rnn": CLASS_COLOURS[9],
    "lstm": CLASS_COLOURS[0],
    "gru": CLASS_COLOURS[8],
    "cnn": CLASS_COLOURS[1],
    "transformer": CLASS_COLOURS[4],
}


def tape(
    *,
    key: str,
    asked: "Asked",
    chosen: str,
    why: "Why",
    lost: "Sequence[Ablation]",
    on_choose: Callable[[], None],
) -> None:
    """Draw the sequence, all answers, and what the chosen one rests on.

    ``st.session_state[key]["net"]`` is the network that the visitor has chosen.

    Args:
        key: of the component.
        asked: the sequence and its answers.
        chosen: the network whose answer is explained.
        why: the explanation.
        lost: what is left without each head of a Transformer; the first entry is with all.
        on_choose: called after a choice.
    """
    from latentlab.data.sequences import sequence_tasks
    from latentlab.tasks import sequences

    task = sequence_tasks.get(asked.task)
    signs = [task.vocabulary[token] for token in asked.tokens]
    data = {
        "signs": signs,
        "sorts": [_sort(sign) for sign in signs],
        "truth": asked.truth or "",
        "rows": [
            {
                "net": reply.net,
                "title": sequences.NETS[reply.net],
                "colour": COLOURS[reply.net],
                "answer": reply.answer,
                "chance": round(100 * reply.chance),
                "right": reply.right,
                "reach": [_short(value) for value in reply.reach],
            }
            for reply in asked.replies
        ],
        "chosen": chosen,
        "first": why.first,
        "states": [[_short(value) for value in row] for row in why.states],
        "tracks": [
            {"title": f"{name} gate", "values": [_short(v) for v in row], "note": "", "from": -1}
            for name, row in why.gates
        ]
        + [
            {
                "title": f"layer {layer + 1}, head {head + 1}",
                "values": [_short(value) for value in row],
                "note": _loss((layer, head), lost),
                "from": start,
            }
            for (layer, head), start, row in why.heads
        ],
    }
    component.mount("sequences/tape")(key=key, data=data, on_net_change=on_choose)


def _sort(sign: str) -> str:
    """Return how a sign is drawn: filler, a letter, or anything else."""
    if sign == ".":
        return "filler"
    return "letter" if sign.isalpha() or not sign.isascii() else "other"  # circled digits stand out


def _short(value: float) -> float:
    return float(f"{value:.3g}")


def _loss(head: tuple[int, int], lost: "Sequence[Ablation]") -> str:
    found = next((one for one in lost if one.head == head), None)
    return "" if found is None else f"without: {100 * found.right:.0f} %"
