"""Words that agents remember a follower by."""

from typing import cast

from redis.asyncio import Redis

from connectors.store.connection import reaching_the_store
from connectors.store.keys import Keys
from connectors.store.retention import FOR_HALF_A_YEAR, Retention

MOST_TAGS = 12
MOST_CHARACTERS = 20


class TooManyTags(Exception):
    """A follower has as many as a page can show."""


class Tags:
    """The tags of one account's followers."""

    def __init__(self, redis: Redis, account: str, retention: Retention = FOR_HALF_A_YEAR) -> None:
        self._redis, self._keys, self._retention = redis, Keys(account), retention

    async def of(self, openid: str) -> list[str]:
        """A follower's tags in order."""
        with reaching_the_store():
            return sorted(cast(set[str], await self._redis.smembers(self._keys.tags(openid))))

    async def add(self, openid: str, tag: str) -> None:
        """Add a tag. Raises TooManyTags and StoreDown."""
        key = self._keys.tags(openid)
        if len(await self.of(openid)) >= MOST_TAGS:
            raise TooManyTags
        with reaching_the_store():
            pipe = self._redis.pipeline(transaction=True)
            pipe.sadd(key, tag)
            pipe.expire(key, self._retention.conversation_seconds)
            pipe.publish(self._keys.desk(), openid)
            await pipe.execute()
            # Forgotten meanwhile: then nothing may be left behind.
            if not await self._redis.exists(self._keys.conversation(openid)):
                await self._redis.delete(key)

    async def remove(self, openid: str, tag: str) -> None:
        """Take a tag away. Raises StoreDown."""
        with reaching_the_store():
            await self._redis.srem(self._keys.tags(openid), tag)
            await self._redis.publish(self._keys.desk(), openid)
