"""Rasa's responses come from the answer book."""

import pytest
from components.speaking import LiveAnswers
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.answers import UnknownAnswer


def tracker(language: str) -> DialogueStateTracker:
    """A conversation whose last message was in a language."""
    said = UserUttered("x", metadata={"language": language})
    return DialogueStateTracker.from_events("wx1:anna", [said])


@pytest.mark.parametrize(
    ("language", "part"), [("zh-Hans", "哪个城市"), ("zh-Hant", "哪個城市"), ("en", "city")]
)
async def test_a_response_is_spoken_in_the_followers_language(language: str, part: str) -> None:
    said = await LiveAnswers().generate("utter_ask_city", tracker(language), "bida", cities="A, B")
    assert said is not None
    assert part in said["text"]
    assert said["custom"]["kind"] == "question"
    assert said["custom"]["text"] == said["text"]


async def test_an_unknown_response_is_an_error_and_no_silence() -> None:
    with pytest.raises(UnknownAnswer):
        await LiveAnswers().generate("utter_nothing", tracker("en"), "bida")


@pytest.mark.parametrize(("seconds", "is_noted"), [(60, True), (7200, False)])
async def test_what_is_added_to_a_complaint_is_noted(seconds: float, is_noted: bool) -> None:
    called = BotUttered(data={"custom": {"name": "utter_complaint"}})
    said = [UserUttered("x", metadata={"time": time}) for time in (1e9, 1e9 + seconds)]
    talk = DialogueStateTracker.from_events("wx1:anna", [said[0], called, said[1]])
    spoken = await LiveAnswers().generate("utter_complaint", talk, "bida")
    assert spoken is not None
    assert spoken["text"].startswith("好的，记下了") is is_noted
    assert spoken["custom"]["hand_over"] == "complaint"
