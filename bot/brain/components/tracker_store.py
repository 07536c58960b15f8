"""Keeps what a conversation needs to go on, and no more: a message costs the same after a thousand others."""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import ujson
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from components.memory import KEPT_SECONDS, forget, redis, tracker_key

TURNS_KEPT = 2
"""Rules look back one turn, actions two; each turn kept is read, replayed and written with every message."""


class RecentTrackerStore(TrackerStore, SerializedTrackerAsText):
    """A tracker store on Redis that saves the values of the slots and the last few turns."""

    def __init__(
        self, domain: Domain | None = None, event_broker: EventBroker | None = None, **kwargs: Any
    ) -> None:
        """What ``endpoints.yml`` may say of a host is not used: the connection comes from ``REDIS_URL``."""
        super().__init__(domain, event_broker, **kwargs)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Save the recent part of a tracker; a turn of the channel is saved together with its answer instead."""
        await redis().set(tracker_key(tracker.sender_id), recent_json(tracker), ex=KEPT_SECONDS)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker as it was saved, or None."""
        saved = await redis().get(tracker_key(sender_id))
        return self._tracker(sender_id, json.loads(saved)) if saved else None

    async def delete(self, sender_id: str) -> None:
        """Forget a follower."""
        await forget(sender_id)

    async def keys(self) -> Iterable[str]:
        """Nothing asks for all conversations, and listing them would hold everybody up."""
        return []

    def _tracker(self, sender_id: str, events: list[dict[str, Any]]) -> DialogueStateTracker:
        slots = self.domain.slots if self.domain else []
        types = _event_types()
        replayed = [types[event["event"]]._from_parameters(event) for event in events]
        return DialogueStateTracker.from_events(sender_id, replayed, slots)


@lru_cache(maxsize=1)
def _event_types() -> dict[str, type[Event]]:
    """Rasa's kinds of events by name; Rasa itself walks through all classes for each event that it reads."""
    return {kind.type_name: kind for kind in all_subclasses(Event)}


def recent_json(tracker: DialogueStateTracker) -> str:
    """The recent events as they are stored."""
    events = [event.as_dict() for event in recent(tracker.events)]
    return str(ujson.dumps(events, ensure_ascii=False))


def recent(events: Iterable[Event]) -> list[Event]:
    """The last TURNS_KEPT turns, before them one event for each slot that had been filled earlier."""
    kept = list(events)
    starts = [i for i, event in enumerate(kept) if _listens(event)]
    # The last listening is where the next message comes in: it begins a turn of its own.
    if len(starts) <= TURNS_KEPT + 1:
        return kept
    cut = starts[-(TURNS_KEPT + 1)]
    slots = {event.key: event for event in kept[:cut] if isinstance(event, SlotSet)}
    return [event for event in slots.values() if event.value is not None] + kept[cut:]


def _listens(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME
