"""Quantities in a message that a rule can be held against: days since, characters, a time of the day, money."""

import re
from collections.abc import Callable, Mapping

import cn2an

from bot.budget import sums
from bot.spelling import plain

_ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBER = rf"(?P<number>\d+|半|[一二两三四五六七八九十百零]+|{'|'.join(_ENGLISH)})"

_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "年": 365}
_ENGLISH_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_SPANS = (
    re.compile(
        rf"(?<![\d第周]){_NUMBER} ?(?P<more>多?个?多?)"
        r"(?P<unit>天|日(?=前|后|了)|(?:周|星期|礼拜)(?![一二三四五六日天末年])|(?<=[个多])月|年)(?P<half>半)?"
    ),
    re.compile(rf"第 ?{_NUMBER} ?(?P<unit>天)"),
    re.compile(rf"\b(?P<unit>day) {_NUMBER}\b"),
    re.compile(rf"\b{_NUMBER} (?P<unit>day|week|month|year)s?\b"),
)
_RECENT = {"今天": 1, "刚刚": 1, "昨天": 1, "昨日": 1, "前天": 2, "today": 1, "yesterday": 1}
_WAITS = re.compile(
    r"还没|还不|没到|没收到|仲未|等了|退款|到账|好了没|\b(still (waiting|no|not|hasn't)|waiting|not arrived)\b"
)
"""三天了还没到: waits, and asks of no limit."""

_CHARACTERS = re.compile(rf"{_NUMBER} ?[来多]?个?(?:汉字|中文字?|字(?!母)|characters\b)")
_LETTERS = re.compile(rf"{_NUMBER} ?[来多]?个?(?:英文)?(?:字母|letters\b)")

_CLOCKS = (
    re.compile(
        r"(?P<part>下午|晚上|傍晚)? ?(?P<number>\d{1,2})[:：](?P<minute>\d\d)(?P<half>)? ?(?P<pm>pm)?"
    ),
    re.compile(
        rf"(?P<part>下午|晚上|傍晚)? ?{_NUMBER}[点时]"
        r"(?:(?P<half>半)|(?P<minute>\d\d|[一二三四五]?十[一二三四五六七八九]?)分?)?(?P<pm>)?"
    ),
    re.compile(r"\b(?P<part>)(?P<number>\d{1,2})(?P<half>)(?P<minute>) ?(?:am|(?P<pm>pm))\b"),
)


def measured(measure: str, text: str) -> float | None:
    """The first quantity of this kind in a text; None if there is none. Days, minutes since midnight, or yuan."""
    return MEASURES[measure](plain(text))


def shown(measure: str, quantity: float) -> str:
    """The quantity for people: 16:32 for minutes, 3,800 for yuan."""
    if measure == "clock":
        return f"{int(quantity) // 60}:{int(quantity) % 60:02}"
    return f"{round(quantity):,}"


def _days(text: str) -> float | None:
    if _WAITS.search(text):
        return None
    for span in filter(None, (pattern.search(text) for pattern in _SPANS)):
        groups = span.groupdict()
        days = {**_DAYS, **_ENGLISH_DAYS}[groups["unit"]]
        number = _value(groups["number"]) + (0.5 if groups.get("half") else 0)
        # 三个多月 is more than three months.
        return number * days + (1 if "多" in groups.get("more", "") else 0)
    return next((days for word, days in _RECENT.items() if word in text), None)


def _characters(text: str) -> float | None:
    found = _CHARACTERS.search(text)
    return _value(found["number"]) if found else None


def _letters(text: str) -> float | None:
    found = _LETTERS.search(text)
    return _value(found["number"]) if found else None


def _minutes(text: str) -> float | None:
    for found in filter(None, (pattern.search(text) for pattern in _CLOCKS)):
        hour = _value(found["number"])
        minute = 30 if found["half"] else _value(found["minute"] or "0")
        is_later = (found["part"] or found["pm"]) and hour < 12
        return (hour + (12 if is_later else 0)) * 60 + minute
    return None


def _yuan(text: str) -> float | None:
    return next((each.yuan() for each in sums(text)), None)


def _value(number: str) -> float:
    if number in _ENGLISH:
        return _ENGLISH.index(number) + 1
    return 0.5 if number == "半" else float(cn2an.cn2an(number, "smart"))


MEASURES: Mapping[str, Callable[[str], float | None]] = {
    "days": _days,
    "characters": _characters,
    "letters": _letters,
    "clock": _minutes,
    "yuan": _yuan,
}
"""What a message may be measured by, by the names that ``answers/details`` uses."""
