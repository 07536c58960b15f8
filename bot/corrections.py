"""What a message takes back or rules out in its own words."""

import re

from bot.spelling import simplified

_CORRECTION = re.compile(
    r"(?:(?<![是系要])(?:不是|唔系)|\bnot )[^\W\d]{1,8}?(?<![吗嘛么])[\W_]+"
    r"(?:我[是系想]?(?:[说讲问要指])的?[是系]?|[是系](?!不是|唔系)|i mean\w*) ?(?=.{2})",
    re.IGNORECASE,
)
"""不是手镯，我是说铃铛那个: what stands before its end no longer counts."""

_NOT = re.compile(r"(?<!是)(不是|唔係|唔系)(在|去)?$|\bnot (in |the |at )?$")
"""Right before a place that is not meant."""

_ASKED = re.compile(r"[^,，。!！?？]{0,4}[吗嗎嘛么麼?？]")
"""这不是上海店吗 means it."""


def taken_back(text: str) -> range:
    """The places of what a message takes back; empty if nothing."""
    found = _CORRECTION.search(simplified(text))
    return range(*found.span()) if found else range(0)


def is_ruled_out(text: str, start: int, end: int) -> bool:
    """Whether the place named from ``start`` to ``end`` is not the one meant: 不是南京, but not 这不是南京店吗."""
    return bool(_NOT.search(text[:start].lower())) and not _ASKED.match(text[end:])
