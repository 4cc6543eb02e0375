"""What the Adversaries page tells browsers, and what its addresses hold."""

import pytest

from latentlab.adversaries import targets
from latentlab.adversaries.settings import Settings
from latentlab.tasks import adversaries as task


@pytest.mark.parametrize(
    "text", ["minimax", "minimax,relativistic", "minimax@20:relativistic@300:wasserstein"]
)
def test_arenas_are_read_as_they_are_written(text: str) -> None:
    assert task.write_arenas(task.read_arenas(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "minimax,",
        "hinge",
        "minimax@20",
        "minimax@20:hinge",
        "minimax@30:relativistic@30:minimax",
    ],
)
def test_what_names_no_arenas_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        task.read_arenas(text)


def test_moves_are_read() -> None:
    assert task.read_moves("") == ()
    expected = (("discriminator", 500), ("step", 2000), ("generator", 1))
    assert task.read_moves("500d.2000s.1g") == expected


@pytest.mark.parametrize("text", ["0s", "5", "s", "5s.", "5s,5d", "40001s", ".".join(["1s"] * 51)])
def test_what_names_no_moves_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        task.read_moves(text)


def test_browsers_get_every_setting() -> None:
    told = task.told_settings(Settings(noise_size=3, rate=(0.1, 0.2)))
    assert told["noiseSize"] == 3 and told["rate"] == [0.1, 0.2]
    assert set(told) == {
        *("seed", "batch", "noise", "noiseSize", "width", "depth", "rate", "turns", "penalty"),
        *("spectral", "length"),
    }


@pytest.mark.parametrize("name", ["ring", "grid"])
def test_a_mixture_that_knows_the_number_of_modes_is_as_good_as_a_perfect_sampler(
    name: str,
) -> None:
    scale = task.scale(targets.get(name))
    assert scale.mixture.fair == scale.components == targets.get(name).count
    assert abs(scale.mixture.inside - 0.989) < 0.01
    assert scale.mixture.divergence < 3 * scale.perfect.high.divergence
