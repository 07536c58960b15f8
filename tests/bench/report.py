"""The figures as tables for people and as JSON for programs."""

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.bench.machine import Machine
from tests.bench.measuring import Flatness, Round

NEEDED_THROUGHPUT = 1.0
"""Ours against stock, although ours is the whole channel and stock a bare REST address."""

NEEDED_OF_BRAIN = 1.5
"""The brain alone, with its tracker store, against stock Rasa with Redis stores."""

NEEDED_PARSE = 1.5
"""The median of understanding a text against stock's."""

NEEDED_FLATNESS = 1.1
"""Message 1,000 of a conversation against message 10."""

NEEDED_MINUTES = 6.0
NEEDED_MEGABYTES = 1229.0
"""1.2 GB."""


@dataclass(frozen=True)
class Started:
    """One process: seconds until it was ready, resident megabytes then and at the end."""

    side: str
    process: str
    seconds: float
    start_mb: float
    end_mb: float


@dataclass
class Report:
    """All that one run has measured."""

    machine: Machine
    crowds: list[Round] = field(default_factory=list)
    conversations: list[Flatness] = field(default_factory=list)
    starts: list[Started] = field(default_factory=list)
    training_minutes: float | None = None

    def as_json(self) -> dict[str, Any]:
        """The medians, the ratios and every single round."""
        return {
            "machine": asdict(self.machine),
            "crowds": [asdict(each) for each in self._medians()],
            "ratios": {
                f"{other}_{connections}": round(self.ratio(other, connections), 2)
                for other in ("stock", "echo")
                for connections in self._connections()
            },
            "brain_ratios": {
                f"stock_{connections}": round(self.ratio("stock", connections, BRAIN), 2)
                for connections in self._connections()
            },
            "parse": round(self.parse_ratio(), 2),
            "training_minutes": self.training_minutes,
            "conversations": [{**asdict(each), "ratio": each.ratio} for each in self._flat()],
            "starts": [asdict(each) for each in self.starts],
            "rounds": [asdict(each) for each in self.crowds],
        }

    def as_text(self) -> str:
        """Three tables and the verdict, as Markdown."""
        machine = self.machine
        lines = [
            f"{machine.cores} cores of {machine.cpu}, {machine.memory_gb:.0f} GB;"
            f" load before the run {machine.load:.1f}",
            "",
            *_table(CROWD_HEAD, map(_crowd_row, self._medians())),
            "",
            *_table(RATIO_HEAD, self._ratio_rows()),
            "",
            *_table(FLAT_HEAD, map(_flat_row, self._flat())),
            "",
            *_table(START_HEAD, map(_start_row, self.starts)),
            "",
            *self.verdict(),
        ]
        return "\n".join(lines)

    def verdict(self) -> Iterator[str]:
        """What is needed, and whether it was reached."""
        for connections in self._connections():
            ratio = self.ratio("stock", connections)
            yield _judged(
                f"{connections} connections: {ratio:.2f}x stock's throughput",
                ratio >= NEEDED_THROUGHPUT,
            )
            brain = self.ratio("stock", connections, BRAIN)
            yield _judged(
                f"{connections} connections, the brain alone: {brain:.2f}x stock's throughput",
                brain >= NEEDED_OF_BRAIN,
            )
        parse = self.parse_ratio()
        yield _judged(f"understanding a text: p50 {parse:.2f}x stock's", parse <= NEEDED_PARSE)
        if self.training_minutes is not None:
            told = f"training takes {self.training_minutes:.1f} minutes"
            yield _judged(told, self.training_minutes <= NEEDED_MINUTES)
        for started in self.starts:
            if started.process == "brain":
                told = f"the brain's memory: {started.end_mb:.0f} MB"
                yield _judged(told, started.end_mb <= NEEDED_MEGABYTES)
        for each in self._flat():
            if each.what.startswith("ours"):
                told = (
                    f"{each.what}: message {each.late} takes {each.ratio:.2f}x message {each.early}"
                )
                yield _judged(told, each.ratio <= NEEDED_FLATNESS)

    def parse_ratio(self) -> float:
        """The median milliseconds of our parse by those of stock's."""
        taken = {each.side: each.p50_ms for each in self._medians()}
        return taken["ours, parse"] / taken["stock, parse"]

    def ratio(self, other: str, connections: int, ours: str = "ours") -> float:
        """Messages a second of ours by those of another side."""
        rates = {
            each.side: each.messages_a_second
            for each in self._medians()
            if each.connections == connections
        }
        return rates[ours] / rates[other]

    def _connections(self) -> list[int]:
        return sorted({each.connections for each in self.crowds})

    def _medians(self) -> list[Round]:
        groups: dict[tuple[str, int], list[Round]] = {}
        for each in self.crowds:
            groups.setdefault((each.side, each.connections), []).append(each)
        return [_median_round(rounds) for rounds in groups.values()]

    def _flat(self) -> list[Flatness]:
        groups: dict[str, list[Flatness]] = {}
        for each in self.conversations:
            groups.setdefault(each.what, []).append(each)
        return [sorted(group, key=lambda f: f.ratio)[len(group) // 2] for group in groups.values()]

    def _ratio_rows(self) -> Iterator[Sequence[str]]:
        for connections in self._connections():
            against = (self.ratio(other, connections) for other in ("stock", "echo"))
            yield (str(connections), *(f"{ratio:.2f}" for ratio in against))


BRAIN = "ours, brain alone"
CROWD_HEAD = (
    "side",
    "connections",
    "messages/s",
    "p50 ms",
    "p99 ms",
    "CPU ms a message",
    "what came back",
)
RATIO_HEAD = ("connections", "ours / stock", "ours / echo")
FLAT_HEAD = ("conversation", "early message ms", "late message ms", "ratio")
START_HEAD = ("side", "process", "start s", "memory at start MB", "memory at end MB")


def _crowd_row(each: Round) -> Sequence[str]:
    total = sum(each.cpu_ms.values())
    parts = ", ".join(f"{name} {used:.1f}" for name, used in each.cpu_ms.items())
    outcomes = ", ".join(f"{count} {name}" for name, count in sorted(each.outcomes.items()))
    rate, p50, p99 = each.messages_a_second, each.p50_ms, each.p99_ms
    times = (f"{rate:.0f}", f"{p50:.1f}", f"{p99:.1f}")
    cpu = f"{total:.1f} ({parts})" if len(each.cpu_ms) > 1 else f"{total:.1f}"
    return (each.side, str(each.connections), *times, cpu, outcomes)


def _flat_row(each: Flatness) -> Sequence[str]:
    early, late = f"{each.early_ms:.1f} (at {each.early})", f"{each.late_ms:.1f} (at {each.late})"
    return (each.what, early, late, f"{each.ratio:.2f}")


def _start_row(each: Started) -> Sequence[str]:
    memory = (f"{each.start_mb:.0f}", f"{each.end_mb:.0f}")
    return (each.side, each.process, f"{each.seconds:.1f}", *memory)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    whole = [head, *rows]
    widths = [max(len(row[column]) for row in whole) for column in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in whole
    ]
    return iter([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def _judged(told: str, is_reached: bool) -> str:
    return f"{'reached' if is_reached else 'MISSED '}  {told}"


def _median_round(rounds: Sequence[Round]) -> Round:
    """The median of each figure by itself; the outcomes of all rounds together."""
    middle = statistics.median
    outcomes: Counter[str] = Counter()
    for each in rounds:
        outcomes.update(each.outcomes)
    return Round(
        rounds[0].side,
        rounds[0].connections,
        middle(each.messages_a_second for each in rounds),
        middle(each.p50_ms for each in rounds),
        middle(each.p99_ms for each in rounds),
        {name: middle(each.cpu_ms[name] for each in rounds) for name in rounds[0].cpu_ms},
        dict(outcomes),
    )
