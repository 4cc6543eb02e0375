"""What a browser fetches once for a latent space: its axes, and for two numbers its plane, as JSON.

Vectors are base64 of little-endian float32. ``space.js`` reads it.
"""

import base64
import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from latentlab.ui.shared.component import floats
from latentlab.ui.shared.figures import class_colour

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from latentlab.latents.spaces import Axis, Space

SIDE = 20  # pictures along a side of a latent plane
REGIONS = 64  # cells along a side of its classes


def space(of: "Space", plane: "dict[str, object] | None" = None) -> bytes:
    """Return the JSON of a latent space; ``plane``, by that function, where codes are pairs."""
    from latentlab.latents import spaces

    kinds = {
        kind: [_axis(axis) for axis in spaces.axes(of, kind)[: spaces.MOST_SLIDERS]]
        for kind in spaces.kinds(of)
    }
    s = of.statistics
    content = {
        "size": of.size,
        "mean": floats(s.mean),
        "axes": kinds,
        "linked": [axis.name for axis in spaces.linked_axes(of)],
        "draw": {"prior": of.has_prior, "std": floats(s.direction_std)},
        "plane": plane,
    }
    return json.dumps(content, ensure_ascii=False).encode()


def plane(
    of: "Space",
    codes: "Tensor",
    labels: "NDArray[np.int64]",
    class_names: Sequence[str],
    label_title: str,
) -> dict[str, object]:
    """Return what the plane of a code of two numbers shows beside decoded pictures.

    Args:
        of: the space.
        codes: [N,2] of pictures of the data; none for a model that cannot encode.
        labels: [N] their classes.
        class_names: names of the classes.
        label_title: what a class says of a picture, "digit" or the like.
    """
    import numpy as np

    from latentlab.tasks import explore

    low, high = explore.plane_bounds(of)
    found: dict[str, object] = {
        "low": low,
        "high": high,
        "side": SIDE,
        "points": floats(codes),
        "labels": base64.b64encode(labels.astype(np.uint8).tobytes()).decode(),
        "classes": [{"name": n, "colour": class_colour(k)} for k, n in enumerate(class_names)],
        "regions": None,
        "caption": "Drag anywhere on the plane. Behind: what is decoded there.",
    }
    if len(codes):
        found["caption"] = (
            f"Drag anywhere on the plane. Dots: the codes of {len(codes):,} test pictures by"
            f" {label_title}. Tint: the class of most of the {explore.NEIGHBOURS} nearest codes."
            " Behind: what is decoded there."
        )
        regions = explore.class_regions(codes, labels, low, high, REGIONS)
        found["regions"] = {
            "side": REGIONS,
            "labels": base64.b64encode(regions.labels.astype(np.uint8).tobytes()).decode(),
            "shares": base64.b64encode((255 * regions.shares).astype(np.uint8).tobytes()).decode(),
        }
    return found


def _axis(axis: "Axis") -> dict[str, object]:
    weight = ""
    if not math.isnan(axis.weight):
        share = f"{100 * axis.weight:.1f} %"
        weight = {
            "nats": f"{axis.weight:.2f} nats",
            "share": share,
            "switches": f"{100 * axis.weight:.0f} %",
        }[axis.unit]
    return {
        "name": axis.name,
        "weight": weight,
        "low": axis.low,
        "high": axis.high,
        "direction": floats(axis.direction),
        "offset": float(axis.direction @ axis.origin),
    }
