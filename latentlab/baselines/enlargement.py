"""Small pictures made large without a network."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional as F

from latentlab.registry import Registry

ROUNDS = 10  # of back-projection; a hundred change the PSNR by less than .01 dB


@dataclass(frozen=True)
class ClassicalEnlarger:
    """A classical way to more pixels.

    Attributes:
        label: what people call it.
        paper: where it comes from.
        enlarge: (small pictures ``[B, C, h, w]`` in [0, 1], factor) -> ``[B, C, h·f, w·f]`` in
            [0, 1].
    """

    label: str
    paper: str
    enlarge: Callable[[Tensor, int], Tensor]

    def __call__(self, small: Tensor, factor: int) -> Tensor:
        """Return small pictures ``[B, C, h, w]`` in [0, 1], ``factor`` times as wide and high."""
        return self.enlarge(small, factor)


def _bicubic(small: Tensor, factor: int) -> Tensor:
    return F.interpolate(small, scale_factor=factor, mode="bicubic", align_corners=False).clamp(
        0, 1
    )


def _back_projected(small: Tensor, factor: int) -> Tensor:
    """Bicubic, then mended until its means over squares are the small picture's pixels."""
    large = _bicubic(small, factor)
    for _ in range(ROUNDS):
        missing = small - F.avg_pool2d(large, factor)
        mend = F.interpolate(missing, scale_factor=factor, mode="bicubic", align_corners=False)
        large = (large + mend).clamp(0, 1)
    return large


classical_enlargers: Registry[ClassicalEnlarger] = Registry("way to enlarge")
classical_enlargers.add(
    "bicubic",
    ClassicalEnlarger("Bicubic", "Keys 1981, 10.1109/TASSP.1981.1163711", _bicubic),
)
classical_enlargers.add(
    "back_projection",
    ClassicalEnlarger(
        "Bicubic, back-projected",
        "Irani & Peleg 1991, 10.1016/1049-9652(91)90045-L",
        _back_projected,
    ),
)
