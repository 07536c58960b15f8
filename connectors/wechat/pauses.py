"""Times in which nothing is sent for an account, known to all its processes."""

import math

from redis.asyncio import Redis

from connectors.store.connection import reaching_the_store
from connectors.store.keys import Keys


class Pauses:
    """The pause of one account, kept in Redis: what refuses one message would refuse the others too."""

    def __init__(self, redis: Redis, account: str) -> None:
        self._redis, self._key = redis, Keys(account).pause()

    async def until(self) -> float:
        """When the present pause ends (Unix seconds); 0.0 without one. Raises StoreDown."""
        with reaching_the_store():
            return float(await self._redis.get(self._key) or 0)

    async def begin(self, now: float, until: float) -> None:
        """Begin a pause. Raises StoreDown."""
        with reaching_the_store():
            await self._redis.set(self._key, repr(until), ex=max(1, math.ceil(until - now)))
