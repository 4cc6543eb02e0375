"""What the sliders of the shift workshop do to digits."""

import numpy as np
import pytest

from latentlab.adaptation import shifts
from latentlab.adaptation.shifts import Shift
from latentlab.tasks import adaptation as task


def bar() -> np.ndarray:
    """One upright stroke, three pixels wide and sixteen high."""
    x = np.zeros((1, 28, 28), np.uint8)
    x[0, 6:22, 13:16] = 255
    return x


def test_no_shift_changes_nothing() -> None:
    digits = task.shown().pictures[:5]
    assert np.array_equal(shifts.apply(digits, Shift()), digits)
    assert Shift().parts == {}


def test_every_field_does_something_and_keeps_shape_and_range() -> None:
    digits = task.shown().pictures[::40]
    full = Shift(
        pen="thin",
        thickness=1,
        rotation=20,
        shear=0.3,
        blur=1,
        contrast=0.5,
        invert=True,
        background=0.5,
    )
    assert set(full.parts) == set(task.SHIFTS) == set(task.LADDER)
    for part in [*full.parts.values(), full, Shift(pen="broad nib")]:
        made = shifts.apply(digits, part)
        assert made.shape == digits.shape and made.dtype == np.uint8
        assert not np.array_equal(made, digits)
        assert np.array_equal(made, shifts.apply(digits, part)), "the same every time"


def test_rotation_is_counter_clockwise_and_shear_leans_to_the_right() -> None:
    turned = shifts.apply(bar(), Shift(rotation=90))[0]
    assert turned[13:15, 6:22].mean() > 200 and turned[:10].max() < 30
    corner = bar()
    corner[0, 6:9, 13:22] = 255  # a flag to the right, at the top
    turned = shifts.apply(corner, Shift(rotation=90))[0]
    assert turned[4:13, 5:10].sum() > 2 * turned[15:24, 5:10].sum(), "now it is up, at the left"
    leaning = shifts.apply(bar(), Shift(shear=0.5))[0].astype(int)
    columns = np.arange(28)
    top, bottom = ((leaning[row] * columns).sum() / leaning[row].sum() for row in (7, 20))
    assert top - bottom == pytest.approx(0.5 * 13, abs=0.6)


def test_thickness_grows_on_both_sides_and_shrinks() -> None:
    wide = [(shifts.apply(bar(), Shift(thickness=t))[0][14] > 127).sum() for t in (-1, 0, 1, 2)]
    assert wide == [1, 3, 5, 7]
    half = shifts.apply(bar(), Shift(thickness=0.5))[0][14]
    assert half[12] == half[16] == 128


def test_contrast_inversion_and_background_are_plain_arithmetic() -> None:
    assert shifts.apply(bar(), Shift(contrast=0.2)).max() == 51
    assert np.array_equal(shifts.apply(bar(), Shift(invert=True)), 255 - bar())
    on_photograph = shifts.apply(bar(), Shift(background=1.0))
    piece = shifts.apply(np.zeros_like(bar()), Shift(background=1.0))
    assert np.array_equal(on_photograph, np.abs(bar().astype(int) - piece))
    assert len(shifts.backgrounds()) == 5


def test_pens_draw_the_middle_line_again() -> None:
    thin = shifts.apply(bar(), Shift(pen="thin"))[0]
    broad = shifts.apply(bar(), Shift(pen="broad nib"))[0]
    assert (thin[10:18] > 0).sum(1).tolist() == [1] * 8
    assert set((broad[10:18] > 0).sum(1).tolist()) <= {3, 4}
