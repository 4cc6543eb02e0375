import numpy as np
import pytest
import torch

from latentlab.baselines.filters import denoise_best, denoisers
from latentlab.baselines.pca import EXACT_UP_TO, PrincipalComponents
from latentlab.baselines.photo_filters import photo_denoisers
from latentlab.errors import InputError, ShapeError, UnknownNameError
from latentlab.metrics import metrics
from latentlab.noise.corruptions import make

every = pytest.mark.parametrize("name", denoisers.names())
psnr = metrics.get("psnr")


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def shapes(count: int = 3, channels: int = 1, side: int = 32) -> torch.Tensor:
    """Bright discs on a dim slope: edges and a gradient, as denoisers expect of a picture."""
    rows, columns = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    pictures = []
    for index in range(count):
        centre = side * (0.35 + 0.1 * index)
        disc = (rows - centre) ** 2 + (columns - side / 2) ** 2 < (side / 4) ** 2
        slope = 0.2 + 0.3 * columns / side
        layers = [torch.where(disc, 0.9 - 0.2 * c, slope) for c in range(channels)]
        pictures.append(torch.stack(layers))
    return torch.stack(pictures).float()


def test_the_five_denoisers_are_registered():
    expected = ["median", "gaussian", "non_local_means", "total_variation", "wavelet"]
    assert denoisers.names() == expected


# --- photographs


def photograph(side: int = 96) -> torch.Tensor:
    """[1,3,H,W]: the spectrum of photographs, 1/f, in channels that nearly repeat one another."""
    frequencies = torch.fft.fftfreq(side)
    distance = (frequencies[:, None] ** 2 + frequencies**2).sqrt().clamp(min=1 / side)
    white = torch.randn(side, side, generator=generator(7))
    texture = torch.fft.ifft2(torch.fft.fft2(white) / distance).real
    grey = 0.5 + 0.15 * texture / texture.std()
    tint = torch.tensor([1.0, 0.9, 0.8])[:, None, None]
    return (tint * (0.5 * grey + 0.5 * shapes(1, 1, side)[0, 0])).clamp(0, 1)[None]


@pytest.mark.parametrize("name", photo_denoisers.names())
@pytest.mark.parametrize("sigma", [15 / 255, 50 / 255])
def test_photographs_are_restored_better_in_opponent_colours(name, sigma):
    clean = photograph()
    noisy = clean + sigma * torch.randn(clean.shape, generator=generator())
    ours = denoise_best(name, noisy, clean, among=photo_denoisers).restored
    channel_by_channel = denoise_best(name, noisy, clean).restored
    assert psnr(ours, clean) > psnr(channel_by_channel, clean) + 0.5
    alone = photo_denoisers.get(name)(noisy, sigma)  # without an oracle
    assert psnr(alone, clean) > psnr(ours, clean) - 1


@pytest.mark.parametrize("name", photo_denoisers.names())
@pytest.mark.parametrize("size", [(1, 3, 8, 8), (2, 1, 9, 30), (1, 3, 40, 14)])
@pytest.mark.parametrize("sigma", [0.0, 0.3])
def test_photographs_keep_shape_and_range(name, size, sigma):
    x = torch.rand(size, generator=generator())
    restored = photo_denoisers.get(name)(x, sigma)
    assert restored.shape == x.shape and restored.isfinite().all()
    assert restored.min() >= 0 and restored.max() <= 1


def test_photographs_have_the_same_denoisers():
    assert photo_denoisers.names() == denoisers.names()


def test_the_oracle_judges_what_lies_inside():
    clean = photograph(64)
    noisy = clean + 0.1 * torch.randn(clean.shape, generator=generator())
    noisy[..., 40:] += torch.randn(noisy[..., 40:].shape, generator=generator()) * 0.3
    inside = (slice(8, 56), slice(0, 32))
    whole = denoise_best("gaussian", noisy, clean, among=photo_denoisers)
    part = denoise_best("gaussian", noisy, clean, among=photo_denoisers, inside=inside)
    assert part.restored.shape == (1, 3, 48, 32)
    assert part.parameter < whole.parameter
    cropped = whole.restored[..., inside[0], inside[1]]
    reference = clean[..., inside[0], inside[1]]
    assert psnr(part.restored, reference) > psnr(cropped, reference)


