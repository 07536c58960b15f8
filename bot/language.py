"""In which language and script a follower writes: Simplified Chinese, Traditional Chinese or English.

Standard library and opencc only, Python 3.10 or newer: both the connector and the brain use it.
"""

import re
from functools import cache
from typing import Any

from opencc import OpenCC

SIMPLIFIED, TRADITIONAL, ENGLISH = "zh-Hans", "zh-Hant", "en"

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[A-Za-z]{2,}")
# Written the same in both scripts, and by Cantonese speakers alone.
_CANTONESE = re.compile("[喺嘅咗嚟哋啲嗰冇唔佢乜咁噉嘢]")


def language_of(text: str, previous: str | None = None) -> str:
    """``zh-Hans``, ``zh-Hant`` or ``en``; what the text leaves open is decided by ``previous``.

    A text without letters (digits, emoji) keeps the previous language, and a Chinese one whose
    characters are the same in both scripts keeps the previous script.
    """
    han = "".join(_HAN.findall(text))
    if not han:
        return ENGLISH if _WORD.search(text) else previous or SIMPLIFIED
    if _CANTONESE.search(han) or _converter("t2s").convert(han) != han:
        return TRADITIONAL
    if previous == TRADITIONAL and _converter("s2t").convert(han) == han:
        return TRADITIONAL
    return SIMPLIFIED


@cache
def _converter(name: str) -> Any:
    return OpenCC(name)
