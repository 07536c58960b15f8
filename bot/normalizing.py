"""One form of a text for the model; people keep what was typed."""

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

_SIMPLIFIED = OpenCC("t2s")
# WeChat types its own emoji as a word in brackets.
_STICKER = re.compile(r"\[[\u4e00-\u9fffA-Za-z]{1,6}\]|/::?[^\s]{1,3}")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_PICTURE = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]+")
_REPEATED = re.compile(r"(.)\1{3,}")
# Order numbers and phones: each is new to the model, and all of them say the same.
_NUMBER = re.compile(r"(?<![a-z0-9])(?:[a-z]{1,4}-?)?\d[\d-]{6,}\d(?![a-z0-9])")
_SPACE = re.compile(r"\s+")

ANY_NUMBER = "12345678"

LONGEST = 300
"""Characters that say what a message is about; the rest of a long one adds noise and time."""


@lru_cache(maxsize=4096)
def normalized(text: str) -> str:
    """``text`` in simplified script, half-width and lower case, without emoji, control characters and long repeats.

    A long number becomes ANY_NUMBER.
    A text of emoji or punctuation alone comes back as it is without its spaces: it must not become empty.
    """
    plain = _CONTROL.sub(" ", text[: LONGEST * 4])
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", plain))
    plain = _SIMPLIFIED.convert(plain).lower()
    bare = _PICTURE.sub(" ", _STICKER.sub(" ", plain))
    bare = _REPEATED.sub(r"\1\1\1", _NUMBER.sub(ANY_NUMBER, bare))
    bare = _SPACE.sub(" ", bare).strip()
    return (bare or plain.strip())[:LONGEST]
