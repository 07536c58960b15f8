"""The truth of a follower stands in the follower's own keys; all else is an index and can be rebuilt from them.

Works beside running processes: each follower is put right at once, and read again if somebody was quicker.
"""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from redis.typing import EncodableT

from bot.conversation import Conversation
from bot.outbox import next_wake
from connectors.store.connection import Connection, reaching_the_store
from connectors.store.conversations import Conversations
from connectors.store.keys import Keys
from connectors.store.listed import listed_command, order_of


@dataclass(frozen=True)
class Repaired:
    """What a repair found."""

    followers: int
    strays: int
    """Entries of indexes about followers of whom nothing else is known."""


class Repair:
    """Rebuilds queue, wake, waiting, listed and scheduled of one account."""

    def __init__(self, connection: Connection, account: str) -> None:
        self._connection, self._redis = connection, connection.redis
        self._store = Conversations(connection, account)
        self._keys = self._store.keys

    async def run(self) -> Repaired:
        """Rebuild all indexes. Raises StoreDown."""
        with reaching_the_store():
            await self._find_workers()
            followers = {openid async for openid in self._followers()}
            for openid in followers:
                await self._one(openid)
            strays = await self._indexed() - followers
            for openid in strays:
                await self._one(openid)
        return Repaired(len(followers), len(strays))

    async def _find_workers(self) -> None:
        """A dead worker that nobody knows of would keep its followers for ever."""
        prefix = self._keys.working("")
        async for key in self._redis.scan_iter(match=f"{prefix}*", count=500):
            await self._redis.zadd(self._keys.workers(), {key[len(prefix) :]: time.time()}, nx=True)

    async def _followers(self) -> AsyncIterator[str]:
        for prefix in (self._keys.conversation(""), self._keys.inbox("")):
            async for key in self._redis.scan_iter(match=f"{prefix}*", count=500):
                yield key[len(prefix) :]

    async def _indexed(self) -> set[str]:
        keys = self._keys
        pipe = self._redis.pipeline(transaction=False)
        pipe.smembers(keys.scheduled())
        pipe.lrange(keys.ready(), 0, -1)
        pipe.zrange(keys.wake(), 0, -1)
        pipe.zrange(keys.waiting(), 0, -1)
        pipe.hkeys(keys.listed())
        return {openid for index in await pipe.execute() for openid in index}

    async def _one(self, openid: str) -> None:
        keys = self._keys
        names = [keys.conversation(openid), keys.inbox(openid)]
        names += [keys.wake(), keys.waiting(), keys.listed()]
        names += [keys.scheduled(), keys.ready(), keys.workers()]
        is_done = False
        while not is_done:
            conversation = await self._store.read(openid)
            args: list[EncodableT] = [openid, conversation.version, keys.working("")]
            args += _indexed(keys, conversation)
            is_done = bool(await self._connection.run("repair", names, args))


def _indexed(keys: Keys, conversation: Conversation) -> list[str]:
    """What ``wake``, ``waiting`` and ``listed`` are to say; empty for nothing."""
    due, order = next_wake(conversation), order_of(conversation)
    command, *_, shown = listed_command(keys, conversation)
    return [
        "" if due is None else repr(due),
        "" if order is None else repr(order),
        shown if command == "HSET" else "",
    ]
