"""Linear autoencoders: the loss over moments is that over pictures, and ends in PCA's subspace."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from latentlab.baselines.pca import PrincipalComponents
from latentlab.errors import TrainingError
from latentlab.latents.subspaces import principal_angles
from latentlab.models import DenseAutoencoder, LinearAutoencoder
from latentlab.models.images.autoencoder import DenseAutoencoderConfig
from latentlab.models.images.linear_autoencoder import LinearAutoencoderConfig
from latentlab.training.objectives import Learner, LinearReconstruction, OptimiserSettings

SHAPE = (1, 3, 4)
SETTINGS = OptimiserSettings(learning_rate=1e-2, weight_decay=0.0)


@pytest.fixture
def x() -> Tensor:
    """Rows that vary most along two directions, beyond a picture's range, ``[200, 1, 3, 4]``."""
    rng = torch.Generator().manual_seed(0)
    axes = torch.linalg.qr(torch.randn(12, 12, generator=rng))[0]
    scales = torch.tensor([3.0, 2.0, *[0.3] * 10])
    return (0.5 + (torch.randn(200, 12, generator=rng) * scales) @ axes.T).view(-1, *SHAPE)


def learner(l2: float = 0.0, listening: float = 0.5) -> Learner:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        network = LinearAutoencoder(LinearAutoencoderConfig(image_shape=SHAPE, latent_size=2))
    return LinearReconstruction(listening, l2).learner(network, SETTINGS)


def step(learner: Learner, x: Tensor, done: float) -> dict[str, float]:
    return learner.step(x, torch.zeros(len(x)).long(), torch.Generator(), done)


def trained(learner: Learner) -> LinearAutoencoder:
    network = learner.result()
    assert isinstance(network, LinearAutoencoder)
    return network


def test_the_loss_over_moments_and_its_gradient_are_those_over_pictures(x: Tensor) -> None:
    made = learner(l2=0.3)
    for part in x.split(70):
        step(made, part, 0.0)
    network = trained(made)
    mse = (network.affine(x) - x).square().mean()
    squares = torch.stack([matrix.square().sum() for matrix in network.matrices]).sum()
    penalty = 0.3 * squares / 12
    expected = torch.autograd.grad(mse + penalty, list(network.parameters()))
    terms = made.loss(*made.moments.mean_and_covariance())  # type: ignore[attr-defined]
    assert terms["mse"].item() == pytest.approx(mse.item(), rel=1e-5)
    assert terms["l2"].item() == pytest.approx(penalty.item(), rel=1e-6)
    found = torch.autograd.grad(terms["mse"] + terms["l2"], list(network.parameters()))
    for ours, theirs in zip(found, expected, strict=True):
        assert torch.allclose(ours, theirs, atol=1e-6)


def test_it_listens_first_and_then_steps_without_counting_anything_twice(x: Tensor) -> None:
    made = learner()
    before = [parameter.clone() for parameter in trained(made).parameters()]
    step(made, x, 0.0)
    assert all(map(torch.equal, before, trained(made).parameters()))
    step(made, x[:3], 0.5)
    assert not all(map(torch.equal, before, trained(made).parameters()))
    assert made.modules["moments"].count == 200


def test_it_ends_in_the_span_of_the_principal_components(x: Tensor) -> None:
    made = learner()
    step(made, x, 0.0)
    for _ in range(1500):
        terms = step(made, x[:1], 0.9)
    pca = PrincipalComponents.fit(x, 2)
    assert principal_angles(trained(made).matrices[1], pca.components.T).max() < 0.1
    straight = pca.mean + pca.encode(x) @ pca.components
    assert terms["mse"] == pytest.approx((straight - x.flatten(1)).square().mean().item(), rel=1e-3)


def test_a_penalty_turns_the_left_singular_vectors_into_the_principal_components(x: Tensor) -> None:
    made = learner(l2=0.1)
    step(made, x, 0.0)
    for _ in range(2500):
        step(made, x[:1], 0.9)
    into, out = trained(made).matrices
    assert torch.allclose(into.T, out, atol=1e-3)  # Kunin 2019: one is the other's transpose
    axes = torch.linalg.svd(out, full_matrices=False)[0]
    cosines = (PrincipalComponents.fit(x, 2).components @ axes).abs()
    assert cosines.diagonal().min() > 0.9999


def test_decoding_is_clipped_but_training_is_not() -> None:
    network = trained(learner())
    torch.nn.init.constant_(network.decoder[0].bias, 7.0)
    x = torch.rand(5, *SHAPE)
    assert network(x).max() <= 1 < network.affine(x).min()


def test_other_families_are_refused() -> None:
    config = replace(DenseAutoencoderConfig(), image_shape=SHAPE)
    with pytest.raises(TrainingError, match="LinearAutoencoder"):
        LinearReconstruction(0.1).learner(DenseAutoencoder(config), SETTINGS)
