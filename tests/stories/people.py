"""One account with people behind it: real store and texts, a clock that is moved, hours that are set."""

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import handling
from bot.ai_label import Labelling
from bot.answers import AnswerBook
from bot.brand import HolidayCalendar
from bot.conversation import Conversation
from bot.desk.reception import HumanDesk, Reception
from bot.desk.teams import Team, Teams
from bot.engine import Engine
from bot.ledger import Audit, Entry, Event, audit
from bot.members import Member
from bot.messages import Bubble, Inbound
from bot.notices import NOTICES
from bot.spoken import Spoken
from bot.turn import Turn
from connectors.store.connection import Connection
from connectors.store.conversations import Conversations
from connectors.store.exchanges import Exchanges
from connectors.store.inbox import Inbox
from connectors.wechat.replies import passive_text
from tests.doubles import PlainMenu, Postbox, SettableClock

ACCOUNT, SHANGHAI = "wxaccount", ZoneInfo("Asia/Shanghai")
TEN_TO_TEN = (((10 * 60, 22 * 60),),) * 7
OFFICE = (((10 * 60, 19 * 60),),) * 5 + ((),) * 2
"""Ten to seven from Monday to Friday."""


def at(text: str) -> float:
    """``2026-11-28 09:30`` in Shanghai as Unix seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).timestamp()


@dataclass
class ListeningBrain:
    """Wants a person for 人工 and a complaint, answers everything else; remembers what it was asked."""

    asked: list[str] = field(default_factory=list)

    async def ask(self, message: Inbound) -> Turn:
        self.asked.append(message.text)
        if "人工" in message.text:
            return _turn("好的，帮您找真人同事。", "notice", "asked_for_human")
        if "投诉" in message.text:
            return _turn("非常抱歉。", "notice", "complaint")
        return _turn(f"回答：{message.text}", "answer", None)

    async def forget(self, account: str, openid: str) -> None:
        pass


def _turn(text: str, kind: str, hand_over: str | None) -> Turn:
    reply = Spoken("utter_something", kind, text, (), hand_over)
    return Turn((reply,), "zh-Hans", hand_over or "store_hours", 0.9)


@dataclass
class Desk:
    """The people's side, as it is set."""

    reception: Reception


@dataclass
class Register:
    """A CRM with some members."""

    members: dict[str, Member] = field(default_factory=dict)

    async def find(self, openid: str) -> Member | None:
        return self.members.get(openid)


class House:
    """One connector's parts; whatever a follower reads is told as one text."""

    def __init__(
        self, connection: Connection, nlu_data: Path, week: Sequence = TEN_TO_TEN, **team: object
    ) -> None:
        """``week`` and ``team`` describe the only team."""
        self.clock = SettableClock(at("2026-11-25 15:00"))  # a Wednesday
        self.brain, self.postbox, self.register = ListeningBrain(), Postbox(), Register()
        self.store = Conversations(connection, ACCOUNT)
        self.exchanges = Exchanges(connection, ACCOUNT)
        self.inbox = Inbox(connection, ACCOUNT, self.clock)
        self.notices = AnswerBook(nlu_data, lambda texts: texts[0], required=NOTICES)
        self.desk = Desk(Reception())
        self.hours(week, **team)
        parts = (self.store, self.brain, self.postbox, self.notices, PlainMenu(), self.clock)
        labelling: Labelling = "none"
        self.engine = Engine(*parts, desk=self.desk, members=self.register, labelling=labelling)
        self._numbers = itertools.count(1)

    def hours(
        self, week: Sequence, calendar: HolidayCalendar | None = None, **team: object
    ) -> None:
        """Give the team other hours."""
        everyone = Team("all", "客服", week=tuple(week), **team)  # type: ignore[arg-type]
        calendars = {"mainland": calendar} if calendar else {}
        self.desk.reception = Reception(Teams({"all": everyone}), calendars)

    def at_desk_of(self, whose: HumanDesk) -> None:
        """Let the people sit elsewhere."""
        self.engine = replace(self.engine, human_desk=whose)

    async def says(self, words: str, openid: str = "oFollower", *, late: bool = False) -> str:
        """A follower writes; what is read at once. ``late``: WeChat has hung up before a worker comes."""
        return passive_text(await self.reply(words, openid, late=late))

    async def shows_picture(self, openid: str = "oFollower") -> str:
        """A follower sends a picture; what is read at once."""
        return passive_text(await self.reply("", openid, kind="image"))

    async def reply(
        self, words: str, openid: str = "oFollower", *, late: bool = False, kind: str = "text"
    ) -> tuple[Bubble, ...]:
        """What goes back at once for a message of any kind, as bubbles."""
        key, now = str(next(self._numbers)), self.clock.now()
        message = Inbound(key, ACCOUNT, openid, kind, now, words)
        told = (message, f"digest {key}", f"signature {key}", now, 0.0 if late else 3.0)
        await self.exchanges.open()
        pushing = asyncio.create_task(self.exchanges.answer(*told))
        await self.work(first=2.0)
        answer = await pushing
        await self.exchanges.close()
        return answer.reply or ()

    async def work(self, first: float = 0.02) -> None:
        """Serve everyone who has something to do."""
        while openid := await self.inbox.take(first):
            first = 0.02
            served = await self.engine.serve(openid, self.inbox.worker)
            assert await self.inbox.release(served)

    async def until(self, moment: str) -> None:
        """Let time pass, and do what has fallen due on the way."""
        await self.later(at(moment) - self.clock.at)

    async def later(self, seconds: float) -> None:
        """Let seconds pass."""
        assert seconds >= 0
        self.clock.at += seconds
        await self.inbox.beat()
        await self.work()

    async def takes(self, openid: str = "oFollower", agent: str = "li") -> None:
        """An agent takes the follower."""
        await self._moves(openid, lambda c: handling.take(c, agent, self.clock.now()))

    async def answers(self, words: str, openid: str = "oFollower", agent: str = "li") -> None:
        """An agent replies."""
        now, notices = self.clock.now(), self.notices
        await self._moves(openid, lambda c: handling.reply(c, agent, words, notices, now))

    async def closes(self, openid: str = "oFollower", agent: str = "li") -> None:
        """An agent is done."""
        now = self.clock.now()
        await self._moves(openid, lambda c: handling.close(c, agent, self.notices, now))

    async def _moves(self, openid: str, step) -> None:  # type: ignore[no-untyped-def]
        await self.engine.apply(openid, step)
        await self.inbox.schedule(openid)
        await self.work()

    async def state(self, openid: str = "oFollower") -> Conversation:
        """The conversation as it stands."""
        return await self.store.read(openid)

    @property
    def sent(self) -> list[str]:
        """The customer messages so far."""
        return [text for _, text in self.postbox.sent]

    async def entries(self, *events: Event) -> list[Entry]:
        """The ledger's lines of these kinds."""
        return [each async for each in self.store.ledger() if each.event in events]

    async def audit(self) -> Audit:
        """The ledger's proof."""
        return audit([entry async for entry in self.store.ledger()], self.clock.now())
