"""Watches the event loop from a thread: a process whose loop stands still answers nobody, though it lives."""

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from types import FrameType

import structlog

from connectors.metrics import LOOP_BLOCKED

log = structlog.get_logger()

BEAT_SECONDS = 0.5
LOOK_SECONDS = 1.0
BLOCKED_LOOKS = 3
"""After so many looks in a row without a beat between them the loop counts as blocked: within 4 s."""

DEAD_LOOKS = 60
"""After so many it will not come back: the process ends itself, and the supervisor starts a sound one.

Looks are counted and no time is measured, so that a machine that was asleep, or a process that was stopped and goes on,
is not taken for a blocked one.
"""


def end_process() -> None:
    """End at once; what a blocked loop holds is taken over by others, as after any death."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Watchdog:
    """Counts and logs each time the loop of this process is found blocked, with the place where it stands."""

    look_seconds: float = LOOK_SECONDS
    end: Callable[[], None] = end_process
    _beats: int = 0
    _stopping: threading.Event = field(default_factory=threading.Event)

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Watch the running loop meanwhile."""
        beating = asyncio.create_task(self._beat())
        thread = threading.Thread(
            target=self._watch, args=(threading.get_ident(),), name="watchdog", daemon=True
        )
        thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            beating.cancel()
            await asyncio.to_thread(thread.join)

    async def _beat(self) -> None:
        while True:
            self._beats += 1
            await asyncio.sleep(min(BEAT_SECONDS, self.look_seconds / 2))

    def _watch(self, watched: int) -> None:
        seen, silent = -1, 0
        while not self._stopping.wait(self.look_seconds):
            if self._beats != seen:
                if silent >= BLOCKED_LOOKS:
                    log.warning("loop.goes_on", looks=silent)
                seen, silent = self._beats, 0
                continue
            silent += 1
            if silent == BLOCKED_LOOKS:
                LOOP_BLOCKED.inc()
                log.error("loop.blocked", where=_place(sys._current_frames().get(watched)))
            if silent == DEAD_LOOKS:
                log.critical("loop.dead", where=_place(sys._current_frames().get(watched)))
                self.end()


def _place(frame: FrameType | None) -> str:
    """Where a thread stands: the innermost lines of code, without any value."""
    places: list[str] = []
    while frame and len(places) < 3:
        places.append(f"{frame.f_code.co_filename}:{frame.f_lineno}")
        frame = frame.f_back
    return " < ".join(places)
