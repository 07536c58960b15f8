"""What the engine knows of the desk at one moment: who is for what, who is there, and how long it takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Literal

from bot.brand import HolidayCalendar
from bot.desk.hours import Schedule
from bot.desk.teams import Team, Teams, Wanted

HumanDesk = Literal["bida", "wechat"]
"""Where people answer: at this desk, or at WeChat's own, which Bida cannot look into."""

FEWEST_WAITS = 3
"""From fewer waits nothing is foretold."""

LATELY_SECONDS = 3 * 3600.0
"""Waits that ended longer ago say nothing of now."""

WINDOW_MARGIN_SECONDS = 3600.0
"""So long before WeChat's window closes, nobody having come, the follower gets a last word and supervisors an alarm."""


@dataclass(frozen=True)
class Reception:
    """The desk as a follower meets it. ``waits``: how long a first word takes (seconds), where known."""

    teams: Teams = field(default_factory=Teams)
    calendars: Mapping[str, HolidayCalendar] = field(default_factory=dict)
    waits: Mapping[str, float] = field(default_factory=dict)

    def team_for(self, wanted: Wanted) -> Team:
        """Whose question it is."""
        return self.teams.choose(wanted)

    def schedule(self, team: str) -> Schedule:
        """When the people of a team are there."""
        return self.teams.get(team).schedule(self.calendars)

    def is_open(self, team: str, at: float) -> bool:
        """Whether the people of a team are there at ``at`` (Unix seconds)."""
        return self.schedule(team).is_open(at)

    def opens_at(self, team: str, at: float) -> float | None:
        """When they are back; ``at`` itself while they are there, None if that is not to be foreseen."""
        return self.schedule(team).opens_at(at)

    def closes_at(self, team: str, at: float) -> float | None:
        """When they go home; None while nobody is there, or if they never do."""
        return self.schedule(team).closes_at(at)

    def is_provisional(self, team: str, year: int) -> bool:
        """Whether a team's holidays of a year are only the statutory ones, because the notice is not out yet."""
        return self.schedule(team).is_provisional(year)

    def due_at(self, team: str, since: float, window_end: float, *, is_first: bool) -> float:
        """Until when a person's word is promised (Unix seconds): the clock of the team, at most WeChat's window.

        ``since``: the follower has waited from then on; ``is_first``: for the first word of a person.
        """
        told = self.teams.get(team)
        seconds = told.first_reply_seconds if is_first else told.next_reply_seconds
        promised = self.schedule(team).after(since, seconds)
        return window_end if promised is None else min(promised, window_end)

    def likely_wait(self, team: str, place: int) -> float | None:
        """How long the follower at this place is likely to wait (seconds), from what the last hours took."""
        seconds = self.waits.get(team)
        return None if seconds is None else seconds * place

    def usual_wait(
        self, team: str, waits: Iterable[tuple[float, float]], now: float
    ) -> float | None:
        """The median of the open seconds of a team's latest ``waits``, each from and until when; None if too few."""
        schedule = self.schedule(team)
        lately = [
            schedule.open_seconds(since, until)
            for since, until in waits
            if until > now - LATELY_SECONDS
        ]
        return median(lately) if len(lately) >= FEWEST_WAITS else None
