"""Explore: axes, draws, traversals and neighbours of a latent space."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from small_models import small_network, statistics_for

from latentlab.baselines.pca import PrincipalComponents
from latentlab.data import Factor, datasets
from latentlab.errors import BadConfig, ShapeError, UnsupportedError
from latentlab.latents import spaces
from latentlab.latents.spaces import Space
from latentlab.models import FactorClassifier, LatentModel, families
from latentlab.tasks import explore

LATENT = [name for name in families if issubclass(families.get(name), LatentModel)]


@pytest.fixture(scope="module")
def digits() -> torch.Tensor:
    return datasets.get("mnist").samples().tensor()


@pytest.fixture(scope="module")
def linear(digits: torch.Tensor) -> Space:
    return spaces.linear_space(PrincipalComponents.fit(digits, 8), digits)


def space_of(family: str) -> Space:
    network = small_network(family)
    assert isinstance(network, LatentModel)
    return spaces.network_space(network, statistics_for(network.latent_size))


@pytest.mark.parametrize("family", LATENT)
def test_every_latent_family_can_be_explored(family: str) -> None:
    space = space_of(family)
    z = spaces.draw(space, 3, seed=1)
    assert z.shape == (3, space.size)
    x = spaces.decode(space, z)
    assert x.shape == (3, 1, 28, 28)
    assert float(x.min()) >= 0 and float(x.max()) <= 1
    for kind in ("dimensions", "directions"):
        assert spaces.axes(space, kind)
    if space.can_encode:
        assert spaces.encode(space, x).shape == (3, space.size)
    else:
        with pytest.raises(UnsupportedError, match="no encoder"):
            spaces.encode(space, x)


def test_equal_seeds_draw_equal_codes_and_others_do_not() -> None:
    space = space_of("autoencoder")
    assert torch.equal(spaces.draw(space, 2, 5), spaces.draw(space, 2, 5))
    assert not torch.equal(spaces.draw(space, 2, 5), spaces.draw(space, 2, 6))


def test_only_vaes_and_gans_draw_from_a_prior() -> None:
    found = {family for family in LATENT if space_of(family).has_prior}
    assert found == {"vae", "dense_vae", "gan"}


def test_draws_without_a_prior_have_the_spread_of_the_codes() -> None:
    space = space_of("autoencoder")
    statistics = replace(
        space.statistics,
        mean=torch.tensor([5.0, 0.0, -1.0]),
        direction_std=torch.tensor([3.0, 1.0, 0.0]),
    )
    z = spaces.draw(Space(space.model, statistics), 4000, seed=0)
    assert z.mean(0).tolist() == pytest.approx([5, 0, -1], abs=0.2)
    assert z.std(0).tolist() == pytest.approx([3, 1, 0], abs=0.1)


def test_dimensions_come_in_the_order_of_their_importance() -> None:
    space = space_of("autoencoder")
    statistics = replace(space.statistics, importance=torch.tensor([1.0, 6.0, 3.0]))
    found = spaces.axes(Space(space.model, statistics), "dimensions")
    assert [axis.name for axis in found] == ["z₂", "z₃", "z₁"]
    assert [axis.weight for axis in found] == pytest.approx([0.6, 0.3, 0.1])
    assert {(axis.low, axis.high, axis.unit) for axis in found} == {(-2.0, 2.0, "share")}


def test_a_vae_weighs_in_nats_and_reaches_over_its_prior() -> None:
    space = space_of("vae")
    narrow = replace(space.statistics, low=torch.tensor([-0.1, -4.0, -1.0]))
    found = {axis.name: axis for axis in spaces.axes(Space(space.model, narrow), "dimensions")}
    assert found["z₁"].low == pytest.approx(-2.326)
    assert found["z₂"].low == -4
    assert found["z₁"].unit == "nats"
    assert found["z₁"].weight == 3  # statistics_for counts down from the size


def test_directions_hold_three_standard_deviations_and_their_share() -> None:
    space = space_of("autoencoder")
    statistics = replace(
        space.statistics,
        mean=torch.tensor([1.0, 1.0, 1.0]),
        std=torch.tensor([2.0, 1.0, 1.0]),
        direction_std=torch.tensor([2.0, 1.0, 1.0]),
    )
    first = spaces.axes(Space(space.model, statistics), "directions")[0]
    assert (first.low, first.high) == (-6, 6)
    assert first.weight == pytest.approx(4 / 6)
    assert first.coordinate(torch.tensor([1.0, 7.0, 7.0])) == 0  # the mean is zero


def test_a_gan_has_no_measured_share_of_a_direction() -> None:
    assert math.isnan(spaces.axes(space_of("gan"), "directions")[0].weight)


@pytest.mark.parametrize("kind", ["dimensions", "directions"])
def test_moving_along_an_axis_changes_nothing_else(kind: spaces.Kind) -> None:
    space = space_of("autoencoder")
    turned = torch.linalg.qr(torch.randn(3, 3, generator=torch.Generator().manual_seed(0)))[0]
    statistics = replace(space.statistics, directions=turned, mean=torch.tensor([1.0, 2.0, 3.0]))
    found = spaces.axes(Space(space.model, statistics), kind)
    z = torch.tensor([0.3, -0.4, 0.5])
    moved = found[1].move(z, 1.25)
    assert found[1].coordinate(moved) == pytest.approx(1.25, abs=1e-5)
    for other in (found[0], found[2]):
        assert other.coordinate(moved) == pytest.approx(other.coordinate(z), abs=1e-5)
    back = found[1].move(moved, found[1].coordinate(z))
    assert back.tolist() == pytest.approx(z.tolist(), abs=1e-6)


def test_a_traversal_goes_from_low_to_high_around_the_code(linear: Space) -> None:
    z = torch.zeros(8)
    along = spaces.axes(linear, "dimensions")[:3]
    shown = explore.traverse(linear, z, along, columns=5)
    assert shown.images.shape == (3, 5, 1, 28, 28)
    assert shown.names == ("z₁", "z₂", "z₃")
    assert shown.values[:, 0].tolist() == pytest.approx([axis.low for axis in along])
    assert shown.values[:, -1].tolist() == pytest.approx([axis.high for axis in along])
    high = spaces.decode(linear, along[1].move(z, along[1].high)[None])[0]
    assert torch.allclose(shown.images[1, -1], high, atol=1e-6)


def test_the_linear_space_is_that_of_principal_components(
    linear: Space, digits: torch.Tensor
) -> None:
    assert isinstance(linear.model, PrincipalComponents)
    codes = spaces.encode(linear, digits)
    inside = (codes >= linear.statistics.low) & (codes <= linear.statistics.high)
    assert inside.float().mean(0).tolist() == pytest.approx([0.98] * 8, abs=0.002)
    assert codes.mean(0).tolist() == pytest.approx([0] * 8, abs=1e-4)
    expected = linear.model.reconstruct(digits[:1])
    done = explore.reconstruct(linear, digits[0])
    assert torch.equal(done.image, expected[0])
    assert done.mse == pytest.approx(float((expected[0] - digits[0]).square().mean()))


def test_a_principal_component_has_its_share_of_the_variance_of_the_pictures(
    linear: Space, digits: torch.Tensor
) -> None:
    for kind in ("dimensions", "directions"):
        shares = [axis.weight for axis in spaces.axes(linear, kind)]
        assert [round(100 * share, 1) for share in shares[:3]] == [9.6, 7.4, 5.9]
    # Eight of them leave out more than half of the whole.
    whole = digits.flatten(1).double().var(0).sum()
    assert sum(shares) == pytest.approx(float(linear.statistics.std.square().sum() / whole))


def test_random_draws_of_the_linear_space_have_the_variance_of_the_data(
    linear: Space, digits: torch.Tensor
) -> None:
    drawn = spaces.draw(linear, 4000, seed=0).std(0)
    assert torch.allclose(drawn, spaces.encode(linear, digits).std(0), rtol=0.06)


def test_neighbours_by_hand() -> None:
    points = torch.tensor([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]])
    # Nearest others: 1 (to the third), 3√2 (to the third), 1. Median 1.
    usual = explore.usual_distance(points)
    assert usual == pytest.approx(1)
    found = explore.nearest(points, torch.tensor([3.0, 3.0]), usual)
    assert (found.index, found.distance) == (1, pytest.approx(1))


def test_equal_points_are_at_distance_zero_of_one_another() -> None:
    assert explore.usual_distance(torch.ones(4, 3)) == 0


def test_the_plane_has_its_highest_row_on_top(digits: torch.Tensor) -> None:
    space = spaces.linear_space(PrincipalComponents.fit(digits, 2), digits)
    shown = explore.plane(space, side=3)
    assert shown.images.shape == (3, 3, 1, 28, 28)
    centre = [(low + high) / 2 for low, high in zip(shown.low, shown.high, strict=True)]
    middle = spaces.decode(space, torch.tensor([centre]))[0]
    assert torch.allclose(shown.images[1, 1], middle, atol=1e-5)
    above = centre[1] + (shown.high[1] - shown.low[1]) / 3
    top = spaces.decode(space, torch.tensor([[centre[0], above]]))[0]
    assert torch.allclose(shown.images[0, 1], top, atol=1e-5)


def test_a_place_belongs_to_the_class_of_most_codes_around_it() -> None:
    codes = torch.tensor([[-1.0, 1.0]] * 12 + [[1.0, 1.0]] * 12 + [[1.0, -1.0]] * 7)
    codes = torch.cat([codes, torch.tensor([[1.0, -1.0]] * 3)])
    labels = np.array([4] * 12 + [7] * 12 + [0] * 7 + [4] * 3)  # 3 among the 7
    found = explore.class_regions(codes, labels, (-2.0, -2.0), (2.0, 2.0), side=4)
    assert found.labels.shape == found.shares.shape == (4, 4)
    assert found.labels[0, 0] == found.labels[1, 1] == 4  # the first row is the highest
    assert found.labels[0, 3] == 7
    assert (found.labels[3, 3], found.shares[3, 3]) == (0, pytest.approx(0.7))
    few = explore.class_regions(codes[:2], labels[:2], (-2.0, -2.0), (2.0, 2.0), side=2)
    assert few.labels.tolist() == [[4, 4], [4, 4]] and few.shares.min() == 1


def test_a_link_holds_all_numbers_in_order_or_the_directions(linear: Space) -> None:
    names = [axis.name for axis in spaces.linked_axes(linear)]
    assert names == [f"z{digit}" for digit in "₁₂₃₄₅₆₇₈"]
    network = small_network("denoising_autoencoder")
    assert isinstance(network, LatentModel)
    long = spaces.network_space(network, statistics_for(network.latent_size))
    assert spaces.kinds(long) == ("directions",)
    assert spaces.linked_axes(long)[0].name == "direction 1"


def test_what_does_not_fit_is_refused(linear: Space) -> None:
    with pytest.raises(ShapeError):
        spaces.decode(linear, torch.zeros(1, 7))
    with pytest.raises(UnsupportedError, match="no plane"):
        explore.plane(linear, side=3)


def test_statistics_of_another_model_or_with_holes_are_refused() -> None:
    network = small_network("vae")
    assert isinstance(network, LatentModel)
    with pytest.raises(ShapeError):
        spaces.network_space(network, statistics_for(5))
    sound = statistics_for(3)
    with pytest.raises(ShapeError, match="directions"):
        spaces.network_space(network, replace(sound, directions=sound.directions[:2]))
    with pytest.raises(BadConfig, match="low"):
        spaces.network_space(network, replace(sound, low=torch.tensor([0.0, torch.nan, 0.0])))


# --- what moved, and arithmetic ------------------------------------------------------------------


class Judge(FactorClassifier):
    """Reads whether the first pixel is bright, and how bright the second is, from -2 to 2."""

    def __init__(self) -> None:
        torch.nn.Module.__init__(self)

    def factors(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        flat = x.flatten(1)
        return torch.stack([0.5 - flat[:, 0], flat[:, 0] - 0.5], 1), 4 * flat[:, 1:2] - 2


def test_what_moved_is_what_the_classifier_reads_otherwise() -> None:
    factors = (Factor("shade", ("dark", "light")), Factor("place", unit="px", span=4.0))
    before, after = torch.zeros(1, 1, 2), torch.tensor([[[1.0, 0.05]]])
    shade, place = explore.what_moved(Judge(), factors, before, after)
    assert (shade.before, shade.after, shade.changed) == ("dark", "light", True)
    assert shade.certainty == pytest.approx(1 / (1 + math.exp(-1)))
    # A number has moved from a tenth of its range on.
    assert (place.before, place.after, place.changed) == ("-2.0 px", "-1.8 px", False)
    assert place.certainty is None
    assert explore.what_moved(Judge(), factors, before, torch.tensor([[[0, 0.2]]]))[1].changed


def test_arithmetic_in_a_linear_space_is_that_of_the_pictures(
    linear: Space, digits: torch.Tensor
) -> None:
    a, b, c = digits[:3]
    z, picture = explore.arithmetic(linear, a, b, b)
    torch.testing.assert_close(z, spaces.encode(linear, a[None])[0], atol=1e-4, rtol=0)
    z, picture = explore.arithmetic(linear, a, b, c)
    codes = spaces.encode(linear, digits[:3])
    torch.testing.assert_close(z, codes[0] - codes[1] + codes[2])
    assert picture.shape == a.shape


def test_a_space_offers_sliders_for_attributes_only_where_it_has_any() -> None:
    plain = space_of("vae")
    assert "attributes" not in spaces.kinds(plain) and spaces.axes(plain, "attributes") == ()
    axis = spaces.axes(plain, "dimensions")[0]
    named = replace(plain, attributes=(replace(axis, name="beard"),))
    assert spaces.kinds(named)[-1] == "attributes"
    assert [axis.name for axis in spaces.axes(named, "attributes")] == ["beard"]
    # What links hold does not change.
    before, after = spaces.linked_axes(plain), spaces.linked_axes(named)
    assert [axis.name for axis in before] == [axis.name for axis in after]


def test_a_search_finds_the_code_that_drew_a_picture() -> None:
    space = space_of("gan")
    wanted = spaces.draw(space, 1, seed=5)
    picture = spaces.decode(space, wanted)[0]
    search, shares = explore.search(space, picture, seed=0, steps=60), []
    while True:
        try:
            shares.append(next(search))
        except StopIteration as end:
            found = end.value
            break
    assert shares == sorted(shares) and shares[-1] < 1
    assert found.steps[0] == 0 and found.steps[-1] == 60
    assert found.images.shape == (len(found.steps), *picture.shape)
    assert found.errors[-1] < 0.3 * found.errors[0]
    assert float(found.codes.norm(dim=1).max()) <= space.size**0.5 + 1e-4
    again = explore.search(space, picture, seed=0, steps=60)
    with pytest.raises(StopIteration) as ended:
        while True:
            next(again)
    assert torch.equal(ended.value.value.codes, found.codes)


def test_principal_components_need_no_search(linear: Space, digits: torch.Tensor) -> None:
    with pytest.raises(UnsupportedError, match="encode"):
        next(explore.search(linear, digits[0], seed=0))
