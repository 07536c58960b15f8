"""Three sentinels watch over three servers: when the master dies, nothing that was accepted is lost."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.ports import StoreDown
from bot.sentinel_url import Watched, watched
from bot.training import brain_environment
from connectors.cli import places
from connectors.store.connection import Connection
from tests.doubles import text
from tests.integration.test_engine import House
from tests.sentinels import Watch


@pytest.fixture
async def watch(tmp_path: Path) -> AsyncIterator[Watch]:
    """Sentinels at watch."""
    watch = Watch(tmp_path)
    try:
        await watch.start()
        yield watch
    finally:
        watch.stop()


def followers(count: int) -> Iterator[tuple[str, str]]:
    """So many followers, each with a message."""
    for number in range(count):
        yield f"oFollower{number}", f"m{number}"


async def accepted(house: House, openid: str, key: str) -> None:
    """Push a message until it is accepted, as WeChat's repeats do."""
    while True:
        with contextlib.suppress(StoreDown):
            await house.receive(text("几点", key=key, openid=openid))
            return
        await asyncio.sleep(0.2)


async def test_a_fail_over_loses_nothing_that_was_accepted(watch: Watch) -> None:
    connection = Connection(watch.url, replicas=1)
    house = House(connection)
    old = await watch.master()
    for number, (openid, key) in enumerate(followers(40)):
        if number == 20:
            watch.kill(old)
        await accepted(house, openid, key)
    assert await watch.master() != old
    await house.work()
    assert sorted(m.openid for m in house.brain.asked) == sorted(o for o, _ in followers(40))
    assert len(house.postbox.sent) == 40
    await connection.close()


async def test_a_write_that_no_replica_has_is_not_accepted(watch: Watch) -> None:
    for port in watch.ports[1:]:
        watch.kill(port)
    connection = Connection(watch.url, replicas=1)
    with pytest.raises(StoreDown, match="replicas"):
        await House(connection).receive(text("几点"))
    await connection.close()


KEEP = """
import asyncio
from components import memory

async def main():
    await memory.keep_turn("wx1:anna", "[]", "m1", "{}")
    input()
    while True:
        try:
            print(await memory.stored_turn("wx1:anna", "m1"))
            break
        except memory.ConnectionLost:
            await asyncio.sleep(0.2)

asyncio.run(main())
"""


async def test_the_brain_follows_the_master_too(watch: Watch) -> None:
    environment = {**os.environ, **brain_environment(places.ROOT), "REDIS_URL": watch.url}
    brain = await asyncio.create_subprocess_exec(
        *(str(places.BRAIN_PYTHON), "-c", KEEP),
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    old = await watch.master()
    connection = Connection(watch.url)
    while not await connection.redis.exists("bida:{wx1}:tracker:anna"):
        await asyncio.sleep(0.1)
    assert int(await connection.redis.wait(2, 5000)) == 2
    watch.kill(old)
    said, _ = await brain.communicate(b"\n")
    assert said.strip() == b"{}"
    assert await watch.master() != old
    await connection.close()


async def test_who_finds_all_connections_in_use_waits(watch: Watch) -> None:
    connection = Connection(watch.url)
    waits = (connection.redis.blpop([f"nothing{n}"], timeout=1) for n in range(100))
    assert await asyncio.gather(*waits) == [None] * 100
    await connection.close()


def test_the_address_of_sentinels_is_read_whole() -> None:
    told = watched("rediss+sentinel://bida:s%40fe@one:1,two,[::1]:3/main/2")
    places = (("one", 1), ("two", 26379), ("::1", 3))
    assert told == Watched(places, "main", 2, "bida", "s@fe", True)


@pytest.mark.parametrize(
    "url", ["redis+sentinel://one:1", "redis+sentinel:///main", "redis+sentinel://one:x/main"]
)
def test_a_malformed_address_says_its_right_form(url: str) -> None:
    with pytest.raises(ValueError, match="must have the form"):
        watched(url)
