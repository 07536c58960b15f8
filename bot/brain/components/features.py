"""What is counted in a text: runs of characters, words, and runs of sounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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
        self._kinds: list[tuple[Callable[[str], str | list[str]], TfidfVectorizer]] = [
            (str, _ngrams(1, 3)),
            (sound, _ngrams(2, 5)),
            (tokens, TfidfVectorizer(analyzer=_as_is, sublinear_tf=True)),
        ]

    def fit(self, texts: Sequence[str]) -> None:
        """Learn what there is to count in normalised texts."""
        for read, kind in self._kinds:
            kind.fit([read(text) for text in texts])

    def of(self, texts: Sequence[str]) -> csr_matrix:
        """Shape (texts, counted)."""
        counted = [kind.transform([read(text) for text in texts]) for read, kind in self._kinds]
        return hstack(counted, format="csr") * self._weight


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
