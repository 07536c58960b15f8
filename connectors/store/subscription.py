"""Hearing a channel of Redis, also over its restarts."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

LOOK_SECONDS = 0.5
"""How often a listener looks up from waiting, to see whether it should end.

It is not cancelled: redis-py 8 was seen to lose a cancellation that arrives while it waits for a message. The answer to
an unsubscription wakes it.
"""

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
        self._is_closing = False
        self._running: asyncio.Task[None] | None = None
        self._listening: PubSub | None = None

    async def open(self) -> None:
        """Begin to listen."""
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop listening."""
        self._is_closing = True
        line = self._listening and self._listening.connection
        if self._listening and line and line.is_connected:
            with contextlib.suppress(RedisError, OSError):
                await self._listening.unsubscribe()
        if self._running:
            await self._running

    async def _run(self) -> None:
        while not self._is_closing:
            try:
                await self._listen()
            except (RedisError, OSError):
                await asyncio.sleep(RETRY_SECONDS)
            finally:
                self._listening = None

    async def _listen(self) -> None:
        async with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
            await channel.subscribe(self._channel)
            self._listening = channel
            if self._begun:
                await self._begun()
            while not self._is_closing:
                message = await channel.get_message(timeout=LOOK_SECONDS)
                if message:
                    self._heard(message["data"])
