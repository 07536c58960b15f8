"""Who looks at a conversation just now, and who writes in it: signs that fade by themselves."""

import json
from dataclasses import dataclass
from typing import cast

from redis.asyncio import Redis

from connectors.store.connection import reaching_the_store
from connectors.store.keys import Keys

VIEWING_SECONDS = 40.0
"""A page gives a sign every quarter of a minute; one that is silent for so long is closed or asleep."""

TYPING_SECONDS = 8.0


@dataclass(frozen=True)
class Viewer:
    """An agent before a conversation."""

    agent: str
    is_typing: bool


class Viewers:
    """The viewers of one account's conversations; times in Unix seconds."""

    def __init__(self, redis: Redis, account: str) -> None:
        self._redis, self._keys = redis, Keys(account)

    async def sign(self, openid: str, agent: str, now: float, *, is_typing: bool) -> None:
        """An agent looks, or writes; pages hear of it when that is new. Raises StoreDown."""
        key, before = self._keys.viewers(openid), await self._at(openid, now)
        typed_at = now if is_typing else 0.0
        with reaching_the_store():
            pipe = self._redis.pipeline(transaction=True)
            pipe.hset(key, agent, json.dumps([now, typed_at]))
            pipe.expire(key, int(VIEWING_SECONDS) + 1)
            await pipe.execute()
        if before.get(agent) != is_typing:
            await self._tell(openid)

    async def leave(self, openid: str, agent: str) -> None:
        """An agent has closed the page. Raises StoreDown."""
        with reaching_the_store():
            was_there = await self._redis.hdel(self._keys.viewers(openid), agent)
        if was_there:
            await self._tell(openid)

    async def others(self, openid: str, agent: str, now: float) -> list[Viewer]:
        """Who is there besides this agent."""
        found = await self._at(openid, now)
        return [Viewer(name, found[name]) for name in sorted(found) if name != agent]

    async def _at(self, openid: str, now: float) -> dict[str, bool]:
        """Who is there, and whether each writes."""
        with reaching_the_store():
            signs = await self._redis.hgetall(self._keys.viewers(openid))
        told = {name: json.loads(sign) for name, sign in cast(dict[str, str], signs).items()}
        return {
            name: now - typed_at < TYPING_SECONDS
            for name, (seen_at, typed_at) in told.items()
            if now - seen_at < VIEWING_SECONDS
        }

    async def _tell(self, openid: str) -> None:
        with reaching_the_store():
            await self._redis.publish(self._keys.viewing(), openid)
