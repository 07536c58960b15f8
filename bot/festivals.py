"""Festivals that followers name: when each falls in a year, by the solar, the lunar or the church's rule.

A festival's span is its statutory days where it has them (State Council regulation of 2024-11-10); the
days off of a year, once announced, stand in the brand's holiday calendars and go before these.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from lunardate import LunarDate

Span = tuple[date, date]


@dataclass(frozen=True)
class Festival:
    """A festival: the plain-spelt words that name it, its names, and its days in a year."""

    words: re.Pattern[str]
    names: dict[str, str]
    span: Callable[[int], Span]


def lunar(year: int, month: int, day: int) -> date:
    """The solar date of a day in a lunar year. Raises ValueError outside 1900 to 2099."""
    solar: date = LunarDate(year, month, day).to_solar_date()
    return solar


def new_year_eve(year: int) -> date:
    """除夕: the day before the first day of the lunar year."""
    return lunar(year, 1, 1) - timedelta(1)


def qingming(year: int) -> date:
    """清明 by the common formula for the 21st century: 4 or 5 April."""
    since = year % 100
    return date(year, 4, int(since * 0.2422 + 4.81) - since // 4)


def easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian rule (Meeus)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    shift = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + shift - 7 * ((a + 11 * h + 22 * shift) // 451) + 114, 31)
    return date(year, month, day + 1)


def _solar(month: int, day: int, length: int = 1) -> Callable[[int], Span]:
    return lambda year: _days(date(year, month, day), length)


def _lunar(month: int, day: int) -> Callable[[int], Span]:
    return lambda year: _days(lunar(year, month, day))


def _weekday(month: int, weekday: int, number: int) -> Callable[[int], Span]:
    """The ``number``-th such weekday (Monday is 0) of a month."""

    def span(year: int) -> Span:
        first = date(year, month, 1)
        return _days(first + timedelta((weekday - first.weekday()) % 7 + 7 * (number - 1)))

    return span


def _days(first: date, length: int = 1) -> Span:
    return first, first + timedelta(length - 1)


def _festival(words: str, hans: str, hant: str, en: str, span: Callable[[int], Span]) -> Festival:
    return Festival(re.compile(words), {"zh-Hans": hans, "zh-Hant": hant, "en": en}, span)


# The more special name stands before the one it contains.
FESTIVALS = (
    _festival(
        r"除夕|年三十|大年三十|年卅|年夜饭|(chinese|lunar) new year'?s eve",
        "除夕",
        "除夕",
        "Lunar New Year's Eve",
        lambda year: _days(new_year_eve(year)),
    ),
    _festival(
        r"春节|过年|农历(新)?年|新春|新年(?!快乐|好)|(chinese|lunar) new year|spring festival",
        "春节",
        "春節",
        "Spring Festival",
        lambda year: _days(new_year_eve(year), 4),
    ),
    _festival(r"元宵|lantern festival", "元宵节", "元宵節", "Lantern Festival", _lunar(1, 15)),
    _festival(
        r"跨年|元旦前夕|new year'?s eve", "跨年夜", "跨年夜", "New Year's Eve", _solar(12, 31)
    ),
    _festival(
        r"元旦.{0,3}[三3]天|元旦(小长)?假",
        "元旦假期",
        "元旦假期",
        "the New Year holiday",
        _solar(1, 1, 3),
    ),
    _festival(r"元旦|new year", "元旦", "元旦", "New Year's Day", _solar(1, 1)),
    _festival(r"白色情人节|white day", "白色情人节", "白色情人節", "White Day", _solar(3, 14)),
    _festival(
        r"情人节|(?<!\d)214(?!\d)|valentine'?s?( day)?",
        "情人节",
        "情人節",
        "Valentine's Day",
        _solar(2, 14),
    ),
    _festival(
        r"三八|妇女节|女神节|女王节|women'?s day", "妇女节", "婦女節", "Women's Day", _solar(3, 8)
    ),
    _festival(
        r"清明|qingming|tomb.sweeping day|ching ming",
        "清明节",
        "清明節",
        "Qingming",
        lambda year: _days(qingming(year)),
    ),
    _festival(r"复活节|easter", "复活节", "復活節", "Easter", lambda year: _days(easter(year))),
    _festival(
        r"(?<![周期拜])五一(?!点|块)|劳动节|(?<![\d.])51(?=假|长假|劳动)|labou?r day|may day",
        "劳动节",
        "勞動節",
        "Labour Day",
        _solar(5, 1, 2),
    ),
    _festival(
        r"五二零|五二〇|(?<![\d.])520(?!\d|元|块|多|以|左右)", "520", "520", "520", _solar(5, 20)
    ),
    _festival(r"母亲节|mother'?s'? day", "母亲节", "母親節", "Mother's Day", _weekday(5, 6, 2)),
    _festival(
        r"(?<![周期拜])六一|儿童节|children'?s day",
        "儿童节",
        "兒童節",
        "Children's Day",
        _solar(6, 1),
    ),
    _festival(r"父亲节|father'?s'? day", "父亲节", "父親節", "Father's Day", _weekday(6, 6, 3)),
    _festival(r"端午|端阳|dragon boat", "端午节", "端午節", "Dragon Boat Festival", _lunar(5, 5)),
    _festival(r"七夕|qixi", "七夕", "七夕", "Qixi Festival", _lunar(7, 7)),
    _festival(r"教师节|teacher'?s'? day", "教师节", "教師節", "Teachers' Day", _solar(9, 10)),
    _festival(
        r"中秋|mid.?autumn|moon festival",
        "中秋节",
        "中秋節",
        "Mid-Autumn Festival",
        _lunar(8, 15),
    ),
    _festival(
        r"国庆|黄金周|十一(?=假|长假|期间|黄金周|放假|小长假)|national day|golden week",
        "国庆节",
        "國慶節",
        "National Day",
        _solar(10, 1, 3),
    ),
    _festival(r"重阳|double ninth", "重阳节", "重陽節", "Double Ninth", _lunar(9, 9)),
    _festival(r"万圣|halloween", "万圣节", "萬聖節", "Halloween", _solar(10, 31)),
    _festival(
        r"双十一|双11|光棍节|singles'? day",
        "双十一",
        "雙十一",
        "Singles' Day",
        _solar(11, 11),
    ),
    _festival(r"感恩节|thanksgiving", "感恩节", "感恩節", "Thanksgiving", _weekday(11, 3, 4)),
    _festival(r"双十二|双12", "双十二", "雙十二", "12.12", _solar(12, 12)),
    _festival(
        r"圣诞节?.{0,2}[两二2]天",
        "平安夜和圣诞节",
        "平安夜及聖誕節",
        "Christmas Eve and Christmas Day",
        _solar(12, 24, 2),
    ),
    _festival(
        r"平安夜|christmas eve|xmas eve", "平安夜", "平安夜", "Christmas Eve", _solar(12, 24)
    ),
    _festival(
        r"圣诞(?!老人|树|帽)|christmas|x'?mas", "圣诞节", "聖誕節", "Christmas", _solar(12, 25)
    ),
    _festival(r"节礼日|拆礼物日|boxing day", "节礼日", "拆禮物日", "Boxing Day", _solar(12, 26)),
)
