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
from tests.stories.outpost import Outpost

MOST_STEPS = 60


@pytest.fixture
def outpost(connection: Connection, store_url: str, tmp_path: Path) -> Outpost:
    """An outpost over an empty store."""
    return Outpost(connection, store_url, tmp_path)


async def test_story_25_a_worker_may_be_killed_after_any_step(outpost: Outpost) -> None:
    """Killed after the first step, the second, and so on, until one lives long enough to end its work."""
    uncertain = 0
    for steps in range(1, MOST_STEPS):
        openid = f"oFollower{steps}"
        await outpost.push(openid, "几点关门？", f"m{steps}")
        async with outpost.worker(steps=steps) as mortal:
            idle = asyncio.create_task(outpost.until_idle())
            dead = asyncio.create_task(mortal.wait())
            await asyncio.wait([idle, dead], return_when=asyncio.FIRST_COMPLETED)
            has_survived = idle.done()
            idle.cancel()
        await outpost.bury()
        async with outpost.worker():
            await outpost.until_idle()
        uncertain += await check(outpost, openid)
        if has_survived:
            break
    assert steps > 8, "it should have died a few times"
    assert has_survived, "it should have come to its end"
    assert uncertain <= 3, "only between the intention to send and the note of WeChat's answer"
    assert (await outpost.audited()).is_sound


async def check(outpost: Outpost, openid: str) -> int:
    """The message was read once and answered once, or it is open whether it was: 1 if that is so."""
    assert await outpost.said(openid) == ["几点关门？"]
    sent = [line for line in outpost.sent() if line.startswith(f"{openid} ")]
    assert len(sent) <= 1
    states = [each.delivery for each in await outpost.store.transcript(openid) if each.delivery]
    if states == [Delivery.UNCERTAIN]:
        return 1
    assert states == [Delivery.DELIVERED]
    assert len(sent) == 1
    return 0


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
        await supervisor.until_ready(child, 20)
        await outpost.until_idle()
    for name in names:
        assert await check(outpost, name) == 0
    assert (await outpost.audited()).is_sound
    await connection.close()
    await supervisor.stop()
    store.remove()
