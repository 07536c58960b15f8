"""Keeps the gauges of the store up: a look every few seconds, whoever asks for the metrics and how often."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from bot.ports import StoreDown
from connectors import metrics
from connectors.parts import Parts
from connectors.store.load import LedgerWatch, load_of

log = structlog.get_logger()

LOOK_SECONDS = 5.0


@dataclass
class Gauges:
    """The gauges of all accounts."""

    accounts: Sequence[Parts]
    _ledgers: dict[str, LedgerWatch] = field(default_factory=dict)

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Set the gauges to what the store says now; while it is away they stay."""
        for parts in self.accounts:
            try:
                await self._show_load(parts)
                await self._show_ledger(parts)
            except (StoreDown, ValueError) as error:
                log.warning("gauges.not_read", why=type(error).__name__)

    async def _show_load(self, parts: Parts) -> None:
        account = parts.settings.wechat_app_id
        load = await load_of(parts.connection, account, parts.clock.now())
        metrics.WAITING.labels(account).set(load.waiting)
        metrics.WAITING_SECONDS.labels(account).set(load.waiting_seconds)
        metrics.INBOX.labels(account).set(load.inbox)
        metrics.INBOX_SECONDS.labels(account).set(load.inbox_seconds)
        metrics.ASIDE.labels(account).set(load.aside)
        metrics.WORKERS.labels(account).set(load.workers)

    async def _show_ledger(self, parts: Parts) -> None:
        account, now = parts.settings.wechat_app_id, parts.clock.now()
        ledger = self._ledgers.setdefault(account, LedgerWatch(parts.connection, account))
        await ledger.catch_up()
        metrics.ENQUIRIES.labels(account).set(ledger.tally.enquiries)
        metrics.OPEN.labels(account).set(len(ledger.tally.deadlines))
        metrics.ORPHANS.labels(account).set(ledger.tally.orphans(now))
        metrics.UNANSWERED.labels(account).set(ledger.tally.unanswered_share(now))
