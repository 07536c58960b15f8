"""Workers: take followers with something to do, serve each alone and in order, and let them go."""

import asyncio
import contextlib
from dataclasses import dataclass, field

import structlog
from redis.exceptions import RedisError

from bot.engine import Engine
from bot.ports import LeaseLost
from connectors.metrics import STEPS
from connectors.store.connection import StoreDown
from connectors.store.inbox import Inbox

log = structlog.get_logger()

PAUSE_SECONDS = 0.5
"""Before another try while Redis is away, and after a step that failed."""


@dataclass
class Worker:
    """Serves up to ``followers`` at the same time, each by one task."""

    engine: Engine
    inbox: Inbox
    followers: int
    _serving: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> None:
        """Work for ever; on cancellation finish the steps at hand first."""
        beating = asyncio.create_task(self.inbox.keep_beating())
        slots = asyncio.Semaphore(self.followers)
        try:
            while True:
                await slots.acquire()
                openid = await self._taken()
                if openid is None:
                    slots.release()
                else:
                    self._start(openid, slots)
        finally:
            await asyncio.gather(*self._serving, return_exceptions=True)
            beating.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await beating

    async def _taken(self) -> str | None:
        try:
            return await self.inbox.take()
        except (RedisError, OSError):
            await asyncio.sleep(PAUSE_SECONDS)
            return None

    def _start(self, openid: str, slots: asyncio.Semaphore) -> None:
        task = asyncio.create_task(self._serve(openid))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        task.add_done_callback(lambda _: slots.release())

    async def _serve(self, openid: str) -> None:
        """Serve one follower until nothing is left to do; the lease ends only then, or with this worker's life."""
        while True:
            try:
                await self.engine.serve(openid, self.inbox.worker)
                if await self.inbox.release(openid):
                    STEPS.labels("done").inc()
                    return
            except LeaseLost:
                STEPS.labels("lease_lost").inc()
                return
            except (StoreDown, RedisError, OSError) as error:
                log.warning("worker.store_down", why=str(error))
                await asyncio.sleep(PAUSE_SECONDS)
            except Exception:
                # The front door of all steps: whatever went wrong, the follower gets a person.
                STEPS.labels("failed").inc()
                log.exception("worker.step_failed", worker=self.inbox.worker)
                await asyncio.sleep(PAUSE_SECONDS)
                await self._hand_over(openid)

    async def _hand_over(self, openid: str) -> None:
        """Answer the message that could not be served as if the brain had failed."""
        try:
            await self.engine.hand_over(openid, self.inbox.worker)
        except Exception:
            log.exception("worker.hand_over_failed", worker=self.inbox.worker)
