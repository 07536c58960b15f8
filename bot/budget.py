"""Budgets in a message: what a follower wants to spend, as a range in yuan."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import cn2an

from bot.numbers import number
from bot.spelling import ELLIPTIC, plain

NEAR = 0.3
"""How far 左右 reaches to both sides."""

OVER = 0.1
"""How far above a plain figure a price may lie: who says 预算500 minds to be shown one for 650."""

RATES = {"eur": 8.0, "hkd": 0.92, "twd": 0.22, "usd": 7.2}
"""Yuan for one unit, rounded: good enough to choose gifts by, never to charge by."""

BARE = 100
"""The smallest figure taken for money without a word for money; below it is an age or a count."""

LARGEST = 1_000_000
"""The largest budget in yuan; above it is a phone number, an order, or 千万 (by all means)."""


@dataclass(frozen=True)
class Range:
    """Yuan from ``low`` to ``high``, both ends included, no upper end if None.

    ``about``: the figure that was named, plainly or with 左右. ``budget`` reads the label in ``zh-Hans`` again.
    """

    low: int
    high: int | None
    about: int | None = None

    def __contains__(self, price: object) -> bool:
        return isinstance(price, int) and self.low <= price <= (self.high or price)

    @property
    def is_plain(self) -> bool:
        """Whether the figure was named without 左右."""
        return self.about is not None and self != near(self.about)

    @property
    def target(self) -> float:
        """The price that fits best: the figure named, the middle, or near the only end."""
        if self.about is not None:
            return self.about
        if self.high is None:
            return self.low * 1.2
        return (self.low + self.high) / 2 if self.low else self.high * 0.85

    def label(self, language: str) -> str:
        """For people: ``1000元左右``, ``500元以内``, ``¥700–1,300``."""
        if language == "en":
            return self._english()
        if self.about is not None:
            return f"{self.about}元" if self.is_plain else f"{self.about}元左右"
        if self.high is None:
            return f"{self.low}元以上"
        within = "以内" if language == "zh-Hans" else "以內"
        return f"{self.low}–{self.high}元" if self.low else f"{self.high}元{within}"

    def _english(self) -> str:
        if self.about is not None:
            return f"¥{self.about:,}" if self.is_plain else f"about ¥{self.about:,}"
        if self.high is None:
            return f"¥{self.low:,} and up"
        return f"¥{self.low:,}–{self.high:,}" if self.low else f"up to ¥{self.high:,}"


def near(amount: float) -> Range:
    """An amount named with 左右, and 30 % to both sides: 1000 is 700 to 1300."""
    return Range(round(amount * (1 - NEAR)), round(amount * (1 + NEAR)), round(amount))


def plainly(amount: float) -> Range:
    """An amount named without 左右: 1000 is 700 to 1100."""
    return Range(round(amount * (1 - NEAR)), round(amount * (1 + OVER)), round(amount))


def budget(text: str) -> Range | None:
    """The budget that ``text`` names, None if it names none."""
    spelling = _ENGLISH.sub(lambda match: _DIGITS[match[1]] + _ZEROS[match[2]], plain(text))
    spelling = re.sub(ELLIPTIC, r"一\g<0>", spelling)
    if _TOO_LITTLE.search(spelling):
        return None
    ranges = [*_shared(spelling), *_rough(spelling), *_ranges(spelling)]
    return _both_ends(ranges) if ranges else None


def _both_ends(ranges: list[Range]) -> Range:
    """三百以上五百以内 is one range; otherwise the first counts."""
    lows = [each.low for each in ranges if each.high is None]
    highs = [each.high for each in ranges if each.low == 0 and each.high is not None]
    return Range(lows[0], highs[0]) if lows and highs and lows[0] < highs[0] else ranges[0]


# --- 两三百, 几千, 千把块: sums that are ranges by themselves ---

_UNITS = {"": 1, "百": 100, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000}
_CHINESE = "一二三四五六七八九"
_TWO_DIGITS = re.compile(r"([一二两三四五六七八九])([两二三四五六七八九])(百|千|万)")
_SOME = re.compile(r"几(百|千|万)")
_ABOUT_A = re.compile(r"([一两二三四五六七八九]?)(百|千|万)(?:把|来)")


def _rough(text: str) -> Iterator[Range]:
    for low, high, unit in _TWO_DIGITS.findall(text):
        if _digit(low) < _digit(high):
            yield Range(_digit(low) * _UNITS[unit], _digit(high) * _UNITS[unit])
    for unit in _SOME.findall(text):
        yield Range(2 * _UNITS[unit], 9 * _UNITS[unit])
    for digit, unit in _ABOUT_A.findall(text):
        yield near(_digit(digit or "一") * _UNITS[unit])


def _digit(text: str) -> int:
    return _CHINESE.index(text.replace("两", "二")) + 1


# --- sums and what stands around them ---


@dataclass(frozen=True)
class Sum:
    """A figure in a text; ``unit``: the size of its last unit word, 1 without one."""

    start: int
    end: int
    value: float
    unit: int
    currency: str | None

    @property
    def is_money(self) -> bool:
        """Whether it is large enough or has a word that only money has."""
        bare = self.currency is None and self.unit == 1
        return self.value <= LARGEST and not (bare and (self.value < BARE or self.value in _DAYS))

    def yuan(self, currency: str | None = None) -> float:
        """Its value in yuan; ``currency`` counts where it has none of its own."""
        return self.value * RATES.get(self.currency or currency or "", 1)


_DAYS = (520, 618, 1111, 1212, 1314)
"""Figures that are days or sayings unless they are called money."""

_ZEROS = {"hundred": "00", "thousand": "000", "grand": "000"}
_DIGITS = {
    **{"a": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5"},
    **{"six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10"},
}
_ENGLISH = re.compile(rf"\b({'|'.join(_DIGITS)}) ({'|'.join(_ZEROS)})\b")

_CURRENCIES = {
    "twd": r"(?<![a-z])nt\$|ntd\b|twd\b|[元块]?新?台币",
    "cny": r"¥|[元块圆]?人民币|元|块钱?|圆|rmb|cny\b|yuan\b|蚊?人仔",
    "eur": r"€|euros?\b|eur\b|欧元|欧",
    "hkd": r"hk\$|hkd\b|港币|港元|港纸|蚊",
    "usd": r"us\$|\$|usd\b|dollars?\b|美元|美金|刀",
}
_CURRENCY = "|".join(_CURRENCIES.values())
_SUM = re.compile(
    rf"(?P<before>{_CURRENCY})? ?(?:"
    r"(?<![\d.a-z])(?P<digits>(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?)"
    r" ?(?P<unit>[k千百w万](?![a-z]))?(?P<tail>(?<=[k千百w万])\d(?!\d))?"
    r"|(?P<chinese>[一二两三四五六七八九十][一二两三四五六七八九十百千万零〇]*"
    rf"|(?<![几数好])[百千万](?=元|块)))(?P<after> ?(?:{_CURRENCY}))?"
)
_COUNTED = re.compile(
    r" ?(岁|个|天|年|周|月|号|日|点|小时|分|件|份|人|楼(?!下)|折|克|层|次|位|名|级|款|倍|店|起去|样|些|下)"
    # 预算两千 女老师 tells who it is for, 三女 how many.
    r"|[女男]"
    r"| ?(%|ml\b|cm\b|g\b|years?\b|points?\b|st\b|nd\b|rd\b|th\b)|[/:.]\d|积分"
)
_CARATS = re.compile(r" ?(9|14|18|22|24) ?k")
"""18K gold is no sum."""
_TO = re.compile(r" ?(?:到|至|-|–|—|~|to|and|或) ?")
_AT_MOST = re.compile(
    r"((nothing|not|never|no|n't)( \w+){0,4} (over|above|beyond)"
    r"|不超过|不要超过|别超过|不能超过|不要超|别超|不超|(?<!不)低于|(?<!不)少于|小于|不到|最多|最高|顶多|至多|上限(?:是|在|为)?"
    r"|控制在|under|below|within|less than|no(t)? more than|up to|at most|max|maximum|limit|cap|<|≤)"
    r"( of| is| about)?:? ?$"
)
_AT_LEAST = re.compile(
    r"((?<![不别要能])超过|高于|大于|至少|起码|最低|最少|不低于|不少于|over|above|more than|at least"
    r"|from|min|minimum|>|≥)( of| is)? ?$"
)
_NOT_LESS = re.compile(
    r"((nothing|not|no|n't)( \w+){0,3} (under|below|less than)|(不要|别|不能|不可以|不会)(低于|少于|小于)) ?$"
)
_OR_LESS = re.compile(
    r",? ?(?:of (?:your|our|the) \w+ )?(以内|之内|以下|往下|以里|楼下|内|封顶|顶天|为限"
    r"|max(?:imum)?|limit|or less|or under|at most|tops)"
)
_OR_MORE = re.compile(r" ?(以上|起|往上|朝上|开外|\+|up\b|and up|or more|plus)")
_TAKEN_BACK = re.compile(r"(不是|唔系|\bnot|instead of|rather than) ?$")
_GIVEN_UP = re.compile(
    r" ?[块元]?(钱|的)?(?:会不会|是不是|好像|有点)?"
    r"(太贵|贵了|有点贵|不够|太少|太高|太多|[降改减加提涨升][到成为])|,? ?(is )?too (much|little)"
)
"""3000太贵了，2000吧; 从3000降到2000."""
_TOO_LITTLE = re.compile(r"拿不出手|太?寒酸|太?掉价|too cheap|not enough")
"""几百块的拿不出手 names what will not do."""
_NO_MORE = re.compile(
    r"(再多|再高)(就)?(没了|不行|没有了)|不能再(多|高)|顶天了|no more than that|that'?s (the|my) (max|limit)"
)
_NEAR_BEFORE = re.compile(
    r"(大概|大约|差不多|大致|(?<!预)约|about|around|roughly|approx\w*\.?|circa|~)( is)?:? ?$"
)
_NEAR_AFTER = re.compile(r" ?(左右|上下|前后|前後|or so|ish|的样子|这样|咁上下|浮动)")
_AND_ODD = re.compile(r"多|几|出头")


def _ranges(text: str) -> Iterator[Range]:
    sums = _meant(text, list(_sums(text)))
    pairs = [(a, b) for a, b in pairwise(sums) if _TO.fullmatch(text[a.end : b.start])]
    for first, second in pairs:
        if second.is_money and (joined := _between(first, second)):
            yield joined
    paired = {each for pair in pairs for each in pair}
    for each in sums:
        if each.is_money and each not in paired:
            yield _single(text[: each.start], each, text[each.end :])


_COUNTS = {word: int(digit) for word, digit in _DIGITS.items() if word != "a"}
_HEADS = re.compile(
    rf"(?<![\d第每])(?!一个?人)(?P<count>\d+|[一二两三四五六七八九十]+|{'|'.join(_COUNTS)}) ?(?:个|位)?"
    r"(?:人|同事|同学|朋友|室友|people|persons?|of us|colleagues|friends)"
)
_GIVEN_TO = re.compile(r"([给送]|\bfor)[^,。]{0,4}$")
_TOGETHER = re.compile(
    r"我们|咱|大家|人均|一起|合伙|[凑出]|份子|\b(we are|we're|of us|chip|pool|collect|split)"
)
_EACH_BEFORE = re.compile(r"([每一]个?人|人均) ?(出|给|凑)? ?$")
_EACH_AFTER = re.compile(
    r" ?[块元蚊]? ?(yuan |rmb )?(一个?人|每人|each\b|per person|a head|apiece)"
)


def _shared(text: str) -> Iterator[Range]:
    """我们9个人，每人100: what all of them have together; 给两个同事每人一份500的 is no such sum."""
    people = _HEADS.search(text)
    heads = _count(people["count"]) if people else None
    if not people or not heads or _GIVEN_TO.search(text[: people.start()]):
        return
    for each in _sums(text) if _TOGETHER.search(text) else ():
        before, after = text[: each.start], text[each.end :]
        if each.is_money and (_EACH_BEFORE.search(before) or _EACH_AFTER.match(after)):
            share = _single(before, each, _EACH_AFTER.sub("", after, count=1))
            yield Range(
                share.low * heads,
                share.high and share.high * heads,
                share.about and share.about * heads,
            )


def _count(text: str) -> int | None:
    """None for 五六, which is no figure."""
    if re.match(r"[二两三四五六七八九]{2}", text):
        return None
    return _COUNTS.get(text) or int(cn2an.cn2an(text, "smart"))


def _meant(text: str, sums: list[Sum]) -> list[Sum]:
    """Without those that are taken back, if there are others: 不是500，1500."""
    kept = [
        each
        for each in sums
        if not (_TAKEN_BACK.search(text[: each.start]) or _GIVEN_UP.match(text[each.end :]))
    ]
    return kept or sums


def sums(text: str) -> list[Sum]:
    """The sums of money that a text in plain spelling names."""
    return [each for each in _sums(text) if each.is_money]


def _sums(text: str) -> Iterator[Sum]:
    for match in _SUM.finditer(text):
        value, unit = _value(match), _unit(match)
        if value is not None and not (_COUNTED.match(text, match.end()) or _CARATS.match(match[0])):
            currency = _currency(match["after"] or match["before"])
            yield Sum(match.start(), match.end(), value, unit, currency)


def _value(match: re.Match[str]) -> float | None:
    if match["digits"]:
        unit = _UNITS[match["unit"] or ""]
        return float(match["digits"].replace(",", "")) * unit + int(match["tail"] or 0) * unit / 10
    text = match["chinese"]
    return number(f"一{text}" if text in _UNITS else text)


def _unit(match: re.Match[str]) -> int:
    if match["digits"]:
        return _UNITS[match["unit"] or ""]
    return next((_UNITS[word] for word in reversed(match["chinese"]) if word in _UNITS), 1)


def _currency(word: str | None) -> str | None:
    word = (word or "").strip()
    return next((id for id, words in _CURRENCIES.items() if re.fullmatch(words, word)), None)


def _between(first: Sum, second: Sum) -> Range | None:
    """500到800; in 三到五百 and 1-2k the first figure has the second's unit."""
    low, high = first.yuan(second.currency), second.yuan()
    if first.unit == 1 and first.value < second.value / second.unit:
        low *= second.unit
    return Range(round(low), round(high)) if low < high else None


def _single(before: str, found: Sum, after: str) -> Range:
    amount = found.yuan()
    if _NOT_LESS.search(before):
        return Range(round(amount), None)
    if _AT_MOST.search(before) or _OR_LESS.match(after):
        return Range(0, round(amount))
    if _AT_LEAST.search(before) or _OR_MORE.match(after):
        return Range(round(amount), None)
    if _AND_ODD.match(after):
        return Range(round(amount), round(amount + _last_place(amount)))
    if _NO_MORE.search(after):
        return Range(0, round(amount))
    is_near = _NEAR_BEFORE.search(before) or _NEAR_AFTER.match(after)
    return near(amount) if is_near else plainly(amount)


def _last_place(amount: float) -> float:
    """How far 多 reaches: 100 from 500, 1000 from 1000, 100 from 1500."""
    place = 1
    while amount and amount % (place * 10) == 0:
        place *= 10
    return place
