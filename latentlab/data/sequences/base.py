"""What a task on sequences is: a data set (`data.base.Dataset`) made by rule, from a seed."""

from typing import Protocol

from latentlab.data.base import Dataset
from latentlab.registry import Registry


class SequenceTask(Dataset, Protocol):
    """A named rule that makes sequences, and says what is asked of them."""

    @property
    def tokens(self) -> int:
        """How many tokens there are."""


sequence_tasks: Registry[SequenceTask] = Registry("task on sequences")
