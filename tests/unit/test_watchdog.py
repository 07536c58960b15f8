"""Story 27: a process whose event loop stands still lives and answers nobody; it is found out."""

import asyncio
import contextlib
import time
from collections.abc import Callable

from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from connectors import watchdog
from connectors.watchdog import Watchdog

MOST_SECONDS = 30.0


def blocked_times() -> float:
    """How often a blocked loop was counted."""
    return REGISTRY.get_sample_value("bida_loop_blocked_total") or 0.0


def block_until(is_over: Callable[[], bool]) -> None:
    """Hold the event loop, as a blocking client would."""
    began = time.monotonic()
    while not is_over() and time.monotonic() < began + MOST_SECONDS:
        time.sleep(0.01)


def test_story_27_the_shipped_patience_finds_a_blocked_loop_within_ten_seconds() -> None:
    assert (watchdog.BLOCKED_LOOKS + 1) * watchdog.LOOK_SECONDS <= 10
    assert watchdog.BEAT_SECONDS < watchdog.LOOK_SECONDS


async def test_story_27_a_blocked_loop_is_counted_once_and_logged_with_its_place() -> None:
    before = blocked_times()
    with capture_logs() as lines:
        async with Watchdog(0.1, end=list).watching():
            await asyncio.sleep(0.3)
            block_until(lambda: blocked_times() > before)
            block_until(lambda: len(lines) > 0)
            while not any(line["event"] == "loop.goes_on" for line in lines):
                await asyncio.sleep(0.02)
    assert blocked_times() == before + 1
    told = [line for line in lines if line["event"] == "loop.blocked"]
    assert len(told) == 1
    assert "test_watchdog.py" in told[0]["where"]


async def test_story_27_a_loop_that_does_not_come_back_ends_its_process() -> None:
    ended: list[str] = []
    with capture_logs():
        async with Watchdog(0.005, end=lambda: ended.append("killed")).watching():
            block_until(lambda: bool(ended))
    assert ended == ["killed"]


async def test_a_busy_loop_that_yields_is_left_alone() -> None:
    before = blocked_times()
    async with Watchdog(0.2, end=list).watching():
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                while True:
                    await asyncio.sleep(0)
    assert blocked_times() == before
