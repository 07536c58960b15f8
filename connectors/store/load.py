"""How much there is to do, as the store tells it: queues, their ages, living workers, and the ledger's figures."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import TypeAdapter

from bot.ledger import Entry
from bot.tally import Tally
from connectors.store.connection import Connection, reaching_the_store
from connectors.store.keys import Keys
from connectors.store.listed import LISTED

_ENTRY = TypeAdapter(Entry)

LOOKED_AT = 200
"""Of how many followers the oldest message is looked for: those served now, and the first who wait for a worker."""

PAGE = 500
"""Lines of the ledger that are read at once."""

PAUSE_SECONDS = 0.05
"""Between two pages: after a start the ledger is read whole, and followers' messages go before."""


@dataclass(frozen=True)
class Load:
    """One account's queues at one moment; ages in seconds, 0.0 where there is nothing."""

    waiting: int
    waiting_seconds: float
    inbox: int
    inbox_seconds: float
    aside: int
    workers: int


async def living_workers(connection: Connection, account: str) -> list[str]:
    """The workers of an account that give signs of life."""
    keys = Keys(account)
    with reaching_the_store():
        names = cast(list[str], await connection.redis.zrange(keys.workers(), 0, -1))
        if not names:
            return []
        signs = await connection.redis.mget([keys.alive(name) for name in names])
    return [name for name, sign in zip(names, signs, strict=True) if sign]


async def load_of(connection: Connection, account: str, now: float) -> Load:
    """The account's load at ``now`` (Unix seconds). Raises StoreDown."""
    keys = Keys(account)
    workers = await living_workers(connection, account)
    with reaching_the_store():
        pipe = connection.redis.pipeline(transaction=False)
        pipe.hvals(keys.listed())
        pipe.scard(keys.scheduled())
        pipe.llen(keys.aside())
        pipe.lrange(keys.ready(), 0, LOOKED_AT - 1)
        for worker in workers:
            pipe.lrange(keys.working(worker), 0, LOOKED_AT - 1)
        listed, inbox, aside, *lists = await pipe.execute()
        openids = [openid for listed in lists for openid in listed]
        oldest = await _oldest(connection, keys, openids)
    waiting = [each for each in map(LISTED.validate_json, listed) if each.is_waiting]
    since = min((each.since for each in waiting), default=now)
    return Load(
        len(waiting),
        max(0.0, now - since),
        inbox,
        max(0.0, now - oldest) if oldest else 0.0,
        aside,
        len(workers),
    )


async def _oldest(connection: Connection, keys: Keys, openids: Sequence[str]) -> float | None:
    """When the oldest unserved message of these followers was sent; None if there is none."""
    pipe = connection.redis.pipeline(transaction=False)
    for openid in openids:
        pipe.lindex(keys.inbox(openid), 0)
    heads: list[str | None] = await pipe.execute() if openids else []
    return min((float(json.loads(head)["sent_at"]) for head in heads if head), default=None)


@dataclass
class LedgerWatch:
    """One account's figures of the ledger, kept up by reading what was added since the last look."""

    connection: Connection
    account: str
    tally: Tally = field(default_factory=Tally)
    _seen: str = "0-0"

    async def catch_up(self) -> None:
        """Read what is new, page by page; nobody waits for it. Raises StoreDown."""
        while page := await self._next_page():
            for at, fields in page:
                self.tally.add(_ENTRY.validate_python(fields))
                self._seen = at
            if len(page) < PAGE:
                return
            await asyncio.sleep(PAUSE_SECONDS)

    async def _next_page(self) -> list[tuple[str, dict[str, Any]]]:
        with reaching_the_store():
            page = await self.connection.redis.xrange(
                Keys(self.account).ledger(), min=f"({self._seen}", count=PAGE
            )
        return cast(list[tuple[str, dict[str, Any]]], page)
