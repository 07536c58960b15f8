"""Who talks during a drill: followers with phones of the simulated WeChat, and an agent at the desk."""

import asyncio
import itertools
import random
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field

from redis.exceptions import RedisError

from bot import handling
from bot.change import Change
from bot.conversation import Conversation, Speaker
from bot.ports import Conflict, StoreDown
from connectors.parts import Parts
from connectors.simulator.client import Phone, Simulator
from tests.drill.counting import Question, Story

PATIENCE_SECONDS = 40.0
"""After this long without an answer a follower writes on; what was uncertain is settled by that."""

BURSTS = (1, 1, 1, 2, 3)
"""How many questions a follower types one after another."""

AGENT = "drill"
AGENT_SECONDS = 0.3

Questions = Iterator[tuple[str, str]]
"""Text and mark of what a follower asks, one after another."""


def numbered(name: str) -> Questions:
    """Questions whose mark is a number, for the brain's double."""
    for number in itertools.count(1):
        mark = f"#{name}-{number:04}"
        yield f"请问 {mark} 怎么样", mark


def real(name: str) -> Questions:
    """Questions of a brand's followers, for the real brain, each once."""
    return iter(random.sample(REAL, len(REAL)))


REAL = (
    ("怎么加入会员", "三步就好"),
    ("怎么量戒指的尺寸", "量尺寸很简单"),
    ("首饰可以刻字吗", "刻字和压印"),
    ("你们有礼品包装吗", "每件商品都配品牌礼盒"),
    ("首饰平时怎么保养", "首饰：洗澡"),
    ("怎么知道是不是正品", "在这里买的都是正品"),
    ("会员生日有什么礼遇", "这样为您庆祝"),
    ("你们上海店周末几点关门？", "上海恒月广场店"),
)
"""Questions for the real brain, and words that stand in the answer of each and of no other."""


@dataclass
class Crowd:
    """Followers who ask until they are told to stop. ``questions`` makes what the follower of a name asks."""

    simulator: Simulator
    questions: Callable[[str], Questions]
    think_seconds: float = 1.0
    followers: list["Follower"] = field(default_factory=list)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _talking: list["asyncio.Task[None]"] = field(default_factory=list)
    _beside: list["asyncio.Task[None]"] = field(default_factory=list)

    def gather(self, count: int) -> None:
        """Let ``count`` people follow the account and begin to ask; who has asked everything makes room for another."""
        for number in range(count):
            self._talking.append(asyncio.create_task(self._talk(f"f{number:02}")))

    def joined(self, work: Coroutine[None, None, None]) -> "asyncio.Task[None]":
        """Let somebody else work beside the followers; ``check`` tells when that broke off."""
        task = asyncio.create_task(work)
        self._beside.append(task)
        return task

    async def fall_silent(self) -> None:
        """Ask no more, and wait until everyone has an answer or has lost patience."""
        self._stopping.set()
        await asyncio.gather(*self._talking)

    async def give_thanks(self) -> None:
        """One more message of everybody: what was uncertain or held is settled by it."""
        await asyncio.gather(
            *(follower.phone.say("谢谢", wait=True) for follower in self.followers)
        )

    async def stories(self) -> list[Story]:
        """What everybody asked and saw."""
        return [
            Story(one.phone.openid, one.asked, await one.phone.transcript())
            for one in self.followers
        ]

    @property
    def openids(self) -> list[str]:
        """Everybody."""
        return [follower.phone.openid for follower in self.followers]

    @property
    def asked(self) -> int:
        """How many questions there were."""
        return sum(len(follower.asked) for follower in self.followers)

    @property
    def waiting(self) -> int:
        """How many followers have no answer yet."""
        return sum(bool(follower.missing) for follower in self.followers)

    def check(self) -> None:
        """Raise what ended a follower's talk before its time."""
        for task in (*self._talking, *self._beside):
            if task.done() and not task.cancelled() and (fault := task.exception()):
                raise fault

    async def _talk(self, name: str) -> None:
        while not self._stopping.is_set():
            follower = Follower(await self.simulator.new_phone(name), self.questions(name))
            self.followers.append(follower)
            await follower.phone.follow(wait=True)
            while not self._stopping.is_set():
                if not await follower.ask_and_wait(random.choice(BURSTS)):
                    break
                await asyncio.sleep(random.uniform(0.2, 1.8) * self.think_seconds)


@dataclass
class Follower:
    """One person. ``missing`` are the marks of questions not yet answered."""

    phone: Phone
    questions: Questions
    asked: list[Question] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)

    async def ask_and_wait(self, count: int) -> bool:
        """Type some questions and read until all are answered, or patience ends; False when nothing is left to ask."""
        self.missing.clear()
        for text, mark in itertools.islice(self.questions, count):
            told = await self.phone.say(text)
            self.asked.append(Question(text, mark, told["push"]))
            self.missing.add(mark)
            await asyncio.sleep(random.uniform(0.0, 0.6))
        has_asked, ends_at = bool(self.missing), time.monotonic() + PATIENCE_SECONDS
        while self.missing and (left := ends_at - time.monotonic()) > 0:
            await self._read(left)
        return has_asked

    async def _read(self, seconds: float) -> None:
        for line in await self.phone.transcript(self.phone.seen, seconds):
            self.phone.seen = line["number"]
            if line["side"] == "account":
                self.missing = {mark for mark in self.missing if mark not in line["text"]}


@dataclass
class Agent:
    """Takes whoever waits for a person, answers each question that nobody has answered, and closes."""

    parts: Parts
    crowd: Crowd
    is_stopping: bool = False

    async def run(self) -> None:
        """Work until told to stop, whatever breaks meanwhile."""
        while not self.is_stopping:
            try:
                store = self.parts.conversations
                for conversation in [*await store.waiting(), *await store.held()]:
                    await self._step(conversation.openid)
            except (RedisError, OSError, StoreDown):
                pass
            await asyncio.sleep(AGENT_SECONDS)

    async def _step(self, openid: str) -> None:
        """One move, refused if anything has happened since the conversation was read."""
        work = await self.parts.conversations.load(openid)
        if work.messages:
            return
        open_marks = await self._unanswered(openid)
        change = self._move(work.conversation, open_marks)
        if change is None:
            return
        try:
            await self.parts.conversations.commit(change, self.parts.clock.now())
        except Conflict:
            return
        await self.parts.inbox.schedule(openid)

    def _move(self, at: Conversation, open_marks: Sequence[str]) -> Change | None:
        now, notices = self.parts.clock.now(), self.parts.answers
        if at.speaker is Speaker.WAITING:
            return handling.take(at, AGENT, now)
        if at.speaker is not Speaker.AGENT:
            return None
        if open_marks:
            return handling.reply(at, AGENT, " ".join(open_marks), notices, now)
        return handling.close(at, AGENT, notices, now)

    async def _unanswered(self, openid: str) -> list[str]:
        """The marks of what the desk's transcript shows as asked and as answered by nobody."""
        told = [each.line for each in await self.parts.conversations.transcript(openid)]
        heard = "\n".join(line.text for line in told if line.author == "follower")
        said = "\n".join(line.text for line in told if line.author in ("bot", "agent"))
        follower = next(each for each in self.crowd.followers if each.phone.openid == openid)
        return [q.mark for q in follower.asked if q.text in heard and q.mark not in said]
