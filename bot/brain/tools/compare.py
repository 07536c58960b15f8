"""Compares ways to tell intents apart: five-fold over the training data, and over a test set that was held back.

cd bot/brain && .venv/bin/python -m tools.compare
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from bot.normalizing import normalized
from scipy.sparse import csr_matrix
from sklearn.model_selection import StratifiedKFold

from components.classifier import FollowerIntentClassifier
from components.encoders import Encoder, e5, universal
from components.features import Counts
from components.intents import grown
from components.regression import BlockRegression
from components.second_opinions import NearestExamples
from tools.cost import threshold_in_use
from tools.examples import TESTS, Example, fresh_examples, part
from tools.scores import scores

FOLDS = 5
SHIPPED = FollowerIntentClassifier.get_default_config()
"""The settings of what is shipped."""

PROCESSORS = os.cpu_count() or 1
SHOWN = ("accuracy", "in_scope", "out_of_scope", "calibration", "unsure", "wrong", "nonsense")


@dataclass(frozen=True)
class Candidate:
    """Which features are used, and how many times as heavy as shipped the counts are; 0 for none.

    ``is_doubting``: the nearest examples are asked where the regression is in doubt.
    """

    name: str
    encoders: tuple[Encoder, ...] = ()
    heaviness: float = 1.0
    is_doubting: bool = False


def candidates() -> Iterator[Candidate]:
    """What is compared."""
    use, other = universal(PROCESSORS), e5(PROCESSORS)
    yield Candidate("counts")
    yield Candidate("USE", (use,), heaviness=0)
    yield Candidate("e5", (other,), heaviness=0)
    yield Candidate("USE + counts, half as heavy", (use,), heaviness=0.5)
    yield Candidate("USE + counts", (use,))
    yield Candidate("USE + counts, twice as heavy", (use,), heaviness=2.0)
    yield Candidate("USE + e5 + counts", (use, other))
    yield Candidate("USE + counts, the nearest where in doubt", (use,), is_doubting=True)


class Features:
    """A candidate's features, fitted on some texts: a dense and a sparse block for any others."""

    def __init__(self, candidate: Candidate, texts: list[str]) -> None:
        self._encoders = candidate.encoders
        weight = grown(SHIPPED["weight"], len(texts)) * candidate.heaviness
        self._counts = Counts(weight) if weight else None
        if self._counts:
            self._counts.fit(texts)

    def of(self, texts: list[str]) -> tuple[np.ndarray, csr_matrix]:
        empty = np.zeros((len(texts), 0), dtype=np.float32)
        dense = [_encoded(encode, tuple(texts)) for encode in self._encoders]
        counts = self._counts.of(texts) if self._counts else csr_matrix(empty)
        return np.hstack([empty, *dense]), counts


_cache: dict[tuple[int, str], np.ndarray] = {}


def _encoded(encode: Encoder, texts: Sequence[str]) -> np.ndarray:
    """Encoded once for all candidates and folds: a text's vector does not depend on what is learnt."""
    new = [text for text in texts if (id(encode), text) not in _cache]
    if new:
        _cache.update(((id(encode), text), row) for text, row in zip(new, encode(new), strict=True))
    return np.stack([_cache[id(encode), text] for text in texts])


class Doubting:
    """A regression, and the nearest examples where it is in doubt, as the shipped classifier has them."""

    def __init__(
        self, first: BlockRegression, dense: np.ndarray, counts: csr_matrix, labels: list[str]
    ) -> None:
        self.labels = first.labels
        self._first, self._second = first, NearestExamples(dense, counts, labels)

    def probabilities(self, dense: np.ndarray, counts: csr_matrix) -> np.ndarray:
        """Shape (n, labels), in the order of ``labels``."""
        rows = self._first.probabilities(dense, counts)
        doubtful = rows.max(axis=1) < SHIPPED["second_opinion"]
        unread = [""] * int(doubtful.sum())
        if unread:
            asked = unread, dense[doubtful], counts[doubtful], rows[doubtful]
            rows[doubtful] = self._second.probabilities(*asked)
        return rows


Model = BlockRegression | Doubting


def learnt(candidate: Candidate, examples: Sequence[Example]) -> tuple[Features, Model]:
    """A candidate that has learnt from examples."""
    texts = [normalized(each.text) for each in examples]
    intents = [each.intent for each in examples]
    features = Features(candidate, texts)
    model, seen = BlockRegression(SHIPPED["strength"]), features.of(texts)
    model.fit(*seen, intents)
    return features, Doubting(model, *seen, intents) if candidate.is_doubting else model


def crossed(candidate: Candidate, examples: Sequence[Example]) -> tuple[np.ndarray, float]:
    """The probabilities of all examples, each from the folds without it, and the minutes of a fold."""
    intents = [example.intent for example in examples]
    rows = np.zeros((len(examples), len(set(intents))))
    started = time.perf_counter()
    for some, others in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(
        intents, intents
    ):
        features, model = learnt(candidate, [examples[i] for i in some])
        rows[others] = model.probabilities(
            *features.of([normalized(examples[i].text) for i in others])
        )
    return rows, (time.perf_counter() - started) / 60 / FOLDS


def milliseconds(features: Features, model: Model, examples: Sequence[Example]) -> float:
    """What one message takes: the median of some hundred that were not encoded before."""
    taken = []
    for number, example in enumerate(examples[:300]):
        started = time.perf_counter()
        model.probabilities(*features.of([normalized(f"{example.text} {number} {id(model)}")]))
        taken.append(time.perf_counter() - started)
    return float(np.median(taken)) * 1000


def main() -> None:
    """Print a table for each of both ways to test."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--heldout", type=Path, default=TESTS)
    parser.add_argument("--every", type=int, default=1, help="one example in so many; default: all")
    options = parser.parse_args()
    examples, heldout = part(options.every), fresh_examples(options.heldout)
    print(f"{len(examples)} examples, {len(heldout)} held back, threshold {threshold_in_use()}")
    print("| |", " | ".join(["test", *SHOWN, "minutes", "ms"]), "|", flush=True)
    for candidate in candidates():
        folds, minutes = crossed(candidate, examples)
        features, model = learnt(candidate, examples)
        back = model.probabilities(*features.of([normalized(each.text) for each in heldout]))
        taken = milliseconds(features, model, heldout)
        _print(f"{candidate.name} | five-fold", examples, model, folds, f"{minutes:.1f}", "")
        _print(f"{candidate.name} | held back", heldout, model, back, "", f"{taken:.1f}")


def _print(name: str, asked: Sequence[Example], model: Model, rows: np.ndarray, *more: str) -> None:
    wanted = [each.intent for each in asked]
    result = scores(wanted, model.labels, rows, threshold_in_use())
    cells = [name, *(f"{getattr(result, key):.3f}" for key in SHOWN), *more]
    print("|", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main()
