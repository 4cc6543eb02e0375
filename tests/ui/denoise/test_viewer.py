"""What the viewer of photographs is told, and what it may report."""

import json
from typing import Any

import pytest
from browser_modules import BROWSER
from streamlit.testing.v1 import AppTest

from latentlab.errors import InputError
from latentlab.noise import painting
from latentlab.ui.denoise.viewer import read_place, read_strokes

SIZE = (4000, 3000)
LINE = {"kind": "jpeg", "strength": 0.5, "radius": 0.05, "points": [[0, 0.5], [1, 1.0]]}


def shown() -> None:
    """A page with a viewer, as AppTest runs it: by its source."""
    from latentlab.noise.painting import Stroke
    from latentlab.ui.denoise.viewer import Brush, Layer, photo_viewer

    photo_viewer(
        key="photo",
        size=(400, 300),
        clean=Layer("/media/clean", "Clean"),
        before=Layer("/media/before", "Noisy"),
        after=None,
        window=(72, 22, 256, 256),
        brush=Brush({"poisson": "Poisson"}),
        strokes=[Stroke("poisson", 0.5, 0.1, ((0.25, 0.5),))],
        revision=3,
        label="A photograph",
        on_place=lambda: None,
        on_paint=lambda: None,
    )


def test_the_browser_is_told_everything_in_plain_values() -> None:
    app = AppTest.from_function(shown).run()
    assert not app.exception
    (found,) = app.get("bidi_component")
    told: dict[str, Any] = json.loads(found.proto.json)
    assert told["size"] == [400, 300] and told["window"] == [72, 22, 256, 256]
    assert told["clean"] == {"address": "/media/clean", "label": "Clean"}
    assert told["after"] is None and told["revision"] == 3
    kind = painting.KINDS["poisson"]
    assert told["brush"] == {
        "poisson": {
            "label": "Poisson",
            "weak": kind.weak,
            "strong": kind.strong,
            "geometric": True,
        }
    }
    # What Python tells comes back as it was told.
    (stroke,) = read_strokes(told["strokes"], painting.KINDS)
    assert stroke == painting.Stroke("poisson", 0.5, 0.1, ((0.25, 0.5),))


def test_a_place_is_a_pixel_of_the_picture() -> None:
    assert read_place({"x": 0.5, "y": 0.25}, SIZE) == (2000, 750)
    assert read_place({"x": 0, "y": 1}, SIZE) == (0, 2999)
    assert read_place(None, SIZE) is None


@pytest.mark.parametrize(
    "report",
    [
        "here",
        [],
        {},
        {"x": 0.5},
        {"x": 0.5, "y": 1.001},
        {"x": -0.1, "y": 0.5},
        {"x": float("nan"), "y": 0.5},
        {"x": "0.5", "y": 0.5},
        {"x": True, "y": 0.5},
        {"x": 10**400, "y": 0.5},
        {"x": [0.5], "y": 0.5},
    ],
    ids=str,
)
def test_nonsense_is_no_place(report: object) -> None:
    with pytest.raises(InputError, match="did not arrive whole"):
        read_place(report, SIZE)


def test_strokes_come_in_their_order() -> None:
    other = {**LINE, "kind": "gaussian", "points": [[0.5, 0.5]]}
    first, second = read_strokes([LINE, other], painting.KINDS)
    assert first == painting.Stroke("jpeg", 0.5, 0.05, ((0.0, 0.5), (1.0, 1.0)))
    assert second.kind == "gaussian"
    assert read_strokes(None, painting.KINDS) == read_strokes([], painting.KINDS) == ()


def test_as_many_strokes_and_points_as_allowed_are_read() -> None:
    dot = {**LINE, "points": [[0.5, 0.5]]}
    assert len(read_strokes([dot] * painting.MOST_STROKES, painting.KINDS)) == painting.MOST_STROKES
    long = {**LINE, "points": [[0.5, 0.5]] * (painting.MOST_POINTS - 1)}
    assert len(read_strokes([long, dot], painting.KINDS)) == 2
    for report in ([dot] * (painting.MOST_STROKES + 1), [long, dot, dot]):
        with pytest.raises(InputError):
            read_strokes(report, painting.KINDS)


@pytest.mark.parametrize(
    "report",
    [
        "[]",
        {},
        [None],
        [[]],
        [{}],
        [{**LINE, "kind": "blur"}],
        [{**LINE, "kind": ["jpeg"]}],
        [{**LINE, "strength": 1.1}],
        [{**LINE, "strength": None}],
        [{**LINE, "strength": float("nan")}],
        [{**LINE, "strength": True}],
        [{**LINE, "radius": 0}],
        [{**LINE, "radius": 0.3}],
        [{**LINE, "radius": 10**400}],
        [{**LINE, "points": []}],
        [{**LINE, "points": "0.5"}],
        [{**LINE, "points": [[0.5]]}],
        [{**LINE, "points": [[0.5, 0.5, 0.5]]}],
        [{**LINE, "points": [[0.5, -0.1]]}],
        [{**LINE, "points": [[0.5, "0.1"]]}],
        [{**LINE, "points": [{"x": 0.5}]}],
        [LINE, {**LINE, "points": [[0.5, float("inf")]]}],
    ],
    ids=str,
)
def test_nonsense_is_no_strokes(report: object) -> None:
    with pytest.raises(InputError, match="did not arrive whole"):
        read_strokes(report, painting.KINDS)


def test_a_kind_that_was_not_offered_is_not_taken() -> None:
    with pytest.raises(InputError):
        read_strokes([LINE], {"gaussian": "Gaussian"})


def test_the_brush_in_the_browser_is_as_wide_as_is_read_here() -> None:
    script = (BROWSER / "denoise" / "photo_viewer.js").read_text(encoding="utf-8")
    assert "const RADII = [0.005, 0.2];" in script
    for radius in (0.005, 0.2):
        assert read_strokes([{**LINE, "radius": radius}], painting.KINDS)
