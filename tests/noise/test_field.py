"""Random numbers by place: any window of them is that window of the whole."""

import numpy as np
import pytest

from latentlab.noise import field
from latentlab.noise.field import Box


@pytest.mark.parametrize("draw", [field.normal, field.uniform])
def test_a_window_has_the_numbers_of_the_whole(draw) -> None:
    whole = draw(3, Box(0, 0, 300, 600), 2)
    box = Box(200, 250, 90, 270)  # over six squares
    assert np.array_equal(draw(3, box, 2), whole[box.slices])
    assert not np.array_equal(draw(4, box, 2), whole[box.slices])


def test_numbers_are_what_they_are_called_and_no_square_repeats_another() -> None:
    normal = field.normal(0, Box(0, 0, 512, 512), 3)
    assert normal.dtype == np.float32
    assert abs(normal.mean()) < 0.005 and abs(normal.std() - 1) < 0.005
    even = field.uniform(0, Box(0, 0, 512, 512), 1)
    assert even.min() >= 0 and even.max() < 1 and abs(even.mean() - 0.5) < 0.005
    squares = [normal[box.slices] for box in field.squares(Box(0, 0, 512, 512))]
    assert len({square.tobytes() for square in squares}) == 4
