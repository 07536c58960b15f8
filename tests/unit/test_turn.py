"""The brain's answer, read."""

from collections.abc import Sequence
from typing import Any

import pytest

from bot.turn import Turn
from connectors.rasa import turn_of


def read(**reply: Any) -> Turn:
    """The turn in an answer with one reply."""
    plain = {"name": "utter_x", "kind": "answer", "text": "好", "choices": [], "hand_over": None}
    return understood([], replies=[plain | reply])


def understood(
    entities: list[dict[str, str]],
    *,
    intent: str = "x",
    ranking: Sequence[str] = (),
    replies: Sequence[dict[str, Any]] = (
        {"name": "", "kind": "answer", "text": "好", "choices": [], "hand_over": None},
    ),
) -> Turn:
    """The turn in an answer that understood this."""
    nlu: dict[str, Any] = {
        "intent": {"name": intent, "confidence": 0.9},
        "ranking": [{"name": name} for name in ranking],
        "entities": entities,
    }
    told = {"status": "ok", "replies": list(replies), "language": "zh-Hans", "nlu": nlu}
    return turn_of(told)


@pytest.mark.parametrize(
    ("reply", "expected"), [({}, False), ({"generated": False}, False), ({"generated": True}, True)]
)
def test_the_brain_says_which_text_a_model_made(reply: dict[str, Any], expected: bool) -> None:
    assert read(**reply).replies[0].is_generated is expected


def test_the_brain_says_which_city_and_shop_are_named_first() -> None:
    named = [("store", "shanghai_ifc"), ("city", "shanghai"), ("city", "paris")]
    turn = understood([{"entity": entity, "value": value} for entity, value in named])
    assert (turn.city, turn.shop) == ("shanghai", "shanghai_ifc")
    assert (understood([]).city, understood([]).shop) == ("", "")


def test_people_are_told_the_intent_or_the_likeliest_one_where_the_brain_was_unsure() -> None:
    assert understood([], intent="parking").subject == "parking"
    unsure = understood([], intent="nlu_fallback", ranking=["nlu_fallback", "invoice", "parking"])
    assert unsure.subject == "invoice"
    assert Turn(trouble="brain_error").subject == ""
