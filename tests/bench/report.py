"""The figures as tables for people and as JSON for programs."""

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from tests.bench.desk import DeskFigures
from tests.bench.load import DISTINCT, HALF_FREQUENT
from tests.bench.machine import Machine
from tests.bench.measuring import Flatness, Offered, Round
from tests.bench.switching import Switched

T = TypeVar("T")


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
    """All that one run has measured. ``cut``: stretches that did not end in their time."""

    machine: Machine
    crowds: list[Round] = field(default_factory=list)
    offered: list[Offered] = field(default_factory=list)
    held_rate: float | None = None
    switched: Switched | None = None
    desk: DeskFigures | None = None
    conversations: list[Flatness] = field(default_factory=list)
    starts: list[Started] = field(default_factory=list)
    training_minutes: float | None = None
    cut: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The medians, the ratios, the verdicts and every single round."""
        return {
            "machine": asdict(self.machine),
            "crowds": [asdict(each) for each in self.medians()],
            "ratios": [dict(zip(RATIO_HEAD, row, strict=True)) for row in self._ratio_rows()],
            "held_rate": self.held_rate,
            "at_rate": [asdict(each) for each in self.at_rate()],
            "switched": asdict(self.switched) if self.switched else None,
            "desk": asdict(self.desk) if self.desk else None,
            "training_minutes": self.training_minutes,
            "conversations": [{**asdict(each), "ratio": each.ratio} for each in self.flat()],
            "starts": [asdict(each) for each in self.starts],
            "cut": self.cut,
            "rounds": [asdict(each) for each in self.crowds],
            "offered": [asdict(each) for each in self.offered],
        }

    def as_text(self) -> str:
        """The tables, as Markdown; those of which nothing was measured are left out."""
        machine = self.machine
        switched = [self.switched] if self.switched else []
        desk = [self.desk] if self.desk else []
        tables = (
            _table(CROWD_HEAD, map(_crowd_row, self.medians())),
            _table(RATIO_HEAD, self._ratio_rows()),
            _table(RATE_HEAD, map(_rate_row, self.at_rate())),
            _table(SWITCH_HEAD, map(_switch_row, switched)),
            _table(DESK_HEAD, map(_desk_row, desk)),
            _table(FLAT_HEAD, map(_flat_row, self.flat())),
            _table(START_HEAD, map(_start_row, self.starts)),
        )
        head = (
            f"{machine.cores} cores of {machine.cpu}, {machine.memory_gb:.0f} GB;"
            f" load before the run {machine.load:.1f}"
        )
        return "\n\n".join([head, *("\n".join(table) for table in tables if table)])

    def parse_ratio(self) -> float | None:
        """The median milliseconds of our parse by those of stock's."""
        taken = {each.side: each.p50_ms for each in self.medians()}
        ours, stock = taken.get("ours, parse"), taken.get("stock, REST, parse")
        return ours / stock if ours and stock else None

    def ratio(self, ours: str, other: str, connections: int, texts: str = DISTINCT) -> float | None:
        """Messages a second of one side by those of another; None where one of them was not measured."""
        rates = {
            each.side: each.messages_a_second
            for each in self.medians()
            if (each.connections, each.texts) == (connections, texts)
        }
        return rates[ours] / rates[other] if ours in rates and other in rates else None

    def connections(self) -> list[int]:
        """The numbers of connections that were tried."""
        return sorted({each.connections for each in self.crowds})

    def medians(self) -> list[Round]:
        """The rounds of each side, by connections and texts, as one."""
        groups: dict[tuple[str, int, str], list[Round]] = {}
        for each in self.crowds:
            groups.setdefault((each.side, each.connections, each.texts), []).append(each)
        return [_median_round(rounds) for rounds in groups.values()]

    def at_rate(self) -> list[Offered]:
        """Of the rounds of each side at the rate that stock just holds, the one with the median p99."""
        return _middle(self.offered, lambda each: each.side, lambda each: each.p99_ms)

    def flat(self) -> list[Flatness]:
        """Of each kind of conversation the one with the median ratio."""
        return _middle(self.conversations, lambda each: each.what, lambda each: each.ratio)

    def _ratio_rows(self) -> Iterator[Sequence[str]]:
        for ours, other, texts in COMPARED:
            for connections in self.connections():
                ratio = self.ratio(ours, other, connections, texts)
                if ratio is not None:
                    yield (f"{ours} / {other}", texts, str(connections), f"{ratio:.2f}")