# --- denoisers: the contract


@every
@pytest.mark.parametrize("size", [(2, 1, 28, 28), (1, 3, 40, 24), (1, 1, 5, 9), (2, 2, 2, 2)])
@pytest.mark.parametrize("sigma", [0.0, 0.3])
def test_shape_and_range_are_kept(name, size, sigma):
    x = torch.rand(size, generator=generator())
    restored = denoisers.get(name)(x, sigma)
    assert restored.shape == x.shape
    assert restored.dtype == torch.float32
    assert restored.isfinite().all()
    assert restored.min() >= 0 and restored.max() <= 1


@every
@pytest.mark.parametrize("channels", [1, 3])
def test_gaussian_noise_becomes_less(name, channels):
    clean = shapes(channels=channels)
    noisy = make("gaussian", 0.15)(clean, generator())
    before = psnr(noisy, clean).mean()
    assert psnr(denoisers.get(name)(noisy, 0.15), clean).mean() > before + 2


@every
def test_input_is_not_written_to_and_results_repeat(name):
    noisy = make("gaussian")(shapes(), generator())
    before = noisy.clone()
    first = denoisers.get(name)(noisy, 0.3)
    assert torch.equal(noisy, before)
    assert torch.equal(first, denoisers.get(name)(noisy, 0.3))


@every
def test_each_picture_is_denoised_on_its_own(name):
    noisy = make("gaussian", 0.2)(shapes(channels=3), generator())
    whole = denoisers.get(name)(noisy, 0.2)
    torch.testing.assert_close(whole[1:2], denoisers.get(name)(noisy[1:2], 0.2))


@every
def test_a_flat_picture_stays_flat(name):
    for level in (0.0, 0.4, 1.0):
        flat = torch.full((1, 3, 16, 16), level)
        torch.testing.assert_close(denoisers.get(name)(flat, 0.0), flat, atol=1e-5, rtol=0)


@every
def test_no_pictures_give_no_pictures(name):
    assert denoisers.get(name)(torch.zeros(0, 1, 28, 28), 0.1).shape == (0, 1, 28, 28)


@every
def test_description_is_complete(name):
    denoiser = denoisers.get(name)
    assert denoiser.name == name
    assert denoiser.label and denoiser.parameter_label
    assert any(year in denoiser.paper for year in ("1977", "1980", "1992", "2000", "2005"))
    assert list(denoiser.grid) == sorted(set(denoiser.grid))
    for sigma in (0.0, 0.1, 0.5, 1.0):
        assert denoiser.grid[0] <= denoiser.default_parameter(sigma) <= denoiser.grid[-1]


@every
def test_wrong_shapes_are_refused(name):
    with pytest.raises(ShapeError):
        denoisers.get(name)(torch.zeros(28, 28), 0.1)


# --- denoisers: values by hand


def test_median_by_hand():
    # A lone white pixel is outvoted in every disc; a half plane keeps its edge.
    x = torch.zeros(1, 1, 7, 7)
    x[0, 0, 3, 3] = 1
    assert (denoisers.get("median").restore(x, 1.0, 0.1) == 0).all()
    x[..., 4:] = 1
    x[0, 0, 3, 3] = 0
    assert torch.equal(denoisers.get("median").restore(x, 1.0, 0.1), x)


def test_gaussian_by_hand():
    # The centre of a blurred point is the kernel's peak, 1 / (2πσ²) for a kernel of some pixels.
    x = torch.zeros(1, 1, 21, 21)
    x[0, 0, 10, 10] = 1
    blurred = denoisers.get("gaussian").restore(x, 2.0, 0.1)
    assert blurred[0, 0, 10, 10].item() == pytest.approx(1 / (8 * np.pi), rel=0.01)
    assert blurred.sum().item() == pytest.approx(1, rel=1e-3)


# --- the oracle


