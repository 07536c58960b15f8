"""What has to be done from time to time, by whichever worker process comes to it first; doing it twice does no harm."""

import asyncio
from dataclasses import dataclass

import structlog
from redis.exceptions import RedisError

from bot.clock import Clock
from bot.forgetting import Forgetting
from bot.ports import StoreDown
from connectors.store.desk.audit import OldAudit
from connectors.store.old_entries import OldEntries
from connectors.store.rewriting import Rewriting

log = structlog.get_logger()

PAUSE_SECONDS = 5.0


@dataclass
class Housekeeping:
    """Ends forgettings, rewrites the store's file after them, and lets old entries of ledger and audit log go."""

    forgetting: Forgetting
    rewriting: Rewriting
    old_entries: OldEntries
    old_audit: OldAudit
    clock: Clock

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                await self.step()
            except (StoreDown, RedisError, OSError) as error:
                log.warning("housekeeping.failed", why=type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)

    async def step(self) -> None:
        """Do all that is due now."""
        await self.forgetting.second_passes()
        await self.rewriting.step(self.clock.now())
        await self.old_entries.step(self.clock.now())
        await self.old_audit.step(self.clock.now())
