"""The rate that a side just holds, found by letting messages come faster and faster."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from tests.bench.measuring import Offered

HANG_UP_SECONDS = 5.0
"""WeChat waits no longer for an answer."""

BACKLOG_SECONDS = 1.0
"""How long after the last message the last answer may come: a side that falls behind has a longer and longer queue."""

STEPS = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1)
"""Rates to try, as shares of what a side carries when each connection waits for its answer."""

Measure = Callable[[float], Awaitable[Offered]]


async def growing(
    capacity: float, measure: Measure, steps: Sequence[float] = STEPS
) -> AsyncIterator[Offered]:
    """Measure at growing rates until one is not held; at the most once for each step."""
    for step in steps:
        at_rate = await measure(capacity * step)
        yield at_rate
        if not is_held(at_rate):
            return


def is_held(at_rate: Offered) -> bool:
    """Whether every message was answered in WeChat's time, and none waited behind a growing queue."""
    is_whole = at_rate.answered_share == 1.0 and at_rate.slowest_ms < HANG_UP_SECONDS * 1000
    return is_whole and at_rate.drain < BACKLOG_SECONDS


def just_held(tried: Sequence[Offered]) -> float:
    """The highest rate that was held, in messages a second; when not even the first was, that one."""
    return max((each.rate for each in tried if is_held(each)), default=tried[0].rate)
