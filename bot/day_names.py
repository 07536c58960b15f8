"""How days are called when we speak of them, in each language."""

from datetime import date

WEEKDAY_NAMES = {
    "zh-Hans": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "zh-Hant": ("週一", "週二", "週三", "週四", "週五", "週六", "週日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def weekday_name(day: date, language: str) -> str:
    """``周六``, ``Saturday``."""
    return WEEKDAY_NAMES[language][day.weekday()]


def day_month(day: date, language: str) -> str:
    """``11月28日``, ``28 November``."""
    if language == "en":
        return f"{day.day} {MONTH_NAMES[day.month - 1]}"
    return f"{day.month}月{day.day}日"


def day_label(day: date, language: str, head: str | None = None) -> str:
    """``周六（11月28日）``, ``Saturday (28 November)``; ``head`` instead of the weekday's name."""
    return in_brackets(head or weekday_name(day, language), day_month(day, language), language)


def span_label(first: date, last: date, language: str, head: str | None = None) -> str:
    """``周末（11月28日至29日）``, ``28 November – 3 December``."""
    dates = _dates(first, last, language)
    return in_brackets(head, dates, language) if head else dates


def in_brackets(head: str, inner: str, language: str) -> str:
    """``head（inner）`` with the brackets of the language."""
    return f"{head} ({inner})" if language == "en" else f"{head}（{inner}）"


def _dates(first: date, last: date, language: str) -> str:
    if language == "en" and first.month == last.month:
        return f"{first.day}–{day_month(last, language)}"
    if language == "en":
        return f"{day_month(first, language)} – {day_month(last, language)}"
    end = f"{last.day}日" if first.month == last.month else day_month(last, language)
    return f"{day_month(first, language)}至{end}"


def date_text(day: date, language: str) -> str:
    """A full date: ``2026年11月28日``, ``28 November 2026``."""
    if language == "en":
        return f"{day_month(day, language)} {day.year}"
    return f"{day.year}年{day_month(day, language)}"
