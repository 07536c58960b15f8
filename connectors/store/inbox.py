"""Followers with something to do, and the workers who hold them: one worker a follower, none forgotten."""

import contextlib
import secrets
from collections.abc import Collection
from typing import cast

from redis.exceptions import TimeoutError as RedisTimeout
from redis.typing import EncodableT

from bot.clock import Clock
from bot.conversation import Conversation
from connectors.store.connection import Connection
from connectors.store.keys import Keys
from connectors.store.retention import FOR_HALF_A_YEAR, Retention

ALIVE_SECONDS = 3
"""A worker that gave no sign of life for so long is taken for dead, and its followers are given to others."""

FORGOTTEN_SECONDS = 3600
"""A worker silent for so long will not come back."""

WAKE_AT_ONCE = 500


class Inbox:
    """One worker's view of what there is to do. Its name is new with every start, so that no lease is inherited."""

    def __init__(
        self,
        connection: Connection,
        account: str,
        clock: Clock,
        retention: Retention = FOR_HALF_A_YEAR,
    ) -> None:
        self._retention = retention
        self._connection = connection
        self._redis = connection.redis
        self._keys = Keys(account)
        self._clock = clock
        self.worker = secrets.token_hex(8)
        self._unserved: set[str] = set()

    async def take(self, seconds: float = 1.0) -> str | None:
        """The next follower, now held by this worker; None when there is nothing to do for ``seconds``."""
        with contextlib.suppress(RedisTimeout):
            ready, working = self._keys.ready(), self._keys.working(self.worker)
            # The server takes fractions of a second; the library's types do not know it.
            taken = await self._redis.blmove(ready, working, cast(int, seconds), "LEFT", "RIGHT")
            return cast(str | None, taken)
        return None

    async def release(self, served: Conversation) -> bool:
        """Let a follower go; False when something has come in since ``served``: then serve again."""
        keys, openid = self._keys, served.openid
        names = [
            keys.working(self.worker),
            keys.scheduled(),
            keys.inbox(openid),
            keys.conversation(openid),
        ]
        return bool(await self._connection.run("release", names, [openid, served.version]))

    async def set_aside(self, openid: str) -> None:
        """Take the oldest message, which nothing can be done with, out of the way; it is kept for a look."""
        names = [self._keys.inbox(openid), self._keys.aside()]
        await self._connection.run_durably("set_aside", names, [self._retention.aside_seconds])

    async def schedule(self, openid: str) -> None:
        """Put a follower in front of the workers."""
        await self._connection.run(
            "schedule", [self._keys.scheduled(), self._keys.ready()], [openid]
        )

    async def beat(self, serving: Collection[str] = ()) -> None:
        """Give a sign of life, take back what dead workers held, and wake the followers whose time has come.

        ``serving`` are the followers that this worker knows it holds: what it holds besides is given back.
        """
        keys = self._keys
        names = [keys.workers(), keys.ready(), keys.alive(self.worker)]
        prefixes = [keys.alive(""), keys.working("")]
        args: list[EncodableT] = [self.worker, ALIVE_SECONDS, *prefixes, FORGOTTEN_SECONDS]
        await self._connection.run("beat", names, args)
        await self._give_back_lost(serving)
        wake = [keys.wake(), keys.scheduled(), keys.ready()]
        await self._connection.run("wake", wake, [self._clock.now(), WAKE_AT_ONCE])

    async def _give_back_lost(self, serving: Collection[str]) -> None:
        """A taking whose answer was lost leaves its follower held and unserved; seen so twice, it is given back."""
        names = [self._keys.working(self.worker), self._keys.ready()]
        held = cast(list[str], await self._redis.lrange(names[0], 0, -1))
        unserved = set(held) - set(serving)
        for openid in unserved & self._unserved:
            await self._connection.run("give_back", names, [openid])
        self._unserved = unserved
