"""Painted damage: where it goes, what it is, and that it stays what it was."""

import io
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from latentlab.errors import InputError, ShapeError, UnknownNameError
from latentlab.noise import painting
from latentlab.noise.painting import KINDS, Stroke, paint

DOT = ((0.5, 0.5),)
ALL = ((0.0, 0.5), (1.0, 0.5))


def flat(level: float, bits: int = 8, shape: tuple[int, ...] = (300, 400, 3)) -> np.ndarray:
    kind = np.uint8 if bits == 8 else np.uint16
    return np.full(shape, round(level * (2**bits - 1)), kind)


def everywhere(kind: str, strength: float = 1.0) -> Stroke:
    return Stroke(kind, strength, 0.5, ALL)


def test_only_what_lies_within_the_radius_is_touched() -> None:
    clean = flat(0.5)
    points = ((0.2, 0.3), (0.7, 0.4), (0.6, 1.0))
    touched = (paint(clean, [Stroke("gaussian", 1, 0.1, points)], 0) != clean).any(2)
    y, x = np.mgrid[:300, :400] + 0.5
    nearest = np.full((300, 400), np.inf)
    for (ax, ay), (bx, by) in pairwise(points):
        ax, ay, bx, by = 400 * ax, 300 * ay, 400 * bx, 300 * by
        along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
        along = along.clip(0, 1)
        distance = np.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay))
        nearest = np.minimum(nearest, distance)
    assert not touched[nearest > 41.5].any()
    assert touched[nearest < 38.5].mean() > 0.97  # some noise rounds to nothing


def test_a_later_stroke_replaces_the_damage_of_an_earlier_one() -> None:
    clean = np.random.default_rng(0).integers(0, 256, (300, 400, 3)).astype(np.uint8)
    below, above = everywhere("salt_and_pepper"), Stroke("jpeg", 1, 0.1, DOT)
    both = paint(clean, [below, above], 0)
    alone = paint(clean, [above], 0)
    mask = (alone != clean).any(2)
    assert mask.any() and np.array_equal(both[mask], alone[mask])
    outside = np.ones((300, 400), bool)
    outside[100:200, 150:250] = False
    assert np.array_equal(both[outside], paint(clean, [below], 0)[outside])


@pytest.mark.parametrize("kind", ["gaussian", "poisson", "salt_and_pepper"])
def test_more_strokes_leave_the_grain_of_others_as_it_was(kind: str) -> None:
    clean = flat(0.4)
    first, second = Stroke(kind, 0.5, 0.1, ((0.3, 0.5),)), Stroke(kind, 1, 0.1, ((0.8, 0.5),))
    both = paint(clean, [first, second], 5)
    assert np.array_equal(both[:, :200], paint(clean, [first], 5)[:, :200])
    assert np.array_equal(both, paint(clean, [first, second], 5))
    assert not np.array_equal(both, paint(clean, [first, second], 6))


@pytest.mark.parametrize("bits", [8, 16])
def test_the_noise_is_as_strong_as_its_kind_says(bits: int) -> None:
    white = 2**bits - 1
    clean = flat(0.4, bits)
    quiet = paint(clean, [everywhere("gaussian", 0)], 0) / white
    assert quiet.std() == pytest.approx(10 / 255, rel=0.02)
    counted = paint(clean, [everywhere("poisson", 0)], 0) / white
    assert counted.mean() == pytest.approx(0.4, rel=0.005)
    assert counted.std() == pytest.approx((0.4 / 200) ** 0.5, rel=0.02)
    few = paint(clean, [everywhere("poisson")], 0)[..., 0] / white
    # Two photons a sample on average; e^-2 of all samples have none, and more than five are white.
    assert (few == 0).mean() == pytest.approx(np.exp(-2.0), abs=0.01)
    assert len(np.unique(few)) == 6
    hit = paint(clean, [everywhere("salt_and_pepper")], 0)
    assert (hit == 0).mean() == pytest.approx(0.2, abs=0.01)
    assert (hit == white).mean() == pytest.approx(0.2, abs=0.01)


def test_strength_runs_from_the_weak_end_to_the_strong_one() -> None:
    for kind in KINDS.values():
        assert (kind.at(0), kind.at(1)) == pytest.approx((kind.weak, kind.strong))
    assert KINDS["poisson"].at(0.5) == pytest.approx((200 * 5) ** 0.5)
    assert KINDS["jpeg"].at(0.5) == 21


