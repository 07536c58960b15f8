"""A conversation's memory: what is needed to go on, and no more."""

import pytest
from components.tracker_store import TURNS_KEPT, RecentTrackerStore, recent
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker
from redis import Redis

SLOTS = [AnySlot(name, mappings=[{}], influence_conversation=False) for name in ("city", "budget")]


@pytest.fixture
def trackers(store: Redis) -> RecentTrackerStore:
    """On the real store."""
    domain = Domain.empty()
    domain.slots = SLOTS
    return RecentTrackerStore(domain)


def tracker(turns: int) -> DialogueStateTracker:
    """A conversation that named a city in its first turn and a budget, taken back, in its second."""
    events = [ActionExecuted("action_session_start"), ActionExecuted("action_listen")]
    for turn in range(turns):
        events.append(UserUttered(f"question {turn}", input_channel="bida"))
        events += [SlotSet("city", "paris")] if turn == 0 else []
        events += [SlotSet("budget", "500")] if turn == 1 else []
        events += [SlotSet("budget", None)] if turn == 2 else []
        events += [BotUttered(f"answer {turn}"), ActionExecuted("action_listen")]
    return DialogueStateTracker.from_events("wx1:anna", events, SLOTS)


async def test_a_conversation_is_kept_and_found_again(trackers: RecentTrackerStore) -> None:
    await trackers.save(tracker(TURNS_KEPT))
    found = await trackers.retrieve("wx1:anna")
    assert found is not None
    assert list(found.events) == list(tracker(TURNS_KEPT).events)
    assert await trackers.retrieve("wx1:bo") is None


async def test_old_turns_go_and_their_slots_stay(trackers: RecentTrackerStore) -> None:
    await trackers.save(tracker(50))
    found = await trackers.retrieve("wx1:anna")
    assert found is not None
    said = [event.text for event in found.events if isinstance(event, UserUttered)]
    assert said == [f"question {turn}" for turn in range(50 - TURNS_KEPT, 50)]
    assert found.get_slot("city") == "paris"
    assert found.get_slot("budget") is None


async def test_saving_again_and_again_changes_nothing(trackers: RecentTrackerStore) -> None:
    await trackers.save(tracker(50))
    first = await trackers.retrieve("wx1:anna")
    assert first is not None
    await trackers.save(first)
    second = await trackers.retrieve("wx1:anna")
    assert second is not None
    assert list(second.events) == list(first.events)


async def test_a_follower_is_forgotten(trackers: RecentTrackerStore, store: Redis) -> None:
    await trackers.save(tracker(3))
    await trackers.delete("wx1:anna")
    assert store.keys("*") == []


def test_what_is_kept_begins_where_a_message_was_awaited() -> None:
    kept = recent(tracker(50).events)
    first = next(event for event in kept if not isinstance(event, SlotSet))
    assert first == ActionExecuted("action_listen")
