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
from scipy.sparse import csr_matrix, hstack
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from components.encoders import Encoder, e5, universal
from components.features import Counts
from components.regression import BlockRegression
from tools.examples import TESTS, Example, fresh_examples, training_examples
from tools.scores import Scores, scores

FOLDS, THRESHOLD, STRENGTH, WEIGHT = 5, 0.45, 20.0, 1.5
SHOWN = ("accuracy", "in_scope", "out_of_scope", "calibration", "unsure", "wrong", "nonsense")


@dataclass(frozen=True)
class Candidate:
    """Which features are used, and whether a calibrated support vector machine replaces the regression."""

    name: str
    encoders: tuple[Encoder, ...] = ()
    has_counts: bool = True
    is_svc: bool = False


def candidates() -> Iterator[Candidate]:
    """What is compared."""
    use, other = universal(), e5(os.cpu_count() or 1)
    yield Candidate("counts")
    yield Candidate("USE", (use,), has_counts=False)
    yield Candidate("e5", (other,), has_counts=False)
    yield Candidate("USE + counts", (use,))
    yield Candidate("USE + counts, calibrated SVC", (use,), is_svc=True)
    yield Candidate("USE + e5 + counts", (use, other))


class Features:
    """A candidate's features, fitted on some texts: a dense and a sparse block for any others."""

    def __init__(self, candidate: Candidate, texts: list[str]) -> None:
        self._encoders = candidate.encoders
        self._counts = Counts(WEIGHT) if candidate.has_counts else None
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


class SupportVectors:
    """scikit-learn's linear support vector machine with Platt's calibration, as BlockRegression is used."""

    def fit(self, dense: np.ndarray, sparse: csr_matrix, labels: list[str]) -> None:
        machine = LinearSVC(C=1.0, random_state=0)
        features = hstack([dense, sparse]).tocsr()
        self._model = CalibratedClassifierCV(machine, cv=3).fit(features, np.array(labels))
        self.labels = [str(label) for label in self._model.classes_]

    def probabilities(self, dense: np.ndarray, sparse: csr_matrix) -> np.ndarray:
        return self._model.predict_proba(hstack([dense, sparse]).tocsr())


def learnt(candidate: Candidate, examples: Sequence[Example]) -> tuple[Features, BlockRegression]:
    """A candidate that has learnt from examples."""
    texts = [normalized(example.text) for example in examples]
    features = Features(candidate, texts)
    model = SupportVectors() if candidate.is_svc else BlockRegression(STRENGTH)
    model.fit(*features.of(texts), [example.intent for example in examples])
    return features, model


def crossed(candidate: Candidate, examples: Sequence[Example]) -> tuple[Scores, float]:
    """The scores over all folds together, and the seconds of processor time that learning took in all of them."""
    intents = [example.intent for example in examples]
    names, rows = sorted(set(intents)), np.zeros((len(examples), len(set(intents))))
    started = time.process_time()
    for some, others in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(
        intents, intents
    ):
        features, model = learnt(candidate, [examples[i] for i in some])
        rows[others] = model.probabilities(
            *features.of([normalized(examples[i].text) for i in others])
        )
    return scores(intents, names, rows, THRESHOLD), time.process_time() - started


def milliseconds(features: Features, model: BlockRegression, examples: Sequence[Example]) -> float:
    """What one message takes: the median of some hundred that were not encoded before."""
    taken = []
    for number, example in enumerate(examples[:300]):
        started = time.perf_counter()
        model.probabilities(*features.of([normalized(f"{example.text} {number}")]))
        taken.append(time.perf_counter() - started)
    return float(np.median(taken)) * 1000


def main() -> None:
    """Print a table for each of both ways to test."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--heldout", type=Path, default=TESTS)
    options = parser.parse_args()
    examples = training_examples()
    heldout = fresh_examples(options.heldout)
    print(f"{len(examples)} examples, {len(heldout)} held back, threshold {THRESHOLD}")
    print("| |", " | ".join(["test", *SHOWN, "learning s", "ms"]), "|", flush=True)
    for candidate in candidates():
        folds, seconds = crossed(candidate, examples)
        _print(candidate.name, "five-fold", folds, f"{seconds / FOLDS:.0f}", "")
        features, model = learnt(candidate, examples)
        rows = model.probabilities(*features.of([normalized(each.text) for each in heldout]))
        back = scores([each.intent for each in heldout], model.labels, rows, THRESHOLD)
        taken = milliseconds(features, model, heldout)
        _print(candidate.name, "held back", back, "", f"{taken:.1f}")


def _print(name: str, test: str, result: Scores, *more: str) -> None:
    cells = [name, test, *(f"{getattr(result, key):.3f}" for key in SHOWN), *more]
    print("|", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main()
