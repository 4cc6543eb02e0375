"""The Pretrain page, without a browser."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser_reports import report, told

from latentlab import experiments
from latentlab.errors import UnsupportedError
from latentlab.experiments import pretrain_moments
from latentlab.tasks import pretrain
from latentlab.ui.pretrain import binding, moments

SETTINGS = [("2006", 100), ("2006", 3_000), ("today", 1_000), ("today", 60_000)]


def answer(app) -> str:
    return next(one.value for one in app.markdown if "%" in one.value and "abels" in one.value)


def table(app) -> str:
    return next(one.proto.body for one in app.get("html") if "class='errors'" in one.proto.body)


def charted(app, key: str) -> dict:
    return next(
        json.loads(one.proto.spec) for one in app.get("plotly_chart") if key in one.proto.id
    )


def press(app, label: str) -> None:
    next(one for one in app.button if one.label == label).click().run()


@pytest.mark.parametrize(("era", "labels"), SETTINGS)
def test_sentence_table_and_chart_say_what_was_measured(
    open_page: Callable, era: str, labels: int
) -> None:
    app = open_page("pretrain", pretrain_era=era, pretrain_labels=labels)
    assert not app.exception and not app.error and not app.warning
    few, many = (experiments.load(name) for name in ("pretrain", "pretrain_many"))
    rows = pretrain.compare(few, many, era, labels)
    found = pretrain.verdict(rows, era, labels)
    assert answer(app) == found.sentence
    drawn = table(app)
    assert f"With {labels:,} labels" in drawn
    best = next(row for row in rows if row.method == found.winner)
    assert re.search(f"class=best>.*?{re.escape(best.title)}", drawn)
    named = {line.get("name") for line in charted(app, "pretrain.curves")["data"]}
    assert set(pretrain.METHODS.values()) <= named


def test_the_slider_and_the_switch_are_held_by_the_address(open_page: Callable) -> None:
    app = open_page("pretrain")
    first = answer(app)
    assert "100 labels" in first and "pretrain_labels" not in app.query_params
    app.select_slider[0].set_value(3_000).run()
    assert app.query_params["pretrain_labels"] == "3000" and "3,000 labels" in answer(app)
    app.session_state["pretrain_era"] = "today"
    app.run()
    assert app.query_params["pretrain_era"] == "today"
    assert answer(app).startswith("Trained as today, with 3,000 labels")


def test_an_era_that_was_measured_with_fewer_labels_takes_the_most_it_has(
    open_page: Callable,
) -> None:
    app = open_page("pretrain", pretrain_labels=60_000)  # of 2006
    assert not app.exception and not app.error and not app.warning
    assert app.query_params["pretrain_labels"] == "3000"
    assert any("only today’s stacks" in one.value for one in app.caption)


def test_rows_in_print_stand_beside_ours_unless_switched_off(open_page: Callable) -> None:
    app = open_page("pretrain", pretrain_printed="false")
    assert "In print" not in table(app)
    app = open_page("pretrain")
    named = [line.get("name") for line in charted(app, "pretrain.curves")["data"]]
    assert "Ladder, in print" in named
    assert "25.8" in table(app) and "13.5" in table(app) and "1.06" in table(app)


@pytest.mark.parametrize(
    ("setting", "title"),
    [
        ({"pretrain_labels": "101"}, "Labels"),
        ({"pretrain_labels": "1e2"}, "Labels"),
        ({"pretrain_era": "<b>"}, "Trained as in"),
        ({"pretrain_section": "attic"}, "Section"),
        ({"pretrain_section": "moments", "pretrain_moment": "10"}, "Moment"),
        ({"pretrain_section": "moments", "pretrain_moment": "-1"}, "Moment"),
        ({"pretrain_section": "tuned", "pretrain_tuned_labels": "0"}, "Labelled pictures"),
        ({"pretrain_printed": "maybe"}, "Rows in print"),
    ],
)
def test_a_link_that_cannot_be_used_is_one_sentence(
    open_page: Callable, setting: dict[str, str], title: str
) -> None:
    app = open_page("pretrain", **setting)
    assert not app.exception and not app.error
    assert [title in one.value for one in app.warning] == [True]


def test_the_moment_is_held_by_the_address(open_page: Callable) -> None:
    app = open_page("pretrain", pretrain_section="moments", pretrain_moment=3)
    assert not app.exception and not app.error and not app.warning
    assert told(app, "layers")["at"] == 3 and told(app, "layers")["shown"] == [0, 1, 2]
    report(app, "layers", at=0)
    assert app.query_params["pretrain_moment"] == "0"
    report(app, "layers", at=99)  # no such moment
    assert app.query_params["pretrain_moment"] == "0" and not app.exception


def test_one_click_breaks_the_stack_and_one_more_mends_it(open_page: Callable) -> None:
    app = open_page("pretrain")
    press(app, "Break the stack")
    assert not app.exception and app.query_params["pretrain_section"] == "moments"
    assert told(app, "layers")["shown"] == [0]
    assert told(app, "layers")["at"] == moments.STUCK
    press(app, "Mend the stack")
    assert told(app, "layers")["shown"] == [0, 1, 2]
    assert "Mend the stack" not in [one.label for one in app.button]


def test_one_click_cheats_and_one_more_is_honest(open_page: Callable) -> None:
    app = open_page("pretrain")
    press(app, "Cheat")
    assert not app.exception and app.query_params["pretrain_section"] == "tuned"
    found = pretrain.hindsight(experiments.load("pretrain"), "today", 100)
    assert pretrain.percent(found.draw) in answer(app) and "Honest" not in answer(app)
    assert len(charted(app, "pretrain.steps")["data"][0]["x"]) == 1
    press(app, "Be honest")
    assert f"Honest is **{pretrain.percent(found.honest)}**" in answer(app)
    assert len(charted(app, "pretrain.steps")["data"][0]["x"]) == 4


def test_what_browsers_fetch_is_whole() -> None:
    kept = pretrain_moments.load()
    read = json.loads(binding.packed(kept))
    assert len(read["moments"]) == moments.LAST + 1 == len(pretrain_moments.MOMENTS)
    assert pretrain_moments.MOMENTS[moments.STUCK] == 0.5
    assert len(read["layers"]) == len(read["units"]) == pretrain_moments.LAYERS
    assert len(read["runs"]) == len(read["colours"]) == len(read["which"]) == 3


@pytest.fixture
def nothing(monkeypatch: pytest.MonkeyPatch, fresh_caches: None) -> Iterator[None]:
    """No result, and no moments."""

    def load(*args: object) -> None:
        raise UnsupportedError("Nothing is here.", "Measure it.")

    monkeypatch.setattr(experiments, "load", load)
    monkeypatch.setattr(pretrain_moments, "load", load)
    yield
    import streamlit as st

    st.cache_resource.clear()


@pytest.mark.parametrize("section", ["labels", "moments", "tuned"])
def test_without_results_the_page_says_so(
    nothing: None, open_page: Callable, section: str, tmp_path: Path
) -> None:
    app = open_page("pretrain", pretrain_section=section)
    assert not app.exception and not app.error
    assert "Nothing is here" in app.info[0].value
