"""Random conversations against the platform's own account of what may be sent.

WeChat refuses nothing, and nothing is paid for that could have gone free.

A few hundred by default; ``BIDA_CONVERSATIONS=10000`` asks for more. A failing one is told by its seed.
"""

import asyncio
import os
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot import handling
from bot.conversation import Speaker
from bot.engine import Engine
from bot.ledger import audit
from bot.messages import Inbound
from bot.turn import Turn
from connectors.simulator.model.account import Account
from connectors.simulator.model.codes import Refusal
from connectors.simulator.model.gestures import Gestures
from connectors.simulator.model.ids import Ids
from connectors.simulator.model.platform import Platform
from connectors.simulator.model.pushes import Push
from connectors.store.connection import Connection
from connectors.store.conversations import Conversations
from connectors.store.exchanges import Answer, Exchanges
from connectors.store.inbox import Inbox
from connectors.wechat.api import ApiError, CutOff, NotSent
from connectors.wechat.library import Methods
from connectors.wechat.parsing import digest_of, message_of
from connectors.wechat.sender import CustomerMessages
from tests.doubles import PlainMenu, PlainNotices, SettableClock, answer

CONVERSATIONS = int(os.environ.get("BIDA_CONVERSATIONS", "200"))
APP_ID = "wx0123456789abcdef"
OPEN_SECONDS = 4.0
TEXTS = ["在吗", "上海店", "几点关门？", "有什么优惠？", "谢谢", "取消", "会员"]


@dataclass
class RandomBrain:
    """Answers, asks back, gives a long answer or wants a person; sometimes it is late."""

    world: "World"

    async def ask(self, message: Inbound) -> Turn:
        chance = self.world.chance
        self.world.clock.at += chance.choice([0.1, 0.1, 0.1, 6.0])
        await self.world.interrupt(message.openid)
        kind = chance.random()
        if kind < 0.1:
            return answer("好的", "notice", "asked_for_human")
        if kind < 0.25:
            return answer("哪个城市？", "question")
        return answer("很长的回答。" * chance.choice([1, 1, 1, 150]))

    async def forget(self, account: str, openid: str) -> None:
        pass


