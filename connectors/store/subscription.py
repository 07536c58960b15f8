"""Hearing a channel of Redis, also over its restarts."""

import asyncio
from collections.abc import Awaitable, Callable

from redis.asyncio import Redis
from redis.exceptions import RedisError

from connectors.tasks import end

RETRY_SECONDS = 0.2


class Subscription:
    """Tells ``heard`` every message of one channel while it is open.

    ``begun`` runs after each new subscription: what was published before it, or in a gap, was missed.
    """

    def __init__(
        self,
        redis: Redis,
        channel: str,
        heard: Callable[[str], None],
        begun: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._redis, self._channel, self._heard, self._begun = redis, channel, heard, begun
        self._running: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin to listen."""
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop listening."""
        if self._running:
            await end(self._running)

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except (RedisError, OSError):
                await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self) -> None:
        async with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
            await channel.subscribe(self._channel)
            if self._begun:
                await self._begun()
            async for message in channel.listen():
                self._heard(message["data"])