def test_jpeg_has_no_seams_where_the_squares_meet() -> None:
    rows, columns = np.mgrid[:400, :600]
    waves = 128 + 60 * np.sin(rows / 9) + 60 * np.cos(columns / 7)
    clean = np.stack([waves, 255 - waves, waves[::-1]], 2).clip(0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(clean).save(file, "JPEG", quality=21)
    assert np.array_equal(paint(clean, [everywhere("jpeg", 0.5)], 0), np.asarray(Image.open(file)))


@pytest.mark.parametrize("shape", [(40, 50), (40, 50, 3), (1, 700), (3, 8, 3)])
@pytest.mark.parametrize("bits", [8, 16])
def test_grey_and_thin_pictures_keep_shape_and_type(shape: tuple[int, ...], bits: int) -> None:
    clean = flat(0.5, bits, shape)
    for kind in KINDS:
        noisy = paint(clean, [everywhere(kind)], 0)
        assert noisy.shape == shape and noisy.dtype == clean.dtype
        assert kind == "jpeg" or (noisy != clean).any()
    assert (clean == clean.flat[0]).all()  # the picture itself stays
    assert np.array_equal(paint(clean, [], 0), clean)


@pytest.mark.parametrize(
    ("strength", "radius", "points"),
    [
        (1.1, 0.1, DOT),
        (float("nan"), 0.1, DOT),
        (0.5, 0, DOT),
        (0.5, 0.6, DOT),
        (0.5, float("nan"), DOT),
        (0.5, 0.1, ()),
        (0.5, 0.1, ((0.5, -0.1),)),
        (0.5, 0.1, ((float("inf"), 0.1),)),
    ],
)
def test_strokes_that_cannot_be_are_refused(strength: float, radius: float, points: tuple) -> None:
    with pytest.raises(InputError):
        Stroke("gaussian", strength, radius, points)


def test_unknown_kinds_too_many_strokes_and_other_arrays_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="gaussian"):
        Stroke("gausian", 0.5, 0.1, DOT)
    stroke = Stroke("gaussian", 0.5, 0.1, DOT)
    with pytest.raises(InputError, match="More than"):
        paint(flat(0.5), [stroke] * (painting.MOST_STROKES + 1), 0)
    long = Stroke("gaussian", 0.5, 0.1, DOT * (painting.MOST_POINTS + 1))
    with pytest.raises(InputError, match="points"):
        paint(flat(0.5), [long], 0)
    with pytest.raises(ShapeError):
        paint(flat(0.5, shape=(9, 9, 4)), [stroke], 0)


# --- how strong it is ---------------------------------------------------------------------------


def test_the_map_of_levels_says_where_and_how_strong() -> None:
    clean = np.full((200, 300, 3), 128, np.uint8)
    stroke = painting.Stroke("gaussian", 0.2, 0.1, ((0.2, 0.5), (0.4, 0.5)))
    levels = painting.level_map(clean, painting.paint(clean, [stroke], seed=0)).numpy()
    assert levels.shape == (200, 300)
    sigma = painting.KINDS["gaussian"].at(0.2)
    assert np.median(levels[80:120, 70:110]) == pytest.approx(sigma, rel=0.1)
    assert levels[:, 200:].max() == 0, "there is no damage"


def test_the_map_of_levels_is_that_of_the_region_where_few_pixels_are_hit() -> None:
    clean = np.full((100, 103), 128, np.uint8)  # the last block is cut off
    stroke = painting.Stroke("salt_and_pepper", 1.0, 0.5, ((0.5, 0.5),))
    painted = painting.paint(clean, [stroke], seed=0)
    level = painting.level_map(clean, painted)[30:70, 30:70].median()
    assert float(level) == pytest.approx(0.5 * 0.4**0.5, rel=0.15)


def test_a_map_needs_pictures_of_one_shape() -> None:
    clean = np.zeros((20, 20), np.uint8)
    with pytest.raises(ShapeError):
        painting.level_map(clean, clean[1:])


def test_levels_know_no_squares() -> None:
    clean = flat(0.5, shape=(300, 400))
    painted = clean.copy()
    painted[255, 255] = 255  # where four squares meet
    levels = painting.level_map(clean, painted).numpy()
    near = np.zeros((300, 400), bool)
    near[251:260, 251:260] = True
    own = np.zeros((300, 400), bool)
    own[240:256, 240:256] = True  # its block: beyond there is no damage
    assert ((levels > 0) == (near & own)).all()
