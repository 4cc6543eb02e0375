"""Directions: found where they are known to lie, and named only where nothing else moves."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from small_models import small_network, statistics_for
from torch import Tensor, nn

from latentlab.data import Attribute, Factor, datasets
from latentlab.errors import InputError, UnsupportedError
from latentlab.latents import directions, spaces
from latentlab.latents.directions import Drift, supervised, unsupervised
from latentlab.models import GAN, FactorClassifier, LatentModel

FACTORS = (Factor("shade", ("dark", "light")), Factor("place", unit="px", span=4.0))
LIGHT, RIGHT = Attribute("light", 0, (1,)), Attribute("right", 1)
SIZE = 3


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


class Decoder(LatentModel):
    """Pixels are sigmoids of the code's numbers mixed by a matrix."""

    def __init__(self, mixing: Tensor) -> None:
        nn.Module.__init__(self)
        self.image_shape, self.latent_shape = (1, 1, SIZE), (SIZE,)
        self.first = nn.Linear(SIZE, SIZE, bias=False)
        self.first.weight = nn.Parameter(mixing, requires_grad=False)

    def decode(self, z: Tensor) -> Tensor:
        return torch.sigmoid(self.first(z)).reshape(-1, 1, 1, SIZE)

    def decoder_layers(self) -> list[nn.Module]:
        return [self.first, nn.Sigmoid(), nn.Unflatten(1, self.image_shape)]


class Judge(FactorClassifier):
    """Reads the shade off the first pixel, and the place off the second."""

    def __init__(self) -> None:
        nn.Module.__init__(self)

    def factors(self, x: Tensor) -> tuple[Tensor, ...]:
        flat = torch.logit(x.flatten(1), eps=1e-6)
        return torch.stack([-flat[:, 0], flat[:, 0]], 1), flat[:, 1:2]


@dataclass
class World:
    space: spaces.Space
    codes: Tensor
    factors: NDArray[np.float64]

    def drift(self, vector: Tensor, attribute: Attribute) -> Drift:
        line = directions.through(vector, self.codes, attribute.holds(self.factors))
        truth = np.rint(self.factors[:200]).astype(np.int64)
        return directions.measured(
            self.space, line, attribute, Judge(), FACTORS, self.codes[:200], truth
        )


def world(mixing: Tensor) -> World:
    model = Decoder(mixing)
    codes = torch.randn(3000, SIZE, generator=rng())
    space = spaces.Space(model, statistics_for(SIZE))
    return World(space, codes, directions.read(Judge(), spaces.decode(space, codes)))


@pytest.fixture
def straight() -> World:
    return world(torch.eye(SIZE))


@pytest.fixture
def mixed() -> World:
    """What moves the first pixel moves the second as well."""
    return world(torch.tensor([[1.0, 0, 0], [0.9, 0.45, 0], [0, 0, 1]]))


# --- with labels -------------------------------------------------------------------------------


@pytest.mark.parametrize("method", supervised.names())
def test_labels_lead_to_the_direction_that_made_them(method: str, straight: World) -> None:
    yes = LIGHT.holds(straight.factors)
    others = np.digitize(straight.factors[:, 1:], [-1, 0, 1])
    vector = supervised.get(method).find(straight.codes, yes, others)
    assert vector.norm().item() == pytest.approx(1)
    assert vector[0].item() > 0.99
    drift = straight.drift(vector, LIGHT)
    assert drift.switched > 0.95 and drift.worst < 0.05 and drift.named


def test_conditioning_holds_the_other_factors(mixed: World) -> None:
    yes = LIGHT.holds(mixed.factors)
    others = np.digitize(mixed.factors[:, 1:], [-1.5, -0.5, 0.5, 1.5])
    plain, held = (
        mixed.drift(supervised.get(method).find(mixed.codes, yes, others), LIGHT)
        for method in ("mean_difference", "conditioned_difference")
    )
    assert plain.switched > 0.95 and held.switched > 0.7
    assert plain.worst > 0.6 and not plain.named
    assert held.worst < plain.worst / 2


def test_a_number_counts_as_drifting_when_it_moves_by_a_tenth_of_its_range(
    straight: World,
) -> None:
    slightly = torch.tensor([1.0, 0.02, 0])
    clearly = torch.tensor([1.0, 1.0, 0])
    assert straight.drift(slightly / slightly.norm(), LIGHT).worst < 0.05
    assert straight.drift(clearly / clearly.norm(), LIGHT).worst > 0.5


def test_a_number_has_directions_of_its_own(straight: World) -> None:
    yes = RIGHT.holds(straight.factors)
    others = straight.factors[:, :1].astype(np.int64)
    vector = supervised.get("mean_difference").find(straight.codes, yes, others)
    drift = straight.drift(vector, RIGHT)
    assert drift.named and np.isnan(drift.changed[1]) and not np.isnan(drift.changed[0])


def test_a_direction_that_does_nothing_bears_no_name(straight: World) -> None:
    idle = straight.drift(torch.tensor([0, 0, 1.0]), LIGHT)
    assert idle.switched == 0 and idle.worst == 0 and not idle.named


def test_a_line_points_to_where_the_attribute_holds(straight: World) -> None:
    yes = LIGHT.holds(straight.factors)
    for sign in (1, -1):
        line = directions.through(sign * torch.eye(SIZE)[0], straight.codes, yes)
        assert line.vector[0] == 1
        assert line.low == pytest.approx(-2.33, abs=0.25)
        assert line.high == pytest.approx(2.33, abs=0.25)


