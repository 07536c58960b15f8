"""One drill from start to end: people talk, processes die, and what is left is counted."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.ledger import Entry, audit
from connectors.cli import places
from connectors.parts import Parts, open_parts
from connectors.simulator.client import Simulator
from tests.drill.counting import Evidence, Kill, Story, Verdict, judge, tries_of
from tests.drill.house import House, open_house
from tests.drill.kills import Killer
from tests.drill.people import Agent, Crowd, numbered, real

Say = Callable[[str], None]

WEIGHTS: Mapping[str, int] = {"worker-1": 4, "worker-2": 4, "connector": 4, "store": 3}
REAL_WEIGHTS: Mapping[str, int] = {**WEIGHTS, "brain-1": 4, "brain-2": 4}
"""How often each is chosen. A real brain is away for long after each kill, and the rest has to make up for it."""

WATCHED_WEIGHTS: Mapping[str, int] = {"store": 12}
"""A fail-over takes seconds, in which the store is not chosen again."""

PROGRESS_SECONDS = 5.0

SETTLING_SECONDS = 60.0
"""After the last message: WeChat's three deliveries, 12 s in which silence means arrived, and room for an agent."""

SEND_SECONDS = 0.25
"""How long WeChat takes to answer custom/send here: long enough for kills to hit open sends."""


@dataclass(frozen=True)
class Plan:
    """How much is done. ``seconds`` bounds the killing, ``between`` the pause between two kills, both in seconds.

    ``is_watched``: the store is a master with two replicas under three sentinels, and it is the master that is killed.
    """

    title: str
    kills: int
    seconds: float
    followers: int
    think_seconds: float = 1.0
    between: tuple[float, float] = (0.2, 1.4)
    model: Path | None = None
    worker_module: str = ""
    is_watched: bool = False


@dataclass
class Drill:
    """A drill and what it has found out; its data and logs lie in ``folder``."""

    plan: Plan
    folder: Path
    say: Say
    kills: list[Kill] = field(default_factory=list)
    _log: list[dict[str, Any]] = field(default_factory=list)

    async def run(self) -> Verdict:
        """Do all of it. Raises StartFailed, or whatever broke the drill itself."""
        self.say(f"{self.plan.title}: starting everything ...")
        said: list[str] = []
        plan = self.plan
        opened = open_house(
            self.folder,
            said,
            model=plan.model,
            worker_module=plan.worker_module,
            is_watched=plan.is_watched,
        )
        async with opened as house, self._people(house) as (parts, simulator, crowd):
            killer = Killer(house, parts, crowd, self.plan.between, self._weights)
            async with self._watched(simulator, crowd, killer):
                crowd.gather(self.plan.followers)
                await killer.run(self.plan.kills, time.monotonic() + self.plan.seconds)
                self.kills = killer.kills
                self.say("No more kills; waiting until everyone has an answer ...")
                await crowd.fall_silent()
                await crowd.give_thanks()
                entries = await self._settled(parts)
            evidence = await self._evidence(parts, simulator, crowd, entries)
        self._keep(evidence)
        return judge(evidence)

    @property
    def _weights(self) -> Mapping[str, int]:
        if self.plan.is_watched:
            return WATCHED_WEIGHTS
        return REAL_WEIGHTS if self.plan.model else WEIGHTS

    @contextlib.asynccontextmanager
    async def _people(self, house: House) -> AsyncIterator[tuple[Parts, Simulator, Crowd]]:
        async with (
            open_parts(house.settings, places.NLU_DATA) as parts,
            Simulator.at(house.phone) as simulator,
        ):
            await simulator.fault("hang_send", count=None, seconds=SEND_SECONDS)
            questions = real if self.plan.model else numbered
            crowd = Crowd(simulator, questions, self.plan.think_seconds)
            agent = Agent(parts, crowd)
            working = crowd.joined(agent.run())
            try:
                yield parts, simulator, crowd
            finally:
                agent.is_stopping = True
                await working

    @contextlib.asynccontextmanager
    async def _watched(
        self, simulator: Simulator, crowd: Crowd, killer: Killer
    ) -> AsyncIterator[None]:
        """Follow the simulator's journal, which keeps only its newest entries, and show progress."""

        async def watch() -> None:
            while True:
                await self._read_log(simulator)
                crowd.check()
                killed = f"{len(killer.kills)} of {self.plan.kills} kills"
                self.say(f"  {killed}, {crowd.asked} messages, {crowd.waiting} wait for an answer")
                await asyncio.sleep(PROGRESS_SECONDS)

        # Whatever breaks the drill itself ends it at once.
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(watch())
            yield
            watching.cancel()

    async def _read_log(self, simulator: Simulator) -> None:
        after = self._log[-1]["number"] if self._log else 0
        self._log += await simulator.log(after=after)

    async def _settled(self, parts: Parts) -> list[Entry]:
        """The ledger once nothing in it is open, or when it has had time enough."""
        deadline = time.monotonic() + SETTLING_SECONDS
        while True:
            entries = [entry async for entry in parts.conversations.ledger()]
            if not audit(entries, parts.clock.now()).open or time.monotonic() > deadline:
                return entries
            await asyncio.sleep(1)

    async def _evidence(
        self, parts: Parts, simulator: Simulator, crowd: Crowd, entries: list[Entry]
    ) -> Evidence:
        await self._read_log(simulator)
        resend = parts.answers.speak("notice_please_resend", None).text
        stories, tries = await crowd.stories(), tries_of(self._log)
        accepted = {mark for story in stories async for mark in _accepted(parts, story)}
        return Evidence(stories, self.kills, tries, entries, time.time(), accepted, resend)

    def _keep(self, evidence: Evidence) -> None:
        """Write down what was seen, for whoever has to find out why."""
        told = {
            "stories": [vars(story) for story in evidence.stories],
            "kills": [vars(kill) for kill in evidence.kills],
            "log": self._log,
        }
        text = json.dumps(told, ensure_ascii=False, default=vars)
        (self.folder / "evidence.json").write_text(text, encoding="utf-8")


async def _accepted(parts: Parts, story: Story) -> AsyncIterator[str]:
    told = await parts.conversations.transcript(story.openid, last=1_000_000)
    heard = "\n".join(each.line.text for each in told if each.line.author == "follower")
    for question in story.questions:
        if question.text in heard:
            yield question.mark
