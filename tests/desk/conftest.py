"""A desk over the real store: agents' browsers before it, a silent brain and a postbox behind it."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, CookieJar, web
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher

from bot.messages import Inbound
from connectors.app import create_app
from connectors.desk.guard.accounts import Accounts
from connectors.parts import Parts, open_parts
from connectors.settings import Settings
from connectors.store.connection import Connection
from connectors.store.keys import AGENTS as ACCOUNTS
from tests.doubles import Postbox, SettableClock, SilentBrain, answer, text

OPENID = "oFollower"
PASSWORD = "correct horse"
SESSION_LIBRARY = pytest.mark.filterwarnings("ignore::aiohttp.web.NotAppKeyWarning")
"""aiohttp-session stores its things under plain names, which aiohttp warns of."""

PATIENCE_SECONDS = 30
"""So long a test waits before it says that something never happens."""

AGENTS = {"li": "小李", "wang": "王芳"}
SUPERVISORS = {"chen": "陈主管"}


@dataclass
class Browser:
    """One agent's browser."""

    client: "TestClient[web.Request, web.Application]"
    headers: dict[str, str] = field(default_factory=lambda: {"Accept": "text/html"})

    async def get(self, path: str, **options: Any) -> tuple[int, str]:
        """Status and text of a page; redirections are followed."""
        async with self.client.get(path, headers=self.headers, **options) as response:
            return response.status, await response.text()

    async def shown(self, path: str) -> str:
        """A page or a part of it, which has to come."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            status, html = await self.get(path)
        assert status == 200
        return html

    async def token(self, path: str = "/desk/") -> str:
        """The token that the forms of a page carry."""
        _, html = await self.get(path)
        found = re.search(r'name="csrf" value="([^"]+)"', html)
        assert found
        return found[1]

    async def post(self, path: str, **fields: str) -> ClientResponse:
        """Send a form of ours, as the page's script does; the answer's body is read."""
        form = {"csrf": await self.token(), **fields}
        headers = self.headers | {"Accept": "text/plain"}
        async with self.client.post(
            path, data=form, headers=headers, allow_redirects=False
        ) as answered:
            await answered.read()
            return answered

    async def log_in(self, name: str, password: str = PASSWORD, **fields: str) -> ClientResponse:
        """Fill in the log-in form."""
        form = {"csrf": await self.token("/desk/login"), "name": name, "password": password}
        async with self.client.post(
            "/desk/login", data=form | fields, headers=self.headers, allow_redirects=False
        ) as answered:
            await answered.read()
            return answered

    async def reply(self, words: str, key: str = "0" * 32, openid: str = OPENID) -> ClientResponse:
        """Send the words to the follower."""
        return await self.post(f"/desk/conversations/{openid}/reply", text=words, key=key)


@dataclass
class Desk:
    """The desk under test, and what is around it."""

    parts: Parts
    server: TestServer
    clock: SettableClock
    brain: SilentBrain
    postbox: Postbox
    accounts: Accounts
    opened: AsyncExitStack

    async def browser(self, agent: str = "") -> Browser:
        """A browser of its own, with the agent logged in if one is named."""
        client = TestClient(self.server, cookie_jar=CookieJar(unsafe=True))
        # Closing a client closes its server, so the sessions alone are closed.
        self.opened.push_async_callback(client.session.close)
        browser = Browser(client)
        if agent:
            assert (await browser.log_in(agent)).status == 303
        return browser

    async def receive(self, message: Inbound) -> None:
        """A follower's message arrives and is served."""
        signed = f"digest {message.text}", f"signature {message.key}"
        await self.parts.exchanges.answer(message, *signed, self.clock.now(), 0.0)
        await self.work()

    async def work(self) -> None:
        """Serve everyone who has something to do."""
        inbox = self.parts.inbox
        while openid := await inbox.take(0.02):
            await inbox.release(await self.parts.engine.serve(openid, inbox.worker))

    async def somebody_waits(self, words: str = "拉链坏了", openid: str = OPENID) -> None:
        """A follower whom the bot could not answer."""
        await self.receive(text(words, key=f"{openid} {words}", openid=openid))


@cache
def _account(name: str, shown: str, role: str = "agent") -> str:
    """An account as it lies in the store: hashing is slow on purpose, and so done once for all tests."""
    fields = {"name": name, "shown": shown, "role": role}
    return json.dumps(fields | {"password_hash": PasswordHasher(1, 8192, 1).hash(PASSWORD)})


OpenDesk = Callable[..., Awaitable[Desk]]


@pytest.fixture
async def open_desk(
    connection: Connection, store_url: str, nlu_data: Path
) -> AsyncIterator[OpenDesk]:
    """Opens desks with further settings."""
    async with AsyncExitStack() as opened:

        async def open_one(**changes: Any) -> Desk:
            return await _opened(opened, store_url, nlu_data, changes)

        yield open_one


@pytest.fixture
async def desk(open_desk: OpenDesk) -> Desk:
    """A desk with two agents."""
    return await open_desk()


async def _opened(
    opened: AsyncExitStack, store_url: str, nlu_data: Path, changes: dict[str, Any]
) -> Desk:
    told: dict[str, Any] = {
        "wechat_app_id": "wx0123456789abcdef",
        "wechat_app_secret": "secret",
        "wechat_token": "token",
        "redis_url": store_url,
        "desk_admin_password": PASSWORD,
        # Words leave at once, except where a test takes them back.
        "desk_undo_seconds": 0,
    }
    settings = Settings(_env_file=None, **(told | changes))
    built = await opened.enter_async_context(open_parts(settings, nlu_data))
    clock, postbox = SettableClock(), Postbox()
    brain = SilentBrain([answer("好，帮您找同事。", "notice", "unsure")])
    engine = replace(built.engine, sender=postbox, brain=brain, clock=clock)
    parts = replace(built, clock=clock, engine=engine)
    accounts = Accounts(parts.connection.redis)
    for name, shown in AGENTS.items():
        await accounts.redis.hset(ACCOUNTS, name, _account(name, shown))
    for name, shown in SUPERVISORS.items():
        await accounts.redis.hset(ACCOUNTS, name, _account(name, shown, "supervisor"))
    server = await opened.enter_async_context(TestServer(create_app(parts, {"desk"})))
    return Desk(parts, server, clock, brain, postbox, accounts, opened)