@every
def test_oracle_is_the_best_of_the_grid(name):
    clean = shapes()
    noisy = make("gaussian", 0.3)(clean, generator())
    denoiser = denoisers.get(name)
    sigma = (noisy - clean).square().mean().sqrt().item()
    scores = {p: psnr(denoiser.restore(noisy, p, sigma), clean).mean() for p in denoiser.grid}
    restored, parameter = denoise_best(name, noisy, clean, match_levels=False)
    assert parameter == max(scores, key=scores.__getitem__)
    assert psnr(restored, clean).mean() == scores[parameter]


@every
@pytest.mark.parametrize("corruption", ["gaussian", "salt_and_pepper", "masking"])
def test_oracle_is_at_least_as_good_as_not_knowing_and_levels_help(name, corruption):
    clean = shapes(channels=3)
    noisy = make(corruption, 0.3)(clean, generator())
    plain, leveled = (
        denoise_best(name, noisy, clean, match_levels=levels).restored for levels in (False, True)
    )
    unknowing = denoisers.get(name)(noisy, 0.3)
    assert leveled.min() >= 0 and leveled.max() <= 1
    assert psnr(plain, clean).mean() >= psnr(unknowing, clean).mean() - 0.25
    assert psnr(leveled, clean).mean() > psnr(plain, clean).mean()


def test_matched_levels_undo_a_change_of_contrast():
    clean = shapes()
    restored, _ = denoise_best("gaussian", 0.5 * clean + 0.25, clean)
    assert psnr(restored, clean).mean() > 35
    restored, _ = denoise_best("gaussian", 0.5 * clean + 0.25, clean, match_levels=False)
    assert psnr(restored, clean).mean() < 25


@every
def test_oracle_stands_flat_and_perfect_pictures(name):
    clean = shapes(1)
    for noisy in (torch.zeros_like(clean), clean):
        restored, parameter = denoise_best(name, noisy, clean)
        assert restored.isfinite().all()
        assert parameter in denoisers.get(name).grid


def test_oracle_refuses_what_it_cannot_compare():
    x = torch.zeros(1, 1, 8, 8)
    with pytest.raises(UnknownNameError, match="median"):
        denoise_best("medain", x, x)
    with pytest.raises(ShapeError):
        denoise_best("median", x, torch.zeros(1, 1, 8, 9))
    with pytest.raises(ShapeError):
        denoise_best("median", x[0], x[0])
    with pytest.raises(InputError, match="no picture"):
        denoise_best("median", x[:0], x[:0])


# --- principal components


def lines(count: int = 50) -> torch.Tensor:
    """Pictures [N,1,2,2] that vary much along (1,1,0,0) and little along (0,0,1,-1)."""
    much, little = torch.linspace(-0.3, 0.3, count), 0.05 * torch.cos(torch.arange(count))
    flat = 0.5 + torch.stack([much, much, little, -little], dim=1)
    return flat.reshape(count, 1, 2, 2)


def test_principal_components_by_hand():
    pca = PrincipalComponents.fit(lines(), 2)
    half = 0.5**0.5
    expected = torch.tensor([[half, half, 0, 0], [0, 0, half, -half]])
    torch.testing.assert_close(pca.components.abs(), expected.abs(), atol=0.02, rtol=0)
    assert pca.components[1, 2] * pca.components[1, 3] < 0
    # Along (1,1)/√2 the coordinate is √2 times `much`: twice its variance.
    expected_variance = 2 * np.var(np.linspace(-0.3, 0.3, 50), ddof=1)
    assert pca.variance[0].item() == pytest.approx(expected_variance, rel=1e-3)
    assert pca.k == 2 and pca.image_shape == (1, 2, 2)


def test_as_many_components_as_the_data_has_restore_it():
    x = lines()
    torch.testing.assert_close(PrincipalComponents.fit(x, 2).reconstruct(x), x)


def test_codes_and_pictures_go_both_ways():
    pca = PrincipalComponents.fit(shapes(20, 3, 12), 5)
    z = 0.05 * torch.randn(7, 5, generator=generator())
    torch.testing.assert_close(pca.encode(pca.decode(z)), z, atol=1e-4, rtol=0)
    assert pca.decode(z).shape == (7, 3, 12, 12)
    assert pca.decode(torch.zeros(0, 5)).shape == (0, 3, 12, 12)


