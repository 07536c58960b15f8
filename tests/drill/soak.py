"""Hours of ordinary traffic: does any process grow, does the store?"""

import asyncio
import itertools
import math
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from redis.asyncio import Redis

from connectors.simulator.client import Phone, Simulator
from tests.bench.machine import resident_mb
from tests.drill.house import House, open_house
from tests.drill.people import REAL

SAMPLES = 24
"""How often memory is measured in one soak."""

WARM_UP = 0.25
"""The share of a soak in which pools fill and caches warm: growth is counted from its end."""

GROWTH = 0.10
"""How much a process may have grown, as a share."""

FOLLOWERS = 400
"""Among how many people the messages are shared at least."""

MESSAGES_EACH = 200
"""No person writes more: beyond 300 a day one is taken for a machine."""

OURS = ("connector", "worker-1", "worker-2", "actions", "brain-1", "brain-2")


@dataclass(frozen=True)
class SoakPlan:
    """``rate``: messages a second. ``model`` None: the brain's double."""

    seconds: float
    rate: float
    model: Path | None = None

    @property
    def followers(self) -> int:
        """Among how many people the messages are shared."""
        return max(FOLLOWERS, math.ceil(self.rate * self.seconds / MESSAGES_EACH))


@dataclass(frozen=True)
class Sample:
    """Seconds since the start, messages so far, resident megabytes by process, and the store's used megabytes."""

    at: float
    messages: int
    resident: Mapping[str, float]
    store: float


@dataclass
class SoakReport:
    """What was measured; ``unanswered`` messages at the end."""

    plan: SoakPlan
    samples: Sequence[Sample]
    unanswered: int = 0
    broken: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """A table of a few moments, and the growth since the warm-up."""
        names = list(self.samples[0].resident)
        yield "| minute | messages | " + " | ".join(names) + " | data in the store |"
        yield "|" + "---|" * (len(names) + 3)
        for sample in self.samples:
            sizes = " | ".join(f"{sample.resident[name]:.0f}" for name in names)
            yield f"| {sample.at / 60:.1f} | {sample.messages} | {sizes} | {sample.store:.1f} |"
        first, last = self.warm, self.samples[-1]
        grown = " | ".join(f"{_growth(first, last, name):+.1%}" for name in names)
        kilobytes = self.store_per_message * 1024
        yield f"| growth | | {grown} | {kilobytes:.2f} KB a message |"
        yield f"\nwithout an answer: {self.unanswered}"
        yield f"BROKEN: {', '.join(self.broken)}." if self.broken else "Every process stayed flat."

    @property
    def warm(self) -> Sample:
        """The first sample after the warm-up."""
        began = self.plan.seconds * WARM_UP
        return next((each for each in self.samples if each.at >= began), self.samples[-1])

    @property
    def store_per_message(self) -> float:
        """Megabytes that the store grew by each message since the warm-up."""
        first, last = self.warm, self.samples[-1]
        return (last.store - first.store) / max(1, last.messages - first.messages)

    def judge(self) -> None:
        """Note which process has grown."""
        first, last = self.warm, self.samples[-1]
        self.broken = [
            f"{name} grew by {_growth(first, last, name):.0%}"
            for name in OURS
            if _growth(first, last, name) > GROWTH
        ]
        if self.unanswered:
            self.broken.append(f"{self.unanswered} messages without an answer")


async def soak(plan: SoakPlan, folder: Path, say: Callable[[str], None]) -> SoakReport:
    """Send messages at a steady rate and measure. Raises StartFailed."""
    say("Soak: starting everything ...")
    async with (
        open_house(folder, [], model=plan.model) as house,
        Simulator.at(house.phone) as simulator,
        Redis.from_url(str(house.settings.redis_url)) as redis,
    ):
        street = Street(simulator)
        await street.open(plan.followers)
        began = time.monotonic()
        samples = [await _sample(house, redis, 0.0, 0)]
        talking = asyncio.create_task(street.talk(plan.rate))
        for number in range(1, SAMPLES + 1):
            await asyncio.sleep(
                max(0.0, began + number * plan.seconds / SAMPLES - time.monotonic())
            )
            if talking.done():
                talking.result()
            at = time.monotonic() - began
            samples.append(await _sample(house, redis, at, street.sent))
            say(f"  {at / 60:.1f} min, {street.sent} messages: {samples[-1].resident}")
        talking.cancel()
        await asyncio.wait([talking])
        report = SoakReport(plan, samples, await street.unanswered())
    report.judge()
    return report


@dataclass
class Street:
    """Passers-by: everybody says something before anybody speaks again, in an order drawn anew each time.

    Drawn one by one, somebody would now and then write so much in a minute, or the same so often in a row, as to be
    taken for a machine, and wait for a person to the end.
    """

    simulator: Simulator
    phones: list[Phone] = field(default_factory=list)
    sent: int = 0

    async def open(self, count: int) -> None:
        """Let people follow the account."""
        for number in range(count):
            phone = await self.simulator.new_phone(f"s{number:03}")
            self.phones.append(phone)
            await phone.follow()

    async def talk(self, rate: float) -> None:
        """``rate`` messages a second, until cancelled."""
        began = time.monotonic()
        for turn in itertools.count():
            for place, phone in random.sample(list(enumerate(self.phones)), len(self.phones)):
                text, _ = REAL[(turn + place) % len(REAL)]
                await phone.say(text)
                self.sent += 1
                await asyncio.sleep(max(0.0, began + self.sent / rate - time.monotonic()))

    async def unanswered(self) -> int:
        """How many people have asked last, a while after everyone has fallen silent."""
        await asyncio.sleep(15)
        lines = [await phone.transcript() for phone in self.phones]
        return sum(1 for told in lines if told and told[-1]["side"] != "account")


async def _sample(house: House, redis: Redis, at: float, messages: int) -> Sample:
    resident = {name: resident_mb(pid) for name, pid in house.pids().items()}
    memory = await redis.info("memory")
    return Sample(at, messages, resident, memory["used_memory_dataset"] / 1024**2)


def _growth(first: Sample, last: Sample, name: str) -> float:
    return last.resident[name] / first.resident[name] - 1
