"""What the player of the Interpolate page is told, and what it may report."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from latentlab.pictures import images
from latentlab.tasks.interpolate import Grid, Prediction, Strip
from latentlab.ui.interpolate import player
from latentlab.ui.shared import browser_models, component


def test_a_report_is_a_place_and_a_number() -> None:
    assert player.read_report({"at": [0.25], "n": 3}, 1) == ((0.25,), 3)
    assert player.read_report({"at": [0, 1], "n": 0}, 2) == ((0.0, 1.0), 0)
    # Rounded as an address is, so that a link gives the very same place.
    assert player.read_report({"at": [0.12345], "n": 1}, 1) == ((0.123,), 1)


@pytest.mark.parametrize(
    "report",
    [
        None,
        [],
        {},
        {"at": [0.5]},
        {"at": [0.5], "n": True},
        {"at": [0.5], "n": -1},
        {"at": [0.5], "n": 2**60},
        {"at": [0.5], "n": 1.5},
        {"at": 0.5, "n": 1},
        {"at": "0", "n": 1},
        {"at": [], "n": 1},
        {"at": [0.5, 0.5], "n": 1},
        {"at": [True], "n": 1},
        {"at": ["0.5"], "n": 1},
        {"at": [float("nan")], "n": 1},
        {"at": [1.001], "n": 1},
        {"at": [-1], "n": 1},
        {"at": [10**400], "n": 1},
    ],
)
def test_nonsense_is_no_report(report: object) -> None:
    assert player.read_report(report, 1) is None


@pytest.mark.parametrize("grid", [False, True])
def test_the_sheet_holds_every_picture_once(monkeypatch: pytest.MonkeyPatch, grid: bool) -> None:
    rng = torch.Generator().manual_seed(0)
    pixels = torch.rand(2, 3, 3, 1, 4, 4, generator=rng)
    if grid:
        made = [Grid("a", pixels[0]), Grid("b", pixels[1])]
        cells = pixels
    else:
        made = [Strip("a", "a", row, None) for row in pixels[0]]
        cells = pixels[0, :, None]  # tracks of one row each
    published = {}

    def publish(data: bytes, mime: str, name: str) -> str:
        published[name] = data
        return name

    monkeypatch.setattr(component, "publish", publish)
    monkeypatch.setattr(browser_models, "publish_decoder", lambda name, by: None)
    sheet = player.publish("vae.test", made).sheet
    assert (sheet.columns, sheet.rows) == (3, cells.shape[1])
    with Image.open(io.BytesIO(published[sheet.address])) as file:
        drawn = np.asarray(file)
    assert drawn.shape == (4 * len(cells) * sheet.rows, 12)
    for track, rows in enumerate(cells):
        for row, pictures in enumerate(rows):
            for column, picture in enumerate(pictures):
                top = 4 * (track * sheet.rows + row)
                found = drawn[top : top + 4, 4 * column : 4 * column + 4]
                assert (found == images.to_uint8(picture)).all()


def test_tracks_hold_the_judges_readings() -> None:
    strip = Strip("linear", "Linear", torch.zeros(3, 1, 4, 4), torch.zeros(3, 2))
    verdict = Prediction(torch.tensor([[0.9, 0.1], [0.496, 0.504], [0.0, 1.0]]), torch.zeros(3, 1))
    (track,) = player.tracks([strip], [verdict], ["linear"])
    assert track.readings == ((0, 90), (1, 50), (1, 100))
    (track,) = player.tracks([strip], None, [None])
    assert track.readings is None and track.path is None
