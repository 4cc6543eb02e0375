"""The pictures at every k and the network opened up; ``squeeze.js`` draws them."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from latentlab.ui.shared import component
from latentlab.ui.shared.component import Decoder, floats

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.tasks.bottleneck import Attempt, Turning

DRAWN = "latentlab:drawn"  # what the pad calls out while somebody draws


@dataclass(frozen=True)
class Row:
    """A method: what people call it, and where browsers fetch it."""

    name: str
    title: str
    # By k; of PCA by its largest alone, of which any fewer are the first ones.
    chains: Mapping[int, Decoder]


def squeeze(
    *,
    key: str,
    picture: "Tensor",
    identity: str,
    caption: str,
    k: int,
    opened: str,
    sizes: Sequence[int],
    rows: Sequence[Row],
    tried: "Sequence[Attempt]",
    reason: str,
    on_choose: Callable[[], None],
) -> None:
    """Draw one picture as every method makes it again at every k; and a network, opened up.

    ``st.session_state[key]["chosen"]`` is ``{"k": k, "opened": name}`` once somebody chose.

    Args:
        key: of the component.
        picture: [C,H,W] in [0,1].
        identity: another one for another picture.
        caption: what the picture is; plain text.
        k: which is looked at closely.
        opened: the name of the method whose network is opened.
        sizes: every k that has a column.
        rows: the methods.
        tried: what the server makes of the picture, for as long as browsers cannot.
        reason: why browsers must not compute, if so.
        on_choose: called after a choice of k, or of what is opened.
    """
    from latentlab.pictures import images

    def pixels(x: "Tensor") -> str:
        return base64.b64encode(images.to_uint8(x).tobytes()).decode()

    data = {
        "picture": {
            "values": floats(picture.flatten()),
            "shape": list(picture.shape),
            "identity": identity,
            "caption": caption,
        },
        "k": k,
        "opened": opened,
        "sizes": list(sizes),
        "rows": [
            {
                "name": row.name,
                "title": row.title,
                "chains": {str(k): asdict(at) for k, at in row.chains.items()},
            }
            for row in rows
        ],
        "tried": [
            {"method": one.method, "k": one.k, "pixels": pixels(one.image), "error": one.error}
            for one in tried
        ],
        "event": DRAWN,
        "reason": reason,
    }
    component.mount("bottleneck/squeeze")(key=key, data=data, on_chosen_change=on_choose)


def read_choice(report: object, sizes: Sequence[int], names: Sequence[str]) -> tuple[int, str]:
    """Return k and the name that a browser reports.

    Args:
        report: from outside; anything.
        sizes: every k that there is.
        names: of what can be opened.

    Raises:
        ValueError: this is no such choice.
    """
    if not isinstance(report, dict):
        raise ValueError("no choice")
    found: dict[str, Any] = report
    k, opened = found.get("k"), found.get("opened")
    if type(k) is not int or k not in sizes or not isinstance(opened, str) or opened not in names:
        raise ValueError("no choice")
    return k, opened


def moments(shown: "Turning", principal: "Tensor", shape: Sequence[int]) -> bytes:
    """Return what ``turning.js`` fetches: JSON, the axes as bytes, 127 = zero.

    Args:
        shown: what turns.
        principal: [k,D] the components that the axes turn to.
        shape: (H,W) of a picture.
    """
    import json

    def packed(axes: "Tensor") -> str:
        largest = axes.abs().amax(-1, keepdim=True).clamp(min=1e-9)
        levels = (axes / largest * 127 + 127).round().byte()
        return base64.b64encode(levels.numpy().tobytes()).decode()

    content = {
        "steps": list(shown.steps),
        "penalised": list(shown.penalised),
        "shape": list(shape),
        "axes": packed(shown.axes),
        "principal": packed(principal),
        "toSubspace": [[round(a, 4) for a in row] for row in shown.to_subspace.tolist()],
        "toAxes": [[round(a, 4) for a in row] for row in shown.to_axes.tolist()],
        "untied": [round(a, 5) for a in shown.untied.tolist()],
    }
    return json.dumps(content).encode()


def turning(*, key: str, moments: str, at: int, on_rest: Callable[[], None]) -> None:
    """Draw the axes beside the principal components, with a slider over the moments of training.

    ``st.session_state[key]["at"]`` is the moment where the slider came to rest, from 0.

    Args:
        key: of the component.
        moments: address of what ``moments`` makes.
        at: the moment to show.
        on_rest: called after a report of rest.
    """
    data = {"moments": moments, "at": at}
    component.mount("bottleneck/turning")(key=key, data=data, on_at_change=on_rest)
