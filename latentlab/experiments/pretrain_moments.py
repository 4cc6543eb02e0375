"""Three trainings watched moment by moment: what `pretrain` cannot show with numbers of its ends.

    moments = load()                       # kept from one run each, of all 60,000 labels
    moments.layer(0, 3, 1)                 # [12, 28, 28]: run 0, fourth moment, second layer

`python -m latentlab.experiments.pretrain_moments` makes the file again. Reading it needs no torch;
it may come from a stranger, so names, shapes and types are checked.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from latentlab.errors import InputError
from latentlab.experiments import kept as arrays
from latentlab.experiments.base import RESULTS

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.training.pretraining import Stack

PATH = RESULTS / "pretrain_moments.npz"
MAX_BYTES = 2 << 20
# era and method of every run; the second one has two steps of training, without and with labels.
RUNS = (("2006", "scratch"), ("2006", "denoising"), ("today", "scratch"))
UNITS = (12, 12, 12, 10)  # the first ones of each layer, whatever they look like
SIDE = 28
LAYERS = len(UNITS)
# Passes over the pictures. Pretraining comes before: -3 = nothing is trained yet, -2 = the first
# layer is, -1 = the second, too; 0 = all hidden layers are, and none has seen a label.
MOMENTS = (-3.0, -2.0, -1.0, 0.0, 0.1, 0.5, 1.0, 2.0, 4.0, 12.0)
EPOCHS = 12
EVERY = 0.25  # epochs between two points of a curve
WATCHED = 1_000  # pictures of which gradients are taken


@dataclass(frozen=True)
class Moments:
    """What was kept; a moment that two places share is kept once.

    Attributes:
        pictures: [kept, units of all layers, 28, 28] uint8: what a unit looks for, 127 = zero,
            each scaled by its own largest value.
        gradients: [kept, layers] the typical gradient of one weight.
        which: [runs, moments] which of those that were kept is shown there.
        epochs: [points] of the curves.
        losses: [runs, points] cross entropy of the training batches since the last point.
        errors: [runs, points] of the test split, in per cent.
    """

    pictures: NDArray[np.uint8]
    gradients: NDArray[np.float32]
    which: NDArray[np.uint8]
    epochs: NDArray[np.float32]
    losses: NDArray[np.float32]
    errors: NDArray[np.float32]

    def layer(self, run: int, moment: int, layer: int) -> NDArray[np.uint8]:
        """Return the pictures [units, 28, 28] of one layer."""
        first = sum(UNITS[:layer])
        return self.pictures[self.which[run, moment], first : first + UNITS[layer]]

    def gradient(self, run: int, moment: int, layer: int) -> float:
        """Return the typical gradient of one weight of a layer."""
        return float(self.gradients[self.which[run, moment], layer])


def load(path: Path = PATH) -> Moments:
    """Return what ships.

    Raises:
        UnsupportedError: nothing has been kept yet.
        InputError: the file is damaged, or holds something else.
    """
    kept = arrays.read(
        path,
        Moments.__annotations__,
        largest=MAX_BYTES,
        what="The moments of training",
        maker="pretrain_moments",
    )
    shown = kept["which"]
    points = len(kept["epochs"]) if kept["epochs"].ndim else 0
    wanted = {
        "pictures": ((len(kept["pictures"]), sum(UNITS), SIDE, SIDE), np.uint8),
        "gradients": ((len(kept["pictures"]), LAYERS), np.float32),
        "which": ((len(RUNS), len(MOMENTS)), np.uint8),
        "epochs": ((points,), np.float32),
        "losses": ((len(RUNS), points), np.float32),
        "errors": ((len(RUNS), points), np.float32),
    }
    arrays.check(kept, wanted, path)
    if not points:
        raise InputError(f"{path.name} holds no points of the curves.")
    if shown.max() >= len(kept["pictures"]):
        raise InputError(f"“which” in {path.name} names moments that are not there.")
    return Moments(**kept)


def measure(seed: int = 0, epochs: int = EPOCHS, pictures: int = 60_000) -> Moments:
    """Train all `RUNS` and return what is kept of them; some minutes."""
    from latentlab.experiments import pretrain
    from latentlab.training import pretraining

    train, known = (array[:pictures] for array in pretrain.pictures_of("train"))
    test = pretrain.pictures_of("test")
    kept: list[NDArray[np.uint8]] = []
    gradients: list[list[float]] = []
    which: list[list[int]] = []
    points: list[float] = []
    losses: list[list[float]] = []
    errors: list[list[float]] = []

    def keep(stack: pretraining.Stack) -> int:
        kept.append(_drawn(stack))
        gradients.append(pretraining.gradient_norms(stack, train[:WATCHED], known[:WATCHED]))
        return len(kept) - 1

    for era, method in RUNS:
        stack = pretraining.Stack(pretraining.ERAS[era], pretrain.rng_of(seed, 3))
        shown = [keep(stack)]
        layer = 0
        for step in pretrain.pretrain(stack, method, train, pretrain.PRETRAINING_EPOCHS, seed):
            if step.layer is not None and step.layer > layer:  # its first step is hardly a change
                layer = step.layer
                shown.append(keep(stack))
        shown += [keep(stack)] if method != "scratch" else [shown[0]] * 3
        error = [pretraining.error_rate(stack, *test)]
        loss: list[float] = []
        since: list[float] = []
        points = [0.0]
        for step in pretraining.fine_tune(stack, train, known, epochs, pretrain.rng_of(seed, 2)):
            at = step.done * epochs
            since.append(step.loss)
            if at >= points[-1] + EVERY - 1e-9:
                points.append(round(at / EVERY) * EVERY)
                error.append(pretraining.error_rate(stack, *test))
                loss.append(sum(since) / len(since))
                loss = loss if len(loss) > 1 else loss * 2  # nothing comes before the first point
                since = []
            if len(shown) < len(MOMENTS) and at >= MOMENTS[len(shown)] * epochs / EPOCHS - 1e-9:
                shown.append(keep(stack))
        which.append(shown)
        losses.append(loss)
        errors.append(error)
    return Moments(
        np.stack(kept),
        np.asarray(gradients, np.float32),
        np.asarray(which, np.uint8),
        np.asarray(points, np.float32),
        np.asarray(losses, np.float32),
        np.asarray(errors, np.float32),
    )


def _drawn(stack: "Stack") -> NDArray[np.uint8]:
    """Return what the first units of all layers look for, as bytes."""
    import torch

    from latentlab.training import pretraining

    found: list[Tensor] = [
        pretraining.features(stack, depth, units) for depth, units in enumerate(UNITS)
    ]
    made = torch.cat(found)
    made = made / made.abs().amax(1, keepdim=True).clamp(min=1e-9)
    return (made * 127 + 127).round().byte().reshape(-1, SIDE, SIDE).numpy()


def main() -> None:
    """Write the file that ships."""
    np.savez_compressed(PATH, **vars(measure()))
    print(f"{PATH.name}: {PATH.stat().st_size >> 10} KB")


if __name__ == "__main__":
    main()
