"""What if two factors go together in the pictures that a direction is fitted to?

In toon faces all factors are independent. Here a direction for “beard” is fitted to a part of the
training faces in which those with a beard have dark hair, and those without have light hair, more
often than chance would have it. Then test faces, in which nothing goes together, are moved along
it: how often does the colour of the hair change, too? Conditioning (Shen et al. 2020) takes out of
the direction what the hair colour does to codes.
"""

from functools import partial
from typing import TYPE_CHECKING

from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, experiments
from latentlab.experiments.directions import DATA, PICTURES, QUICK_PICTURES, Material

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODEL = "vae.toon_faces_k32"
ASKED, OTHER = "beard", "hair colour"
DARK = (0, 1, 4)  # hair colours: black, auburn, brown
SHARES = (50, 75, 90, 100)  # % of faces that follow the rule; 50 is chance
QUICK_SHARES = (50, 100)
METHODS = {
    "mean_difference": "difference of means",
    "conditioned_difference": "difference of means, others held",
}
FINDINGS = {"switched": ("share that switches", True), "other": ("drift of the hair colour", False)}


def line_name(method: str, finding: str) -> str:
    """Return what the curve of a method and a finding is called."""
    return f"{method}.{finding}"


def _plan(quick: bool) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            f"{method}.{share}",
            tuple((line_name(method, finding), share) for finding in FINDINGS),
            partial(_cell, method, share),
        )
        for share in (QUICK_SHARES if quick else SHARES)
        for method in METHODS
    )


experiments.add(
    "correlated",
    Experiment(
        name="correlated",
        title="Factors that go together",
        question="What does a direction for beards move, where beards went with dark hair?",
        x=Axis("faces in which beard and dark hair go together", "%"),
        data=(DATA,),
        lines=tuple(
            Line(
                name=line_name(method, finding),
                label=label,
                group=finding,
                y=Axis(title),
                higher_is_better=higher,
                baseline=method == "mean_difference",
                seeded=False,
            )
            for method, label in METHODS.items()
            for finding, (title, higher) in FINDINGS.items()
        ),
        plan=_plan,
        budget=f"{PICTURES} faces moved along each direction, in at most 8 steps",
        quick_budget=f"{QUICK_PICTURES} faces moved along each direction",
        seeds=1,
    ),
)


def _cell(method: str, share: int, seed: int, effort: Effort) -> Work:
    from dataclasses import replace

    import torch

    from latentlab.data import datasets

    yield 0.0
    found = Material.of(MODEL, effort)
    of = datasets.get(DATA)
    asked = next(attribute for attribute in of.attributes if attribute.name == ASKED)
    chosen = correlated(asked.holds(found.factors), found.factors, share)
    some = replace(
        found, codes=found.codes[torch.from_numpy(chosen)], factors=found.factors[chosen]
    )
    moved = slice(0, QUICK_PICTURES if effort.quick else PICTURES)
    drift = found.drift(some.line(method, asked), asked, found.test[moved], found.truth[moved])
    other = next(place for place, factor in enumerate(of.factors) if factor.name == OTHER)
    return [drift.switched, float(drift.changed[other])]


def correlated(
    yes: "NDArray[np.bool_]", factors: "NDArray[np.int64]", share: int
) -> "NDArray[np.int64]":
    """Return the places of faces of which ``share`` percent follow the rule, ``[n]``.

    All that follow it, and the first of the others. ``yes`` ``[N]`` says who has a beard.
    """
    import numpy as np

    from latentlab.data import datasets

    names = [factor.name for factor in datasets.get(DATA).factors]
    follows = yes == np.isin(factors[:, names.index(OTHER)], DARK)
    followers, others = np.flatnonzero(follows), np.flatnonzero(~follows)
    kept = min(len(others), round(len(followers) * (100 - share) / share))
    return np.sort(np.concatenate([followers, others[:kept]]))
