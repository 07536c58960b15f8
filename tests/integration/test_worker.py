"""The worker over the real store: everyone is served, each alone, and a poisonous message stops nobody."""

import asyncio
from collections.abc import AsyncIterator, Collection

import pytest

from bot.engine import Engine
from bot.messages import Inbound
from bot.pace import Limits
from bot.ports import StoreDown
from bot.turn import Turn
from connectors.store.connection import Connection
from connectors.store.conversations import Conversations
from connectors.store.exchanges import Exchanges
from connectors.store.inbox import Inbox
from connectors.worker import Worker
from tests.doubles import PlainMenu, PlainNotices, Postbox, SettableClock, SilentBrain, answer, text

ACCOUNT = "wxaccount"


class BusyBrain(SilentBrain):
    """Takes a moment, and remembers whom it served at the same time."""

    def __init__(self) -> None:
        super().__init__([answer()])
        self.now_serving: list[str] = []
        self.overlaps: list[str] = []

    async def ask(self, message: Inbound) -> Turn:
        if message.openid in self.now_serving:
            self.overlaps.append(message.openid)
        self.now_serving.append(message.openid)
        await asyncio.sleep(0.002)
        self.now_serving.remove(message.openid)
        return await super().ask(message)


class Fussy(PlainNotices):
    """Cannot speak about one thing, as after a broken edit."""

    def speak(self, name: str, language: str | None, /, **values: object):  # type: ignore[no-untyped-def]
        raise KeyError(name)


class Office:
    """A running worker and the callback's side of the store."""

    def __init__(self, connection: Connection, notices: PlainNotices | None = None) -> None:
        self.clock, self.brain, self.postbox = SettableClock(), BusyBrain(), Postbox()
        self.store = Conversations(connection, ACCOUNT)
        self.exchanges = Exchanges(connection, ACCOUNT)
        parts = (self.brain, self.postbox, notices or PlainNotices(), PlainMenu(), self.clock)
        self.engine = Engine(self.store, *parts, limits=Limits(minute=1000))
        self.worker = Worker(self.engine, Inbox(connection, ACCOUNT, self.clock), 8)

    async def receive(self, message: Inbound, seconds: float = 3.0) -> str:
        """Push a message and wait for its reply's text."""
        result = await self.exchanges.answer(
            message, message.text, f"s{message.key}", self.clock.now(), seconds
        )
        return "".join(bubble.text for bubble in result.reply or ())


@pytest.fixture
async def office(connection: Connection) -> AsyncIterator[Office]:
    """An office at work."""
    office = Office(connection)
    await office.exchanges.open()
    running = asyncio.create_task(office.worker.run())
    yield office
    office.worker.stop()
    await running
    await office.exchanges.close()


async def test_a_follower_who_writes_at_once_again_does_not_wait(office: Office) -> None:
    for number in range(40):
        said = await office.receive(text(f"第{number}", key=str(number)), seconds=0.4)
        assert said == "十点到十点"


async def test_followers_are_served_side_by_side_and_each_alone(office: Office) -> None:
    messages = [
        text(f"{n}", key=f"{who}{n}", openid=f"oFollower{who}") for n in range(5) for who in "abcd"
    ]
    said = await asyncio.gather(*(office.receive(message) for message in messages))
    assert all(said)
    assert office.brain.overlaps == []


class Unheard(Inbox):
    """An inbox whose store does not take the first signs of life; ``calls`` are what was done with it."""

    def __init__(self, connection: Connection, account: str, clock: SettableClock) -> None:
        super().__init__(connection, account, clock)
        self.calls: list[str] = []

    async def beat(self, serving: Collection[str] = ()) -> None:
        self.calls.append("beat")
        if len(self.calls) < 3:
            raise StoreDown("away")
        await super().beat(serving)

    async def take(self, seconds: float = 1.0) -> str | None:
        self.calls.append("take")
        return await super().take(0.02)


async def test_a_worker_takes_nobody_before_the_others_know_of_it(connection: Connection) -> None:
    office = Office(connection)
    inbox = office.worker.inbox = Unheard(connection, ACCOUNT, office.clock)
    await office.receive(text("几点"), 0.0)
    running = asyncio.create_task(office.worker.run())
    async with asyncio.timeout(20):
        while not office.postbox.sent:
            await asyncio.sleep(0.02)
    office.worker.stop()
    await running
    assert inbox.calls[:4] == ["beat", "beat", "beat", "take"]


async def test_a_message_that_cannot_be_served_stops_nobody(connection: Connection) -> None:
    office = Office(connection, Fussy())
    await office.receive(Inbound("1", ACCOUNT, "oFollower", "image", office.clock.now()), 0.0)
    await office.receive(text("几点", key="2"), 0.0)
    running = asyncio.create_task(office.worker.run())
    async with asyncio.timeout(20):
        while not office.postbox.sent:
            await asyncio.sleep(0.05)
    office.worker.stop()
    await running
    assert [message.text for message in office.brain.asked] == ["几点"]
