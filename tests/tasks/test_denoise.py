"""Denoise: one noisy picture, every method, all scored alike."""

import math

import pytest
import torch
from small_models import small_network
from torch import Tensor

from latentlab import baselines
from latentlab.baselines import filters
from latentlab.baselines.pca import PrincipalComponents
from latentlab.data import datasets
from latentlab.errors import InputError, ShapeError
from latentlab.noise.corruptions import corruptions, make
from latentlab.pictures import images
from latentlab.tasks import denoise
from latentlab.tasks.denoise import Restoration


@pytest.fixture(scope="module")
def digits() -> Tensor:
    return datasets.get("mnist").samples().tensor()


@pytest.fixture(scope="module")
def components(digits: Tensor) -> PrincipalComponents:
    return PrincipalComponents.fit(digits[1::2], 64)


def restoration(name: str, side: baselines.Side, psnr: float) -> Restoration:
    return Restoration(name, name, side, torch.zeros(1, 28, 28), psnr, 0.0)


@pytest.mark.parametrize("name", list(corruptions))
def test_equal_seeds_give_equal_noise_and_others_do_not(digits: Tensor, name: str) -> None:
    once, again, other = (denoise.corrupt(digits[0], make(name), seed) for seed in (3, 3, 4))
    assert torch.equal(once, again)
    assert not torch.equal(once, other)
    assert once.shape == digits[0].shape


def test_scores_compare_with_the_clean_picture() -> None:
    clean, noisy = torch.full((1, 28, 28), 0.5), torch.full((1, 28, 28), 0.6)
    done = denoise.denoise(clean, noisy, {}, ())
    # MSE = 0.01, so PSNR = 10 log10(1 / 0.01) = 20 dB.
    assert done.by("noisy").psnr == pytest.approx(20, abs=1e-4)
    # Flat pictures: SSIM = (2 * 0.5 * 0.6 + 1e-4) / (0.25 + 0.36 + 1e-4), Wang et al. eq. 13.
    assert done.by("noisy").ssim == pytest.approx(0.6001 / 0.6101, abs=1e-5)


def test_a_network_sees_the_noisy_picture_alone(digits: Tensor) -> None:
    model = small_network("autoencoder")
    noisy = denoise.corrupt(digits[0], make("gaussian", 0.5), 0)
    done = denoise.denoise(digits[0], noisy, {"autoencoder.x": ("AE", model)}, ())
    with torch.inference_mode():
        expected = model.decode(model.encode(noisy[None]).mode())[0]
    assert torch.equal(done.by("autoencoder.x").image, expected)
    assert done.by("autoencoder.x").label == "AE"
    elsewhere = denoise.denoise(digits[1], noisy, {"autoencoder.x": ("AE", model)}, ())
    assert torch.equal(elsewhere.by("autoencoder.x").image, expected)
    assert elsewhere.by("autoencoder.x").psnr != done.by("autoencoder.x").psnr


def test_the_winner_is_whoever_it_is() -> None:
    x = torch.zeros(1, 28, 28)
    clean = x + 0.1  # doing nothing has 20 dB
    for classical, winner in (
        ((restoration("tv", "classical", 25.0), restoration("median", "classical", 21.0)), "tv"),
        ((restoration("tv", "classical", 15.0),), "noisy"),
        ((restoration("net", "network", 30.0), restoration("tv", "classical", 29.0)), "net"),
    ):
        assert denoise.denoise(clean, x, {}, classical).winner.name == winner
    done = denoise.denoise(clean, x, {}, classical)
    with pytest.raises(KeyError):
        done.by("nobody")


def test_without_noise_nothing_beats_doing_nothing(
    digits: Tensor, components: PrincipalComponents
) -> None:
    clean = digits[0]
    noisy = denoise.corrupt(clean, make("gaussian", 0.0), 0)
    baselines = denoise.restore_classically(clean, noisy, components)
    done = denoise.denoise(clean, noisy, {"a": ("a", small_network("autoencoder"))}, baselines)
    assert math.isinf(done.winner.psnr)
    assert done.winner.name == "noisy"


