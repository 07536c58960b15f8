"""What is asked where the first opinion is in doubt: it costs more, and decides.

Which one is of use depends on how much there is to learn from. A few hundred examples say little by themselves, and
what another encoder has read elsewhere says more; to tens of thousands it adds nothing, and takes them minutes to read.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from scipy.sparse import csr_matrix

from components.encoders import e5
from components.regression import BlockRegression

NEAREST = 30
"""How many examples vote."""

CLOSENESS = 30.0
"""How much more the nearer ones count: by e to this power for each step of 1 in likeness."""

SHARE = 0.3
"""What the votes weigh against the first opinion."""

SHARPNESS = 1.5
"""The power that makes two opinions that were mixed as decided as they are right: alone, each is surer."""


class SecondOpinion(Protocol):
    """Decides about texts of which a first opinion, shape (texts, labels), was not sure."""

    def probabilities(
        self, texts: Sequence[str], dense: np.ndarray, counts: csr_matrix, first: np.ndarray
    ) -> np.ndarray:
        """Shape (texts, labels). ``dense`` (texts, vector) and ``counts`` (texts, counted): what the first one saw."""
        ...

    def warm_up(self) -> None:
        """Load what the first text would otherwise wait for."""
        ...


class AnotherEncoder:
    """A regression that sees a vector of multilingual-e5-small besides."""

    def __init__(
        self,
        texts: Sequence[str],
        dense: np.ndarray,
        counts: csr_matrix,
        labels: Sequence[str],
        first: BlockRegression,
    ) -> None:
        """Learn, going on from what ``first`` has learnt of the same."""
        read = e5(os.cpu_count() or 1)(list(texts))
        self._centre = read.mean(axis=0)
        self._regression = BlockRegression(first.strength)
        self._regression.fit(np.hstack([dense, self._seen(read)]), counts, labels, start=first)

    def probabilities(
        self, texts: Sequence[str], dense: np.ndarray, counts: csr_matrix, first: np.ndarray
    ) -> np.ndarray:
        """Those of the regression alone: it has learnt all that the first one has."""
        both = np.hstack([dense, self._seen(e5()(list(texts)))])
        return self._regression.probabilities(both, counts)

    def warm_up(self) -> None:
        """Load the encoder."""
        e5()(["你好"])

    def _seen(self, vectors: np.ndarray) -> np.ndarray:
        """Unit vectors as seen from the centre: e5's all point nearly the same way, only the rest tells texts apart."""
        rest = vectors - self._centre
        return rest / np.maximum(np.linalg.norm(rest, axis=1, keepdims=True), 1e-6)


class NearestExamples:
    """The examples most like a text, by meaning and by wording, vote; their votes are mixed with the first opinion."""

    def __init__(self, dense: np.ndarray, counts: csr_matrix, labels: Sequence[str]) -> None:
        """Keep all examples: ``dense`` (n, vector) of length 1 each, ``counts`` (n, counted), one label a row."""
        self._dense = dense
        self._columns = _of_length_one(counts).T.tocsr()
        names, self._labels = np.unique(labels, return_inverse=True)
        self._width = len(names)

    def __getstate__(self) -> dict[str, Any]:
        """Half the precision halves the model's file, and changes no vote."""
        return {**self.__dict__, "_dense": self._dense.astype(np.float16)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """In single precision again: processors multiply no other as fast."""
        self.__dict__.update(state, _dense=state["_dense"].astype(np.float32))

    def probabilities(
        self, texts: Sequence[str], dense: np.ndarray, counts: csr_matrix, first: np.ndarray
    ) -> np.ndarray:
        """The first opinion and the votes together."""
        mixed = ((1 - SHARE) * first + SHARE * self._votes(dense, counts)) ** SHARPNESS
        return mixed / mixed.sum(axis=1, keepdims=True)

    def warm_up(self) -> None:
        """Nothing is left to load."""

    def _votes(self, dense: np.ndarray, counts: csr_matrix) -> np.ndarray:
        alike = (dense @ self._dense.T + (_of_length_one(counts) @ self._columns).toarray()) / 2
        votes = np.zeros((len(alike), self._width))
        for row, likeness in zip(votes, alike, strict=True):
            nearest = np.argpartition(-likeness, min(NEAREST, len(likeness)) - 1)[:NEAREST]
            weights = np.exp(CLOSENESS * (likeness[nearest] - likeness[nearest].max()))
            np.add.at(row, self._labels[nearest], weights / weights.sum())
        return votes


def _of_length_one(counts: csr_matrix) -> csr_matrix:
    lengths = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)))
    return csr_matrix(counts.multiply(1 / np.maximum(lengths, 1e-9)), dtype=np.float32)
