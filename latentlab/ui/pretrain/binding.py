"""Three trainings, layer by layer and moment by moment; ``layers.js`` draws them."""

import base64
import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from latentlab.ui.shared import component
from latentlab.ui.shared.figures import CLASS_COLOURS

if TYPE_CHECKING:
    from latentlab.experiments.pretrain_moments import Moments

LAYERS = ("Layer 1", "Layer 2", "Layer 3", "Output")
COLOURS = (CLASS_COLOURS[6], CLASS_COLOURS[0], CLASS_COLOURS[7])


def packed(moments: "Moments") -> bytes:
    """Return what ``layers.js`` fetches: JSON, the pictures as bytes, 127 = zero."""
    from latentlab.experiments import pretrain_moments as kept
    from latentlab.tasks import pretrain

    said = [pretrain.words(moments, at) for at in range(len(kept.MOMENTS))]
    content = {
        "runs": list(pretrain.RUN_TITLES),
        "colours": list(COLOURS),
        "layers": list(LAYERS),
        "units": list(kept.UNITS),
        "side": kept.SIDE,
        "moments": [
            {"epoch": epoch, "when": one.when, "seen": one.seen, "alone": one.alone}
            for epoch, one in zip(kept.MOMENTS, said, strict=True)
        ],
        "which": moments.which.tolist(),
        "pictures": base64.b64encode(moments.pictures.tobytes()).decode(),
        "gradients": [[float(f"{g:.3g}") for g in row] for row in moments.gradients.tolist()],
        "epochs": moments.epochs.tolist(),
        "losses": [[round(v, 4) for v in row] for row in moments.losses.tolist()],
        "errors": [[round(v, 2) for v in row] for row in moments.errors.tolist()],
    }
    return json.dumps(content).encode()


def layers(
    *, key: str, moments: str, at: int, shown: Sequence[int], on_rest: Callable[[], None]
) -> None:
    """Draw the runs beside one another, with a slider over the moments of training.

    ``st.session_state[key]["at"]`` is the moment where the slider came to rest, from 0.

    Args:
        key: of the component.
        moments: address of what ``packed`` makes.
        at: the moment to show.
        shown: the runs to show.
        on_rest: called after a report of rest.
    """
    data = {"moments": moments, "at": at, "shown": list(shown)}
    component.mount("pretrain/layers")(key=key, data=data, on_at_change=on_rest)
