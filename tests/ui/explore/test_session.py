"""What browser and server say to each other about the sliders, without either."""

from latentlab.ui.explore.session import Report, SliderSession

HERE = (1.0, -2.0, 0.5)
THERE = (0.0, 0.0, 3.0)


def test_telling_another_place_or_start_moves_the_browser() -> None:
    session = SliderSession()
    session.tell("a", None)
    session.tell("a", HERE)
    session.tell("b", HERE)
    assert session.revision == 3 and session.unwritten
    assert (session.origin, session.coordinates) == ("b", HERE)


def test_telling_what_is_known_changes_nothing() -> None:
    session = SliderSession()
    session.tell("a", HERE)
    session.unwritten = False
    session.tell("a", HERE)
    assert session.revision == 1 and not session.unwritten


def test_an_echo_of_a_report_does_not_move_the_browser() -> None:
    session = SliderSession()
    session.tell("a", None)
    session.hear(Report("a", HERE, 7))
    assert session.handled == 7 and session.unwritten  # the address has yet to say so
    session.tell("a", HERE)
    assert session.revision == 1


def test_a_question_leaves_the_code_where_it_was_and_is_answered_once() -> None:
    session = SliderSession()
    session.tell("a", HERE)
    session.unwritten = False
    question = Report("a", THERE, 8)
    session.ask(question)
    assert (session.coordinates, session.revision, session.handled) == (HERE, 1, 8)
    assert not session.unwritten
    assert session.answer() == question
    assert session.answer() is None


def test_of_two_questions_the_last_one_counts() -> None:
    session = SliderSession()
    session.ask(Report("a", HERE, 1))
    session.ask(Report("a", THERE, 2))
    assert session.answer() == Report("a", THERE, 2)
    assert session.answer() is None
