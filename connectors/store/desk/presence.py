"""Agents' presence in Redis: what each has chosen, and when a page of theirs last showed a sign of life.

Whatever changes is published, so that open pages follow; that somebody has fallen silent is said by whoever notices.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from redis.asyncio import Redis

from bot.clock import Clock
from bot.desk.presence import CHOICES, State
from connectors.store.keys import PRESENCE, PRESENCE_NEWS, SIGNS

SIGN_SECONDS = 10.0
"""Signs that follow one another more quickly are one: an agent's page asks for several things at once."""


@dataclass(frozen=True)
class Presence:
    """Reads and writes presence; it is the same for all accounts.

    ``offline_seconds``: so long after the last sign an agent counts as offline. Browsers put pages to sleep, and that
    must not throw anybody out.
    """

    redis: Redis
    clock: Clock
    offline_seconds: float
    _signs: dict[str, float] = field(default_factory=dict)

    async def choose(self, name: str, state: State) -> None:
        """The agent says so; it stands until it is changed. Raises ValueError for ``offline``, which is not chosen."""
        if state not in CHOICES:
            raise ValueError(f"{state} cannot be chosen")
        await self.redis.hset(PRESENCE, name, str(state))
        await self.tell(name)

    async def chosen(self, name: str) -> State:
        """What the agent has chosen. Who has never chosen is available: an open page means work."""
        chosen = cast(str | None, await self.redis.hget(PRESENCE, name))
        return State(chosen or State.AVAILABLE)

    async def sign(self, name: str) -> None:
        """A page of the agent has just been heard of."""
        now = self.clock.now()
        if 0 <= now - self._signs.get(name, 0.0) < SIGN_SECONDS:
            return
        pipe = self.redis.pipeline(transaction=True)
        pipe.zscore(SIGNS, name)
        pipe.zadd(SIGNS, {name: now})
        before, _ = cast(tuple[float | None, int], await pipe.execute())
        self._signs[name] = now
        if before is None or before <= now - self.offline_seconds:
            await self.tell(name)

    async def leave(self, name: str) -> None:
        """The agent has logged out: offline at once."""
        self._signs.pop(name, None)
        await self.redis.zrem(SIGNS, name)
        await self.tell(name)

    async def tell(self, name: str) -> None:
        """Let the pages know that this agent's presence has changed."""
        await self.redis.publish(PRESENCE_NEWS, name)

    async def of(self, name: str) -> State:
        """One agent's presence."""
        return (await self.all()).get(name, State.OFFLINE)

    async def all(self) -> Mapping[str, State]:
        """The presence of all who have ever been here; whoever is missing is offline."""
        pipe = self.redis.pipeline(transaction=False)
        pipe.hgetall(PRESENCE)
        pipe.zrange(SIGNS, 0, -1, withscores=True)
        chosen, signs = cast(tuple[dict[str, str], list[tuple[str, float]]], await pipe.execute())
        past, seen = self.clock.now() - self.offline_seconds, dict(signs)
        return {
            name: State(chosen.get(name, State.AVAILABLE))
            if seen.get(name, past) > past
            else State.OFFLINE
            for name in chosen.keys() | seen.keys()
        }
