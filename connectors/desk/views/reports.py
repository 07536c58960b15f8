"""The reports: figures as tiles, charts and tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.desk.figures import DIMENSIONS, Dimension, Figures, Group, Spans, total
from bot.enquiry import Outcome
from bot.tally import LOST
from connectors.desk.views import charts
from connectors.desk.views.tables import Column, Table, Value, by_size, shown
from connectors.desk.words import pick, say
from connectors.desk.words.board import ENDS
from connectors.desk.words.names import REASONS

SERIES = ("bot", "people", "none", "lost")
"""Into which the ends of enquiries are summed up, in the order in which they are drawn."""

BEST = 3
"""The best rating."""

NAME = Column("named", "name")
_SPEED = (
    Column("first_p50", "span"),
    Column("first_p90", "span"),
    Column("resolution_p50", "span"),
    Column("resolution_p90", "span"),
)
_RATED = (Column("rating", "rating"), Column("ratings"))
_ENDED = tuple(Column(f"by_{series}") for series in SERIES)


@dataclass(frozen=True)
class Tile:
    """One large number and what it means."""

    title: str
    value: str
    hint: str = ""
    is_bad: bool = False


@dataclass(frozen=True)
class Names:
    """What teams, agents and intents are called in the page's language."""

    language: str
    teams: Mapping[str, str]
    agents: Mapping[str, str]
    intent: Callable[[str], str]

    def of(self, dimension: Dimension, name: str) -> str:
        """The name of a team, agent, intent or hour."""
        if dimension == "hour":
            return f"{name}:00"
        if dimension == "intent":
            return self.intent(name) if name else say(self.language, "no_intent")
        known = self.teams if dimension == "team" else self.agents
        return known.get(name, name)


@dataclass(frozen=True)
class Report:
    """A stretch of days, ready to be shown."""

    days: Mapping[date, Figures]
    names: Names

    @cached_property
    def figures(self) -> Figures:
        """The figures of all days together."""
        return total(self.days.values())

    def tiles(self) -> list[Tile]:
        """What one looks at first."""
        whole, language = self.figures.whole, self.names.language
        ended, ends = whole.closed, _summed(whole)
        # Where nobody asked for anything, as with a tap on a menu, nobody was answered either.
        wanted = ended - ends["none"]
        return [
            Tile(
                "opened",
                f"{whole.opened:,}",
                say(language, "of_them_people", count=whole.escalated),
            ),
            Tile("by_bot", _share(ends["bot"], wanted, language), f"{ends['bot']:,}"),
            Tile("by_people", _share(ends["people"], wanted, language), f"{ends['people']:,}"),
            Tile(
                "by_lost",
                _share(ends["lost"], ended, language),
                f"{ends['lost']:,}",
                ends["lost"] > 0,
            ),
            self._speed("first_reply", whole.first),
            self._speed("resolution", whole.resolution),
            self._satisfaction(whole),
        ]

    def chart(self) -> charts.Columns:
        """Enquiries by their end: of each day, or of each hour where there is but one day."""
        if len(self.days) == 1:
            return self.by_hour()
        days = {f"{day.month}/{day.day}": each.whole for day, each in self.days.items()}
        return self._columns(days)

    def by_hour(self) -> charts.Columns:
        """Enquiries by their end, of each hour of the day."""
        return self._columns({f"{hour}:00": group for hour, group in self._hours().items()})

    def split(self) -> charts.Strip:
        """CRM, information, commerce and the rest, by the enquiries that ended."""
        return charts.strip(
            [
                (str(subject), say(self.names.language, f"subject_{subject}"), group.closed)
                for subject, group in self.figures.subjects().items()
            ]
        )

    def tables(self) -> dict[str, Table]:
        """All tables by id; each can be saved."""
        made = [
            self._days(),
            self._subjects(),
            self._ends(),
            self._reasons(),
            *(self._by(dimension) for dimension in DIMENSIONS),
            self._ratings(),
        ]
        return {table.id: table for table in made}

    def _columns(self, groups: Mapping[str, Group]) -> charts.Columns:
        ends, language = [_summed(group) for group in groups.values()], self.names.language
        return charts.columns(
            list(groups),
            {
                series: (say(language, f"by_{series}"), [each[series] for each in ends])
                for series in SERIES
            },
        )

    def _hours(self) -> dict[str, Group]:
        """All hours of a day, those without anything too."""
        known = self.figures.groups("hour")
        return {hour: known.get(hour, Group()) for hour in (f"{number:02}" for number in range(24))}

    def _speed(self, title: str, spans: Spans) -> Tile:
        median, late = (
            shown(spans.quantile(share), "span", self.names.language) for share in (0.5, 0.9)
        )
        return Tile(title, median, say(self.names.language, "p90", time=late))

    def _satisfaction(self, whole: Group) -> Tile:
        count = sum(whole.ratings.values())
        rating = shown(whole.rating, "rating", self.names.language)
        value = f"{rating} / {BEST}" if count else rating
        return Tile("satisfaction", value, say(self.names.language, "ratings_given", count=count))

    def _days(self) -> Table:
        columns = (Column("day", "name"), Column("opened"), Column("escalated"), *_ENDED, *_SPEED)
        rows = [[f"{day}", *_counted(each.whole)] for day, each in self.days.items()]
        return Table("days", "by_day", columns, rows)

    def _subjects(self) -> Table:
        columns = (NAME, Column("ended"), Column("share", "share"), *_ENDED, Column("escalated"))
        subjects = self.figures.subjects()
        whole = sum(group.closed for group in subjects.values())
        rows = [
            [
                say(self.names.language, f"subject_{subject}"),
                group.closed,
                _part(group.closed, whole),
                *_summed(group).values(),
                group.escalated,
            ]
            for subject, group in subjects.items()
        ]
        return Table("subjects", "by_subject", columns, rows, bar=1)

    def _ends(self) -> Table:
        language, whole = self.names.language, self.figures.whole
        rows: list[list[Value]] = []
        for end, count in by_size(whole.ends):
            outcome, _, reason = end.partition(" ")
            named = say(language, f"outcome_{outcome}")
            rows.append([named, _told(reason, language), count, _part(count, whole.closed)])
        columns = (
            Column("outcome", "name"),
            Column("why", "name"),
            Column("count"),
            Column("share", "share"),
        )
        return Table("outcomes", "by_outcome", columns, rows, bar=2)

    def _reasons(self) -> Table:
        whole = self.figures.whole
        rows = [
            [_told(reason, self.names.language), count, _part(count, whole.escalated)]
            for reason, count in by_size(whole.escalations)
        ]
        columns = (Column("why", "name"), Column("count"), Column("share", "share"))
        return Table("reasons", "by_reason", columns, rows, bar=1)

    def _by(self, dimension: Dimension) -> Table:
        groups = self.figures.groups(dimension)
        if dimension == "hour":
            groups = self._hours()
        else:
            weight = _asked_often if dimension == "intent" else _busy
            groups = dict(sorted(groups.items(), key=lambda each: (-weight(each[1]), each[0])))
        columns, cells = _SHAPES[dimension]
        rows = [[self.names.of(dimension, name), *cells(group)] for name, group in groups.items()]
        return Table(f"{dimension}s", f"by_{dimension}", (NAME, *columns), rows, bar=1)

    def _ratings(self) -> Table:
        ratings, language = self.figures.whole.ratings, self.names.language
        count = sum(ratings.values())
        rows = [
            [say(language, f"rating_{value}"), ratings[value], _part(ratings[value], count)]
            for value in range(BEST, 0, -1)
        ]
        columns = (Column("satisfaction", "name"), Column("count"), Column("share", "share"))
        return Table("ratings", "satisfaction", columns, rows, bar=1)


