"""The brain's connection to Redis, and the keys it uses there."""

import os
from functools import lru_cache

from rasa.shared.exceptions import RasaException
from redis.asyncio import Redis

KEPT_SECONDS = 180 * 86400
"""A follower's tracker goes half a year after the last word, as the transcript does."""

TURN_SECONDS = 86400
"""A message is repeated within seconds; a day leaves room for any delay."""


class StoreMissing(RasaException):
    """The brain was not told where its Redis is."""


@lru_cache(maxsize=1)
def redis() -> Redis:
    """The process's connections. Raises StoreMissing when ``REDIS_URL`` is not set."""
    url = os.environ.get("REDIS_URL")
    if not url:
        raise StoreMissing("REDIS_URL is not set: the brain keeps its conversations there.")
    return Redis.from_url(url, decode_responses=True)


def tracker_key(sender_id: str) -> str:
    """String: a follower's recent events as JSON; ``sender_id`` is ``<account>:<openid>``."""
    account, _, openid = sender_id.partition(":")
    return f"bida:{{{account}}}:tracker:{openid}"


def turns_key(account: str, openid: str) -> str:
    """Hash, message id -> the answer that was given: what makes a repeated message harmless."""
    return f"bida:{{{account}}}:turns:{openid}"
