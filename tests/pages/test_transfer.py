"""The Transfer page, without a browser."""

import base64
import io
import re
from collections.abc import Callable

import pytest
from browser_reports import report, told
from PIL import Image, ImageDraw

from latentlab import experiments
from latentlab.tasks import transfer
from latentlab.ui.shared import widgets

LABELS = {"transfer_section": "labels"}
DEPTH = {"transfer_section": "depth"}


def a_stroke(*places: tuple[int, int]) -> str:
    """What the browser says of a stroke through these places; none gives an empty pad's PNG."""
    picture = Image.new("RGB", (256, 256))
    if places:
        ImageDraw.Draw(picture).line(places, fill="white", width=18)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


LINE = ((60, 40), (190, 220))


def html(app, mark: str) -> str:
    return next((one.proto.body for one in app.get("html") if mark in one.proto.body), "")


def answers(app) -> str:
    return html(app, "class=answers")


def counts(app) -> list[str]:
    return re.findall(r"<small>((?:\d+|no) drawings?[^<]*)</small>", html(app, "class=shelf"))


def button(app, label: str):
    return next(one for one in app.button if one.label == label)


def name_class(app, name: str) -> None:
    app.text_input[0].set_value(name).run()


def draw_as(app, label: str, *places: tuple[int, int]) -> None:
    report(app, "draw_pad", drawing=a_stroke(*places))
    button(app, label).click().run()


def notes(app) -> str:
    return " ".join(one.value for one in app.warning)


# --- teach -------------------------------------------------------------------------------------


def test_prepared_symbols_are_taught_and_a_new_one_is_classified_by_all_ways(
    open_page: Callable,
) -> None:
    app = open_page("transfer")
    assert not app.exception and not app.error and not app.warning
    assert counts(app) == ["3 drawings"] * 5
    drawn = answers(app)
    assert drawn.count("class=best") == len(transfer.WAYS)
    assert "a new triangle" in drawn and "New, right" in drawn and "Left out, right" in drawn
    assert any("of new drawings are right" in one.value for one in app.markdown)


def test_one_drawing_of_each_cannot_be_left_out_and_is_said_with_a_dash(
    open_page: Callable,
) -> None:
    app = open_page("transfer", transfer_count=1)
    row = re.search(r"Left out, right</th>(.*?)</tr>", answers(app))
    assert row and row.group(1) == "<td>–</td>" * 4
    assert counts(app) == ["1 drawing"] * 5


def test_a_stroke_is_classified_and_a_click_teaches_it(open_page: Callable) -> None:
    app = open_page("transfer")
    before = answers(app)
    report(app, "draw_pad", drawing=a_stroke(*LINE))
    assert "your drawing" in answers(app) and answers(app) != before
    button(app, "heart").click().run()
    assert not app.exception and not app.error
    assert counts(app) == ["3 drawings"] * 3 + ["4 drawings", "3 drawings"]
    assert told(app, "draw_pad")["drawing"] is None  # another pad, for the next one
    button(app, "Last heart back").click().run()
    assert counts(app) == ["3 drawings"] * 5


def test_own_classes_are_taught_from_nothing(open_page: Callable) -> None:
    app = open_page("transfer", transfer_set="own")
    assert not app.exception and not app.error
    assert any("Nothing has been drawn yet" in one.value for one in app.markdown)
    name_class(app, "slash")
    name_class(app, "bar")
    assert counts(app) == ["no drawing yet"] * 2
    draw_as(app, "slash", (40, 220), (210, 40))
    # One class alone: nothing to tell it from, and nothing is lost.
    assert any("Only “slash” has drawings" in one.value for one in app.markdown)
    assert counts(app) == ["1 drawing", "no drawing yet"]
    draw_as(app, "bar", (128, 30), (128, 230))
    draw_as(app, "slash", (60, 200), (200, 50))
    draw_as(app, "bar", (120, 40), (130, 220))
    assert any("Of 4 drawings, each left out once" in one.value for one in app.markdown)
    report(app, "draw_pad", drawing=a_stroke((125, 35), (131, 225)))
    best = re.findall(r"<tr><th>(\w+)</th>(.*?)</tr>", answers(app))
    assert dict(best)["bar"].count("class=best") == len(transfer.WAYS)
    button(app, "Forget all of mine").click().run()
    assert counts(app) == []


def test_a_blank_drawing_and_no_drawing_teach_nothing(open_page: Callable) -> None:
    app = open_page("transfer")
    button(app, "heart").click().run()
    assert "Nothing is drawn, so nothing was added" in notes(app)
    report(app, "draw_pad", drawing=a_stroke())
    assert "Nothing stands out" in notes(app)
    button(app, "heart").click().run()
    assert "Nothing is drawn, so nothing was added" in notes(app)
    assert counts(app) == ["3 drawings"] * 5 and not app.exception and not app.error


