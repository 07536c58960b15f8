"""A clock that several processes move together: real time plus an offset kept in Redis, for the demo and the tests."""

import contextlib
import time

from redis.asyncio import Redis
from redis.exceptions import RedisError

from connectors.store.keys import CLOCK_OFFSET
from connectors.store.subscription import Subscription


class SimulatedClock:
    """Real time plus the shared offset in seconds."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._offset = 0.0
        self._changes = Subscription(redis, CLOCK_OFFSET, self._set, self._read)

    def now(self) -> float:
        """The present moment of the simulation in Unix seconds."""
        return time.time() + self._offset

    async def open(self) -> None:
        """Read the offset and follow its changes; while Redis is away, the last one known counts."""
        with contextlib.suppress(RedisError, OSError):
            await self._read()
        await self._changes.open()

    async def close(self) -> None:
        """Stop following."""
        await self._changes.close()

    async def _read(self) -> None:
        self._set(await self._redis.get(CLOCK_OFFSET) or "0")

    def _set(self, offset: str | bytes) -> None:
        self._offset = float(offset)
