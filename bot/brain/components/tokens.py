"""The words of a text: jieba's for Chinese, what stands between spaces for the rest."""

import logging
from functools import lru_cache

import jieba

jieba.setLogLevel(logging.WARNING)


@lru_cache(maxsize=1)
def _dictionary() -> jieba.Tokenizer:
    # Of its own, so that nobody else's user words change what was learnt.
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    return tokenizer


@lru_cache(maxsize=4096)
def tokens(text: str) -> list[str]:
    """The words of a normalised text, without spaces. Do not change the list: it is kept."""
    return [word for word in _dictionary().lcut(text) if not word.isspace()]
