"""The ledger's retention: enquiries that ended long ago go whole, so that the proof for the rest stays sound."""

from typing import cast

from bot.ledger import Event
from connectors.store.connection import Connection, reaching_the_store
from connectors.store.keys import DAY, Keys

PAGE = 1000


class OldEntries:
    """Removes what the ledger tells of enquiries that ended more than ``days`` ago; None keeps all."""

    def __init__(self, connection: Connection, account: str, days: int | None) -> None:
        self._redis, self._keys, self._days = connection.redis, Keys(account), days
        self._next = 0.0

    async def step(self, now: float) -> None:
        """Look once a day."""
        if self._days is None or now < self._next:
            return
        with reaching_the_store():
            await self._remove(now - self._days * DAY)
        self._next = now + DAY

    async def _remove(self, before: float) -> None:
        """An enquiry whose end is old is old in all its entries; one that is still open or ended later stays."""
        entries = await self._older_than(before)
        ended = {told["enquiry"] for _, told in entries if told["event"] == Event.CLOSED}
        gone = [number for number, told in entries if told["enquiry"] in ended]
        for start in range(0, len(gone), PAGE):
            await self._redis.xdel(self._keys.ledger(), *gone[start : start + PAGE])

    async def _older_than(self, before: float) -> list[tuple[str, dict[str, str]]]:
        """By the entries' own time: the business clock may differ from Redis'."""
        found: list[tuple[str, dict[str, str]]] = []
        start = "-"
        while page := await self._page(start):
            old = [entry for entry in page if float(entry[1]["at"]) < before]
            found += old
            if len(old) < len(page):
                break
            start = f"({page[-1][0]}"
        return found

    async def _page(self, start: str) -> list[tuple[str, dict[str, str]]]:
        page = await self._redis.xrange(self._keys.ledger(), min=start, count=PAGE)
        return cast(list[tuple[str, dict[str, str]]], page)
