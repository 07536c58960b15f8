"""What is learnt: from normalised texts to the probabilities of intents, without Rasa.

Data that teach no ``out_of_scope`` are learnt beside messages that are no brand's business: what looks like those gets
little probability for any intent, and so falls under the threshold.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np
from bot.intents import OUT_OF_SCOPE

from components.background import background
from components.encoders import e5, universal
from components.features import Counts
from components.refusals import Refusals
from components.regression import BlockRegression

NO_INTENT = ""
"""The label of the background, which nobody outside sees."""

BACKGROUND_PART = 3
"""One background message for so many examples: more, and messages in scope would be lost to it."""

MOST_READ_TWICE = 8_000
"""So many examples the second encoder reads; each takes it some 15 ms on two cores."""


class IntentModel:
    """Multinomial logistic regression over a sentence vector and counts, and a slower second opinion in doubt.

    The second opinion sees the vector of another encoder besides. It costs several times as much, so it is
    only asked for where the first is not sure, and then decides together with it.
    """

    def __init__(self, weight: float, strength: float, second_opinion: float) -> None:
        """``weight`` scales the counts against the sentence vector for a thousand examples; with more it grows.

        ``strength``: C of the regression; ``second_opinion``: the probability below which it is asked for, 0 for never.
        """
        self._weight, self._doubt = weight, second_opinion
        self._first = BlockRegression(strength)
        self._second = BlockRegression(strength)
        self._refusals = Refusals()

    def fit(self, texts: Sequence[str], intents: Sequence[str]) -> None:
        """Learn one intent a text."""
        if OUT_OF_SCOPE not in intents:
            strange = background(len(texts) // BACKGROUND_PART)
            texts, intents = [*texts, *strange], [*intents, *[NO_INTENT] * len(strange)]
        self._counts = Counts(grown(self._weight, len(texts)))
        self._counts.fit(texts)
        processors = os.cpu_count() or 1
        dense, counts = universal(processors)(list(texts)), self._counts.of(texts)
        self._first.fit(dense, counts, intents)
        self._refusals.fit(dense, counts, intents)
        if self._doubt:
            hard = self._hardest(self._first.probabilities(dense, counts), intents)
            read = e5(processors)([texts[i] for i in hard])
            self._centre = read.mean(axis=0)
            other = np.zeros((len(texts), len(self._centre)), dtype=np.float32)
            other[hard] = _from(self._centre, read)
            self._second.fit(np.hstack([dense, other]), counts, intents, start=self._first)

    def _hardest(self, rows: np.ndarray, intents: Sequence[str]) -> np.ndarray:
        """The examples that the second opinion has most to learn from: those that the first makes least of."""
        columns = {label: i for i, label in enumerate(self._first.labels)}
        right = rows[np.arange(len(rows)), [columns[intent] for intent in intents]]
        return np.argsort(right, kind="stable")[:MOST_READ_TWICE]

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        """Shape (texts, intents), in the order of ``intents``; what is missing to 1 is for none of them."""
        dense, counts = universal()(list(texts)), self._counts.of(texts)
        rows = self._first.probabilities(dense, counts)
        doubtful = np.flatnonzero([self.is_in_doubt(row) for row in rows])
        if len(doubtful):
            other = e5()([texts[i] for i in doubtful])
            both = np.hstack([dense[doubtful], _from(self._centre, other)])
            rows[doubtful] = self._second.probabilities(both, counts[doubtful])
        return rows[:, self._is_intent]

    def first_opinions(self, texts: Sequence[str]) -> np.ndarray:
        """The same without the second opinion; one column more, the last, tells whether the text is a refusal."""
        counts = self._counts.of(texts)
        dense = universal()(list(texts))
        rows = self._first.probabilities(dense, counts)
        refusals = self._refusals.probabilities(dense, counts)
        return np.column_stack([rows[:, self._is_intent], refusals])

    def is_in_doubt(self, row: np.ndarray) -> bool:
        """Whether a first opinion is so unsure that there is a second."""
        return float(row.max()) < self._doubt

    @property
    def intents(self) -> list[str]:
        """The intents that were learnt."""
        return [label for label in self._first.labels if label != NO_INTENT]

    @property
    def _is_intent(self) -> list[bool]:
        return [label != NO_INTENT for label in self._first.labels]

    def warm_up(self) -> None:
        """Load what the first message would otherwise wait for."""
        universal()(["你好"])
        self._counts.of(["你好"])
        if self._doubt:
            e5()(["你好"])


def grown(weight: float, examples: int) -> float:
    """The weight of the counts for so many examples: the more was counted, the more a count tells."""
    # The cube root lies between what was best for some hundred examples and what was for 11,000 and more.
    return float(weight * max(1.0, examples / 1000) ** (1 / 3))


def _from(centre: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Unit vectors as seen from ``centre``: e5's all point nearly the same way, and only the rest tells texts apart."""
    seen = vectors - centre
    return seen / np.maximum(np.linalg.norm(seen, axis=1, keepdims=True), 1e-6)
