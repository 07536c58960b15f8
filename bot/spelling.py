"""One plain spelling for the words that dates, budgets and names are looked up by."""

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

ELLIPTIC = r"(?<![\d零一二两三四五六七八九十百千万几半])(?:[百千]|万(?!一))[一二三四五六七八九](?![百千万])"
"""千五 is 一千五, as Cantonese speakers say it."""


class _Simplified(dict[int, int]):
    """The simplified form of each Chinese character met, by code point."""

    def __init__(self) -> None:
        """Start empty."""
        self._opencc = OpenCC("t2s")

    def __missing__(self, code: int) -> int:
        """Ask OpenCC once; LookupError, which leaves a character as it is, for what is not Chinese."""
        if not 0x2E80 <= code <= 0x3FFFF or 0xD800 <= code <= 0xDFFF:
            raise LookupError
        simple = self._opencc.convert(chr(code))
        self[code] = ord(simple) if len(simple) == 1 else code
        return self[code]


_SIMPLIFIED = _Simplified()


def simplified(text: str) -> str:
    """``text`` in simplified script, character by character: places stay what they were."""
    return text.translate(_SIMPLIFIED)


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Half width, lower case, simplified, straight apostrophes: ``１２月２５號`` is ``12月25号``."""
    half_width = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return simplified(half_width).strip()


def length(text: str) -> float:
    """In Chinese characters; three Latin letters count as one."""
    return len(text) - sum(map(str.isascii, text)) * 2 / 3


def bounded(word: str) -> str:
    """A pattern that finds the word: a Latin one stands alone, a Chinese one may stand anywhere."""
    before = r"(?<![a-z])" if word[0].isascii() and word[0].isalpha() else ""
    after = r"(?![a-z])" if word[-1].isascii() and word[-1].isalpha() else ""
    return before + re.escape(word) + after
