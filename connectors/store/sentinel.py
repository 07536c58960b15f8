"""A pool of connections to one Redis, or to whichever of several the sentinels call their master."""

from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool

from bot.sentinel_url import is_watched, watched

SENTINEL_SECONDS = 1.0
"""How long one sentinel may take to answer; then the next is asked."""


class WatchedPool(SentinelConnectionPool, BlockingConnectionPool):
    """Connections to the present master; who finds all in use waits, as with a single Redis."""

    async def aclose(self) -> None:
        """Close the connections to the sentinels too."""
        await super().aclose()
        await self.sentinel_manager.aclose()


def open_redis(url: str, *, timeout: float = 20, **options: Any) -> Redis:
    """A client of the Redis at ``url``, over a pool of its own that it closes with itself.

    ``timeout``: how long one waits for a free connection, in seconds.
    """
    if not is_watched(url):
        return Redis.from_pool(BlockingConnectionPool.from_url(url, timeout=timeout, **options))
    told = watched(url)
    asking = {
        "socket_timeout": SENTINEL_SECONDS,
        "socket_connect_timeout": SENTINEL_SECONDS,
        "decode_responses": True,
    }
    manager = Sentinel(told.sentinels, sentinel_kwargs=asking)  # type: ignore[no-untyped-call]
    pool = WatchedPool(  # type: ignore[no-untyped-call]
        told.name,
        manager,
        timeout=timeout,
        db=told.database,
        username=told.username,
        password=told.password,
        ssl=told.is_encrypted,
        **options,
    )
    return Redis.from_pool(pool)
