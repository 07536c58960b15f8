"""The processes of an installation: how each is started and how one sees that it is ready."""

import socket
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot import training
from connectors.cli import places
from connectors.supervisor import Child


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


def free_port() -> int:
    """A port of the loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
            timeout = ClientTimeout(total=1)
            async with ClientSession(timeout=timeout) as session, session.get(url) as response:
                return response.status == 200
        except (ClientError, TimeoutError, OSError):
            return False

    return is_ready
