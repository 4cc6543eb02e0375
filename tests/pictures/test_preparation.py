import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from latentlab.data import datasets
from latentlab.errors import ShapeError
from latentlab.pictures import images, preparation
from latentlab.pictures.conventions import Convention

MNIST, FASHION = datasets.get("mnist").convention, datasets.get("fashion_mnist").convention
FACES = datasets.get("toon_faces").convention


def seven(width=26, size=(400, 300), at=(110, 50)):
    """How much of each pixel is ink [H,W]: a seven of 100 x 180 pixels drawn with a pen."""
    big = Image.new("L", (4 * size[0], 4 * size[1]), 0)
    draw = ImageDraw.Draw(big)
    x, y = at
    points = [(x, y), (x + 100, y + 8), (x + 70, y + 90), (x + 40, y + 180)]
    points = [(4 * a, 4 * b) for a, b in points]
    draw.line(points, fill=255, width=4 * width, joint="curve")
    for a, b in points:
        draw.ellipse([a - 2 * width, b - 2 * width, a + 2 * width, b + 2 * width], fill=255)
    return np.asarray(big.resize(size, Image.Resampling.BOX), dtype=np.float32) / 255


def photograph(ink, darkness=0.7, noise=0.015, shadow=False):
    """Dark ink on paper under a lamp at the upper left, [3,H,W], with noise and a tint."""
    height, width = ink.shape
    v, u = np.mgrid[:height, :width] / max(height, width)
    light = 0.95 - 0.35 * u - 0.25 * v - 0.3 * ((u - 0.5) ** 2 + (v - 0.4) ** 2)
    if shadow:
        light = light * np.where(u + 0.4 * v > 0.62, 0.7, 1.0)
    grey = light * (1 - darkness * ink)
    grey = grey + np.random.default_rng(1).normal(0, noise, grey.shape)
    colour = np.stack([grey, grey * 0.97, grey * 0.88]).clip(0, 1)
    return torch.from_numpy(colour.astype(np.float32))


def prepared_digit(picture, **options):
    return preparation.prepare(picture, (1, 28, 28), MNIST, **options).image[0]


def clean_seven():
    return prepared_digit(torch.from_numpy(1 - seven()).expand(3, 300, 400))


def centre_of_mass(image):
    at = torch.arange(28.0)
    return tuple(float((image.sum(1 - axis) * at).sum() / image.sum()) for axis in (0, 1))


@pytest.mark.parametrize("shadow", [False, True])
def test_a_photographed_digit_becomes_like_mnist(shadow):
    digit = prepared_digit(photograph(seven(), shadow=shadow))
    # The centre of mass of every MNIST image is pixel (14, 14), to half a pixel.
    assert all(abs(c - 14) <= 0.5 for c in centre_of_mass(digit))
    rows, columns = (torch.nonzero(digit.amax(axis))[:, 0] for axis in (1, 0))
    assert max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1 == 20
    assert (digit == 0).float().mean() > 0.6  # the paper is exactly black
    assert digit.max() > 0.98
    # and neither light, shadow nor noise leaves a trace
    assert (digit - clean_seven()).square().mean() < 0.005


def test_both_polarities_give_the_same_digit():
    dark = photograph(seven())
    torch.testing.assert_close(prepared_digit(1 - dark), prepared_digit(dark), atol=1e-4, rtol=0)


def test_the_way_and_the_size_do_not_matter():
    small = torch.from_numpy(1 - seven()).expand(3, 300, 400)
    moved = torch.from_numpy(1 - seven(at=(240, 80))).expand(3, 300, 400)
    large = images.resize(small, (900, 1200))
    assert (prepared_digit(moved) - prepared_digit(small)).square().mean() < 0.003
    assert (prepared_digit(large) - prepared_digit(small)).square().mean() < 0.003


@pytest.mark.parametrize("enlarge", [1, 10])
def test_what_is_prepared_already_stays_as_it_is(enlarge):
    digit = clean_seven()
    again = digit.repeat_interleave(enlarge, 0).repeat_interleave(enlarge, 1)
    paper = (1 - again).expand(3, *again.shape)
    assert (prepared_digit(paper) - digit).square().mean() < 0.002


