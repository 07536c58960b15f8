"""Multinomial logistic regression on a dense and a sparse block of features at once."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import logsumexp, softmax

STEPS = {"ftol": 1e-6, "maxiter": 500, "maxcor": 6}
"""L-BFGS ends when a step gains less than this share of the loss, and looks back on so many steps."""


class BlockRegression:
    """Learns what scikit-learn's ``LogisticRegression(C=strength)`` learns, in a fraction of its time.

    scikit-learn takes one matrix; stacked, the dense block, most of the numbers, would have to be
    worked through as a sparse one.
    """

    def __init__(self, strength: float) -> None:
        """``strength``: the inverse of the regularisation, scikit-learn's C."""
        self.strength = strength
        self.labels: list[str] = []

    def fit(
        self,
        dense: np.ndarray,
        sparse: csr_matrix,
        labels: Sequence[str],
        start: BlockRegression | None = None,
    ) -> None:
        """Learn. ``dense`` (n, d), ``sparse`` (n, s), one label a row; at least two different ones.

        ``start``: one that learnt the same labels and counts from the first columns of ``dense``, to go on from.
        """
        names, wanted = np.unique(labels, return_inverse=True)
        loss = _Loss(dense, sparse, wanted, 1 / self.strength)
        begin = start.widened(dense.shape[1]) if start else np.zeros(loss.shape)
        found = minimize(loss, begin.ravel(), jac=True, method="L-BFGS-B", options=STEPS)
        self.labels = [str(name) for name in names]
        self._weights = found.x.reshape(loss.shape).astype(np.float32)
        self._width = dense.shape[1]

    def widened(self, width: int) -> np.ndarray:
        """The weights for a dense block of ``width`` columns, nothing being known of those that were not there."""
        more = np.zeros((width - self._width, len(self.labels)))
        return np.vstack([self._weights[: self._width], more, self._weights[self._width :]])

    def probabilities(self, dense: np.ndarray, sparse: csr_matrix) -> np.ndarray:
        """Shape (n, labels), in the order of ``labels``."""
        weights, width = self._weights, self._width
        # In the weights' own precision: another one would convert all of them, for each text.
        counted = sparse.astype(np.float32) @ weights[width:-1]
        return softmax(dense @ weights[:width] + counted + weights[-1], axis=1)


class _Loss:
    """The mean cross-entropy and its slope, in single precision: what is summed is far from its limits."""

    def __init__(
        self, dense: np.ndarray, sparse: csr_matrix, wanted: np.ndarray, penalty: float
    ) -> None:
        self._dense, self._width = dense.astype(np.float32), dense.shape[1]
        single = sparse.astype(np.float32)
        self._rows, self._columns = _Parts(single), _Parts(single.T.tocsr())
        self._target = np.eye(wanted.max() + 1, dtype=np.float32)[wanted]
        self._penalty = penalty
        self.shape = (self._width + sparse.shape[1] + 1, self._target.shape[1])

    def __call__(self, flat: np.ndarray) -> tuple[float, np.ndarray]:
        """Loss and slope at ``flat`` weights, of shape ``shape``."""
        weights, width, count = flat.reshape(self.shape), self._width, len(self._target)
        single = weights.astype(np.float32)
        scores = self._dense @ single[:width] + self._rows.times(single[width:-1]) + single[-1]
        total = logsumexp(scores, axis=1, keepdims=True)
        missed = ((total - scores) * self._target).sum(dtype=np.float64)
        wrong = np.exp(scores - total) - self._target
        slope = self._penalty * weights
        slope[:width] += self._dense.T @ wrong
        slope[width:-1] += self._columns.times(wrong)
        slope[-1] = wrong.sum(axis=0)
        loss = missed + self._penalty / 2 * (weights[:-1] ** 2).sum()
        return float(loss / count), (slope / count).ravel()


class _Parts:
    """A sparse matrix that all processors multiply together: scipy uses one, but lets others work beside it."""

    def __init__(self, matrix: csr_matrix) -> None:
        workers = os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(workers)
        shares = np.linspace(0, matrix.nnz, workers + 1)[1:-1]
        cuts = [0, *np.searchsorted(matrix.indptr, shares), matrix.shape[0]]
        self._parts = [matrix[begin:end] for begin, end in itertools.pairwise(cuts)]

    def times(self, right: np.ndarray) -> np.ndarray:
        """The product with a dense matrix."""
        return np.vstack(list(self._pool.map(lambda part: part @ right, self._parts)))
