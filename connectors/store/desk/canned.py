"""Replies that agents keep at hand, shared ones and their own."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from pydantic import TypeAdapter
from redis.asyncio import Redis

from connectors.store.connection import reaching_the_store
from connectors.store.keys import CANNED


@dataclass(frozen=True)
class Canned:
    """A reply at hand: typed as ``/shortcut``. ``owner`` is the agent whose own it is; empty for a shared one."""

    id: str
    shortcut: str
    text: str
    owner: str = ""


_CANNED = TypeAdapter(Canned)


class ShortcutTaken(Exception):
    """Another reply that the same people see has this shortcut."""


@dataclass(frozen=True)
class CannedShelf:
    """Reads and writes the canned replies; they are the same for all accounts."""

    redis: Redis

    async def of(self, agent: str) -> Sequence[Canned]:
        """What an agent has at hand: the shared ones and their own, by shortcut."""
        seen = [each for each in await self._all() if each.owner in ("", agent)]
        return sorted(seen, key=lambda each: (each.shortcut, each.owner))

    async def find(self, id: str) -> Canned | None:
        """One reply."""
        with reaching_the_store():
            found = await self.redis.hget(CANNED, id)
        return _CANNED.validate_json(found) if found else None

    async def put(self, canned: Canned) -> Canned:
        """Add a reply, which gets its id, or change one. Raises ShortcutTaken and StoreDown."""
        kept = replace(canned, id=canned.id or secrets.token_hex(8))
        if any(_collides(kept, other) for other in await self._all()):
            raise ShortcutTaken
        with reaching_the_store():
            await self.redis.hset(CANNED, kept.id, _CANNED.dump_json(kept).decode())
        return kept

    async def remove(self, id: str) -> None:
        """Remove a reply. Raises StoreDown."""
        with reaching_the_store():
            await self.redis.hdel(CANNED, id)

    async def remove_own(self, agent: str) -> None:
        """Remove an agent's own ones. Raises StoreDown."""
        for each in await self._all():
            if agent and each.owner == agent:
                await self.remove(each.id)

    async def _all(self) -> Sequence[Canned]:
        with reaching_the_store():
            written = cast(list[str], await self.redis.hvals(CANNED))
        return [_CANNED.validate_json(each) for each in written]


def _collides(one: Canned, other: Canned) -> bool:
    return one.id != other.id and (one.shortcut, one.owner) == (other.shortcut, other.owner)
