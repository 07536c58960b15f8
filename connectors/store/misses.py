"""What the bot did not know, as the transcripts and the agents' marks tell it."""

import json
import time
from collections.abc import AsyncIterator, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Any, cast

from redis.asyncio import Redis

from bot.intents import FALLBACK, OUT_OF_SCOPE
from bot.misses import MARKED, OUTSIDE, UNSURE, Miss
from connectors.store.keys import DAY, Keys
from connectors.store.retention import FOR_HALF_A_YEAR, Retention

REASONS = {FALLBACK: UNSURE, OUT_OF_SCOPE: OUTSIDE}
"""Which intents of a line make it a miss, and for what reason."""

JsonLine = dict[str, Any]


class Marks:
    """Which messages of its followers an account's agents have marked: the bot should have known these."""

    def __init__(self, redis: Redis, account: str, retention: Retention = FOR_HALF_A_YEAR) -> None:
        self._redis, self._keys, self._retention = redis, Keys(account), retention

    async def of(self, openid: str) -> Set[str]:
        """The marked messages of one follower, by their moments."""
        return cast(Set[str], await self._redis.smembers(self._keys.marks(openid)))

    async def toggle(self, openid: str, moment: str) -> None:
        """Mark the message of this moment, or take its mark away."""
        key = self._keys.marks(openid)
        if not await self._redis.srem(key, moment):
            pipe = self._redis.pipeline(transaction=True)
            pipe.sadd(key, moment)
            pipe.expire(key, self._retention.transcript_seconds)
            await pipe.execute()


@dataclass(frozen=True)
class Marked:
    """A marked exchange of a follower, and when its message was said (Unix seconds)."""

    openid: str
    at: float
    miss: Miss


async def marked(redis: Redis, account: str) -> AsyncIterator[Marked]:
    """All marked exchanges, as they lie there: neither masked nor sorted."""
    keys, marks = Keys(account), Marks(redis, account)
    async for key in redis.scan_iter(match=keys.marks("*"), count=500):
        openid = key.rpartition(":")[2]
        lines = [json.loads(raw) for raw in await redis.lrange(keys.transcript(openid), 0, -1)]
        chosen = await marks.of(openid)
        for number, line in enumerate(lines):
            if line["author"] == "follower" and moment(line["at"]) in chosen:
                yield Marked(openid, line["at"], _marked(lines, number))


async def recent_misses(redis: Redis, account: str, days: int) -> AsyncIterator[Miss]:
    """All misses of the last ``days``, as they lie there: neither masked nor sorted."""
    keys, marks, since = Keys(account), Marks(redis, account), time.time() - days * DAY
    async for key in redis.scan_iter(match=keys.transcript("*"), count=500):
        lines: list[JsonLine] = [json.loads(raw) for raw in await redis.lrange(key, 0, -1)]
        marked = await marks.of(key.rpartition(":")[2])
        for miss in _misses(lines, marked, since):
            yield miss


def _misses(lines: Sequence[JsonLine], marked: Set[str], since: float) -> Iterator[Miss]:
    for number, line in enumerate(lines):
        if line["author"] != "follower" or line["at"] < since:
            continue
        details = line.get("details") or {}
        if moment(line["at"]) in marked:
            yield _marked(lines, number)
        elif reason := REASONS.get(details.get("intent", "")):
            yield Miss(line["text"], reason, details.get("guess", ""))


def _marked(lines: Sequence[JsonLine], number: int) -> Miss:
    line = lines[number]
    details = line.get("details") or {}
    guess = details.get("guess") or details.get("intent") or ""
    return Miss(line["text"], MARKED, _guessed(guess), _answer(lines[number + 1 :]))


def moment(at: float) -> str:
    """How a mark names a message of one follower: by when it was said."""
    return repr(float(at))


def _guessed(intent: str) -> str:
    return "" if intent == FALLBACK else intent


def _answer(after: Sequence[JsonLine]) -> str:
    """What an agent said next, without the words that introduce the agent."""
    said = next((line for line in after if line["author"] == "agent"), None)
    return said["text"].removeprefix(said["details"].get("opening", "")) if said else ""
