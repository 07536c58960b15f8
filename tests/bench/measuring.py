"""One measurement: the load generator's figures and the processor time of every process that served it."""

import asyncio
import json
import statistics
import sys
from dataclasses import asdict, dataclass
from time import time

from redis.asyncio import Redis

from connectors.cli import places
from connectors.store.keys import Keys
from tests.bench.load import AROUND, EARLY, Result, Task
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


async def crowd(side: Side, connections: int, messages: int, seed: int) -> Round:
    """Many followers, each with a few messages, none of them alike."""
    task = Task(side.kind, side.url, messages, connections, seed, **side.account)
    return await _round(side.name, side, task)


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
        statistics.quantiles(result.milliseconds, n=100)[98],
        {name: used / messages for name, used in cpu.items()},
        result.outcomes,
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
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.load"),
        cwd=places.ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**24,
    )
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            await _told(process, json.dumps(asdict(task)))
            await _heard(process)
            before = _cpu(side)
            await _told(process, "go")
            await _heard(process)
            after = _cpu(side)
            heard = await _heard(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
    return Result(**json.loads(heard)), {name: after[name] - before[name] for name in before}


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
