"""Endpoints, strips, grids, and the numbers about them, on small networks and by hand."""

import math

import pytest
import torch
from small_models import small_network, statistics_for

from latentlab.errors import InputError, ShapeError, UnknownNameError, UnsupportedError
from latentlab.latents.paths import paths
from latentlab.tasks import interpolate as task
from latentlab.tasks.interpolate import Endpoint, Grid, Measures, Neighbours, Prediction, Strip

SHAPE = (1, 28, 28)


def pictures(count: int, seed: int = 0) -> torch.Tensor:
    return torch.rand(count, *SHAPE, generator=torch.Generator().manual_seed(seed))


def end(latent: list[float], value: float = 0.0) -> Endpoint:
    return Endpoint(torch.full(SHAPE, value), torch.tensor(latent))


def strip(images: torch.Tensor, latents: torch.Tensor | None = None) -> Strip:
    return Strip("any", "Any", images, latents)


# --- endpoints ------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", ["autoencoder", "vae", "denoising_autoencoder"])
def test_a_pictures_end_holds_its_most_probable_code(family: str) -> None:
    model, x = small_network(family), pictures(1)[0]
    found = task.picture_endpoint(model, x)
    assert torch.equal(found.picture, x)
    with torch.inference_mode():
        assert torch.equal(found.latent, model.encode(x[None]).mode()[0])


def test_a_model_without_encoder_refuses_a_picture_and_says_why() -> None:
    with pytest.raises(UnsupportedError, match="no encoder"):
        task.picture_endpoint(small_network("gan"), pictures(1)[0])


def test_a_picture_of_another_size_is_refused() -> None:
    with pytest.raises(ShapeError):
        task.picture_endpoint(small_network("autoencoder"), torch.zeros(1, 20, 20))


@pytest.mark.parametrize("family", ["autoencoder", "vae", "gan", "denoising_autoencoder"])
def test_a_seed_gives_one_random_code_and_its_picture(family: str) -> None:
    model = small_network(family)
    statistics = statistics_for(model.latent_size)
    one, again, other = (task.random_endpoint(model, statistics, seed) for seed in (3, 3, 4))
    assert one.latent.shape == model.latent_shape
    assert torch.equal(one.latent, again.latent)
    assert not torch.equal(one.latent, other.latent)
    with torch.inference_mode():
        assert torch.equal(one.picture, model.decode(one.latent[None])[0])


@pytest.mark.parametrize("family", ["vae", "gan"])
def test_a_model_with_a_prior_draws_from_it(family: str) -> None:
    model = small_network(family)
    rng = torch.Generator().manual_seed(5)
    drawn = task.random_endpoint(model, statistics_for(model.latent_size), 5)
    assert torch.equal(drawn.latent, model.sample_prior(1, rng)[0])


def test_a_plain_autoencoder_draws_around_the_codes_of_its_data() -> None:
    model = small_network("autoencoder")
    statistics = statistics_for(model.latent_size)
    statistics = type(statistics)(
        **{
            **vars(statistics),
            "mean": torch.tensor([10.0, 20.0, 30.0]),
            "direction_std": torch.tensor([1.0, 0.0, 0.0]),
        }
    )
    codes = torch.stack(
        [task.random_endpoint(model, statistics, seed).latent for seed in range(200)]
    )
    assert torch.equal(codes[:, 1:], torch.tensor([20.0, 30.0]).expand(200, 2))
    assert abs(float(codes[:, 0].mean()) - 10) < 0.3
    assert abs(float(codes[:, 0].std()) - 1) < 0.2


# --- strips and grids -----------------------------------------------------------------------


def test_every_path_has_a_strip_and_the_fade_comes_last() -> None:
    model, (a, b) = small_network("vae"), pictures(2)
    endpoints = task.picture_endpoint(model, a), task.picture_endpoint(model, b)
    strips = task.interpolate(model, *endpoints, steps=5)
    assert [one.name for one in strips] == [*paths.names(), task.CROSS_FADE]
    for one in strips[:-1]:
        assert one.images.shape == (5, *SHAPE)
        assert one.latents is not None
        assert torch.equal(one.latents[0], endpoints[0].latent)
        assert torch.equal(one.latents[-1], endpoints[1].latent)
        with torch.inference_mode():
            torch.testing.assert_close(one.images, model.decode(one.latents))
    fade = strips[-1]
    assert fade.latents is None
    assert torch.equal(fade.images[0], a) and torch.equal(fade.images[-1], b)
    torch.testing.assert_close(fade.images[2], (a + b) / 2)


