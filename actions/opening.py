"""Opening hours in words."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from bot.brand import Hours, Shop, clock, days
from bot.dates import DateRange
from bot.day_names import WEEKDAY_NAMES, day_label, day_month, in_brackets, span_label

WORDS = {
    "zh-Hans": {
        "closed": "休息",
        "every_day": "每天",
        "to": "至",
        "open_now": "现在营业中",
        "opens_at": "现在未营业，{time}开门",
        "over": "今天已打烊",
        "day_off": "每{day}店休",
        "except": "，{days}照常营业",
    },
    "zh-Hant": {
        "closed": "休息",
        "every_day": "每天",
        "to": "至",
        "open_now": "現在營業中",
        "opens_at": "現在未營業，{time}開門",
        "over": "今天已打烊",
        "day_off": "每{day}店休",
        "except": "，{days}照常營業",
    },
    "en": {
        "closed": "closed",
        "every_day": "every day",
        "to": " to ",
        "open_now": "open now",
        "opens_at": "closed now, opens at {time}",
        "over": "closed for today",
        "day_off": "as every {day}",
        "except": ", but open on {days}",
    },
}

AHEAD = 14
"""For how many days the weekly hours tell of special days ahead."""

WEEKS_OFF = 4
"""For how many weeks a weekly day off tells when the shop is open all the same."""


def hours_text(shop: Shop, asked: DateRange, now: datetime, language: str) -> str:
    """The hours of the days asked for, told together where they are the same."""
    parts = _runs(asked.days, shop.hours_on)
    if len(parts) == 1:
        (first, _, hours) = parts[0]
        text = _with_reason(hours, language, asked.label(language))
        if hours.is_closed and not hours.reason:
            return in_brackets(text, _day_off(shop, first, language), language)
        return in_brackets(text, _state(hours, now, language), language) if asked.is_now else text
    return _joined((_dated(*part, language) for part in parts), language)


def closed_reason(shop: Shop, asked: DateRange, language: str) -> str:
    """Why the shop stays closed on these days."""
    hours = shop.hours_on(asked.first)
    return hours.reason[language] if hours.reason else _day_off(shop, asked.first, language)


def _day_off(shop: Shop, day: date, language: str) -> str:
    """``每周日店休，12月13日、12月20日照常营业``: the weekly day off, and when it is none in the weeks after."""
    words, comma = WORDS[language], ", " if language == "en" else "、"
    told = words["day_off"].format(day=WEEKDAY_NAMES[language][day.weekday()])
    later = (day + timedelta(weeks=week) for week in range(1, WEEKS_OFF + 1))
    opens = [day_month(each, language) for each in later if not shop.hours_on(each).is_closed]
    return told + words["except"].format(days=comma.join(opens)) if opens else told


def week_text(shop: Shop, today: date, language: str) -> str:
    """The weekly hours, and the special days of the next two weeks."""
    week = [(_weekdays(first, last, language), hours) for first, last, hours in _week(shop)]
    usual = [f"{head} {_text(hours, language)}" for head, hours in week]
    ahead = days(today, today + timedelta(AHEAD - 1))
    special = [day for day in ahead if shop.is_special_on(day)]
    return _joined(
        [*usual, *(_dated(*part, language) for part in _runs(special, shop.hours_on))], language
    )


def _week(shop: Shop) -> list[tuple[int, int, Hours]]:
    """Runs of weekdays with the same hours: first and last (Monday is 0)."""
    runs = [list(run) for _, run in groupby(range(7), key=lambda day: shop.week[day])]
    return [(run[0], run[-1], shop.week[run[0]]) for run in runs]


def _weekdays(first: int, last: int, language: str) -> str:
    words, names = WORDS[language], WEEKDAY_NAMES[language]
    if (first, last) == (0, 6):
        return words["every_day"]
    return names[first] if first == last else f"{names[first]}{words['to']}{names[last]}"


def _runs(
    asked: Sequence[date], hours_on: Callable[[date], Hours]
) -> list[tuple[date, date, Hours]]:
    """Neighbouring days with the same hours."""
    runs: list[tuple[date, date, Hours]] = []
    for day in asked:
        if runs and runs[-1][1] + timedelta(1) == day and runs[-1][2] == hours_on(day):
            runs[-1] = (runs[-1][0], day, hours_on(day))
        else:
            runs.append((day, day, hours_on(day)))
    return runs


def _dated(first: date, last: date, hours: Hours, language: str) -> str:
    label = day_label(first, language) if first == last else span_label(first, last, language)
    space = "" if label.endswith("）") else " "
    return f"{label}{space}{_with_reason(hours, language, label)}"


def _with_reason(hours: Hours, language: str, label: str) -> str:
    """The hours, and their reason unless the label says it already."""
    text = _text(hours, language)
    if not hours.reason or hours.reason[language] in label:
        return text
    return in_brackets(text, hours.reason[language], language)


def _text(hours: Hours, language: str) -> str:
    return WORDS[language]["closed"] if hours.is_closed else str(hours)


def _state(hours: Hours, now: datetime, language: str) -> str:
    words, minute = WORDS[language], now.hour * 60 + now.minute
    if hours.is_open_at(minute):
        return words["open_now"]
    opens = hours.opens_after(minute)
    return words["over"] if opens is None else words["opens_at"].format(time=clock(opens))


def _joined(parts: Iterable[str], language: str) -> str:
    return ("; " if language == "en" else "；").join(parts)
