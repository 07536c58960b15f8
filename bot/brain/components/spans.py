"""Dates, budgets, order numbers and phones as followers write them: where they stand in a text.

Only found here, not understood: what day or range of money a span means is told by ``bot.dates`` and ``bot.budget``.
All patterns are for simplified, half-width, lower-case text.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.spelling import ELLIPTIC


class Span(NamedTuple):
    """A piece of text of one kind, ``start`` included, ``end`` not."""

    entity: str
    start: int
    end: int


def spans(text: str) -> Iterator[Span]:
    """All phones, order numbers, dates and budgets of a text; none overlaps another, the former kind goes first."""
    taken: set[int] = set()
    for entity, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            start, end = _trimmed(text, *match.span())
            if start < end and taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                yield Span(entity, start, end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    inside = text[start:end]
    return start + len(inside) - len(inside.lstrip()), end - len(inside) + len(inside.rstrip())


def _any(*patterns: str) -> str:
    return f"(?:{'|'.join(patterns)})"


# --- phones and order numbers ---

_PHONE = r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"
_ORDER = (
    r"(?<![a-z0-9-])(?:(?:[a-z]{1,4}-?)?\d{4}-?\d{6,16}|[a-z]{1,4}-?\d{6,18}"
    r"|[1-9]\d{3,7}-\d{3,8}-\d{2,8})(?![a-z0-9-])"
)

# --- dates ---

_CHINESE_DAY = "[一二三四五六七八九十]{1,3}"
_WEEK = "(?:周|星期|礼拜)"
_WHICH = "(?:本|这个?|上个?|下下?个?)"
_THE_DAY = _any(
    "大?[今明后昨前][天日晚早夜](?:早上|上午|中午|下午|晚上)?",
    "[今明后]儿个?|听日|琴日|现在|而家|依家|宜家|这会儿|这个点|这几天|这两天|过两天",
    "(?:这个?|本|下个?)?月[底初中](?![旬级])",
)
_WEEKDAYS = _any(
    f"{_WHICH}?{_WEEK}[一二三四五六日天末1-7](?:[日天](?!本))?",
    f"{_WHICH}?周末",
    f"{_WHICH}{_WEEK}(?![一二三四五六日天末])",
    "工作日|平日|公众假期|节假日|(?<!十一)(?<!请)假期",
)
_FESTIVALS = _any(
    "国庆节?|黄金周|春节|过年|新年(?!好|快乐)|元旦|除夕|年三十|大年三十|大年初?[一二三四五六七]|(?<!最)初[一二三四五六七]",
    "元宵节?|清明节?|五一(?!点|块)|劳动节|端午节?|中秋节?|七夕节?|重阳节?|(?:白色)?情人节|圣诞节?|平安夜|跨年夜?",
    "母亲节|父亲节|妇女节|儿童节|教师节|感恩节|万圣节|光棍节|双(?:十一|十二|11|12)",
    r"(?<![周期拜月双\d])十一(?:假期|长假|期间)?(?![点月块号楼层个万元折线岁年二三四五六七八九])",
    r"五二[零〇]|(?<![\d.])520(?!\d|元|块|多|以|左右)",
)
_CALENDAR = _any(
    rf"(?:[今明后]年)?(?:\d{{1,2}}|{_CHINESE_DAY})月(?:\d{{1,2}}|{_CHINESE_DAY})[日号]?",
    rf"(?:下个?|这个?|本)月(?:\d{{1,2}}|{_CHINESE_DAY})[日号]?",
    r"(?<!\d)20\d\d[-/年.]\d{1,2}[-/月.]\d{1,2}[日号]?(?!\d)",
    rf"(?<![\d.第])(?:\d{{1,2}}|{_CHINESE_DAY})[号日](?![店线楼口门院馆码出])",
    r"(?<![\d./-])(?:1[0-2]|0?[1-9])[./-](?:3[01]|[12]\d|0?[1-9])(?![\d./-]| ?号线|折|[kw万千百元块])",
)
_NAMED_DAYS = (
    "mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?"
    "|sun(?:day)?|weekend|weekday"
)
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_ENGLISH_DAY = _any(
    "the day after tomorrow|today|tonight|tomorrow|right now|now|(?:this|next) (?:week|month)",
    f"(?:(?:this|next|coming) )?(?:{_NAMED_DAYS})s?(?: (?:morning|afternoon|evening|night))?",
    r"(?:bank|public) holidays?|the \d{1,2}(?:st|nd|rd|th)",
    rf"(?:{_MONTHS})\.? (?:the )?\d{{1,2}}(?:st|nd|rd|th)?",
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTHS})",
    "(?:christmas|xmas|x-mas)(?: eve| day)?|boxing day|(?:chinese|lunar) new year(?:'?s eve)?",
    "new year(?:'?s)?(?: eve| day)?|spring festival|national day|mid-?autumn(?: festival)?|golden week",
    "labou?r day|valentine'?s?(?: day)?|easter|good friday|bastille day|dragon boat(?: festival)?",
    "(?:mother|father|women)'?s'? day|thanksgiving|halloween",
)
_DATE = _any(_CALENDAR, _WEEKDAYS, _THE_DAY, _FESTIVALS, rf"\b{_ENGLISH_DAY}\b")

# --- budgets ---

_MONEY = _any(
    "块钱?|元|圆|蚊|港[币元纸]|人民币|欧元?|美[元金]|刀|大洋",
    r"(?:rmb|cny|yuan|hkd|eur|usd|euros?|dollars?|quid)\b",
)
_BEFORE_MONEY = r"(?:rmb|cny|hkd|eur|usd|hk\$|[¥￥$€])"
_ABOUT = "(?:左右|上下|以内|以下|之内|内(?![环地])|以上|往上|起(?![去来])|多(?!人)|出头|封顶| ?or so|ish| ?up| ?max)"
_BEFORE = _any(
    "预算(?:大概|大约|在|是|就)?|不要?超过?过?|别超过?|不高于|低于|少于|至少|最多|最少|顶多|大概|大约|差不多|控制在",
    "around|about|under|below|over|above|up to|at least|less than|(?:no )?more than|max|budget(?: is| of)?:?",
)
_FIGURE = r"(?<![\d.])\d[\d,]{0,14}(?:\.\d+)?"
_THOUSANDS = "(?: ?[kw](?![a-z])|[百千万])"
# Chinese sums have a 百, 千 or 万; without one they are counts of something else.
_SUM = "[一二两三四五六七八九几]{1,2}十?[百千万](?:零?[一二两三四五六七八九][百千]?)*"
_ROUGH = "一?[百千万](?:把|来|多)?(?=[块元])"
_COUNTED = r"(?! ?(?:积?分|人|[个年月日号楼点次位件岁米克]|points?\b|ml\b|%))"
_AMOUNT = rf"(?:{_FIGURE}{_THOUSANDS}?|{_ROUGH}|{ELLIPTIC}|{_SUM})"
_LARGE = rf"(?:{_FIGURE}{_THOUSANDS}|(?<![\d.])\d[\d,]{{2,14}}|{_SUM})"
_TO = "(?: ?(?:到|至|-|~|—|–|to) ?)"
_BUDGET = _any(
    rf"{_BEFORE} ?{_BEFORE_MONEY}? ?{_AMOUNT}(?:{_TO}{_AMOUNT})?{_COUNTED} ?{_MONEY}?{_ABOUT}?",
    rf"{_BEFORE_MONEY} ?{_AMOUNT}(?:{_TO}{_AMOUNT})?{_ABOUT}?",
    rf"(?:{_AMOUNT}|[一二两三四五六七八九]){_TO}{_LARGE}{_COUNTED} ?{_MONEY}?{_ABOUT}?",
    rf"{_AMOUNT} ?{_MONEY}{_ABOUT}?",
    rf"{_LARGE}{_COUNTED}{_ABOUT}",
    rf"{_FIGURE}(?: ?[kw](?![a-z])|[千万]){_COUNTED}|(?<!满)(?<!送){_SUM}{_COUNTED}",
    r"^\s*\d[\d,]{2,6}\s*$",
    "便宜(?:点|些|一点)|贵(?:点|些|一点)|cheaper|less expensive|pricier",
)

PATTERNS = {
    "phone": re.compile(_PHONE),
    "order_no": re.compile(_ORDER),
    "weekday_or_date": re.compile(_DATE),
    "budget": re.compile(_BUDGET),
}
