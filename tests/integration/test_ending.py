"""SIGTERM ends a connector's process by itself, whatever the store does, and nobody at hand is lost by it."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer, unused_port

from connectors.simulator.app import create_app as create_simulator
from connectors.simulator.client import Phone, Simulator
from connectors.simulator.settings import SimulatorSettings
from connectors.store.embedded import EmbeddedStore

ROOT = Path(__file__).parents[2]
ACCOUNT = {
    "wechat_app_id": "wx0123456789abcdef",
    "wechat_app_secret": "0" * 32,
    "wechat_token": "seasonal2026",
    "wechat_encoding_aes_key": "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA",
}
ANSWER = "十点到十点"
PATIENCE_SECONDS = 60
"""So long a test waits before it says that something never happens."""


class Brain:
    """Answers what it is asked as soon as it may; remembers what that was."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.may_answer = asyncio.Event()

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/webhooks/bida/webhook", self._turn)
        return app

    async def _turn(self, request: web.Request) -> web.Response:
        self.asked.append((await request.json())["text"])
        await self.may_answer.wait()
        reply = {"name": "utter_x", "kind": "answer", "text": ANSWER, "choices": []}
        nlu = {"intent": {"name": "store_hours", "confidence": 0.9}, "ranking": []}
        told = {"status": "ok", "language": "zh-Hans", "nlu": nlu}
        return web.json_response(told | {"replies": [reply | {"hand_over": None}]})


@dataclass
class Machine:
    """A store and connectors in processes of their own; WeChat and the brain are played here."""

    folder: Path
    environment: dict[str, str]
    store: EmbeddedStore
    brain: Brain
    simulator: Simulator
    url: str
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def start_store(self) -> "subprocess.Popen[bytes]":
        """A server on the data that lie there."""
        child = self.store.child()
        return self._started(child.command, self.store.folder, "store.log")

    def start(self, *roles: str) -> "subprocess.Popen[bytes]":
        """A connector with these roles."""
        chosen = [part for role in roles for part in ("--role", role)]
        command = [sys.executable, "-m", "connectors.cli", "run", *chosen]
        command += ["--env-file", str(self.folder / "none")]
        return self._started(command, ROOT, "connector.log")

    def _started(
        self, command: Any, folder: Path, log: str, **more: Any
    ) -> "subprocess.Popen[bytes]":
        environment = {**os.environ, **self.environment}
        with (self.folder / log).open("ab") as out:
            process = subprocess.Popen(
                command, cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT
            )
        self.processes.append(process)
        return process

    def log(self) -> str:
        """What the connectors have said."""
        return (self.folder / "connector.log").read_text()

    async def until_logged(self, event: str) -> None:
        """Wait until a connector says this."""
        while event not in self.log():
            await asyncio.sleep(0.05)

    async def until_ready(self) -> None:
        """Wait until the connector takes messages and its worker is at work."""
        async with ClientSession() as session:
            while True:
                with contextlib.suppress(OSError):
                    async with session.get(f"{self.url}/readyz") as response:
                        if (await response.json())["worker"]:
                            return
                await asyncio.sleep(0.05)

    async def follower(self) -> Phone:
        """Somebody who follows and has been welcomed."""
        phone = await self.simulator.new_phone()
        await phone.follow(wait=True)
        await phone.wait_for("欢迎", seconds=PATIENCE_SECONDS)
        return phone


async def ended(process: "subprocess.Popen[bytes]") -> int:
    """Its exit code, once it has ended by itself."""
    while process.poll() is None:
        await asyncio.sleep(0.05)
    return process.returncode


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    """A machine on which the store runs."""
    async with AsyncExitStack() as opened:
        brain, port = Brain(), unused_port()
        brains = await opened.enter_async_context(TestServer(brain.app()))
        url = f"http://127.0.0.1:{port}"
        platform = SimulatorSettings(simulator_callback_url=f"{url}/wechat", **ACCOUNT)
        server = await opened.enter_async_context(TestServer(create_simulator(platform)))
        phones = str(server.make_url("")).rstrip("/")
        simulator = await opened.enter_async_context(Simulator.at(phones))
        (tmp_path / "store").mkdir()
        store = EmbeddedStore.in_folder(tmp_path / "store")
        environment = {name.upper(): value for name, value in ACCOUNT.items()} | {
            "REDIS_URL": store.url,
            "WECHAT_API_URL": phones,
            "RASA_URL": str(brains.make_url("")).rstrip("/"),
            "PORT": str(port),
            "MEDIA_DIR": str(tmp_path / "media"),
            # What is not ready at once goes as a customer message.
            "REPLY_SECONDS": "0.5",
        }
        machine = Machine(tmp_path, environment, store, brain, simulator, url)
        with leaving_nothing(machine):
            yield machine


