"""A clock that several processes move together: real time plus an offset kept in Redis, for the demo and the tests."""

import asyncio
import contextlib
import time

from redis.asyncio import Redis
from redis.exceptions import RedisError

from connectors.store.keys import CLOCK_OFFSET


class SimulatedClock:
    """Real time plus the shared offset in seconds."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._offset = 0.0
        self._following: asyncio.Task[None] | None = None

    def now(self) -> float:
        """The present moment of the simulation in Unix seconds."""
        return time.time() + self._offset

    async def open(self) -> None:
        """Read the offset and follow its changes; while Redis is away, the last one known counts."""
        with contextlib.suppress(RedisError, OSError):
            self._offset = float(await self._redis.get(CLOCK_OFFSET) or 0)
        self._following = asyncio.create_task(self._follow())

    async def close(self) -> None:
        """Stop following."""
        if self._following:
            self._following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._following

    async def _follow(self) -> None:
        while True:
            try:
                await self._listen()
            except (RedisError, OSError):
                await asyncio.sleep(0.5)

    async def _listen(self) -> None:
        async with self._redis.pubsub() as channel:
            await channel.subscribe(CLOCK_OFFSET)
            self._offset = float(await self._redis.get(CLOCK_OFFSET) or 0)
            async for message in channel.listen():
                if message["type"] == "message":
                    self._offset = float(message["data"])