def _counted(group: Group) -> list[Value]:
    return [group.opened, group.escalated, *_summed(group).values(), *_quantiles(group)]


def _served(group: Group) -> list[Value]:
    """What people did."""
    answered = group.outcomes[Outcome.ANSWERED_BY_AGENT]
    return [group.taken, answered, *_quantiles(group), group.rating, sum(group.ratings.values())]


def _asked(group: Group) -> list[Value]:
    """What became of questions."""
    ends = _summed(group)
    return [group.closed, *ends.values(), group.escalated, group.resolution.quantile(0.5)]


_PEOPLE = (Column("taken"), Column("by_people"), *_SPEED, *_RATED)
_SHAPES: Mapping[Dimension, tuple[Sequence[Column], Callable[[Group], list[Value]]]] = {
    "team": ((Column("escalated"), *_PEOPLE), lambda group: [group.escalated, *_served(group)]),
    "agent": (_PEOPLE, _served),
    "intent": (
        (Column("ended"), *_ENDED, Column("escalated"), Column("resolution_p50", "span")),
        _asked,
    ),
    "hour": ((Column("opened"), Column("escalated"), *_ENDED, *_SPEED), _counted),
}


def _summed(group: Group) -> dict[str, int]:
    """The ends of enquiries, summed up into SERIES."""
    outcomes = group.outcomes
    return {
        "bot": outcomes[Outcome.ANSWERED_BY_BOT],
        "people": outcomes[Outcome.ANSWERED_BY_AGENT],
        "none": outcomes[Outcome.NO_ANSWER_NEEDED],
        "lost": sum(outcomes[lost] for lost in LOST),
    }


def _quantiles(group: Group) -> list[Value]:
    return [
        spans.quantile(share) for spans in (group.first, group.resolution) for share in (0.5, 0.9)
    ]


def _asked_often(group: Group) -> int:
    return group.closed + group.escalated


def _busy(group: Group) -> int:
    return group.escalated or group.taken


def _part(count: int, whole: int) -> float | None:
    return count / whole if whole else None


def _share(count: int, whole: int, language: str) -> str:
    return shown(_part(count, whole), "share", language)


def _told(reason: str, language: str) -> str:
    """A reason in words; trainers' own are shown as they are written."""
    known = ENDS.get(reason) or REASONS.get(reason)
    return pick(language, known) if known else reason or "–"
