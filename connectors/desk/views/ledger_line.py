"""The line on top of the board: how many enquiries were forgotten or stayed without an answer, from the ledger."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.ports import StoreDown
from connectors.parts import Parts
from connectors.store.desk.figures import FiguresShelf
from connectors.store.load import LedgerWatch
from connectors.tasks import end

LOOK_SECONDS = 2.0


@dataclass(frozen=True)
class Proof:
    """What the ledger says at one moment; ``unanswered`` is a share of all enquiries, 0.0 to 1.0."""

    orphans: int
    unanswered: float
    enquiries: int


class LedgerLine:
    """Follows the ledgers of all accounts in the background: after a start they are read whole, which takes a while."""

    def __init__(self, every: Sequence[Parts]) -> None:
        ledgers = [(each.connection, each.settings.wechat_app_id) for each in every]
        self._watches = [LedgerWatch(*ledger) for ledger in ledgers]
        self._shelves = [FiguresShelf(*ledger) for ledger in ledgers]
        self._is_read = False

    def proof(self, now: float) -> Proof | None:
        """What is known at ``now`` (Unix seconds); None until the ledgers have been read."""
        if not self._is_read:
            return None
        tallies = [watch.tally for watch in self._watches]
        orphans = sum(tally.orphans(now) for tally in tallies)
        enquiries = sum(tally.enquiries for tally in tallies)
        lost = orphans + sum(tally.lost for tally in tallies)
        return Proof(orphans, lost / enquiries if enquiries else 0.0, enquiries)

    async def running(self, app: web.Application) -> AsyncIterator[None]:
        """A cleanup context: follow while the application runs."""
        following = asyncio.create_task(self._follow())
        yield
        await end(following)

    async def catch_up(self) -> None:
        """Read what is new, and count it for the reports as well, so that none has to wait. Raises StoreDown."""
        for watch in self._watches:
            await watch.catch_up()
        self._is_read = True
        for shelf in self._shelves:
            await shelf.catch_up()

    async def _follow(self) -> None:
        while True:
            # The store may be away, or hold a line that is no entry: the last figures stand.
            with contextlib.suppress(StoreDown, ValueError):
                await self.catch_up()
            await asyncio.sleep(LOOK_SECONDS)
