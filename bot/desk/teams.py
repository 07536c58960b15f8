"""Teams: which people a question is for, when they are there, and what they have promised."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from bot.brand import HolidayCalendar, Hours, Special
from bot.desk.hours import Schedule
from bot.zone import HOME

Span = tuple[int, int]
"""Minutes after midnight, from and to."""

EVERY_DAY: tuple[tuple[Span, ...], ...] = (((0, 24 * 60),),) * 7
DEFAULT = "all"
"""The team that takes what no other one is for."""

REASON_NEEDS_HURRY = frozenset({"complaint", "vip_arrival"})
"""Reasons that go before others with the same deadline."""


@dataclass(frozen=True)
class SpecialDays:
    """Days on which a team's hours differ, both ends included; no spans: nobody is there."""

    first: date
    last: date
    open: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Team:
    """People who answer the same questions. Plain values only: so it lies in the store and in forms.

    ``cities`` and ``subjects`` (intents or reasons) and ``languages`` say what it is for; empty means no preference.
    ``is_automatic``: a waiting conversation is offered to its members instead of waiting to be taken. Seconds are open
    ones: clocks stop outside the hours. ``silent_seconds``: an agent who leaves a follower without a word for so long
    loses the conversation. ``managers``: log-in names, in the order in which they are told of an arrival.
    ``wecom_url`` (a group robot's webhook, which is a secret) and ``mail_to`` are where its alerts go instead of those
    of the settings.
    """

    id: str
    shown: str
    shown_en: str = ""
    zone: str = HOME.key
    calendar: str = "mainland"
    week: tuple[tuple[Span, ...], ...] = EVERY_DAY
    holiday: tuple[Span, ...] | None = None
    special: tuple[SpecialDays, ...] = ()
    cities: tuple[str, ...] = ()
    shops: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    is_automatic: bool = False
    first_reply_seconds: float = 180.0
    next_reply_seconds: float = 300.0
    silent_seconds: float = 900.0
    offer_seconds: float = 60.0
    wecom_url: str = ""
    mail_to: tuple[str, ...] = ()

    def schedule(self, calendars: Mapping[str, HolidayCalendar]) -> Schedule:
        """When its people are there; ``calendars`` are the brand's public holidays."""
        return Schedule(
            ZoneInfo(self.zone),
            tuple(Hours(day) for day in self.week),
            None if self.holiday is None else Hours(self.holiday),
            tuple(Special(each.first, each.last, Hours(each.open)) for each in self.special),
            calendars.get(self.calendar),
        )


@dataclass(frozen=True)
class Wanted:
    """What a waiting follower needs: ``subject`` is the intent, ``reason`` why the bot did not do."""

    city: str = ""
    shop: str = ""
    subject: str = ""
    reason: str = ""
    language: str = ""


@dataclass(frozen=True)
class Teams:
    """All teams by id, in the order in which they are asked. There is always one for everything."""

    by_id: Mapping[str, Team] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if DEFAULT not in self.by_id:
            everyone = Team(DEFAULT, "客服", "Customer service")
            object.__setattr__(self, "by_id", {**self.by_id, DEFAULT: everyone})

    def get(self, id: str) -> Team:
        """The team with this id; one that is gone is stood in for by the team for everything."""
        return self.by_id.get(id) or self.by_id[DEFAULT]

    def choose(self, wanted: Wanted) -> Team:
        """The team that fits best: shop before city before subject before language; what contradicts does not fit."""
        fitting = [(fit, team) for team in self.by_id.values() if (fit := _fit(team, wanted)) > 0]
        return max(fitting, key=lambda found: found[0])[1] if fitting else self.by_id[DEFAULT]


def _fit(team: Team, wanted: Wanted) -> int:
    points = 0
    subjects = {wanted.subject, wanted.reason} - {""}
    asked = (
        (team.shops, {wanted.shop} - {""}, 8),
        (team.cities, {wanted.city} - {""}, 4),
        (team.subjects, subjects, 2),
        (team.languages, {wanted.language} - {""}, 1),
    )
    for offered, needed, worth in asked:
        if not offered:
            continue
        if not needed & set(offered):
            # A shop's team may be reached by its city as well.
            if offered is team.shops and wanted.city in team.cities:
                continue
            return 0
        points += worth
    return points
