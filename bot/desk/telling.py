"""How times of the desk are told to followers: when people are back, how long it is likely to take."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.brand import WEEKDAYS
from bot.day_names import day_month, weekday_name
from bot.entries import LANGUAGES

_DAYS = {
    "zh-Hans": ("今天", "明天"),
    "zh-Hant": ("今天", "明天"),
    "en": ("today", "tomorrow"),
}
_SOON = {"zh-Hans": "尽快", "zh-Hant": "盡快", "en": "as soon as they can"}
_MINUTES = {
    "zh-Hans": "，大约要等 {} 分钟",
    "zh-Hant": "，大約要等 {} 分鐘",
    "en": ", about {} min to wait",
}
_HOURS = {
    "zh-Hans": "，大约要等 {} 小时",
    "zh-Hant": "，大約要等 {} 小時",
    "en": ", about {} h to wait",
}


def opening(at: float | None, now: float, zone: ZoneInfo, language: str | None) -> str:
    """``明天 10:00``, ``周一 10:00``, ``2月17日 10:00``: a moment (Unix seconds) in a team's zone.

    None, where nobody can tell: as soon as they can.
    """
    language = language or LANGUAGES[0]
    if at is None:
        return _SOON[language]
    moment, today = datetime.fromtimestamp(at, zone), datetime.fromtimestamp(now, zone).date()
    day = _day(moment.date(), today, language)
    return f"{day}{' at' if language == 'en' else ''} {moment:%H:%M}"


def until(at: float, now: float, zone: ZoneInfo, language: str | None) -> str:
    """``今天 22:00 前``, ``until 22:00``: the end of today's hours, or of the night's."""
    language = language or LANGUAGES[0]
    moment, today = datetime.fromtimestamp(at, zone), datetime.fromtimestamp(now, zone).date()
    day = _day(moment.date(), today, language)
    if language == "en":
        return (
            f"until {moment:%H:%M}" if moment.date() == today else f"until {day} at {moment:%H:%M}"
        )
    return f"{day} {moment:%H:%M} 前"


def _day(day: date, today: date, language: str) -> str:
    ahead = (day - today).days
    if ahead < len(_DAYS[language]):
        return _DAYS[language][ahead]
    # A weekday's name means the next one; on a Monday, next Monday has a date.
    name = weekday_name(day, language) if ahead < len(WEEKDAYS) else day_month(day, language)
    return f"on {name}" if language == "en" else name


def wait(seconds: float | None, language: str | None) -> str:
    """A likely wait as the end of a sentence, ``，大约要等 5 分钟``; empty where it is not known."""
    if seconds is None:
        return ""
    minutes, language = max(1, round(seconds / 60)), language or LANGUAGES[0]
    if minutes > 10:
        minutes = 5 * round(minutes / 5)
    if minutes < 90:
        return _MINUTES[language].format(minutes)
    return _HOURS[language].format(round(minutes / 60))
