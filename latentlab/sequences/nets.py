"""The networks that are compared: about 80,000 parameters each, whatever they are made of."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch

from latentlab.data.sequences import SequenceTask
from latentlab.models import LabellerConfig, SequenceLabeller, build
from latentlab.models.sequences.causal_cnn import CausalCNNConfig
from latentlab.models.sequences.recurrent import RecurrentConfig
from latentlab.models.sequences.transformer import TransformerConfig

PARAMETERS, TOLERANCE = 80_000, 0.05  # relative


@dataclass(frozen=True)
class Net:
    """One way to remember.

    Attributes:
        name: of its curves.
        title: in a legend.
        family: in the registry of models.
        config: (tokens, outputs) -> what it is built from.
        rate: peak of its learning rate; fixed in advance.
    """

    name: str
    title: str
    family: str
    config: Callable[..., LabellerConfig]
    rate: float

    def config_for(self, task: SequenceTask) -> LabellerConfig:
        """Return what it is built from for a task."""
        return self.config(tokens=task.tokens, outputs=len(task.answers))

    def build(self, task: SequenceTask, seed: int) -> SequenceLabeller:
        """Return the untrained network; the same seed gives the same weights."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            network = build(self.family, self.config_for(task).to_json())
        assert isinstance(network, SequenceLabeller)
        return network


def _net(
    name: str, title: str, family: str, config: Callable[..., LabellerConfig], rate: float
) -> tuple[str, Net]:
    return name, Net(name, title, family, config, rate)


NETS = dict(
    [
        _net("rnn", "RNN", "recurrent", partial(RecurrentConfig, cell="rnn", hidden=260), 1e-3),
        _net("lstm", "LSTM", "recurrent", partial(RecurrentConfig, cell="lstm", hidden=124), 3e-3),
        _net("gru", "GRU", "recurrent", partial(RecurrentConfig, cell="gru", hidden=146), 3e-3),
        _net("cnn", "Causal CNN", "causal_cnn", partial(CausalCNNConfig, channels=51), 2e-3),
        _net("transformer", "Transformer", "transformer", TransformerConfig, 2e-3),
    ]
)
