"""What the bot did not know, as the transcripts and the agents' marks tell it."""

import json
import time
from collections.abc import AsyncIterator
from typing import Any

from redis.asyncio import Redis

from bot.intents import FALLBACK, OUT_OF_SCOPE
from bot.misses import MARKED, OUTSIDE, UNSURE, Miss
from connectors.store.keys import DAY, Keys

REASONS = {FALLBACK: UNSURE, OUT_OF_SCOPE: OUTSIDE}
"""Which intents of a line make it a miss, and for what reason."""


async def recent_misses(redis: Redis, account: str, days: int) -> AsyncIterator[Miss]:
    """All misses of the last ``days``, as they lie there: neither masked nor sorted."""
    keys, since = Keys(account), time.time() - days * DAY
    for raw in await redis.lrange(keys.marked(), 0, -1):
        told = json.loads(raw)
        if told["at"] >= since:
            yield Miss(told["text"], MARKED, told["guess"], told["answer"])
    async for key in redis.scan_iter(match=keys.transcript("*"), count=500):
        for raw in await redis.lrange(key, 0, -1):
            line: dict[str, Any] = json.loads(raw)
            details = line.get("details") or {}
            reason = REASONS.get(details.get("intent", ""))
            if reason and line["author"] == "follower" and line["at"] >= since:
                yield Miss(line["text"], reason, details.get("guess", ""))
