"""What a follower asked before, and who answered: read off the transcript."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from bot.messages import Line
from connectors.desk.views.presenting import EVENTS, spoken
from connectors.desk.views.times import Times, day_number
from connectors.desk.words import say

MOST = 6
LONGEST = 60
"""So many characters of a question are shown."""


@dataclass(frozen=True)
class Past:
    """An enquiry of another day: when, what, and by whom it was answered."""

    day: str
    words: str
    outcome: str


def past(lines: Iterable[Line], times: Times, names: Mapping[str, str]) -> list[Past]:
    """One enquiry for each day before today on which the follower asked something, the latest first."""
    today = day_number(times.now)
    days = groupby(lines, key=lambda line: day_number(line.at))
    found = [each for day, told in days if day != today for each in _of(list(told), times, names)]
    return found[::-1][:MOST]


def _of(lines: list[Line], times: Times, names: Mapping[str, str]) -> Iterator[Past]:
    asked = [line for line in lines if line.author == "follower" and line.kind not in EVENTS]
    if asked:
        words = spoken(asked[0], times.language)
        short = words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
        yield Past(times.day(asked[0].at), short, _outcome(lines, times.language, names))


def _outcome(lines: list[Line], language: str, names: Mapping[str, str]) -> str:
    agents = [line.details.get("agent", "") for line in lines if line.author == "agent"]
    if agents:
        return say(language, "was_by_agent", agent=names.get(agents[-1], agents[-1]))
    is_answered = any(line.author == "bot" for line in lines)
    return say(language, "was_by_bot" if is_answered else "not_answered")
