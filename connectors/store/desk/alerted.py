"""What has been told about each follower, so that it is told once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from bot.desk.alarms import Alarm
from connectors.store.keys import ALERTED_SECONDS, ALERTS_TOLD, Keys


class Alerted:
    """The alarms given for the followers of one account. What names a follower goes when the follower is forgotten."""

    def __init__(self, redis: Redis, account: str) -> None:
        self._redis, self._keys = redis, Keys(account)

    async def of(self, openids: Sequence[str]) -> list[Mapping[str, str]]:
        """For each of these followers: alarm -> the moment that it was about."""
        pipe = self._redis.pipeline(transaction=False)
        for openid in openids:
            pipe.hgetall(self._keys.alerted(openid))
        return cast(list[Mapping[str, str]], await pipe.execute())

    def note(self, pipe: Pipeline, told: Iterable[tuple[str, Alarm, float]]) -> None:
        """Add to ``pipe`` that these alarms are given."""
        for openid, alarm, moment in told:
            pipe.hset(self._keys.alerted(openid), alarm, repr(moment))
            pipe.expire(self._keys.alerted(openid), ALERTED_SECONDS)


async def last_told(redis: Redis) -> Mapping[str, float]:
    """When each kind of alert was last decided for each team, by ``kind:team`` (Unix seconds)."""
    found = cast(dict[str, str], await redis.hgetall(ALERTS_TOLD))
    return {name: float(at) for name, at in found.items()}


def note_told(pipe: Pipeline, name: str, now: float) -> None:
    """Add to ``pipe`` that such an alert is decided at ``now``."""
    pipe.hset(ALERTS_TOLD, name, repr(now))