def test_decoded_pictures_are_clipped():
    pca = PrincipalComponents.fit(lines(), 1)
    far = pca.decode(torch.tensor([[100.0], [-100.0]]))
    assert far.min() == 0 and far.max() == 1


@pytest.mark.parametrize(("side", "seed"), [(16, 0), (48, 0), (48, 1)])
def test_components_agree_with_scikit_learn(side, seed):
    from sklearn.decomposition import PCA

    assert (side**2 > EXACT_UP_TO) == (side == 48)
    x = torch.rand(40, 6, generator=generator()) ** 2
    patterns = torch.rand(6, side * side, generator=generator(1))
    images = (x @ patterns / 6).reshape(40, 1, side, side)
    ours = PrincipalComponents.fit(images, 4, seed)
    theirs = PCA(4, svd_solver="full").fit(images.flatten(1).double().numpy())
    overlap = ours.components @ torch.from_numpy(theirs.components_).float().T
    torch.testing.assert_close(overlap.abs(), torch.eye(4), atol=1e-3, rtol=0)
    torch.testing.assert_close(
        ours.variance, torch.from_numpy(theirs.explained_variance_).float(), rtol=1e-3, atol=1e-6
    )
    shares = torch.from_numpy(theirs.explained_variance_ratio_).float()
    torch.testing.assert_close(ours.shares, shares, rtol=1e-3, atol=1e-6)
    torch.testing.assert_close(ours.truncate(2).shares, shares[:2], rtol=1e-3, atol=1e-6)


def test_pictures_that_are_all_the_same_vary_in_no_direction():
    for count in (1, 3):
        same = PrincipalComponents.fit(torch.full((count, 1, 2, 2), 0.5), 1)
        assert same.shares.tolist() == [0]


def test_data_is_summed_over_all_its_parts():
    x = torch.rand(9000, 1, 2, 3, generator=generator()) * torch.arange(1.0, 7.0).reshape(2, 3) / 6
    pca = PrincipalComponents.fit(x, 6)
    expected = np.linalg.eigvalsh(np.cov(x.flatten(1).double().numpy(), rowvar=False))[::-1]
    assert pca.variance.tolist() == pytest.approx(expected.tolist(), rel=1e-4)
    torch.testing.assert_close(pca.mean, x.flatten(1).mean(dim=0))


def test_signs_are_fixed():
    pca = PrincipalComponents.fit(shapes(20, 1, 12), 6)
    strongest = pca.components.abs().argmax(dim=1)
    assert (pca.components[torch.arange(6), strongest] > 0).all()


def test_more_components_never_reconstruct_worse():
    x = torch.rand(60, 1, 8, 8, generator=generator()) * 0.5 + 0.25
    full = PrincipalComponents.fit(x, 30)
    errors = [(full.truncate(k).reconstruct(x) - x).square().mean().item() for k in range(1, 31)]
    assert errors == sorted(errors, reverse=True)


def test_truncating_is_fitting_fewer():
    x = shapes(20, 1, 12)
    short, fitted = PrincipalComponents.fit(x, 6).truncate(2), PrincipalComponents.fit(x, 2)
    torch.testing.assert_close(short.components, fitted.components)
    torch.testing.assert_close(short.variance, fitted.variance)
    assert torch.equal(short.mean, fitted.mean)


def test_impossible_components_are_refused():
    x = shapes(5, 1, 12)
    for k in (0, 6):
        with pytest.raises(InputError, match="1 to 5"):
            PrincipalComponents.fit(x, k)
    pca = PrincipalComponents.fit(x, 3)
    for k in (0, 4):
        with pytest.raises(InputError, match="1 to 3"):
            pca.truncate(k)
    with pytest.raises(ShapeError):
        PrincipalComponents.fit(x[0], 1)
    with pytest.raises(ShapeError):
        pca.encode(torch.zeros(2, 1, 10, 10))
    with pytest.raises(ShapeError):
        pca.decode(torch.zeros(2, 4))
