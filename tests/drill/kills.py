"""Kills processes at random, and notes what each kill may have cut off."""

import asyncio
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from redis.exceptions import RedisError

from bot.messages import Delivery
from bot.ports import StoreDown
from connectors.parts import Parts
from tests.drill.counting import Kill, OpenSend
from tests.drill.house import MORTAL, WORKERS, House, IsUp
from tests.drill.people import Crowd

REST_SECONDS: Mapping[str, float] = {
    "connector": 12.0,
    "store": 3.0,
    "brain-1": 4.0,
    "brain-2": 4.0,
    "actions": 6.0,
}
"""How long a process is left alone once it is up again; the others ``LEAST_REST``.

The connector's rest lets one of WeChat's three deliveries find it: otherwise failure lines would be the drill's own.
"""

LEAST_REST = 1.0

DOWN_AT_ONCE = 2
"""How many processes are down at the same time: more would only slow each other's start."""

UP_SECONDS = 90.0
LOOK_SECONDS = 0.05


@dataclass
class Killer:
    """``kills`` so far; ``between``: bounds of the pause before the next, in seconds; ``weights``: who is chosen."""

    house: House
    parts: Parts
    crowd: Crowd
    between: tuple[float, float]
    weights: Mapping[str, int]
    kills: list[Kill] = field(default_factory=list)
    _rested_at: dict[str, float] = field(default_factory=dict)
    _watching: set["asyncio.Task[None]"] = field(default_factory=set)

    async def run(self, count: int, until: float) -> None:
        """Kill ``count`` times, but not after ``until`` (monotonic seconds); return when all are up again."""
        while len(self.kills) < count and time.monotonic() < until:
            await asyncio.sleep(random.uniform(*self.between))
            if name := self._chosen():
                await self._kill(name)
        await asyncio.gather(*self._watching)

    def _chosen(self) -> str | None:
        if len(self._watching) >= DOWN_AT_ONCE:
            return None
        now = time.monotonic()
        rested = [name for name in MORTAL if self._rested_at.get(name, 0.0) <= now]
        if not rested:
            return None
        return random.choices(rested, [self.weights.get(name, 1) for name in rested])[0]

    async def _kill(self, name: str) -> None:
        cuts_sends = name == "store" or name in WORKERS
        before = await self._open_sends() if cuts_sends else ()
        kill = Kill(name, time.time())
        self._rested_at[name] = float("inf")
        is_up = await self.house.kill(name)
        self.kills.append(kill)
        # What was begun between the look and the blow shows only afterwards.
        after = await self._open_sends() if name in WORKERS else ()
        kill.open_sends = tuple({*before, *after})
        task = asyncio.create_task(self._until_up(name, kill, is_up))
        self._watching.add(task)
        task.add_done_callback(self._watching.discard)

    async def _until_up(self, name: str, kill: Kill, is_up: IsUp) -> None:
        deadline = time.monotonic() + UP_SECONDS
        while not await is_up():
            if time.monotonic() > deadline:
                raise RuntimeError(f"{name} did not come back within {UP_SECONDS:g} s.")
            await asyncio.sleep(LOOK_SECONDS)
        kill.up_at = time.time()
        if name == "store":
            kill.open_sends = tuple({*kill.open_sends, *await self._open_sends()})
        self._rested_at[name] = time.monotonic() + REST_SECONDS.get(name, LEAST_REST)

    async def _open_sends(self) -> tuple[OpenSend, ...]:
        """The bubbles that the store holds as being sent; none while it is away itself."""
        try:
            read = [await self.parts.conversations.read(openid) for openid in self.crowd.openids]
        except (StoreDown, RedisError, OSError):
            return ()
        return tuple(
            OpenSend(at.openid, bubble.id, bubble.text)
            for at in read
            for bubble in at.bubbles(Delivery.SENDING)
        )
