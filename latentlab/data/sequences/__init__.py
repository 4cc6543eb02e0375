"""Tasks on sequences, made by rule. Importing this package registers all of them."""

from latentlab.data.sequences.base import SequenceTask, sequence_tasks

__all__ = ["SequenceTask", "sequence_tasks"]
