"""What reports count. It is taken from the ledger's lines one by one and adds up: a period is the sum of its days."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from bot.desk.subjects import SUBJECTS, Subject
from bot.enquiry import Outcome
from bot.ledger import Entry, Event
from bot.zone import at_home

STEP = 1.05
"""Each class of a histogram reaches so many times as far as the one before: percentiles are right within 3 %."""

Dimension = Literal["team", "agent", "intent", "hour"]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
FIRST = "first"
"""The reason of a REPLIED entry that tells of the first words of a person."""


@dataclass
class Spans:
    """How long things took: seconds as a histogram, so that many days are added up in little room."""

    counts: Counter[int] = field(default_factory=Counter)

    def add(self, seconds: float) -> None:
        """Count one more."""
        self.counts[math.floor(math.log(max(1.0, seconds), STEP))] += 1

    def quantile(self, share: float) -> float | None:
        """The seconds within which this ``share`` (0.0 to 1.0) was done; None if nothing was."""
        # A hair less: 0.07 * 100 is a little more than 7.
        rank, passed = math.ceil(share * self.total - 1e-9), 0
        for number in sorted(self.counts):
            passed += self.counts[number]
            if passed >= rank:
                return float(STEP ** (number + 0.5))
        return None

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.counts.values())

    def merge(self, other: "Spans") -> None:
        """Add another one's."""
        self.counts.update(other.counts)


@dataclass
class Group:
    """The figures of some enquiries: all of them, or those of a team, an agent, an intent or an hour.

    ``ends`` are counted by "outcome reason", ``escalations`` by reason, ``ratings`` by the value that was given.
    ``first``: from the wish for a person to a person's first words; ``resolution``: from the question to the answer of
    a person; ``bot``: the same of the bot. All are spans of seconds.
    """

    opened: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    escalations: Counter[str] = field(default_factory=Counter)
    taken: int = 0
    first: Spans = field(default_factory=Spans)
    resolution: Spans = field(default_factory=Spans)
    bot: Spans = field(default_factory=Spans)
    ratings: Counter[int] = field(default_factory=Counter)

    def add(self, entry: Entry) -> None:
        """Take one more line of the ledger into account."""
        event = entry.event
        if event is Event.OPENED:
            self.opened += 1
        elif event is Event.ESCALATED:
            self.escalations[entry.reason or ""] += 1
        elif event is Event.TAKEN:
            self.taken += 1
        elif event is Event.REPLIED and entry.reason == FIRST:
            self.first.add(entry.at - entry.since)
        elif event is Event.RATED:
            self.ratings[entry.value] += 1
        elif event is Event.CLOSED:
            self._end(entry)

    def merge(self, other: "Group") -> None:
        """Add another one's figures."""
        self.opened += other.opened
        self.taken += other.taken
        self.outcomes.update(other.outcomes)
        self.ends.update(other.ends)
        self.escalations.update(other.escalations)
        self.ratings.update(other.ratings)
        self.first.merge(other.first)
        self.resolution.merge(other.resolution)
        self.bot.merge(other.bot)

    @property
    def closed(self) -> int:
        """How many enquiries came to an end."""
        return sum(self.outcomes.values())

    @property
    def escalated(self) -> int:
        """How many went to people."""
        return sum(self.escalations.values())

    @property
    def rating(self) -> float | None:
        """The mean of the ratings, 1.0 (bad) to 3.0 (good); None without any."""
        total = sum(self.ratings.values())
        return (
            sum(value * count for value, count in self.ratings.items()) / total if total else None
        )

    def _end(self, entry: Entry) -> None:
        self.outcomes[str(entry.outcome)] += 1
        self.ends[f"{entry.outcome} {entry.reason or ''}".strip()] += 1
        # Entries of before the ledger told since when do not count.
        if entry.since and entry.outcome is Outcome.ANSWERED_BY_AGENT:
            self.resolution.add(entry.at - entry.since)
        elif entry.since and entry.outcome is Outcome.ANSWERED_BY_BOT:
            self.bot.add(entry.at - entry.since)


@dataclass
class Figures:
    """All figures of a stretch of time; ``by`` holds them apart by what each dimension names."""

    whole: Group = field(default_factory=Group)
    by: dict[Dimension, dict[str, Group]] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """Take one more line of the ledger into account."""
        self.whole.add(entry)
        for dimension, name in _named(entry).items():
            self._group(dimension, name).add(entry)

    def merge(self, other: "Figures") -> None:
        """Add another stretch's figures."""
        self.whole.merge(other.whole)
        for dimension, groups in other.by.items():
            for name, group in groups.items():
                self._group(dimension, name).merge(group)

    def groups(self, dimension: Dimension) -> Mapping[str, Group]:
        """The figures of each team, agent, intent or hour that was named."""
        return self.by.get(dimension, {})

    def subjects(self) -> Mapping[Subject, Group]:
        """The split into CRM, information and commerce, of all that has an intent: a tap or a picture has none."""
        split = {subject: Group() for subject in Subject}
        for intent, group in self.groups("intent").items():
            if intent:
                split[SUBJECTS[intent]].merge(group)
        return split

    def _group(self, dimension: Dimension, name: str) -> Group:
        return self.by.setdefault(dimension, {}).setdefault(name, Group())


def total(days: Iterable[Figures]) -> Figures:
    """The figures of several days together."""
    result = Figures()
    for day in days:
        result.merge(day)
    return result


def day_of(at: float) -> date:
    """The day to which a moment (Unix seconds) is counted."""
    return at_home(at).date()


def _named(entry: Entry) -> dict[Dimension, str]:
    """What an entry is counted under; an intent that nobody knows any more is none."""
    named: dict[Dimension, str] = {"hour": f"{at_home(entry.at):%H}"}
    if entry.team:
        named["team"] = entry.team
    if entry.agent:
        named["agent"] = entry.agent
    if entry.event is not Event.OPENED:
        named["intent"] = entry.intent if entry.intent in SUBJECTS else ""
    return named
