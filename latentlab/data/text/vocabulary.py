"""Which words there are, and the number of each."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from latentlab.errors import DataError

PAD, UNKNOWN, START, END, MASK = "<pad>", "<unknown>", "<start>", "<end>", "<mask>"
SPECIAL = (PAD, UNKNOWN, START, END, MASK)  # always the first, in this order
MAX_TOKENS = 50_000
MAX_CHARACTERS = 64  # of one token
_WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")


@dataclass(frozen=True)
class Vocabulary:
    """Tokens in the order of their numbers; the first are `SPECIAL`.

    Raises:
        DataError: on construction, it does not begin with these, a token is there twice or is no
            short text, or there are too many.
    """

    tokens: tuple[str, ...]

    def __post_init__(self) -> None:
        sound = (
            len(SPECIAL) < len(self.tokens) <= MAX_TOKENS
            and self.tokens[: len(SPECIAL)] == SPECIAL
            and len(set(self.tokens)) == len(self.tokens)
            and all(0 < len(token) <= MAX_CHARACTERS for token in self.tokens)
        )
        if not sound:
            raise DataError(
                f"This is no vocabulary: {len(SPECIAL)} special tokens first, then others, each"
                f" once, at most {MAX_TOKENS:,}.",
                "Get the checkpoint again, or remake it with its recipe.",
            )

    def __len__(self) -> int:
        return len(self.tokens)

    @classmethod
    def shipped(cls, path: Path) -> "Vocabulary":
        """Return the words of a file that ships, after the special tokens.

        Raises:
            DataError: the file cannot be read, or is no vocabulary.
        """
        try:
            return cls((*SPECIAL, *path.read_text("utf-8").split()))
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(
                f"{path.name} cannot be read ({error}).", "Install latentlab again."
            ) from error

    @classmethod
    def of(cls, texts: Iterable[Sequence[str]], most: int, least: int = 1) -> "Vocabulary":
        """Return the most frequent tokens of texts, each a sequence of tokens.

        Args:
            texts: what to count.
            most: tokens in all, special ones among them.
            least: times that a token has to be there.
        """
        counted = Counter(token for text in texts for token in text)
        for token in SPECIAL:
            counted.pop(token, None)
        # Equally frequent ones by the alphabet: the same texts in any order give the same numbers.
        ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        kept = [
            token for token, times in ordered if times >= least and len(token) <= MAX_CHARACTERS
        ]
        return cls((*SPECIAL, *kept[: most - len(SPECIAL)]))

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each token."""
        return {token: number for number, token in enumerate(self.tokens)}

    @property
    def pad(self) -> int:
        """What fills a row after its text has ended."""
        return 0

    @property
    def unknown(self) -> int:
        """What stands for every word that is not here."""
        return 1

    @property
    def start(self) -> int:
        """What comes before a text."""
        return 2

    @property
    def end(self) -> int:
        """What comes after a text."""
        return 3

    @property
    def mask(self) -> int:
        """What hides a word that is to be guessed."""
        return 4

    def encode(self, tokens: Iterable[str]) -> list[int]:
        """Return the numbers of tokens; unknown ones get `unknown`."""
        return [self.numbers.get(token, self.unknown) for token in tokens]

    def decode(self, numbers: Iterable[int]) -> list[str]:
        """Return the tokens up to the end, without start and padding."""
        found = []
        for number in numbers:
            if number == self.end:
                break
            if number not in (self.pad, self.start):
                found.append(self.tokens[number])
        return found

    def rows(self, texts: Sequence[Sequence[str]], length: int) -> list[list[int]]:
        """Return one row of ``length`` numbers a text: start, its tokens, end, padding.

        What does not fit is cut off; the end always stays.
        """
        rows = []
        for text in texts:
            row = [self.start, *self.encode(text)[: length - 2], self.end]
            rows.append(row + [self.pad] * (length - len(row)))
        return rows

    def to_json(self) -> bytes:
        """Return the file that a checkpoint keeps."""
        return json.dumps(list(self.tokens), ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, data: bytes) -> "Vocabulary":
        """Return what such a file holds.

        Raises:
            DataError: it is not a list of texts, or no vocabulary.
        """
        try:
            values = json.loads(data)
        except (ValueError, RecursionError):
            values = None
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise DataError("This is no vocabulary: it should be a list of words.")
        return cls(tuple(values))


def words(text: str) -> list[str]:
    """Return the words and marks of a text, in small letters: "The cat." is the, cat and a stop."""
    return _WORD.findall(text.casefold())
