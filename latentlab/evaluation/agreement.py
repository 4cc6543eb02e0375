"""Whether what a card states is what is measured now."""

import numpy as np

from latentlab.checkpoints import Score

TOLERANCE = 0.005  # relative; other processors round differently


def disagreements(measured: tuple[Score, ...], stated: tuple[Score, ...]) -> list[str]:
    """Return one sentence for every stated number, baselines too, that is contradicted."""
    found = {score.name: score for score in measured}
    sentences = []
    for score in stated:
        if score.name not in found:
            continue
        now = found[score.name]
        if not _close(now.value, score.value):
            sentences.append(
                f"the card states {score.name} = {score.value:.5g}, measured {now.value:.5g}"
            )
        if score.baseline_name != now.baseline_name or not _close(now.baseline, score.baseline):
            sentences.append(
                f"the card states {score.name} = {_baseline(score)}, measured {_baseline(now)}"
            )
        if score.higher_is_better != now.higher_is_better:
            sentences.append(f"the card mistakes which way {score.name} is better")
    for name in sorted({score.name for score in stated} ^ set(found)):
        sentences.append(
            f"{name} is {'not on the card' if name in found else 'no longer measured'}"
        )
    return sentences


def _close(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return bool(np.isclose(a, b, rtol=TOLERANCE, atol=1e-6))


def _baseline(score: Score) -> str:
    return (
        "nothing to beat"
        if score.baseline is None
        else f"{score.baseline:.5g} for {score.baseline_name}"
    )
