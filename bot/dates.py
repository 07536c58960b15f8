"""Date words in a message: which days they mean, as seen from the moment it was written.

Every word means its next occurrence, right across the turn of the year; only an explicit past
(昨天, 上周六, a full date) goes back. The days off of a festival come from the shop's calendar.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise

from bot.brand import Holiday, HolidayCalendar, Names, days
from bot.day_names import day_label, span_label
from bot.festivals import FESTIVALS, Festival, Span, lunar
from bot.spelling import plain


@dataclass(frozen=True)
class DateRange:
    """Days, both ends included, what they were called, and whether this very moment was meant."""

    first: date
    last: date
    names: Names | None = None
    is_now: bool = False

    @property
    def days(self) -> Sequence[date]:
        """Each of the days."""
        return days(self.first, self.last)

    def label(self, language: str) -> str:
        """For people: ``周六（11月28日）``, ``周末（11月28日至29日）``, ``today (25 November)``."""
        head = self.names[language] if self.names else None
        if self.first == self.last:
            return day_label(self.first, language, head)
        return span_label(self.first, self.last, language, head)


@dataclass(frozen=True)
class Found:
    """Days and where in the text they are named."""

    start: int
    end: int
    range: DateRange


@dataclass(frozen=True)
class Moment:
    """From where the words are read: today, the day from which the next date counts, the calendar."""

    today: date
    base: date
    calendar: HolidayCalendar


Reading = Callable[[re.Match[str], Moment], DateRange | None]


def when(text: str, now: datetime, calendar: HolidayCalendar) -> DateRange | None:
    """The days that ``text`` names, None if it names none.

    ``now``: the message's time in the shop's zone. Of several days, neighbours and both ends of a
    range (周六和周日, 周一到周五) are joined; otherwise the first counts.
    """
    spelling = plain(text)
    found = sorted(_found(spelling, _moment(spelling, now.date(), calendar)), key=_start)
    kept = [
        _beside(spelling, each) for each in found if not _NEGATED.search(spelling[: each.start])
    ]
    return _joined(spelling, kept) if kept else None


def _beside(text: str, found: Found) -> Found:
    """The day after Christmas Eve, 平安夜第二天: not the day itself."""
    before, after = text[: found.start], text[found.end :]
    ahead = bool(_DAY_AFTER.search(before) or _NEXT_DAY.match(after))
    days = int(ahead) - bool(_DAY_BEFORE.search(before) or _DAY_AHEAD.match(after))
    day = (found.range.last if ahead else found.range.first) + timedelta(days)
    return replace(found, range=_day(day)) if days else found


def _start(found: Found) -> int:
    return found.start


_NEGATED = re.compile(r"(不是|唔系|不要|\bnot( on)?|\bisn't) ?$")
_JOINED = re.compile(r" ?(到|至|和|跟|及|与|或|、|,|-|–|~|to|until|till|through|and|or|&) ?(on )?")
_CORRECTION = re.compile(
    r"不对|说错|搞错|打错|记错|\b(no wait|i mean|i meant|sorry|scratch that|make that)\b"
)
_DAY_AFTER = re.compile(r"\bday after $")
_DAY_BEFORE = re.compile(r"\bday before $")
_NEXT_DAY = re.compile(r"的?(第二[天日]|次日|后一天|转天|隔天)")
_DAY_AHEAD = re.compile(r"的?(前一[天晚]|头一天)")
_WEEKDAY = re.compile(r"(周|礼拜|星期)[^\d月号]$|[a-z]+( [a-z]+)?")
_DATE = re.compile(r"\d|[月号]")
_NAMES_IT = re.compile(r"[ ,，(（]*(?:the|就是|也就是)?[ ,]*")
_RANGE = re.compile(r" ?(到|至|-|–|~|to|until|till|through) ?")


def _moment(text: str, today: date, calendar: HolidayCalendar) -> Moment:
    is_next_year = re.search(r"明年|来年|next year", text)
    return Moment(today, date(today.year + 1, 1, 1) if is_next_year else today, calendar)


def _found(text: str, moment: Moment) -> Iterator[Found]:
    """What each rule finds; what a rule has matched is hidden from those after it."""
    for pattern, read in _rules(moment.calendar):
        for match in list(pattern.finditer(text)):
            text = text[: match.start()] + "\0" * len(match[0]) + text[match.end() :]
            if found := _try(read, match, moment):
                yield Found(match.start(), match.end(), found)


def _try(read: Reading, match: re.Match[str], moment: Moment) -> DateRange | None:
    try:
        return read(match, moment)
    except (ValueError, OverflowError):  # no such day: 2月30日, or beyond the lunar tables
        return None


def _joined(text: str, found: list[Found]) -> DateRange:
    found = _without_weekdays_of_dates(text, _corrected(text, found))
    first, *rest = found
    joined, end = first.range, first.end
    for each in rest:
        last = _end_of(joined, each.range, text[end : each.start])
        if last is None:
            break
        joined, end = DateRange(joined.first, last), each.end
    return joined


def _without_weekdays_of_dates(text: str, found: list[Found]) -> list[Found]:
    """Thursday, 10 December is that Thursday, and not the next one."""
    doubled = {
        id(a if _is_weekday(text, a) else b) for a, b in pairwise(found) if _are_one(text, a, b)
    }
    return [each for each in found if id(each) not in doubled]


def _corrected(text: str, found: list[Found]) -> list[Found]:
    """16号晚上…啊不对 是9号 means the ninth."""
    starts = [b for a, b in pairwise(found) if _CORRECTION.search(text[a.end : b.start])]
    return found[found.index(starts[-1]) :] if starts else found


def _is_weekday(text: str, found: Found) -> bool:
    return bool(_WEEKDAY.fullmatch(text[found.start : found.end]))


def _are_one(text: str, a: Found, b: Found) -> bool:
    """Whether a bare weekday and a date beside it are the same day, whichever stands first."""
    weekday, other = (a, b) if _is_weekday(text, a) else (b, a)
    is_pair = _is_weekday(text, weekday) and _DATE.search(text[other.start : other.end])
    is_beside = _NAMES_IT.fullmatch(text[a.end : b.start])
    days = (a.range.first, a.range.last, b.range.first, b.range.last)
    return bool(is_pair and is_beside) and len({day.weekday() for day in days}) == 1


def _end_of(first: DateRange, second: DateRange, between: str) -> date | None:
    """The last day of both if the words between them join them."""
    if _RANGE.fullmatch(between):
        # 周一到周五 on a Wednesday: the Friday is that of the Monday's week.
        last = second.last if second.last >= first.first else second.last + timedelta(7)
        return last if last >= first.last else None
    is_next = second.first == first.last + timedelta(1)
    return second.last if is_next and (not between or _JOINED.fullmatch(between)) else None


# Numbers up to 99, in digits or in Chinese.
_NUMBER = r"(?:\d{1,2}|[一二两三四五六七八九十廿卅]{1,4})"
_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"": 0, "两": 2}


def _number(text: str) -> int:
    """``25``, ``二十五`` and ``廿五`` in figures. Raises ValueError for what is none."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.replace("廿", "二十").replace("卅", "三十").rpartition("十")
    if tens not in _DIGITS or ones not in _DIGITS:
        raise ValueError(text)
    return 10 * (_DIGITS[tens] or bool(ten)) + _DIGITS[ones]