@pytest.mark.parametrize("name", ["gaussian", "masking", "occlusion"])
def test_every_classical_method_is_there_and_set_by_the_oracle(
    digits: Tensor, components: PrincipalComponents, name: str
) -> None:
    clean = digits[4]
    noisy = denoise.corrupt(clean, make(name), 0)
    baselines = denoise.restore_classically(clean, noisy, components)
    assert [baseline.name for baseline in baselines] == ["pca", *filters.denoisers]
    for baseline in baselines[1:]:
        image, parameter = filters.denoise_best(baseline.name, noisy[None], clean[None])
        assert torch.equal(baseline.image, image[0])
        assert f"{parameter:g}" in baseline.setting
        assert baseline.side == "classical"


def test_pca_takes_the_number_of_components_that_serves_best(
    digits: Tensor, components: PrincipalComponents
) -> None:
    clean = digits[2]
    noisy = denoise.corrupt(clean, make("gaussian", 0.5), 1)
    pca = denoise.restore_classically(clean, noisy, components)[0]
    errors = {}
    for k in (1, 2, 4, 8, 16, 32, 64):
        projected = components.truncate(k).reconstruct(noisy[None])
        levelled = filters.fit_levels(projected, clean[None]).clamp(0, 1)[0]
        errors[k] = float((levelled - clean).square().mean())
    least = min(errors, key=errors.__getitem__)
    assert pca.setting == f"{least} component{'s' if least > 1 else ''}"
    assert pca.psnr == pytest.approx(-10 * math.log10(errors[least]), abs=1e-3)


def test_colour_pictures_are_restored_in_colour() -> None:
    faces = datasets.get("toon_faces").samples().tensor(slice(0, 40))
    components = PrincipalComponents.fit(faces[1:], 8)
    noisy = denoise.corrupt(faces[0], make("gaussian", 0.3), 0)
    baselines = denoise.restore_classically(faces[0], noisy, components)
    model = small_network("vae", (3, 64, 64))
    done = denoise.denoise(faces[0], noisy, {"vae.x": ("VAE", model)}, baselines)
    for each in done.restorations:
        assert each.image.shape == (3, 64, 64)
        assert each.image.min() >= 0
        assert each.image.max() <= 1
    restored = done.by("vae.x")
    clean, noise, network, error = denoise.comparison(done, "vae.x")
    assert clean[0] == "Clean"
    assert torch.equal(clean[1], faces[0])
    assert torch.equal(noise[1], noisy)
    assert network[0] == f"VAE: {restored.psnr:.1f} dB"
    assert torch.equal(network[1], restored.image)
    assert torch.equal(error[1], images.error_map(faces[0], restored.image))


def test_curves_hold_what_the_page_would_show_at_each_strength(
    digits: Tensor, components: PrincipalComponents
) -> None:
    models = {"a": ("Net", small_network("autoencoder"))}
    curves = denoise.curves(digits[0], "gaussian", (0.2, 0.6), 5, models, components)
    assert [curve.name for curve in curves] == ["noisy", "a", "pca", *filters.denoisers]
    noisy = denoise.corrupt(digits[0], make("gaussian", 0.6), 5)
    baselines = denoise.restore_classically(digits[0], noisy, components)
    done = denoise.denoise(digits[0], noisy, models, baselines)
    for curve, each in zip(curves, done.restorations, strict=True):
        assert curve.psnr[1] == pytest.approx(each.psnr, abs=1e-4)
    assert curves[0].psnr[0] > curves[0].psnr[1]
    with pytest.raises(InputError):
        denoise.curves(digits[0], "gaussian", (7.0,), 5, models, components)


def test_pictures_of_another_shape_are_refused(
    digits: Tensor, components: PrincipalComponents
) -> None:
    with pytest.raises(ShapeError):
        denoise.corrupt(digits[:1], make("gaussian"), 0)
    with pytest.raises(ShapeError):
        denoise.denoise(digits[0], torch.zeros(1, 20, 20), {}, ())
    with pytest.raises(ShapeError):
        denoise.restore_classically(torch.zeros(1, 20, 20), torch.zeros(1, 20, 20), components)
    model = small_network("autoencoder")
    with pytest.raises(ShapeError):
        denoise.denoise(torch.zeros(1, 20, 20), torch.zeros(1, 20, 20), {"a": ("a", model)}, ())
