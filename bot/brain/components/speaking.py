"""How the brain speaks: every ``utter_`` answer comes live from ``nlu_data/answers``, in the follower's language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.answers import AnswerBook
from bot.measures import since
from bot.spoken import PAUSE_SECONDS, Spoken
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

NLU_DATA = Path(__file__).resolve().parents[3] / "nlu_data"


class LiveAnswers(NaturalLanguageGenerator):
    """Rasa's response generator over the answer book."""

    def __init__(
        self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None
    ) -> None:
        """``endpoint_config`` may name another folder as ``nlu_data``. Raises FileError when the files are broken."""
        options = endpoint_config.kwargs if endpoint_config else {}
        self._book = AnswerBook(Path(options.get("nlu_data") or NLU_DATA))

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """The answer as a response that the channel understands; see ``reply``."""
        metadata = tracker.latest_message.metadata or {} if tracker.latest_message else {}
        language, text = metadata.get("language"), metadata.get("text") or ""
        about = since(text, float(metadata.get("time") or 0))
        spoken = self._book.speak(utter_action, language, about, **kwargs)
        if utter_action in _said_before(tracker):
            spoken = self._book.noted(spoken, language)
        return {"text": spoken.text, "custom": reply(spoken)}


def _said_before(tracker: DialogueStateTracker) -> set[str]:
    """The names of what was said to the message before the last one, unless that was long ago."""
    names: set[str] = set()
    times: list[float] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            times.append(float((event.metadata or {}).get("time") or 0))
        elif isinstance(event, BotUttered) and len(times) == 1:
            names.add((event.data.get("custom") or {}).get("name") or "")
        if len(times) > 1:
            break
    is_fresh = len(times) > 1 and times[0] - times[1] < PAUSE_SECONDS
    return names if is_fresh else set()


def reply(spoken: Spoken) -> dict[str, Any]:
    """An answer in the channel's form."""
    return {
        "name": spoken.name,
        "kind": spoken.kind,
        "text": spoken.text,
        "choices": list(spoken.choices),
        "hand_over": spoken.hand_over,
    }
