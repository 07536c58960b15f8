"""An installation whose processes run apart, each of them to be killed alone."""

import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from connectors.cli import places, processes
from connectors.cli.demo import demo_file
from connectors.cli.processes import free_port
from connectors.settings import Settings, load_settings
from connectors.store.embedded import EmbeddedStore
from connectors.supervisor import Child, Supervisor
from tests.sentinels import Watch

START_SECONDS = 240.0

SOON = (0.1,)
"""The drill kills more often than any fault would: no pause grows with the number of restarts."""

WORKERS = ("worker-1", "worker-2")
BRAINS = ("brain-1", "brain-2")
"""They share what they know of followers in the store, and take messages in turn."""

MORTAL = ("connector", *WORKERS, *BRAINS, "actions", "store")
"""What is killed. ``connector`` has the callback and the desk; the simulator is WeChat, which we cannot kill."""

IsUp = Callable[[], Awaitable[bool]]
"""Tells whether what was killed is there again."""


@dataclass(frozen=True)
class House:
    """What runs; ``children`` by name, ``settings`` with the store's address; ``watch`` where sentinels guard it."""

    folder: Path
    settings: Settings
    phone: str
    children: Mapping[str, Child]
    watch: Watch | None = None

    async def kill(self, name: str) -> IsUp:
        """SIGKILL a process and whatever it has started, which its supervisor starts again; or the store's master."""
        if name == "store" and self.watch:
            return await self.watch.kill_master()
        child = self.children[name]
        killed = child.process
        if killed and killed.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(killed.pid, signal.SIGKILL)
            await killed.wait()

        async def is_up() -> bool:
            return child.process is not killed and await child.is_ready()

        return is_up

    def pids(self) -> dict[str, int]:
        """The running processes."""
        running = {name: child.process for name, child in self.children.items()}
        return {name: process.pid for name, process in running.items() if process}


@contextlib.asynccontextmanager
async def open_house(
    folder: Path,
    said: list[str],
    *,
    model: Path | None = None,
    worker_module: str = "",
    is_watched: bool = False,
) -> AsyncIterator[House]:
    """Start everything in ``folder`` and end it again, with nothing left behind.

    ``model``: the real brain serves it; without one the double of ``tests.drill.brain`` answers.
    ``worker_module``: what is run as worker instead of ``connectors.cli``.
    ``is_watched``: the store is a master with two replicas under three sentinels.
    """
    env_file = demo_file(folder / "account.env")
    supervisor = Supervisor(folder / "log", said.append, SOON)
    async with contextlib.AsyncExitStack() as opened:
        if is_watched:
            watch: Watch | None = await opened.enter_async_context(_watched_store(folder))
        else:
            watch = None
        store = EmbeddedStore.in_folder(folder / "store")
        opened.callback(store.remove)
        address = (
            {"redis_url": watch.url, "redis_replicas": 1} if watch else {"redis_url": store.url}
        )
        settings = load_settings(env_file).model_copy(update=address)
        plan = _Plan(settings, env_file, worker_module or "connectors.cli")
        children = {**({} if watch else {"store": store.child()}), **plan.children(model)}
        try:
            for child in children.values():
                await supervisor.start(child)
            for child in children.values():
                await supervisor.until_ready(child, START_SECONDS)
            yield House(folder, settings, plan.phone, children, watch)
        finally:
            await supervisor.stop()
            _check_that_none_is_left(
                {name: c.process.pid for name, c in children.items() if c.process}
            )


@contextlib.asynccontextmanager
async def _watched_store(folder: Path) -> AsyncIterator[Watch]:
    servers = folder / "servers"
    servers.mkdir(parents=True)
    watch = Watch(servers)
    try:
        await watch.start()
        yield watch
    finally:
        watch.stop()


class _Plan:
    """The addresses of one installation, and its processes."""

    def __init__(self, settings: Settings, env_file: Path, worker: str) -> None:
        self.env_file, self.worker = env_file, worker
        self.url, self.phone, self.actions = (_free() for _ in range(3))
        self.brains = {name: _free() for name in BRAINS}
        key = settings.wechat_encoding_aes_key
        self.environment = {
            "WECHAT_APP_ID": settings.wechat_app_id,
            "WECHAT_APP_SECRET": settings.wechat_app_secret.get_secret_value(),
            "WECHAT_TOKEN": settings.wechat_token.get_secret_value(),
            "WECHAT_ENCODING_AES_KEY": key.get_secret_value() if key else "",
            "WECHAT_API_URL": self.phone,
            "REDIS_URL": str(settings.redis_url),
            "REDIS_REPLICAS": str(settings.redis_replicas),
            "RASA_URL": ",".join(self.brains.values()),
            "ACTIONS_URL": self.actions,
            "CRM_URL": f"{self.phone}/crm",
            "SIMULATOR_PORT": _port(self.phone),
            "SIMULATOR_CALLBACK_URL": f"{self.url}/wechat",
        }

    def children(self, model: Path | None) -> dict[str, Child]:
        """All but the store, in the order of their start."""
        connector = self._role("connector", self.url, "callback", "desk")
        acting = self._role("actions", _free(), "actions")
        ready = processes.simulator(self.environment, f"{self.actions}/health").is_ready
        # Nobody moves the clock, so WeChat has nothing to do with the store.
        outside = self.environment | {"REDIS_URL": ""}
        workers = {name: self._role(name, _free(), "worker") for name in WORKERS}
        return {
            "simulator": processes.simulator(outside, self.phone),
            "actions": replace(acting, is_ready=ready),
            **{name: self._brain(name, url, model) for name, url in self.brains.items()},
            "connector": connector,
            **workers,
        }

    def _role(self, name: str, url: str, *roles: str) -> Child:
        environment = self.environment | {"PORT": _port(url)}
        made = processes.connector(environment, self.env_file, url, simulated_clock=False)
        chosen = [part for role in roles for part in ("--role", role)]
        module = self.worker if name in WORKERS else "connectors.cli"
        command = [sys.executable, "-m", module, *made.command[3:], *chosen]
        return replace(made, name=name, command=command)

    def _brain(self, name: str, url: str, model: Path | None) -> Child:
        real = processes.brain(self.environment, url, model or Path("none"))
        real = replace(real, name=name)
        if model:
            return real
        command = [sys.executable, "-m", "tests.drill.brain", _port(url)]
        return replace(real, command=command, environment=self.environment, folder=places.ROOT)


def _check_that_none_is_left(pids: Mapping[str, int]) -> None:
    deadline = time.monotonic() + 5
    while left := [name for name, pid in pids.items() if Path(f"/proc/{pid}").exists()]:
        if time.monotonic() > deadline:
            raise RuntimeError(f"The drill left processes behind: {', '.join(left)}.")
        time.sleep(0.05)


def _free() -> str:
    return f"http://127.0.0.1:{free_port()}"


def _port(url: str) -> str:
    return url.rpartition(":")[2]
