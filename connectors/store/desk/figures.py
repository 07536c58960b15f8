"""The reports' daily sums in Redis: each line of the ledger is read once, by whichever process looks first."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from pydantic import TypeAdapter
from redis.exceptions import WatchError

from bot.desk.figures import Figures, day_of
from connectors.store.connection import Connection, reaching_the_store
from connectors.store.entries import ENTRY
from connectors.store.keys import Keys

PAGE = 500
"""Lines of the ledger that are read at once."""

SEEN = "seen"
"""The field that tells up to which line the sums go; it is written together with them."""

_FIGURES = TypeAdapter(Figures)
_Page = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class FiguresShelf:
    """One account's figures by day. They hold counts alone: nothing of a follower, and so nothing to forget."""

    connection: Connection
    account: str

    async def between(self, first: date, last: date) -> list[Figures]:
        """The figures of these days, both ends included, kept up to the ledger's end. Raises StoreDown."""
        await self.catch_up()
        days = [
            f"{date.fromordinal(day)}" for day in range(first.toordinal(), last.toordinal() + 1)
        ]
        with reaching_the_store():
            written = await self.connection.redis.hmget(self._key, days) if days else []
        return [_FIGURES.validate_json(each) for each in written if each]

    async def catch_up(self) -> None:
        """Add what the ledger has got since, page by page; followers' messages go in between. Raises StoreDown."""
        with reaching_the_store():
            while await self._one_page():
                await asyncio.sleep(0)

    async def _one_page(self) -> bool:
        """Whether there may be more: also when another process was quicker with this page."""
        async with self.connection.redis.pipeline() as pipe:
            await pipe.watch(self._key)
            seen = cast(str | None, await pipe.hget(self._key, SEEN)) or "0-0"
            page = cast(
                _Page, await pipe.xrange(Keys(self.account).ledger(), min=f"({seen}", count=PAGE)
            )
            if not page:
                return False
            days = await asyncio.to_thread(_added, page)
            before = await pipe.hmget(self._key, list(days))
            sums = await asyncio.to_thread(_merged, days, before)
            pipe.multi()
            pipe.hset(self._key, mapping={**sums, SEEN: page[-1][0]})
            try:
                await pipe.execute()
            except WatchError:
                return True
        return len(page) == PAGE

    @property
    def _key(self) -> str:
        return Keys(self.account).figures()


def _added(page: _Page) -> dict[str, Figures]:
    days: dict[str, Figures] = {}
    for _, fields in page:
        entry = ENTRY.validate_python(fields)
        days.setdefault(f"{day_of(entry.at)}", Figures()).add(entry)
    return days


def _merged(days: Mapping[str, Figures], before: list[str | None]) -> dict[str, bytes]:
    for (_, figures), written in zip(days.items(), before, strict=True):
        if written:
            figures.merge(_FIGURES.validate_json(written))
    return {day: _FIGURES.dump_json(each, exclude_defaults=True) for day, each in days.items()}
