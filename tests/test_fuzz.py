"""Damaged files of every format through every reader; `python -m benchmarks fuzz` reads more."""

import pytest

from benchmarks import fuzz


@pytest.mark.filterwarnings("ignore::UserWarning")  # about damaged metadata; the server logs them
@pytest.mark.parametrize("reader", fuzz.READERS)
def test_an_altered_file_is_read_or_refused_in_a_sentence(
    reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", "")  # the reader puts a folder there
    told = fuzz.child(reader, 60 if reader == "checkpoint" else 250, seed=0)
    assert told["crashes"] == []
    assert 0 < told["read"] < told["files"]
