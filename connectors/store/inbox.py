"""Followers with something to do, and the workers who hold them: one worker a follower, none forgotten."""

import asyncio
import contextlib
import secrets
from typing import cast

from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeout

from bot.clock import Clock
from connectors.store.connection import Connection, StoreDown
from connectors.store.keys import Keys

ALIVE_SECONDS = 3
"""A worker that gave no sign of life for so long is taken for dead, and its followers are given to others."""

WAKE_AT_ONCE = 500


class Inbox:
    """One worker's view of what there is to do. Its name is new with every start, so that no lease is inherited."""

    def __init__(self, connection: Connection, account: str, clock: Clock) -> None:
        self._connection = connection
        self._redis = connection.redis
        self._keys = Keys(account)
        self._clock = clock
        self.worker = secrets.token_hex(8)

    async def take(self, seconds: float = 1.0) -> str | None:
        """The next follower, now held by this worker; None when there is nothing to do for ``seconds``."""
        with contextlib.suppress(RedisTimeout):
            ready, working = self._keys.ready(), self._keys.working(self.worker)
            # The server takes fractions of a second; the library's types do not know it.
            taken = await self._redis.blmove(ready, working, cast(int, seconds), "LEFT", "RIGHT")
            return cast(str | None, taken)
        return None

    async def release(self, openid: str) -> bool:
        """Let a served follower go; False when something has come in and the follower must be served again."""
        keys = self._keys
        version = await self._redis.hget(keys.conversation(openid), "version") or "0"
        names = [
            keys.working(self.worker),
            keys.scheduled(),
            keys.inbox(openid),
            keys.conversation(openid),
        ]
        return bool(await self._connection.run("release", names, [openid, version]))

    async def schedule(self, openid: str) -> None:
        """Put a follower in front of the workers."""
        await self._connection.run(
            "schedule", [self._keys.scheduled(), self._keys.ready()], [openid]
        )

    async def beat(self) -> None:
        """Give a sign of life, take back what dead workers held, and wake the followers whose time has come."""
        keys = self._keys
        await self._redis.set(keys.alive(self.worker), "1", ex=ALIVE_SECONDS)
        await self._redis.sadd(keys.workers(), self.worker)
        for worker in cast(set[str], await self._redis.smembers(keys.workers())):
            names = [keys.alive(worker), keys.working(worker), keys.ready(), keys.workers()]
            await self._connection.run("reclaim", names, [worker])
        wake = [keys.wake(), keys.scheduled(), keys.ready()]
        await self._connection.run("wake", wake, [self._clock.now(), WAKE_AT_ONCE])

    async def keep_beating(self, seconds: float = 0.5) -> None:
        """Beat for ever; while Redis is away, keep trying."""
        while True:
            with contextlib.suppress(RedisError, OSError, StoreDown):
                await self.beat()
            await asyncio.sleep(seconds)
