"""The audit log in Redis: who saw and changed what at the desk, and when."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import cast

from pydantic import TypeAdapter
from redis.asyncio import Redis

from connectors.store.connection import reaching_the_store
from connectors.store.keys import AUDIT, DAY, seen_lately

PAGE = 500
MOST_PAGES = 40
"""So far back one look goes: a filter that fits nothing does not read the whole log at once."""

Page = list[tuple[str, dict[str, str]]]

AGAIN_SECONDS = 600
"""Looking again within so long is the same looking."""


@dataclass(frozen=True)
class Entry:
    """One line. ``agent`` is a log-in name, empty for a stranger; ``action`` the route's name or an event.

    ``account`` and ``alias`` stand for a follower, whose openid is not here; ``about`` names what else was changed.
    """

    at: float
    agent: str
    action: str
    account: str = ""
    alias: str = ""
    about: str = ""
    address: str = ""
    id: str = ""


@dataclass(frozen=True)
class Wanted:
    """Which entries are looked for; an empty field fits all. ``since`` and ``until`` in Unix seconds."""

    agent: str = ""
    action: str = ""
    alias: str = ""
    since: float = 0.0
    until: float = float("inf")

    def fits(self, entry: Entry) -> bool:
        """Whether an entry is one of them."""
        return (
            self.agent in {"", entry.agent}
            and self.action in {"", entry.action}
            and self.alias in {"", entry.alias}
            and self.since <= entry.at < self.until
        )


_ENTRY = TypeAdapter(Entry)


@dataclass(frozen=True)
class AuditLog:
    """Writes and reads the log."""

    redis: Redis

    async def write(self, entry: Entry) -> None:
        """Add an entry."""
        fields = {"at": repr(entry.at), "agent": entry.agent, "action": entry.action}
        more = {
            "account": entry.account,
            "alias": entry.alias,
            "about": entry.about,
            "address": entry.address,
        }
        await self.redis.xadd(
            AUDIT,
            fields | {name: value for name, value in more.items() if value},  # type: ignore[arg-type]
        )

    async def is_first_look(self, who: str, what: str) -> bool:
        """Whether this has not been looked at by the same person in the last minutes."""
        return bool(await self.redis.set(seen_lately(who, what), "1", nx=True, ex=AGAIN_SECONDS))

    async def page(self, wanted: Wanted, before: str, count: int) -> tuple[list[Entry], str]:
        """The newest entries before the one with the id ``before``, and where the next page begins (empty: nowhere)."""
        found: list[Entry] = []
        last = before
        async for last, entry in self._back(before):
            if wanted.fits(entry):
                found.append(entry)
            if len(found) == count:
                return found, last
        return found, last if await self._is_more(last) and last != before else ""

    async def forget_before(self, at: float) -> None:
        """Let go what was written before ``at`` (Unix seconds), by the entries' own time."""
        with reaching_the_store():
            while page := cast(Page, await self.redis.xrange(AUDIT, count=PAGE)):
                old = [number for number, told in page if float(told["at"]) < at]
                if old:
                    await self.redis.xdel(AUDIT, *old)
                if len(old) < len(page):
                    break

    async def _back(self, before: str) -> AsyncIterator[tuple[str, Entry]]:
        end = f"({before}" if before else "+"
        for _ in range(MOST_PAGES):
            page = cast(Page, await self.redis.xrevrange(AUDIT, max=end, count=PAGE))
            for number, fields in page:
                yield number, replace(_ENTRY.validate_python(fields), id=number)
            if len(page) < PAGE:
                return
            end = f"({page[-1][0]}"

    async def _is_more(self, last: str) -> bool:
        return bool(last and await self.redis.xrevrange(AUDIT, max=f"({last}", count=1))


@dataclass
class OldAudit:
    """Lets go what the log has held for ``days``."""

    log: AuditLog
    days: int
    _next: float = 0.0

    async def step(self, now: float) -> None:
        """Look once a day."""
        if now >= self._next:
            await self.log.forget_before(now - self.days * DAY)
            self._next = now + DAY