@contextlib.contextmanager
def leaving_nothing(machine: Machine) -> Iterator[None]:
    """End the test's own processes whatever happens, frozen ones too."""
    try:
        yield
    finally:
        for process in machine.processes:
            if process.poll() is None:
                process.kill()
            process.wait()
        machine.store.remove()


@pytest.mark.parametrize("gone", [signal.SIGKILL, signal.SIGSTOP])
async def test_a_connector_ends_though_the_store_is_gone_while_a_follower_is_at_hand(
    machine: Machine, gone: signal.Signals
) -> None:
    store, connector = machine.start_store(), machine.start("callback", "worker", "desk")
    async with asyncio.timeout(PATIENCE_SECONDS):
        await machine.until_ready()
        phone = await machine.follower()
        await phone.say("几点关门")
        while not machine.brain.asked:
            await asyncio.sleep(0.02)
        store.send_signal(gone)
        machine.brain.may_answer.set()
        await machine.until_logged("worker.store_down")
        connector.terminate()
        assert await ended(connector) == 0
    assert "connector.stopping" in machine.log()


async def test_who_was_at_hand_is_answered_by_the_next_connector(machine: Machine) -> None:
    store, connector = machine.start_store(), machine.start("callback", "worker")
    async with asyncio.timeout(2 * PATIENCE_SECONDS):
        await machine.until_ready()
        phone = await machine.follower()
        await phone.say("几点关门")
        while not machine.brain.asked:
            await asyncio.sleep(0.02)
        store.kill()
        machine.brain.may_answer.set()
        await machine.until_logged("worker.store_down")
        connector.terminate()
        await ended(connector)
        store.wait()
        machine.start_store()
        machine.start("callback", "worker")
        await phone.wait_for(ANSWER, seconds=PATIENCE_SECONDS)
    assert machine.brain.asked == ["几点关门", "几点关门"]
    told = [line["text"] for line in await phone.transcript()]
    assert told.count(ANSWER) == 1


async def test_a_connector_ends_though_it_cannot_write_down_what_wechat_said(
    machine: Machine,
) -> None:
    """The message has gone out, and what is not written down is uncertain: nobody is told it twice."""
    store, connector = machine.start_store(), machine.start("callback", "worker")
    async with asyncio.timeout(2 * PATIENCE_SECONDS):
        await machine.until_ready()
        phone = await machine.follower()
        await machine.simulator.fault("hang_send", seconds=1.0, accepted=True)
        await phone.say("几点关门", wait=True)
        machine.brain.may_answer.set()
        await phone.wait_for(ANSWER, seconds=PATIENCE_SECONDS)
        store.kill()
        while not await _has_been_sent(machine.simulator):
            await asyncio.sleep(0.05)
        connector.terminate()
        assert await ended(connector) == 0
        store.wait()
        machine.start_store()
        machine.start("callback", "worker")
        await machine.until_ready()
        await phone.say("谢谢", wait=True)
        while len(machine.brain.asked) < 2:
            await asyncio.sleep(0.05)
        await phone.wait_for(ANSWER, seconds=PATIENCE_SECONDS)
    # Once for each of the two messages.
    told = [line["text"] for line in await phone.transcript()]
    assert told.count(ANSWER) == 2


async def _has_been_sent(simulator: Simulator) -> bool:
    return any(
        entry["path"] == "/cgi-bin/message/custom/send" for entry in await simulator.log("api")
    )


async def test_a_connector_that_never_found_its_store_ends(machine: Machine) -> None:
    connector = machine.start("callback", "worker", "desk")
    async with asyncio.timeout(PATIENCE_SECONDS):
        await machine.until_logged("connector.serving")
        connector.terminate()
        assert await ended(connector) == 0
