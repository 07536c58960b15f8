"""Other models going live while followers write: whether anybody is lost, or waits too long, and what memory does."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiohttp import ClientSession

from tests.bench.load import Result, Task
from tests.bench.measuring import Offered, generator, offered_of
from tests.bench.sides import SWITCHED, Ours

LONGEST_SECONDS = 150.0
"""For one switch: a brain that starts beside one that works takes its time, and the old one lives on for 20 s."""

LOOK_SECONDS = 0.5
STEADY_SECONDS = 8.0
"""Of load before the first switch, so that its memory can be compared."""

FAULTS = ("brain_error", "brain_slow")


@dataclass(frozen=True)
class Switched:
    """Switches under load. ``resident_mb``: by process, before the first switch and after each of them.

    ``faults``: turns that the brain failed, whose followers were told so: they are answers, but not those wanted.
    """

    offered: Offered
    seconds: list[float]
    resident_mb: list[dict[str, float]]
    faults: int

    @property
    def lost(self) -> int:
        """Messages without an answer on the line that they came by."""
        return self.offered.messages - self.offered.outcomes.get("answered", 0)

    @property
    def growth(self) -> float:
        """Memory of connector and brain after the last switch by that before the first."""
        first, last = (_of_both(self.resident_mb[which]) for which in (0, -1))
        return last / first


def _of_both(resident: dict[str, float]) -> float:
    return resident["connector"] + resident["brain"]


async def switched(side: Ours, switches: int, rate: float, seed: int) -> Switched:
    """Switch the model ``switches`` times while ``rate`` messages a second come in. Raises TimeoutError."""
    longest = switches * LONGEST_SECONDS + STEADY_SECONDS
    task = Task(side.kind, side.url, round(rate * longest), 0, seed, rate=rate, **side.account)
    seconds, faults = list[float](), await _faults(side)
    async with generator(task, 2 * longest) as load, _following(side):
        await load.go()
        await asyncio.sleep(STEADY_SECONDS)
        resident = [side.resident_mb]
        for _ in range(switches):
            started = time.monotonic()
            await _switch(side)
            seconds.append(time.monotonic() - started)
            resident.append(side.resident_mb)
        await load.stop()
        await load.done()
        result: Result = await load.result()
    met = offered_of("ours, switching", rate, result, {})
    return Switched(met, seconds, resident, await _faults(side) - faults)


@contextlib.asynccontextmanager
async def _following(side: Ours) -> AsyncIterator[None]:
    assert side.brains
    following = asyncio.create_task(side.brains.live.follow(side.brains.models))
    try:
        yield
    finally:
        following.cancel()
        await asyncio.wait([following])


async def _switch(side: Ours) -> None:
    """What ``bida model use`` does, until the old brain has ended. Raises TimeoutError."""
    assert side.brains
    models, file, crew = side.brains.models, side.brains.live.file, side.brains.crew
    before, count, live = file.read_text(), len(crew.children()), models.record().live
    models.go_live(next(name for name in SWITCHED if name != live))
    async with asyncio.timeout(LONGEST_SECONDS):
        while file.read_text() == before or len(crew.children()) != count:
            await asyncio.sleep(LOOK_SECONDS)
    side.children, side.rasa_url = crew.children(), file.read_text()


async def _faults(side: Ours) -> int:
    """How many turns of the brain have gone wrong until now, as the connector counts them."""
    async with ClientSession() as session, session.get(f"{side.connector_url}/metrics") as answer:
        return faults_in(await answer.text())


def faults_in(metrics: str) -> int:
    """The sum of what Prometheus' text says of the brain's failed turns."""
    lines = [line for line in metrics.splitlines() if line.startswith("bida_brain_turns_total{")]
    return sum(int(float(line.split()[-1])) for line in lines if any(f in line for f in FAULTS))
