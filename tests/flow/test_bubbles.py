"""Quick bubbles through the front door: one answer, every callback ended, nothing lost."""

import asyncio
from dataclasses import replace

import pytest

from bot.bubbles import FRAGMENT_SECONDS
from connectors.store.connection import Connection
from tests.doubles import answer, text
from tests.flow.channel import SlowBrain, open_channel
from tests.integration.test_engine import House


async def test_quick_bubbles_are_answered_once_on_the_last_one(connection: Connection) -> None:
    brain = SlowBrain()
    async with open_channel(connection, brain, merge_seconds=0.6) as channel:
        phone = await channel.phone()
        saying = []
        for words in ("在吗", "上海店", "几点关门？"):
            saying.append(asyncio.create_task(phone.say(words, wait=True)))
            await asyncio.sleep(0.05)
        await asyncio.gather(*saying)
        assert [message.text for message in brain.asked] == ["在吗\n上海店\n几点关门？"]
        answers = [delivery["answer"] for delivery in await channel.deliveries(phone)]
        by_kind = sorted(answer == "success" for answer in answers)
        assert by_kind == [False, True, True]
        line = await phone.wait_for("回答 1", seconds=20)
        assert line["way"] == "passive"
        told = [each.line.text for each in await channel.store.transcript(phone.openid)]
        assert told[2:5] == ["在吗", "上海店", "几点关门？"]
        result = await channel.settled()
        # The follow and the thought.
        assert (result.enquiries, result.outcomes["answered_by_bot"]) == (2, 1)


async def waiting_house(connection: Connection, words: str) -> House:
    """A connector that has just received a message, and whose worker has taken the follower."""
    house = patient(House(connection, answer()))
    await connection.redis.flushall()
    await house.receive(text(words))
    assert await house.inbox.take(1)
    return house


def patient(house: House) -> House:
    """The same connector, waiting for bubbles."""
    house.engine = replace(house.engine, merge_seconds=2.0)
    return house


@pytest.mark.parametrize(("words", "waits"), [("几点关门？", []), ("上海店", [FRAGMENT_SECONDS])])
async def test_only_what_is_not_complete_waits(
    connection: Connection, words: str, waits: list[float]
) -> None:
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    house = await waiting_house(connection, words)
    await house.engine.serve("oFollower", house.inbox.worker, pause)
    assert waited == pytest.approx(waits)


async def test_a_worker_that_dies_while_it_waits_loses_nothing(connection: Connection) -> None:
    dying = await waiting_house(connection, "上海店")
    await dying.inbox.beat(["oFollower"])
    waiting = asyncio.Event()

    async def pause(seconds: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    serving = asyncio.create_task(dying.engine.serve("oFollower", dying.inbox.worker, pause))
    await waiting.wait()
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    await dying.receive(text("几点关门？", key="2"))
    other = patient(House(connection, answer()))
    await connection.redis.delete(other.store.keys.alive(dying.inbox.worker))
    await other.inbox.beat()
    await other.work()
    assert dying.brain.asked == []
    assert [message.text for message in other.brain.asked] == ["上海店\n几点关门？"]


async def test_followers_who_are_waited_for_hold_no_place_of_others(
    connection: Connection,
) -> None:
    async with open_channel(connection, SlowBrain(), merge_seconds=1.0, followers=1) as channel:
        slow, quick = await channel.phone(), await channel.phone()
        await slow.say("上海店")
        await asyncio.sleep(0.1)
        await quick.say("几点关门？", wait=True)
        assert (await quick.wait_for("回答", seconds=20))["text"] == "回答 1：几点关门？"
        await slow.wait_for("回答 2", seconds=20)
