"""Everyday sentences, word by word: captions of photographs, and WordNet's usage examples.

Training splits are those of the files; ``test`` is the captions' alone, since of WordNet's rare
words every fifth is unknown. Captions of the ``val`` file are held back to choose by. The words
that networks know ship in ``samples/everyday_words.txt``, the most frequent of both training
splits; sentences do not. Remade by

    python -m latentlab.data.make_words
"""

from functools import lru_cache

from latentlab.data.base import SAMPLES, Split, data_folder
from latentlab.data.text.base import TextDataset, corpora
from latentlab.data.text.vocabulary import Vocabulary, words
from latentlab.errors import DataError

FILES = {
    "train": ("captions_train.txt", "wordnet_examples_train.txt"),
    "held_back": ("captions_val.txt",),
    "test": ("captions_test.txt",),
}
WORDS = SAMPLES / "everyday_words.txt"
KNOWN = 2_000  # words, with the special ones
LONGEST = 16  # words and marks of a sentence
# Our own sentences, for cards and pages.
SENTENCES = (
    "The cat sat on the mat.",
    "A man is playing a guitar on the street.",
    "Two children are running through the water.",
    "The dog that chased the cat is sleeping.",
    "A woman in a red coat walks her dog in the park.",
)


@lru_cache(maxsize=4)
def texts(part: str) -> tuple[tuple[str, ...], ...]:
    """Return the sentences of "train", "held_back" or "test", each as its words.

    Raises:
        DataError: the files are not on this machine, or cannot be read.
    """
    return tuple(text for file in FILES[part] for text in _texts_of(file))


def captions(part: str) -> tuple[tuple[str, ...], ...]:
    """Return those of ``texts`` that are captions; arguments and errors as there."""
    return _texts_of(FILES[part][0])


@lru_cache(maxsize=4)
def _texts_of(file: str) -> tuple[tuple[str, ...], ...]:
    folder = data_folder()
    if folder is None or not (folder / file).is_file():
        raise DataError(
            f"{file} is not on this machine.",
            "Name the folder that holds it in LATENTLAB_DATA.",
        )
    try:
        lines = (folder / file).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file} cannot be read ({error}).", "Get the file again.") from error
    return tuple(tuple(words(line)) for line in lines if line.strip())


def _read(split: Split) -> tuple[tuple[str, ...], ...]:
    return texts(split)


@lru_cache(maxsize=1)
def _vocabulary() -> Vocabulary:
    return Vocabulary.shipped(WORDS)


EVERYDAY = corpora.add(
    "everyday",
    TextDataset(
        name="everyday",
        title="Everyday sentences",
        licence="captions: none stated by their source; examples: WordNet 3.0 licence",
        credit="Flickr30k captions (Young et al. 2014; Elliott et al. 2016); WordNet 3.0"
        " © 2006 Princeton University",
        read=_read,
        vocabulary=_vocabulary,
        samples=lambda: SENTENCES,
        length=LONGEST + 2,
        tokenise=words,
    ),
)
