"""Pictures on a plane, and what the plane keeps of them."""

import numpy as np
import pytest
import torch
from small_models import small_network

from latentlab.baselines.pca import PrincipalComponents
from latentlab.data import Images, datasets
from latentlab.errors import InputError, ShapeError, UnknownNameError
from latentlab.metrics import metrics
from latentlab.models import Autoencoder, Point
from latentlab.tasks import embeddings


@pytest.fixture(scope="module")
def pictures() -> Images:
    return embeddings.choose(datasets.get("mnist").samples(), 120)


class Corner(Autoencoder):
    """Encodes a picture as its first k pixels, and decodes them to where they were."""

    def __init__(self, k: int) -> None:
        torch.nn.Module.__init__(self)
        self.image_shape = (1, 28, 28)
        self.latent_shape = (k,)

    def encode(self, x: torch.Tensor) -> Point:
        return Point(self.check_images(x).flatten(1)[:, : self.latent_size])

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        x = torch.zeros(len(z), 784)
        x[:, : self.latent_size] = z
        return x.clamp(0, 1).reshape(-1, 1, 28, 28)


def coloured_noise(count: int) -> torch.Tensor:
    """Pictures that are random in their first two pixels and, less so, in the third."""
    rng = torch.Generator().manual_seed(1)
    x = torch.zeros(count, 784)
    x[:, :2] = torch.rand(count, 2, generator=rng)
    x[:, 2] = 0.5 + 0.01 * torch.rand(count, generator=rng)
    return x.reshape(-1, 1, 28, 28)


def test_smaller_draws_are_part_of_larger_ones_and_keep_labels():
    images = datasets.get("mnist").samples()
    few, many = embeddings.choose(images, 50), embeddings.choose(images, 200)
    assert len(few) == 50 and set(few.ids) < set(many.ids)
    assert (np.diff(many.ids) > 0).all()
    position = int(np.flatnonzero(images.ids == few.ids[7])[0])
    assert few.labels[7] == images.labels[position]
    assert (few.images[7] == images.images[position]).all()
    assert set(embeddings.choose(images, 50, seed=1).ids) != set(few.ids)


@pytest.mark.parametrize("count", [0, -1, 2001])
def test_impossible_draws_are_refused(count):
    with pytest.raises(InputError):
        embeddings.choose(datasets.get("mnist").samples(), count)


def test_pca_plane_is_that_of_principal_components(pictures):
    x = pictures.tensor()
    made = embeddings.embed_pca(x)
    pca = PrincipalComponents.fit(x, 2)
    assert made.points.shape == (120, 2) and made.points.dtype == np.float32
    np.testing.assert_allclose(made.points, pca.encode(x).numpy(), atol=1e-5)
    np.testing.assert_allclose(made.place(x[:3]), made.points[:3], atol=1e-5)
    mse = metrics.get("mse")(pca.reconstruct(x), x).mean().item()
    assert embeddings.quality(made, pictures).mse == pytest.approx(mse, rel=1e-4)


def test_code_of_two_numbers_is_the_point_itself():
    x = coloured_noise(30)
    made = embeddings.embed_codes(Corner(2), x)
    np.testing.assert_array_equal(made.points, x.flatten(1)[:, :2].numpy())
    np.testing.assert_array_equal(made.place(x[4:6]), made.points[4:6])
    back = made.reconstruct(made.points[:5])
    torch.testing.assert_close(back.flatten(1)[:, :2], x[:5].flatten(1)[:, :2])


def test_longer_code_is_seen_along_its_widest_directions_and_decoded_from_there():
    x = coloured_noise(200)
    made = embeddings.embed_codes(Corner(3), x)
    # The third pixel hardly varies: two numbers keep the others, and give it its mean.
    back = made.reconstruct(made.points).flatten(1)
    torch.testing.assert_close(back[:, :3], x.flatten(1)[:, :3], atol=0.006, rtol=0)
    assert made.points.var(axis=0).min() > 0.05
    np.testing.assert_allclose(made.points.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(made.place(x[:3]), made.points[:3], atol=1e-6)


@pytest.mark.parametrize("family", ["autoencoder", "vae", "denoising_autoencoder"])
def test_every_encoder_has_a_plane_with_a_way_back(family, pictures):
    made = embeddings.embed_codes(small_network(family), pictures.tensor())
    assert made.points.shape == (120, 2) and np.isfinite(made.points).all()
    back = made.reconstruct(made.points[:7])
    assert back.shape == (7, 1, 28, 28) and back.min() >= 0 and back.max() <= 1
    assert not back.requires_grad


def test_pictures_of_another_shape_are_refused(pictures):
    with pytest.raises(ShapeError):
        embeddings.embed_codes(small_network("autoencoder"), pictures.tensor()[:, :, :14])


def test_tsne_has_no_place_for_new_pictures_and_no_way_back(pictures):
    made = embeddings.embed_neighbours("tsne", pictures.tensor(), perplexity=10)
    assert made.points.shape == (120, 2)
    assert made.place is None and made.reconstruct is None
    kept = embeddings.quality(made, pictures)
    assert kept.mse is None
    assert kept.accuracy > 0.5  # of ten classes: neighbours are kept
    with pytest.raises(UnknownNameError):
        embeddings.embed_neighbours("isomap", pictures.tensor())


def test_quality_of_a_plane_that_knows_the_classes(pictures):
    points = np.stack([pictures.labels, np.zeros(len(pictures))], 1).astype(np.float32)
    jitter = np.random.default_rng(0).normal(scale=0.01, size=points.shape)
    made = embeddings.Embedding(points + jitter.astype(np.float32), None, None)
    # The rarest digit may have fewer than six others to vote for it.
    counts = np.bincount(pictures.labels)
    assert counts.min() > 6
    assert embeddings.quality(made, pictures).accuracy == 1.0
    assert embeddings.quality(made, pictures).compared == 120


def test_errors_are_those_of_single_pictures():
    x = coloured_noise(40)
    made = embeddings.embed_codes(Corner(2), x)
    errors = embeddings.reconstruction_errors(made, x[10:12], np.array([10, 11]))
    third = x.flatten(1)[10:12, 2].numpy()
    np.testing.assert_allclose(errors, third**2 / 784, rtol=1e-5)
