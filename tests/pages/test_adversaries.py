"""The Adversaries page, without a browser."""

from collections.abc import Callable
from typing import Any

import pytest
from browser_reports import report, told

from latentlab.tasks import adversaries as task
from latentlab.ui.adversaries import page

USUAL = [[[0, "non_saturating"]], [[0, "relativistic"]]]


def live(app) -> dict[str, Any]:
    return told(app, "duel")


def said(app, **changes: object) -> dict[str, object]:
    """What a browser reports of a run that rests."""
    arenas = tuple(tuple(map(tuple, arena)) for arena in live(app)["arenas"])
    honest = {"setup": live(app)["setup"], "moves": "", "arenas": task.write_arenas(arenas)}
    return {**honest, **changes}


def test_two_losses_begin_from_the_same_start_beside_a_perfect_sampler_and_a_mixture(
    open_page: Callable,
) -> None:
    app = open_page("adversaries")
    assert not app.exception and not app.error and not app.warning
    data = live(app)
    assert (data["arenas"], data["moves"]) == (USUAL, [])
    assert len(data["target"]["anchors"]) == 8 and not data["draws"]
    perfect, mixture = data["scale"]["perfect"], data["scale"]["mixture"]
    assert perfect["low"]["inside"] < 0.989 < perfect["high"]["inside"] < 1
    assert mixture["fair"] == 8 and mixture["inside"] > 0.98, "EM wins on mixtures"


@pytest.mark.parametrize("name", page.TARGETS)
def test_every_distribution_has_a_meter(name: str, open_page: Callable) -> None:
    app = open_page("adversaries", adversaries_target=name)
    assert not app.exception and not app.error and not app.warning
    data = live(app)
    assert data["draws"] == (name == "drawn")
    assert sum(data["target"]["shares"]) == pytest.approx(1)
    assert data["scale"]["perfect"]["low"]["fair"] == len(data["target"]["shares"])


def test_what_was_played_is_held_by_the_link(open_page: Callable) -> None:
    app = open_page("adversaries")
    report(app, "duel", report=said(app, moves="30d.200s"))
    assert app.query_params["adversaries_moves"] == "30d.200s"
    again = open_page("adversaries", adversaries_moves="30d.200s")
    assert live(again)["moves"] == [["discriminator", 30], ["step", 200]]
    assert live(again)["arenas"] == USUAL


def test_a_branch_is_held_by_the_link(open_page: Callable) -> None:
    app = open_page("adversaries")
    arenas = "non_saturating,relativistic,non_saturating@200:wasserstein"
    report(app, "duel", report=said(app, moves="200s", arenas=arenas))
    branch = "non_saturating@200:wasserstein"
    assert app.query_params["adversaries_branches"] == branch
    again = open_page("adversaries", adversaries_branches=branch, adversaries_moves="200s")
    assert live(again)["arenas"] == [*USUAL, [[0, "non_saturating"], [200, "wasserstein"]]]


def test_other_settings_begin_a_run_anew(open_page: Callable) -> None:
    app = open_page("adversaries", adversaries_moves="200s")
    app.slider(key="adversaries_turns").set_value(3).run()
    assert live(app)["moves"] == [] and live(app)["settings"]["turns"] == 3
    assert "adversaries_moves" not in app.query_params


def test_a_drawing_is_held_by_the_link_and_begins_a_run_anew(open_page: Callable) -> None:
    app = open_page("adversaries", adversaries_target="drawn", adversaries_moves="50s")
    drawing = "AAAA" + "D6D6" + "H0H0"  # both ends of the diagonal and its middle
    report(app, "duel", report=said(app, drawing=drawing))
    assert app.query_params["adversaries_drawing"] == drawing
    assert live(app)["target"]["anchors"] == [[-1, -1], [0, 0], [1, 1]]
    assert live(app)["moves"] == []
    again = open_page("adversaries", adversaries_target="drawn", adversaries_drawing=drawing)
    assert live(again)["target"] == live(app)["target"]


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        [],
        {"setup": 3},
        {"moves": "200x"},
        {"moves": "99999s.99999s"},
        {"arenas": "minimax@0:relativistic"},
        {"arenas": ",".join(["minimax"] * 5)},
        {"drawing": "A"},
        {"drawing": "____"},
        {"drawing": 7},
        {"setup": "of another run", "moves": "5s"},
    ],
    ids=str,
)
def test_what_is_no_report_changes_nothing(nonsense: object, open_page: Callable) -> None:
    app = open_page("adversaries")
    before = live(app)
    mapping = isinstance(nonsense, dict)
    report(app, "duel", report=said(app, **nonsense) if mapping else nonsense)
    assert not app.exception and not app.error
    assert live(app) == before
    assert not any(key.startswith("adversaries_") for key in app.query_params)


@pytest.mark.parametrize(
    ("setting", "title"),
    [
        ({"adversaries_target": "attic"}, "Distribution"),
        ({"adversaries_losses": "minimax,hinge"}, "Losses"),
        ({"adversaries_moves": "200"}, "Moves"),
        ({"adversaries_moves": "40001s"}, "Moves"),
        ({"adversaries_branches": "minimax@9:<b>"}, "Branches"),
        ({"adversaries_drawing": "???"}, "Drawing"),
        ({"adversaries_rate_g": "1e30"}, "Learning rate, generator"),
        ({"adversaries_width_d": "4096"}, "Width, discriminator"),
        ({"adversaries_depth_g": "99"}, "Hidden layers, generator"),
        ({"adversaries_noise": "pink"}, "Noise"),
        ({"adversaries_seed": "-1"}, "Another start"),
    ],
    ids=str,
)
def test_a_setting_that_does_not_exist_is_one_sentence(
    setting: dict[str, str], title: str, open_page: Callable
) -> None:
    app = open_page("adversaries", **setting)
    assert not app.exception and not app.error
    assert len(app.warning) == 1
    assert f"settings that do not exist here: {title}" in app.warning[0].value
    assert live(app)["arenas"] == USUAL


def test_without_a_loss_the_page_asks_for_one(open_page: Callable) -> None:
    app = open_page("adversaries", adversaries_losses="none")
    assert not app.exception and not app.error
    assert "Choose a loss" in app.info[0].value


def test_four_arenas_at_most(open_page: Callable) -> None:
    losses = "minimax,non_saturating,least_squares,wasserstein,relativistic"
    app = open_page(
        "adversaries", adversaries_losses=losses, adversaries_branches="minimax@5:wasserstein"
    )
    assert len(live(app)["arenas"]) == task.MAX_ARENAS
