"""The brain's answer, read."""

from typing import Any

import pytest

from bot.turn import Turn
from connectors.rasa import turn_of


def read(**reply: Any) -> Turn:
    """The turn in an answer with one reply."""
    plain = {"name": "utter_x", "kind": "answer", "text": "好", "choices": [], "hand_over": None}
    nlu = {"intent": {"name": "x", "confidence": 0.9}, "ranking": []}
    return turn_of({"status": "ok", "replies": [plain | reply], "language": "zh-Hans", "nlu": nlu})


@pytest.mark.parametrize(
    ("reply", "expected"), [({}, False), ({"generated": False}, False), ({"generated": True}, True)]
)
def test_the_brain_says_which_text_a_model_made(reply: dict[str, Any], expected: bool) -> None:
    assert read(**reply).replies[0].is_generated is expected
