"""Recurrent networks: one state, renewed at every token.

Elman 1990, *Finding structure in time*: h = tanh(W x + U h). Hochreiter & Schmidhuber 1997, *Long
short-term memory*, with the forget gate of Gers et al. 2000. Cho et al. 2014, *Learning phrase
representations*, equations 5 to 8 (gated recurrent unit), as torch has it: the reset gate acts
after the matrix.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

import torch
from msgspec import Meta
from torch import Tensor, nn

from latentlab.models.base import families
from latentlab.models.sequences.labeller import LabellerConfig, SequenceLabeller

Cell = Literal["rnn", "lstm", "gru"]
GATES = {"rnn": (), "lstm": ("input", "forget", "output"), "gru": ("reset", "update")}
REMEMBERS = 1.0  # bias of the forget gate at first (Jozefowicz et al. 2015): keep what is there


@dataclass(frozen=True, kw_only=True)
class RecurrentConfig(LabellerConfig):
    """One layer of cells."""

    cell: Cell = "lstm"
    embedding: Annotated[int, Meta(ge=1, le=1024)] = 32
    hidden: Annotated[int, Meta(ge=1, le=4096)] = 124


@dataclass(frozen=True)
class States:
    """What a recurrent network holds after every token.

    Attributes:
        state: what it remembers, ``[B, T, H]``: the cell of an LSTM, the hidden state of others.
        gates: by name, each ``[B, T, H]`` in (0, 1).
    """

    state: Tensor
    gates: dict[str, Tensor]


@families.register("recurrent")
class Recurrent(SequenceLabeller):
    """An RNN, LSTM or GRU of one layer, and a linear map of its hidden state."""

    config_type = RecurrentConfig
    title = "Recurrent network"
    paper = "Hochreiter & Schmidhuber 1997"
    config: RecurrentConfig

    def __init__(self, config: RecurrentConfig) -> None:
        super().__init__(config)
        self.words = nn.Embedding(config.tokens, config.embedding)
        kinds: dict[str, type[nn.RNN | nn.LSTM | nn.GRU]] = {
            "rnn": nn.RNN,
            "lstm": nn.LSTM,
            "gru": nn.GRU,
        }
        self.cells = kinds[config.cell](config.embedding, config.hidden, batch_first=True)
        self.output = nn.Linear(config.hidden, config.outputs)
        if config.cell == "lstm":
            with torch.no_grad():  # torch adds two biases: one of them is enough
                self._bias("ih")[config.hidden : 2 * config.hidden] = REMEMBERS

    def embed(self, x: Tensor) -> Tensor:
        """Return the vectors of tokens, ``[B, T, embedding]``."""
        found: Tensor = self.words(x)
        return found

    def read(self, vectors: Tensor) -> Tensor:
        """Return logits ``[B, T, outputs]``."""
        scores: Tensor = self.output(self.cells(vectors)[0])
        return scores

    def states(self, x: Tensor) -> States:
        """Return states and gates after every token of ``x`` ``[B, T]``.

        Computed cell by cell, as torch's own layers do not give their gates.
        """
        vectors = self.embed(self.check_tokens(x))
        into = vectors @ self._matrix("ih").T + self._bias("ih")
        hidden = into.new_zeros(len(x), self.config.hidden)
        memory = hidden
        kept: list[Tensor] = []
        gates: dict[str, list[Tensor]] = {name: [] for name in GATES[self.config.cell]}
        for at in range(x.shape[1]):
            back = hidden @ self._matrix("hh").T + self._bias("hh")
            if self.config.cell == "rnn":
                hidden = memory = torch.tanh(into[:, at] + back)
            elif self.config.cell == "lstm":
                i, f, g, o = (into[:, at] + back).chunk(4, 1)
                i, f, o = i.sigmoid(), f.sigmoid(), o.sigmoid()
                memory = f * memory + i * g.tanh()
                hidden = o * memory.tanh()
                for name, gate in zip(gates, (i, f, o), strict=True):
                    gates[name].append(gate)
            else:
                (r, z, n), (rb, zb, nb) = into[:, at].chunk(3, 1), back.chunk(3, 1)
                r, z = (r + rb).sigmoid(), (z + zb).sigmoid()
                hidden = memory = (1 - z) * (n + r * nb).tanh() + z * hidden
                for name, gate in zip(gates, (r, z), strict=True):
                    gates[name].append(gate)
            kept.append(memory)
        return States(
            torch.stack(kept, 1), {name: torch.stack(rows, 1) for name, rows in gates.items()}
        )

    def _matrix(self, of: str) -> Tensor:
        """Return the weights of inputs ("ih") or of the state ("hh"), of all gates."""
        return self.cells.get_parameter(f"weight_{of}_l0")

    def _bias(self, of: str) -> Tensor:
        return self.cells.get_parameter(f"bias_{of}_l0")
