"""Pairwise metrics of pictures, each with its unit and direction."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from latentlab.errors import ShapeError
from latentlab.registry import Registry


@dataclass(frozen=True)
class Metric:
    """A comparison of pictures, one number each; take means yourself.

    Attributes:
        name: the registry's name.
        label: what people call it.
        unit: "" when it has none.
        higher_is_better: its direction.
        paper: where it comes from, "" when it needs none.
        compare: (x, y) of one shape [B,C,H,W] -> [B].
    """

    name: str
    label: str
    unit: str
    higher_is_better: bool
    paper: str
    compare: Callable[[Tensor, Tensor], Tensor]

    def __call__(self, x: Tensor, y: Tensor) -> Tensor:
        """Return one score [B], float32, for each pair of pictures [B,C,H,W] in [0,1].

        Raises:
            ShapeError: the shapes are not [B,C,H,W] or differ.
        """
        if x.ndim != 4:
            raise ShapeError("A batch of pictures", "[B,C,H,W]", list(x.shape))
        if x.shape != y.shape:
            raise ShapeError("The second batch", list(x.shape), list(y.shape))
        return self.compare(x.float(), y.float())


def _mse(x: Tensor, y: Tensor) -> Tensor:
    return (x - y).square().mean(dim=(1, 2, 3))


def _psnr(x: Tensor, y: Tensor) -> Tensor:
    """-10 log10(mse), since the peak is 1; infinite for equal pictures."""
    return -10 * torch.log10(_mse(x, y))


def _ssim(x: Tensor, y: Tensor) -> Tensor:
    """Wang et al. (2004): Gaussian window of 11 x 11 with sigma 1.5, population covariance.

    Mean over the positions where the window lies inside the picture, and over channels. A picture
    with a side below 11 has too few or none of these; then the outermost count too, with the
    picture mirrored at its border.
    """
    from skimage.metrics import structural_similarity

    side = min(x.shape[2:])
    window = min(11, side - 1 + side % 2)  # odd, at most the side
    first, second = (pictures.detach().cpu().double().numpy() for pictures in (x, y))
    scores = [
        structural_similarity(  # type: ignore[no-untyped-call]
            a,
            b,
            win_size=window,
            data_range=1.0,
            channel_axis=0,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
        )
        for a, b in zip(first, second, strict=True)
    ]
    return torch.tensor(scores, dtype=torch.float32)


metrics: Registry[Metric] = Registry("metric")
metrics.add("mse", Metric("mse", "Mean squared error", "", False, "", _mse))
metrics.add("psnr", Metric("psnr", "Peak signal-to-noise ratio", "dB", True, "", _psnr))
metrics.add(
    "ssim",
    Metric(
        "ssim",
        "Structural similarity",
        "",
        True,
        "Wang et al., Image Quality Assessment: From Error Visibility to Structural Similarity "
        "(2004)",
        _ssim,
    ),
)
