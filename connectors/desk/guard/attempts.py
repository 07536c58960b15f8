"""How often a log-in may be tried: so many times for one name, and so many from one address.

Where an account has logged in lately its tries are counted apart: strangers who guess at its name elsewhere do not lock
its owner out.
"""

from dataclasses import dataclass

from redis.asyncio import Redis

from connectors.store.keys import DAY, logged_in_from, login_failures

PER_NAME = 10
PER_ADDRESS = 30
"""An office sits behind one address, so it may fail more often than one name."""
SECONDS = 900
KNOWN_SECONDS = 30 * DAY
"""For so long after a log-in its address is known."""


class TooManyAttempts(Exception):
    """The name or the address is locked for a while."""


@dataclass(frozen=True)
class Attempts:
    """The tries at one name from one address."""

    redis: Redis
    name: str
    address: str

    async def count(self) -> None:
        """Count a try before its password is looked at. Raises TooManyAttempts.

        Counting first is what makes the limit hold against many tries at the same moment. The time runs from the first
        try, so that going on trying locks nobody out for longer; and an address that is locked locks no names.
        """
        by_name, by_address = await self._keys()
        if await self._tries(by_address) > PER_ADDRESS or await self._tries(by_name) > PER_NAME:
            raise TooManyAttempts

    async def _tries(self, key: str) -> int:
        pipe = self.redis.pipeline(transaction=True)
        pipe.incr(key)
        pipe.expire(key, SECONDS, nx=True)
        tries, _ = await pipe.execute()
        return int(tries)

    async def forgive(self) -> None:
        """The password was right: the name starts afresh, and the address, known now, did not fail this time."""
        by_name, by_address = await self._keys()
        pipe = self.redis.pipeline(transaction=True)
        pipe.delete(by_name)
        pipe.decr(by_address)
        pipe.expire(by_address, SECONDS, nx=True)
        pipe.set(self._known, "1", ex=KNOWN_SECONDS)
        await pipe.execute()

    async def _keys(self) -> tuple[str, str]:
        is_known = await self.redis.exists(self._known)
        counted = f"{self.name} {self.address}" if is_known else self.name
        return login_failures("name", counted), login_failures("address", self.address)

    @property
    def _known(self) -> str:
        return logged_in_from(self.name, self.address)
