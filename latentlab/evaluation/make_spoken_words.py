"""Write down what ships of the dictionary of spellings: words, their sounds, and what counts say.

Writes ``samples/spoken_words.txt`` and ``samples/letter_ngrams.txt``; the n-grams themselves are
too large to ship. Takes some minutes.
"""

import hashlib

import numpy as np

from latentlab.data.text import everyday, spellings
from latentlab.data.text.spoken import (
    DRAWN,
    LETTERS,
    WORDS,
    Drawn,
    SpokenWord,
    write_letters,
    write_words,
)
from latentlab.data.text.vocabulary import SPECIAL
from latentlab.evaluation.encoder_decoders import joint_ngrams
from latentlab.evaluation.language_models import ORDERS, ngrams_of

UNSEEN = 400  # words of the test split, beside those that are everyday words


def spoken_words() -> list[SpokenWord]:
    """Return everyday words, our samples and some of the test split, by the alphabet."""
    every = [entry for part in spellings.HUNDREDTHS for entry in spellings.entries(part)]
    usual = {*everyday.EVERYDAY.vocabulary().tokens, *spellings.SAMPLES}
    unseen = sorted(
        (word for word, _ in spellings.entries("test")),
        key=lambda word: hashlib.sha256(f"shown {word}".encode()).hexdigest(),
    )
    wanted = usual | set(unseen[:UNSEEN])
    counted = joint_ngrams()
    return [
        SpokenWord(word, said, counted.sounds(word))
        for word, said in sorted(every)
        if word in wanted
    ]


def letters() -> Drawn:
    """Return which letter follows which by the bigram, and words drawn from the longest n-gram."""
    bigram, best = (ngrams_of("spellings", order) for order in (2, ORDERS["spellings"]))
    vocabulary = spellings.SPELLINGS.vocabulary()
    shown = [vocabulary.end, *range(len(SPECIAL), len(vocabulary))]
    contexts: list[tuple[int, ...]] = [(), *((number,) for number in shown[1:])]
    table = np.stack([bigram.distribution(context)[shown] for context in contexts])
    rng = np.random.default_rng(0)
    words: list[str] = []
    while len(words) < DRAWN:
        text: list[int] = []
        while len(text) < spellings.LONGEST:
            chances = best.distribution(text)
            chances[[n for n in range(len(SPECIAL)) if n != vocabulary.end]] = 0
            drawn = int(rng.choice(len(chances), p=chances / chances.sum()))
            if drawn == vocabulary.end:
                break
            text.append(drawn)
        words.append("".join(vocabulary.tokens[number] for number in text))
    return Drawn(table / table.sum(1, keepdims=True), tuple(words))


def main() -> None:
    """Write both files."""
    write_letters(letters())
    print(f"{LETTERS.name}: {DRAWN} words", flush=True)
    words = spoken_words()
    write_words(words)
    print(f"{WORDS.name}: {len(words):,} words")


if __name__ == "__main__":
    main()