def test_twenty_classes_are_too_many_and_the_first_six_stay(open_page: Callable) -> None:
    app = open_page("transfer", transfer_set="own")
    for number in range(7):
        name_class(app, f"class {number}")
    assert "6 classes are as many as can be taught here" in notes(app)
    assert counts(app) == ["no drawing yet"] * 6


@pytest.mark.parametrize("name", ["heart", "HEART ", "x" * 21, "a\u202eb"])
def test_a_name_that_cannot_be_is_one_sentence(open_page: Callable, name: str) -> None:
    app = open_page("transfer")
    name_class(app, name)
    assert not app.exception and not app.error and len(app.warning) == 1
    assert len(counts(app)) == 5


def test_markup_in_a_name_is_text(open_page: Callable) -> None:
    app = open_page("transfer", transfer_set="own")
    name_class(app, "<b>![x](//e)")
    assert "<b>!" not in html(app, "class=shelf") and "&lt;b&gt;" in html(app, "class=shelf")
    assert not app.exception


@pytest.mark.parametrize("drawing", [7, "no base64!", "x" * 500_000, "AAAA"])
def test_what_is_no_drawing_is_one_sentence(open_page: Callable, drawing: object) -> None:
    app = open_page("transfer")
    report(app, "draw_pad", drawing=drawing)
    assert not app.exception and len(app.error) == 1
    assert counts(app) == ["3 drawings"] * 5


def test_an_encoder_is_taught_as_well(open_page: Callable) -> None:
    app = open_page("transfer", transfer_model="conv_autoencoder.mnist_k32")
    assert not app.exception and not app.error and not app.warning
    assert "32 numbers" in answers(app)


# --- results -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("pair", "labels"), [("mnist.digits", 10), ("fashion_mnist.mnist", 100)])
def test_sentence_and_table_say_what_was_measured(
    open_page: Callable, pair: str, labels: int
) -> None:
    app = open_page("transfer", **LABELS, transfer_pair=pair, transfer_labels=labels)
    assert not app.exception and not app.error and not app.warning
    rows = transfer.compare(experiments.load("transfer"), pair, labels)
    found = transfer.verdict(rows, pair, labels)
    assert widgets.unbroken(found.sentence) in [one.value for one in app.markdown]
    table = html(app, "class=accuracies")
    for row in rows:
        assert f"{row.point.mean:.1f}" in table
    best = next(row for row in rows if row.method == found.winner)
    assert re.search(f"class=best>.*?{re.escape(best.title)}", table)
    summary = html(app, "best transferred")
    assert summary.count("<tr") == 1 + len(transfer.PAIRS)


def test_the_handle_is_held_by_the_address(open_page: Callable) -> None:
    app = open_page("transfer", **DEPTH, transfer_depth=2)
    assert not app.exception and not app.error and not app.warning
    data = told(app, "freezer")
    assert data["depth"] == 2 and len(data["words"]) == len(transfer.DEPTHS)
    assert len(data["filters"]) == 3 and len(data["ghosts"]) == 2
    report(app, "freezer", depth=5)
    assert app.query_params["transfer_depth"] == "5"
    for wrong in (6, -1, True, "3", None):
        report(app, "freezer", depth=wrong)
        assert app.query_params["transfer_depth"] == "5" and not app.exception


def test_the_curves_in_print_can_be_left_out(open_page: Callable) -> None:
    app = open_page("transfer", **DEPTH, transfer_ghost="false")
    assert told(app, "freezer")["ghosts"] == []


@pytest.mark.parametrize(
    ("setting", "title"),
    [
        ({"transfer_model": "vae.toon_faces_k32"}, "Frozen network"),
        ({"transfer_set": "<b>"}, "Classes"),
        ({"transfer_count": "4"}, "Drawings of each"),
        ({"transfer_section": "attic"}, "Section"),
        ({**LABELS, "transfer_pair": "mnist"}, "From → to"),
        ({**LABELS, "transfer_labels": "11"}, "Labels of each class"),
        ({**DEPTH, "transfer_depth": "6"}, "Layers"),
        ({**DEPTH, "transfer_pair": "mnist"}, "From → to"),
    ],
)
def test_a_link_that_cannot_be_used_is_one_sentence(
    open_page: Callable, setting: dict[str, str], title: str
) -> None:
    app = open_page("transfer", **setting)
    assert not app.exception and not app.error
    assert [title in one.value for one in app.warning] == [True]
