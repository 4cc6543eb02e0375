"""What networks for text are: networks for sequences whose tokens are those of a vocabulary.

The vocabulary itself travels beside the weights, as ``vocabulary.json`` of the checkpoint.
"""

from dataclasses import dataclass
from typing import ClassVar

from latentlab.models.base import Network
from latentlab.models.sequences.base import SequenceConfig
from latentlab.records import Count


@dataclass(frozen=True, kw_only=True)
class TextConfig(SequenceConfig):
    """What a network for text is built from."""

    length: Count = 16  # tokens of the longest text, with those for start and end


class TextNetwork(Network):
    """A network whose inputs or outputs are texts."""

    config_type: ClassVar[type[TextConfig]]

    def __init__(self, config: TextConfig) -> None:
        super().__init__(config)
        self.tokens = config.tokens
        self.length = config.length
