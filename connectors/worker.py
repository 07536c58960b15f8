"""Workers: take followers with something to do, serve each alone and in order, and let them go."""

import asyncio
import contextlib
from dataclasses import dataclass, field

import structlog
from redis.exceptions import RedisError

from bot.engine import Engine
from bot.ports import LeaseLost, StoreDown
from connectors.logs import place_of
from connectors.metrics import STEPS
from connectors.store.inbox import Inbox
from connectors.tasks import end

log = structlog.get_logger()

BEAT_SECONDS = 0.5

MOST_FAILURES = 3
"""After so many a message is set aside, so that the follower's next ones are served."""

PAUSE_SECONDS = 0.5
"""Before another try while Redis is away, and after a step that failed."""

STOP_SECONDS = 4.0
"""How long a worker that is to stop serves those at hand: enough for most answers, and for a store that restarts."""


@dataclass
class Worker:
    """Serves up to ``followers`` at the same time, each by one task."""

    engine: Engine
    inbox: Inbox
    followers: int
    _serving: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    _heard: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _slots: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(self.followers)

    def stop(self) -> None:
        """Take no more followers; ``run`` returns when those at hand are served, or after STOP_SECONDS.

        Who is not served by then is left to other workers, as after a death: a store that is away could keep this one
        for ever.
        """
        self._stopping.set()
        self._heard.set()

    async def run(self) -> None:
        """Work until stopped."""
        beating, taking = asyncio.create_task(self._beat()), asyncio.create_task(self._take())
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait([taking, stopping], return_when=asyncio.FIRST_COMPLETED)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_SECONDS):
                    await self._finish(taking, beating)
        finally:
            await end(stopping, taking)
            await end(*self._serving.values())
            # Last, because whoever is at hand is held only as long as others hear of this worker.
            await end(beating)
        for task in (taking, beating):
            if not task.cancelled():
                task.result()

    async def _finish(self, taking: "asyncio.Task[None]", beating: "asyncio.Task[None]") -> None:
        await asyncio.wait([taking])
        while self._serving:
            await asyncio.wait(self._serving.values())
        await asyncio.wait([beating])

    async def _take(self) -> None:
        # Only a worker that the others know of is missed when it dies: it is heard of before it takes anybody.
        await self._heard.wait()
        while not self._stopping.is_set():
            await self._slots.acquire()
            openid = None if self._stopping.is_set() else await self._taken()
            if openid is None:
                self._slots.release()
            else:
                self._start(openid)

    async def _beat(self) -> None:
        while not (self._stopping.is_set() and not self._serving):
            try:
                await self.inbox.beat(self._serving)
                self._heard.set()
            except (StoreDown, RedisError, OSError) as error:
                log.warning("worker.no_beat", why=type(error).__name__)
            await asyncio.sleep(BEAT_SECONDS)

    async def _taken(self) -> str | None:
        try:
            return await self.inbox.take()
        except (RedisError, OSError):
            await asyncio.sleep(PAUSE_SECONDS)
            return None

    def _start(self, openid: str) -> None:
        before = self._serving.get(openid)
        task = self._serving[openid] = asyncio.create_task(self._serve_after(before, openid))

        def ended(_: "asyncio.Task[None]") -> None:
            self._slots.release()
            if self._serving.get(openid) is task:
                del self._serving[openid]

        task.add_done_callback(ended)

    async def _serve_after(self, before: "asyncio.Task[None] | None", openid: str) -> None:
        """Serve a follower, taken again so soon that the task before may still be ending: never two at once."""
        if before:
            await asyncio.wait([before])
        await self._serve(openid)

    async def _serve(self, openid: str) -> None:
        """Serve one follower until nothing is left to do; the lease ends only then, or with this worker's life."""
        failures = 0
        while True:
            try:
                served = await self.engine.serve(openid, self.inbox.worker, self._pause)
                if await self.inbox.release(served):
                    STEPS.labels("done").inc()
                    return
            except LeaseLost:
                STEPS.labels("lease_lost").inc()
                return
            except (StoreDown, RedisError, OSError) as error:
                log.warning("worker.store_down", why=type(error).__name__)
                if self._stopping.is_set():
                    return
                await asyncio.sleep(PAUSE_SECONDS)
            except Exception as error:
                # The front door of all steps: whatever went wrong, the follower gets a person.
                failures += 1
                STEPS.labels("failed").inc()
                log.error("worker.step_failed", why=type(error).__name__, where=place_of(error))
                await asyncio.sleep(PAUSE_SECONDS)
                await self._hand_over(openid, failures)

    async def _pause(self, seconds: float) -> None:
        """Wait for a follower's next bubble; others are served meanwhile in this one's place."""
        self._slots.release()
        try:
            await asyncio.sleep(seconds)
        finally:
            await self._slots.acquire()

    async def _hand_over(self, openid: str, failures: int) -> None:
        """Answer the message as if the brain had failed; one that even this cannot serve is set aside."""
        try:
            if failures > MOST_FAILURES:
                log.error("worker.message_set_aside")
                await self.inbox.set_aside(openid)
            else:
                await self.engine.hand_over(openid, self.inbox.worker)
        except Exception as error:
            log.error("worker.hand_over_failed", why=type(error).__name__, where=place_of(error))