def test_thin_strokes_do_not_fade():
    thin = preparation.prepare(photograph(seven(width=3)), (1, 28, 28), MNIST)
    step = next(step for step in thin.steps if step.name == "Thicken")
    assert "3." in step.explanation
    digit = thin.image[0]
    # Every one of the 20 rows of the seven still has a bright pixel.
    rows = digit.amax(1)
    assert (rows[rows > 0] > 0.6).sum() >= 19
    assert (digit > 0).sum() < 28 * 28 / 3


def test_strokes_as_in_mnist_are_left_alone():
    steps = preparation.prepare(photograph(seven()), (1, 28, 28), MNIST).steps
    assert "Thicken" not in [step.name for step in steps]


def test_specks_are_removed():
    ink = seven()
    dusty = ink.copy()
    for y, x in [(10, 10), (280, 30), (20, 390), (150, 330)]:
        dusty[y : y + 4, x : x + 4] = 1
    clean, dusty = (prepared_digit(photograph(i)) for i in (ink, dusty))
    assert (clean - dusty).square().mean() < 1e-3


def test_the_desk_around_the_paper_is_no_ink():
    picture = photograph(seven())
    picture[:, :, :40] = 0.1
    picture[:, 280:] = 0.15
    assert (prepared_digit(picture) - clean_seven()).square().mean() < 0.01


def test_a_digit_that_reaches_the_border_is_kept_whole():
    ink = seven(at=(12, 50))[:, :140]
    digit = prepared_digit(torch.from_numpy(1 - ink).expand(3, *ink.shape))
    assert (digit - clean_seven()).square().mean() < 0.01


def test_an_uneven_ink_is_centred_without_losing_any():
    # A heavy head and a long thin tail: the centre of mass lies so high that the tail would
    # leave the image.
    ink = np.zeros((300, 300), np.float32)
    ink[40:90, 100:200] = 1
    ink[90:260, 145:155] = 1
    digit = prepared_digit(torch.from_numpy(1 - ink).expand(3, 300, 300))
    rows = torch.nonzero(digit.amax(1))[:, 0]
    assert rows[-1] - rows[0] + 1 == 20


@pytest.mark.parametrize("invert, bright", [("yes", True), ("no", False)])
def test_the_decision_can_be_taken_from_the_machine(invert, bright):
    light_on_dark = torch.from_numpy(seven()).expand(3, 300, 400)
    result = preparation.prepare(light_on_dark, (1, 28, 28), MNIST, invert=invert)
    step = next(step for step in result.steps if step.name == "Polarity")
    assert "you asked" in step.explanation
    assert (step.image.median() > 0.5) == bright


def test_auto_says_what_it_decided_and_why():
    def polarity(picture):
        steps = preparation.prepare(picture, (1, 28, 28), MNIST).steps
        return next(step.explanation for step in steps if step.name == "Polarity")

    flat = torch.from_numpy(1 - seven()).expand(3, 300, 400)
    assert "1.00" in polarity(flat) and "darker" in polarity(flat)
    assert "negative is taken" in polarity(flat)
    assert "lighter" in polarity(1 - flat) and "left as it is" in polarity(1 - flat)
    assert "first sharp edge" in polarity(photograph(seven(), shadow=True))


@pytest.mark.parametrize("convention", [MNIST, FASHION])
@pytest.mark.parametrize("level", [0.0, 0.4, 1.0])
def test_a_uniform_picture_gives_an_empty_image_and_says_so(convention, level):
    result = preparation.prepare(torch.full((3, 60, 80), level), (1, 28, 28), convention)
    assert result.image.shape == (1, 28, 28)
    assert (result.image == 0).all()
    assert any("othing is left" in step.explanation for step in result.steps)


@pytest.mark.parametrize("convention", [MNIST, FASHION])
def test_blank_paper_under_a_lamp_is_blank(convention):
    blank = photograph(np.zeros((300, 400), np.float32))
    assert (preparation.prepare(blank, (1, 28, 28), convention).image == 0).all()


def shirt():
    """A dark T-shirt of 200 x 220 pixels, mask [H,W]."""
    picture = Image.new("L", (400, 300), 0)
    outline = [(150, 40), (250, 40), (300, 100), (270, 120), (250, 100), (250, 260)]
    outline += [(150, 260), (150, 100), (130, 120), (100, 100)]
    ImageDraw.Draw(picture).polygon(outline, fill=255)
    return np.asarray(picture, dtype=np.float32) / 255


