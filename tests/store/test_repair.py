"""All indexes can be lost: the followers' own keys say everything."""

from collections.abc import Callable

import pytest

from bot import handling
from bot.turn import Turn
from connectors.store.connection import Connection
from connectors.store.repair import Repair
from tests.doubles import answer, text
from tests.integration.test_engine import ACCOUNT, House

INDEXES = ("wake", "waiting", "listed", "scheduled", "ready", "workers")


@pytest.fixture
def house(connection: Connection) -> Callable[..., House]:
    """Builds connector processes on one store."""
    return lambda *turns: House(connection, *turns)


async def fill(house: House) -> None:
    """Somebody whom an agent has, one who waits, one whose answer is under way, and one who was not served yet."""
    wants_person: Turn = answer("请稍候", hand_over="needs_person")
    for openid, turn in (("oHeld", wants_person), ("oWaiting", wants_person), ("oBot", answer())):
        house.brain.turns = [turn]
        await house.exchanges.answer(
            text("几点", key=openid, openid=openid), "d", f"s{openid}", house.clock.now(), 0.5
        )
        await house.work()
        house.clock.at += 1
    now = house.clock.now()
    await house.engine.apply("oHeld", lambda c: handling.take(c, "li", now))
    house.brain.turns = [answer()]
    await house.receive(text("在吗", key="unread", openid="oUnread"))


async def indexes(house: House) -> dict[str, object]:
    """What the sorted indexes say."""
    redis, keys = house.store._redis, house.store.keys
    return {
        name: await redis.zrange(getattr(keys, name)(), 0, -1, withscores=True)
        for name in ("wake", "waiting")
    } | {
        "listed": await redis.hgetall(keys.listed()),
        "ready": await redis.lrange(keys.ready(), 0, -1),
    }


async def test_destroyed_indexes_are_rebuilt_as_they_were(house: Callable) -> None:
    one = house()
    await fill(one)
    before = await indexes(one)
    assert all(before.values())
    await one.store._redis.delete(*(getattr(one.store.keys, name)() for name in INDEXES))
    await Repair(one.store._connection, ACCOUNT).run()
    assert await indexes(one) == before
    await one.work()
    assert [m.openid for m in one.brain.asked][-1] == "oUnread"


@pytest.mark.parametrize("lost", INDEXES)
async def test_any_one_index_can_be_lost(house: Callable, lost: str) -> None:
    one = house()
    await fill(one)
    before = await indexes(one)
    await one.store._redis.delete(getattr(one.store.keys, lost)())
    await Repair(one.store._connection, ACCOUNT).run()
    assert await indexes(one) == before


async def test_a_sound_store_stays_as_it_is(house: Callable) -> None:
    one = house()
    await fill(one)
    before = await indexes(one)
    await Repair(one.store._connection, ACCOUNT).run()
    assert await indexes(one) == before


async def test_a_follower_who_is_being_served_is_not_given_to_a_second_worker(
    house: Callable,
) -> None:
    one = house()
    await one.receive(text("几点"))
    await one.inbox.beat()
    openid = await one.inbox.take(0.02)
    await one.store._redis.delete(one.store.keys.scheduled())
    await one.receive(text("在吗", key="2"))
    await Repair(one.store._connection, ACCOUNT).run()
    assert await one.inbox.take(0.02) is None
    assert await one.inbox.release(await one.engine.serve(openid, one.inbox.worker))
    assert len(one.brain.asked) == 2


async def test_what_a_forgotten_dead_worker_held_is_served(house: Callable) -> None:
    dead, other = house(), house()
    await dead.receive(text("几点"))
    await dead.inbox.take(0.02)
    await Repair(other.store._connection, ACCOUNT).run()
    await other.inbox.beat()
    await other.work()
    assert len(other.brain.asked) == 1


async def test_an_entry_about_nobody_is_removed(house: Callable) -> None:
    one = house()
    await one.store._redis.zadd(one.store.keys.wake(), {"oNobody": 1.0})
    done = await Repair(one.store._connection, ACCOUNT).run()
    assert done.strays == 1
    assert not (await indexes(one))["wake"]
