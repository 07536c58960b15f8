"""``python -m tests.bench``: ours against stock Rasa and a bare echo, all in one run on one machine.

Progress goes to standard error; the tables and then the JSON to standard output and to ``var/bench/``.
"""

import argparse
import asyncio
import json
import shutil
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from bot import training
from connectors.cli import places
from tests.bench import measuring, sides
from tests.bench import stock as stock_rasa
from tests.bench.machine import Machine
from tests.bench.measuring import Round
from tests.bench.report import Report, Started
from tests.bench.sides import Side

FOLDER = places.VAR / "bench"


@dataclass(frozen=True)
class Plan:
    """How much is measured. ``messages`` of a round at 1, 8 and 16 connections; ``long`` conversations."""

    rounds: int
    messages: dict[int, int]
    echo_messages: int
    long: int
    stock_long: int
    trains: bool


FULL = Plan(3, {1: 200, 8: 400, 16: 400}, 2000, 1005, 505, True)
QUICK = Plan(1, {1: 100, 8: 200, 16: 200}, 1000, 1005, 105, False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 0 whatever the figures are: they are for people to judge."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round of everything")
    options = parser.parse_args(arguments)
    report = asyncio.run(Bench(QUICK if options.quick else FULL).run())
    text, data = report.as_text(), json.dumps(report.as_json(), ensure_ascii=False)
    (FOLDER / "report.md").write_text(text + "\n", encoding="utf-8")
    (FOLDER / "report.json").write_text(data + "\n", encoding="utf-8")
    print(f"{text}\n\n{data}")
    return 0


class Bench:
    """One run."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._report = Report(Machine.this())
        self._seed = 0

    async def run(self) -> Report:
        """Prepare both models, start all sides, measure them in turn, end them."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(FOLDER / "runs", ignore_errors=True)
        model = training.ensure_model(places.ROOT, places.BRAIN_PYTHON, say)
        if self._plan.trains:
            self._training()
        prepared = stock_rasa.prepared(FOLDER / "stock", say)
        async with AsyncExitStack() as running:
            say("Starting ours ...")
            ours = await running.enter_async_context(sides.ours(_fresh("ours"), model))
            say("Starting stock Rasa ...")
            stock = await running.enter_async_context(sides.stock(_fresh("volatile"), prepared))
            echo = await running.enter_async_context(sides.echo(_fresh("echo"), ours))
            await self._crowds(ours, stock, echo)
            await self._conversations(ours, stock)
            for side in (ours, stock, echo):
                self._note_starts(side)
            say("Stopping ...")
        return self._report

    async def _crowds(self, ours: Side, stock: Side, echo: Side) -> None:
        for number in range(1, self._plan.rounds + 1):
            say(f"Round {number} of {self._plan.rounds}")
            # What was answered is settled 12 s later: the warm-up makes this work part of the figures.
            for side in (ours, stock):
                await self._warm_up(side)
                for connections, messages in self._plan.messages.items():
                    await self._crowd(side, connections, messages)
                    if side is ours:
                        await self._brain_alone(side, connections, messages)
                await self._parsing(side)
                if side is ours:
                    await measuring.settled(ours)
            for connections in self._plan.messages:
                await self._crowd(echo, connections, self._plan.echo_messages)

    async def _warm_up(self, side: Side) -> None:
        messages = self._plan.messages[8]
        await measuring.crowd(side, 8, messages, self._next_seed())

    async def _crowd(self, side: Side, connections: int, messages: int) -> None:
        self._note(await measuring.crowd(side, connections, messages, self._next_seed()))

    async def _brain_alone(self, side: Side, connections: int, messages: int) -> None:
        self._note(await measuring.brain_alone(side, connections, messages, self._next_seed()))

    async def _parsing(self, side: Side) -> None:
        self._note(await measuring.parsing(side, self._plan.messages[8], self._next_seed()))

    def _note(self, measured: Round) -> None:
        self._report.crowds.append(measured)
        rate, cpu = measured.messages_a_second, sum(measured.cpu_ms.values())
        speed = f"{rate:.0f} messages/s, p50 {measured.p50_ms:.0f} ms, p99 {measured.p99_ms:.0f} ms"
        told = f"{measured.side}, {measured.connections} connections: {speed}"
        say(f"  {told}, CPU {cpu:.1f} ms a message")

    def _training(self) -> None:
        say("Training ours once more, to see how long it takes ...")
        started = time.monotonic()
        training.train(
            places.ROOT, places.BRAIN_PYTHON, training.derived_domain(places.ROOT), say
        ).unlink()
        self._report.training_minutes = (time.monotonic() - started) / 60

    async def _conversations(self, ours: Side, stock: Side) -> None:
        for _ in range(self._plan.rounds):
            await self._conversation(ours, "ours, the brain alone", self._plan.long, True)
            await self._conversation(ours, "ours, end to end", self._plan.long)
        await self._conversation(stock, "stock", self._plan.stock_long)

    async def _conversation(
        self, side: Side, what: str, messages: int, is_brain_alone: bool = False
    ) -> None:
        say(f"A conversation of {messages} messages: {what} ...")
        flat = await measuring.conversation(side, what, messages, is_brain_alone=is_brain_alone)
        self._report.conversations.append(flat)
        say(f"  message {flat.late} takes {flat.ratio:.2f}x message {flat.early}")

    def _note_starts(self, side: Side) -> None:
        now = side.resident_mb
        for name, seconds in side.start_seconds.items():
            started = Started(side.name, name, seconds, side.start_mb[name], now[name])
            self._report.starts.append(started)

    def _next_seed(self) -> int:
        self._seed += 1
        return self._seed


def say(line: str) -> None:
    """A line of progress."""
    print(line, file=sys.stderr, flush=True)


def _fresh(name: str) -> Path:
    """A new folder for one side: an old store would slow its start."""
    folder = FOLDER / "runs" / name
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    sys.exit(main())
