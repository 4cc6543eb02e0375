"""What a pad may report, and the inks it offers."""

import base64

import numpy as np
import pytest

from latentlab.data import datasets
from latentlab.errors import ImageError
from latentlab.ui.shared import draw_pad


def test_a_report_is_the_bytes_of_a_file_or_none() -> None:
    assert draw_pad.read_drawing(base64.b64encode(b"a file").decode()) == b"a file"
    assert draw_pad.read_drawing("") == b""  # an empty pad


@pytest.mark.parametrize(
    "report", [None, 3, [], {}, b"YQ==", "YQ", "ä", "<svg/>", "YQ==\n", "A" * 500_000]
)
def test_nonsense_and_too_much_are_one_sentence(report: object) -> None:
    with pytest.raises(ImageError, match="did not arrive whole"):
        draw_pad.read_drawing(report)


def test_common_colours_are_those_of_the_pictures_the_commonest_first() -> None:
    pictures = np.zeros((2, 3, 4, 4), dtype=np.uint8)
    pictures[0, 0] = 255  # a red picture
    pictures[1] = 250  # nearly white, with a white row and two black pixels
    pictures[1, :, 0] = 255
    pictures[1, :, 1, :2] = 0
    assert draw_pad.common_colours(pictures, 9) == ["#ff0000", "#fbfbfb", "#000000"]
    assert len(draw_pad.common_colours(pictures, 2)) == 2


def test_inks_of_the_faces_differ_from_one_another() -> None:
    pictures = datasets.get("toon_faces").samples().images[:300]
    inks = [
        np.frombuffer(bytes.fromhex(ink[1:]), np.uint8).astype(float)
        for ink in draw_pad.common_colours(pictures, 13)
    ]
    assert len(inks) == 13
    apart = [np.linalg.norm(a - b) for i, a in enumerate(inks) for b in inks[:i]]
    assert min(apart) > 40
