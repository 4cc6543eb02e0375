"""What browsers train, against torch; in node."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import node_tests
import numpy as np
import pytest
import torch

from latentlab.adversaries import draws, meter, targets
from latentlab.adversaries.arena import Arena
from latentlab.adversaries.losses import losses
from latentlab.adversaries.settings import Settings
from latentlab.tasks import adversaries as task

FILE = Path(__file__).with_name("training.test.mjs")
SETTINGS = Settings(seed=3, batch=12, width=(12, 20), depth=(2, 2), noise_size=3)
CASES = {
    "": {},
    ", spectral norm": {"spectral": True},
    ", one layer and three": {"depth": (1, 3), "noise": "uniform"},
    ", linear": {"depth": (0, 0), "noise": "none"},
    ", another penalty": {"penalty": 3.0},
}
STEPS = 4


def gradients(arena: Arena) -> dict[str, object]:
    """What autograd says of both losses here and now."""

    def of(network, loss: torch.Tensor) -> list[float]:
        found = torch.autograd.grad(loss, network.parameters)
        return torch.cat([g.flatten() for g in found]).tolist()

    first, second = arena.discriminator_loss(), arena.generator_loss()
    return {
        "losses": [second.item(), first.item()],
        "discriminator": of(arena.discriminator, first),
        "generator": of(arena.generator, second),
    }


def weights(arena: Arena) -> dict[str, object]:
    """Where autograd has looked, as browsers keep it: rounding must not lead elsewhere."""

    def of(network) -> dict[str, object]:
        return {
            "values": torch.cat([p.detach().flatten() for p in network.parameters]).tolist(),
            "squares": torch.cat([square.flatten() for square in network.squares]).tolist(),
            "updates": network.updates,
            "directions": [[a.tolist(), b.tolist()] for a, b in network.directions] or None,
        }

    return {
        "moment": arena.moment,
        "said": [0, 0],
        "generator": of(arena.generator),
        "discriminator": of(arena.discriminator),
    }


def case(loss: str, changes: dict) -> dict[str, object]:
    settings = replace(SETTINGS, losses=((0, loss),), **changes)
    target = targets.get("grid")
    arena = Arena(target, settings)
    arena.play([("discriminator", 2)])  # so that the two networks no longer are as drawn
    there = {**gradients(arena), "weights": weights(arena)}
    arena.play([("step", STEPS), ("generator", 1)])
    return {
        "target": task.told_target(target),
        "settings": task.told_settings(settings),
        "losses": settings.losses,
        "gradients": there,
        "steps": STEPS,
        "generated": arena.generate(5).tolist(),
    }


def numbers() -> dict[str, object]:
    readings = []
    for name in ("ring", "moons"):
        target = targets.get(name)
        points = target.sample(400, 9)
        points[::7] += np.float32(0.3)
        told = asdict(meter.read(target, points))
        readings.append({"target": task.told_target(target), "points": points.tolist(), **told})
    return {
        "cases": {
            f"{loss}{name}": case(loss, changes)
            for loss in losses.names()
            for name, changes in CASES.items()
        },
        "uniform": draws.uniform(7, 5, 6, 7).tolist(),
        "normal": draws.normal(7, 2**31 + 5, 0).tolist(),
        "readings": readings,
        "weights": {name: [losses.get(name).penalty, losses.get(name).weight] for name in losses},
    }


NAMES = [f"{loss}{name}" for loss in losses.names() for name in CASES]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> node_tests.Results:
    file = tmp_path_factory.mktemp("numbers") / "training.json"
    file.write_text(json.dumps(numbers()))
    return node_tests.run(FILE, LATENTLAB_NUMBERS=file, LATENTLAB_NAMES=json.dumps(NAMES))


@pytest.mark.parametrize("name", node_tests.names(FILE, LATENTLAB_NAMES=json.dumps(NAMES)))
def test_in_node(name: str, results: node_tests.Results) -> None:
    node_tests.check(name, results)
