"""Budgets in a message: what a follower wants to spend, as a range in yuan."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import cn2an

from bot.spelling import plain

NEAR = 0.3
"""How far 左右 reaches to both sides."""

RATES = {"eur": 8.0, "hkd": 0.92, "usd": 7.2}
"""Yuan for one unit, rounded: good enough to choose gifts by, never to charge by."""

BARE = 100
"""The smallest figure taken for money without a word for money; below it is an age or a count."""

LARGEST = 1_000_000
"""The largest budget in yuan; above it is a phone number, an order, or 千万 (by all means)."""


@dataclass(frozen=True)
class Range:
    """Yuan from ``low`` to ``high``, both ends included, no upper end if None.

    ``about``: the figure that was named with 左右. ``budget`` reads the label in ``zh-Hans`` again.
    """

    low: int
    high: int | None
    about: int | None = None

    def __contains__(self, price: object) -> bool:
        return isinstance(price, int) and self.low <= price <= (self.high or price)

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
            return f"{self.about}元左右"
        if self.high is None:
            return f"{self.low}元以上"
        within = "以内" if language == "zh-Hans" else "以內"
        return f"{self.low}–{self.high}元" if self.low else f"{self.high}元{within}"

    def _english(self) -> str:
        if self.about is not None:
            return f"about ¥{self.about:,}"
        if self.high is None:
            return f"¥{self.low:,} and up"
        return f"¥{self.low:,}–{self.high:,}" if self.low else f"up to ¥{self.high:,}"


def near(amount: float) -> Range:
    """The amount and 30 % to both sides: 1000 is 700 to 1300."""
    return Range(round(amount * (1 - NEAR)), round(amount * (1 + NEAR)), round(amount))


def budget(text: str) -> Range | None:
    """The budget that ``text`` names, None if it names none; a bare figure means 左右."""
    spelling = _ENGLISH_NUMBER.sub(_in_digits, plain(text))
    ranges = list(_ranges(spelling))
    return _both_ends(ranges) if ranges else None


@dataclass(frozen=True)
class Amount:
    """A sum as written: its place, its value, the size of its last unit, and whether it must be money."""

    start: int
    end: int
    value: float
    unit: int
    currency: str | None
    is_money: bool


def _ranges(text: str) -> Iterator[Range]:
    yield from _rough(text)
    amounts = list(_amounts(text))
    joined = [
        (a, b) for a, b in pairwise(amounts) if _TO.fullmatch(text[a.end : b.start])
    ]
    for first, second in joined:
        if found := _between(first, second):
            yield found
    ends = {id(amount) for pair in joined for amount in pair}
    for amount in amounts:
        if id(amount) not in ends and _is_sum(amount):
            yield _single(text[: amount.start], amount, text[amount.end :])


def _both_ends(ranges: list[Range]) -> Range:
    """三百以上五百以内 are one range; otherwise the first counts."""
    first = ranges[0]
    for other in ranges[1:]:
        below, above = (first, other) if first.high else (other, first)
        if above.high is None and not below.low and below.high and below.high >= above.low:
            return Range(above.low, below.high)
    return first
