"""When the bot rather asks back."""

import pytest
from components.fallback import CautiousFallback
from rasa.shared.nlu.training_data.message import Message


@pytest.mark.parametrize(
    ("ranking", "intent"),
    [
        ([("store_hours", 0.9), ("store_location", 0.05)], "store_hours"),
        ([("store_hours", 0.4), ("store_location", 0.3)], "nlu_fallback"),
        ([("store_hours", 0.48), ("store_location", 0.46)], "nlu_fallback"),
        ([("out_of_scope", 0.3), ("store_location", 0.29)], "out_of_scope"),
    ],
)
def test_doubt_is_admitted_but_not_over_what_is_out_of_scope(
    ranking: list[tuple[str, float]], intent: str
) -> None:
    fallback = CautiousFallback({"threshold": 0.45, "ambiguity_threshold": 0.05})
    intents = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    message = Message({"text": "x", "intent": intents[0], "intent_ranking": intents})
    assert fallback.process([message])[0].get("intent")["name"] == intent
