"""The Sequences page, without a browser."""

from collections.abc import Callable

import pytest
from browser_reports import report, told

from latentlab.data import sequence_tasks
from latentlab.tasks import sequences
from latentlab.tasks.sequences import Point
from latentlab.ui.sequences import figures, results, train
from latentlab.ui.shared.background import Background


def texts(app) -> str:
    return " ".join(one.value for one in app.markdown)


def test_five_networks_answer_the_same_question(open_page: Callable) -> None:
    app = open_page("sequences", sequences_pairs=4, sequences_gap=40)
    assert not app.exception and not app.error and not app.warning
    tape = told(app, "tape")
    text = "".join(tape["signs"])
    assert len(text) == 64 and text[-43] == text[-1] and tape["truth"] == text[-42]
    assert [row["net"] for row in tape["rows"]] == list(sequences.NETS)
    assert tape["chosen"] == "transformer" and len(tape["tracks"]) == 8
    assert "Of many such questions" in texts(app)


@pytest.mark.parametrize("task", ["copying", "adding", "parity", "brackets"])
def test_every_task_is_answered_beside_its_floor(open_page: Callable, task: str) -> None:
    app = open_page("sequences", sequences_task=task, sequences_measure="loss")
    assert not app.exception and not app.error and app.get("plotly_chart")
    tape = told(app, "tape")
    assert [row["net"] for row in tape["rows"]] == list(sequences.NETS) and len(tape["tracks"]) == 8
    assert tape["truth"] and sequences.GUESSES[task] in texts(app)
    app = open_page("sequences", **{"sequences_task": task, f"sequences_signs_{task}": 24})
    assert len(told(app, "tape")["signs"]) == 24 and not app.exception


def test_where_nothing_is_asked_the_reason_is_said(open_page: Callable) -> None:
    app = open_page("sequences", sequences_task="brackets", sequences_own="([")
    assert "has to end with a closing bracket" in texts(app) and not app.exception


def test_a_choice_of_the_browser_is_explained_and_held_by_the_address(open_page: Callable) -> None:
    app = open_page("sequences")
    app = report(app, "tape", net="lstm")
    tape = told(app, "tape")
    assert tape["chosen"] == "lstm" and len(tape["states"]) == sequences.UNITS
    assert [track["title"] for track in tape["tracks"]] == [
        "input gate",
        "forget gate",
        "output gate",
    ]
    assert app.query_params["sequences_net"] in ("lstm", ["lstm"])
    app = report(app, "tape", net="<script>")
    assert told(app, "tape")["chosen"] == "lstm" and not app.exception


def test_own_sequences_are_answered(open_page: Callable) -> None:
    app = open_page("sequences", sequences_own="c7..a3....c")
    tape = told(app, "tape")
    assert "".join(tape["signs"]) == "c7..a3....c" and tape["truth"] == "7"
    app.text_input[0].set_value("a1 b2 . . z").run()
    assert app.error and "“z” is no sign" in app.error[0].value and not app.exception


@pytest.mark.parametrize(
    ("own", "words"),
    [("🙂", "no sign"), ("<b>x", "no sign"), ("עברית", "no sign"), ("c7" * 200, "too long")],
)
def test_strange_sequences_are_one_sentence(open_page: Callable, own: str, words: str) -> None:
    app = open_page("sequences")
    app.text_input[0].set_value(own).run()
    assert len(app.error) == 1 and words in app.error[0].value and not app.exception


def test_what_a_link_cannot_mean_is_said(open_page: Callable) -> None:
    app = open_page("sequences", sequences_net="none", sequences_gap="far")
    assert not app.exception and told(app, "tape")["chosen"] == "transformer"
    assert app.warning or app.info or "cannot" in texts(app)


@pytest.mark.parametrize("section", ["length", "cost", "train"])
def test_every_section_opens(open_page: Callable, section: str) -> None:
    app = open_page("sequences", sequences_section=section)
    assert not app.exception and not app.error
    assert app.get("plotly_chart")


def test_every_measured_task_is_put_into_words(open_page: Callable) -> None:
    for task in sequences.TASKS:
        app = open_page("sequences", sequences_section="length", sequences_length_task=task)
        assert sequence_tasks.get(task).title in texts(app) and not app.exception


def test_sorts_of_positions_are_compared_too(open_page: Callable) -> None:
    app = open_page("sequences", sequences_section="length", sequences_compare="positions")
    assert not app.exception and "by its **positions**" in texts(app)
    assert all(title.lower() in texts(app) for title in sequences.POSITIONS.values())


def test_the_mark_of_one_visitor_is_not_left_for_the_next() -> None:
    drawn = {"floor": [Point(0, 12.5, None), Point(8, 12.5, None)]}
    labels = {"x": "gap", "y": "right", "height": 300}
    (mark,) = figures.curves(drawn, {}, **labels, at=8).layout.shapes
    assert mark.x0 == mark.x1 == 8
    assert not figures.curves(drawn, {}, **labels).layout.shapes


def test_networks_are_trained_while_one_watches(
    open_page: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = Background(inline=True)
    monkeypatch.setattr(results, "background", lambda: queue)
    monkeypatch.setattr(train, "SECONDS", 0.3)
    app = open_page("sequences", sequences_section="train", sequences_race_nets="transformer")
    next(one for one in app.button if one.label == "Train from nothing").click().run()
    assert not app.exception and "steps** each: Transformer" in texts(app)
    slider = next(one for one in app.select_slider if one.label == "Moment")
    slider.set_value(0).run()
    assert "After **0 steps** each" in texts(app)


def test_bands_end_where_shares_do() -> None:
    drawn = {"lstm": [Point(1, 99, 0.0), Point(2, 60, 70.0)]}
    band, _ = figures.curves(drawn, {"lstm": "LSTM"}, x="length", y="right", height=300).data
    assert list(band.y) == [99, 100, 0, 99]  # a spread of zero is a band, too
