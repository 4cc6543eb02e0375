"""The arithmetic of components in the browser against that of the core, and by hand; in node."""

import base64
import json
from pathlib import Path

import node_tests
import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from latentlab.data import datasets
from latentlab.latents.paths import bilinear, paths
from latentlab.noise import painting
from latentlab.pictures import preparation

SIDE = 256  # of a drawing as the pad reports it


def drawn(*lines: list[tuple[int, int]], width: int, ground: str = "black") -> Image.Image:
    """What a pad holds after strokes, their edges smooth, in colours that differ a little."""
    picture = Image.new("RGB", (4 * SIDE, 4 * SIDE), ground)
    pen = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        ink = (255 - 40 * number, 255 - 20 * number, 255)
        pen.line([(4 * x, 4 * y) for x, y in line], fill=ink, width=4 * width, joint="curve")
    return picture.resize((SIDE, SIDE), Image.Resampling.BOX)


SEVEN = [(60, 60), (190, 64), (120, 210)]
DRAWINGS = {
    "a seven": ("mnist", drawn(SEVEN, width=18)),
    "a small one in a corner": ("mnist", drawn([(200, 20), (196, 70)], width=12)),
    "a four in two inks": ("mnist", drawn([(90, 40), (60, 140), (200, 140)],
                                          [(150, 80), (150, 230)], width=20)),
    "a thin zero": ("mnist", drawn([(60, 30), (190, 30), (190, 230), (60, 230), (60, 30)],
                                   width=4)),
    "nothing": ("mnist", drawn(width=9)),
    "a shirt": ("fashion_mnist", drawn([(60, 90), (200, 90)], [(128, 100), (128, 220)], width=60)),
    "an odd bar": ("fashion_mnist", drawn([(30, 40), (60, 200)], width=25)),
    "a face": ("toon_faces", drawn([(80, 80), (90, 180), (200, 200)], width=30, ground="#c8a080")),
}  # fmt: skip


FILE = Path(__file__).with_name("maths.test.mjs")


def draw(*shape: int, seed: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


A, B = draw(2, 16, seed=0)
ENDPOINTS = {
    "random codes": (A, B),
    "codes of two numbers": (*draw(2, 2, seed=1),),
    "codes of 784 numbers": (*draw(2, 784, seed=2),),
    "a code and a longer one in its direction": (A, 3 * A),
    "a code and nearly the same": (A, A + 1e-9 * B),
    "opposite codes": (A, -2 * A),
    "zero and a code": (0 * A, B),
    "equal codes": (A, A),
}
# What the tests are called by; what they compare is computed when they run.
NAMES = {
    "walks": [{"path": path, "name": name} for path in paths for name in ENDPOINTS],
    "squares": [{"path": path} for path in paths],
    "seen": [{"name": name} for name in DRAWINGS],
}


def seen() -> list[dict]:
    """Drawings, and what Python's preparation makes of them."""
    found = []
    for name, (data, picture) in DRAWINGS.items():
        pixels = np.asarray(picture)
        shape = (3, 64, 64) if data == "toon_faces" else (1, 28, 28)
        convention = datasets.get(data).convention
        x = torch.from_numpy(pixels.copy()).permute(2, 0, 1) / 255
        rgba = np.dstack([pixels, np.full((SIDE, SIDE, 1), 255, np.uint8)])
        found.append(
            {
                "name": name,
                "rgba": base64.b64encode(rgba.tobytes()).decode(),
                "side": SIDE,
                "shape": shape,
                "centring": convention.centring,
                "image": preparation.prepare(x, shape, convention).image.flatten().tolist(),
            }
        )
    return found


def walks() -> list[dict]:
    """Codes along every path, as Python walks it."""
    return [
        {
            "path": path,
            "name": name,
            "a": a.tolist(),
            "b": b.tolist(),
            "codes": paths.get(path)(a, b, 9).tolist(),
        }
        for path in paths
        for name, (a, b) in ENDPOINTS.items()
    ]


def squares() -> list[dict]:
    """Codes in a square between four."""
    corners = draw(4, 5, seed=3)
    return [
        {
            "path": path,
            "corners": corners.tolist(),
            "rows": bilinear(corners, 4, 3, paths.get(path)).tolist(),
        }
        for path in paths
    ]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> node_tests.Results:
    kinds = [
        {"kind": kind._asdict(), "values": [(s, kind.at(s)) for s in (0, 0.3, 1)]}
        for kind in painting.KINDS.values()
    ]
    numbers = tmp_path_factory.mktemp("numbers") / "numbers.json"
    numbers.write_text(
        json.dumps({"walks": walks(), "squares": squares(), "seen": seen(), "kinds": kinds})
    )
    return node_tests.run(FILE, LATENTLAB_NUMBERS=numbers)


@pytest.mark.parametrize("name", node_tests.names(FILE, LATENTLAB_NAMES=json.dumps(NAMES)))
def test_in_node(name: str, results: node_tests.Results) -> None:
    node_tests.check(name, results)
