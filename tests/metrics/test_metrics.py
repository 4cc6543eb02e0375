import math

import numpy as np
import pytest
import torch

from latentlab.errors import InputError, ShapeError, UnknownNameError
from latentlab.metrics import (
    coverage_and_density,
    frechet_distance,
    knn_accuracy,
    knn_accuracy_within,
    metrics,
    trustworthiness,
)

every = pytest.mark.parametrize("name", metrics.names())


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def pictures(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.rand(*shape, generator=generator(seed))


# --- pairwise metrics: the contract


def test_the_three_pairwise_metrics_are_registered():
    assert metrics.names() == ["mse", "psnr", "ssim"]
    assert [metrics.get(name).unit for name in metrics] == ["", "dB", ""]
    assert [metrics.get(name).higher_is_better for name in metrics] == [False, True, True]
    with pytest.raises(UnknownNameError, match="psnr"):
        metrics.get("pnsr")


@every
@pytest.mark.parametrize("shape", [(5, 1, 28, 28), (2, 3, 64, 48), (3, 2, 8, 9), (1, 1, 1, 1)])
def test_one_finite_number_per_pair(name, shape):
    scores = metrics.get(name)(pictures(*shape), pictures(*shape, seed=1))
    assert scores.shape == shape[:1]
    assert scores.dtype == torch.float32
    assert scores.isfinite().all()


@every
def test_metrics_are_symmetric_and_blind_to_the_rest_of_the_batch(name):
    metric = metrics.get(name)
    x, y = pictures(3, 1, 20, 20), pictures(3, 1, 20, 20, seed=1)
    torch.testing.assert_close(metric(x, y), metric(y, x))
    torch.testing.assert_close(metric(x, y)[1:2], metric(x[1:2], y[1:2]))


@every
def test_more_noise_scores_worse(name):
    metric = metrics.get(name)
    x, noise = pictures(1, 1, 32, 32), torch.randn(1, 1, 32, 32, generator=generator(3))
    scores = [metric(x, x + sigma * noise).item() for sigma in (0.05, 0.1, 0.3)]
    assert scores == sorted(scores, reverse=metric.higher_is_better)


@every
def test_unequal_shapes_are_refused(name):
    metric = metrics.get(name)
    with pytest.raises(ShapeError) as caught:
        metric(pictures(2, 1, 8, 8), pictures(2, 1, 8, 9))
    assert caught.value.expected == [2, 1, 8, 8]
    assert caught.value.actual == [2, 1, 8, 9]
    with pytest.raises(ShapeError):
        metric(pictures(2, 1, 8, 8), pictures(1, 1, 8, 8))
    with pytest.raises(ShapeError):
        metric(pictures(8, 8), pictures(8, 8))


# --- pairwise metrics: values by hand


def test_mse_by_hand():
    x = torch.tensor([[[[0.0, 0.5]]], [[[1.0, 1.0]]]])
    y = torch.tensor([[[[0.2, 0.1]]], [[[1.0, 0.0]]]])
    # (0.04 + 0.16) / 2 and (0 + 1) / 2
    torch.testing.assert_close(metrics.get("mse")(x, y), torch.tensor([0.1, 0.5]))


def test_psnr_by_hand():
    x = torch.zeros(2, 3, 4, 4)
    y = torch.stack([torch.full((3, 4, 4), 0.1), torch.ones(3, 4, 4)])
    # mse 0.01 -> 20 dB; mse 1 -> 0 dB
    torch.testing.assert_close(metrics.get("psnr")(x, y), torch.tensor([20.0, 0.0]))


def test_psnr_of_equal_pictures_is_infinite():
    x = pictures(1, 1, 4, 4)
    assert metrics.get("psnr")(x, x).item() == math.inf


def test_ssim_of_equal_pictures_is_one():
    x = pictures(2, 3, 16, 16)
    torch.testing.assert_close(metrics.get("ssim")(x, x), torch.ones(2))


def test_ssim_of_flat_pictures_by_hand():
    # Without variance only the luminance term is left: (2ab + C1) / (a² + b² + C1), C1 = 0.01².
    a, b = 0.2, 0.6
    score = metrics.get("ssim")(torch.full((1, 1, 16, 16), a), torch.full((1, 1, 16, 16), b))
    assert score.item() == pytest.approx((2 * a * b + 1e-4) / (a * a + b * b + 1e-4), rel=1e-5)


def test_ssim_follows_the_formula_of_wang_at_one_window():
    # An 11 x 11 picture holds exactly one window, so that the mean is that of its centre.
    x, y = pictures(1, 1, 11, 11), pictures(1, 1, 11, 11, seed=1)
    bell = torch.exp(-(torch.arange(-5.0, 6.0) ** 2) / (2 * 1.5**2)).double()
    window = bell[:, None] * bell / (bell.sum() ** 2)
    a, b = x[0, 0].double(), y[0, 0].double()
    mean_a, mean_b = (window * a).sum(), (window * b).sum()
    variance_a = (window * a * a).sum() - mean_a**2
    variance_b = (window * b * b).sum() - mean_b**2
    covariance = (window * a * b).sum() - mean_a * mean_b
    c1, c2 = 0.01**2, 0.03**2
    expected = ((2 * mean_a * mean_b + c1) * (2 * covariance + c2)) / (
        (mean_a**2 + mean_b**2 + c1) * (variance_a + variance_b + c2)
    )
    assert metrics.get("ssim")(x, y).item() == pytest.approx(expected.item(), rel=1e-5)


def test_ssim_of_colour_is_the_mean_of_the_channels():
    x, y = pictures(1, 3, 16, 16), pictures(1, 3, 16, 16, seed=1)
    ssim = metrics.get("ssim")
    channels = ssim(x.movedim(1, 0), y.movedim(1, 0))
    assert ssim(x, y).item() == pytest.approx(channels.mean().item(), rel=1e-5)


# --- nearest neighbours


def test_knn_accuracy_by_hand():
    train, labels = [[0.0], [1.0], [2.0], [10.0], [11.0], [12.0]], [0, 0, 1, 1, 1, 1]
    # Three nearest of 0.4: 0, 1, 2 -> 0, 0, 1 -> 0. Of 10.9: all 1. Of 1.9: 2, 1, 0 -> 0.
    test = [[0.4], [10.9], [1.9]]
    assert knn_accuracy(train, labels, test, [0, 1, 1], k=3) == pytest.approx(2 / 3)
    assert knn_accuracy(train, labels, test, [0, 1, 1], k=1) == 1.0


def test_a_tied_vote_goes_to_the_smaller_class():
    assert knn_accuracy([[0.0], [1.0]], [7, 3], [[0.1]], [3], k=2) == 1.0


def test_leaving_one_out_by_hand():
    # Nearest other of 0 is 1, of 1 is 0, of 5 is 6, of 6 is 5, of 20 is 6.
    codes, labels = [[0.0], [1.0], [5.0], [6.0], [20.0]], [0, 0, 1, 2, 2]
    assert knn_accuracy_within(codes, labels, k=1) == pytest.approx(3 / 5)


def test_a_code_is_not_its_own_neighbour():
    # Equal codes, different classes: each is only ever voted for by the other.
    assert knn_accuracy_within(torch.zeros(2, 3), torch.tensor([0, 1]), k=1) == 0.0


def test_both_knn_accuracies_agree_with_scikit_learn():
    from sklearn.model_selection import LeaveOneOut, cross_val_score
    from sklearn.neighbors import KNeighborsClassifier

    codes = torch.randn(120, 4, generator=generator())
    labels = (codes[:, 0] * 2).round().long() + 3
    classifier = KNeighborsClassifier(10).fit(codes[:80], labels[:80])
    assert knn_accuracy(codes[:80], labels[:80], codes[80:], labels[80:]) == pytest.approx(
        classifier.score(codes[80:].numpy(), labels[80:].numpy())
    )
    alone = cross_val_score(
        KNeighborsClassifier(10), codes.numpy(), labels.numpy(), cv=LeaveOneOut()
    )
    assert knn_accuracy_within(codes, labels) == pytest.approx(alone.mean())


def test_impossible_neighbours_are_refused():
    codes, labels = torch.zeros(4, 2), torch.zeros(4)
    with pytest.raises(InputError, match="1 to 4"):
        knn_accuracy(codes, labels, codes, labels, k=5)
    with pytest.raises(InputError, match="1 to 3"):
        knn_accuracy_within(codes, labels, k=4)
    with pytest.raises(InputError, match="finite"):
        knn_accuracy_within(torch.full((4, 2), math.nan), labels, k=1)
    with pytest.raises(ShapeError):
        knn_accuracy_within(codes, labels[:3], k=1)
    with pytest.raises(ShapeError):
        knn_accuracy(codes, labels, torch.zeros(4, 3), labels, k=1)
    with pytest.raises(ShapeError):
        knn_accuracy_within(torch.zeros(4), labels, k=1)


# --- trustworthiness


def test_trustworthiness_of_a_faithful_map_is_one():
    x = torch.randn(50, 2, generator=generator())
    assert trustworthiness(x, 3 * x + 1, generator()) == 1.0


def test_trustworthiness_by_hand():
    # The map swaps the ends 0 and 5 of a line. Nearest on the map, and its rank in truth:
    # 0 -> 4 (4th), 1 -> 2 (1st), 2 -> 3 (1st), 3 -> 4 (1st), 4 -> 3 (2nd), 5 -> 1 (4th).
    x = np.array([0.0, 1.0, 1.9, 2.7, 3.4, 4.0])[:, None]
    y = np.array([5.0, 1.1, 2.0, 2.8, 3.5, 0.0])[:, None]
    # 1 - 2 / (n k (2n - 3k - 1)) * (3 + 0 + 0 + 0 + 1 + 3), with n = 6 and k = 1
    assert trustworthiness(x, y, generator(), n_neighbors=1) == pytest.approx(1 - 2 / 48 * 7)


def test_trustworthiness_of_chance_is_about_one_half():
    x = torch.randn(600, 5, generator=generator())
    y = torch.randn(600, 2, generator=generator(1))
    assert trustworthiness(x, y, generator()) == pytest.approx(0.5, abs=0.03)


def test_trustworthiness_subsamples_by_the_generator():
    x = torch.randn(300, 5, generator=generator())
    y = x[:, :2]
    first = trustworthiness(x, y, generator(4), limit=100)
    assert first == trustworthiness(x, y, generator(4), limit=100)
    assert first != trustworthiness(x, y, generator(5), limit=100)
    assert first != trustworthiness(x, y, generator(4))


def test_trustworthiness_refuses_what_it_cannot_rank():
    x = torch.zeros(20, 2)
    with pytest.raises(InputError, match="1 to 9"):
        trustworthiness(x, x, generator(), n_neighbors=10)
    with pytest.raises(ShapeError):
        trustworthiness(x, x[:10], generator(), n_neighbors=3)


# --- sets of features


def test_coverage_and_density_by_hand():
    # Radii to the nearest other real one: 1, 1, 2 (of 3 to 1). The balls: (-1, 1), (0, 2), (1, 5).
    real = [[0.0], [1.0], [3.0]]
    # 0.5 lies in two balls, 4.0 in one, 9.0 in none; every ball holds one.
    score = coverage_and_density(real, [[0.5], [4.0], [9.0]], k=1)
    assert score.coverage == 1.0
    assert score.density == pytest.approx((2 + 1 + 0) / (1 * 3))
    # A collapsed generator: very dense, but it covers two of three.
    collapsed = coverage_and_density(real, [[0.5], [0.5]], k=1)
    assert collapsed.coverage == pytest.approx(2 / 3)
    assert collapsed.density == pytest.approx((2 + 2) / (1 * 2))


def test_coverage_of_real_by_real_meets_its_expectation():
    # Naeem et al., Lemma 2: for equal distributions and N = M the expected coverage is
    # 1 - (N-1)...(N-k) / ((2N-1)...(2N-k)), and the expected density is 1.
    n, k = 1500, 5
    real, fake = torch.randn(2, n, 8, generator=generator())
    expected = 1 - math.prod((n - i) / (2 * n - i) for i in range(1, k + 1))
    score = coverage_and_density(real, fake, k=k)
    assert score.coverage == pytest.approx(expected, abs=0.02)
    assert score.density == pytest.approx(1, abs=0.08)


def test_coverage_refuses_too_few_or_unequal_features():
    real = torch.randn(6, 3, generator=generator())
    with pytest.raises(InputError, match="1 to 5"):
        coverage_and_density(real, real, k=6)
    with pytest.raises(InputError, match="no sample"):
        coverage_and_density(real, torch.zeros(0, 3), k=2)
    with pytest.raises(ShapeError):
        coverage_and_density(real, torch.zeros(6, 2), k=2)


def test_frechet_distance_of_one_feature_by_hand():
    # means 0 and 3, unbiased variances 1 and 4: 9 + (1 - 2)²
    a = np.array([-1.0, 0.0, 1.0])[:, None]
    b = np.array([1.0, 3.0, 5.0])[:, None]
    assert frechet_distance(a, b) == pytest.approx(10.0)


def test_frechet_distance_of_commuting_covariances_by_hand():
    # Four corners ±s have unbiased variance 4s²/3 on either axis, and no covariance. The trace
    # term is then the sum of (σ_a - σ_b)² = 4/3 ((1 - 2)² + (1 - 3)²).
    corners = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    distance = frechet_distance(corners, corners * [2.0, 3.0] + [1.0, 0.0])
    assert distance == pytest.approx(1 + 4 / 3 * 5)


def test_frechet_distance_agrees_with_the_matrix_root_of_scipy():
    from scipy.linalg import sqrtm

    a = torch.randn(60, 6, generator=generator()).double().numpy()
    b = a[:, ::-1] * np.arange(1, 7) + np.random.default_rng(0).normal(size=a.shape)
    cov_a, cov_b = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    trace = np.trace(cov_a + cov_b - 2 * sqrtm(cov_a @ cov_b).real)
    expected = np.square(a.mean(0) - b.mean(0)).sum() + trace
    assert frechet_distance(a, b) == pytest.approx(expected, rel=1e-8)
    assert frechet_distance(b, a) == pytest.approx(expected, rel=1e-8)


def test_frechet_distance_stands_singular_covariances():
    a = torch.randn(5, 30, generator=generator())
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-8)
    assert frechet_distance(a, a + 1) == pytest.approx(30, rel=1e-6)
    with pytest.raises(InputError, match="two rows"):
        frechet_distance(a[:1], a)
