"""A team as a form has it: texts in, a team or one sentence for each wrong field out."""

import hashlib
import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from multidict import MultiMapping
from pydantic import TypeAdapter

from bot.brand import WEEKDAYS, Brand
from bot.desk.subjects import SUBJECTS
from bot.desk.teams import SpecialDays, Team
from bot.entries import LANGUAGES
from bot.hours_text import Spans, parsed, written
from bot.text import safe

NAME_CHARACTERS = 24
MOST_MINUTES = 24 * 60
ROBOT = "https://qyapi.weixin.qq.com/"
"""Where WeCom's group robots listen; nothing else is written to."""

_MAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[A-Za-z0-9-]+")
_DAYS = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:\s*(?:-|–|~|至|到|to)\s*(\d{4}-\d\d-\d\d))?\s*[:：]\s*(.+)"
)
_TEAM = TypeAdapter(Team)

T = TypeVar("T")


@dataclass(frozen=True)
class Known:
    """What a team may name."""

    brand: Brand
    agents: Set[str]


@dataclass
class Filled:
    """The form's texts, and what is wrong with which of them: the field, and the name of a sentence."""

    texts: Mapping[str, str]
    chosen: Mapping[str, tuple[str, ...]]
    is_automatic: bool
    faults: dict[str, str] = field(default_factory=dict)

    def team(self, before: Team, known: Known) -> Team:
        """The team that the form describes; where ``faults`` are, the old value stands."""
        values: dict[str, object] = {
            "shown": self._read("shown", _named, before.shown),
            "shown_en": self._read("shown_en", _named_or_not, before.shown_en),
            "zone": self._read("zone", _zone, before.zone),
            "calendar": self._read("calendar", _one_of(known.brand.calendars), before.calendar),
            "week": tuple(
                self._read(day, _hours, before.week[at]) for at, day in enumerate(WEEKDAYS)
            ),
            "holiday": self._read("holiday", _hours_or_not, before.holiday),
            "special": self._read("special", _special, before.special),
            "managers": self._read("managers", _accounts(known.agents), before.managers),
            "wecom_url": self._read("wecom_url", _robot(before.wecom_url), before.wecom_url),
            "mail_to": self._read("mail_to", _mails, before.mail_to),
            "is_automatic": self.is_automatic,
            **self._chosen(known),
            **self._spans(before),
        }
        return Team(before.id, **values)  # type: ignore[arg-type]

    def _chosen(self, known: Known) -> dict[str, object]:
        offered: Mapping[str, Set[str]] = {
            "cities": known.brand.cities.keys(),
            "shops": known.brand.shops.keys(),
            "subjects": SUBJECTS.keys() | REASONS_CHOSEN,
            "languages": frozenset(LANGUAGES),
        }
        return {
            name: tuple(each for each in self.chosen[name] if each in choices)
            for name, choices in offered.items()
        }

    def _spans(self, before: Team) -> dict[str, object]:
        return {
            name: self._read(name, _seconds(unit), getattr(before, name))
            for name, unit in UNITS.items()
        }

    def _read(self, name: str, read: Callable[[str], T], otherwise: T) -> T:
        try:
            return read(self.texts[name])
        except ValueError as fault:
            self.faults[name] = str(fault)
            return otherwise


REASONS_CHOSEN = frozenset({"complaint", "vip_arrival", "asked_for_human", "message_type"})
"""Reasons for which a team may be there, beside what a question is about."""

UNITS = {
    "first_reply_seconds": 60,
    "next_reply_seconds": 60,
    "silent_seconds": 60,
    "offer_seconds": 1,
}
"""Spans of a team, and how many seconds the form's unit has."""

TEXTS = (
    *("shown", "shown_en", "zone", "calendar", *WEEKDAYS, "holiday", "special", "managers"),
    *("wecom_url", "mail_to", *UNITS),
)
CHOICES = ("cities", "shops", "subjects", "languages")


def from_form(form: MultiMapping[object]) -> Filled:
    """What was typed and ticked."""
    return Filled(
        {name: safe(str(form.get(name, ""))).strip() for name in TEXTS},
        {name: tuple(map(str, form.getall(name, []))) for name in CHOICES},
        "is_automatic" in form,
    )


