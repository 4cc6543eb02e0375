"""How much of a picture with nothing to learn in it comes back: the test of a copying machine."""

import torch
from torch import Tensor

MARGIN = 4  # pixels at every side that no digit of MNIST reaches: they fill the 20 x 20 within


def pure_noise(shape: tuple[int, int, int], seed: int) -> Tensor:
    """Return a picture ``[C, H, W]`` of noise where digits lie, drawn evenly from 0 to 1.

    Around it all is black, as around digits: a network has learnt nothing of pixels that never
    vary, and could not hand them through with all the numbers in the world.
    """
    x = torch.rand(*shape, generator=torch.Generator().manual_seed(seed))
    framed = torch.zeros_like(x)
    framed[..., MARGIN:-MARGIN, MARGIN:-MARGIN] = x[..., MARGIN:-MARGIN, MARGIN:-MARGIN]
    return framed


def likeness(original: Tensor, made: Tensor) -> float:
    """Return the correlation of two pictures' pixels, within the part where digits lie.

    1 = alike but for brightness and contrast; 0 = nothing in common, also where one is plain.
    """
    pixels = torch.stack(
        [x[..., MARGIN:-MARGIN, MARGIN:-MARGIN].flatten() for x in (original, made)]
    )
    pixels = pixels.double() - pixels.double().mean(1, keepdim=True)
    one, other = pixels.norm(dim=1).tolist()
    return float((pixels[0] * pixels[1]).sum() / (one * other)) if one and other else 0.0
