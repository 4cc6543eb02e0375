"""The networks that are compared: as many parameters each, whatever they are made of.

80,000 for associative recall and parity, 42,500 for the three other tasks, which a server
holds besides. A rate of learning belongs to a sort of network and is the same for all tasks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch

from latentlab.data.sequences import SequenceTask
from latentlab.models import LabellerConfig, SequenceLabeller, build
from latentlab.models.sequences.causal_cnn import CausalCNNConfig
from latentlab.models.sequences.recurrent import Cell, RecurrentConfig
from latentlab.models.sequences.transformer import TransformerConfig

LARGE, SMALL, TOLERANCE = 80_000, 42_500, 0.05  # parameters; relative
SMALLER = ("copying", "adding", "brackets")  # tasks whose networks are small


def parameters_for(task: SequenceTask) -> int:
    """Return how many parameters networks of a task have, within `TOLERANCE`."""
    return SMALL if task.name in SMALLER else LARGE


@dataclass(frozen=True)
class Net:
    """One way to remember.

    Attributes:
        name: of its curves.
        title: in a legend.
        family: in the registry of models.
        large: (tokens, outputs) -> what it is built from, with `LARGE` parameters.
        small: likewise, with `SMALL` ones.
        rate: peak of its learning rate; fixed in advance.
    """

    name: str
    title: str
    family: str
    large: Callable[..., LabellerConfig]
    small: Callable[..., LabellerConfig]
    rate: float

    def config_for(self, task: SequenceTask) -> LabellerConfig:
        """Return what it is built from for a task."""
        config = self.small if task.name in SMALLER else self.large
        return config(tokens=task.tokens, outputs=len(task.answers))

    def build(self, task: SequenceTask, seed: int) -> SequenceLabeller:
        """Return the untrained network; the same seed gives the same weights."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            network = build(self.family, self.config_for(task).to_json())
        assert isinstance(network, SequenceLabeller)
        return network


def _recurrent(name: str, title: str, cell: Cell, large: int, small: int, rate: float) -> Net:
    config = partial(RecurrentConfig, cell=cell)
    sizes = partial(config, hidden=large), partial(config, hidden=small)
    return Net(name, title, "recurrent", *sizes, rate)


NETS = {
    net.name: net
    for net in (
        _recurrent("rnn", "RNN", "rnn", 260, 184, 1e-3),
        _recurrent("lstm", "LSTM", "lstm", 124, 86, 3e-3),
        _recurrent("gru", "GRU", "gru", 146, 101, 3e-3),
        Net(
            "cnn",
            "Causal CNN",
            "causal_cnn",
            partial(CausalCNNConfig, channels=51),
            partial(CausalCNNConfig, channels=37),
            2e-3,
        ),
        Net(
            "transformer",
            "Transformer",
            "transformer",
            TransformerConfig,
            partial(TransformerConfig, width=40),
            1e-3,
        ),
    )
}
