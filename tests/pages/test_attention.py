"""The Attention page, without a browser."""

import re
from collections.abc import Callable

import pytest
from browser_reports import report, told

from latentlab.data.text.spoken import spoken_words

COMPONENT = "matrices"
SECTIONS = ("hand", "scale", "positions", "three", "letters", "layers")
BAD = {
    "": "There is no word in it",
    "word " * 400: "Only the first 16 of",  # a browser reports 2,000 characters at most
    "🦕 שלום": "are unknown",
    "<script>alert(1)</script> zyzzyva": "are unknown",
}


def html(app, mark: str) -> str:
    return next((one.proto.body for one in app.get("html") if mark in one.proto.body), "")


def said(app) -> str:
    return " ".join(one.value for one in (*app.markdown, *app.caption, *app.info))


def fine(app) -> bool:
    return not (app.exception or app.error or app.warning)


def words(app) -> list[str]:
    return [token["text"] for token in told(app, COMPONENT)["tokens"]][1:]


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens(open_page: Callable, section: str) -> None:
    assert fine(open_page("attention", attention_section=section))


def test_a_sentence_comes_with_all_numbers_of_all_layers(open_page: Callable) -> None:
    app = open_page("attention")
    data = told(app, COMPONENT)
    assert words(app) == ["the", "cat", "sat", "on", "the", "mat"]
    assert all(token["known"] for token in data["tokens"]) and not data["note"]
    assert len(data["layers"]) == 3 and all(set(layer) == set("xqkv") for layer in data["layers"])


def test_a_sentence_is_held_by_the_link_and_all_sections_share_it(open_page: Callable) -> None:
    app = open_page("attention")
    report(app, COMPONENT, chosen={"sentence": "A dog ran", "layer": 2, "head": 3})
    assert fine(app) and words(app) == ["a", "dog", "ran"]
    held = {key: app.query_params[f"attention_{key}"] for key in ("sentence", "layer", "head")}
    assert held == {"sentence": "A dog ran", "layer": "2", "head": "3"}
    app.session_state["attention_section"] = "three"
    app.run()
    assert fine(app) and app.text_input(key="attention_sentence").value == "A dog ran"


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        {},
        {"sentence": 3, "layer": 0, "head": 0},
        {"sentence": "a", "layer": 99, "head": 0},
        {"sentence": "a", "layer": 0, "head": True},
    ],
)
def test_a_report_of_nonsense_changes_nothing(open_page: Callable, nonsense: object) -> None:
    app = open_page("attention")
    report(app, COMPONENT, chosen=nonsense)
    assert fine(app) and told(app, COMPONENT)["sentence"] == "The cat sat on the mat"


@pytest.mark.parametrize("text", BAD)
def test_any_sentence_is_answered_by_a_sentence(open_page: Callable, text: str) -> None:
    app = open_page("attention")
    report(app, COMPONENT, chosen={"sentence": text, "layer": 0, "head": 0})
    assert fine(app) and BAD[text] in told(app, COMPONENT)["note"]
    for section in ("three", "positions"):
        app.session_state["attention_section"] = section
        app.run()
        assert fine(app)
        assert "<script>alert" not in "".join(one.proto.body for one in app.get("html"))


def test_a_link_of_nonsense_gives_the_page_and_a_sentence(open_page: Callable) -> None:
    app = open_page("attention", attention_layer="99", attention_head="x", attention_section="no")
    assert not app.exception and not app.error and len(app.warning) == 1
    data = told(app, COMPONENT)
    assert data["layer"] == data["head"] == 0


def test_three_architectures_answer_one_sentence(open_page: Callable) -> None:
    app = open_page("attention", attention_section="three", attention_sentence="A man plays a")
    assert fine(app)
    bodies = [one.proto.body for one in app.get("html")]
    full, causal = (body for body in bodies if "class=sight" in body)
    assert full.count("class=sees") == 16 and causal.count("class=sees") == 10
    shares = [re.findall(r"([0-9.]+)%</td>", body) for body in bodies if "class=guesses" in body]
    assert len(shares) == 2 and all(0 < sum(map(float, each)) <= 100.5 for each in shares)
    assert html(app, "class=alignment").count("scope=col") == len("attention") + 2


def test_a_sentence_has_a_class_by_the_network_and_by_a_bag_of_words(open_page: Callable) -> None:
    app = open_page("attention", attention_section="three", attention_asked="class")
    assert fine(app)
    table = html(app, "guesses letters classes")
    shares = [float(share) for share in re.findall(r"([0-9.]+)%<", table)]
    assert len(shares) == 4 and abs(shares[0] + shares[2] - 100) < 0.2 > abs(
        shares[1] + shares[3] - 100
    )
    app.segmented_control(key="attention_question").set_value("order").run()
    assert fine(app) and app.query_params["attention_question"] == "order"
    assert html(app, "guesses letters classes").count(">50.0%") == 2
    assert "the same bag" in said(app)
    app.text_input(key="attention_sentence").set_value("…").run()
    assert fine(app) and "no word in this sentence" in said(app)


def test_at_temperature_zero_the_likeliest_has_all(open_page: Callable) -> None:
    app = open_page("attention", attention_section="three", attention_temperature="0.0")
    bodies = [one.proto.body for one in app.get("html") if "class=guesses" in one.proto.body]
    assert "100.0%" in bodies[1]


@pytest.mark.parametrize("word", [" ", "123", "שלום", "<b>🦕</b>", "x" * 200])
def test_a_word_of_any_sort_is_spoken_or_explained(open_page: Callable, word: str) -> None:
    app = open_page("attention", attention_section="three", attention_word=word)
    assert fine(app)
    letters = [letter for letter in word if letter.isascii() and letter.isalpha()]
    assert bool(html(app, "class=alignment")) == bool(letters)
    assert ("no letter from a to z" in said(app)) == (not letters)


def test_the_dictionary_stands_beside_the_network(open_page: Callable) -> None:
    app = open_page("attention", attention_section="three", attention_word="Live ")
    ways = html(app, "class=said")
    assert ways.count("dictionary</th>") == 2 and "L AY V" in ways and "L IH V" in ways
    assert "both learnt" in said(app)
    app.button(key="attention.unseen").click().run()
    word = app.text_input(key="attention_word").value
    assert fine(app) and spoken_words()[word].unseen and "test split" in said(app)
    app.text_input(key="attention_word").set_value("qqqzzz").run()
    assert fine(app) and "dictionary</th>" not in html(app, "class=said")


@pytest.mark.parametrize("begun", ["", "lat", "LAT tra", "qqqq", "🦕 שלום", "<b>" * 13])
def test_words_begin_as_is_wished(open_page: Callable, begun: str) -> None:
    app = open_page("attention", attention_section="letters", attention_begun=begun)
    assert fine(app)
    kept = "".join(re.findall("[a-z]", begun.casefold()))[:12]
    rows = re.findall(r"<td>(?:<span>([a-z]*)</span>)", html(app, "class=made"))
    assert len(rows) >= 16 and set(rows) == {kept}
    assert ("Read as" in said(app)) == (kept != begun.strip())


def test_shuffling_moves_codes_by_their_positions_alone(open_page: Callable) -> None:
    text = said(open_page("attention", attention_section="positions"))
    placed, unplaced = map(float, re.findall(r"\*\*([0-9.]+) ?%\*\*", text)[:2])
    assert placed > 10 and unplaced < 0.01