def _day(day: date, names: Names | None = None) -> DateRange:
    return DateRange(day, day, names)


def _next(base: date, span: Callable[[int], Span], years: int = 2) -> Span:
    """The first of the yearly spans that is not over on ``base``."""
    for year in range(base.year - 1, base.year + years):
        try:
            first, last = span(year)
        except ValueError:  # 29 February
            continue
        if last >= base:
            return first, last
    raise ValueError(base)


# --- full dates, months and days ---


def _full(match: re.Match[str], moment: Moment) -> DateRange:
    return _day(date(int(match[1]), _number(match[2]), _number(match[3])))


def _month_day(match: re.Match[str], moment: Moment) -> DateRange:
    return _next_month_day(_month(match["month"]), match, moment)


def _next_month_day(month: int, match: re.Match[str], moment: Moment) -> DateRange:
    groups = match.groupdict()
    day = _number(groups["day"])
    last = _number(groups.get("last") or groups["day"])
    return DateRange(
        *_next(moment.base, lambda year: (date(year, month, day), date(year, month, last)), 9)
    )


def _month(text: str) -> int:
    return _MONTHS.index(text[:3]) + 1 if text[:3] in _MONTHS else _number(text)


def _day_of_month(match: re.Match[str], moment: Moment) -> DateRange:
    """25号: this month's or the next one's that has such days; 下个月25号: the next month's."""
    groups = match.groupdict()
    day, last = _number(groups["day"]), _number(groups.get("last") or groups["day"])
    month = moment.base.replace(day=1)
    if groups.get("next"):
        month = _month_after(month)
    for _ in range(4):
        if last <= _length(month) and month.replace(day=last) >= moment.base:
            return DateRange(month.replace(day=day), month.replace(day=last))
        month = _month_after(month)
    raise ValueError(last)


