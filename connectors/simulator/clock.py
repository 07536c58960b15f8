"""A clock that testers move, and its offset for the other processes of an installation."""

import time
from dataclasses import dataclass

from redis.asyncio import Redis

from connectors.store.keys import CLOCK_OFFSET


@dataclass
class MovableClock:
    """Real time plus ``offset`` seconds."""

    offset: float = 0.0

    def now(self) -> float:
        """The simulated moment in Unix seconds."""
        return time.time() + self.offset


@dataclass(frozen=True)
class SharedOffset:
    """The offset in Redis: a key, and a channel of the same name that tells of changes."""

    redis: Redis | None

    async def read(self) -> float:
        """The offset in seconds that was left there, else 0: time must not jump back at a restart."""
        if self.redis is None:
            return 0.0
        return float(await self.redis.get(CLOCK_OFFSET) or 0)

    async def write(self, offset: float) -> None:
        """Tell every process. Raises RedisError."""
        if self.redis is not None:
            await self.redis.set(CLOCK_OFFSET, repr(offset))
            await self.redis.publish(CLOCK_OFFSET, repr(offset))

    async def close(self) -> None:
        """Close the connection."""
        if self.redis is not None:
            await self.redis.aclose()
