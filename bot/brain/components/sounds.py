"""How a text sounds: what homophones, slips of the pinyin keyboard and typed pinyin share with the right word."""

from functools import lru_cache

from pypinyin import lazy_pinyin


def sound(text: str) -> str:
    """Pinyin without tones, run together: 积分, 机分 and ``ji fen`` all are ``jifen``; the rest stays."""
    return "".join(_sound(character) for character in text if not character.isspace())


@lru_cache(maxsize=20_000)
def _sound(character: str) -> str:
    # Each character by itself, by its commonest reading: a word in context would be read more truly,
    # but then the same typo would not always sound the same.
    return lazy_pinyin(character)[0]
