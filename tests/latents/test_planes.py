"""A plane through a latent space decodes to the pictures of the codes that lie on it."""

import pytest
import torch
from small_models import small_network
from torch import nn

from latentlab.baselines.pca import PrincipalComponents
from latentlab.errors import UnsupportedError
from latentlab.latents import planes, spaces
from latentlab.latents.statistics import LatentStatistics
from latentlab.models import LatentModel


def statistics(size: int, std: torch.Tensor) -> LatentStatistics:
    """Codes around 0.1, 0.2, …, along the dimensions themselves."""
    mean = torch.arange(1, size + 1) / 10
    return LatentStatistics(
        mean=mean,
        std=std,
        low=mean - 2 * std,
        high=mean + 2 * std,
        importance=std.square(),
        directions=torch.eye(size),
        direction_std=std,
    )


def space_of(family: str) -> spaces.Space:
    network = small_network(family, (1, 28, 28))
    assert isinstance(network, LatentModel)
    std = torch.linspace(1.0, 0.5, network.latent_size)
    return spaces.network_space(network, statistics(network.latent_size, std))


@pytest.mark.parametrize("family", ["vae", "autoencoder", "gan"])
@torch.inference_mode()
def test_a_plane_decodes_its_codes_and_so_do_its_layers(family: str) -> None:
    space = space_of(family)
    plane, axes = planes.best_plane(space)
    at = torch.tensor([[0.0, 0.0], [1.5, -2.0], [-2.5, 0.3]])
    codes = plane.code(at)
    expected = spaces.decode(space, codes)
    assert torch.equal(codes[0], space.statistics.mean)
    first, second = (axis.direction.argmax() for axis in axes)
    moved = codes[1] - codes[0]  # 1.5 standard deviations along one, minus 2 along the other
    assert float(moved[first]) == pytest.approx(1.5 * float(space.statistics.std[first]))
    assert float(moved[second]) == pytest.approx(-2.0 * float(space.statistics.std[second]))
    assert torch.equal(plane.decode(at), expected)
    assert torch.allclose(nn.Sequential(*plane.decoder_layers())(at), expected, atol=1e-5)
    assert expected.std(0).max() > 1e-4  # the pictures differ


@torch.inference_mode()
def test_the_best_plane_is_the_one_on_which_the_picture_changes_most() -> None:
    space = space_of("vae")
    plane, axes = planes.best_plane(space)
    changes = []
    for i, std in enumerate(space.statistics.std):
        ends = space.statistics.mean.repeat(2, 1)
        ends[:, i] += planes.REACH * std * torch.tensor([-1.0, 1.0])
        low, high = spaces.decode(space, ends)
        changes.append(float((high - low).square().mean()))
    ranking = sorted(range(len(changes)), key=lambda i: -changes[i])[:2]
    assert [int(axis.direction.argmax()) for axis in axes] == ranking
    assert plane.latent_shape == (2,)
    assert plane.image_shape == (1, 28, 28)


@torch.inference_mode()
def test_a_plane_can_go_through_a_code_and_reach_less_far() -> None:
    space = space_of("vae")
    through = torch.linspace(-1, 1, space.size)
    plane, axes = planes.best_plane(space, through, reach=1.0)
    changes = []
    for i, std in enumerate(space.statistics.std):
        ends = through.repeat(2, 1)
        ends[:, i] += std * torch.tensor([-1.0, 1.0])
        low, high = spaces.decode(space, ends)
        changes.append(float((high - low).square().mean()))
    ranking = sorted(range(len(changes)), key=lambda i: -changes[i])[:2]
    assert torch.equal(plane.code(torch.zeros(1, 2))[0], through)
    assert [int(axis.direction.argmax()) for axis in axes] == ranking


def test_where_there_is_no_plane_a_sentence_says_so() -> None:
    pictures = torch.rand(20, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    linear = spaces.linear_space(PrincipalComponents.fit(pictures, 3), pictures)
    with pytest.raises(UnsupportedError, match="no plane"):
        planes.best_plane(linear)
    network = small_network("conv_autoencoder", (1, 28, 28))
    assert isinstance(network, LatentModel)
    if not isinstance(network.decoder_layers()[0], nn.Linear):
        size = network.latent_size
        plane = planes.Plane(network, torch.zeros(size), torch.eye(size)[0], torch.eye(size)[1])
        with pytest.raises(UnsupportedError, match="begins linear"):
            plane.decoder_layers()
