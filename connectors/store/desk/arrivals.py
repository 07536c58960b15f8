"""Arrivals in Redis: who was asked to be at the door, and who will."""

from collections.abc import Callable
from typing import cast

from pydantic import TypeAdapter
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from bot.desk.arrivals import Arrival
from connectors.store.keys import ALERTED_SECONDS, Keys

_ARRIVAL = TypeAdapter(Arrival)


class ArrivalShelf:
    """The arrivals of one account's followers, one each; they go when the follower is forgotten."""

    def __init__(self, redis: Redis, account: str) -> None:
        self._redis, self._keys = redis, Keys(account)

    async def of(self, openid: str) -> Arrival | None:
        """A follower's latest arrival."""
        return await self._read(self._redis, openid)

    async def put(
        self,
        openid: str,
        known: Arrival | None,
        after: Arrival,
        also: Callable[[Pipeline], None],
    ) -> bool:
        """Write the arrival, and what ``also`` adds, if it is still as it was ``known``; else nothing, and False."""

        async def step(pipe: Pipeline) -> bool:
            if await self._read(pipe, openid) != known:
                return False
            pipe.multi()  # type: ignore[no-untyped-call]
            self._set(pipe, openid, after)
            also(pipe)
            return True

        return cast(bool, await self._transaction(step, openid))

    async def change(self, openid: str, changed: Callable[[Arrival], Arrival]) -> Arrival | None:
        """Write the arrival anew, computed from what it is at that moment; None when there is none any more."""

        async def step(pipe: Pipeline) -> Arrival | None:
            before = await self._read(pipe, openid)
            after = changed(before) if before else None
            pipe.multi()  # type: ignore[no-untyped-call]
            if after:
                self._set(pipe, openid, after)
            return after

        return cast(Arrival | None, await self._transaction(step, openid))

    async def _transaction(self, step: Callable[[Pipeline], object], openid: str) -> object:
        key = self._keys.arrival(openid)
        return await self._redis.transaction(step, key, value_from_callable=True)

    async def _read(self, redis: Redis, openid: str) -> Arrival | None:
        written = cast(str | None, await redis.get(self._keys.arrival(openid)))
        return _ARRIVAL.validate_json(written) if written else None

    def _set(self, pipe: Pipeline, openid: str, arrival: Arrival) -> None:
        pipe.set(self._keys.arrival(openid), _ARRIVAL.dump_json(arrival), ex=ALERTED_SECONDS)
