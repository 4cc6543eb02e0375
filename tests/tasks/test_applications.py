"""What the Applications page computes."""

import pytest
import torch
from small_models import small_network

from latentlab.baselines import morphology
from latentlab.baselines.enlargement import PatchRegression, classical_enlargers
from latentlab.data import datasets
from latentlab.errors import InputError, ShapeError
from latentlab.experiments import Curve, Result
from latentlab.experiments import augmentation as experiment
from latentlab.experiments.base import experiments
from latentlab.models import Classifier, CycleGAN, SuperResolution
from latentlab.tasks import applications
from latentlab.ui.applications import figures


def digits(count: int) -> torch.Tensor:
    return datasets.get("mnist").samples().tensor(slice(0, count))


def judge() -> Classifier:
    network = small_network("classifier")
    assert isinstance(network, Classifier)
    return network


# --- enlarging --------------------------------------------------------------------------------


def test_every_way_is_scored_against_the_true_picture() -> None:
    network = small_network("super_resolution")
    assert isinstance(network, SuperResolution)
    x = digits(1)[0]
    fitted = PatchRegression.fit(digits(60), 4, 3, 8)
    found = applications.enlarge(x, fitted, {"a.mse": ("Ours", network)}, judge())
    assert [way.name for way in found.ways] == [*classical_enlargers, "patches", "a.mse"]
    assert [way.side for way in found.ways] == ["classical"] * 3 + ["network"]
    assert found.small.shape == (1, 7, 7)
    assert torch.allclose(found.small[0, 1, 2], x[0, 4:8, 8:12].mean())
    for way in found.ways:
        assert way.image.shape == x.shape
        error = ((way.image - x) ** 2).mean().item()
        assert way.psnr == pytest.approx(-10 * torch.tensor(error).log10().item(), abs=1e-3)
        assert way.distance is not None and way.distance > 0
    assert found.best("psnr").psnr == max(way.psnr for way in found.ways)
    assert found.best("distance").distance == min(way.distance or 0 for way in found.ways)


def test_without_a_judge_there_is_no_distance() -> None:
    found = applications.enlarge(digits(1)[0], None, {}, None)
    assert len(found.ways) == len(classical_enlargers.names())
    with pytest.raises(InputError, match="distance"):
        found.best("distance")


@pytest.mark.parametrize("shape", [(28, 28), (1, 27, 28), (1, 1, 28, 28)])
def test_a_picture_that_cannot_be_made_small_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError):
        applications.enlarge(torch.zeros(shape), None, {}, None)


def test_plausible_pictures_are_those_that_look_alike_when_small_and_never_the_same() -> None:
    others = digits(200)
    x = others[17]
    found = applications.plausible(x, others, 5)
    assert not any(torch.equal(picture, x) for picture in found.pictures)
    small = torch.nn.functional.avg_pool2d(others, 4)
    off = (small - small[17]).square().flatten(1).sum(1)
    assert torch.equal(found.pictures[0], others[off.argsort()[1]])
    assert torch.allclose(found.mean, found.pictures.mean(0))
    assert found.beaten == sum(psnr < found.mean_psnr for psnr in found.psnr)
    with pytest.raises(InputError, match="200"):
        applications.plausible(x, others, 200)


def test_the_mean_of_plausible_pictures_is_no_worse_than_they_are_on_average() -> None:
    """By the squared error, whose minimum a mean is."""
    others = digits(300)
    for place in range(10):
        found = applications.plausible(others[place], others, 5)
        errors = [10 ** (-psnr / 10) for psnr in found.psnr]
        assert 10 ** (-found.mean_psnr / 10) <= sum(errors) / len(errors) + 1e-9


# --- maps of patches --------------------------------------------------------------------------


def test_maps_of_patches_learn_what_a_linear_map_can() -> None:
    """Pictures that are even over squares, but for a slope that the neighbours give away."""
    rng = torch.Generator().manual_seed(0)
    small = torch.rand(60, 1, 6, 6, generator=rng)
    x = torch.nn.functional.interpolate(small, scale_factor=2, mode="nearest")
    fitted = PatchRegression.fit(x, 2, 3, 2)
    again = fitted(small, 2)
    assert (again - x).abs().max() < 0.02
    assert torch.equal(fitted(small, 2), PatchRegression.fit(x, 2, 3, 2)(small, 2))


def test_maps_of_patches_refuse_what_they_were_not_fitted_for() -> None:
    fitted = PatchRegression.fit(digits(20), 4, 3, 4)
    with pytest.raises(InputError, match="by 4, not by 2"):
        fitted(torch.zeros(1, 1, 7, 7), 2)
    with pytest.raises(ShapeError):
        fitted(torch.zeros(1, 3, 7, 7), 4)
    with pytest.raises(InputError, match="49 patches"):
        PatchRegression.fit(digits(1), 4, 3, 50)


# --- translating ------------------------------------------------------------------------------


