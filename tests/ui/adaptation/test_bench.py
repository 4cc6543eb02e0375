"""What browsers train of domain adaptation, against torch; in node."""

import json
from dataclasses import replace
from pathlib import Path

import node_tests
import numpy as np
import pytest
import torch

from latentlab.adaptation import plane
from latentlab.adaptation.plane import Bench
from latentlab.adaptation.settings import METHODS, Method, Plane
from latentlab.tasks import adaptation as task

FILE = Path(__file__).with_name("bench.test.mjs")
SETTINGS = Plane(seed=3, batch=12, width=12, angle=35, share=0.7)
CASES = {
    "": {},
    ", deeper": {"depth": 3, "width": 8},
    ", four features": {"features": 4},
}
NAMES = [f"{method}{name}" for method in METHODS for name in CASES]
MOVES = ((30, 4), (100, 3))


def weights(bench: Bench) -> dict[str, object]:
    """Where autograd has looked, as browsers keep it: rounding must not lead elsewhere."""

    def of(network) -> dict[str, object]:
        return {
            "values": torch.cat([p.detach().flatten() for p in network.parameters]).tolist(),
            "squares": torch.cat([square.flatten() for square in network.squares]).tolist(),
            "updates": network.updates,
            "directions": None,
        }

    networks = {name: of(getattr(bench, name)) for name in ("features", "classes", "domains")}
    return {"moment": bench.moment, "said": [0, 0], **networks}


def case(method: Method, changes: dict) -> dict[str, object]:
    settings = replace(SETTINGS, **changes)
    bench = Bench(settings, method)
    bench.play([(50, 3)])
    found = {
        "target": task.told_target(settings),
        "settings": task.told_settings(settings),
        "method": method,
        "strength": 60,
        "weights": weights(bench),
        "losses": [loss.item() for loss in bench.losses()],
        "gradients": {
            name: torch.cat([g.flatten() for g in own]).tolist()
            for name, own in bench.gradients(0.6).items()
        },
    }
    asked, _ = plane.moons(5, 0.5, 0.0, 9)
    played = Bench(settings, method)
    played.play(MOVES)
    with torch.no_grad():
        made = played.features(torch.from_numpy(asked))
    return {**found, "moves": MOVES, "asked": asked.tolist(), "made": made.tolist()}


def numbers() -> dict[str, object]:
    points, lower = plane.moons(9, 0.3, 50.0, 4, 5)
    rng = np.random.default_rng(0)
    clouds = []
    for size, apart in ((2, 0.5), (3, 0.0), (2, 9.0)):
        cloud = rng.normal(size=(200, size)).astype(np.float32)
        cloud[100:] += np.float32(apart)
        error = plane.domain_error(cloud)
        clouds.append({"features": cloud.tolist(), "size": size, "error": error})
    assert clouds[-1]["error"] == 0 and 0.3 < clouds[1]["error"] < 0.7
    return {
        "cases": {
            f"{method}{name}": case(method, changes)
            for method in METHODS
            for name, changes in CASES.items()
        },
        "moons": {
            "points": points.tolist(),
            "lower": lower.tolist(),
            "share": 0.3,
            "angle": 50.0,
            "key": [4, 5],
        },
        "clouds": clouds,
    }


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> node_tests.Results:
    file = tmp_path_factory.mktemp("numbers") / "bench.json"
    file.write_text(json.dumps(numbers()))
    return node_tests.run(FILE, LATENTLAB_NUMBERS=file, LATENTLAB_NAMES=json.dumps(NAMES))


@pytest.mark.parametrize("name", node_tests.names(FILE, LATENTLAB_NAMES=json.dumps(NAMES)))
def test_in_node(name: str, results: node_tests.Results) -> None:
    node_tests.check(name, results)