def test_an_attribute_that_all_or_none_have_is_refused(straight: World) -> None:
    others = np.zeros((3000, 1), dtype=np.int64)
    for answers in (np.ones(3000, dtype=bool), np.zeros(3000, dtype=bool)):
        for method in supervised:
            with pytest.raises(InputError, match="without it"):
                supervised.get(method).find(straight.codes, answers, others)


def test_the_bar_for_a_name() -> None:
    def drift(switched: float, *changed: float, legible: float = 1.0) -> Drift:
        """Of what is not read as it is, half drifts."""
        count = len(changed)
        known = np.array(changed) / 2
        return Drift(switched, np.array(changed), np.array([1.0] * (count - 1) + [legible]), known)

    assert drift(0.8, np.nan, 0.1).named and drift(1.0, np.nan, 0.0, 0.1).named
    assert not drift(0.79, 0.0).named and not drift(1.0, np.nan, 0.0, 0.11).named
    # Among what is drawn, only faces count whose factor is read as it is ...
    assert drift(1.0, np.nan, 0.2).earned and not drift(1.0, np.nan, 0.21).earned
    assert not drift(0.79, np.nan, 0.0).earned
    # ... and a factor that is read by chance does not count at all.
    unread = drift(1.0, np.nan, 0.05, 0.9, legible=0.49)
    assert unread.earned and not unread.named and unread.worst_drawn == 0.025
    assert drift(1.0, np.nan, 0.9, legible=0.49).worst_drawn == 0


def test_what_is_misread_at_the_start_counts_in_the_strict_rule_alone(straight: World) -> None:
    clearly = torch.tensor([1.0, 1.0, 0]) / 2**0.5
    line = directions.through(clearly, straight.codes, LIGHT.holds(straight.factors))
    wrong = np.rint(straight.factors[:200]).astype(np.int64) + 3  # no place is read as it is
    z = straight.codes[:200]
    found = directions.measured(straight.space, line, LIGHT, Judge(), FACTORS, z, wrong)
    assert found.legible[1] == 0 and found.worst > 0.5
    assert found.worst_drawn == 0 and found.earned and not found.named


class Sure(Judge):
    """Certain of the shade while the third number is small."""

    def factors(self, x: Tensor) -> tuple[Tensor, ...]:
        flat = torch.logit(x.flatten(1), eps=1e-6)
        sure = 5 * (flat[:, 2].abs() < 1.0).float()
        return torch.stack([sure, -sure], 1), flat[:, 1:2]


def test_a_slider_ends_where_the_classifier_no_longer_believes(straight: World) -> None:
    z = straight.codes[straight.codes[:, 2].abs() < 0.2][:50]
    line = directions.Line(torch.tensor([0, 0, 1.0]), -3.0, 2.0)
    bound = directions.believed(straight.space, line, Sure(), np.array([True, True]), z)
    assert -1 <= bound.low < -0.4 and 0.4 < bound.high <= 1
    kept = directions.believed(straight.space, line, Judge(), np.array([False, True]), z)
    assert (kept.low, kept.high) == (-3.0, 2.0)  # no choice is drawn: nothing says where to end


# --- without labels ----------------------------------------------------------------------------


@pytest.mark.parametrize("method", unsupervised.names())
@pytest.mark.parametrize("family", ["gan", "vae"])
def test_a_basis_is_of_unit_directions(method: str, family: str) -> None:
    network = small_network(family, (3, 64, 64), latent_size=5)
    assert isinstance(network, LatentModel)
    codes = torch.randn(100, 5, generator=rng()) * torch.tensor([1.0, 2, 3, 4, 5])
    basis = unsupervised.get(method).find(network, codes)
    assert basis.shape == (5, 5)
    assert basis.norm(dim=0).tolist() == pytest.approx([1.0] * 5, abs=1e-5)


def test_sefa_finds_what_the_first_layer_amplifies() -> None:
    network = small_network("gan", (1, 28, 28))
    assert isinstance(network, GAN)
    weight = network.decoder_layers()[0].weight
    assert isinstance(weight, Tensor)
    with torch.no_grad():
        weight.zero_()
        weight[0, 1], weight[1, 2], weight[2, 0] = 5, 3, 1
    basis = unsupervised.get("sefa").find(network, torch.zeros(2, 3))
    assert basis.abs().argmax(0).tolist() == [1, 2, 0]


def test_the_best_of_a_basis_is_the_one_that_tells_answers_apart(straight: World) -> None:
    yes = RIGHT.holds(straight.factors)
    assert directions.best_of(torch.eye(SIZE), straight.codes, yes).tolist() == [0, 1, 0]


def test_a_decoder_that_does_not_begin_linear_has_no_such_directions() -> None:
    network = small_network("denoising_autoencoder")
    assert isinstance(network, LatentModel)
    with pytest.raises(UnsupportedError):
        unsupervised.get("sefa").find(network, torch.zeros(2, 4))


# --- what names there are ----------------------------------------------------------------------


def test_the_attributes_of_a_data_set_are_questions_about_its_factors() -> None:
    faces = datasets.get("toon_faces")
    known = faces.samples().factors
    assert known is not None
    assert len({a.name for a in faces.attributes}) == len(faces.attributes) > 13
    assert {a.factor for a in faces.attributes} == set(range(len(faces.factors)))
    for attribute in faces.attributes:
        factor = faces.factors[attribute.factor]
        assert bool(attribute.values) == bool(factor.values)
        assert all(value < len(factor.values) for value in attribute.values)
        assert 0.05 < attribute.holds(known).mean() < 0.95
