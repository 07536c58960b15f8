"""Rasa's responses come from the answer book."""

import pytest
from components.speaking import LiveAnswers
from rasa.shared.core.events import UserUttered
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