def from_team(team: Team, closed: str) -> Filled:
    """A team as its form shows it, days off as ``closed``. The robot's address is a secret and never shown again."""
    texts = {
        "shown": team.shown,
        "shown_en": team.shown_en,
        "zone": team.zone,
        "calendar": team.calendar,
        **{day: _written(team.week[at], closed) for at, day in enumerate(WEEKDAYS)},
        "holiday": "" if team.holiday is None else _written(team.holiday, closed),
        "special": "\n".join(_told(days, closed) for days in team.special),
        "managers": ", ".join(team.managers),
        "wecom_url": "",
        "mail_to": ", ".join(team.mail_to),
        **{name: f"{getattr(team, name) / unit:g}" for name, unit in UNITS.items()},
    }
    return Filled(texts, {name: getattr(team, name) for name in CHOICES}, team.is_automatic)


def version(team: Team) -> str:
    """Changes with whatever is changed about a team: a form knows by it whether it is out of date."""
    return hashlib.sha256(_TEAM.dump_json(team)).hexdigest()[:16]


def new_id(shown_en: str, taken: Set[str]) -> str:
    """A short name for a team's address, of its English name as far as that goes."""
    base = re.sub(r"[^a-z0-9]+", "_", shown_en.lower()).strip("_")[:20] or "team"
    numbered = (base if number == 1 else f"{base}_{number}" for number in range(1, len(taken) + 3))
    return next(id for id in numbered if id not in taken | {"new"})


def _named(text: str) -> str:
    if not text:
        raise ValueError("needs_name")
    return _named_or_not(text)


def _named_or_not(text: str) -> str:
    if len(text) > NAME_CHARACTERS:
        raise ValueError("long_name")
    return " ".join(text.split())


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("bad_zone") from None
    return text


def _one_of(choices: Mapping[str, object]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError("bad_choice")
        return text

    return read


def _hours(text: str) -> Spans:
    plain = text.replace("，", ",").replace("、", ",").replace("：", ":")
    plain = re.sub(r"\s*[~～—至到]+\s*", "-", plain).strip().lower()
    if plain in {"休息", "不上班", "关", "closed"}:
        return ()
    if plain in {"全天", "24h", "24小时", "all day"}:
        return ((0, 24 * 60),)
    try:
        return parsed(plain)
    except ValueError:
        raise ValueError("bad_hours") from None


def _hours_or_not(text: str) -> Spans | None:
    return _hours(text) if text else None


def _special(text: str) -> tuple[SpecialDays, ...]:
    return tuple(_days(line.strip()) for line in text.splitlines() if line.strip())


def _days(line: str) -> SpecialDays:
    found = _DAYS.fullmatch(line)
    if not found:
        raise ValueError("bad_special")
    try:
        first = date.fromisoformat(found[1])
        last = date.fromisoformat(found[2]) if found[2] else first
        hours = _hours(found[3])
    except ValueError:
        raise ValueError("bad_special") from None
    if last < first:
        raise ValueError("bad_special_order")
    return SpecialDays(first, last, hours)


def _written(spans: Spans, closed: str) -> str:
    return written(spans) if spans else closed


def _told(days: SpecialDays, closed: str) -> str:
    last = "" if days.last == days.first else f" – {days.last}"
    return f"{days.first}{last}: {_written(days.open, closed)}"


def _accounts(known: Set[str]) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        names = _listed(text.lower())
        if not set(names) <= known:
            raise ValueError("unknown_manager")
        return names

    return read


def _robot(before: str) -> Callable[[str], str]:
    """Left empty, the address stays as it is; a dash takes it away."""

    def read(text: str) -> str:
        if text in {"-", "–"}:
            return ""
        if text and not text.startswith(ROBOT):
            raise ValueError("bad_robot")
        return text or before

    return read


def _mails(text: str) -> tuple[str, ...]:
    addresses = _listed(text)
    if not all(_MAIL.fullmatch(each) for each in addresses):
        raise ValueError("bad_mail")
    return addresses


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in re.split(r"[,，、;；\s]+", text) if each))


def _seconds(unit: int) -> Callable[[str], float]:
    def read(text: str) -> float:
        if not re.fullmatch(r"\d{1,5}(\.\d)?", text) or not 0 < float(text) <= MOST_MINUTES:
            raise ValueError("bad_minutes")
        return float(text) * unit

    return read