def _month_after(first: date) -> date:
    return (first + timedelta(31)).replace(day=1)


def _length(first: date) -> int:
    return (_month_after(first) - first).days


# --- today, tomorrow, now ---


def _ahead(
    shift: int, hans: str, hant: str, en: str
) -> Callable[[re.Match[str], Moment], DateRange]:
    names = {"zh-Hans": hans, "zh-Hant": hant, "en": en}
    return lambda match, moment: _day(moment.today + timedelta(shift), names)


def _now(match: re.Match[str], moment: Moment) -> DateRange:
    return replace(_today(match, moment), is_now=True)


def _in_days(match: re.Match[str], moment: Moment) -> DateRange:
    return _day(moment.today + timedelta(_number(match["days"] or match["n"])))


_today = _ahead(0, "今天", "今天", "today")

# --- weeks ---

_WEEKS = {"上上": -2, "上": -1, "下": 1, "下下": 2}
_WEEKEND_NAMES = {"zh-Hans": "周末", "zh-Hant": "週末", "en": "the weekend"}


def _weekday(match: re.Match[str], moment: Moment) -> DateRange:
    """周三 and 这周三: the next one, today included; 下周三: the one of the next week (from Monday)."""
    weekday = "一二三四五六日".find(match["day"].replace("天", "日"))
    return _day(_in_week(weekday if weekday >= 0 else int(match["day"]) - 1, match["week"], moment))


def _in_week(weekday: int, week: str | None, moment: Moment) -> date:
    if week in _WEEKS:
        return _monday(moment) + timedelta(7 * _WEEKS[week] + weekday)
    return moment.today + timedelta((weekday - moment.today.weekday()) % 7)


def _monday(moment: Moment) -> date:
    return moment.today - timedelta(moment.today.weekday())


def _english_weekday(match: re.Match[str], moment: Moment) -> DateRange:
    """Sunday, this Sunday: the next one, today included; next Sunday: the next one after today."""
    day = match["day"] or match["first"]
    weekday = "montuewedthufrisatsun".index(day[:3]) // 3
    ahead = (weekday - moment.today.weekday()) % 7
    return _day(moment.today + timedelta(ahead or (7 if match["which"] == "next" else 0)))


def _weekend(match: re.Match[str], moment: Moment) -> DateRange:
    """Saturday and Sunday, on a Sunday what is left of them; 下周末: those of the next week."""
    which = match.groupdict().get("week")
    shift = 1 if which == "next" else _WEEKS.get(which or "", 0)
    saturday = _monday(moment) + timedelta(7 * shift + 5)
    first = saturday if shift else max(saturday, moment.today)
    return DateRange(first, saturday + timedelta(1), _WEEKEND_NAMES)


def _week(match: re.Match[str], moment: Moment) -> DateRange:
    """下周: Monday to Sunday; 这周: what is left of it."""
    which = match["week"] or match["which"]
    shift = 1 if which == "next" else _WEEKS.get(which, 0)
    monday = _monday(moment) + timedelta(7 * shift)
    return DateRange(monday if shift else moment.today, monday + timedelta(6))


