"""The columns and the cloud of codes; ``columns.js`` and ``gaussian.js`` draw them."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from latentlab.ui.shared import component
from latentlab.ui.shared.component import Decoder, floats

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.tasks.regularise import Beside, Column, Sampled, Seen, Version

DRAWN = "latentlab:drawn"  # what the pad calls out while somebody draws
MOST_NOISE = 0.8


@dataclass(frozen=True)
class Settings:
    """What a visitor has set.

    Attributes:
        chosen: by column, the name of the version that is looked at.
        sigma: of the noise, 0 to ``MOST_NOISE``.
        roll: which of the random codes, from 0.
    """

    chosen: Mapping[str, str]
    sigma: float
    roll: int


@dataclass(frozen=True)
class Shown:
    """A column as the component gets it.

    Attributes:
        column: its name, title and versions.
        chains: by version, where browsers fetch the network; empty where they must not.
        bounded: whether its codes lie in [0, 1].
        dead: by version, the share of units that say nothing, where a card says so.
    """

    column: "Column"
    chains: Mapping[str, Decoder]
    bounded: bool
    dead: Mapping[str, float | None]


def columns(
    *,
    key: str,
    picture: "Tensor",
    identity: str,
    caption: str,
    noise: bool,
    pattern: "Tensor",
    rolls: "Tensor",
    shown: Sequence[Shown],
    settings: Settings,
    beside: str,
    tried: "Mapping[str, Seen]",
    reason: str,
    on_choose: Callable[[], None],
) -> None:
    """Draw one picture through all columns.

    ``st.session_state[key]["chosen"]`` is ``{"chosen": …, "sigma": …, "roll": …}`` once somebody
    chose.

    Args:
        key: of the component.
        picture: [C,H,W] in [0,1].
        identity: another one for another picture.
        caption: what the picture is; plain text.
        noise: whether the picture is pure noise: then it is asked how much of it comes back.
        pattern: [C,H,W] standard normal, of the noise on the picture.
        rolls: [n,k] standard normal, of the random codes.
        shown: the columns.
        settings: what is looked at.
        beside: address of what ``beside_file`` makes.
        tried: by column, what the server makes of the picture, for as long as browsers cannot.
        reason: why browsers must not compute, if so.
        on_choose: called after a change of the settings has come to rest.
    """
    data = {
        "picture": _picture(picture, identity, caption),
        "noise": noise,
        "pattern": floats(pattern.flatten()),
        "rolls": [floats(row) for row in rolls],
        "columns": [
            {
                "name": one.column.name,
                "title": one.column.title,
                "bounded": one.bounded,
                "versions": [
                    {
                        "name": version.name,
                        "label": version.label,
                        "dead": one.dead.get(version.name),
                        "chain": asdict(one.chains[version.name])
                        if version.name in one.chains
                        else None,
                    }
                    for version in one.column.versions
                ],
            }
            for one in shown
        ],
        "chosen": dict(settings.chosen),
        "sigma": settings.sigma,
        "roll": settings.roll,
        "beside": beside,
        "tried": [_tried(name, seen, picture) for name, seen in tried.items()],
        "event": DRAWN,
        "reason": reason,
    }
    component.mount("regularise/columns")(key=key, data=data, on_chosen_change=on_choose)


def _picture(picture: "Tensor", identity: str, caption: str) -> dict[str, Any]:
    return {
        "values": floats(picture.flatten()),
        "shape": list(picture.shape),
        "identity": identity,
        "caption": caption,
    }


def _tried(name: str, seen: "Seen", picture: "Tensor") -> dict[str, Any]:
    from latentlab.pictures import images

    def pixels(x: "Tensor") -> str:
        return base64.b64encode(images.to_uint8(x).tobytes()).decode()

    return {
        "column": name,
        "code": floats(seen.code),
        "spread": None if seen.spread is None else floats(seen.spread),
        "again": pixels(seen.again),
        "noisy": pixels(seen.again_noisy),
        "invented": pixels(seen.invented),
        "loss": [seen.loss.reconstruction, seen.loss.penalty],
        "error": float((seen.again - picture).square().mean()),
        "errorNoisy": float((seen.again_noisy - picture).square().mean()),
    }


def beside_file(found: "Mapping[str, Beside]") -> bytes:
    """Return what browsers fetch beside the networks: JSON by "column.version"."""

    def written(one: "Beside") -> dict[str, Any]:
        return {
            "penalty": one.penalty,
            "weight": one.weight,
            "rho": one.rho,
            "mean": floats(one.mean),
            "std": floats(one.std),
            "bounded": one.bounded,
            "variance": None
            if one.variance is None
            else {"weight": floats(one.variance[0].flatten()), "bias": floats(one.variance[1])},
        }

    return json.dumps({name: written(one) for name, one in found.items()}).encode()


def read_settings(report: object, versions: Mapping[str, Sequence[str]], rolls: int) -> Settings:
    """Return the settings that a browser reports.

    Args:
        report: from outside; anything.
        versions: by column, the names that can be chosen.
        rolls: how many random codes there are.

    Raises:
        ValueError: these are no such settings.
    """
    if not isinstance(report, dict):
        raise ValueError("no settings")
    chosen, sigma, roll = (report.get(key) for key in ("chosen", "sigma", "roll"))
    if not isinstance(chosen, dict) or set(chosen) != set(versions):
        raise ValueError("no such columns")
    if any(name not in versions[column] for column, name in chosen.items()):
        raise ValueError("no such version")
    if isinstance(sigma, bool) or not isinstance(sigma, int | float):
        raise ValueError("no noise")
    if not 0 <= sigma <= MOST_NOISE or type(roll) is not int or not 0 <= roll < rolls:
        raise ValueError("out of range")
    return Settings({column: chosen[column] for column in versions}, round(float(sigma), 2), roll)


def gaussian(
    *,
    key: str,
    picture: "Tensor",
    identity: str,
    caption: str,
    versions: "Sequence[Version]",
    chains: Mapping[str, Decoder],
    active: Mapping[str, int | None],
    version: str,
    roll: int,
    rolls: "Tensor",
    prior: "Tensor",
    beside: str,
    tried: "Sampled | None",
    reason: str,
    on_choose: Callable[[], None],
) -> None:
    """Draw μ, σ and ε of a picture, the cloud of its codes, and what is decoded from it.

    ``st.session_state[key]["chosen"]`` is ``{"version": …, "roll": …}`` once somebody chose.

    Args:
        key: of the component.
        picture: [C,H,W] in [0,1].
        identity: another one for another picture.
        caption: what the picture is; plain text.
        versions: the trained weights of the divergence.
        chains: by version, where browsers fetch the network; empty where they must not.
        active: by version, how many numbers are in use over the test split, where a card says so.
        version: which is looked at.
        roll: which of the draws, from 0.
        rolls: [r,n,k] standard normal: ε.
        prior: [m,k] standard normal, decoded without a picture.
        beside: address of what ``beside_file`` makes.
        tried: what the server makes of the picture, for as long as browsers cannot.
        reason: why browsers must not compute, if so.
        on_choose: called after a choice has come to rest.
    """
    from latentlab.pictures import images

    def pixels(x: "Tensor") -> str:
        return base64.b64encode(images.to_uint8(x).tobytes()).decode()

    data = {
        "picture": _picture(picture, identity, caption),
        "versions": [
            {
                "name": one.name,
                "label": one.label,
                "chain": asdict(chains[one.name]) if one.name in chains else None,
                "active": active.get(one.name),
            }
            for one in versions
        ],
        "version": version,
        "roll": roll,
        "rolls": [[floats(row) for row in draws] for draws in rolls],
        "prior": [floats(row) for row in prior],
        "beside": beside,
        "tried": None
        if tried is None
        else {
            "mean": floats(tried.mean),
            "spread": floats(tried.spread),
            "again": pixels(tried.again),
            "decoded": [pixels(x) for x in tried.decoded],
            "invented": [pixels(x) for x in tried.invented],
            "loss": [tried.loss.reconstruction, tried.loss.penalty],
        },
        "reason": reason,
    }
    component.mount("regularise/gaussian")(key=key, data=data, on_chosen_change=on_choose)


def read_draw(report: object, versions: Sequence[str], rolls: int) -> tuple[str, int]:
    """Return the version and the roll that a browser reports.

    Raises:
        ValueError: these are none.
    """
    if not isinstance(report, dict):
        raise ValueError("no choice")
    version, roll = report.get("version"), report.get("roll")
    if not isinstance(version, str) or version not in versions:
        raise ValueError("no such version")
    if type(roll) is not int or not 0 <= roll < rolls:
        raise ValueError("no such roll")
    return version, roll
