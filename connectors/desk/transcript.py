"""A transcript as the desk shows it: stretches of one speaker, so that the eye sees who spoke when."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import groupby

from bot.messages import Delivery, Line
from connectors.desk.presenting import spoken
from connectors.desk.times import Times, day_number
from connectors.desk.words import pick, say
from connectors.desk.words.names import DELIVERIES, EXPLAINED
from connectors.store.conversations import Told
from connectors.store.misses import moment

UNDER_WAY = frozenset({Delivery.HANDED, Delivery.QUEUED, Delivery.SENDING})
TROUBLED = frozenset({Delivery.HELD, Delivery.UNCERTAIN, Delivery.REFUSED})
PAUSE_SECONDS = 600
"""After such a silence the speaker is named again."""


@dataclass(frozen=True)
class Row:
    """One bubble. ``state`` is ``delivered``, ``way``, ``trouble``, ``dropped`` or nothing; ``hint`` explains it.

    ``moment`` names a follower's words, which can be marked as something that the bot should have known; else empty.
    ``media`` names the message whose file can be opened, ``is_picture`` says that it can be shown.
    """

    text: str
    time: str
    state: str
    delivery: str
    hint: str
    understood: str
    moment: str
    is_marked: bool
    media: str
    is_picture: bool


@dataclass(frozen=True)
class Stretch:
    """What one speaker said in a row; ``day`` is set where another day begins."""

    side: str
    author: str
    day: str
    rows: tuple[Row, ...]


def stretches(
    told: Iterable[Told], times: Times, names: Mapping[str, str], marked: Set[str] = frozenset()
) -> Iterator[Stretch]:
    """The transcript, oldest first; ``names`` is what agents are called by their log-in names.

    ``marked``: the moments of the marked messages.
    """
    today = 0
    for _, group in groupby(told, _Runs()):
        lines = list(group)
        first, day = lines[0].line, day_number(lines[0].line.at)
        yield Stretch(
            first.author,
            _author(first, times.language, names),
            times.day(first.at) if day != today else "",
            tuple(_row(each, times, names, marked) for each in lines),
        )
        today = day


class _Runs:
    """Numbers the stretches: a new one begins with another speaker, another day, or after a pause."""

    def __init__(self) -> None:
        self._number = 0
        self._last: Line | None = None

    def __call__(self, told: Told) -> int:
        line, last = told.line, self._last
        if last is None or _is_apart(last, line):
            self._number += 1
        self._last = line
        return self._number


def _is_apart(last: Line, line: Line) -> bool:
    return (
        last.author != line.author
        or last.details.get("agent") != line.details.get("agent")
        or day_number(last.at) != day_number(line.at)
        or line.at - last.at > PAUSE_SECONDS
    )


def _author(line: Line, language: str, names: Mapping[str, str]) -> str:
    agent = line.details.get("agent", "")
    return names.get(agent, agent) or say(language, line.author)


def _row(told: Told, times: Times, names: Mapping[str, str], marked: Set[str]) -> Row:
    line, delivery, language = told.line, told.delivery, times.language
    named = moment(line.at) if line.author == "follower" and line.text else ""
    return Row(
        _text(line, language, names),
        times.hour(line.at),
        _state(delivery),
        pick(language, DELIVERIES[delivery]) if delivery else "",
        pick(language, EXPLAINED[delivery]) if delivery in EXPLAINED else "",
        _understood(line),
        named,
        named in marked,
        line.details.get("media", ""),
        line.kind == "image",
    )


def _text(line: Line, language: str, names: Mapping[str, str]) -> str:
    if line.author == "system":
        return _recorded(line, language, names)
    return spoken(line, language)


def _recorded(line: Line, language: str, names: Mapping[str, str]) -> str:
    """Who did what with the conversation, in words."""
    told = line.details
    name = "took" if line.kind == "taken" else line.kind
    if cause := told.get("cause"):
        name = f"{name}_{cause}"
    team = told.get("team", "")
    return say(
        language,
        name,
        agent=_author(line, language, names),
        to=names.get(told.get("to", ""), told.get("to", "")),
        holder=names.get(told.get("holder", ""), told.get("holder", "")),
        team=pick(language, (team, told.get("team_en", team))),
        why=line.text,
    )


def _state(delivery: Delivery | None) -> str:
    if delivery in TROUBLED:
        return "trouble"
    if delivery in UNDER_WAY:
        return "way"
    return str(delivery or "")


def _understood(line: Line) -> str:
    intent, confidence = line.details.get("intent"), line.details.get("confidence")
    return f"{intent} {confidence}" if intent and confidence else ""