@dataclass
class World:
    """One account between its followers and a connector; the clock moves only when somebody moves it."""

    connection: Connection
    chance: random.Random = field(default_factory=random.Random)
    clock: SettableClock = field(default_factory=SettableClock)
    refusals: Counter[int] = field(default_factory=Counter)
    needless: int = 0
    sends: int = 0
    open: dict[str, float] = field(default_factory=dict)
    """Callbacks that WeChat waits at: until when."""
    pushing: list[tuple[Inbound, asyncio.Task[Answer]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        account = Account(
            APP_ID, "s", "gh_1", "t", "", "plain", "verified_service", "http://127.0.0.1:9/"
        )
        self.platform = Platform(account, self.clock, Ids("test", self.clock.at))
        self.gestures = Gestures(self.platform)
        self.store = Conversations(self.connection, APP_ID)
        self.exchanges = Exchanges(self.connection, APP_ID)
        self.inbox = Inbox(self.connection, APP_ID, self.clock)
        methods = Methods(APP_ID, self.call)
        sender = CustomerMessages(methods, True, True, clock=self.clock)
        brain = RandomBrain(self)
        parts = (self.store, brain, sender, PlainNotices(), PlainMenu(), self.clock)
        self.engine = Engine(*parts, merge_seconds=2.0)

    async def call(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """custom/send, as WeChat would take it: the line to it breaks now and then."""
        self.clock.at += 0.05
        self.sends += 1
        self.needless += await self.is_waited_for()
        await self.interrupt(body["touser"])
        fault = self.chance.random()
        if fault < 0.03:
            raise NotSent("no connection")
        if fault < 0.06:
            raise ApiError(-1, "system error")
        try:
            self.platform.send(body)
        except Refusal as refusal:
            self.refusals[refusal.errcode] += 1
            raise ApiError(refusal.errcode, refusal.errmsg) from refusal
        if fault > 0.97:
            raise CutOff("the answer was lost")
        return {"errcode": 0}

    async def is_waited_for(self) -> bool:
        """Whether WeChat waits at a callback that has no reply yet."""
        for key, until in self.open.items():
            has_reply = await self.connection.redis.hexists(self.store.keys.exchange(key), "reply")
            if until > self.clock.at and not has_reply:
                return True
        return False

    async def work(self, seconds: float = 0.0) -> None:
        """Let a worker serve everybody who has something to do, after so long."""
        self.clock.at += seconds
        await self.inbox.beat()
        while await self.connection.redis.llen(self.store.keys.ready()):
            openid = await self.inbox.take(1)
            assert openid
            while True:
                served = await self.engine.serve(openid, self.inbox.worker, self.pause)
                if await self.inbox.release(served):
                    break

    async def pause(self, seconds: float) -> None:
        """The wait for a bubble."""
        self.clock.at += seconds

    async def late(self, push: Push) -> None:
        """A push whose callback answers ``success`` before any worker has come to it."""
        message, digest = received(push)
        await self.exchanges.answer(message, digest, push.id, self.clock.at, 0.0)

    async def waited_for(self, push: Push, seconds: float, *, is_lost: bool) -> None:
        """A push at whose callback WeChat waits, while the worker comes to it after ``seconds``."""
        await self.begin(push)
        await self.work(seconds)
        await self.end(is_lost=is_lost)

    async def begin(self, push: Push) -> None:
        """A push comes in, and WeChat waits at its callback."""
        message, digest = received(push)
        self.open[message.key] = self.clock.at + OPEN_SECONDS
        answering = self.exchanges.answer(message, digest, push.id, self.clock.at, OPEN_SECONDS)
        task = asyncio.create_task(answering)
        self.pushing.append((message, task))
        exchange = self.store.keys.exchange(message.key)
        # What comes too late, after an unfollow, is never stored.
        while not task.done() and not await self.connection.redis.exists(exchange):
            await asyncio.sleep(0)

    async def end(self, *, is_lost: bool = False) -> None:
        """All callbacks come to their end; ``is_lost``: WeChat does not get what they write."""
        while self.pushing:
            message, answering = self.pushing.pop()
            answered = await answering
            del self.open[message.key]
            if answered.reply and is_lost:
                await self.exchanges.give_back(message, answered.delivery)

    async def interrupt(self, openid: str) -> None:
        """The follower writes while something else is under way."""
        if self.chance.random() < 0.2 and self.platform.follower(openid).is_following:
            push = self.gestures.say(openid, self.chance.choice(TEXTS))
            await (self.begin(push) if self.chance.random() < 0.5 else self.late(push))


def received(push: Push) -> tuple[Inbound, str]:
    """The push as the connector reads it."""
    fields = {name: str(value) for name, value in push.fields}
    return message_of(fields, APP_ID), digest_of(fields)


async def converse(world: World) -> None:
    """One follower's life with the account, from the follow to long after the last word."""
    chance, openid = world.chance, world.platform.create().openid
    await world.waited_for(world.gestures.follow(openid), 0.1, is_lost=False)
    for _ in range(chance.randint(2, 10)):
        await step(world, openid)
    for _ in range(4):
        await world.work(chance.choice([13.0, 50 * 3600.0]))


async def step(world: World, openid: str) -> None:
    """Something that happens between them."""
    await happening(world, openid)
    if world.pushing:
        await world.work()
        await world.end()


async def happening(world: World, openid: str) -> None:
    """One of the things that can happen."""
    chance = world.chance
    world.clock.at += chance.choice([0.3, 1.0, 5.0, 30.0, 61.0, 4000.0, 100_000.0])
    move = chance.random()
    if move < 0.3:
        await world.waited_for(
            pushed(world, openid),
            chance.choice([0.1, 0.1, 3.9, 4.5]),
            is_lost=chance.random() < 0.1,
        )
    elif move < 0.6:
        # Not read at once: what is sent meanwhile is taken from the grant that nobody knows of yet.
        await world.late(pushed(world, openid))
        if chance.random() < 0.6:
            await world.work(chance.choice([0.2, 2.0]))
    elif move < 0.85:
        await at_the_desk(world, openid)
    elif move < 0.88:
        await world.late(world.gestures.unfollow(openid))
        await world.work()
        await world.waited_for(world.gestures.follow(openid), 0.1, is_lost=False)
    else:
        await world.work(chance.choice([1.0, 13.0, 61.0]))


def pushed(world: World, openid: str) -> Push:
    """What the follower does."""
    kind = world.chance.random()
    if kind < 0.1:
        return world.gestures.scan(openid, "shop-1")
    if kind < 0.15:
        return world.gestures.picture(openid)
    return world.gestures.say(openid, world.chance.choice(TEXTS))


async def at_the_desk(world: World, openid: str) -> None:
    """What an agent does, at any moment and without looking at the allowance."""
    speaker = (await world.store.read(openid)).speaker
    now, notices = world.clock.at, PlainNotices()
    if speaker is Speaker.WAITING:
        await world.engine.apply(openid, lambda at: handling.take(at, "li", now))
    elif speaker is Speaker.AGENT and world.chance.random() < 0.2:
        await world.engine.apply(openid, lambda at: handling.close(at, "li", notices, now))
    elif speaker is Speaker.AGENT:
        for _ in range(world.chance.randint(1, 7)):
            await replied(world, openid)
    await world.inbox.schedule(openid)
    await world.work()


async def replied(world: World, openid: str) -> None:
    """An agent's words, and the worker that sends them."""
    now, notices = world.clock.at, PlainNotices()
    await world.engine.apply(openid, lambda at: handling.reply(at, "li", "我看看", notices, now))
    await world.inbox.schedule(openid)
    await world.work()


@pytest.mark.timeout(6 * 3600)
async def test_story_10_no_random_conversation_is_ever_refused_or_pays_for_what_was_free(
    connection: Connection,
) -> None:
    world = World(connection)
    await world.exchanges.open()
    try:
        await all_conversations(world)
    finally:
        await world.exchanges.close()
    assert world.sends > CONVERSATIONS / 2
    for _ in range(4):
        await world.work(60 * 3600.0)
    result = audit([entry async for entry in world.store.ledger()], world.clock.at)
    assert result.is_sound
    assert result.open == 0
    assert result.outcomes["answered_by_bot"] > CONVERSATIONS / 2


async def all_conversations(world: World) -> None:
    """One after the other, so that the seed tells which one failed."""
    for seed in range(CONVERSATIONS):
        world.chance.seed(seed)
        await converse(world)
        told = f"conversation {seed}: refused {dict(world.refusals)}, needless {world.needless}"
        assert not world.refusals, told
        assert not world.needless, told
