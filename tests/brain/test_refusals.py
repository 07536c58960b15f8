"""What is not wanted is told from what is, whatever it is about."""

import numpy as np
import pytest
from components.classifier import FollowerIntentClassifier
from components.encoders import universal
from components.features import Counts
from components.intents import IntentModel
from components.refusals import FEWEST, REFUSED, Refusals, is_denied
from rasa.shared.nlu.training_data.message import Message

THINGS = ["发票", "刻字", "包装", "预约", "会员", "积分", "停车", "退货", "尺码", "保养"]
REFUSING = [
    "不用{}了", "{}就不用了", "我没说要{}", "别给我弄{}", "{}免了", "谁要{}啊", "先不{}",
    "没打算{}", "{}不需要", "不考虑{}",
]  # fmt: skip
ASKING = ["{}怎么弄", "可以{}吗", "{}要多久", "想问一下{}", "{}多少钱", "我要{}", "帮我{}"]


def texts(forms: list[str]) -> list[str]:
    """Each form of each thing."""
    return [form.format(thing) for thing in THINGS for form in forms]


REFUSALS, WISHES = texts(REFUSING), texts(ASKING)
INTENTS = ["deny"] * len(REFUSALS) + [thing for thing in THINGS for _ in ASKING]


@pytest.fixture(scope="module")
def model() -> IntentModel:
    """A model of ten things that may be wanted or not."""
    model = IntentModel(weight=0.6, strength=20.0, second_opinion=0)
    model.fit([*REFUSALS, *WISHES], INTENTS)
    return model


def read(model: IntentModel, text: str) -> str:
    """The intent that Rasa is told."""
    classifier = FollowerIntentClassifier({}, None, None, model)  # type: ignore[arg-type]
    (message,) = classifier.process([Message.build(text)])
    return str(message.get("intent")["name"])


@pytest.mark.parametrize("text", ["发票就不用了吧", "没打算退货啊", "保养先不用"])
def test_a_refusal_is_one_though_its_words_name_a_subject(model: IntentModel, text: str) -> None:
    assert read(model, text) == "deny"


@pytest.mark.parametrize(
    ("text", "intent"), [("发票多少钱", "发票"), ("想问一下停车", "停车"), ("帮我预约", "预约")]
)
def test_a_wish_stays_one(model: IntentModel, text: str, intent: str) -> None:
    assert read(model, text) == intent


def test_beside_a_refusal_the_question_counts(model: IntentModel) -> None:
    assert read(model, "发票不用了，停车多少钱") == "停车"


def test_refusing_is_learnt_apart_from_subjects(model: IntentModel) -> None:
    told = model.first_opinions(["不用修理了", "可以修理吗"])[:, -1]
    assert told[0] >= REFUSED > told[1]


@pytest.mark.parametrize(
    ("refusal", "denied", "likeliest", "is_one"),
    [
        (0.9, 0.04, 0.9, True),
        (0.5, 0.2, 0.8, True),
        (0.6, 0.002, 0.99, False),
        (0.05, 0.1, 0.9, False),
        (0.0, 0.0, 1.0, False),
        (1.0, 0.0, 1.0, True),
    ],
)
def test_both_readings_together_say_whether_a_message_refuses(
    refusal: float, denied: float, likeliest: float, is_one: bool
) -> None:
    assert is_denied(refusal, denied, likeliest) is is_one


def test_few_examples_teach_no_refusing() -> None:
    counts = Counts(1.0)
    counts.fit([*REFUSALS, *WISHES])
    refusals = Refusals()
    kept = FEWEST - 1
    texts, intents = [*REFUSALS[:kept], *WISHES], INTENTS[:kept] + INTENTS[len(REFUSALS) :]
    refusals.fit(universal()(texts), counts.of(texts), intents)
    asked = ["不用发票了"]
    probabilities = refusals.probabilities(universal()(asked), counts.of(asked))
    np.testing.assert_array_equal(probabilities, [0.0])
