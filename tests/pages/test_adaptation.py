"""The Domain adaptation page, without a browser."""

from collections.abc import Callable
from typing import Any

import pytest
from browser_reports import report, told

from latentlab import experiments
from latentlab.tasks import adaptation as task
from latentlab.ui.adaptation import balance, live, models


def said(app: Any) -> str:
    return " ".join(one.value for one in app.markdown).replace("\N{NO-BREAK SPACE}", " ")


def held(app: Any, key: str) -> str:
    """What the address holds; AppTest gives a list where a widget is bound to it."""
    found = app.query_params[key]
    return found if isinstance(found, str) else found[0]


def tables(app: Any) -> str:
    return " ".join(one.proto.body for one in app.get("html") if "'domains'" in one.proto.body)


def test_a_shift_is_seen_and_counted(open_page: Callable) -> None:
    app = open_page("adaptation")
    assert not app.exception and not app.error and not app.warning
    assert "**100 %** in its own domain, and **100 %** in the target" in said(app)
    assert "one shift alone" in tables(app)
    app.slider(key="adaptation_rotation").set_value(60).run()
    assert not app.exception
    assert "**100 %** in its own domain" in said(app) and "and **100 %** in" not in said(app)
    assert "Each shift alone" not in said(app)
    app.toggle(key="adaptation_invert").set_value(True).run()
    assert "Each shift alone" in said(app) and "Inverted" in tables(app)
    assert "rotation=60.0, invert=True" in " ".join(one.value for one in app.code)


def test_scikit_learns_digits_are_another_target(open_page: Callable) -> None:
    app = open_page("adaptation", adaptation_target="scikit")
    assert not app.exception and "scikit-learn’s digits" in said(app)
    assert "and **100 %** in the target" not in said(app)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("adaptation_rotation", "400"),
        ("adaptation_pen", "crayon"),
        ("adaptation_section", "elsewhere"),
        ("adaptation_invert", "perhaps"),
    ],
)
def test_a_link_that_says_nothing_of_use_gives_the_default_and_a_sentence(
    open_page: Callable, key: str, value: str
) -> None:
    app = open_page("adaptation", **{key: value})
    assert not app.exception and len(app.warning) == 1


@pytest.mark.parametrize("name", models.PAIRS)
def test_every_pair_that_was_measured_has_its_table(open_page: Callable, name: str) -> None:
    experiment, pair = models.PAIRS[name]
    if not models._is_measured(experiment):
        pytest.skip(f"{experiment} has not been measured")
    app = open_page("adaptation", adaptation_section="models", adaptation_pair=name)
    assert not app.exception and not app.error and not app.info
    rows = task.scores(experiments.load(experiment), pair)
    assert task.verdict(rows) in said(app)
    assert all(row.title in tables(app) for row in rows)
    assert ("worth more than all of them" in said(app)) == (name == models.FRAMES)


def test_framing_is_shown_first(open_page: Callable) -> None:
    assert next(iter(models.PAIRS)) == models.FRAMES
    app = open_page("adaptation", adaptation_section="models")
    assert "framed" in tables(app) and "stretched" in tables(app)


def test_what_was_played_is_held_by_the_link_and_stays_when_the_moons_turn(
    open_page: Callable,
) -> None:
    app = open_page("adaptation", adaptation_section="live")
    data = told(app, "alignment")
    assert (data["moves"], data["method"], data["target"]) == (
        [],
        "dann",
        {"angle": 35.0, "share": 0.5},
    )
    report(app, "alignment", report={"setup": data["setup"], "moves": "30x100.5x20"})
    assert held(app, live.MOVES) == "30x100.5x20"
    assert told(app, "alignment")["moves"] == [[100, 30], [20, 5]]
    app.slider(key="adaptation_angle").set_value(60).run()
    turned = told(app, "alignment")
    assert turned["target"]["angle"] == 60 and turned["moves"] == [[100, 30], [20, 5]]
    assert turned["setup"] != data["setup"]
    assert "[(100, 30), (20, 5)]" in " ".join(one.value for one in app.code)


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {"moves": "3x3"},
        {"setup": 3, "moves": "3x3"},
        {"setup": "another", "moves": "3x3"},
        {"setup": "", "moves": "3x300"},
    ],
)
def test_what_is_no_report_changes_nothing(open_page: Callable, wrong: object) -> None:
    app = open_page("adaptation", adaptation_section="live", adaptation_moves="10x50")
    if isinstance(wrong, dict) and wrong.get("setup") == "":
        wrong = {**wrong, "setup": told(app, "alignment")["setup"]}
    report(app, "alignment", report=wrong)
    assert not app.exception and held(app, live.MOVES) == "10x50"


def test_moves_of_a_link_that_are_none_are_refused_in_a_sentence(open_page: Callable) -> None:
    app = open_page("adaptation", adaptation_section="live", adaptation_moves="9999999x1")
    assert not app.exception and len(app.warning) == 1
    assert told(app, "alignment")["moves"] == []


def test_alignment_gone_wrong_is_told_with_its_numbers(open_page: Callable) -> None:
    app = open_page("adaptation", adaptation_section="balance")
    assert not app.exception and not app.info
    assert task.wrong(experiments.load("adaptation_balance")) in said(app)
    assert len(app.get("plotly_chart")) == 2 and "falls least" in balance.IDEA
