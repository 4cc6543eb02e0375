"""Count the words that networks for everyday sentences and WordNet know, and write them; they ship.

Examples of WordNet's test split ship, too: the first that networks know every word of.
"""

from collections.abc import Sequence
from pathlib import Path

from latentlab.data.text import everyday, wordnet
from latentlab.data.text.vocabulary import SPECIAL, Vocabulary


def main() -> None:
    """Write the most frequent words of both training splits, one a line, and the examples."""
    _write(everyday.WORDS, Vocabulary.of(everyday.texts("train"), everyday.KNOWN))
    known = Vocabulary.of(wordnet.texts("train"), wordnet.KNOWN)
    _write(wordnet.WORDS, known)
    pairs = zip(wordnet.examples("test"), wordnet.texts("test"), strict=True)
    _write_lines(
        wordnet.EXAMPLES,
        [
            line
            for line, text in pairs
            if len(text) <= wordnet.LONGEST and known.unknown not in known.encode(text)
        ][: wordnet.SHIPPED],
    )


def _write(path: Path, vocabulary: Vocabulary) -> None:
    _write_lines(path, vocabulary.tokens[len(SPECIAL) :])


def _write_lines(path: Path, lines: Sequence[str]) -> None:
    path.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{path.name}: {len(lines):,} lines")


if __name__ == "__main__":
    main()
