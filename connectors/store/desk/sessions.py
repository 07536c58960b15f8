"""Who is logged in where: an index of each agent's sessions, without the secrets that open them."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

from pydantic import TypeAdapter
from redis.asyncio import Redis

from connectors.store.keys import sessions_of

NOTED_SECONDS = 30.0
"""How exactly it is known when a session was last seen: a page asks more often than is worth writing down."""


@dataclass(frozen=True)
class Opened:
    """A session; times in Unix seconds. ``fingerprint`` is that of the password it was opened with."""

    number: str
    fingerprint: str
    since: float
    address: str = ""
    browser: str = ""
    seen: float = 0.0


_OPENED = TypeAdapter(Opened)


@dataclass(frozen=True)
class Sessions:
    """The index is the truth: a session that is not in it has ended, whoever still has its cookie.

    A session ends ``lifetime_seconds`` after its log-in, and ``idle_seconds`` after its last page. Time is that of the
    machine: a clock that is moved for a rehearsal logs nobody out.
    """

    redis: Redis
    lifetime_seconds: float
    idle_seconds: float
    now: Callable[[], float] = time.time

    async def begin(self, agent: str, fingerprint: str, address: str, browser: str) -> Opened:
        """Note a log-in."""
        now = self.now()
        opened = Opened(secrets.token_hex(8), fingerprint, now, address, browser[:300], now)
        await self.of(agent)
        pipe = self.redis.pipeline(transaction=True)
        pipe.hset(sessions_of(agent), opened.number, _OPENED.dump_json(opened))
        pipe.expire(sessions_of(agent), int(self.lifetime_seconds))
        await pipe.execute()
        return opened

    async def look(self, agent: str, number: str) -> Opened | None:
        """The session, which is seen at this moment; None once it has ended."""
        written, seen = cast(
            tuple[str | None, str | None],
            await self.redis.hmget(sessions_of(agent), [number, _seen(number)]),
        )
        opened = _opened(written, seen)
        if opened is None or not self._is_alive(opened):
            return None
        if self.now() - opened.seen > NOTED_SECONDS:
            # A field of its own: what was ended in this moment does not come back by it.
            await self.redis.hset(sessions_of(agent), _seen(number), repr(self.now()))
        return opened

    async def of(self, agent: str) -> list[Opened]:
        """An agent's sessions, those seen last first; what has ended by itself is cleared away."""
        fields = cast(dict[str, str], await self.redis.hgetall(sessions_of(agent)))
        every = {
            number: _opened(written, fields.get(_seen(number)))
            for number, written in fields.items()
            if ":" not in number
        }
        living = [each for each in every.values() if each and self._is_alive(each)]
        known = {each.number for each in living}
        dead = [field for field in fields if field.partition(":")[0] not in known]
        if dead:
            await self.redis.hdel(sessions_of(agent), *dead)
        return sorted(living, key=lambda each: -each.seen)

    async def end(self, agent: str, number: str) -> None:
        """End one session."""
        await self.redis.hdel(sessions_of(agent), number, _seen(number))

    async def end_all(self, agent: str, but: str = "") -> None:
        """End all sessions of an agent, except the one with the number ``but``."""
        for opened in await self.of(agent):
            if opened.number != but:
                await self.end(agent, opened.number)

    def _is_alive(self, opened: Opened) -> bool:
        now = self.now()
        is_young = now - opened.since < self.lifetime_seconds
        return is_young and now - opened.seen < self.idle_seconds


def _opened(written: str | None, seen: str | None) -> Opened | None:
    if written is None:
        return None
    opened = _OPENED.validate_json(written)
    return replace(opened, seen=float(seen)) if seen else opened


def _seen(number: str) -> str:
    return f"{number}:seen"
