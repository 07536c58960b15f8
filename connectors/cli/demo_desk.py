"""What a fresh demo begins with: example teams, people, and followers who have talked with the bot and with agents.

All of it goes the way of the real thing: followers type on simulated phones, agents' moves are the engine's steps.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import structlog
from aiohttp import ClientError
from redis.asyncio import Redis

from bot import handling
from bot.conversation import IllegalMove
from bot.desk.teams import DEFAULT, Team
from bot.engine import Step
from bot.ports import StoreDown
from connectors.cli import places
from connectors.desk.guard.accounts import ADMIN, Accounts, Agent, Role, generated
from connectors.parts import Parts, open_parts
from connectors.settings import Settings
from connectors.simulator.client import NotSeen, Phone, Refused, Simulator
from connectors.store.desk.presence import Presence
from connectors.store.desk.teams import TeamShelf
from connectors.store.keys import TEAMS

ANSWER_SECONDS = 30.0
PAUSE_SECONDS = 25.0
HOUR = 60

_SHOP_DAY = ((10 * HOUR, 22 * HOUR),)
_PARIS_DAY = ((10 * HOUR, 19 * HOUR),)

EXAMPLE_TEAMS = (
    # Always there: a newcomer at any hour finds a living desk.
    Team(DEFAULT, "线上客服", "Online", first_reply_seconds=600.0),
    Team("shanghai", "上海店", "Shanghai", week=(_SHOP_DAY,) * 7, cities=("shanghai",)),
    Team(
        "hong_kong",
        "香港店",
        "Hong Kong",
        zone="Asia/Hong_Kong",
        calendar="hong_kong",
        week=(((11 * HOUR, 13 * HOUR), (14 * HOUR, 20 * HOUR)),) * 7,
        cities=("hong_kong",),
    ),
    Team(
        "paris",
        "巴黎店",
        "Paris",
        zone="Europe/Paris",
        calendar="france",
        week=(*(_PARIS_DAY,) * 6, ()),
        cities=("paris",),
    ),
)


@dataclass(frozen=True)
class Person:
    """Somebody who works at the example desk."""

    name: str
    shown: str
    role: Role
    teams: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()


PEOPLE = (
    Person("li", "小李", Role.AGENT, (DEFAULT, "shanghai"), ("zh-Hans", "membership_join")),
    Person("wang", "王芳", Role.AGENT, (DEFAULT, "hong_kong", "paris"), ("en", "zh-Hant")),
    Person("chen", "陈主管", Role.SUPERVISOR),
    Person("trainer", "培训", Role.TRAINER),
)


@dataclass(frozen=True)
class Talk:
    """What one follower says, and what an agent answers; ``rated``: the number of the choice that is tapped then.

    Without an agent the follower stays in the queue, or with the bot where it has answered.
    """

    said: tuple[str, ...]
    agent: str = ""
    answer: str = ""
    rated: int = 0


PICTURE = "(a picture)"

SERVED = (
    Talk(("你们上海店周末几点关门？", "停车方便吗")),
    Talk(("怎么加入会员", "会员有什么权益")),
    Talk(("What are your opening hours?",)),
    Talk(("想给妈妈买个生日礼物，两千左右", "有礼品包装吗")),
    Talk(("转人工",), "li", "您好，项链可以刻字，最多八个字，两天就好。", 1),
    Talk(
        ("human please",), "wang", "Hello, of course: your ring can be resized free of charge.", 1
    ),
    Talk(
        ("我要投诉，保养了两次还是松",), "wang", "非常抱歉，我们为您安排免费返修，今天就联系您。", 2
    ),
)
"""They come first, so that the reports have something to tell."""

WAITING = (
    Talk(("会员生日有什么礼遇", "转人工")),
    Talk(("我要投诉，订的戒指尺寸做错了",)),
    Talk(("I want to talk to a person, my parcel has not arrived",)),
    Talk((PICTURE,)),
    Talk(("我十分钟后到上海店",)),
    Talk(("Do you have the moon necklace in stock in Paris?", "human")),
    Talk(("我想改订单的收货地址", "人工")),
)


async def begin(redis: Redis) -> str:
    """Make the example teams and people; gives their password, or nothing where the store is not empty any more."""
    accounts = Accounts(redis)
    known = {agent.name for agent in await accounts.all()}
    if known - {ADMIN} or await redis.exists(TEAMS):
        return ""
    await TeamShelf(redis).save({team.id: team for team in EXAMPLE_TEAMS})
    password = generated()
    for person in PEOPLE:
        await accounts.add(person.name, person.shown, person.role, password)
        await accounts.change(person.name, partial(_placed, person))
    return password


def _placed(person: Person, agent: Agent) -> Agent:
    return replace(agent, teams=person.teams, skills=person.skills)


async def populate(settings: Settings, redis_url: str, phone_url: str) -> None:
    """Let the example followers talk. What cannot be done is left out, and said in one line."""
    # The terminal is for people; what these steps note is of no use to them.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    settings = settings.model_copy(update={"redis_url": redis_url})
    async with (
        Simulator.at(phone_url) as simulator,
        open_parts(settings, places.NLU_DATA, simulated_clock=True) as parts,
    ):
        desk = ExampleDesk(parts, simulator)
        for number, talk in enumerate((*SERVED, *WAITING), 1):
            try:
                await desk.play(f"示例 {number}", talk)
            except (NotSeen, Refused, IllegalMove, StoreDown, ClientError) as error:
                print(f"An example follower could not finish: {type(error).__name__}.", flush=True)
        await desk.show_agents()


@dataclass(frozen=True)
class ExampleDesk:
    """Plays talks: followers on phones, agents by the engine's steps."""

    parts: Parts
    simulator: Simulator

    async def play(self, label: str, talk: Talk) -> None:
        """One follower's talk, from the following to the last word."""
        phone = await self.simulator.new_phone(label)
        await phone.follow(wait=True)
        await phone.wait_for(seconds=ANSWER_SECONDS)
        for words in talk.said:
            await (phone.picture() if words == PICTURE else phone.say(words))
            await phone.wait_for(seconds=ANSWER_SECONDS)
        await self._pause()
        if talk.agent:
            await self._serve(phone, talk)

    async def show_agents(self) -> None:
        """Let the agents be there for as long as a sign of life lasts."""
        for person in PEOPLE:
            if person.role is Role.AGENT:
                await self._presence.sign(person.name)

    @property
    def _presence(self) -> Presence:
        seconds = self.parts.settings.agent_offline_seconds
        return Presence(self.parts.connection.redis, self.parts.clock, seconds)

    async def _serve(self, phone: Phone, talk: Talk) -> None:
        agent, notices, now = talk.agent, self.parts.answers, self.parts.clock.now
        shown = next(person.shown for person in PEOPLE if person.name == agent)
        # Conversations are taken back from whoever is not there.
        await self._presence.sign(agent)
        await self._pause()
        await self._move(phone, lambda at: handling.take(at, agent, now()))
        await self._move(
            phone, lambda at: handling.reply(at, agent, talk.answer, notices, now(), shown=shown)
        )
        await phone.wait_for(talk.answer, seconds=ANSWER_SECONDS)
        await self._pause()
        await self._move(phone, lambda at: handling.close(at, agent, notices, now()))
        asked = await phone.wait_for(lambda line: bool(line["choices"]), seconds=ANSWER_SECONDS)
        await phone.tap(asked["choices"][talk.rated - 1]["id"])

    async def _pause(self) -> None:
        """People need a while, in the demo's own time: reports of nothing but zeros tell nobody anything."""
        await self.simulator.advance(PAUSE_SECONDS)

    async def _move(self, phone: Phone, step: Step) -> None:
        await self.parts.engine.apply(phone.openid, step)
        await self.parts.inbox.schedule(phone.openid)


@contextlib.asynccontextmanager
async def populating(
    settings: Settings, redis_url: str, phone_url: str, *, is_wanted: bool
) -> AsyncIterator[None]:
    """Let the example followers talk meanwhile: nobody waits for them."""
    if not is_wanted:
        yield
        return
    talking = asyncio.create_task(populate(settings, redis_url, phone_url))
    try:
        yield
    finally:
        talking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await talking


def told(people: Sequence[Person], password: str) -> str:
    """Who may log in, for the terminal; this once."""
    names = ", ".join(f"{person.name} ({person.role})" for person in people)
    return f"{names} with {password}"