def test_a_path_needs_two_steps_and_ends_of_one_model() -> None:
    model = small_network("vae")
    with pytest.raises(InputError):
        task.interpolate(model, end([0, 0, 0]), end([1, 1, 1]), steps=1)
    with pytest.raises(ShapeError):
        task.interpolate(model, end([0, 0, 0]), end([1, 1]), steps=3)


def test_a_square_has_the_corners_and_the_blend_their_mean() -> None:
    model, four = small_network("vae"), pictures(4)
    corners = [task.picture_endpoint(model, x) for x in four]
    latent, blend = task.fill_square(model, corners, 3, "linear")
    assert latent.images.shape == blend.images.shape == (3, 3, *SHAPE)
    for place, (row, column) in enumerate([(0, 0), (0, 2), (2, 0), (2, 2)]):
        assert torch.equal(blend.images[row, column], four[place])
        with torch.inference_mode():
            torch.testing.assert_close(
                latent.images[row, column], model.decode(corners[place].latent[None])[0]
            )
    torch.testing.assert_close(blend.images[1, 1], four.mean(0))


def test_a_square_refuses_an_unknown_path_and_three_corners() -> None:
    model = small_network("vae")
    corners = [end([0, 0, float(k)]) for k in range(4)]
    with pytest.raises(UnknownNameError):
        task.fill_square(model, corners, 3, "crooked")
    with pytest.raises(ShapeError):
        task.fill_square(model, corners[:3], 3, "linear")
    with pytest.raises(ShapeError):
        task.fill_square(model, [*corners[:3], end([0, 0])], 3, "linear")


def test_a_tour_goes_once_round_the_edge_clockwise() -> None:
    numbers = torch.arange(9.0).reshape(3, 3, 1, 1, 1)
    assert Grid("b", numbers).tour().flatten().tolist() == [0, 1, 2, 5, 8, 7, 6, 3]


# --- the classifier -------------------------------------------------------------------------------


def test_a_verdict_in_words_names_the_stations_and_the_doubtful_step() -> None:
    verdict = Prediction(
        torch.tensor([[0.9, 0.1, 0.0], [0.7, 0.3, 0.0], [0.1, 0.46, 0.44], [0.0, 0.2, 0.8]]),
        torch.zeros(4, 1),
    )
    assert verdict.stations == [0, 1, 2]
    assert verdict.least_certain == 2
    assert verdict.reading(["a", "b", "c"]) == "goes a → b → c; least certain at step 3 (46 %)"


def test_a_path_within_a_class_stays() -> None:
    verdict = Prediction(torch.tensor([[0.9, 0.1], [0.8, 0.2]]), torch.zeros(2, 1))
    assert verdict.reading(["a", "b"]) == "stays a; least certain at step 2 (80 %)"


def test_where_nothing_is_uncertain_no_step_is_called_the_least_certain() -> None:
    verdict = Prediction(torch.tensor([[1.0, 0.0], [0.996, 0.004]]), torch.zeros(2, 1))
    assert verdict.reading(["a", "b"]) == "stays a; the classifier is certain at every step"


def measures(distance: float | None, edges: float | None, middle: float | None) -> Measures:
    return Measures(0.9, distance, edges, 1.0, middle)


def test_the_verdict_says_who_wins_by_how_much_and_why() -> None:
    rows = {
        "Linear": measures(0.93, 0.96, 0.64),
        "Spherical": measures(1.10, 1.01, 1.0),
        "Cross-fade": measures(1.27, 0.59, None),
    }
    said = task.compare(rows)
    assert said.startswith(
        "**Linear wins**: Linear 0.93 off real pictures, Spherical 1.10, Cross-fade 1.27."
    )
    assert "64 % of their length" in said and "with 59 % of the edges" in said
    rows["Spherical"] = measures(0.8, 1.01, 1.0)
    assert "On the linear path codes shrink" in task.compare(rows)


def test_methods_that_hardly_differ_are_level_and_a_fade_that_wins_is_said_to() -> None:
    linear, fade = measures(1.0, 0.9, 0.7), measures(1.2, 0.6, None)
    level = task.compare({"Linear": linear, "Spherical": measures(1.01, 0.9, 1), "Fade": fade})
    assert level.startswith("**Linear and Spherical are level**: ")
    beaten = task.compare({"Linear": linear, "Fade": measures(0.7, 0.6, None)})
    assert beaten.startswith("**Fade wins**") and "no better than mixing pixels" in beaten