# --- festivals and holidays ---


def _festival(festival: Festival, match: re.Match[str], moment: Moment) -> DateRange:
    """The festival's next days, with all days off around them if the calendar has them."""
    span = partial(_days_off, festival, moment.calendar)
    return DateRange(*_next(moment.base, span), festival.names)


def _days_off(festival: Festival, calendar: HolidayCalendar, year: int) -> Span:
    first, last = festival.span(year)
    for day in days(first, last):
        holiday = calendar.on(day)
        if holiday and any(festival.words.search(word) for word in holiday.words):
            return min(first, holiday.first), max(last, holiday.last)
    return first, last


def _new_year_day(match: re.Match[str], moment: Moment) -> DateRange:
    """大年初三, 正月初三: a day of the first lunar month."""
    number = _number(match["day"])
    if not 1 <= number <= 15:
        raise ValueError(number)
    first, _ = _next(moment.base, lambda year: (lunar(year, 1, number),) * 2)
    text = f"大年初{'〇一二三四五六七八九十'[number]}" if number <= 10 else match[0]
    names: Names = {"zh-Hans": text, "zh-Hant": text, "en": f"day {number} of the Lunar New Year"}
    return _day(first, names)


def _holiday(match: re.Match[str], moment: Moment) -> DateRange | None:
    """A holiday that only the calendar knows, such as 佛诞 in Hong Kong."""
    for holiday in moment.calendar.coming(moment.base):
        if match[0] in holiday.words:
            return DateRange(holiday.first, holiday.last, holiday.names)
    return None


def _calendar_words(holidays: Sequence[Holiday]) -> re.Pattern[str]:
    words = {word for holiday in holidays for word in holiday.words if len(word) > 1}
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    parts = [rf"\b{re.escape(w)}\b" if w.isascii() else re.escape(w) for w in longest_first]
    return re.compile(f"(?:{'|'.join(parts) or '(?!)'})(?![点月号日楼])")


# --- the rules, the more special before what they contain ---

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH_WORD = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WEEK = r"(?:周|星期|礼拜)"
_PLACE = r"[线楼店门口院铺厅馆柜机]|航站"

