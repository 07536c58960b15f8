"""Story 12: two servers, two messages of one follower: in order with any number of workers, and no lock stays stuck."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from bot.messages import Delivery
from connectors.store.connection import Connection
from tests.stories.outpost import Outpost, ended

FOLLOWERS = [f"oFollower{number}" for number in range(40)]
TEXTS = ("一共多少钱？", "几点关门？")


@pytest.fixture
def outpost(connection: Connection, store_url: str, tmp_path: Path) -> Outpost:
    """An outpost over an empty store."""
    return Outpost(connection, store_url, tmp_path)


async def check(outpost: Outpost) -> None:
    """Everybody was read in order and once, and answered in order and once."""
    await outpost.until_idle()
    for openid in FOLLOWERS:
        assert await outpost.said(openid) == list(TEXTS)
        places = [outpost.seen(openid, text) for text in TEXTS]
        assert [len(place) for place in places] == [1, 1]
        assert places[0] < places[1]
    result = await outpost.audited()
    assert result.is_sound
    # On a machine so busy that a worker is taken for dead, nobody may know of an answer that it has arrived.
    assert bool(result.open) == bool(await uncertain(outpost, *FOLLOWERS))


async def uncertain(outpost: Outpost, *openids: str) -> int:
    """How many answers are neither known to have arrived nor to be lost."""
    told = [await outpost.store.transcript(openid) for openid in openids]
    return sum(each.delivery is Delivery.UNCERTAIN for lines in told for each in lines)


async def was_sent(outpost: Outpost, openid: str) -> bool:
    """Whether every answer left for WeChat: what was cut off there is uncertain, until the follower's next contact."""
    told = await outpost.store.transcript(openid)
    states = {each.delivery for each in told if each.line.author != "follower"}
    return states <= {Delivery.UNCERTAIN, Delivery.DELIVERED}


@pytest.mark.parametrize("workers", [1, 2, 4])
async def test_story_12_order_is_kept_with_any_number_of_workers(
    outpost: Outpost, workers: int
) -> None:
    async with contextlib.AsyncExitStack() as running:
        for _ in range(workers):
            await running.enter_async_context(outpost.worker())
        await outpost.followers(FOLLOWERS, TEXTS, 0.05)
        await check(outpost)


async def test_story_12_a_worker_that_is_moved_under_load_loses_nothing(outpost: Outpost) -> None:
    """One is asked to stop while followers write, and another one begins elsewhere."""
    async with outpost.worker(), contextlib.AsyncExitStack() as running:
        writing = asyncio.create_task(outpost.followers(FOLLOWERS, TEXTS, 0.3))
        async with outpost.worker():
            while len(outpost.sent()) < 20:
                await asyncio.sleep(0.01)
        await running.enter_async_context(outpost.worker())
        await writing
        await check(outpost)


async def test_story_12_a_killed_worker_leaves_no_lock_behind(outpost: Outpost) -> None:
    """Its followers go to the other one; only what it was just sending is uncertain, and nothing comes twice."""
    async with outpost.worker(), outpost.worker(steps=80) as mortal:
        await outpost.followers(FOLLOWERS, TEXTS, 0.05)
        await ended(mortal)
        await outpost.until_idle()
    result = await outpost.audited()
    assert result.is_sound
    for openid in FOLLOWERS:
        assert await outpost.said(openid) == list(TEXTS)
        times = [len(outpost.seen(openid, text)) for text in TEXTS]
        assert max(times) <= 1
        assert times == [1, 1] or await was_sent(outpost, openid)
