"""What is wanted, and whether a run has reached it. All figures are ratios within the run, or WeChat's own limits."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from tests.bench.load import DISTINCT, HALF_FREQUENT
from tests.bench.rates import HANG_UP_SECONDS
from tests.bench.report import ALONE, BRAIN, CALLBACK, DURABLE, OURS, REST, Report

THROUGHPUT = {DISTINCT: 1.5, HALF_FREQUENT: 2.0}
"""Ours against stock, both through WeChat's callback, by the mix of the texts."""

OF_BRAIN = 1.5
"""The brain alone, with its tracker store, against stock Rasa with Redis stores."""

OF_P99 = 1 / 3
"""Ours at the rate that stock just holds, against stock's."""

OF_CONNECTOR = 0.6
"""The connector with its store before a brain that answers at once, against an echo that keeps each message."""

OF_PARSE = 1.5
"""The median of understanding a text against stock's."""

OF_LATE_MESSAGE = 1.1
"""Message 1,000 of a conversation against message 10."""

OF_MEMORY = 1.1
"""Connector and brain after the last switch of the model against before the first."""

MINUTES = 6.0
MEGABYTES = 1229.0
"""1.2 GB."""


@dataclass(frozen=True)
class Verdict:
    """One figure; ``is_most``: the target is the most that it may be, else the least."""

    what: str
    measured: float
    target: float
    is_most: bool = False

    @property
    def is_reached(self) -> bool:
        """Whether the target was reached."""
        at_most, at_least = self.measured <= self.target, self.measured >= self.target
        return at_most if self.is_most else at_least

    def __str__(self) -> str:
        """One line."""
        word, bound = "reached" if self.is_reached else "MISSED ", "<=" if self.is_most else ">="
        return f"{word}  {self.what}: {self.measured:.2f} (wanted {bound} {self.target:.2f})"


def verdicts(report: Report) -> Iterator[Verdict]:
    """Those on all that was measured."""
    judges = (_throughput, _rate, _connector, _switch, _desk, _brain, _conversations, _training)
    for judge in judges:
        yield from judge(report)


def as_text(report: Report) -> str:
    """A line for each verdict, and one for each stretch that was cut off."""
    cut = (f"CUT OFF  {name}: its time was up before all of it was measured" for name in report.cut)
    return "\n".join([*map(str, verdicts(report)), *cut])


def as_json(report: Report) -> list[dict[str, Any]]:
    """The same for programs."""
    return [{**asdict(each), "is_reached": each.is_reached} for each in verdicts(report)]


SHOWN_MS, CLAIM_MS, LIST_MS = 500.0, 100.0, 200.0
"""The desk's limits, at the 95th percentile."""


def _throughput(report: Report) -> Iterator[Verdict]:
    for texts, target in THROUGHPUT.items():
        told = f"throughput by stock's, both through the callback, texts {texts}"
        yield from _ratios(report, told, target, OURS, CALLBACK, texts)
    yield from _ratios(report, "the brain alone by stock's REST channel", OF_BRAIN, BRAIN, REST)


def _connector(report: Report) -> Iterator[Verdict]:
    told = "the connector alone by an echo that keeps each message"
    yield from _ratios(report, told, OF_CONNECTOR, ALONE, DURABLE)


def _ratios(
    report: Report, told: str, target: float, ours: str, other: str, texts: str = DISTINCT
) -> Iterator[Verdict]:
    for connections in report.connections():
        ratio = report.ratio(ours, other, connections, texts)
        if ratio is not None:
            yield Verdict(f"{told}, {connections} connections", ratio, target)


def _rate(report: Report) -> Iterator[Verdict]:
    taken = {each.side: each.p99_ms for each in report.at_rate()}
    if OURS in taken and CALLBACK in taken:
        told = f"p99 by stock's at {report.held_rate:.1f} messages/s, which stock just holds"
        yield Verdict(told, taken[OURS] / taken[CALLBACK], OF_P99, is_most=True)


def _switch(report: Report) -> Iterator[Verdict]:
    if (met := report.switched) is None:
        return
    told = f"{len(met.seconds)} switches of the model under load: "
    slowest = met.offered.slowest_ms / 1000
    yield Verdict(f"{told}slowest answer in s", slowest, HANG_UP_SECONDS, is_most=True)
    yield Verdict(f"{told}messages lost", met.lost, 0, is_most=True)
    yield Verdict(f"{told}turns that the brain failed", met.faults, 0, is_most=True)
    yield Verdict(f"{told}memory after by before", met.growth, OF_MEMORY, is_most=True)


def _desk(report: Report) -> Iterator[Verdict]:
    if (met := report.desk) is None:
        return
    told = f"{met.pages} open pages, {met.waiting} waiting, p95 in ms: "
    yield Verdict(f"{told}a message on the right page", met.shown_ms, SHOWN_MS, is_most=True)
    yield Verdict(f"{told}a claim", met.claim_ms, CLAIM_MS, is_most=True)
    yield Verdict(f"{told}the list page", met.list_ms, LIST_MS, is_most=True)


def _brain(report: Report) -> Iterator[Verdict]:
    if (ratio := report.parse_ratio()) is not None:
        told = "median time of understanding a text by stock's"
        yield Verdict(told, ratio, OF_PARSE, is_most=True)
    for started in report.starts:
        if (started.side, started.process) == (OURS, "brain"):
            yield Verdict("the brain's memory in MB", started.end_mb, MEGABYTES, is_most=True)


def _conversations(report: Report) -> Iterator[Verdict]:
    for each in report.flat():
        if each.what.startswith("ours"):
            told = f"{each.what}: message {each.late} by message {each.early}"
            yield Verdict(told, each.ratio, OF_LATE_MESSAGE, is_most=True)


def _training(report: Report) -> Iterator[Verdict]:
    if report.training_minutes is not None:
        yield Verdict("minutes of training", report.training_minutes, MINUTES, is_most=True)
