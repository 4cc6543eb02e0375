"""What the box over an upload may report, and which pixels it means."""

import pytest

from latentlab.errors import InputError
from latentlab.ui.shared.crop_box import Box, read_box


def test_a_box_is_read_as_it_was_reported() -> None:
    assert read_box({"of": "a", "box": [0, 0.25, 0.5, 1]}, "a") == Box(0, 0.25, 0.5, 1)
    assert read_box({"of": "a", "box": None}, "a") is None, "everything"
    assert read_box(None, "a") is None, "nobody has said anything"


def test_a_box_on_another_picture_means_nothing() -> None:
    assert read_box({"of": "b", "box": [0, 0, 0.5, 0.5]}, "a") is None


@pytest.mark.parametrize(
    "report",
    [
        "here",
        [],
        {},
        {"of": 3, "box": None},
        {"of": "a", "box": "all"},
        {"of": "a", "box": [0, 0, 1]},
        {"of": "a", "box": [0, 0, 1, 1.01]},
        {"of": "a", "box": [-0.1, 0, 1, 1]},
        {"of": "a", "box": [0.5, 0, 0.5, 1]},
        {"of": "a", "box": [0, 0.9, 1, 0.1]},
        {"of": "a", "box": [0, 0, 1, float("nan")]},
        {"of": "a", "box": [0, 0, 1, "1"]},
        {"of": "a", "box": [0, 0, 1, True]},
        {"of": "a", "box": [0, 0, 1, 10**400]},
    ],
    ids=str,
)
def test_nonsense_is_no_box(report: object) -> None:
    with pytest.raises(InputError, match="did not arrive whole"):
        read_box(report, "a")


def test_a_box_holds_the_pixels_that_it_covers_and_never_none() -> None:
    assert Box(0, 0.5, 0.25, 1).slices(200, 100) == (slice(100, 200), slice(0, 25))
    assert Box(0, 0, 1, 1).slices(3, 5) == (slice(0, 3), slice(0, 5))
    assert Box(0.999, 0.999, 1, 1).slices(3, 5) == (slice(2, 3), slice(4, 5))
    assert Box(0.5, 0.5, 0.51, 0.51).slices(1, 1) == (slice(0, 1), slice(0, 1))
