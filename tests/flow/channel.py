"""A connector before the simulated WeChat in one event loop: all is real but the brain, and WeChat is quicker."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.desk.reception import HumanDesk
from bot.engine import Engine
from bot.ledger import Audit, audit
from bot.messages import Inbound
from bot.pace import Limits
from bot.ports import Brain
from bot.turn import Turn
from connectors.settings import Settings
from connectors.simulator.app import create_app
from connectors.simulator.client import Phone, Simulator
from connectors.simulator.clock import MovableClock
from connectors.simulator.settings import SimulatorSettings
from connectors.store.connection import Connection
from connectors.store.conversations import Conversations
from connectors.store.exchanges import ONCE, Exchanges, Repeats, Room
from connectors.store.inbox import Inbox
from connectors.wechat.api import Api
from connectors.wechat.callback import Callback
from connectors.wechat.library import Methods
from connectors.wechat.pauses import Pauses
from connectors.wechat.pushes import Reader
from connectors.wechat.sender import CustomerMessages
from connectors.wechat.token import SharedToken
from connectors.worker import Worker
from tests.doubles import PlainMenu, PlainNotices, answer

SECOND = 0.3
"""How long a second of WeChat's takes here."""

HANG_UP_SECONDS, REPLY_SECONDS = 5 * SECOND, 4 * SECOND

ACCOUNT = {
    "wechat_app_id": "wx0123456789abcdef",
    "wechat_app_secret": "0" * 32,
    "wechat_token": "seasonal2026",
}


@dataclass
class SlowBrain:
    """Answers ``回答 1``, ``回答 2``… after the seconds (of WeChat's) that it was handed, the last ones ever after."""

    seconds: list[float] = field(default_factory=lambda: [0.0])
    asked: list[Inbound] = field(default_factory=list)

    async def ask(self, message: Inbound) -> Turn:
        self.asked.append(message)
        number = len(self.asked)
        slow = self.seconds.pop(0) if len(self.seconds) > 1 else self.seconds[0]
        await asyncio.sleep(slow * SECOND)
        return answer(f"回答 {number}：{message.text}")

    async def forget(self, account: str, openid: str) -> None:
        pass


@dataclass
class Channel:
    """What a test sees of it."""

    simulator: Simulator
    store: Conversations
    engine: Engine
    clock: MovableClock
    connection: Connection
    url: str

    async def phone(self) -> Phone:
        """A follower who was welcomed."""
        phone = await self.simulator.new_phone()
        await phone.follow(wait=True)
        await phone.wait_for("notice_welcome")
        return phone

    async def advance(self, seconds: float) -> None:
        """Move the connector's clock and WeChat's."""
        self.clock.offset += seconds
        await self.simulator.advance(seconds)

    async def audit(self) -> Audit:
        """The ledger's proof at this moment."""
        return audit([entry async for entry in self.store.ledger()], self.clock.now())

    async def settled(self) -> Audit:
        """The ledger once nothing is on its way any more."""
        for _ in range(30):
            result = await self.audit()
            if not result.open:
                return result
            await self.advance(13)
            await asyncio.sleep(1)
        raise AssertionError(f"{result.open} enquiries are still open")

    async def deliveries(self, phone: Phone) -> list[dict[str, Any]]:
        """The journal's deliveries to the callback of what this follower said, the follow left out."""
        entries = await self.simulator.log("delivery")
        return [each for each in entries if each["openid"] == phone.openid][1:]

    async def calls(self, path: str) -> list[dict[str, Any]]:
        """The journal's calls of an address of the API."""
        return [entry for entry in await self.simulator.log("api") if path in entry["path"]]


@asynccontextmanager
async def open_channel(
    connection: Connection,
    brain: Brain,
    *,
    kind: str = "verified_service",
    limits: Limits | None = None,
    room: Room | None = None,
    merge_seconds: float = 0.0,
    followers: int = 32,
    human_desk: HumanDesk = "bida",
    **simulated: Any,
) -> AsyncIterator[Channel]:
    """Open everything in the order in which one part needs the other."""
    settings = connector_settings(kind)
    clock, account = MovableClock(), settings.wechat_app_id
    store = Conversations(connection, account)
    exchanges = Exchanges(connection, account, room or Room())
    repeats = ONCE if settings.may_send else Repeats(3, HANG_UP_SECONDS)
    callback = Callback(
        Reader(settings),
        exchanges,
        PlainNotices(),
        clock,
        REPLY_SECONDS,
        repeats=repeats,
        hang_up_seconds=HANG_UP_SECONDS,
    )
    app = web.Application()
    app.add_routes(callback.routes())
    async with (
        served(app) as url,
        TestServer(create_app(simulator_settings(url, kind, simulated))) as platform,
        Simulator.at(str(platform.make_url("/"))) as simulator,
        ClientSession(json_serialize=partial(json.dumps, ensure_ascii=False)) as session,
    ):
        secret = settings.wechat_app_secret.get_secret_value()
        tokens = SharedToken(connection.redis, session, simulator.url, account, secret, clock)
        methods = Methods(account, Api(session, simulator.url, tokens).call)
        pauses = Pauses(connection.redis, account)
        may = (settings.may_send, settings.may_send_menus)
        sender = CustomerMessages(methods, *may, clock=clock, pauses=pauses)
        engine = Engine(store, brain, sender, PlainNotices(), PlainMenu(), clock)
        engine = replace(engine, limits=limits or Limits(), merge_seconds=merge_seconds)
        engine = replace(engine, human_desk=human_desk)
        await exchanges.open()
        worker = Worker(engine, Inbox(connection, account, clock), followers)
        working = asyncio.create_task(worker.run())
        try:
            yield Channel(simulator, store, engine, clock, connection, url)
        finally:
            worker.stop()
            await working
            await exchanges.close()


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    """The callback's address, served as in production: a handler goes on when WeChat has hung up."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/wechat"
    finally:
        await runner.cleanup()


def connector_settings(kind: str) -> Settings:
    """The connector's settings for an account of this kind, in plain mode."""
    return Settings(_env_file=None, **ACCOUNT, wechat_account_kind=kind)  # type: ignore[call-arg, arg-type]


def simulator_settings(url: str, kind: str, changes: dict[str, Any]) -> SimulatorSettings:
    """The platform's settings for the same account."""
    told: dict[str, Any] = {
        **ACCOUNT,
        "wechat_account_kind": kind,
        "simulator_callback_url": url,
        "simulator_answer_seconds": HANG_UP_SECONDS,
    }
    return SimulatorSettings(**(told | changes))
