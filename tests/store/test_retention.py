"""What is kept goes in its time: by settings, by whole enquiries, and from the disk once for many."""

import pytest

from bot.forgetting import LEAVING
from bot.kinds import PARTINGS
from bot.ledger import audit
from connectors.store.connection import Connection
from connectors.store.conversations import Conversations
from connectors.store.keys import DAY
from connectors.store.old_entries import OldEntries
from connectors.store.retention import Retention
from connectors.store.rewriting import Rewriting
from tests.doubles import answer, text
from tests.integration.test_engine import ACCOUNT, OPENID, House


def test_every_parting_has_its_reason() -> None:
    assert LEAVING.keys() == PARTINGS


async def test_the_settings_decide_how_long_a_follower_is_known(connection: Connection) -> None:
    house = House(connection)
    house.engine.store._retention = Retention(conversation_days=2, transcript_days=3)
    await house.receive(text("几点"))
    await house.work()
    keys = house.store.keys
    days = [
        round(await connection.redis.ttl(key) / DAY, 2)
        for key in (keys.conversation(OPENID), keys.transcript(OPENID), keys.deliveries(OPENID))
    ]
    assert days == [2, 3, 3]


async def test_old_enquiries_go_whole_and_the_rest_of_the_ledger_stays_sound(
    connection: Connection,
) -> None:
    """One ended long ago, one ended today though it was opened long ago, one is open."""
    house = House(connection, answer())
    await house.receive(text("第一个", key="1", openid="oOld"))
    await house.work()
    house.brain.turns = [answer("哪个城市", "question")]
    for openid in ("oAsked", "oOpen"):
        await house.receive(text("第二个", key=openid, openid=openid))
    await house.work()
    house.clock.at += 10 * DAY
    await house.engine.forgetting.on_request("oAsked")
    before = audit([entry async for entry in house.store.ledger()], house.clock.now() - 9 * DAY)
    assert (before.enquiries, before.open, before.faults) == (3, 1, [])
    await OldEntries(connection, ACCOUNT, 7).step(house.clock.now())
    after = audit([entry async for entry in house.store.ledger()], house.clock.now() - 9 * DAY)
    assert (after.enquiries, after.open, after.faults) == (2, 1, [])
    assert after.reasons["undeliverable(forgotten)"] == 1


async def test_a_ledger_without_a_setting_keeps_all(connection: Connection) -> None:
    house = House(connection)
    await house.receive(text("几点"))
    await house.work()
    before = await connection.redis.xlen(house.store.keys.ledger())
    await OldEntries(connection, ACCOUNT, None).step(house.clock.now() + 9999 * DAY)
    assert await connection.redis.xlen(house.store.keys.ledger()) == before


async def rewritings(connection: Connection) -> int:
    """How many rewritings of its file the store has begun."""
    return int((await connection.redis.info("persistence"))["aof_rewrites"])


async def finish(rewriting: Rewriting, connection: Connection, store: Conversations) -> None:
    """Let a rewriting that was begun end."""
    while await connection.redis.exists(store.keys.rewriting()):
        await rewriting.step(0.0)


async def test_the_file_is_rewritten_once_for_all_that_was_forgotten_meanwhile(
    connection: Connection,
) -> None:
    house, rewriting = House(connection), Rewriting(connection, ACCOUNT, 3600)
    before = await rewritings(connection)
    for number in range(5):
        await house.engine.forgetting.on_request(f"oFollower{number}")
        await rewriting.step(house.clock.now())
        house.clock.at += 300
    assert await rewritings(connection) == before
    house.clock.at += 300
    await rewriting.step(house.clock.now())
    assert await rewritings(connection) == before + 1
    await finish(rewriting, connection, house.store)
    await rewriting.step(house.clock.now())
    assert await rewritings(connection) == before + 1


async def test_what_is_forgotten_during_a_rewriting_waits_for_the_next(
    connection: Connection,
) -> None:
    house, rewriting = House(connection), Rewriting(connection, ACCOUNT, 0)
    await house.engine.forgetting.on_request("oFollower1")
    await rewriting.step(house.clock.now())
    await house.engine.forgetting.on_request("oFollower2")
    await finish(rewriting, connection, house.store)
    assert await connection.redis.exists(house.store.keys.unwritten())


@pytest.mark.parametrize("mark", ["another server:0", "never begun"])
async def test_a_rewriting_whose_beginner_or_server_died_is_begun_again(
    connection: Connection, mark: str
) -> None:
    house, rewriting = House(connection), Rewriting(connection, ACCOUNT, 3600)
    before = await rewritings(connection)
    await connection.redis.set(house.store.keys.rewriting(), mark)
    await rewriting.step(house.clock.now())
    assert await rewritings(connection) == before + 1
    await finish(rewriting, connection, house.store)
