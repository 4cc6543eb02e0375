"""The Sentences page, without a browser."""

from collections.abc import Callable
from typing import Any

import pytest

from latentlab.tasks import sentences as tasks
from latentlab.ui.sentences import binding, choices, page, results
from latentlab.ui.shared import cache

pytestmark = pytest.mark.skipif(
    not {choices.HEALTHY, choices.COLLAPSED} <= set(cache.names()), reason="no such networks here"
)
HOSTILE = ["", "wug " * 400, "🙂🙂", "שלום עולם", "<script>alert(1)</script>"]


def html(app: Any) -> str:
    return " ".join(one.proto.body for one in app.get("html"))


@pytest.mark.parametrize("section", page.SECTIONS)
def test_every_section_opens(open_page: Callable, section: str) -> None:
    app = open_page("sentences", sentences_section=section)
    assert not app.exception and not app.error and not app.warning and not app.info


@pytest.mark.skipif(choices.OF_WORDNET not in cache.names(), reason="no such network here")
@pytest.mark.parametrize("section", ["walk", "dials", "map"])
def test_wordnet_is_a_choice_that_the_address_holds_as_its_network(
    open_page: Callable, section: str
) -> None:
    app = open_page("sentences", sentences_section=section)
    assert app.session_state[choices.MODEL] == choices.HEALTHY
    (texts,) = (one for one in app.button_group if one.label == "Sentences")
    texts.set_value(choices.WORDNET).run()
    assert not app.exception and not app.error and not app.warning
    assert app.session_state[choices.MODEL] == choices.OF_WORDNET
    again = open_page("sentences", sentences_section=section, sentences_model=choices.OF_WORDNET)
    assert not again.exception and not again.warning and html(again) == html(app)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("section", ["walk", "dials", "map", "change"])
def test_whatever_is_typed_is_answered_and_never_markup(
    open_page: Callable, section: str, text: str
) -> None:
    key = "sentences_from" if section == "walk" else "sentences_text"
    app = open_page("sentences", sentences_section=section, **{key: text})
    assert not app.exception and not app.error
    assert "<script>alert" not in html(app)
    assert "<script>alert" not in " ".join(one.value for one in app.markdown)


def test_what_many_walks_and_neighbours_are_like_stands_beside_the_one(
    open_page: Callable,
) -> None:
    found = results.measured()
    for name, network in ((choices.HEALTHY, "vae"), (choices.COLLAPSED, "collapsed")):
        different = tasks.value(found, "distinct", network)
        assert different is not None
        (said,) = (
            one.value
            for one in open_page("sentences", sentences_model=name).caption
            if one.value.startswith("Over 200 pairs")
        )
        assert f"{100 * different[0]:.0f}\xa0%\xa0±\xa0" in said and "3 trainings" in said
    classical = tasks.baseline(found, "neighbour")
    assert classical is not None
    captions = [one.value for one in open_page("sentences", sentences_section="map").caption]
    assert any(f"TF-IDF and SVD: {100 * classical:.0f}\xa0%" in said for said in captions)


def test_what_codes_keep_stands_beside_counting_which_models_real_sentences_better(
    open_page: Callable,
) -> None:
    found = results.measured("sentences_corpora")
    words, nll, counted = (found.curve(name) for name in ("words", "nll", "nll.baseline"))
    assert words and nll and counted
    said = html(open_page("sentences", sentences_section="health"))
    for corpus in ("wordnet", "captions"):
        place = nll.x.index(corpus)
        assert nll.mean[place] > counted.mean[place] and words.mean[place] < 0.75
        for measured in (nll, counted):
            assert f"{measured.mean[place]:.1f} nats" in said


def test_a_slider_changes_the_sentence(open_page: Callable) -> None:
    app = open_page("sentences", sentences_section="dials")
    before = html(app)
    app.slider(key="sentences_n0").set_value(3.0).run()
    app.slider(key="sentences_n1").set_value(-3.0).run()
    assert not app.exception and html(app) != before


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sentences_model", "gan.mnist_k64"),
        ("sentences_section", "elsewhere"),
        ("sentences_from", "a" * 3000),
    ],
)
def test_a_link_that_says_nothing_of_use_gives_the_default_and_a_sentence(
    open_page: Callable, key: str, value: str
) -> None:
    app = open_page("sentences", **{key: value})
    assert not app.exception and len(app.warning) == 1


def test_a_change_that_the_sentence_cannot_have_is_said(open_page: Callable) -> None:
    app = open_page(
        "sentences",
        sentences_section="change",
        sentences_text="the king lost a hat at home",
        sentences_factor="person",
        sentences_value="0",
    )
    assert not app.exception and "no form with" in app.info[0].value


@pytest.mark.parametrize(
    "report", [None, {}, {"a": 1, "b": "x"}, {"a": "x", "b": "y" * 2001}, ["a", "b"], {"a": "x"}]
)
def test_a_report_that_is_none_is_refused(report: object) -> None:
    with pytest.raises(ValueError, match="two sentences"):
        binding.read(report)
    assert binding.read({"a": "x", "b": ""}) == ("x", "")
