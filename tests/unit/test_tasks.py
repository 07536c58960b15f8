"""Tasks end, also those that lose a cancellation."""

import asyncio

from connectors.tasks import end


async def test_a_task_that_loses_a_cancellation_ends_all_the_same() -> None:
    lost: list[int] = []

    async def stubborn() -> None:
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                lost.append(1)
                if len(lost) > 2:
                    raise

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await end(task)
    assert len(lost) == 3


async def test_what_has_ended_is_not_waited_for() -> None:
    async def short() -> None:
        return

    task = asyncio.create_task(short())
    await task
    async with asyncio.timeout(1):
        await end(task)
        await end()
