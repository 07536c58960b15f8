"""Story 4 of the failures of public bots: an adapter is closed and opened again, and every answer comes double."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientError, ClientSession, web
from aiohttp.test_utils import TestServer, unused_port
from pydantic import SecretStr

from connectors.simulator.app import create_app
from connectors.simulator.client import Simulator
from connectors.simulator.settings import SimulatorSettings
from connectors.store.connection import Connection
from tests.installations import ROOT

ACCOUNT = {
    "WECHAT_APP_ID": "wx0123456789abcdef",
    "WECHAT_APP_SECRET": "0" * 32,
    "WECHAT_TOKEN": "seasonal2026",
    "WECHAT_ENCODING_AES_KEY": "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA",
}
START_SECONDS = 60
STOP_SECONDS = 30


@dataclass
class Brain:
    """Says the same to everything, in the words of our channel; remembers what it was asked."""

    asked: list[str] = field(default_factory=list)

    async def turn(self, request: web.Request) -> web.Response:
        """One turn."""
        self.asked.append((await request.json())["text"])
        reply = {"name": "utter_hours", "kind": "answer", "text": "十点到十点"}
        return web.json_response(
            {
                "status": "ok",
                "replies": [reply | {"choices": [], "hand_over": None}],
                "language": "zh-Hans",
                "nlu": {"intent": {"name": "store_hours", "confidence": 0.9}, "ranking": []},
            }
        )


@dataclass(frozen=True)
class Connector:
    """A connector process that can be opened as often as one likes, always at the same address."""

    port: int
    environment: dict[str, str]

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Run it, and end it as an operator would."""
        command = ["-m", "connectors.cli", "run", "--role", "callback", "--role", "worker"]
        process = await asyncio.create_subprocess_exec(
            sys.executable, *command, cwd=ROOT, env=os.environ | self.environment
        )
        try:
            await self._until_alive()
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.wait(), STOP_SECONDS)

    async def _until_alive(self) -> None:
        async with asyncio.timeout(START_SECONDS), ClientSession() as session:
            while True:
                try:
                    async with session.get(f"http://127.0.0.1:{self.port}/healthz") as answer:
                        answer.raise_for_status()
                        return
                except ClientError:
                    await asyncio.sleep(0.1)


@pytest.fixture
async def brain() -> Brain:
    """A brain without a model."""
    return Brain()


@pytest.fixture
async def brain_url(brain: Brain) -> AsyncIterator[str]:
    """Where it listens."""
    app = web.Application()
    app.router.add_post("/webhooks/bida/webhook", brain.turn)
    async with TestServer(app) as server:
        yield str(server.make_url("/")).rstrip("/")


@pytest.fixture
def port() -> int:
    """Where the connector will listen."""
    return unused_port()


@pytest.fixture
async def wechat(port: int) -> AsyncIterator[Simulator]:
    """A platform that pushes there."""
    settings = SimulatorSettings(
        wechat_app_id=ACCOUNT["WECHAT_APP_ID"],
        wechat_app_secret=SecretStr(ACCOUNT["WECHAT_APP_SECRET"]),
        wechat_token=SecretStr(ACCOUNT["WECHAT_TOKEN"]),
        wechat_encoding_aes_key=SecretStr(ACCOUNT["WECHAT_ENCODING_AES_KEY"]),
        simulator_callback_url=f"http://127.0.0.1:{port}/wechat",
    )
    async with (
        TestServer(create_app(settings)) as server,
        Simulator.at(str(server.make_url("/"))) as simulator,
    ):
        yield simulator


async def test_story_4_a_connector_closed_and_opened_five_times_answers_once(
    connection: Connection,
    store_url: str,
    brain: Brain,
    brain_url: str,
    port: int,
    wechat: Simulator,
) -> None:
    told = {"REDIS_URL": store_url, "RASA_URL": brain_url, "WECHAT_API_URL": wechat.url}
    connector = Connector(port, ACCOUNT | told | {"PORT": str(port)})
    phone = await wechat.new_phone()
    for _ in range(5):
        async with connector.opened():
            pass
    async with connector.opened():
        await phone.follow(wait=True)
        before = len(await phone.transcript())
        await phone.say("几点开门", wait=True)
        lines = (await phone.transcript())[before:]
        await asyncio.sleep(2)
        assert (await phone.transcript())[before:] == lines
    assert [(line["side"], line["text"]) for line in lines] == [
        ("follower", "几点开门"),
        ("account", "十点到十点"),
    ]
    assert brain.asked.count("几点开门") == 1
    deliveries = [e for e in await wechat.log("delivery") if e["openid"] == phone.openid]
    assert [entry["delivery"] for entry in deliveries] == [1, 1]
