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
# The syllables of Hanyu Pinyin without tones, by their initials.
_SYLLABLES = "|".join(
    (
        "[bp](?:a|o|ai|ei|ao|an|en|ang|eng|i|ie|iao|ian|in|ing|u)|pou",
        "m(?:a|o|e|ai|ei|ao|ou|an|en|ang|eng|i|ie|iao|iu|ian|in|ing|u)|f(?:a|o|ei|ou|an|en|ang|eng|u)",
        "[dtnl](?:a|e|ai|ei|ao|ou|an|ang|eng|ong|i|ie|iao|ian|ing|u|uo|uan|un|iu|v|ve|in|iang|en|ia)",
        "[gkh](?:a|e|ai|ei|ao|ou|an|en|ang|eng|ong|u|ua|uo|uai|ui|uan|un|uang)",
        "[jqx](?:i|ia|ie|iao|iu|ian|in|iang|ing|iong|u|ue|uan|un)",
        "(?:[zcs]h?|r)(?:a|e|i|ai|ei|ao|ou|an|en|ang|eng|ong|u|ua|uo|uai|ui|uan|un|uang)",
        "y(?:a|e|ao|ou|an|in|ang|ing|ong|i|u|ue|uan|un|o)|w(?:a|o|ai|ei|an|en|ang|eng|u)",
    )
)
_PINYIN = re.compile(f"(?:ai|ao|ou|an|en|ang|er)?(?:{_SYLLABLES})*", re.IGNORECASE)


def language_of(text: str, previous: str | None = None) -> str:
    """``zh-Hans``, ``zh-Hant`` or ``en``; what the text leaves open is decided by ``previous``.

    A text without letters (digits, emoji) keeps the previous language, as does a single Latin word
    (ok, hi, vip: all write them) and typed pinyin; a Chinese text whose characters are the same in
    both scripts keeps the previous script.
    """
    han = "".join(_HAN.findall(text))
    if han:
        return _script(han, previous)
    words = _WORD.findall(text)
    if words and not (previous and len(words) == 1):
        return _chinese(previous) if _is_pinyin(words) else ENGLISH
    return previous or SIMPLIFIED


def _script(han: str, previous: str | None) -> str:
    if _CANTONESE.search(han) or _converter("t2s").convert(han) != han:
        return TRADITIONAL
    if previous == TRADITIONAL and _converter("s2t").convert(han) == han:
        return TRADITIONAL
    return SIMPLIFIED


def _chinese(previous: str | None) -> str:
    return TRADITIONAL if previous == TRADITIONAL else SIMPLIFIED


def _is_pinyin(words: list[str]) -> bool:
    """One short word alone may be English as well: me, can, women."""
    return len("".join(words)) > 5 and all(_PINYIN.fullmatch(word) for word in words)


@cache
def _converter(name: str) -> Any:
    return OpenCC(name)
