"""Ending tasks that run until they are cancelled."""

import asyncio
from typing import Any

AGAIN_SECONDS = 0.2


async def end(*tasks: "asyncio.Task[Any]") -> None:
    """Cancel the tasks and wait until they have ended.

    More than once if need be: redis-py 8 was seen to lose a cancellation that arrives while it waits for an answer.
    """
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN_SECONDS)


async def finish(*tasks: "asyncio.Task[None]", seconds: float) -> None:
    """Wait until the tasks have ended by themselves, and end those that take longer. Raises what one of them raised."""
    if tasks:
        await asyncio.wait(tasks, timeout=seconds)
    await end(*tasks)
    for task in tasks:
        if not task.cancelled():
            task.result()
