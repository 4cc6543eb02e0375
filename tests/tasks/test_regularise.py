"""What the Regularise page computes, against the losses that networks are trained with."""

import pytest
import torch
from small_models import small_network

from latentlab.baselines.pca import PrincipalComponents
from latentlab.data import datasets
from latentlab.errors import UnsupportedError
from latentlab.evaluation.shared import latent_statistics
from latentlab.latents.statistics import LatentStatistics
from latentlab.models import VAE, Autoencoder, Classifier, SparseAutoencoder
from latentlab.tasks import regularise
from latentlab.training.objectives import PenalisedReconstruction
from latentlab.training.recipes import recipes

K = 5


def statistics(network: Autoencoder, x: torch.Tensor) -> LatentStatistics:
    z = network.encode(x).mode()
    k = z.shape[1]
    return latent_statistics(z, torch.ones(k), torch.eye(k), torch.ones(k))


def network_of(family: str, **fields: object) -> tuple[Autoencoder, LatentStatistics, torch.Tensor]:
    network = small_network(family, latent_size=K, **fields)
    assert isinstance(network, Autoencoder)
    pictures = datasets.get("mnist").samples().tensor(slice(0, 40))
    with torch.inference_mode():
        return network, statistics(network, pictures), pictures


@pytest.mark.parametrize(
    ("family", "fields"),
    [
        ("sparse_autoencoder", {"weight": 2.0, "penalty": "l1"}),
        ("contractive_autoencoder", {"weight": 3.0}),
    ],
)
def test_the_loss_of_a_picture_is_what_training_makes_small(family: str, fields: dict) -> None:
    network, about, pictures = network_of(family, **fields)
    x = pictures[:1]
    losses = PenalisedReconstruction().loss(
        network, x, torch.zeros(1), torch.Generator().manual_seed(0), 1.0
    )
    seen = regularise.look(network, about, x[0], x[0], torch.zeros(K))
    pixels = x[0].numel()  # training divides both parts by their number
    assert seen.loss.reconstruction == pytest.approx(pixels * losses["mse"].item(), rel=1e-4)
    assert seen.loss.penalty == pytest.approx(pixels * losses["penalty"].item(), rel=1e-4)
    assert seen.loss.total == seen.loss.reconstruction + seen.loss.penalty > 0


def test_sparseness_is_a_matter_of_many_pictures() -> None:
    network, about, pictures = network_of("sparse_autoencoder", weight=2.0, rho=0.1)
    assert isinstance(network, SparseAutoencoder)
    with torch.inference_mode():
        expected = network.penalty(network.encode(pictures).mode()).item()
    for x in pictures[:2]:
        seen = regularise.look(network, about, x, x, torch.zeros(K))
        assert seen.loss.penalty == pytest.approx(expected, rel=1e-4)


def test_the_loss_of_a_vae_is_its_bound_at_the_mean() -> None:
    network, about, pictures = network_of("dense_vae", beta=4.0)
    assert isinstance(network, VAE)
    x = pictures[0]
    seen = regularise.look(network, about, x, x, torch.zeros(K))
    with torch.inference_mode():
        posterior = network.encode(x[None])
        mean = posterior.mode()
        again = network.decode(mean)
        nats = torch.nn.functional.binary_cross_entropy(again, x[None], reduction="sum").item()
    assert seen.loss.reconstruction == pytest.approx(nats, rel=1e-4)
    assert seen.loss.penalty == pytest.approx(4 * posterior.kl().sum().item(), rel=1e-4)
    assert seen.spread is not None and torch.equal(seen.code, mean[0])


def test_a_denoising_network_is_asked_about_the_damaged_picture() -> None:
    network, about, pictures = network_of("shallow_autoencoder", code="sigmoid")
    x = pictures[0]
    noisy = regularise.with_noise(x, 0.5, regularise.normal(*x.shape, seed=0))
    assert noisy.min() >= 0 and noisy.max() <= 1 and not torch.equal(noisy, x)
    seen = regularise.look(network, about, x, noisy, torch.zeros(K), damaged=True)
    expected = (seen.again_noisy - x).square().sum().item()
    assert seen.loss == regularise.Loss(expected, 0.0)


