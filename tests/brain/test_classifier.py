"""Learns from few examples, and carries what followers type."""

from collections.abc import Callable

import numpy as np
import pytest
from components.encoders import Encoder, e5, universal
from components.intents import IntentModel

from bot.normalizing import normalized

EXAMPLES = {
    "store_hours": ["几点开门", "几点关门", "营业到几点", "周末开门吗", "what time do you open"],
    "points": [
        "我有多少积分",
        "积分怎么查",
        "积分余额",
        "积分还剩多少",
        "how many points do I have",
    ],
    "thanks": ["谢谢", "多谢", "感谢", "thanks", "thank you"],
}


@pytest.fixture(scope="module")
def learnt() -> IntentModel:
    """A model of three intents."""
    model = IntentModel(weight=1.5, strength=20.0, second_opinion=0.8)
    texts = [normalized(text) for texts in EXAMPLES.values() for text in texts]
    model.fit(texts, [intent for intent, texts in EXAMPLES.items() for _ in texts])
    return model


def best(model: IntentModel, text: str) -> str:
    """The likeliest intent."""
    return model.intents[int(model.probabilities([normalized(text)]).argmax())]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("你們幾點打烊", "store_hours"),
        ("机分还有多少", "points"),
        ("wo de jifen", "points"),
        ("when are you open on Sunday", "store_hours"),
        ("唔該，多謝晒", "thanks"),
    ],
)
def test_other_words_scripts_and_spellings_are_understood(
    learnt: IntentModel, text: str, intent: str
) -> None:
    assert best(learnt, text) == intent


def test_probabilities_are_probabilities(learnt: IntentModel) -> None:
    rows = learnt.probabilities(["几点开门", "", "😀", "x" * 300])
    assert rows.shape == (4, 3)
    assert (rows >= 0).all()
    assert (rows.sum(axis=1) <= 1 + 1e-5).all()


def test_what_data_without_out_of_scope_does_not_know_gets_little_probability(
    learnt: IntentModel,
) -> None:
    known, strange = learnt.probabilities(["周日开门吗", "why is the moon landing on tv"]).sum(
        axis=1
    )
    assert strange < 0.75 < known


def test_data_that_teach_out_of_scope_themselves_are_learnt_alone() -> None:
    model = IntentModel(weight=0.6, strength=20.0, second_opinion=0)
    texts = [*EXAMPLES["store_hours"], *EXAMPLES["thanks"]]
    model.fit(texts, ["store_hours"] * 5 + ["out_of_scope"] * 5)
    np.testing.assert_allclose(model.probabilities(["晚安"]).sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("encoder", [universal, e5])
def test_a_text_is_encoded_alike_alone_and_among_others(encoder: Callable[[], Encoder]) -> None:
    alone = encoder()(["几点开门"])
    among = encoder()(["谢谢", "几点开门", "how many points do I have"])
    np.testing.assert_allclose(alone[0], among[1], atol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(among, axis=1), 1, atol=1e-3)
