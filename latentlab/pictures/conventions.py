"""How the pictures of a data set were made, as far as an upload has to imitate it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Convention:
    """What `preparation.prepare` follows; it belongs to a data set."""

    colour: Literal["grey", "rgb"]
    polarity: Literal["light_on_dark", "as_is"]  # light_on_dark: light things on pure black
    centring: Literal["mass", "box", "square"]
    # mass: crop to the ink, fit into 20/28 of the side, centre of mass to the centre (LeCun 1998)
    # box: crop to the thing, longer side to the full side, centre (Xiao 2017, section 2)
    # square: the largest square in the middle

    def __post_init__(self) -> None:
        if self.centring != "square" and (self.colour, self.polarity) != ("grey", "light_on_dark"):
            raise ValueError("cropping to the content needs grey pictures, light on dark")
