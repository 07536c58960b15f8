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
from components.encoders import universal
from components.features import Counts
from components.refusals import Refusals
from components.regression import BlockRegression
from components.second_opinions import AnotherEncoder, NearestExamples, SecondOpinion

NO_INTENT = ""
"""The label of the background, which nobody outside sees."""

BACKGROUND_PART = 3
"""One background message for so many examples: more, and messages in scope would be lost to it."""

MOST_READ_TWICE = 8_000
"""Up to so many examples another encoder gives the second opinion; of more, the examples themselves do."""


class IntentModel:
    """Multinomial logistic regression over a sentence vector and counts, and a slower second opinion in doubt."""

    def __init__(self, weight: float, strength: float, second_opinion: float) -> None:
        """``weight`` scales the counts against the sentence vector for a thousand examples; with more it grows.

        ``strength``: C of the regression; ``second_opinion``: the probability below which it is asked for, 0 for never.
        """
        self._weight, self._doubt = weight, second_opinion
        self._first = BlockRegression(strength)
        self._second: SecondOpinion | None = None
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
        if self._doubt and len(texts) <= MOST_READ_TWICE:
            self._second = AnotherEncoder(texts, dense, counts, intents, self._first)
        elif self._doubt:
            self._second = NearestExamples(dense, counts, intents)

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        """Shape (texts, intents), in the order of ``intents``; what is missing to 1 is for none of them."""
        dense, counts = universal()(list(texts)), self._counts.of(texts)
        rows = self._first.probabilities(dense, counts)
        doubtful = np.flatnonzero([self.is_in_doubt(row) for row in rows])
        if self._second and len(doubtful):
            asked = [texts[i] for i in doubtful]
            rows[doubtful] = self._second.probabilities(
                asked, dense[doubtful], counts[doubtful], rows[doubtful]
            )
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
        if self._second:
            self._second.warm_up()


def grown(weight: float, examples: int) -> float:
    """The weight of the counts for so many examples: the more was counted, the more a count tells."""
    # The cube root lies between what was best for some hundred examples and what was for 11,000 and more.
    return float(weight * max(1.0, examples / 1000) ** (1 / 3))
