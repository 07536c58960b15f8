"""Quantities in a message that a rule can be held against: days since, characters, a time of the day, money."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from bot.budget import sums
from bot.day_names import MONTH_NAMES, WEEKDAY_NAMES
from bot.numbers import number
from bot.spelling import plain
from bot.zone import at_home

_ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_CHINESE = "一二两三四五六七八九十百零"
# Bounded, and never from the middle of a figure: neither 五天 in 第十五天 nor a second's work over 一一一….
_NUMBER = (
    rf"(?<![0-9.,{_CHINESE}])(?P<number>[0-9]{{1,4}}|半|[{_CHINESE}]{{1,7}}|{'|'.join(_ENGLISH)})"
)

_ABOUT = re.compile(
    r"[一二两三四五六七八九](?=[二两三四五六七八九]$)|^[一二两三四五六七八九](?=[二两三四五六七八九][十百])"
)
"""Of 五六 and 两三百 the larger counts."""

_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "年": 365}
_ENGLISH_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_SPANS = (
    re.compile(
        rf"(?<![第周哪每]){_NUMBER}(?<!\d{{4}}) ?(?P<more>多?个?多?)"
        r"(?P<unit>天|日(?=前|后|了)|(?:周|星期|礼拜)(?![一二三四五六日天末年])|(?<=[个多])月|年)(?P<half>半)?"
    ),
    re.compile(rf"第 ?{_NUMBER} ?(?P<unit>天)"),
    re.compile(rf"\b(?P<unit>day) {_NUMBER}\b"),
    re.compile(rf"\b{_NUMBER} (?P<unit>day|week|month|year)s?\b"),
)
_RECENT = {"今天": 1, "刚刚": 1, "昨天": 1, "昨日": 1, "前天": 2, "today": 1, "yesterday": 1}
_PAST = re.compile(
    r"((?<![不没未])(?<!没有)超过?|过了|多于|(?<!not )(?<!n't )(?<!no )\b(over|more than|past)) ?$"
)
_OVER = re.compile(r"(超了|超出了?|超期了?|逾期了?|过期了?|晚了|迟了|[迟晚]咗) ?$")
_LATE = re.compile(r"s? (late|over|past)\b")
"""超了一天, a day late: counts from a limit that is not named."""
_GOT_ENGLISH = r"\b(?:bought|received|got|paid|ordered|arrived)\b"
_GOT = rf"(?:买|收|签|付|拍|下的|拿到|到的|{_GOT_ENGLISH})"
_BESIDE = r"[^,.;?!。\n]{0,8}"
"""今天 tells since when only before one of these, today after one: 今天能发吗 does not, nor 上周买的包今天打折."""
_MONTHS = [name.lower() for name in MONTH_NAMES]
_MONTH = "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in _MONTHS)
_NTH = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_DAY_NUMBER = rf"[0-9]{{1,2}}|[{_CHINESE}]{{1,3}}"
_YEARS_AGO = {"大前年": 3, "前年": 2, "去年": 1, "last year": 1, "今年": 0, "this year": 0}
_YEAR = re.compile(
    rf"(?<![目之以提])(?:{'|'.join(_YEARS_AGO)})|(?<!\d)20\d\d(?= ?年|[./-]\d| (?:{_MONTH})\b)"
    rf"|\b(?:{_MONTH})(?: {_NTH})?,? 20\d\d\b|\bin 20\d\d\b"
)
"""目前年卡 names no year, nor does a price of 2000."""
_WEEKDAYS = [name.lower() for name in WEEKDAY_NAMES["en"]]
_LAST_WEEK = re.compile(
    rf"上个?(?:周|星期|礼拜)(?P<chinese>[一二三四五六日天])|\blast (?P<english>{'|'.join(_WEEKDAYS)})\b"
)
_BOUGHT_ON = re.compile(
    # 我是六月一号买的, 28号才收到; neither 12号的戒指 nor 我28号买的话.
    rf"(?:(?<![0-9{_CHINESE}])(?P<month>{_DAY_NUMBER})月(?P<day_of_month>{_DAY_NUMBER})[日号]?"
    rf"|(?<![0-9.{_CHINESE}])(?P<day>{_DAY_NUMBER})[日号])"
    r"(?:才|刚|就|那天|在[^,.;?!。]{1,6}|上午|下午|晚上)*(?:买|收|签收|付款?|拍下?|下单|下|拿到|到货|到(?=的(?:\W|$)|了))(?:的(?!话)|了|到|咗|嘅)"
    # A date alone is one of a purchase, where a rule asks for it.
    rf"|^(?:(?P<only_month>{_DAY_NUMBER})月)(?P<only_day>{_DAY_NUMBER})[日号]?[的呢吧左右 ]*$"
    rf"|{_GOT_ENGLISH}(?: it| this| them| mine)?(?: on)?(?: the)?"
    rf" (?:(?P<name>{_MONTH}) (?P<english>{_NTH})|(?P<before>{_NTH})(?: of)? (?P<named>{_MONTH}))\b"
)
"""The date of a purchase, beside the word for it."""

_BOUGHT_IN = re.compile(
    rf"(?<![0-9.{_CHINESE}个])(?P<month>{_DAY_NUMBER})月份?(?:初|中旬?|底|末|左右|的时候|那会儿?)?(?:才|刚|就|在[^,.;?!。]{{1,6}})*"
    r"(?:买|收到|签收|付款|拍|下单|拿到)(?:的(?!话)|了|到|咗|嘅)"
    rf"|^(?:{_YEAR.pattern})年?的?(?P<only_month>{_DAY_NUMBER})月份?[的呢吧左右 ]*$"
    rf"|{_GOT_ENGLISH}(?: it| this| them| mine)?(?: back)? in (?:20\d\d )?(?P<name>{_MONTH})\b"
)
"""The month of a purchase: 去年九月买的, bought in March 2025."""
_LONGEST_MONTH = timedelta(30)
_YEAR_OF_DAYS = timedelta(365)

_WAITS = re.compile(
    r"能到|到[吗么不没]|送[得能]?到|[修刻开做]好|[要再]等|等[多几]|还没|还不|没到|没收到|仲未|等了|退款|到账|好了没"
    r"|\b(deliver|arrive|ship|get (it|here|there))\w*( \w+){0,3} in \d"
    r"|\b(still (waiting|no|not|hasn't)|waiting|not arrived)\b"
)
"""三天了还没到: waits, and asks of no limit."""

_CHARACTERS = re.compile(rf"{_NUMBER} ?[来多]?个?(?:汉字|中文字?|字(?!母)|characters\b)")
_LETTERS = re.compile(rf"{_NUMBER} ?[来多]?个?(?:英文)?(?:字母|letters\b)")

_HAN = re.compile("[\u4e00-\u9fff]")
_ENGRAVED = re.compile(
    r"刻(?:上|成|个)? ?(?:[\"“「](?=[^a-z]{2})([^\"”」]{2,40})|[ :]([\u4e00-\u9fff]{2,30}))"
)
_ENGRAVED_LETTERS = re.compile(
    r"刻(?:上|成|个)? ?[:\"“「]? ?(?!(?:initials?|names?|letters?|logo|words?|text|dates?|english)(?![a-z]))"
    r"([a-z][a-z&. ]{0,60}[a-z])"
)
"""刻 永远爱你, 刻forever and always: the wording itself is counted."""

_PART = "(?P<part>下午|晚上|傍晚|中午|凌晨|上午|早上)"
_CLOCKS = (
    re.compile(
        rf"(?:{_PART} ?)?(?<![0-9:])(?P<number>[0-9]{{1,2}})[:：](?P<minute>[0-5][0-9])(?P<half>)? ?(?P<meridiem>pm)?"
    ),
    re.compile(
        # 快一点 and 一时半会 tell no time.
        rf"(?:{_PART} ?|(?!一[点时](?!半(?!会)|钟|[前后之以整分]|[0-9]|[一二三四五]?十)))"
        rf"{_NUMBER}[点时]"
        r"(?:(?P<half>半)|(?P<minute>[0-5][0-9]|[一二三四五]?十[一二三四五六七八九]?)分?)?(?P<meridiem>)?"
    ),
    re.compile(r"\b(?P<part>)(?P<number>[0-9]{1,2})(?P<half>)(?P<minute>) ?(?P<meridiem>[ap]m)\b"),
)


_SLIP = re.compile(
    r"(?:^|[\W_]|[了吗])(?:啊|哦|噢|哎)?(?:不对(?!不)|我?[说记]错了?|no wait|i mean(?:t)?)[\W_]*"
    r"(?:应该|我是|是|it's|it was)?[\W_]*(?=[0-9一二两三四五六七八九十半])"
)
"""Right before a figure, a clause of its own: 尺码不对，7天内能退吗 corrects nothing."""


def measured(measure: str, text: str) -> float | None:
    """The first quantity of this kind in a text, None if there is none: days, minutes since midnight, or yuan.

    After a slip, 不对是12天, the corrected one.
    """
    read, spelling = MEASURES[measure], plain(text)
    # 买了20天了可以吗 哦不对 是12天: twelve.
    slips = list(_SLIP.finditer(spelling))
    right = read(spelling[slips[-1].end() :]) if slips else None
    return read(spelling) if right is None else right


def since(text: str, time: float) -> str:
    """The text, with the date of a purchase put as days after it: 六月一号买的 gets 184天前.

    ``time``: Unix seconds, read by China's clock. Which year or month, if none is named, follows from its having been:
    the last such day. A month alone, 去年九月, counts from its first day, if all of it is as many years ago.
    """
    today = at_home(time).date()
    day = _bought(plain(text), today)
    # As a sentence of its own, so that no word of the message is torn from another.
    return f"{text}。{(today - day).days or 1}天前" if day else text


def _bought(text: str, today: date) -> date | None:
    years = _years(text, today)
    if found := _BOUGHT_ON.search(text):
        name = found["name"] or found["named"]
        month = _month(name) if name else number(found["month"] or found["only_month"] or "0")
        days = ("english", "before", "day", "day_of_month", "only_day")
        told = next(filter(None, map(found.group, days)))
        return _last(month, number(re.sub("[a-z]", "", told)), years, today)
    if found := _BOUGHT_IN.search(text):
        name, told = found["name"], found["month"] or found["only_month"]
        first = _last(_month(name) if name else number(told), 1, years, today)
        return first if first and _is_long_ago(first, today) else None
    # 去年买的 may be of any month: the rule tells, and no sum.
    return None if _YEAR.search(text) else _of_last_week(text, today)


def _is_long_ago(first: date, today: date) -> bool:
    """Whether all days of a month are as many years ago, at least one: then its first stands for all of them."""
    years, at_least = ((today - day) // _YEAR_OF_DAYS for day in (first, first + _LONGEST_MONTH))
    return years == at_least > 0


def _years(text: str, today: date) -> range:
    """The years that a message speaks of, two if it names none."""
    if not (found := _YEAR.search(text)):
        return range(today.year - 1, today.year + 1)
    ago = _YEARS_AGO.get(found[0])
    year = int(re.findall(r"20\d\d", found[0])[0]) if ago is None else today.year - ago
    return range(year, year + 1)


def _last(month: float | None, day: float | None, years: range, today: date) -> date | None:
    """The last such day that is not after ``today``, of any month if that is 0; None if there is no such day."""
    past = (today - timedelta(ago) for ago in range((today - date(years[0], 1, 1)).days + 1))
    return next(
        (
            each
            for each in past
            if each.year in years and each.day == day and month in (0, each.month)
        ),
        None,
    )


def _of_last_week(text: str, today: date) -> date | None:
    """上周二签收的, received last Tuesday: the day, beside a purchase."""
    found = _LAST_WEEK.search(text) if re.search(_GOT, text) else None
    if found is None:
        return None
    if found["chinese"]:
        weekday = "一二三四五六日".index(found["chinese"].replace("天", "日"))
        return today - timedelta(today.weekday() + 7 - weekday)
    weekday = _WEEKDAYS.index(found["english"])
    return today - timedelta((today.weekday() - weekday) % 7 or 7)


def _month(name: str) -> int:
    return 1 + next(place for place, month in enumerate(_MONTHS) if month.startswith(name[:3]))


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
        value = _value(groups["number"])
        is_over = _OVER.search(text[: span.start()]) or _LATE.match(text, span.end())
        if value is None or is_over:
            continue
        value += 0.5 if groups.get("half") else 0
        # 三个多月 is more than three months, and 超过7天 is the eighth.
        is_more = "多" in groups.get("more", "") or _PAST.search(text[: span.start()])
        return value * days + (1 if is_more else 0)
    recent = (
        days
        for word, days in _RECENT.items()
        if re.search(rf"{word}{_BESIDE}{_GOT}|{_GOT_ENGLISH}[^.;?!]{{0,40}}\b{word}\b", text)
    )
    return next(recent, None)


def _characters(text: str) -> float | None:
    if engraved := _ENGRAVED.search(text):
        return len(_HAN.findall(engraved[1] or engraved[2]))
    found = _CHARACTERS.search(text)
    return _value(found["number"]) if found else None


def _letters(text: str) -> float | None:
    if engraved := _ENGRAVED_LETTERS.search(text):
        return sum(map(str.isalpha, engraved[1]))
    found = _LETTERS.search(text)
    return _value(found["number"]) if found else None


def _minutes(text: str) -> float | None:
    for found in filter(None, (pattern.search(text) for pattern in _CLOCKS)):
        hour = _value(found["number"])
        minute = 30 if found["half"] else _value(found["minute"] or "0")
        if hour is None or minute is None or hour > 24:
            continue
        return _of_day(hour, found["part"] or found["meridiem"] or "") * 60 + minute
    return None


OPENING = 7
"""Smaller hours that are named plainly are those after noon."""


def _of_day(hour: float, part: str) -> float:
    """12 at night is the end of the day, 12 am its beginning."""
    if hour == 12:
        return {"晚上": 24, "凌晨": 0, "am": 0}.get(part, 12)
    is_early = part in ("凌晨", "上午", "早上", "am")
    # 五点付的款 without a part of the day is in the afternoon.
    is_later = part in ("下午", "晚上", "傍晚", "pm") or (hour < OPENING and not is_early)
    return hour + (12 if is_later and hour < 12 else 0)


def _yuan(text: str) -> float | None:
    return next((each.yuan() for each in sums(text)), None)


def _value(figure: str) -> float | None:
    """None for what only looks like one; of 五六 and 十五六 the larger counts."""
    if figure in _ENGLISH:
        return _ENGLISH.index(figure) + 1
    return 0.5 if figure == "半" else number(_ABOUT.sub("", figure))


WORDINGS = ("characters", "letters")
"""The measures of a wording that is to be engraved or written."""

MEASURES: Mapping[str, Callable[[str], float | None]] = {
    "days": _days,
    "characters": _characters,
    "letters": _letters,
    "clock": _minutes,
    "yuan": _yuan,
}
"""What a message may be measured by, by the names that ``answers/details`` uses."""
