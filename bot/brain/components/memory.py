"""What the brain keeps in Redis, and under which keys: a follower's recent events and answered messages."""

import os
import time
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any, TypeVar

from bot.sentinel_url import Watched, is_watched, watched
from rasa.shared.exceptions import RasaException
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as ConnectionLost

T = TypeVar("T")

DAY = 86400

KEPT_SECONDS = int(os.environ.get("KEEP_CONVERSATION_DAYS") or 180) * DAY
"""A follower's tracker goes when the conversation does."""

PATIENCE_SECONDS = 5.0
"""How long Redis may take: after that the turn has failed, and the connector finds a person."""


class StoreMissing(RasaException):
    """The brain was not told where its Redis is."""


@lru_cache(maxsize=1)
def redis() -> Redis:
    """The process's connections. Raises StoreMissing when ``REDIS_URL`` is not set."""
    url = os.environ.get("REDIS_URL")
    if not url:
        raise StoreMissing("REDIS_URL is not set: the brain keeps its conversations there.")
    options: dict[str, Any] = {
        "decode_responses": True,
        "socket_timeout": PATIENCE_SECONDS,
        "socket_connect_timeout": PATIENCE_SECONDS,
        # Redis may be starting again, which takes a second or two; all we write may be written twice.
        "retry": Retry(ExponentialBackoff(cap=0.5, base=0.05), 8),
        "retry_on_error": [ConnectionLost],
    }
    return _master(watched(url), options) if is_watched(url) else Redis.from_url(url, **options)


def _master(told: Watched, options: "dict[str, Any]") -> Redis:
    """Whichever server the sentinels call master at the moment."""
    asking = {"socket_timeout": 1.0, "socket_connect_timeout": 1.0}
    login = {"username": told.username, "password": told.password, "ssl": told.is_encrypted}
    sentinels = Sentinel(told.sentinels, sentinel_kwargs=asking)
    return sentinels.master_for(told.name, db=told.database, **login, **options)


def tracker_key(sender_id: str) -> str:
    """String: a follower's recent events as JSON. Lives KEPT_SECONDS after the last turn."""
    return _key(sender_id, "tracker")


def turns_keys(sender_id: str) -> "tuple[str, str]":
    """Two hashes, message id -> the turn as JSON: today's and yesterday's (UTC), each living two days.

    A message is known for a day at least, and the busiest follower's hash does not grow for ever.
    """
    today = int(time.time()) // DAY
    return _key(sender_id, f"turns:{today}"), _key(sender_id, f"turns:{today - 1}")


async def stored_turn(sender_id: str, message_id: str) -> "str | None":
    """What was answered to this message, if it was."""

    async def read() -> "list[str | None]":
        pipe = redis().pipeline(transaction=False)
        for key in turns_keys(sender_id):
            pipe.hget(key, message_id)
        return await pipe.execute()

    return next((turn for turn in await _surely(read) if turn), None)


async def keep_turn(sender_id: str, events: str, message_id: str, turn: str) -> None:
    """Keep events and answer together: a message is either answered and remembered, or neither."""
    today, _ = turns_keys(sender_id)

    async def write() -> None:
        pipe = redis().pipeline(transaction=True)
        pipe.set(tracker_key(sender_id), events, ex=KEPT_SECONDS)
        pipe.hset(today, message_id, turn)
        pipe.expire(today, 2 * DAY)
        await pipe.execute()

    await _surely(write)


async def _surely(work: Callable[[], Awaitable[T]]) -> T:
    """Do it again on a new connection if the old one is lost. What is done so may be done twice.

    A restart of Redis leaves the pooled connections dead, and redis-py 4 repeats single commands only.
    """
    try:
        return await work()
    except ConnectionLost:
        await redis().connection_pool.disconnect(inuse_connections=False)
        return await work()


async def forget(sender_id: str) -> None:
    """Erase all that is kept of a follower."""
    await redis().delete(tracker_key(sender_id), *turns_keys(sender_id))


def _key(sender_id: str, part: str) -> str:
    """``sender_id`` is ``<account>:<openid>``; the account is the hash tag, as in all keys of the project."""
    account, _, openid = sender_id.partition(":")
    return f"bida:{{{account}}}:{part}:{openid}"
