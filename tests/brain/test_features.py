"""What is counted in a text."""

import numpy as np
from components.features import Counts
from scipy.sparse import hstack

TEXTS = [
    "上海店几点关门",
    "上海店周末几点开门",
    "积分怎么查",
    "积分能换什么",
    "where is the shop",
    "the shop in 上海",
]


def test_the_lookup_gives_what_scikit_learn_gives() -> None:
    counts = Counts(0.6)
    counts.fit(TEXTS)
    asked = [*TEXTS, "上海 The SHOP 积分", "没见过", ""]
    theirs = [
        kind._learner.transform([kind._read(text) for text in asked]) for kind in counts._kinds
    ]
    wanted = hstack(theirs, format="csr") * 0.6
    assert wanted.nnz > 50
    np.testing.assert_allclose(counts.of(asked).toarray(), wanted.toarray(), atol=1e-12)
