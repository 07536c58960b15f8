"""Date words in a message: which days they mean, as seen from the moment it was written.

Every word means its next occurrence, right across the turn of the year; only an explicit past
(昨天, 上周六, a full date) goes back. The days off of a festival come from the shop's calendar.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.brand import HolidayCalendar, Names, days
from bot.festivals import FESTIVALS, Festival, Span, lunar
from bot.spelling import plain


@dataclass(frozen=True)
class DateRange:
    """Days, both ends included. ``names``: what they were called; ``is_now``: this very moment was meant.

    ``str()`` gives ``2026-11-28`` or ``2026-11-28/2026-11-29``, which ``when`` reads again.
    """

    first: date
    last: date
    names: Names | None = None
    is_now: bool = False

    @property
    def days(self) -> Sequence[date]:
        """Each of the days."""
        return days(self.first, self.last)

    def label(self, language: str) -> str:
        """For people: ``周六（11月28日）``, ``周末（11月28日至29日）``, ``Saturday (28 November)``."""
        head = self.names[language] if self.names else None
        if self.first == self.last:
            return _labelled(head or weekday_name(self.first, language), self._dates(language), language)
        return _labelled(head, self._dates(language), language) if head else self._dates(language)

    def _dates(self, language: str) -> str:
        return day_month(self.first, language) if self.first == self.last else _span(self, language)

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first}/{self.last}"
