"""What the Domain adaptation page computes on the server."""

from dataclasses import asdict
from typing import Any

from latentlab.adaptation.plane import Plane


def told_target(plane: Plane) -> dict[str, Any]:
    """Return the target of a plane as JSON for browsers."""
    return {"angle": plane.angle, "share": plane.share}


def told_settings(plane: Plane) -> dict[str, Any]:
    """Return how a plane is learnt, as JSON for browsers."""
    told = asdict(plane)
    return {name: told[name] for name in told if name not in ("angle", "share")} | {"length": 0}
