"""When people are there: a week's hours in a time zone, with public holidays, make-up days and special days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.brand import HolidayCalendar, Hours, Special

MONDAY = 0
DAY_SECONDS = 24 * 3600.0
HORIZON_DAYS = 60
"""So far ahead an opening or a closing is looked for; what comes later counts as never."""


@dataclass(frozen=True)
class Schedule:
    """``week`` runs from Monday; ``holiday`` holds the hours of public holidays if they differ from the weekday's."""

    zone: ZoneInfo
    week: tuple[Hours, ...]
    holiday: Hours | None = None
    special: tuple[Special, ...] = ()
    calendar: HolidayCalendar | None = None

    def on(self, day: date) -> Hours:
        """The hours of a day: special day before public holiday before make-up day before weekday."""
        for special in self.special:
            if special.first <= day <= special.last:
                return special.hours
        calendar = self.calendar
        holiday = calendar.on(day) if calendar else None
        if holiday and self.holiday:
            return self.holiday
        if calendar and day in calendar.workdays:
            # A weekend day that is worked instead of a holiday goes like a Monday.
            return self.week[MONDAY]
        return self.week[day.weekday()]

    def is_open(self, at: float) -> bool:
        """Whether people are there at this moment (Unix seconds)."""
        return next(self._pieces(at), (at + 1, 0.0))[0] <= at

    def opens_at(self, at: float) -> float | None:
        """``at`` itself while people are there, else when they are back; None if that is not to be foreseen."""
        start = next(self._stretches(at), None)
        return None if start is None else max(at, start[0])

    def closes_at(self, at: float) -> float | None:
        """When the stretch ends that is open at this moment; None while nobody is there, or if it never ends."""
        start, end = next(self._stretches(at), (at + 1, 0.0))
        is_endless = end - at > (HORIZON_DAYS - 2) * DAY_SECONDS
        return None if start > at or is_endless else end

    def after(self, at: float, seconds: float) -> float | None:
        """The moment at which so many open ``seconds`` have passed since ``at``; None if that is not to be foreseen."""
        left = seconds
        for start, end in self._stretches(at):
            begin = max(at, start)
            if end - begin >= left:
                return begin + left
            left -= end - begin
        return None

    def open_seconds(self, start: float, end: float) -> float:
        """How many seconds between two moments people were there."""
        total = 0.0
        days = HORIZON_DAYS + int(max(0.0, end - start) // DAY_SECONDS)
        for opens, closes in self._stretches(start, days):
            if opens >= end:
                break
            total += min(end, closes) - max(start, opens)
        return total

    def is_provisional(self, year: int) -> bool:
        """Whether the public holidays of a year are only the statutory ones: make-up days are not announced yet."""
        return self.calendar is not None and year not in self.calendar.announced

    def _stretches(self, at: float, days: int = HORIZON_DAYS) -> Iterator[tuple[float, float]]:
        """The open stretches that end after ``at``, those that touch each other as one."""
        held: tuple[float, float] | None = None
        for start, end in self._pieces(at, days):
            if held and start <= held[1]:
                held = (held[0], max(held[1], end))
                continue
            if held:
                yield held
            held = (start, end)
        if held:
            yield held

    def _pieces(self, at: float, days: int = HORIZON_DAYS) -> Iterator[tuple[float, float]]:
        """The spans that end after ``at``, in the order in which they begin; yesterday's may reach into today."""
        first = datetime.fromtimestamp(at, self.zone).date() - timedelta(1)
        for number in range(days + 1):
            day = first + timedelta(number)
            for opens, closes in sorted(self.on(day).open):
                start, end = self._moment(day, opens), self._moment(day, closes)
                # A span in the hour that summer time leaves out is none.
                if end > max(at, start):
                    yield start, end

    def _moment(self, day: date, minute: int) -> float:
        days, rest = divmod(minute, 24 * 60)
        told = time(rest // 60, rest % 60)
        return datetime.combine(day + timedelta(days), told, self.zone).timestamp()
