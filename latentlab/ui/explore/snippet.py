"""The lines that decode what the Explore page shows, without the app."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from latentlab.ui.shared import picture_code

if TYPE_CHECKING:
    from latentlab.latents.spaces import DrawnBy, Space
    from latentlab.ui.explore.start import Start
    from latentlab.ui.shared.picture_code import Lines

NETWORK = """
from latentlab import checkpoints
from latentlab.latents import spaces
from latentlab.pictures import images

checkpoint = checkpoints.load("{name}")
space = spaces.network_space(checkpoint.load_model(), checkpoint.statistics())
"""
PCA = """
from latentlab.baselines.pca import PrincipalComponents
from latentlab.data import datasets
from latentlab.latents import spaces
from latentlab.pictures import images

samples = datasets.get("{data}").samples().tensor()
space = spaces.linear_space(PrincipalComponents.fit(samples, {size}), samples)
"""
DECODE = """
picture = spaces.decode(space, z[None])[0]
images.to_pil(picture, scale=16).save("picture.png")
"""


def lines(
    name: str,
    data: str,
    drawn_by: "DrawnBy",
    space: "Space",
    start: "Start",
    coordinates: Sequence[float] | None,
) -> str:
    """Return the lines for a code that has moved to ``coordinates``; None: that is at its start."""
    frame = (NETWORK if drawn_by == "network" else PCA).format(
        name=name, data=data, size=space.size
    )
    return picture_code.together(frame, *_code(data, space, start, coordinates), DECODE)


def _code(
    data: str, space: "Space", start: "Start", coordinates: Sequence[float] | None
) -> "tuple[str | Lines, ...]":
    from latentlab.latents import spaces

    whole = "dimensions" in spaces.kinds(space)  # then a link holds all numbers of the code
    uploaded = start.picture is not None and start.picture.sample is None
    if whole and coordinates is None and uploaded:
        coordinates = start.z.tolist()  # nobody else has that file
    if whole and coordinates is not None:
        numbers = ", ".join(f"{number:.6g}" for number in coordinates)
        return (f"import torch\n\nz = torch.tensor([{numbers}])  # where the sliders are",)
    begin = _start(data, space, start)
    if coordinates is None:
        return begin
    numbers = ", ".join(f"{number:.6g}" for number in coordinates)
    return (
        *begin,
        f"for axis, to in zip(spaces.linked_axes(space), [{numbers}]):\n"
        "    z = axis.move(z, to)  # to where the sliders are",
    )


def _start(data: str, space: "Space", start: "Start") -> "tuple[str | Lines, ...]":
    if start.picture is not None:
        picture = picture_code.lines(start.picture, data, space.model.image_shape)
        return picture, "z = spaces.encode(space, x)[0]"
    if start.seed is None:
        return ("z = space.statistics.mean",)
    return (f"z = spaces.draw(space, 1, seed={start.seed})[0]",)
