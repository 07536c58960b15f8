"""One connection that many calls share: each gets its own answer, whatever becomes of the others."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import ResponseError

from connectors.store.line import Line


@pytest.fixture
async def redis(store_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(store_url, decode_responses=True) as redis:
        yield redis


@pytest.fixture
async def line(redis: Redis) -> AsyncIterator[Line]:
    line = Line(redis)
    yield line
    await line.close()


async def test_each_call_gets_its_own_answer(line: Line) -> None:
    answers = await asyncio.gather(*(line.call("ECHO", str(n)) for n in range(500)))
    assert answers == [str(n) for n in range(500)]


async def test_calls_at_the_same_time_share_a_connection(line: Line, redis: Redis) -> None:
    before = (await redis.info("stats"))["total_connections_received"]
    await asyncio.gather(*(line.call("PING") for _ in range(100)))
    after = (await redis.info("stats"))["total_connections_received"]
    assert after - before <= 1


async def test_a_refused_command_fails_for_its_caller_alone(line: Line) -> None:
    commands = (("ECHO", "一"), ("NO-SUCH-COMMAND",), ("ECHO", "二"))
    calls = [line.call(*command) for command in commands]
    answers: list[object] = await asyncio.gather(*calls, return_exceptions=True)
    assert isinstance(answers.pop(1), ResponseError)
    assert answers == ["一", "二"]


async def test_who_gave_up_waiting_takes_nobody_elses_answer(line: Line) -> None:
    impatient = asyncio.create_task(line.call("BLPOP", "nothing", 0.2))
    patient = asyncio.create_task(line.call("ECHO", "mine"))
    await asyncio.sleep(0.05)
    impatient.cancel()
    assert await patient == "mine"


async def test_a_cut_connection_fails_those_on_it_and_nobody_after(
    line: Line, redis: Redis
) -> None:
    waiting = [asyncio.create_task(line.call("BLPOP", "nothing", 5)) for _ in range(2)]
    await asyncio.sleep(0.1)
    await redis.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")  # type: ignore[no-untyped-call]
    failed = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(each) for each in failed] == [ConnectionLost, ConnectionLost]
    assert await line.call("PING") in (True, "PONG")


async def test_closing_leaves_nobody_waiting(redis: Redis) -> None:
    line = Line(redis)
    waiting = asyncio.create_task(line.call("BLPOP", "nothing", 5))
    await asyncio.sleep(0.05)
    await line.close()
    with pytest.raises(ConnectionLost):
        await waiting
