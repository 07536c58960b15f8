"""Delivery: the rule, and whether something comes in time for the day that the follower names."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from actions.turn import Asked, Reply, say
from bot.answers import AnswerBook
from bot.brand import HolidayCalendar
from bot.dates import DateRange, when
from bot.day_names import day_month
from bot.entries import LANGUAGES
from bot.measures import measured
from bot.spelling import plain

ZONE = ZoneInfo("Asia/Shanghai")
"""Parcels leave by this clock."""

RULE = "utter_shipping_delivery"

IN_TIME = re.compile(
    r"之?前.{0,8}(到|收|送|寄|拿)|(到|收|送|寄|拿).{0,6}之?前|(到|收到|送到|寄到|拿到|收得到|到得了|送得到).{0,3}[吗么嘛不没?]"
    r"|赶得[上及]|赶不[上及]|来得及|来不及"
    r"|\bby (the|then|christmas|xmas|new year|\w+day|\d)|\bbefore\b|\bin time\b|\b(arrive|get here|reach)\b"
)
"""24号之前能到吗 asks for a day, not for the rule."""

LATEST = 60
"""Days that are further away are in time by all means, and not worth a calculation."""


def delivery(answers: AnswerBook, asked: Asked) -> Reply:
    """When what is ordered now arrives, held against the day that the message names; else the rule."""
    day, span = _day_wanted(asked), _days_on_the_way(answers)
    if day is None or span is None:
        return say(RULE)
    now = datetime.fromtimestamp(asked.time, ZONE)
    leaves = now.date() + timedelta(_is_too_late_today(answers, now))
    first, last = (leaves + timedelta(days) for days in span)
    return say(
        _verdict(day.first, first, last),
        day=day.label(asked.language),
        first=day_month(first, asked.language),
        last=day_month(last, asked.language),
    )


def _verdict(day: date, first: date, last: date) -> str:
    if day > last:
        return "utter_delivery_in_time"
    return "utter_delivery_maybe" if day >= first else "utter_delivery_too_late"


def _day_wanted(asked: Asked) -> DateRange | None:
    """The coming day of 24号之前能寄到深圳吗."""
    if not IN_TIME.search(plain(asked.text)):
        return None
    now = datetime.fromtimestamp(asked.time, ZONE)
    day = when(asked.text, now, HolidayCalendar("none"))
    is_coming = day and timedelta(0) < day.first - now.date() <= timedelta(LATEST)
    return day if is_coming else None


def _days_on_the_way(answers: AnswerBook) -> tuple[int, int] | None:
    """The days of the fact 2–4 天; None where an editor has written it otherwise."""
    told = [
        int(each) for each in re.findall(r"\d{1,2}", answers.fact("delivery_days", LANGUAGES[0]))
    ]
    return (told[0], told[-1]) if told else None


def _is_too_late_today(answers: AnswerBook, now: datetime) -> bool:
    cutoff = measured("clock", answers.fact("dispatch_cutoff", LANGUAGES[0]))
    return cutoff is not None and now.hour * 60 + now.minute >= cutoff
