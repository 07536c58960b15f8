"""The stretches of one run: each starts the sides that it needs, measures them in turn, and adds to the report."""

import asyncio
import shutil
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TypeVar

from bot import training
from connectors.cli import places
from tests.bench import measuring, rates, sides
from tests.bench import stock as stock_rasa
from tests.bench.desk import measured
from tests.bench.load import DISTINCT, HALF_FREQUENT
from tests.bench.machine import Machine
from tests.bench.measuring import Offered, Round
from tests.bench.plan import Plan
from tests.bench.report import Report, Started
from tests.bench.sides import Ours, Side
from tests.bench.switching import switched

FOLDER = places.VAR / "bench"

S = TypeVar("S", bound=Side)

LOADED_SHARE = 0.5
"""Of what ours carries at most: how much comes in while the model is switched."""


class Bench:
    """One run."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._report = Report(Machine.this())
        self._running = AsyncExitStack()
        self._sides: dict[str, Side] = {}
        self._model = Path()
        self._prepared = stock_rasa.Stock(Path(), Path())
        self._limit: asyncio.Timeout
        self._seed = 0

    async def run(self, only: Sequence[str] = ()) -> Report:
        """Measure all stretches, or only those named, each within its time; what was cut off is in the report."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(FOLDER / "runs", ignore_errors=True)
        names = only or [name for name, seconds in self._plan.seconds.items() if seconds]
        self._prepare(names)
        until = time.monotonic() + self._plan.in_all
        async with self._running:
            for name in names:
                await self._stretch(name, until)
            for side in self._sides.values():
                self._note_starts(side)
            say("Stopping ...")
        return self._report

    def _prepare(self, names: Sequence[str]) -> None:
        """The models: where one has to be trained first, that takes its own time."""
        if set(names) - {"connector", "training", "desk"}:
            self._model = training.ensure_model(places.ROOT, places.BRAIN_PYTHON, say)
        if set(names) - {"connector", "training", "switch", "desk"}:
            self._prepared = stock_rasa.prepared(FOLDER / "stock", say)

    async def _stretch(self, name: str, until: float) -> None:
        seconds = min(self._plan.seconds[name], until - time.monotonic())
        say(f"{name}: up to {max(seconds, 0):.0f} s")
        try:
            async with asyncio.timeout(seconds) as self._limit:
                await STRETCHES[name](self)
        except TimeoutError:
            say(f"  {name} was cut off.")
            self._report.cut.append(name)

    async def training(self) -> None:
        """The shipped data, once more."""
        started, domain = time.monotonic(), training.derived_domain(places.ROOT)
        trained = training.train(places.ROOT, places.BRAIN_PYTHON, domain, say)
        trained.unlink()
        self._report.training_minutes = (time.monotonic() - started) / 60

    async def crowds(self) -> None:
        """Messages that are all distinct: ours, its brain alone, stock by both ways, and the bare echo."""
        ours, stock, before = await self._ours(), await self._stock(), await self._stock_callback()
        echo = await self._side("echo", lambda: sides.echo(_fresh("echo"), ours))
        async for _ in self._rounds():
            for side in (ours, before):
                await self._at_each(side, DISTINCT)
                # What was answered is settled 12 s later: the warm-up makes this work part of the figures.
                await self._parsing(ours if side is ours else stock)
                if side is ours:
                    await self._brain_alone(ours)
                    await measuring.settled(ours)
            await self._at_each(stock, DISTINCT)
            for connections in self._plan.messages:
                await self._crowd(echo, connections, self._plan.echo_messages)

    async def frequent(self) -> None:
        """Messages of which half are among the 200 most frequent: ours and stock, by WeChat's callback."""
        ours, before = await self._ours(), await self._stock_callback()
        async for _ in self._rounds():
            for side in (ours, before):
                await self._at_each(side, HALF_FREQUENT)
            await measuring.settled(ours)

    async def rate(self) -> None:
        """The rate that stock just holds, by WeChat's callback, and both sides at it."""
        ours, before = await self._ours(), await self._stock_callback()
        capacity = await self._capacity(before)
        probing = rates.growing(capacity, lambda rate: self._offer(before, rate, self._plan.probe))
        tried = [each async for each in probing]
        rate = self._report.held_rate = rates.just_held(tried)
        seed = self._next_seed()
        async for _ in self._rounds():
            for side in (before, ours):
                at_rate = await self._offer(side, rate, self._plan.at_rate, seed)
                self._report.offered.append(at_rate)
            await measuring.settled(ours)

    async def connector(self) -> None:
        """Ours with a brain that answers at once, beside an echo that keeps each message in a store of its own."""
        alone = await self._side(
            "connector alone", lambda: sides.connector_alone(_fresh("connector"))
        )
        folder = _fresh("durable")
        echo = await self._side("durable echo", lambda: sides.durable_echo(folder, alone))
        messages = self._plan.connector_messages
        for side in (alone, echo):
            await measuring.crowd(side, 8, messages, self._next_seed())
        async for _ in self._rounds():
            for connections in self._plan.messages:
                await self._crowd(alone, connections, messages)
                await self._crowd(echo, connections, messages)
        await measuring.settled(alone)

    async def desk(self) -> None:
        """Many open pages and many who wait, before a brain that answers at once."""
        folder = _fresh("desk")
        side = await self._side("desk", lambda: sides.connector_alone(folder, "desk"))
        pages, waiting, turns = self._plan.desk
        say(f"  {pages} pages are opened, {waiting} followers wait ...")
        met = self._report.desk = await measured(side, folder, pages, waiting, turns)
        told = f"p95: message {met.shown_ms:.0f} ms, claim {met.claim_ms:.0f} ms"
        say(f"  {told}, list page {met.list_ms:.0f} ms")

    async def conversations(self) -> None:
        """One follower who writes and writes, beside one who has just begun."""
        ours, stock, plan = await self._ours(), await self._stock(), self._plan
        async for _ in self._rounds():
            await self._conversation(ours, "ours, the brain alone", plan.long, True)
            await self._conversation(ours, "ours, end to end", plan.long)
        await self._conversation(stock, "stock", plan.stock_long)

    async def switch(self) -> None:
        """Other models that go live while messages come in."""
        ours, plan = await self._ours(), self._plan
        rate = await self._capacity(ours) * LOADED_SHARE
        say(f"  {plan.switches} switches while {rate:.1f} messages a second come in ...")
        result = await switched(ours, plan.switches, rate, self._next_seed())
        self._report.switched = result
        slowest, lost = result.offered.slowest_ms / 1000, result.lost
        say(f"  slowest answer {slowest:.1f} s, {lost} lost, memory {result.growth:.2f}x")

    async def _ours(self) -> Ours:
        return await self._side("ours", lambda: sides.ours(_fresh("ours"), self._model))

    async def _stock(self) -> Side:
        return await self._side(
            "stock, REST", lambda: sides.stock(_fresh("volatile"), self._prepared)
        )

    async def _stock_callback(self) -> Side:
        stock, ours = await self._stock(), await self._ours()
        folder = FOLDER / "runs" / "adapter"
        return await self._side(
            "stock, callback", lambda: sides.stock_callback(folder, stock, ours)
        )

    async def _side(self, name: str, start: Callable[[], AbstractAsyncContextManager[S]]) -> S:
        """The side of this name, started when it is first needed, outside the stretch's time; it runs until the end."""
        if name not in self._sides:
            say(f"Starting {name} ...")
            async with _unlimited(self._limit):
                self._sides[name] = await self._running.enter_async_context(start())
        return self._sides[name]  # type: ignore[return-value]

    async def _rounds(self) -> AsyncIterator[int]:
        for number in range(1, self._plan.rounds + 1):
            say(f"  round {number} of {self._plan.rounds}")
            yield number

    async def _at_each(self, side: Side, texts: str) -> None:
        """A warm-up, and then each number of connections."""
        await measuring.crowd(side, 8, self._plan.messages[8], self._next_seed(), texts)
        for connections, messages in self._plan.messages.items():
            await self._crowd(side, connections, messages, texts)

    async def _crowd(
        self, side: Side, connections: int, messages: int, texts: str = DISTINCT
    ) -> None:
        seed = self._next_seed()
        self._note(await measuring.crowd(side, connections, messages, seed, texts))

    async def _brain_alone(self, side: Side) -> None:
        for connections, messages in self._plan.messages.items():
            seed = self._next_seed()
            self._note(await measuring.brain_alone(side, connections, messages, seed))

    async def _parsing(self, side: Side) -> None:
        self._note(await measuring.parsing(side, self._plan.messages[8], self._next_seed()))

    async def _capacity(self, side: Side) -> float:
        """Messages a second when each of 8 connections waits for its answer: the best seen in this run."""
        seen = [
            each.messages_a_second
            for each in self._report.crowds
            if (each.side, each.connections, each.texts) == (side.name, 8, DISTINCT)
        ]
        if not seen:
            await self._at_each(side, DISTINCT)
            return await self._capacity(side)
        return statistics.median(seen)

    async def _offer(
        self, side: Side, rate: float, seconds: float, seed: int | None = None
    ) -> Offered:
        met = await measuring.offered(side, rate, seconds, seed or self._next_seed())
        held = "held" if rates.is_held(met) else "not held"
        speed = f"p50 {met.p50_ms:.0f} ms, p99 {met.p99_ms:.0f} ms, drained in {met.drain:.1f} s"
        say(f"  {side.name}, {rate:.1f} messages/s offered: {speed}, {held}")
        return met

    async def _conversation(
        self, side: Side, what: str, messages: int, is_brain_alone: bool = False
    ) -> None:
        say(f"  a conversation of {messages} messages: {what} ...")
        flat = await measuring.conversation(side, what, messages, is_brain_alone=is_brain_alone)
        self._report.conversations.append(flat)
        say(f"  message {flat.late} takes {flat.ratio:.2f}x message {flat.early}")

    def _note(self, measured: Round) -> None:
        self._report.crowds.append(measured)
        rate, cpu = measured.messages_a_second, sum(measured.cpu_ms.values())
        speed = f"{rate:.0f} messages/s, p50 {measured.p50_ms:.0f} ms, p99 {measured.p99_ms:.0f} ms"
        told = f"{measured.side}, {measured.connections} connections, {measured.texts}: {speed}"
        say(f"  {told}, CPU {cpu:.1f} ms a message")

    def _note_starts(self, side: Side) -> None:
        now = side.resident_mb
        for name, seconds in side.start_seconds.items():
            started = Started(side.name, name, seconds, side.start_mb[name], now[name])
            self._report.starts.append(started)

    def _next_seed(self) -> int:
        self._seed += 1
        return self._seed


Stretch = Callable[[Bench], Awaitable[None]]
STRETCHES: dict[str, Stretch] = {
    "training": Bench.training,
    "crowds": Bench.crowds,
    "frequent": Bench.frequent,
    "rate": Bench.rate,
    "connector": Bench.connector,
    "conversations": Bench.conversations,
    "switch": Bench.switch,
    "desk": Bench.desk,
}


@asynccontextmanager
async def _unlimited(limit: asyncio.Timeout) -> AsyncIterator[None]:
    """Stop a time limit's clock."""
    loop, when = asyncio.get_running_loop(), limit.when()
    limit.reschedule(None)
    started = loop.time()
    yield
    limit.reschedule(None if when is None else when + loop.time() - started)


def say(line: str) -> None:
    """A line of progress."""
    print(line, file=sys.stderr, flush=True)


def _fresh(name: str) -> Path:
    """A new folder for one side: an old store would slow its start."""
    folder = FOLDER / "runs" / name
    folder.mkdir(parents=True)
    return folder