def test_a_random_code_is_drawn_unit_by_unit_and_of_a_vae_from_its_prior() -> None:
    drawn = torch.tensor([0.0, 1.0, -1.0, 100.0, -100.0])
    network, about, _ = network_of("sparse_autoencoder")
    code = regularise.random_code(network, about, drawn)
    assert torch.allclose(code[:3], (about.mean + about.std * drawn)[:3])
    assert code[3:].tolist() == [1, 0], "activations stay in [0, 1]"
    network, about, _ = network_of("autoencoder")
    assert torch.allclose(
        regularise.random_code(network, about, drawn), about.mean + about.std * drawn
    )
    network, about, _ = network_of("dense_vae")
    assert torch.equal(regularise.random_code(network, about, drawn), drawn)


def test_principal_components_are_looked_at_alike() -> None:
    pictures = datasets.get("mnist").samples().tensor(slice(0, 100))
    pca = PrincipalComponents.fit(pictures, 8)
    seen = regularise.look_linear(pca, pictures[0], pictures[1], torch.zeros(8))
    assert torch.allclose(seen.again, pca.reconstruct(pictures[:1])[0], atol=1e-5)
    assert torch.allclose(seen.invented, pca.mean.view(1, 28, 28).clamp(0, 1), atol=1e-5)
    assert seen.loss.penalty == 0 and seen.spread is None


def test_draws_of_a_vae_are_mean_and_spread_times_noise() -> None:
    network, _, pictures = network_of("dense_vae")
    assert isinstance(network, VAE)
    epsilon, prior = regularise.normal(4, K, seed=0), regularise.normal(3, K, seed=1)
    found = regularise.sample(network, pictures[0], epsilon, prior)
    with torch.inference_mode():
        expected = network.decode(found.mean + found.spread * epsilon)
    assert torch.equal(found.decoded, expected)
    assert len(found.invented) == 3 and found.again.shape == (1, 28, 28)


def test_a_mosaic_is_the_plane_the_right_way_up() -> None:
    network = small_network("autoencoder", latent_size=2)
    classifier = small_network("classifier")
    assert isinstance(network, Autoencoder) and isinstance(classifier, Classifier)
    pictures = datasets.get("mnist").samples().tensor(slice(0, 60))
    found = regularise.mosaic(network, classifier, pictures)
    side = regularise.SIDE
    assert found.image.shape == (1, 28 * side, 28 * side) and 0 <= found.unsure <= 1
    with torch.inference_mode():
        top_left = network.decode(torch.tensor([[found.low[0], found.high[1]]]))[0]
        bottom_right = network.decode(torch.tensor([[found.high[0], found.low[1]]]))[0]
    assert torch.allclose(found.image[:, :28, :28], top_left, atol=1e-5)
    assert torch.allclose(found.image[:, -28:, -28:], bottom_right, atol=1e-5)
    with pytest.raises(UnsupportedError, match="two numbers"):
        regularise.mosaic(network_of("autoencoder")[0], classifier, pictures)


def test_what_is_unsure_is_counted() -> None:
    classifier = small_network("classifier")
    assert isinstance(classifier, Classifier)
    # Untrained, it is sure of nothing.
    assert regularise.unsure(classifier, torch.zeros(3, 1, 28, 28)) == 1
    network, about, _ = network_of("autoencoder")
    found = regularise.invent(network, about, classifier, seed=0)
    assert len(found.images) == regularise.SHOWN and found.unsure == 1


def test_every_version_has_a_recipe() -> None:
    names = {
        regularise.checkpoint(column, "mnist", version)
        for column in regularise.COLUMNS
        if column.name != regularise.PCA
        for version in column.versions
    }
    studied = {name for name in recipes.names() if recipes.get(name).study == "regularise"}
    assert names == {name for name in studied if ".mnist_" in name}
    usual = {
        regularise.checkpoint(column, "fashion_mnist", version)
        for column in regularise.COLUMNS
        if column.name != regularise.PCA
        for version in column.versions
        if version.name == column.usual
    }
    assert usual == studied - names
