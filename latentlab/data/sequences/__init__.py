"""Tasks on sequences, made by rule. Importing this package registers all of them."""

# ruff: noqa: I001  (the order in which the page offers them)
from latentlab.data.sequences.base import NOT_ASKED, Batch, Lessons, SequenceTask, sequence_tasks
from latentlab.data.sequences.recall import RECALL
from latentlab.data.sequences.copying import COPYING
from latentlab.data.sequences.adding import ADDING
from latentlab.data.sequences.parity import PARITY
from latentlab.data.sequences.brackets import BRACKETS

__all__ = [
    "ADDING",
    "BRACKETS",
    "COPYING",
    "NOT_ASKED",
    "PARITY",
    "RECALL",
    "Batch",
    "Lessons",
    "SequenceTask",
    "sequence_tasks",
]
