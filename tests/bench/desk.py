"""The desk under load: many open pages, many who wait, and messages that have to show on the right page."""

import asyncio
import contextlib
import random
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from aiohttp import ClientSession, CookieJar
from argon2 import PasswordHasher

from bot import conversation as speaking
from bot import handling
from bot.allowance import MESSAGE
from bot.change import Change, mark, open_enquiry
from bot.conversation import Conversation
from bot.enquiry import Stage
from bot.messages import Inbound, Line
from connectors.desk.guard.accounts import Accounts, Agent, Role
from connectors.parts import Parts, open_parts
from connectors.settings import load_settings
from tests.bench.measuring import MeasuringFailed
from tests.bench.sides import Ours
from tests.installations import ROOT

PASSWORD = "bench bench"
SHOWN_SECONDS = 10.0


@dataclass(frozen=True)
class DeskFigures:
    """``pages`` open, ``waiting`` conversations; all times are p95 in milliseconds."""

    pages: int
    waiting: int
    messages: int
    shown_ms: float
    claim_ms: float
    list_ms: float


async def measured(side: Ours, folder: Path, pages: int, waiting: int, turns: int) -> DeskFigures:
    """Open so many pages, let so many wait, and measure ``turns`` messages, claims and looks at the list."""
    settings = load_settings(folder / "account.env").model_copy(
        update={"redis_url": side.store_url}
    )
    async with open_parts(settings, ROOT / "nlu_data") as parts, AsyncExitStack() as opened:
        names = [f"agent{number:03}" for number in range(pages)]
        await _accounts(parts, names)
        for number in range(waiting):
            await _waits(parts, f"oWaiting{number:05}")
        desks: list[_Desk] = []
        for name in names:
            await _held(parts, f"oHeld-{name}", name)
            desks.append(await opened.enter_async_context(_opened(side, name)))
        chosen = random.Random(1)
        shown = [await _shown(parts, chosen.choice(desks)) for _ in range(turns)]
        claims = [
            await _timed(lambda n=number: chosen.choice(desks).take(f"oWaiting{n:05}"))  # type: ignore[misc]
            for number in range(min(turns, waiting))
        ]
        lists = [await _timed(lambda: desks[0].get("/desk/")) for _ in range(turns)]
    return DeskFigures(pages, waiting, turns, _p95(shown), _p95(claims), _p95(lists))


@dataclass
class _Desk:
    """One agent's open page."""

    name: str
    session: ClientSession
    csrf: str = ""
    seen: dict[str, "asyncio.Future[float]"] = field(default_factory=dict)

    @property
    def openid(self) -> str:
        return f"oHeld-{self.name}"

    async def get(self, path: str) -> str:
        async with self.session.get(path) as answer:
            if answer.status != 200:
                raise MeasuringFailed(f"The desk answered {answer.status} to {path}.")
            return await answer.text()

    async def log_in(self) -> None:
        form = {"csrf": _token(await self.get("/desk/login")), "name": self.name}
        async with self.session.post("/desk/login", data=form | {"password": PASSWORD}) as answer:
            self.csrf = _token(await answer.text())

    async def take(self, openid: str) -> None:
        path, form = f"/desk/conversations/{openid}/take", {"csrf": self.csrf}
        headers = {"Accept": "text/plain"}
        async with self.session.post(path, data=form, headers=headers) as answer:
            if answer.status != 200:
                raise MeasuringFailed(f"A claim was answered with {answer.status}.")

    async def listen(self) -> None:
        """Do what the page's script does with the news."""
        async with self.session.get(f"/desk/events?shows={self.openid}") as events:
            async for line in events.content:
                if line.startswith(b"event: changed"):
                    await self._look()
                elif line.startswith(b"event: elsewhere"):
                    await self.get("/desk/lists")

    async def _look(self) -> None:
        html, now = await self.get(f"/desk/conversations/{self.openid}/thread"), time.perf_counter()
        for words in [words for words in self.seen if words in html]:
            self.seen.pop(words).set_result(now)


@contextlib.asynccontextmanager
async def _opened(side: Ours, name: str) -> AsyncIterator[_Desk]:
    jar = CookieJar(unsafe=True)
    headers = {"Accept": "text/html"}
    async with ClientSession(side.connector_url, cookie_jar=jar, headers=headers) as session:
        desk = _Desk(name, session)
        await desk.log_in()
        listening = asyncio.create_task(desk.listen())
        yield desk
        listening.cancel()
        await asyncio.wait([listening])


async def _shown(parts: Parts, desk: _Desk) -> float:
    """Milliseconds from a follower's message to the page of the agent who has the follower."""
    words = f"message {random.getrandbits(48):012x}"
    seen = desk.seen[words] = asyncio.get_running_loop().create_future()
    now = parts.clock.now()
    account = parts.settings.wechat_app_id
    message = Inbound(words, account, desk.openid, "text", now, words, received_at=now)
    started = time.perf_counter()
    await parts.exchanges.answer(message, words, f"signature {words}", now, 0.0)
    async with asyncio.timeout(SHOWN_SECONDS):
        return (await seen - started) * 1000


async def _accounts(parts: Parts, names: Sequence[str]) -> None:
    # Hashing is slow on purpose, and not what is measured here.
    digest = PasswordHasher(1, 8192, 1).hash(PASSWORD)
    accounts = Accounts(parts.connection.redis)
    for name in names:
        await accounts.put(Agent(name, name, Role.AGENT, digest, limit=50))


async def _waits(parts: Parts, openid: str) -> None:
    now = parts.clock.now()

    def step(at: Conversation) -> Change:
        at = replace(at, allowance=at.allowance.granted(MESSAGE, now), last_message_at=now)
        change, enquiry = open_enquiry(Change(at), now)
        change = mark(change, [enquiry.id], Stage.ESCALATED, now, "unsure")
        change = change.updated(speaking.escalate(change.conversation, "unsure", now))
        return change.noted(Line(now, "follower", "拉链坏了，能修吗"))

    await parts.engine.apply(openid, step)


async def _held(parts: Parts, openid: str, agent: str) -> None:
    await _waits(parts, openid)
    now = parts.clock.now()
    await parts.engine.apply(openid, lambda at: handling.take(at, agent, now))


async def _timed(call: Callable[[], Awaitable[object]]) -> float:
    started = time.perf_counter()
    await call()
    return (time.perf_counter() - started) * 1000


def _token(html: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', html)
    if not found:
        raise MeasuringFailed("The desk gave a page without a form.")
    return found[1]


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1))]
