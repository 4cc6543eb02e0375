"""Sentence autoencoder: one recurrent network reads a sentence into a code, another writes it.

Sutskever, Vinyals & Le 2014, "Sequence to sequence learning with neural networks", with the
sentence itself as what is to be written. Between the two stands a code of few numbers. The writer
gets it at every step beside the word before, so that it need not carry it through its state.
"""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from latentlab.errors import ShapeError
from latentlab.models.base import Point, Posterior, families
from latentlab.models.text.base import TextConfig, TextNetwork
from latentlab.records import Count

# The numbers that every `Vocabulary` gives its special tokens.
PAD, UNKNOWN, START, END, MASK = range(5)
_NEVER_WRITTEN = [PAD, START, MASK]


@dataclass(frozen=True, kw_only=True)
class SentenceConfig(TextConfig):
    """Sizes of the two networks."""

    embedding_size: Count = 48
    hidden_size: Count = 128
    latent_size: Count = 16


class SentenceModel(TextNetwork):
    """Reads sentences into codes, and writes codes as sentences.

    Sentences are rows of numbers, ``[B, length]`` int64, as `Vocabulary.rows` gives them.
    """

    config_type = SentenceConfig
    has_prior: ClassVar[bool] = False  # whether training made its codes standard normal
    # What `LatentStatistics.importance` counts: nats of KL divergence, or parts of a whole.
    importance_unit: ClassVar[Literal["nats", "share"]] = "share"
    outputs: ClassVar[int]  # numbers that the reader gives for each number of a code

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        words, inner, code = config.embedding_size, config.hidden_size, config.latent_size
        # One table for reading, writing and, transposed, for choosing the next word (Press & Wolf
        # 2017): with thousands of words it is most of the network.
        self.embedding = nn.Embedding(config.tokens, words)
        nn.init.normal_(self.embedding.weight, std=words**-0.5)
        self.reader = nn.GRU(words, inner, batch_first=True)
        self.to_code = nn.Linear(inner, self.outputs * code)
        self.to_state = nn.Linear(code, inner)
        self.writer = nn.GRU(words + code, inner, batch_first=True)
        self.to_word = nn.Linear(inner, words)
        self.bias = nn.Parameter(torch.zeros(config.tokens))

    @property
    def latent_size(self) -> int:
        """How many numbers a code has."""
        size: int = self.config.latent_size  # type: ignore[attr-defined]
        return size

    @abstractmethod
    def encode(self, x: Tensor) -> Posterior:
        """Return the posterior of the codes of sentences ``[B, length]`` int64."""

    def check_rows(self, x: Tensor) -> Tensor:
        """Return ``x`` if it is a batch of sentences for this network.

        Raises:
            ShapeError: it is not ``[B, T]`` int64, or a number is no token's.
        """
        if x.ndim != 2 or x.shape[1] < 2 or x.dtype != torch.int64:
            raise ShapeError("A batch of sentences, int64,", ("B", "T"), tuple(x.shape))
        if len(x) and not 0 <= int(x.min()) <= int(x.max()) < self.tokens:
            raise ShapeError(f"Sentences of tokens below {self.tokens}", ("B", "T"), tuple(x.shape))
        return x

    def read(self, x: Tensor) -> Tensor:
        """Return the reader's state at the end of each sentence, ``[B, hidden_size]``."""
        states, _ = self.reader(self.embedding(x))
        ends = (x != PAD).sum(1).clamp(min=1) - 1  # what it makes of the padding is not looked at
        found: Tensor = states[torch.arange(len(x), device=x.device), ends]
        return found

    def logits(self, z: Tensor, before: Tensor) -> Tensor:
        """Return the scores of every word at every step, ``[B, T, tokens]``.

        Args:
            z: codes ``[B, D]``.
            before: the word before each step, ``[B, T]`` int64, the start first.
        """
        codes = z[:, None].expand(-1, before.shape[1], -1)
        inputs = torch.cat([self.embedding(before), codes], dim=2)
        states, _ = self.writer(inputs, self._first_state(z))
        return self._scores(states)

    def log_likelihood(self, x: Tensor, z: Tensor, before: Tensor | None = None) -> Tensor:
        """Return log p(x | z) in nats a sentence, ``[B]``.

        Args:
            x: sentences ``[B, length]``.
            z: codes ``[B, D]``.
            before: what the writer is told of the words before, ``[B, length - 1]``; None = all.
        """
        told = x[:, :-1] if before is None else before
        scores, wanted = self.logits(z, told), x[:, 1:]
        nats = F.cross_entropy(
            scores.flatten(0, 1), wanted.flatten(), ignore_index=PAD, reduction="none"
        )
        return -nats.view(wanted.shape).sum(1)

    @torch.no_grad()
    def write(self, z: Tensor) -> Tensor:
        """Return sentences ``[B, length]`` for codes ``[B, D]``: the best word, step by step.

        The network hears its own words, not the true ones (free running). A sentence that has not
        ended when ``length`` is reached is ended there.
        """
        state = self._first_state(z)
        word = torch.full((len(z),), START, device=z.device)
        over = torch.zeros(len(z), dtype=torch.bool, device=z.device)
        written = [word]
        for _ in range(self.length - 2):
            inputs = torch.cat([self.embedding(word), z], dim=1)[:, None]
            states, state = self.writer(inputs, state)
            scores = self._scores(states[:, 0])
            scores[:, _NEVER_WRITTEN] = -torch.inf
            word = scores.argmax(1).masked_fill(over, PAD)
            over = over | (word == END)
            written.append(word)
        last = torch.where(over, PAD, END)
        return torch.stack([*written, last], dim=1)

    def forward(self, x: Tensor) -> Tensor:
        """Return the scores ``[B, length - 1, tokens]`` of the words of ``x``, from their code."""
        return self.logits(self.encode(x).mode(), x[:, :-1])

    def sample_prior(self, n: int, rng: torch.Generator) -> Tensor:
        """Return ``n`` codes from the standard normal prior, ``[n, D]``."""
        return torch.randn(n, self.latent_size, generator=rng)

    def _first_state(self, z: Tensor) -> Tensor:
        return torch.tanh(self.to_state(z))[None]

    def _scores(self, states: Tensor) -> Tensor:
        return F.linear(self.to_word(states), self.embedding.weight, self.bias)


@families.register("sentence_autoencoder")
class SentenceAutoencoder(SentenceModel):
    """A code is a point: nothing but reconstruction decides where it lies."""

    kind = "sentence_autoencoder"
    title = "Sentence autoencoder"
    paper = "Sutskever, Vinyals & Le 2014, Sequence to sequence learning with neural networks"
    outputs = 1

    def encode(self, x: Tensor) -> Point:
        """Return the codes of sentences ``[B, length]``.

        Raises:
            ShapeError: as ``check_rows``.
        """
        return Point(self.to_code(self.read(self.check_rows(x))))
