"""Turns are known for a day, and kept together with the conversation."""

import pytest
from components import memory
from redis import Redis


async def test_a_turn_of_yesterday_is_known_and_an_older_one_is_not(
    store: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = 20_000 * memory.DAY + memory.DAY / 2
    monkeypatch.setattr(memory.time, "time", lambda: noon)
    await memory.keep_turn("wx1:anna", "[]", "m1", "{}")
    monkeypatch.setattr(memory.time, "time", lambda: noon + memory.DAY)
    assert await memory.stored_turn("wx1:anna", "m1") == "{}"
    monkeypatch.setattr(memory.time, "time", lambda: noon + 2 * memory.DAY)
    assert await memory.stored_turn("wx1:anna", "m1") is None


async def test_a_turn_belongs_to_its_follower(store: Redis) -> None:
    await memory.keep_turn("wx1:anna", "[]", "m1", "{}")
    assert await memory.stored_turn("wx1:bo", "m1") is None


async def test_a_lost_connection_is_made_anew(store: Redis) -> None:
    await memory.keep_turn("wx1:anna", "[]", "m1", "{}")
    store.client_kill_filter(_type="normal", skipme=True)
    assert await memory.stored_turn("wx1:anna", "m1") == "{}"
    store.client_kill_filter(_type="normal", skipme=True)
    await memory.keep_turn("wx1:anna", "[]", "m2", "{}")
    await memory.redis().close()


def test_without_an_address_the_brain_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    memory.redis.cache_clear()
    with pytest.raises(memory.StoreMissing, match="REDIS_URL"):
        memory.redis()
