"""What is learnt: from normalised texts to the probabilities of intents, without Rasa."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from components.encoders import e5, universal
from components.features import Counts
from components.regression import BlockRegression


class IntentModel:
    """Multinomial logistic regression over a sentence vector and counts, and a slower second opinion in doubt.

    The second opinion sees the vector of another encoder besides. It costs several times as much, so it is
    only asked for where the first is not sure, and then decides together with it.
    """

    def __init__(self, weight: float, strength: float, second_opinion: float) -> None:
        """``weight`` scales the counts against the sentence vector, ``strength`` is C of the regression.

        ``second_opinion``: the probability below which it is asked for; 0 for never.
        """
        self._doubt = second_opinion
        self._counts = Counts(weight)
        self._first = BlockRegression(strength)
        self._second = BlockRegression(strength)

    def fit(self, texts: Sequence[str], intents: Sequence[str]) -> None:
        """Learn one intent a text."""
        self._counts.fit(texts)
        dense, counts = universal()(list(texts)), self._counts.of(texts)
        self._first.fit(dense, counts, list(intents))
        if self._doubt:
            other = e5(os.cpu_count() or 1)(list(texts))
            self._centre = other.mean(axis=0)
            both = np.hstack([dense, _from(self._centre, other)])
            self._second.fit(both, counts, list(intents))

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        """Shape (texts, intents), in the order of ``intents``."""
        dense, counts = universal()(list(texts)), self._counts.of(texts)
        rows = self._first.probabilities(dense, counts)
        doubtful = np.flatnonzero(rows.max(axis=1) < self._doubt)
        if len(doubtful):
            other = e5()([texts[i] for i in doubtful])
            both = np.hstack([dense[doubtful], _from(self._centre, other)])
            rows[doubtful] = self._second.probabilities(both, counts[doubtful])
        return rows

    @property
    def intents(self) -> list[str]:
        """The intents that were learnt."""
        return self._first.labels

    def warm_up(self) -> None:
        """Load what the first message would otherwise wait for."""
        universal()(["你好"])
        self._counts.of(["你好"])
        if self._doubt:
            e5()(["你好"])


def _from(centre: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Unit vectors as seen from ``centre``: e5's all point nearly the same way, and only the rest tells texts apart."""
    seen = vectors - centre
    return seen / np.maximum(np.linalg.norm(seen, axis=1, keepdims=True), 1e-6)
