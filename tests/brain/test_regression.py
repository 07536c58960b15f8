"""Our regression learns what scikit-learn's does."""

import numpy as np
from components.regression import BlockRegression
from scipy.sparse import random as sparse_random
from sklearn.linear_model import LogisticRegression


def test_it_finds_what_scikit_learn_finds() -> None:
    dense = np.random.default_rng(0).normal(size=(300, 20))
    sparse = sparse_random(300, 50, density=0.1, format="csr", random_state=1)
    labels = [
        f"{a:d}{b:d}" for a, b in zip(dense[:, 0] > 0, sparse.toarray()[:, 0] > 0.1, strict=True)
    ]
    ours = BlockRegression(5.0)
    ours.fit(dense, sparse, labels)
    stacked = np.hstack([dense, sparse.toarray()])
    theirs = LogisticRegression(C=5.0, max_iter=5000, tol=1e-6).fit(stacked, labels)
    assert ours.labels == list(theirs.classes_)
    np.testing.assert_allclose(
        ours.probabilities(dense, sparse), theirs.predict_proba(stacked), atol=0.01
    )


def test_a_start_from_fewer_columns_finds_the_same() -> None:
    random = np.random.default_rng(1)
    dense, sparse = (
        random.normal(size=(200, 8)),
        sparse_random(200, 30, format="csr", random_state=2),
    )
    labels = [f"{value:d}" for value in dense[:, 0] + dense[:, 7] > 0]
    before, cold, warm = BlockRegression(5.0), BlockRegression(5.0), BlockRegression(5.0)
    before.fit(dense[:, :4], sparse, labels)
    cold.fit(dense, sparse, labels)
    warm.fit(dense, sparse, labels, start=before)
    np.testing.assert_allclose(
        warm.probabilities(dense, sparse), cold.probabilities(dense, sparse), atol=0.02
    )