@pytest.mark.parametrize("dark", [True, False])
def test_a_photographed_thing_becomes_like_fashion_mnist(dark):
    picture = photograph(shirt(), darkness=0.6)
    result = preparation.prepare(picture if dark else 1 - picture, (1, 28, 28), FASHION)
    image = result.image[0]
    rows, columns = (torch.nonzero(image.amax(axis))[:, 0] for axis in (1, 0))
    assert (rows[0], rows[-1]) == (0, 27)  # the longer side fills the image
    assert abs(columns[0] - (27 - columns[-1])) <= 1  # the other is centred
    assert (image[:, :1] == 0).all() and (image[22:, :5] == 0).all()  # the ground is black
    assert image[8:24, 12:16].median() == pytest.approx(0.6, abs=0.06)  # and the cloth is not


def test_an_odd_pixel_goes_above_and_to_the_left():
    thing = torch.ones(3, 280, 280)
    thing[:, 95:185] = 0.2  # 28 x 9 when reduced
    image = preparation.prepare(thing[:, :, 5:275], (1, 28, 28), FASHION, invert="yes").image[0]
    rows = torch.nonzero(image.amax(1))[:, 0]
    assert rows[0] == 27 - rows[-1] + (28 - len(rows)) % 2


def test_a_face_is_the_square_in_the_middle():
    picture = torch.zeros(3, 100, 300)
    picture[0, :, 100:200] = 1  # the square is red, the rest black
    result = preparation.prepare(picture, (3, 64, 64), FACES)
    assert result.image.shape == (3, 64, 64)
    red = torch.tensor([1.0, 0.0, 0.0])[:, None, None].expand(3, 64, 64)
    torch.testing.assert_close(result.image, red)
    assert [step.name for step in result.steps] == ["Picture", "Crop", "Resize"]


def test_a_face_can_be_inverted_when_asked():
    picture = torch.full((3, 64, 64), 0.25)
    assert (preparation.prepare(picture, (3, 64, 64), FACES, invert="yes").image == 0.75).all()
    assert (preparation.prepare(picture, (3, 64, 64), FACES, invert="no").image == 0.25).all()


@pytest.mark.parametrize(
    "convention, shape", [(MNIST, (1, 28, 28)), (FASHION, (1, 28, 28)), (FACES, (3, 64, 64))]
)
def test_every_step_is_a_small_picture_with_a_sentence(convention, shape):
    picture = images.resize(photograph(seven()), (750, 1000))
    result = preparation.prepare(picture, shape, convention)
    assert len({step.name for step in result.steps}) == len(result.steps) >= 3
    for step in result.steps:
        assert step.explanation.endswith(".")
        assert step.image.shape[0] in (1, 3) and max(step.image.shape) <= 256
        assert step.image.min() >= 0 and step.image.max() <= 1
    torch.testing.assert_close(result.steps[-1].image, result.image)


@pytest.mark.parametrize("side", [16, 32, 64])
def test_other_sizes_keep_the_proportions_of_mnist(side):
    digit = preparation.prepare(photograph(seven()), (1, side, side), MNIST).image[0]
    rows = torch.nonzero(digit.amax(1))[:, 0]
    assert rows[-1] - rows[0] + 1 == round(side * 20 / 28)


def test_preparing_leaves_the_picture_as_it_was():
    picture = photograph(seven())
    before = picture.clone()
    prepared_digit(picture)
    torch.testing.assert_close(picture, before, atol=0, rtol=0)


def test_shapes_that_do_not_fit_are_refused():
    picture = torch.zeros(3, 10, 10)
    with pytest.raises(ShapeError):
        preparation.prepare(picture[:1], (1, 28, 28), MNIST)
    with pytest.raises(ShapeError):
        preparation.prepare(picture, (3, 28, 28), MNIST)
    with pytest.raises(ShapeError):
        preparation.prepare(picture, (1, 64, 64), FACES)
    with pytest.raises(ValueError, match="invert"):
        preparation.prepare(picture, (1, 28, 28), MNIST, invert="maybe")


def test_a_convention_that_makes_no_sense_is_a_programming_mistake():
    with pytest.raises(ValueError, match="light on dark"):
        Convention("rgb", "as_is", "mass")


def test_every_data_set_has_a_convention():
    for name in datasets:
        channels = 1 if datasets.get(name).convention.colour == "grey" else 3
        assert datasets.get(name).image_shape[0] == channels
