"""Dates, budgets, order numbers and phones as followers write them: where they stand in a text.

Only found here, not understood: what day or range of money a span means is told by ``bot.dates`` and ``bot.budget``.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_NUMBER = r"(?:\d[\d,]*(?:\.\d+)?|[零一二两三四五六七八九十百千万半]+)"
_WEEKDAY = r"(?:[一二三四五六日天末1-6])"
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DAYS = "mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|weekend"
_FESTIVALS = (
    "国庆(?:节)?|春节|过年|新年|元旦|除夕|年三十|大年[初]?[一二三四五六七]|初[一二三四五六七]|元宵(?:节)?|清明(?:节)?"
    "|五一|劳动节|端午(?:节)?|中秋(?:节)?|七夕|情人节|圣诞(?:节)?|平安夜|母亲节|父亲节|妇女节|儿童节|十一|520|双十一|跨年"
)
_ENGLISH_FESTIVALS = (
    "christmas(?: eve| day)?|boxing day|new year'?s?(?: eve| day)?|(?:chinese|lunar) new year|spring festival"
    "|national day|mid-?autumn(?: festival)?|labou?r day|valentine'?s?(?: day)?|easter|good friday|bastille day"
    "|golden week"
)

_DATE = re.compile(
    rf"(?:大?[今明后昨前](?:天|日|晚|早)|今儿|明儿|后儿|听日|聽日|今晚|明晚|现在|而家|依家|这会儿|这个点|这几天|这两天"
    rf"|(?:本|这|这个|下|下个|下下)?(?:周|星期|礼拜){_WEEKDAY}|(?:本|这|这个|下|下个)?周末|(?:本|这个?|下个?)(?:周|星期|礼拜)(?![一二三四五六日天末])"
    rf"|工作日|平日|假期|节假日|公众假期"
    rf"|{_FESTIVALS}"
    r"|(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号]?"
    r"|(?<![\d.])(?:\d{1,2}|[一二三四五六七八九十]{1,3})[号日](?!店|线|楼|口|门|院|馆|码)"
    r"|(?<![\d./-])(?:1[0-2]|0?[1-9])[./-](?:3[01]|[12]\d|0?[1-9])(?![\d./-]|号线)"
    rf"|\b(?:today|tonight|tomorrow|(?:this|next|on)? ?(?:{_DAYS})s?|right now|now"
    r"|this week|next week|bank holidays?|public holidays?)\b"
    rf"|\b(?:{_ENGLISH_FESTIVALS})\b"
    rf"|\b(?:{_MONTHS})\.? \d{{1,2}}(?:st|nd|rd|th)?\b|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTHS})\b)",
    re.IGNORECASE,
)

_MONEY = (
    r"(?:块钱?|元|圆|蚊|rmb|cny|yuan|人民币|大洋|刀|欧元?|港币|欧|hkd|euros?|eur|usd|dollars?|quid)"
)
_ABOUT = r"(?:左右|上下|以内|以下|之内|内|以上|起|多|出头|封顶|up|max|or so|ish)"
_BEFORE = (
    r"(?:预算(?:大概|大约|在|是|就)?|不超过|不要超过|别超过|不高于|低于|少于|最多|顶多|大概|大约|差不多"
    r"|around|about|under|below|up to|less than|no more than|max|budget(?: is| of)?:?|over|above|at least|[¥￥$€])"
)
_AMOUNT = rf"{_NUMBER} ?(?:k|w|千|万)?"
_BUDGET = re.compile(
    rf"(?:{_BEFORE} ?{_AMOUNT}(?: ?(?:到|至|-|~|—|to) ?{_AMOUNT})? ?{_MONEY}?{_ABOUT}?"
    rf"|{_AMOUNT} ?(?:到|至|-|~|—|to) ?{_AMOUNT} ?{_MONEY}?{_ABOUT}?(?=$|[^\d月日号点])"
    rf"|{_AMOUNT} ?{_MONEY}(?:钱)?{_ABOUT}?"
    rf"|{_AMOUNT} ?{_ABOUT}"
    r"|[\d.]+ ?k(?: ?up)?\b|两三百|三四百|几百|几千|上千|千元|百元|千把块|百来块"
    r"|[一两二三四五六七八九]千[一二三四五六七八九](?![月号点])"
    r"|便宜(?:点|些|一点)?|贵(?:点|些|一点)|cheaper|less expensive|pricier)",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_ORDER = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z]{1,4}-?)?\d{10,20}(?![A-Za-z0-9])")


class Span(NamedTuple):
    """A piece of text of one kind, ``start`` included, ``end`` not."""

    entity: str
    start: int
    end: int


def spans(text: str) -> Iterator[Span]:
    """All dates, budgets, phones and order numbers of a simplified, half-width, lower-case text."""
    phones = [Span("phone", *match.span()) for match in _PHONE.finditer(text)]
    yield from phones
    taken = {place for span in phones for place in range(span.start, span.end)}
    for name, pattern in (("order_no", _ORDER), ("weekday_or_date", _DATE), ("budget", _BUDGET)):
        for match in pattern.finditer(text):
            start, end = _trimmed(text, *match.span())
            if not taken & set(range(start, end)):
                taken |= set(range(start, end))
                yield Span(name, start, end)


def _trimmed(text: str, start: int, end: int) -> "tuple[int, int]":
    while start < end and text[start] == " ":
        start += 1
    while end > start and text[end - 1] == " ":
        end -= 1
    return start, end
