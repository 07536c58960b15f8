"""One plain spelling for the words that dates, budgets and names are looked up by."""

import unicodedata

_SIMPLE = str.maketrans(
    "後聖國慶勞動節週禮號兩萬塊內過間餘億幾個這點貴別換樣聽開還嗎現歷復灣說麼錢圓龍鳳關營業門東廣邊裡",
    "后圣国庆劳动节周礼号两万块内过间余亿几个这点贵别换样听开还吗现历复湾说么钱圆龙凤关营业门东广边里",
)
"""Traditional to Simplified for the characters such words are written with; no dictionary is needed."""


def plain(text: str) -> str:
    """Half width, lower case, Simplified where it matters: ``１２月２５號`` becomes ``12月25号``."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLE).strip()