def test_without_a_classifier_the_edges_decide_and_blank_pictures_have_no_winner() -> None:
    edges = {"Linear": measures(None, 0.7, 0.7), "Fade": measures(None, 0.6, None)}
    assert "**Linear wins**: Linear 70 % of the edges kept, Fade 60 %." in task.compare(edges)
    assert "nothing to compare" in task.compare({"Linear": measures(None, None, None)})


def test_the_judge_gives_probabilities_and_features_of_every_picture() -> None:
    classifier = small_network("classifier")
    verdict = task.classify(classifier, pictures(3))
    assert verdict.probabilities.shape == (3, 10)
    torch.testing.assert_close(verdict.probabilities.sum(1), torch.ones(3))
    with torch.inference_mode():
        torch.testing.assert_close(verdict.features, classifier.features(pictures(3)))


def test_neighbours_know_how_far_real_pictures_lie_from_one_another() -> None:
    classifier, x = small_network("classifier"), pictures(30)
    real = task.neighbours(classifier, x)
    with torch.inference_mode():
        features = classifier.features(x)
    apart = (features[:, None] - features[None]).norm(dim=2)
    apart.fill_diagonal_(math.inf)
    assert real.spacing == pytest.approx(float(apart.amin(1).median()), rel=1e-3)


def test_an_end_does_not_count_as_its_own_neighbour() -> None:
    x = pictures(3)
    real = Neighbours(x, torch.tensor([[0.0], [3.0], [10.0]]), spacing=2.0)
    near_first = torch.tensor([[1.0]])
    assert real.distances(near_first, []).tolist() == [0.5]
    assert real.distances(near_first, [Endpoint(x[0], torch.zeros(1))]).tolist() == [1.0]


# --- measures --------------------------------------------------------------------------------


def test_a_fade_is_a_straight_line_and_a_way_back_is_not() -> None:
    a, b = torch.zeros(1, 2, 2), torch.ones(1, 2, 2)
    straight = strip(torch.stack([a, a + 0.25, b]))
    assert straight.detour == pytest.approx(1)
    there_and_back = strip(torch.stack([a, b, a, b]))  # three times the distance
    assert there_and_back.detour == pytest.approx(3)
    assert strip(torch.stack([a, b, a])).detour is None


def test_the_middle_compares_the_code_half_way_with_the_ends() -> None:
    blank = torch.zeros(3, 1, 2, 2)
    latents = torch.tensor([[3.0, 4.0], [0.0, 1.0], [0.0, 3.0]])  # lengths 5, 1, 3
    assert strip(blank, latents).middle == pytest.approx(0.25)
    assert strip(blank).middle is None
    assert strip(blank, torch.zeros(3, 2)).middle is None


def test_two_half_faded_outlines_keep_half_of_the_edges() -> None:
    a, b = torch.zeros(2, 1, 8, 8)
    a[:, 1, 1] = b[:, 6, 6] = 1.0  # one bright pixel each, apart
    endpoints = [Endpoint(a, torch.zeros(1)), Endpoint(b, torch.zeros(1))]
    measured = task.measure(strip(torch.stack([a, (a + b) / 2, b])), endpoints)
    assert measured.edges == pytest.approx(0.5)
    assert measured.certainty is None and measured.distance is None
    blank = strip(torch.zeros(3, 1, 8, 8))
    assert task.measure(blank, endpoints).edges is None


def test_the_ends_do_not_count_in_the_means() -> None:
    x = pictures(4)
    verdict = Prediction(
        torch.tensor([[1.0, 0.0], [0.6, 0.4], [0.2, 0.8], [1.0, 0.0]]),
        torch.tensor([[9.0], [1.0], [2.0], [9.0]]),
    )
    real = Neighbours(x[:1], torch.tensor([[0.0]]), spacing=1.0)
    endpoints = [Endpoint(x[2], torch.zeros(1)), Endpoint(x[3], torch.zeros(1))]
    measured = task.measure(strip(x), endpoints, verdict, real)
    assert measured.certainty == pytest.approx(0.7)
    assert measured.distance == pytest.approx(1.5)


def test_the_four_corners_of_a_board_do_not_count_in_the_means() -> None:
    x = pictures(9).unflatten(0, (3, 3))
    certain = torch.full((9,), 0.5)
    certain[[0, 2, 6, 8]] = 1.0
    verdict = Prediction(torch.stack([certain, 1 - certain], dim=1), torch.zeros(9, 1))
    measured = task.measure(Grid("b", x), [], verdict)
    assert measured.certainty == pytest.approx(0.5)
    assert measured.detour is None and measured.middle is None
