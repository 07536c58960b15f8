"""The desk as the engine meets it, kept up to date in the background: no message waits for it to be read."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence

import structlog
from redis.exceptions import RedisError

from bot.brand import Brand
from bot.clock import Clock, SystemClock
from bot.desk.reception import Reception
from bot.desk.teams import Teams
from connectors.store.desk.teams import TeamShelf
from connectors.store.desk.waits import WaitShelf
from connectors.tasks import end

log = structlog.get_logger()

REFRESH_SECONDS = 2.0
"""A change of teams or hours counts everywhere after so long."""


class LiveReception:
    """Implements ``bot.ports.Desk``; teams and waits are read from Redis, holidays from the brand's files."""

    def __init__(
        self,
        shelf: TeamShelf,
        brand: Callable[[], Brand],
        waits: Sequence[WaitShelf] = (),
        clock: Clock | None = None,
    ) -> None:
        """``waits``: those of each account; the teams are the same for all."""
        self._shelf, self._brand = shelf, brand
        self._wait_shelves, self._clock = waits, clock or SystemClock()
        self._teams, self._waits = Teams(), dict[str, float]()
        self._keeping: asyncio.Task[None] | None = None

    @property
    def reception(self) -> Reception:
        """Teams, hours and waits as they were seconds ago."""
        return Reception(self._teams, self._brand().calendars, self._waits)

    async def open(self) -> None:
        """Begin to look."""
        self._keeping = asyncio.create_task(self._keep())

    async def close(self) -> None:
        """Stop looking."""
        if self._keeping:
            await end(self._keeping)

    async def refresh(self) -> None:
        """Look now; while Redis is away the last state stands."""
        with contextlib.suppress(RedisError, OSError):
            self._teams = await self._shelf.load()
            self._waits = await self._usual_waits()

    async def _usual_waits(self) -> dict[str, float]:
        reception, now = self.reception, self._clock.now()
        found: dict[str, float] = {}
        for team in self._teams.by_id:
            latest = [wait for shelf in self._wait_shelves for wait in await shelf.latest(team)]
            usual = reception.usual_wait(team, latest, now)
            if usual is not None:
                found[team] = usual
        return found

    async def _keep(self) -> None:
        while True:
            await self.refresh()
            await asyncio.sleep(REFRESH_SECONDS)
