"""Count the words that networks for everyday sentences know, and write them down; they ship."""

from latentlab.data.text.everyday import KNOWN, WORDS, texts
from latentlab.data.text.vocabulary import SPECIAL, Vocabulary


def main() -> None:
    """Write the most frequent words of the training split, one a line."""
    counted = Vocabulary.of(texts("train"), KNOWN).tokens[len(SPECIAL) :]
    WORDS.write_text("\n".join(counted) + "\n", "utf-8")
    print(f"{WORDS.name}: {len(counted):,} words")


if __name__ == "__main__":
    main()