def test_both_directions_are_held_against_dilation_and_erosion() -> None:
    network = small_network("cycle_gan")
    assert isinstance(network, CycleGAN)
    x = digits(1)[0]
    found = applications.translate(x, network, judge())
    thick = morphology.dilate(x[None])[0]
    assert torch.equal(found.thicker.true.image, thick) and found.thicker.classical.error == 0
    assert torch.equal(found.thinner.given.image, thick)
    assert torch.equal(found.thinner.true.image, x)
    eroded = morphology.erode(thick[None])[0]
    assert found.thinner.classical.error == pytest.approx((eroded - x).abs().mean().item())
    with torch.inference_mode():
        there = network.there(x[None])
        assert found.thicker.again.error == pytest.approx(
            (network.back(there)[0] - x).abs().mean().item()
        )
    said = applications.faithful(found)
    assert f"**{found.thicker.network.error:.3f}**" in said
    assert ("stays what it was" in said) != ("becomes another" in said)
    assert "digit" not in applications.faithful(applications.translate(x, network, None))
    with pytest.raises(ShapeError):
        applications.translate(torch.zeros(3, 28, 28), network, None)


# --- more training pictures -------------------------------------------------------------------


def result(errors: dict[str, tuple[float, ...]], labels: tuple[int, ...] = (100,)) -> Result:
    """A result in which an arm has these errors, one a draw, on both data sets."""
    curves = []
    for line in experiments.get("augmentation").lines:
        arm = line.name.split(".")[1]
        values = errors.get(arm, (20.0, 20.5, 19.5)) if line.name.endswith("error") else (90.0,) * 3
        curves.append(Curve(line, labels, tuple((value,) * len(labels) for value in values)))
    return Result(
        experiment="augmentation",
        version=1,
        quick=False,
        budget="a test",
        seeds=(0, 1, 2),
        curves=tuple(curves),
        seconds=1.0,
        machine="a test",
    )


def test_arms_come_with_their_spread_over_draws() -> None:
    found = applications.arms(result({"gan": (10.0, 11.0, 12.0)}), "mnist", 100)
    assert [arm.name for arm in found] == list(experiment.ARMS)
    gan = next(arm for arm in found if arm.name == "gan")
    assert (gan.mean, gan.spread, gan.errors) == (11.0, 1.0, (10.0, 11.0, 12.0))
    with pytest.raises(InputError, match="1,000 labels"):
        applications.arms(result({}), "mnist", 1_000)
    assert applications.hits(result({}), "mnist", 100) == {"gaussian": 90.0, "gan": 90.0}
    assert applications.hits(result({}), "mnist", 1_000) == {}


@pytest.mark.parametrize(
    ("errors", "said"),
    [
        ({"classical": (10, 10.1, 9.9), "gan": (14, 14.2, 13.8)}, "**the classical way wins**"),
        ({"classical": (14, 14.1, 13.9), "gan": (10, 10.2, 9.8)}, "**the GAN wins**"),
        ({"classical": (10, 14, 12), "gan": (13, 11, 12.4)}, "3 draws of labels do not decide"),
        ({"classical": (10, 10.1, 9.9), "both": (8, 8.2, 7.9)}, "better still, **8.0 %**"),
        ({"classical": (10, 10.1, 9.9), "both": (12, 12.2, 11.9)}, "worse than deforming alone"),
        ({"classical": (10, 12, 11), "both": (11, 10, 12.5)}, "no better than deforming alone"),
        ({"classical": (10, 12, 11), "both": (11, 10, 11.5)}, "not surely better"),
    ],
)
def test_the_verdict_says_who_wins_and_when_chance_does(
    errors: dict[str, tuple[float, ...]], said: str
) -> None:
    found = applications.arms(result(errors), "mnist", 100)
    assert said in applications.verdict(found, 100)


def test_draws_are_compared_one_by_one() -> None:
    """Every draw agrees that the first is better by one, though draws differ by much more."""
    first = applications.Arm("a", "A", (10.0, 20.0, 30.0), 20.0, 10.0)
    second = applications.Arm("b", "B", (11.1, 21.0, 30.9), 21.0, 9.9)
    assert applications.differs(first, second)
    assert not applications.differs(
        first, applications.Arm("c", "C", (30.0, 20.0, 11.0), 20.3, 9.5)
    )
    alone = applications.Arm("d", "D", (10.0,), 10.0, None)
    assert not applications.differs(alone, alone)


# --- pictures of nothing ----------------------------------------------------------------------


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_a_picture_of_nothing_is_enlarged_and_said_without_an_error(level: float) -> None:
    network, cycle = small_network("super_resolution"), small_network("cycle_gan")
    assert isinstance(network, SuperResolution) and isinstance(cycle, CycleGAN)
    x = torch.full((1, 28, 28), level)
    found = applications.enlarge(
        x, None, {"super_resolution.mnist_mse": ("Ours", network)}, judge()
    )
    bicubic = found.ways[0]
    assert bicubic.psnr == float("inf") and "∞ dB" in figures.who_wins(found)
    assert figures.enlarged(found, closer=False).count("<img") == 5
    others = applications.plausible(x, digits(50), 5)
    assert figures.answers(others).count("<img") == 6 and "real pictures" in figures.why_blur(
        others
    )
    turned = applications.translate(x, cycle, judge())
    names = datasets.get("mnist").class_names
    assert figures.directions(turned.thicker, turned.thinner, names).count("<img") == 10
