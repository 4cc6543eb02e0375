"""What the Bottleneck page computes: one picture through codes of every size, by three methods.

    tried = attempts(x, {("pca", 8): pca.reconstruct, ("autoencoder", 8): model})
    winners(tried)                         # k -> the method with the least error on this picture

PCA, the linear autoencoder and the deep one get the same k numbers and the same training split.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from latentlab.errors import ShapeError, UnsupportedError
from latentlab.experiments import bottleneck as experiment
from latentlab.experiments.runs import ROUNDING
from latentlab.latents import subspaces
from latentlab.metrics import metrics

if TYPE_CHECKING:
    from latentlab.baselines.pca import PrincipalComponents
    from latentlab.experiments import Curve, Result

SIZES = experiment.SIZES
# In the order of the page's rows: what has to be beaten comes first.
METHODS = {"pca": "PCA", "linear": "Linear autoencoder", "autoencoder": "Autoencoder"}
MEASURES = ("error", "neighbours", "probe")


def checkpoint(method: str, data: str, k: int) -> str:
    """Return the name of the checkpoint of a method that is trained."""
    if method == "linear":
        return f"linear_autoencoder.{data}_k{k}"
    return f"autoencoder.{data}_stack_k{k}"


# --- one picture -----------------------------------------------------------------------------


Reconstructs = Callable[[Tensor], Tensor]  # pictures [B, C, H, W], encoded and decoded


@dataclass(frozen=True)
class Attempt:
    """What a method makes of a picture by k numbers."""

    method: str
    k: int
    image: Tensor  # [C, H, W] in [0, 1]
    error: float  # mean squared


def attempts(
    picture: Tensor, models: Mapping[tuple[str, int], Reconstructs]
) -> tuple[Attempt, ...]:
    """Return what every model makes of a picture ``[C, H, W]``; ``models`` by method and k."""
    mse = metrics.get("mse")
    made = []
    with torch.inference_mode():
        for (method, k), reconstruct in models.items():
            image = reconstruct(picture[None])
            made.append(Attempt(method, k, image[0], float(mse(image, picture[None])[0])))
    return tuple(made)


def winners(tried: Sequence[Attempt]) -> dict[int, str]:
    """Return for every k the method whose picture has the least error."""
    best: dict[int, Attempt] = {}
    for one in tried:
        if one.k not in best or one.error < best[one.k].error:
            best[one.k] = one
    return {k: one.method for k, one in best.items()}


# --- curves ----------------------------------------------------------------------------------


def curves(result: "Result", data: str, measure: str) -> "tuple[Curve, ...]":
    """Return the curves of one measure over k, of all methods that the result has."""
    return result.group(f"{data}.{measure}")


@dataclass(frozen=True)
class Lead:
    """Where PCA is better than a network, in the mean over seeds."""

    label: str  # of the network's curve
    sizes: tuple[int, ...]


def pca_leads(found: "Sequence[Curve]") -> tuple[Lead, ...]:
    """Return the networks that PCA beats somewhere, each with every k where it does.

    Less than half a percent is no win: a linear autoencoder, which is PCA in the end, has that.

    Args:
        found: curves of one measure, PCA's among them: the baseline.

    Raises:
        UnsupportedError: there is no baseline.
    """
    linear = next((curve for curve in found if curve.line.baseline), None)
    if linear is None:
        raise UnsupportedError("There is no curve of PCA to compare with.")
    of_pca = dict(zip(linear.x, linear.mean, strict=True))
    leads = []
    for curve in found:
        if curve is linear:
            continue
        sizes = []
        for k, mean in zip(curve.x, curve.mean, strict=True):
            if k not in of_pca or isinstance(k, str):
                continue
            ahead = of_pca[k] - mean if curve.line.higher_is_better else mean - of_pca[k]
            if ahead > ROUNDING * abs(of_pca[k]):
                sizes.append(int(k))
        if sizes:
            leads.append(Lead(curve.line.label, tuple(sizes)))
    return tuple(leads)


# --- a linear autoencoder over its training -----------------------------------------------------


@dataclass(frozen=True)
class Turning:
    """How the axes of a linear autoencoder lie to the principal components, moment by moment.

    T moments, k axes, D pixels. The axes are the left singular vectors of the decoder's matrix, by
    falling singular value: where the decoder stretches most comes first. Its columns themselves
    may be any mixture of them (Kunin et al. 2019).

    Attributes:
        steps: of training since the first moment, in each of both runs, [T]. What a run did
            before that was counting.
        penalised: whether a penalty was on, [T].
        axes: [T, k, D], each of length 1, pointing as its component does.
        to_subspace: [T, k] principal angles to PCA's subspace, ascending, in degrees.
        to_axes: [T, k] of every axis to the component of its rank, in degrees.
        untied: [T] how far W₁ is from W₂ᵀ, relative to the size of W₂.
    """

    steps: tuple[int, ...]
    penalised: tuple[bool, ...]
    axes: Tensor
    to_subspace: Tensor
    to_axes: Tensor
    untied: Tensor


def turning(
    plain: Mapping[str, Tensor],
    penalised: Mapping[str, Tensor] | None,
    pca: "PrincipalComponents",
) -> Turning:
    """Return how the axes turn in two runs, the second of which goes on with an L2 penalty.

    Args:
        plain: the snapshots of the first: ``steps`` and stacked weights, as `training.snapshots`
            keeps them.
        penalised: those of the second; None = there are none.
        pca: at least as many components as the code has numbers.

    Raises:
        UnsupportedError: these are no snapshots of a linear autoencoder.
        ShapeError: there are fewer components.
    """
    runs = [(plain, False)] + ([] if penalised is None else [(penalised, True)])
    steps: list[int] = []
    with_penalty: list[bool] = []
    axes, to_subspace, to_axes, untied = [], [], [], []
    for kept, penalty in runs:
        try:
            into, out = (kept[f"{part}.weight"].float() for part in ("encoder.1", "decoder.0"))
            at = kept["steps"].tolist()
        except KeyError:
            raise UnsupportedError("These are no moments of a linear autoencoder.") from None
        size = out.shape[-1]
        if size > pca.k or out.shape[1] != pca.mean.numel():
            raise ShapeError("The components", [size, out.shape[1]], list(pca.components.shape))
        principal = pca.components[:size].T
        for step, w1, w2 in zip(at, into, out, strict=True):
            found = subspaces.pointed_as(subspaces.left_axes(w2), principal)
            axes.append(found.T)
            to_subspace.append(subspaces.principal_angles(w2, principal))
            to_axes.append(subspaces.axis_angles(found, principal))
            untied.append((w1 - w2.T).norm() / w2.norm())
            steps.append(int(step) - int(at[0]))
            with_penalty.append(penalty)
    return Turning(
        tuple(steps),
        tuple(with_penalty),
        torch.stack(axes),
        torch.stack(to_subspace),
        torch.stack(to_axes),
        torch.stack(untied),
    )
