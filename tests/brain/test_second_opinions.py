"""What decides where the first opinion is in doubt."""

import numpy as np
import pytest
from components.intents import IntentModel
from components.second_opinions import AnotherEncoder, NearestExamples
from scipy.sparse import csr_matrix

EXAMPLES = ["a", "a", "b"]
MEANINGS = np.eye(4, dtype=np.float32)[[0, 1, 2]]
WORDINGS = csr_matrix(np.eye(4)[[0, 0, 2]] * 3)


def asked(meaning: int, wording: int, first: list[float]) -> np.ndarray:
    """The second opinion about one text."""
    opinion = NearestExamples(MEANINGS, WORDINGS, EXAMPLES)
    counts = csr_matrix(np.eye(4)[[wording]])
    (row,) = opinion.probabilities([""], np.eye(4)[[meaning]], counts, np.array([first]))
    return np.asarray(row)


@pytest.mark.parametrize(("meaning", "wording"), [(2, 2), (2, 3), (3, 2)])
def test_the_nearest_examples_turn_what_was_nearly_even(meaning: int, wording: int) -> None:
    row = asked(meaning, wording, [0.52, 0.48])
    assert row[1] > row[0]
    np.testing.assert_allclose(row.sum(), 1)


def test_a_text_like_no_example_is_left_to_the_first_opinion() -> None:
    row = asked(3, 3, [0.3, 0.7])
    assert row[1] > row[0]


@pytest.mark.parametrize(("most", "kind"), [(100, AnotherEncoder), (3, NearestExamples)])
def test_how_much_there_is_to_learn_from_says_who_is_asked(
    monkeypatch: pytest.MonkeyPatch, most: int, kind: type
) -> None:
    monkeypatch.setattr("components.intents.MOST_READ_TWICE", most)
    model = IntentModel(weight=0.6, strength=20.0, second_opinion=1.0)
    texts = ["几点开门", "几点关门", "谢谢", "多谢"]
    model.fit(texts, ["store_hours", "store_hours", "thanks", "out_of_scope"])
    assert isinstance(model._second, kind)
    (row,) = model.probabilities(["开门几点"])
    assert model.intents[int(row.argmax())] == "store_hours"
