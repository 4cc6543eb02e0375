"""What the picture on a model's card shows."""

import pytest
import torch
from small_models import small_network

from latentlab.errors import ShapeError, UnsupportedError
from latentlab.models import Network
from latentlab.tasks.models import portrait

X = torch.rand(4, 1, 28, 28, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("family", ["autoencoder", "conv_autoencoder", "vae"])
def test_an_autoencoder_gives_back_what_it_is_given(family: str) -> None:
    network = small_network(family)
    made = portrait(network, X, seed=0)
    assert torch.equal(made.rows[0], X) and torch.equal(made.rows[1], network(X))
    assert made.titles == ("test pictures", "given back") and made.classes is None


def test_a_denoising_one_starts_from_noise() -> None:
    network = small_network("denoising_autoencoder")
    made = portrait(network, X, seed=3)
    noisy, restored = made.rows
    assert not torch.equal(noisy, X) and torch.equal(restored, network(noisy.clone()))
    assert torch.equal(portrait(network, X, seed=3).rows[0], noisy)
    assert not torch.equal(portrait(network, X, seed=4).rows[0], noisy)


def test_a_generator_invents_two_rows() -> None:
    network = small_network("gan")
    made = portrait(network, X, seed=0)
    assert [row.shape for row in made.rows] == [X.shape, X.shape]
    assert not torch.equal(*made.rows)
    assert torch.equal(portrait(network, X, seed=0).rows[0], made.rows[0])


def test_a_judge_names_what_it_sees() -> None:
    network = small_network("classifier")
    made = portrait(network, X, seed=0)
    assert torch.equal(made.rows[0], X)
    assert torch.equal(made.classes, network.logits(X).argmax(1))


def test_pictures_of_another_kind_are_refused() -> None:
    with pytest.raises(ShapeError):
        portrait(small_network("vae"), torch.zeros(2, 3, 64, 64), seed=0)


def test_what_shows_nothing_says_so() -> None:
    class Silent(Network):
        kind = "silent"

    with pytest.raises(UnsupportedError, match="Silent"):
        portrait(Silent(small_network("gan").config), X, seed=0)


def test_a_restorer_takes_noise_out_of_photographs() -> None:
    network = small_network("photo_denoiser", (3, 16, 16))
    x = torch.rand(2, 3, 40, 40, generator=torch.Generator().manual_seed(1))
    made = portrait(network, x, seed=0)
    noisy, restored = made.rows
    assert made.titles == ("with noise", "restored")
    assert 0.05 < (noisy - x).std() < 0.1
    assert restored.shape == x.shape and restored.min() >= 0 and restored.max() <= 1