_FIXED: tuple[tuple[str, Reading], ...] = (
    (rf"(20\d\d) ?[年./-] ?({_NUMBER}) ?[月./-] ?({_NUMBER})(?:号|日)?", _full),
    (
        rf"(?P<month>{_NUMBER}) ?月 ?(?P<day>{_NUMBER}) ?(?:号|日)?"
        rf"(?: ?(?:到|至|-|–|~) ?(?P<last>{_NUMBER}) ?(?:号|日))?",
        _month_day,
    ),
    (
        r"(?<![\d.:])(?P<month>1[0-2]|0?[1-9])[./](?P<day>[0-3]?\d)(?![\d.:]|[元块折万k%点寸])",
        _month_day,
    ),
    # 国庆五号: a day of the holiday.
    (
        rf"(?:国庆节?|十一)(?:假期|长假|期间)?的?(?P<day>{_NUMBER})(?:号|日)"
        rf"(?: ?(?:到|至|-|–|~) ?(?P<last>{_NUMBER}) ?(?:号|日))?",
        partial(_next_month_day, 10),
    ),
    (rf"\b{_MONTH_WORD}\.? (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b", _month_day),
    (rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH_WORD}\b", _month_day),
    (
        r"大后[天日]|\bda hou ?tian\b|the day after the day after",
        _ahead(3, "大后天", "大後天", "in three days"),
    ),
    (
        r"(?<![以之])后[天日晚](?!起)|\bhou ?tian\b|day after tomorrow",
        _ahead(2, "后天", "後天", "the day after tomorrow"),
    ),
    (
        r"明[天日晚早儿朝]|听[日晚朝]|\bming ?tian\b|\b(?:tomorrow|tmrw?|tomoz)\b",
        _ahead(1, "明天", "明天", "tomorrow"),
    ),
    (r"前[天日](?!晚)", _ahead(-2, "前天", "前天", "the day before yesterday")),
    (r"昨[天日晚儿]|琴[日晚]|\byesterday\b", _ahead(-1, "昨天", "昨天", "yesterday")),
    (
        r"现在|此刻|这会儿|而家|依家|马上|\b(?:right )?now\b|\bcurrently\b|at the moment"
        r"|\bstill open\b|(?:还|仲)(?:在)?(?:营业|开着|开门|开住|开紧)|(?:打烊|关门|开门)了[吗么没]",
        _now,
    ),
    (
        r"今[天日晚早儿夜朝]|\bjin ?tian\b|\b(?:today|tonight|this (?:morning|afternoon|evening))\b",
        _today,
    ),
    (rf"(?P<days>{_NUMBER})[天日](?:之|以)?后|\bin (?P<n>\d{{1,2}}) days\b", _in_days),
    (
        rf"(?P<week>上上|上|下下|下|这|本|今)?个?{_WEEK}[六6](?:和|跟|及|、|,)?{_WEEK}?[日天7]",
        _weekend,
    ),
    (rf"(?P<week>上上|上|下下|下|这|本|今)?个?{_WEEK}末", _weekend),
    (r"双休日|\bzhou ?mo\b|\b(?:(?P<week>this|next|the) )?weekend\b", _weekend),
    (rf"(?P<week>上上|上|下下|下|这|本|今)?个?{_WEEK}(?P<day>[一二三四五六日天1-7])", _weekday),
    (rf"(?P<week>下下|下|这|本)个?{_WEEK}(?![年岁])|\b(?P<which>this|next) week\b", _week),
    (
        r"\b(?:(?P<which>this|next|coming|on) )?(?P<day>monday|tuesday|wednesday|thursday|friday"
        r"|saturday|sunday|mon|tues?|thu(?:rs?)?|fri)s?\b",
        _english_weekday,
    ),
    # wed, sat and sun are also other words.
    (
        r"(?:\b(?P<which>this|next|coming|on) |(?<=\band )|(?<=& )|(?<=\bor )|(?<=[那咁噉]))(?P<day>wed|sat|sun)\b"
        r"|\b(?P<first>sat)(?= ?(?:and|&|-|to|or) ?sun\b)",
        _english_weekday,
    ),
    # 大年三十 is the eve, one of the festivals.
    (
        rf"(?:大年初?|正月初?|年初)(?!三十|卅|30)(?P<day>{_NUMBER})(?![\d月岁号日点年])",
        _new_year_day,
    ),
    # 初三 alone is that of the New Year; 最初一次, 月初三号 and 高中初二 are not.
    (r"(?<![最当月年起中])初(?P<day>[一二三四五六七])(?![年班次个\d月岁号日点])", _new_year_day),
)
_LOOSE: tuple[tuple[str, Reading], ...] = (
    (
        rf"(?P<next>下个?月|next month )?(?<![\d第.:])(?P<day>{_NUMBER})"
        rf"(?:(?:号|日)?(?:到|至|-|~)(?P<last>{_NUMBER}))?(?:号|日)(?!{_PLACE}|后|内)",
        _day_of_month,
    ),
    (
        r"(?:\b(?:the|on|and|about) |(?:(?<=, )|^)(?=\d+[a-z]+(?: in the| at | then| ok|[?.!]?$)))"
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)\b"
        r"(?! (?:floor|time|one|year|anniversary|birthday|avenue|ave|street|order))",
        _day_of_month,
    ),
)


Rule = tuple[re.Pattern[str], Reading]


def _compiled(rules: tuple[tuple[str, Reading], ...]) -> list[Rule]:
    # With ASCII alone, a Latin word ends where Chinese begins: this sat得吗.
    return [(re.compile(pattern, re.ASCII), read) for pattern, read in rules]


_FIRST: list[Rule] = [
    *_compiled(_FIXED),
    *((festival.words, partial(_festival, festival)) for festival in FESTIVALS),
]
_LAST = _compiled(_LOOSE)


def _rules(calendar: HolidayCalendar) -> Iterator[Rule]:
    yield from _FIRST
    yield _calendar_words(calendar.holidays), _holiday
    yield from _LAST
