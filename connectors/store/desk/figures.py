"""The reports' daily sums in Redis: each line of the ledger is read once, by whichever process looks first."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from pydantic import TypeAdapter
from redis.exceptions import WatchError

from bot.brand import days
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

    async def between(self, first: date, last: date) -> dict[date, Figures]:
        """The figures of each of these days, both ends included, up to the ledger's end. Raises StoreDown."""
        await self.catch_up()
        chosen = days(first, last)
        with reaching_the_store():
            written = await self.connection.redis.hmget(self._key, [f"{day}" for day in chosen])
        return {
            day: _FIGURES.validate_json(told) if told else Figures()
            for day, told in zip(chosen, written, strict=True)
        }

    async def catch_up(self) -> None:
        """Add what the ledger has got since, page by page; followers' messages go in between. Raises StoreDown."""
        with reaching_the_store():
            while await self._one_page():
                pass

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
            added = await asyncio.to_thread(_added, page)
            before = cast(list[str | None], await pipe.hmget(self._key, list(added)))
            sums = await asyncio.to_thread(_merged, added, before)
            pipe.multi()  # type: ignore[no-untyped-call]
            for field, value in (*sums.items(), (SEEN, page[-1][0])):
                pipe.hset(self._key, field, value)
            try:
                await pipe.execute()
            except WatchError:
                return True
        return len(page) == PAGE

    @property
    def _key(self) -> str:
        return Keys(self.account).figures()


def _added(page: _Page) -> dict[str, Figures]:
    added: dict[str, Figures] = {}
    for _, fields in page:
        entry = ENTRY.validate_python(fields)
        added.setdefault(f"{day_of(entry.at)}", Figures()).add(entry)
    return added


def _merged(added: Mapping[str, Figures], before: list[str | None]) -> dict[str, str]:
    for figures, written in zip(added.values(), before, strict=True):
        if written:
            figures.merge(_FIGURES.validate_json(written))
    return {
        day: _FIGURES.dump_json(figures, exclude_defaults=True).decode()
        for day, figures in added.items()
    }
