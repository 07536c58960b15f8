"""What is counted in a text: runs of characters, words, and runs of sounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from components.sounds import sound
from components.tokens import tokens

MOST_NGRAMS = 20_000
"""Of each kind; the rarer ones add size, not understanding."""


class Counts:
    """Three kinds of counts beside one another, the telling ones weighing more; each kind as long as the others."""

    def __init__(self, weight: float) -> None:
        """``weight`` scales all of them against a sentence vector of length 1."""
        self._weight = weight
        self._kinds = [
            _Kind(str, _ngrams(1, 3)),
            _Kind(sound, _ngrams(2, 5)),
            _Kind(tokens, TfidfVectorizer(analyzer=_as_is, sublinear_tf=True)),
        ]

    def fit(self, texts: Sequence[str]) -> None:
        """Learn what there is to count in normalised texts."""
        for kind in self._kinds:
            kind.fit(texts)

    def of(self, texts: Sequence[str]) -> csr_matrix:
        """Shape (texts, counted)."""
        return hstack([kind.of(texts) for kind in self._kinds], format="csr") * self._weight


class _Kind:
    """One kind of counts: scikit-learn's vectorizer learns it.

    Its ``transform`` spends ten times as long on checks as on one short text; ``of`` gives the same without them.
    """

    def __init__(self, read: Callable[[str], str | list[str]], learner: TfidfVectorizer) -> None:
        self._read, self._learner = read, learner

    def fit(self, texts: Sequence[str]) -> None:
        self._learner.fit([self._read(text) for text in texts])
        self._columns: dict[str, int] = self._learner.vocabulary_
        self._weights: np.ndarray = self._learner.idf_
        self._split = self._learner.build_analyzer()

    def of(self, texts: Sequence[str]) -> csr_matrix:
        rows = [self._row(text) for text in texts]
        columns, values = (np.concatenate(parts) for parts in zip(*rows, strict=True))
        ends = np.cumsum([0, *(len(row) for row, _ in rows)])
        return csr_matrix((values, columns, ends), shape=(len(texts), len(self._columns)))

    def _row(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Columns and values, of length 1 in all: the logarithm of each count times its column's weight."""
        known = self._columns
        counted = Counter(known[part] for part in self._split(self._read(text)) if part in known)
        columns = np.fromiter(counted.keys(), dtype=np.int32, count=len(counted))
        times = np.fromiter(counted.values(), dtype=np.float64, count=len(counted))
        values = (np.log(times) + 1) * self._weights[columns]
        return columns, values / max(float(np.linalg.norm(values)), 1e-12)


def _ngrams(shortest: int, longest: int) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char",
        ngram_range=(shortest, longest),
        sublinear_tf=True,
        min_df=2,
        max_features=MOST_NGRAMS,
    )


def _as_is(words: list[str]) -> list[str]:
    return words
