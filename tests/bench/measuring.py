"""One measurement: the load generator's figures and the processor time of every process that served it."""

import asyncio
import contextlib
import json
import statistics
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from time import time

from redis.asyncio import Redis

from connectors.cli import places
from connectors.store.keys import Keys
from tests.bench.load import AROUND, DISTINCT, EARLY, Result, Task
from tests.bench.machine import cpu_milliseconds
from tests.bench.sides import Side

LONGEST_SECONDS = 900
SETTLED_SECONDS = 20
"""An answer is settled 12 s after it went out; what falls due later has nothing to do with it."""


class MeasuringFailed(Exception):
    """The load generator did not give a result."""


@dataclass(frozen=True)
class Round:
    """Many followers' messages over a number of connections; CPU in milliseconds a message by process."""

    side: str
    connections: int
    messages_a_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: dict[str, float]
    outcomes: dict[str, int]
    texts: str = DISTINCT


@dataclass(frozen=True)
class Offered:
    """Messages that came at a rate; ``drain``: seconds from the last of them to the last answer."""

    side: str
    rate: float
    messages: int
    p50_ms: float
    p99_ms: float
    slowest_ms: float
    drain: float
    cpu_ms: dict[str, float]
    outcomes: dict[str, int]

    @property
    def answered_share(self) -> float:
        """How many of the messages were answered on the line that they came by."""
        return self.outcomes.get("answered", 0) / self.messages


@dataclass(frozen=True)
class Flatness:
    """One long conversation: what its early and its late messages took."""

    what: str
    early: int
    late: int
    early_ms: float
    late_ms: float
    outcomes: dict[str, int]

    @property
    def ratio(self) -> float:
        """How much more a late message takes."""
        return self.late_ms / self.early_ms


async def crowd(
    side: Side, connections: int, messages: int, seed: int, texts: str = DISTINCT
) -> Round:
    """Many followers, each with one message; ``texts`` is the mix, see ``tests.bench.load.TEXTS``."""
    task = Task(side.kind, side.url, messages, connections, seed, texts=texts, **side.account)
    return await _round(side.name, side, task)


async def offered(side: Side, rate: float, seconds: float, seed: int) -> Offered:
    """Many followers' messages, ``rate`` of them a second for about ``seconds``."""
    messages = max(1, round(rate * seconds))
    task = Task(side.kind, side.url, messages, 0, seed, rate=rate, **side.account)
    result, cpu = await _loaded(side, task)
    return offered_of(side.name, rate, result, cpu)


def offered_of(name: str, rate: float, result: Result, cpu: dict[str, float]) -> Offered:
    """What an open loop has measured; ``cpu`` in milliseconds by process, over all its messages."""
    times = result.milliseconds
    return Offered(
        name,
        rate,
        len(times),
        statistics.median(times),
        p99(times),
        max(times),
        result.drain,
        {process: used / len(times) for process, used in cpu.items()},
        result.outcomes,
    )


def p99(times: list[float]) -> float:
    """What 99 of 100 times do not exceed."""
    return statistics.quantiles(times, n=100, method="inclusive")[98] if times[1:] else times[0]


async def brain_alone(side: Side, connections: int, messages: int, seed: int) -> Round:
    """The same through the brain's own channel, tracker store included, without the connector before it."""
    url = f"{side.rasa_url}/webhooks/bida/webhook"
    task = Task("bida", url, messages, connections, seed, **side.account)
    return await _round(f"{side.name}, brain alone", side, task)


async def parsing(side: Side, messages: int, seed: int) -> Round:
    """Rasa's own ``/model/parse``, one text after the other, none of them seen before."""
    task = Task("parse", f"{side.rasa_url}/model/parse", messages, 1, seed)
    return await _round(f"{side.name}, parse", side, task)


async def _round(name: str, side: Side, task: Task) -> Round:
    result, cpu = await _loaded(side, task)
    connections, messages = task.connections, task.messages
    return Round(
        name,
        connections,
        messages / result.seconds,
        statistics.median(result.milliseconds),
        p99(result.milliseconds),
        {name: used / messages for name, used in cpu.items()},
        result.outcomes,
        task.texts,
    )


async def conversation(
    side: Side, what: str, messages: int, *, is_brain_alone: bool = False
) -> Flatness:
    """One follower who writes and writes, beside one who has just begun."""
    bida = f"{side.rasa_url}/webhooks/bida/webhook"
    kind, url = ("bida", bida) if is_brain_alone else (side.kind, side.url)
    result, _ = await _loaded(side, Task(kind, url, messages, 1, 0, True, **side.account))
    by_turns = result.milliseconds[-4 * AROUND :]
    early, late = (statistics.median(times) for times in (by_turns[::2], by_turns[1::2]))
    return Flatness(what, EARLY, messages - AROUND, early, late, result.outcomes)


async def settled(side: Side) -> None:
    """Wait until the work is done that follows the answers of the last round."""
    wake, until = Keys(side.account["app_id"]).wake(), time() + SETTLED_SECONDS
    async with Redis.from_url(side.store_url) as redis:
        while time() < until and await redis.zcount(wake, 0, until):
            await asyncio.sleep(0.5)


async def _loaded(side: Side, task: Task) -> tuple[Result, dict[str, float]]:
    async with generator(task) as load:
        before = _cpu(side)
        await load.go()
        await load.done()
        after = _cpu(side)
        result = await load.result()
    return result, {name: after[name] - before[name] for name in before}


@contextlib.asynccontextmanager
async def generator(task: Task, seconds: float = LONGEST_SECONDS) -> AsyncIterator["Generator"]:
    """A load generator that has prepared its requests, for up to ``seconds``. Raises TimeoutError."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.load"),
        cwd=places.ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**24,
    )
    try:
        async with asyncio.timeout(seconds):
            await _told(process, json.dumps(asdict(task)))
            await _heard(process)
            yield Generator(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@dataclass(frozen=True)
class Generator:
    """A running load generator."""

    process: asyncio.subprocess.Process

    async def go(self) -> None:
        """Begin to send."""
        await _told(self.process, "go")

    async def stop(self) -> None:
        """Send nothing more, and wait for the answers to what was sent."""
        await _told(self.process, "stop")

    async def done(self) -> None:
        """Wait until the last answer has come."""
        await _heard(self.process)

    async def result(self) -> Result:
        """What it has measured."""
        return Result(**json.loads(await _heard(self.process)))


async def _told(process: asyncio.subprocess.Process, line: str) -> None:
    assert process.stdin
    process.stdin.write(line.encode() + b"\n")
    await process.stdin.drain()


async def _heard(process: asyncio.subprocess.Process) -> str:
    assert process.stdout
    line = await process.stdout.readline()
    if not line:
        raise MeasuringFailed("The load generator ended without a result.")
    return line.decode()


def _cpu(side: Side) -> dict[str, float]:
    return {name: cpu_milliseconds(pid) for name, pid in side.pids.items()}
