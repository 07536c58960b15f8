"""Story 25: taken from the queue, the worker dies, the message is gone. Here a worker may die after any step."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from bot.messages import Delivery
from connectors.store.connection import Connection
from connectors.store.embedded import EmbeddedStore
from connectors.supervisor import Supervisor
from tests.stories.outpost import Outpost, ended

MOST_STEPS = 60


@pytest.fixture
def outpost(connection: Connection, store_url: str, tmp_path: Path) -> Outpost:
    """An outpost over an empty store."""
    return Outpost(connection, store_url, tmp_path)


async def test_story_25_a_worker_may_be_killed_after_any_step(outpost: Outpost) -> None:
    """Killed after the first step, the second, and so on, until one lives long enough to end its work."""
    for steps in range(1, MOST_STEPS):
        openid = f"oFollower{steps}"
        await outpost.push(openid, "几点关门？", f"m{steps}")
        async with outpost.worker(steps=steps) as mortal:
            idle = asyncio.create_task(outpost.until_idle())
            dead = asyncio.create_task(ended(mortal))
            await asyncio.wait([idle, dead], return_when=asyncio.FIRST_COMPLETED)
            has_survived = idle.done()
            for waiting in (idle, dead):
                waiting.cancel()
        was_sending = bool((await outpost.store.read(openid)).bubbles(Delivery.SENDING))
        await outpost.bury()
        async with outpost.worker() as other:
            await outpost.until_idle()
            other.kill()
        assert await is_uncertain(outpost, openid) == was_sending
        if has_survived:
            break
    assert steps > 8, "it should have died a few times"
    assert has_survived, "it should have come to its end"
    assert (await outpost.audited()).is_sound


async def is_uncertain(outpost: Outpost, openid: str) -> bool:
    """The message was read once and its answer seen once; or nobody knows whether it was seen: then True."""
    assert await outpost.said(openid) == ["几点关门？"]
    seen = sum(line.startswith(f"{openid} ") for line in outpost.sent())
    (state,) = [each.delivery for each in await outpost.store.transcript(openid) if each.delivery]
    assert (state, seen) in {
        (Delivery.DELIVERED, 1),
        (Delivery.UNCERTAIN, 0),
        (Delivery.UNCERTAIN, 1),
    }
    return state is Delivery.UNCERTAIN


async def test_story_25_a_killed_store_gives_back_what_it_accepted(tmp_path: Path) -> None:
    """The store is killed while followers write and a worker serves them, and starts again from its file."""
    (tmp_path / "store").mkdir()
    supervisor = Supervisor(tmp_path, say=lambda _: None)
    store = EmbeddedStore.in_folder(tmp_path / "store")
    child = store.child()
    await supervisor.start(child, ready_seconds=20)
    connection = Connection(store.url)
    outpost = Outpost(connection, store.url, tmp_path)
    names = [f"oFollower{number}" for number in range(30)]
    await outpost.followers(names, ["几点关门？"], 0.0)
    async with outpost.worker(seconds=0.02):
        while len(outpost.sent()) < 5:
            await asyncio.sleep(0.01)
        assert child.process
        os.kill(child.process.pid, signal.SIGKILL)
        while not await store.is_ready():
            await asyncio.sleep(0.05)
        await outpost.until_idle()
        for name in names:
            await outpost.until_settled(name)
    for name in names:
        assert not await is_uncertain(outpost, name)
    assert (await outpost.audited()).is_sound
    await connection.close()
    await supervisor.stop()
    store.remove()
