"""Sentences as numbers without a network: TF-IDF of words and pairs of words, and its SVD.

Latent semantic analysis (Deerwester et al. 1990). A code of so many numbers cannot be written as a
sentence again; what stands for that is the nearest sentence of those that it knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from latentlab.errors import InputError

Texts = Sequence[Sequence[str]]


@dataclass(frozen=True)
class LatentSemantics:
    """A fitted encoder of sentences.

    Attributes:
        texts: what it was fitted to.
        codes: theirs, ``[N, k]`` float64.
    """

    texts: Texts
    codes: NDArray[np.float64]
    _vectoriser: Any
    _svd: Any

    @classmethod
    def fit(cls, texts: Texts, k: int, seed: int = 0) -> Self:
        """Return the encoder of ``k`` numbers, fitted to texts, each a sequence of words.

        Raises:
            InputError: there are no more texts, or no more words and pairs of words, than ``k``.
        """
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import TfidfVectorizer

        vectoriser = TfidfVectorizer(analyzer=_words_and_pairs, sublinear_tf=True, dtype=np.float64)
        try:
            weighted = vectoriser.fit_transform(texts)
            svd = TruncatedSVD(k, random_state=seed)
            codes = svd.fit_transform(weighted)
        except ValueError as error:
            raise InputError(f"{k} numbers a sentence cannot be fitted to these texts.") from error
        return cls(texts, codes, vectoriser, svd)

    def encode(self, texts: Texts) -> NDArray[np.float64]:
        """Return codes ``[N, k]``; words that it has not seen count for nothing."""
        codes: NDArray[np.float64] = self._svd.transform(self._vectoriser.transform(texts))
        return codes

    def nearest(self, codes: NDArray[np.float64]) -> list[Sequence[str]]:
        """Return for codes ``[N, k]`` the nearest of the texts that it was fitted to."""
        from sklearn.neighbors import NearestNeighbors

        search = NearestNeighbors(n_neighbors=1).fit(self.codes)
        places = search.kneighbors(codes, return_distance=False)[:, 0]
        return [self.texts[int(place)] for place in places]


def _words_and_pairs(text: Sequence[str]) -> list[str]:
    return [*text, *(f"{first} {second}" for first, second in pairwise(text))]
