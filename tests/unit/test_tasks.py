"""Tasks end, also those that lose a cancellation."""

import asyncio

import pytest

from connectors.tasks import end, finish


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


async def test_what_ends_by_itself_is_waited_for_and_what_does_not_is_ended() -> None:
    done: list[str] = []

    async def quick() -> None:
        await asyncio.sleep(0.01)
        done.append("quick")

    async def endless() -> None:
        await asyncio.Event().wait()

    tasks = [asyncio.create_task(quick()), asyncio.create_task(endless())]
    async with asyncio.timeout(20):
        await finish(*tasks, seconds=0.5)
        await finish(seconds=0.5)
    assert done == ["quick"]
    assert tasks[1].cancelled()


async def test_a_fault_comes_out_when_all_have_ended() -> None:
    async def faulty() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await finish(asyncio.create_task(faulty()), seconds=1)
