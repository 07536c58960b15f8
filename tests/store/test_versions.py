"""Data of another program are brought up to date, or refused with one sentence."""

import pytest

from connectors.store import versions
from connectors.store.connection import Connection
from connectors.store.keys import DATA_VERSION, Keys
from connectors.store.versions import CURRENT, WrongData, ready_data

ACCOUNT = "wxaccount"


async def test_an_empty_store_begins_with_the_present_version(connection: Connection) -> None:
    await ready_data(connection, [ACCOUNT])
    assert await connection.redis.get(DATA_VERSION) == str(CURRENT)


async def test_newer_data_are_refused_and_stay_as_they_are(connection: Connection) -> None:
    await connection.redis.set(DATA_VERSION, CURRENT + 1)
    with pytest.raises(WrongData, match=f"version {CURRENT + 1} .* knows {CURRENT} at most"):
        await ready_data(connection, [ACCOUNT])
    assert await connection.redis.get(DATA_VERSION) == str(CURRENT + 1)


async def test_a_half_restored_store_is_refused(connection: Connection) -> None:
    await connection.redis.set(DATA_VERSION, versions.RESTORING)
    with pytest.raises(WrongData, match="restore"):
        await ready_data(connection, [ACCOUNT])


async def test_replies_that_name_no_follower_go_with_the_first_step(connection: Connection) -> None:
    keys, redis = Keys(ACCOUNT), connection.redis
    await redis.xadd(keys.ledger(), {"event": "opened"})
    await redis.hset(keys.exchange("1"), mapping={"digest": "d", "reply": "十点到十点"})
    await ready_data(connection, [ACCOUNT])
    assert await redis.hgetall(keys.exchange("1")) == {"digest": "d", "reply": "[]"}
    assert await redis.get(DATA_VERSION) == str(CURRENT)


async def test_every_step_is_taken_in_order_and_only_those_that_are_left(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []

    def step(number: int) -> versions.Upgrade:
        async def upgrade(redis: object, account: str) -> None:
            taken.append(number)

        return upgrade

    monkeypatch.setattr(versions, "UPGRADES", {number: step(number) for number in (1, 2, 3)})
    monkeypatch.setattr(versions, "CURRENT", 4)
    await connection.redis.set(DATA_VERSION, 2)
    await ready_data(connection, [ACCOUNT])
    assert taken == [2, 3]
    assert await connection.redis.get(DATA_VERSION) == "4"
