"""What classical methods do with few pictures, small pictures and strokes."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from latentlab.baselines import morphology
from latentlab.baselines.augmentation import CLASSICAL, Deformation
from latentlab.baselines.class_gaussians import ClassGaussians
from latentlab.baselines.enlargement import classical_enlargers
from latentlab.data import datasets
from latentlab.data.few import few_of
from latentlab.errors import InputError


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def digits(count: int = 64) -> torch.Tensor:
    return datasets.get("mnist").samples().tensor(slice(0, count))


# --- deformation ------------------------------------------------------------------------------


def test_no_deformation_leaves_pictures_alone() -> None:
    x = digits()
    assert torch.allclose(Deformation().apply(x, rng()), x, atol=1e-5)


def test_a_deformation_is_drawn_for_each_picture_by_itself_and_by_the_generator() -> None:
    x = digits(1).repeat(6, 1, 1, 1)
    found = CLASSICAL["mnist"].apply(x, rng(3))
    assert all(not torch.equal(found[0], other) for other in found[1:])
    assert torch.equal(found, CLASSICAL["mnist"].apply(x, rng(3)))
    assert not torch.equal(found, CLASSICAL["mnist"].apply(x, rng(4)))


def test_a_shift_moves_what_is_seen_by_so_many_pixels_at_most() -> None:
    x = torch.zeros(200, 1, 28, 28)
    x[:, :, 14, 14] = 1
    moved = Deformation(shift=3).apply(x, rng())
    rows, columns = torch.arange(28.0).view(1, 28, 1), torch.arange(28.0).view(1, 1, 28)
    mass = moved[:, 0].sum((1, 2))
    down = (moved[:, 0] * rows).sum((1, 2)) / mass - 14
    right = (moved[:, 0] * columns).sum((1, 2)) / mass - 14
    for way in (down, right):
        assert way.abs().max() <= 3.01
        assert way.max() > 2 and way.min() < -2  # the whole range is used
        assert abs(way.mean()) < 0.5


def test_a_turn_keeps_the_middle_and_moves_the_rim() -> None:
    x = torch.zeros(50, 1, 29, 29)
    x[:, :, 14, 14] = 1
    x[:, :, 14, 26] = 0.5
    turned = Deformation(turn=20).apply(x, rng())
    assert torch.allclose(turned[:, 0, 14, 14], torch.ones(50), atol=1e-4)
    assert turned[:, 0, 14, 26].min() < 0.05


def test_half_of_the_pictures_are_mirrored() -> None:
    x = digits(1).repeat(200, 1, 1, 1)
    found = Deformation(mirror=True).apply(x, rng())
    mirrored = torch.isclose(found, x.flip(3), atol=1e-4).all(3).all(2).all(1)
    same = torch.isclose(found, x, atol=1e-4).all(3).all(2).all(1)
    assert (mirrored ^ same).all() and 70 < mirrored.sum() < 130


def test_gradients_pass_a_deformation() -> None:
    x = digits(4).requires_grad_(True)
    CLASSICAL["mnist"].apply(x, rng()).square().sum().backward()
    assert x.grad is not None and (x.grad.abs().flatten(1).sum(1) > 0).all()


# --- a Gaussian a class -----------------------------------------------------------------------


def test_samples_of_a_class_have_its_mean_and_spread() -> None:
    chance = rng()
    labels = torch.arange(3000) % 3
    middles = torch.tensor([0.3, 0.5, 0.7])[labels].view(-1, 1, 1, 1)
    spreads = torch.tensor([0.02, 0.04, 0.06])[labels].view(-1, 1, 1, 1)
    x = middles + spreads * torch.randn(3000, 1, 4, 4, generator=chance)
    found = ClassGaussians.fit(x, labels, 3)
    asked = torch.arange(6000) % 3
    drawn = found.sample(asked, chance)
    assert drawn.shape == (6000, 1, 4, 4)
    for k, (middle, spread) in enumerate(((0.3, 0.02), (0.5, 0.04), (0.7, 0.06))):
        own = drawn[asked == k]
        assert own.mean().item() == pytest.approx(middle, abs=0.005)
        # A tenth of the covariance is that of all classes, .0019 in the mean.
        expected = (0.9 * spread**2 + 0.1 * 0.00187) ** 0.5
        assert own.std(0).mean().item() == pytest.approx(expected, rel=0.08)


def test_a_few_pictures_a_class_are_enough() -> None:
    images = few_of(datasets.get("mnist").samples(), 30, seed=0)
    found = ClassGaussians.fit(images.tensor(), torch.from_numpy(images.labels), 10)
    drawn = found.sample(torch.arange(10), rng())
    assert drawn.isfinite().all() and drawn.min() >= 0 and drawn.max() <= 1
    assert torch.equal(drawn, found.sample(torch.arange(10), rng()))


# --- a few labelled pictures ------------------------------------------------------------------


def test_a_few_are_as_many_of_each_class_and_a_part_of_more() -> None:
    samples = datasets.get("mnist").samples()
    few, more = few_of(samples, 100, seed=2), few_of(samples, 400, seed=2)
    assert np.bincount(few.labels).tolist() == [10] * 10 and not few.complete
    assert set(few.ids.tolist()) < set(more.ids.tolist())
    assert set(few.ids.tolist()) != set(few_of(samples, 100, seed=3).ids.tolist())
    for image, label, place in zip(few.images, few.labels, few.ids, strict=True):
        at = int(np.flatnonzero(samples.ids == place)[0])
        assert samples.labels[at] == label and np.array_equal(samples.images[at], image)


@pytest.mark.parametrize("count", [0, 9, 10_000])
def test_what_cannot_be_drawn_is_said(count: int) -> None:
    with pytest.raises(InputError, match=str(count)):
        few_of(datasets.get("mnist").samples(), count, seed=0)


# --- enlargement ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", classical_enlargers.names())
def test_an_even_picture_stays_even_and_the_size_is_four_times_as_large(name: str) -> None:
    small = torch.full((2, 3, 5, 7), 0.4)
    large = classical_enlargers.get(name)(small, 4)
    assert large.shape == (2, 3, 20, 28)
    assert torch.allclose(large, torch.full_like(large, 0.4), atol=1e-6)


@pytest.mark.parametrize("name", classical_enlargers.names())
def test_what_is_enlarged_stays_in_range(name: str) -> None:
    small = (torch.rand(4, 1, 7, 7, generator=rng()) > 0.5).float()
    large = classical_enlargers.get(name)(small, 4)
    assert large.min() >= 0 and large.max() <= 1


def test_back_projection_agrees_with_the_small_picture_and_beats_bicubic() -> None:
    x = digits()
    small = F.avg_pool2d(x, 4)
    plain, mended = (
        classical_enlargers.get(name)(small, 4) for name in ("bicubic", "back_projection")
    )
    off = [(F.avg_pool2d(each, 4) - small).abs().mean().item() for each in (plain, mended)]
    assert off[1] < off[0] / 5
    errors = [((each - x) ** 2).mean().item() for each in (plain, mended)]
    assert errors[1] < errors[0]


# --- morphology -------------------------------------------------------------------------------


def test_a_dot_grows_to_nine_and_shrinks_again() -> None:
    x = torch.zeros(1, 1, 7, 7)
    x[0, 0, 3, 3] = 1
    grown = morphology.dilate(x)
    assert grown.sum() == 9 and grown[0, 0, 2:5, 2:5].min() == 1
    assert torch.equal(morphology.erode(grown), x)
    assert morphology.erode(x).sum() == 0


def test_dilation_is_that_of_scikit_image() -> None:
    from skimage.morphology import dilation, erosion

    x = digits(5)
    for ours, theirs in ((morphology.dilate, dilation), (morphology.erode, erosion)):
        expected = np.stack([theirs(picture, np.ones((3, 3))) for picture in x[:, 0].numpy()])
        assert np.allclose(ours(x)[:, 0].numpy(), expected)
