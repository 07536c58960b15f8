"""How followers call a product: by its whole name, or by a part that no other product has."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from bot.spelling import plain

COUNTED = re.compile(
    r"[一二兩两三四五六\d ]+(对|對|件|块|塊|只|枚|支|条|條|套|片|毫升)装?(礼盒|禮盒)?$"
)
"""How much of it is sold together: followers leave it out."""

JOINTS = frozenset({"of", "for", "with", "and", "a", "an", "the", "in", "to", "her", "him", "two"})
"""Words by which nobody calls a thing: no part of a name begins or ends with one."""

PIECE = re.compile(r"[a-z\d]+|.")
"""A character of a Chinese name; a Latin word or a number in it is not cut."""


def unique_parts(
    names: Mapping[str, Mapping[str, str]], taken: Collection[str]
) -> Mapping[str, str]:
    """The product's id by each part of a name, in plain spelling, that only this product has.

    ``names``: of each product, by language; ``taken``: words that mean something else (a kind of
    product, a person), in plain spelling.
    """
    owned = {
        (part, id)
        for id, spellings in names.items()
        for language, name in spellings.items()
        for part in _parts(name, language)
    }
    owners = Counter(part for part, _ in owned)
    words = Counter(
        word for spellings in names.values() for word in {*plain(spellings["en"]).split()}
    )
    return {
        part: id
        for part, id in owned
        if owners[part] == 1
        and part not in taken
        and not words[part.removesuffix("s")] > words[part]
    }


def _parts(name: str, language: str) -> Iterator[str]:
    """The end of a name tells what it is, so that two characters will do; elsewhere it takes three, or two words."""
    if language == "en":
        runs = _runs(plain(name).split(), " ", at_end=1, elsewhere=2)
        yield from (run for run in runs if not {run.split()[0], run.split()[-1]} & JOINTS)
    else:
        whole = COUNTED.sub("", plain(name)).strip("「」")
        runs = _runs(PIECE.findall(whole), "", at_end=2, elsewhere=3)
        yield from (run for run in runs if run == run.strip())


def _runs(pieces: Sequence[str], joint: str, at_end: int, elsewhere: int) -> Iterator[str]:
    """All runs of neighbouring pieces, of at least so many."""
    for start in range(len(pieces)):
        for end in range(start + 1, len(pieces) + 1):
            if end - start >= (at_end if end == len(pieces) else elsewhere):
                yield joint.join(pieces[start:end])
