"""Where a preparation doubts itself, on pictures made for it and on the samples that ship."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from latentlab.data import datasets, photographs
from latentlab.pictures import images, preparation
from latentlab.pictures.doubts import doubts

PAPER = 0.9


def seven(height: int, width: int, top: int, left: int) -> np.ndarray:
    """Ink [height,width]: a seven of 60 x 100 pixels."""
    ink = np.zeros((height, width), np.float32)
    ink[top : top + 16, left : left + 60] = 1
    for row in range(100):
        at = left + 44 - round(0.3 * row)
        ink[top + row, at : at + 16] = 1
    return ink


def page(ink: np.ndarray, *, shadow: bool = False) -> torch.Tensor:
    """Ink on white paper under a lamp, with noise and maybe a shadow, [3,H,W]."""
    height, width = ink.shape
    v, u = np.mgrid[:height, :width] / max(height, width)
    light = PAPER - 0.25 * u - 0.1 * v
    if shadow:
        light = light * np.where(u + 0.4 * v > 0.6, 0.7, 1.0)
    grey = light * (1 - 0.75 * ink) + np.random.default_rng(1).normal(0, 0.01, ink.shape)
    return torch.from_numpy(grey.clip(0, 1).astype(np.float32)).expand(3, height, width).clone()


def on_desk(paper: torch.Tensor, desk: tuple[float, float, float], margin: int) -> torch.Tensor:
    """Paper with so much of a desk around it."""
    height, width = (side + 2 * margin for side in paper.shape[1:])
    picture = torch.tensor(desk)[:, None, None].expand(3, height, width).clone()
    picture[:, margin:-margin, margin:-margin] = paper
    return picture


def names(picture: torch.Tensor, data: str = "mnist") -> list[str]:
    of = datasets.get(data)
    prepared = preparation.prepare(picture, of.image_shape, of.convention)
    samples = of.samples().tensor(slice(0, 100))
    return [each.name for each in doubts(picture, prepared, of.convention, samples)]


@pytest.mark.parametrize("negative", [False, True])
@pytest.mark.parametrize("shadow", [False, True])
def test_one_digit_raises_no_doubt(negative: bool, shadow: bool) -> None:
    picture = page(seven(240, 320, 60, 120), shadow=shadow)
    assert names(1 - picture if negative else picture) == []


@pytest.mark.parametrize(
    "others",
    [[(60, 200)], [(60, 120), (60, 220)], [(165, 30)], [(160, 180)]],
    ids=["beside", "three", "below", "aslant"],
)
def test_several_digits_are_said_to_be_several(others: list[tuple[int, int]]) -> None:
    ink = seven(290, 320, 40, 30)
    for place in others:
        ink = np.maximum(ink, seven(290, 320, *place))
    assert names(page(ink)) == ["several"]


def test_a_digit_in_pieces_is_one() -> None:
    ink = seven(240, 320, 60, 120)
    ink[76:90] = 0  # its bar floats above the rest
    assert names(page(ink)) == []


@pytest.mark.parametrize("desk", [(0.2, 0.2, 0.2), (0.55, 0.38, 0.25)], ids=["dark", "wooden"])
def test_paper_on_a_desk_is_doubted(desk: tuple[float, float, float]) -> None:
    paper = page(seven(240, 320, 60, 120))
    assert names(on_desk(paper, desk, 70)) == ["desk"], "paper within the desk"
    corner = on_desk(paper, desk, 70)[:, 40:-70, 70:-70]
    assert names(corner) == ["desk"], "desk along one side"


@pytest.mark.parametrize("data", ["mnist", "fashion_mnist"])
def test_samples_raise_no_doubt(data: str) -> None:
    for x in datasets.get(data).samples().tensor(slice(0, 300)):
        assert names_of_sample(1 - x, data) == []


def names_of_sample(x: torch.Tensor, data: str) -> list[str]:
    of = datasets.get(data)
    picture = x.expand(3, *x.shape[1:])
    prepared = preparation.prepare(picture, of.image_shape, of.convention)
    return [each.name for each in doubts(picture, prepared, of.convention)]


def test_a_photograph_is_told_from_a_drawn_face() -> None:
    faces = datasets.get("toon_faces").samples().tensor(slice(0, 20))
    for face in faces:
        assert names(face, "toon_faces") == []
    for name in ("astronaut", "chelsea"):
        pixels = photographs.SAMPLES.get(name).pixels()
        assert names(images.from_uint8(pixels), "toon_faces") == ["photograph"]


def test_a_drawn_face_that_was_enlarged_and_compressed_is_a_drawn_face() -> None:
    face = datasets.get("toon_faces").samples().tensor(slice(0, 1))[0]
    file = io.BytesIO()
    small = Image.fromarray(images.to_uint8(face))
    small.resize((400, 400), Image.Resampling.BICUBIC).save(file, "JPEG", quality=80)
    with Image.open(file) as picture:
        assert names(images.from_uint8(np.asarray(picture)), "toon_faces") == []


def test_where_samples_are_photographs_a_photograph_is_no_doubt() -> None:
    of = datasets.get("toon_faces")
    pixels = photographs.SAMPLES.get("chelsea").pixels()
    picture = images.from_uint8(pixels)
    prepared = preparation.prepare(picture, of.image_shape, of.convention)
    assert doubts(picture, prepared, of.convention, [prepared.image]) == ()
    assert doubts(picture, prepared, of.convention) == ()


def test_an_empty_picture_is_another_matter() -> None:
    assert names(torch.full((3, 40, 40), 0.5)) == []


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (5, 1024), (1024, 5), (1024, 1), (1, 1024)])
def test_any_shape_may_be_asked_about(size: tuple[int, int]) -> None:
    height, width = size
    picture = torch.full((3, height, width), 0.98)
    picture[:, height // 4 : height // 2 + 1, width // 4 : width // 2 + 1] = 0.04
    for data in ("mnist", "fashion_mnist", "toon_faces"):
        names(picture, data)
