"""One plain spelling for the words that dates, budgets and names are looked up by."""

import re
import unicodedata

_SIMPLE = str.maketrans(
    "後聖國慶勞動節週禮號兩萬塊內過間餘億幾個這點貴別換樣聽開還嗎現"
    "歷復灣說麼錢圓龍關營業門東廣邊裡憑贈買給陽誕長",
    "后圣国庆劳动节周礼号两万块内过间余亿几个这点贵别换样听开还吗现"
    "历复湾说么钱圆龙关营业门东广边里凭赠买给阳诞长",
)
"""Traditional to Simplified for the characters that such words are written with."""

ELLIPTIC = r"(?<![\d零一二两三四五六七八九十百千万几半])(?:[百千]|万(?!一))[一二三四五六七八九](?![百千万])"
"""千五 is 一千五, as Cantonese speakers say it."""


def plain(text: str) -> str:
    """Half width, lower case, Simplified where it matters: ``１２月２５號`` is ``12月25号``."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLE).strip()


def bounded(word: str) -> str:
    """A pattern that finds the word: a Latin one stands alone, a Chinese one may stand anywhere."""
    before = r"(?<![a-z])" if word[0].isascii() and word[0].isalpha() else ""
    after = r"(?![a-z])" if word[-1].isascii() and word[-1].isalpha() else ""
    return before + re.escape(word) + after
