"""Bags: logistic regression on how often each token, or pair of neighbours, is in a text.

The classical classifier of texts (Manning, Raghavan & Schütze 2008, chapters 13 to 15). A bag of
tokens forgets their order; one of pairs keeps who stands beside whom.
"""

from collections.abc import Sequence
from itertools import chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = Sequence[Sequence[int]]
LEAST = 2  # times that a pair has to be in the texts that are learnt from


def counted(rows: Rows, tokens: int) -> NDArray[np.float64]:
    """Return how often each of ``tokens`` is in each text, ``[N, tokens]``."""
    counts = np.zeros((len(rows), tokens))
    for at, row in enumerate(rows):
        np.add.at(counts[at], np.asarray(row, np.int64), 1)
    return counts


def pairs_right(
    known: tuple[Rows, NDArray[np.int64]], asked: tuple[Rows, NDArray[np.int64]]
) -> float:
    """Return the share of texts whose class is found from its pairs of neighbours, in [0, 1].

    Args:
        known: texts to learn from, with their classes.
        asked: texts that are asked for, with theirs.
    """
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    vectoriser = CountVectorizer(analyzer=_pairs, min_df=LEAST)
    features: Any = vectoriser.fit_transform(known[0])
    fitted = LogisticRegression(max_iter=300).fit(features, known[1])
    return float(fitted.score(vectoriser.transform(asked[0]), asked[1]))


def _pairs(row: Sequence[int]) -> list[str]:
    ends = chain(("first",), row, ("last",))
    return [f"{one} {other}" for one, other in pairwise(ends)]
