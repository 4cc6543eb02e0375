"""The penalties on codes, against numbers worked by hand and against autograd."""

import math

import pytest
import torch
from small_models import small_network
from torch import Tensor

from latentlab.errors import BadConfig
from latentlab.models import ContractiveAutoencoder, PenalisedAutoencoder, SparseAutoencoder
from latentlab.models.images.sparse_autoencoder import SparseAutoencoderConfig, divergence

SHAPE = (1, 4, 4)


def sparse(**fields: object) -> SparseAutoencoder:
    network = small_network("sparse_autoencoder", SHAPE, **fields)
    assert isinstance(network, SparseAutoencoder)
    return network


def contractive(**fields: object) -> ContractiveAutoencoder:
    network = small_network("contractive_autoencoder", SHAPE, **fields)
    assert isinstance(network, ContractiveAutoencoder)
    return network


def test_the_divergence_of_two_coins() -> None:
    # KL(.5 ‖ .25) = .5 ln 2 + .5 ln (2/3) = .5 ln (4/3)
    found = divergence(0.5, torch.tensor([0.25, 0.5, 0.75]))
    assert found.tolist() == pytest.approx([0.5 * math.log(4 / 3), 0, 0.5 * math.log(4 / 3)])


def test_sparsity_is_a_unit_s_mean_over_the_batch_and_a_sum_over_units() -> None:
    z = torch.tensor([[0.0, 0.5], [0.5, 0.5]])  # means .25 and .5
    penalty = sparse(rho=0.5, weight=3.0).penalty(z)
    assert penalty.item() == pytest.approx(3 * 0.5 * math.log(4 / 3))


def test_the_l1_penalty_is_a_mean_over_the_batch() -> None:
    z = torch.tensor([[0.0, 0.5], [0.5, 0.5]])
    assert sparse(penalty="l1", weight=2.0).penalty(z).item() == pytest.approx(2 * 1.5 / 2)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_units_that_are_always_off_or_always_on_cost_much_but_not_infinitely(value: float) -> None:
    z = torch.full((4, 3), value, requires_grad=True)
    penalty = sparse(rho=0.05).penalty(z)
    assert penalty.isfinite() and penalty.item() > 0.1
    (gradient,) = torch.autograd.grad(penalty, z)
    assert gradient.isfinite().all()


def test_too_sparse_has_a_gradient_that_wakes_units_up() -> None:
    z = torch.full((4, 3), 0.01, requires_grad=True)
    (gradient,) = torch.autograd.grad(sparse(rho=0.05).penalty(z), z)
    assert (gradient < 0).all()  # a step down the gradient makes them more active


def test_the_contractive_penalty_by_hand() -> None:
    network = contractive(weight=2.0, latent_size=2)
    weights = torch.zeros(2, 16)
    weights[0, :2] = torch.tensor([3.0, 4.0])  # a row of squared length 25
    weights[1, 5] = 1.0
    network.encoder[1].weight = torch.nn.Parameter(weights)
    z = torch.tensor([[0.5, 0.2]])  # slopes .25 and .16
    assert network.jacobian_norm(z).tolist() == pytest.approx([0.25**2 * 25 + 0.16**2])
    assert network.penalty(z).item() == pytest.approx(2 * (0.25**2 * 25 + 0.16**2))


def test_the_contractive_penalty_is_the_squared_norm_of_the_jacobian() -> None:
    network = contractive(latent_size=5)
    x = torch.rand(3, *SHAPE, generator=torch.Generator().manual_seed(1))

    def encode(picture: Tensor) -> Tensor:
        return network.encode(picture[None]).z[0]

    expected = [torch.autograd.functional.jacobian(encode, each).square().sum() for each in x]
    found = network.jacobian_norm(network.encode(x).z)
    assert torch.allclose(found, torch.stack(expected), rtol=1e-5)


@pytest.mark.parametrize("network", [sparse(), contractive()], ids=["sparse", "contractive"])
def test_no_weight_no_penalty(network: PenalisedAutoencoder) -> None:
    network.weight = 0.0
    assert network.penalty(torch.rand(4, 3)).item() == 0


@pytest.mark.parametrize("rho", [0.0, 1.0, -0.1, math.nan, None, True])
def test_a_mean_activation_lies_between_never_and_always(rho: object) -> None:
    values = SparseAutoencoderConfig().to_json() | {"rho": rho}
    with pytest.raises(BadConfig, match="rho"):
        SparseAutoencoderConfig.from_json(values)
