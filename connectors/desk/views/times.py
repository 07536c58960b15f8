"""Moments and time spans as people at the desk read them."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.zone import HOME
from connectors.desk.words import pick, say
from connectors.desk.words.names import WEEKDAYS

MINUTE, HOUR, DAY = 60, 3600, 86400


@dataclass(frozen=True)
class Times:
    """The present moment (Unix seconds), and the language to speak of others in."""

    language: str
    now: float

    def span(self, seconds: float) -> str:
        """How long, in one unit or two."""
        if seconds < MINUTE:
            return say(self.language, "under_a_minute")
        if seconds < HOUR:
            return say(self.language, "minutes", count=int(seconds // MINUTE))
        if seconds < DAY:
            hours, rest = divmod(int(seconds), HOUR)
            return say(self.language, "hours", count=hours, minutes=rest // MINUTE)
        return say(self.language, "days", count=int(seconds // DAY))

    def moment(self, at: float) -> str:
        """A time within some days: today's hour, else weekday and hour."""
        when = local(at)
        hour = when.strftime("%H:%M")
        if when.date() == local(self.now).date():
            return hour
        return f"{pick(self.language, WEEKDAYS[when.weekday()])} {hour}"

    def hour(self, at: float) -> str:
        """The hour alone."""
        return local(at).strftime("%H:%M")

    def date_and_hour(self, at: float, *, seconds: bool = False) -> str:
        """A time of any day, in full."""
        return local(at).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")

    def day(self, at: float) -> str:
        """A day, as a heading of what was said on it."""
        when = local(at).date()
        if when == local(self.now).date():
            return say(self.language, "today")
        weekday = pick(self.language, WEEKDAYS[when.weekday()])
        return f"{self._date(when)} {weekday}"

    def _date(self, when: date) -> str:
        if self.language == "zh":
            return f"{when.month} 月 {when.day} 日"
        return f"{when.day} {when.strftime('%b')}"


def day_number(at: float) -> int:
    """Tells whether two moments lie on one day."""
    return local(at).toordinal()


def local(at: float, zone: ZoneInfo = HOME) -> datetime:
    """A moment on the clock of a place."""
    return datetime.fromtimestamp(at, zone)
