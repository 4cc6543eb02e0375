"""Edits by hand."""

from latentlab.metrics.transcriptions import Transcribed, edits, transcribed


def test_edits_by_hand() -> None:
    assert edits("kitten", "sitting") == 3
    assert edits("", "abc") == edits("abc", "") == 3
    assert edits(("AH", "T"), ("AH", "T")) == 0


def test_the_nearest_of_several_answers_counts() -> None:
    read = (("R", "IY", "D"), ("R", "EH", "D"))
    found = transcribed([("R", "EH", "D"), ("K", "AE")], [read, (("K", "AE", "T", "S"),)])
    assert found == Transcribed(exact=0.5, errors=2 / 7)