OURS, BRAIN, CALLBACK, REST = "ours", "ours, brain alone", "stock, callback", "stock, REST"
ALONE, ECHO, DURABLE = "connector alone", "echo", "durable echo"
COMPARED = (
    (OURS, CALLBACK, DISTINCT),
    (OURS, CALLBACK, HALF_FREQUENT),
    (OURS, REST, DISTINCT),
    (BRAIN, REST, DISTINCT),
    (OURS, ECHO, DISTINCT),
    (ALONE, DURABLE, DISTINCT),
)
CROWD_HEAD = (
    "side",
    "texts",
    "connections",
    "messages/s",
    "p50 ms",
    "p99 ms",
    "CPU ms a message",
    "what came back",
)
RATIO_HEAD = ("throughput of", "texts", "connections", "ratio")
RATE_HEAD = (
    "side",
    "offered messages/s",
    "messages",
    "p50 ms",
    "p99 ms",
    "slowest ms",
    "CPU ms a message",
    "what came back",
)
SWITCH_HEAD = (
    "switches",
    "messages/s",
    "messages",
    "lost",
    "brain's faults",
    "p99 ms",
    "slowest ms",
    "s a switch",
    "MB before",
    "MB after",
)
DESK_HEAD = (
    "open pages",
    "waiting",
    "turns",
    "message to page, p95 ms",
    "claim, p95 ms",
    "list page, p95 ms",
)
FLAT_HEAD = ("conversation", "early message ms", "late message ms", "ratio")
START_HEAD = ("side", "process", "start s", "memory at start MB", "memory at end MB")


def _crowd_row(each: Round) -> Sequence[str]:
    rate, p50, p99 = each.messages_a_second, each.p50_ms, each.p99_ms
    times = (f"{rate:.0f}", f"{p50:.1f}", f"{p99:.1f}")
    came = _outcomes(each.outcomes)
    return (each.side, each.texts, str(each.connections), *times, _cpu(each.cpu_ms), came)


def _rate_row(each: Offered) -> Sequence[str]:
    times = (f"{each.p50_ms:.1f}", f"{each.p99_ms:.1f}", f"{each.slowest_ms:.1f}")
    came = _outcomes(each.outcomes)
    return (each.side, f"{each.rate:.1f}", str(each.messages), *times, _cpu(each.cpu_ms), came)


def _switch_row(each: Switched) -> Sequence[str]:
    met = each.offered
    counts = (str(met.messages), str(each.lost), str(each.faults))
    times = (f"{met.p99_ms:.0f}", f"{met.slowest_ms:.0f}", f"{statistics.median(each.seconds):.0f}")
    memory = (_memory(each.resident_mb[0]), _memory(each.resident_mb[-1]))
    return (str(len(each.seconds)), f"{met.rate:.1f}", *counts, *times, *memory)


def _desk_row(each: DeskFigures) -> Sequence[str]:
    counts = (str(each.pages), str(each.waiting), str(each.messages))
    return (*counts, f"{each.shown_ms:.0f}", f"{each.claim_ms:.0f}", f"{each.list_ms:.0f}")


def _memory(resident: dict[str, float]) -> str:
    return ", ".join(f"{name} {used:.0f}" for name, used in resident.items())


def _cpu(cpu_ms: dict[str, float]) -> str:
    total = sum(cpu_ms.values())
    parts = ", ".join(f"{name} {used:.1f}" for name, used in cpu_ms.items())
    return f"{total:.1f} ({parts})" if len(cpu_ms) > 1 else f"{total:.1f}"


def _outcomes(outcomes: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(outcomes.items()))


def _flat_row(each: Flatness) -> Sequence[str]:
    early, late = f"{each.early_ms:.1f} (at {each.early})", f"{each.late_ms:.1f} (at {each.late})"
    return (each.what, early, late, f"{each.ratio:.2f}")


def _start_row(each: Started) -> Sequence[str]:
    memory = (f"{each.start_mb:.0f}", f"{each.end_mb:.0f}")
    return (each.side, each.process, f"{each.seconds:.1f}", *memory)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table; nothing where there are no rows."""
    whole = [head, *rows]
    if not whole[1:]:
        return []
    widths = [max(len(row[column]) for row in whole) for column in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in whole
    ]
    return [lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]]


def _middle(measured: Iterable[T], group: Callable[[T], str], by: Callable[[T], float]) -> list[T]:
    """Of each group the median by a figure."""
    groups: dict[str, list[T]] = {}
    for each in measured:
        groups.setdefault(group(each), []).append(each)
    return [sorted(some, key=by)[len(some) // 2] for some in groups.values()]


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
        rounds[0].texts,
    )
