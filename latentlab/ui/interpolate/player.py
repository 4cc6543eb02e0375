"""Where the player of the Interpolate page stands, and the fragment that draws it.

    files = player.publish("vae.mnist_k16", strips)
    shown = player.tracks(strips, verdicts, ["linear", "spherical", None])
    player.draw((1, 28, 28), endpoints, shown, class_names, files)

The player is in the visitor's browser (``browser.morph``), which decodes while it moves and says
where it comes to rest. The address holds that: ``interpolate_t`` between two endpoints,
``interpolate_xy`` between four corners.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import UnsupportedError
from latentlab.ui.interpolate import binding, results
from latentlab.ui.shared import browser_models, component, fields, guard, state
from latentlab.ui.shared.figures import class_colour

if TYPE_CHECKING:
    from latentlab.tasks.interpolate import Endpoint, Grid, Prediction, Strip

_DECIMALS = 3  # as ``fields.publish_vector`` writes them


@dataclass(frozen=True)
class Files:
    """What the browser fetches."""

    sheet: binding.Sheet
    decoder: component.Decoder | None
    reason: str  # why there is none


def publish(name: str, made: "Sequence[Strip | Grid]") -> Files:
    """Return where the browser fetches pictures and decoder; call it outside fragments.

    Args:
        name: of the checkpoint.
        made: strips, or grids, of equal size; the pixels' way last.
    """
    import torch

    from latentlab.pictures import images

    frames = [one.images.flatten(0, -4) for one in made]
    columns = made[0].images.shape[-4]
    sheet = binding.Sheet(
        component.publish(
            results.png(images.grid(torch.cat(frames), columns, gap=0)),
            "image/png",
            "interpolate.sheet",
        ),
        columns,
        len(frames[0]) // columns,
    )
    try:
        return Files(sheet, browser_models.publish_decoder(name, "network"), "")
    except UnsupportedError as error:
        return Files(sheet, None, error.message)


def read_report(report: object, size: int) -> tuple[tuple[float, ...], int] | None:
    """Return where a browser says that it stands, and the report's number; None for nonsense.

    Args:
        report: from outside; anything.
        size: how many coordinates there are.
    """
    if not isinstance(report, dict):
        return None
    at, number = report.get("at"), report.get("n")
    if type(number) is not int or not 0 <= number < 2**53:
        return None
    if not isinstance(at, list) or len(at) != size:
        return None
    if not all(type(x) in (int, float) and 0 <= x <= 1 for x in at):  # NaN is not
        return None
    return tuple(round(float(x), _DECIMALS) for x in at), number


def _place(key: str, size: int) -> tuple[float, ...]:
    """Return where the player stands, as the session or the address says; the middle at first."""

    def parse(text: str) -> tuple[float, ...]:
        numbers = tuple(float(part) for part in text.split(","))
        if len(numbers) != size or not all(0 <= number <= 1 for number in numbers):
            raise ValueError(text)
        return numbers

    middle = (0.5,) * size
    at = state.url_value(key, "Place on the way", parse, middle)
    fields.publish_vector(key, None if at == middle else at)
    return at


def tracks(
    made: "Sequence[Strip | Grid]",
    verdicts: "Sequence[Prediction] | None",
    paths: Sequence[str | None],
) -> list[binding.Track]:
    """Return what stands side by side.

    Args:
        made: strips or grids.
        verdicts: the classifier's, one for each of them; None where there is no classifier.
        paths: registered name of the latent path of each; None for pixels.
    """
    found = []
    for k, (one, path) in enumerate(zip(made, paths, strict=True)):
        readings = None
        if verdicts is not None:
            certainty = (100 * verdicts[k].certainty).round().int().tolist()
            readings = tuple(zip(verdicts[k].classes, certainty, strict=True))
        found.append(binding.Track(one.label, path, readings))
    return found


@st.fragment
def draw(
    shape: tuple[int, int, int],
    endpoints: "Sequence[Endpoint]",
    shown: Sequence[binding.Track],
    class_names: Sequence[str],
    files: Files,
) -> None:
    """Draw the player.

    Args:
        shape: (C,H,W) of one picture.
        endpoints: two, or four corners.
        shown: what stands side by side.
        class_names: of the classifier.
        files: what the browser fetches.
    """
    import torch

    two = len(endpoints) == 2
    key, size = ("interpolate_t", 1) if two else ("interpolate_xy", 2)
    mounted = f"morph_{len(endpoints)}"

    def settle() -> None:
        report = read_report(st.session_state[mounted].get("at"), size)
        if report is not None:
            st.session_state[key], st.session_state[f"{key}.handled"] = report

    with guard.errors():
        at = _place(key, size)
        binding.morph(
            key=mounted,
            decoder=files.decoder,
            endpoints=torch.stack([end.latent.flatten() for end in endpoints]),
            shape=shape,
            tracks=shown,
            classes=[(name, class_colour(k)) for k, name in enumerate(class_names)],
            sheet=files.sheet,
            at=at,
            handled=st.session_state.get(f"{key}.handled", 0),
            control="The way from start to end" if two else "The square: the arrow keys move",
            reason=files.reason,
            on_settle=settle,
        )
