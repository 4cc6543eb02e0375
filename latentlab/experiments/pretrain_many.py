"""Layer by layer, or all at once, with many labels: `pretrain` with 10,000 and all 60,000.

An experiment of its own, as it gets fewer draws: with so many labels they hardly differ, and each
takes minutes. Only as today: what becomes of the stack of 2006 with all labels, over six times as
many epochs, is kept in `pretrain_moments`.
"""

from latentlab.experiments.base import Axis, Cell, Experiment, experiments
from latentlab.experiments.pretrain import DATA, cells, lines

LABELS = (10_000, 60_000)
ERAS = ("today",)


def _plan(quick: bool) -> tuple[Cell, ...]:
    return cells(LABELS[:1] if quick else LABELS, False, ERAS)


experiments.add(
    "pretrain_many",
    Experiment(
        name="pretrain_many",
        title="Layer by layer, or all at once, with many labels?",
        question="With many labels, is there anything left that preparing the layers without them"
        " could add?",
        x=Axis("labelled pictures"),
        data=(DATA,),
        lines=lines(False, ERAS),
        plan=_plan,
        budget="2 epochs of pretraining a layer, or for all at once, on all 60,000 pictures without"
        " labels, 2 seeds of it; 3 or 2 epochs with labels",
        quick_budget="1 epoch on 1,000 pictures, then 5 epochs with labels",
        seeds=3,
    ),
)
