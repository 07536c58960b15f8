"""Which products a loose name most likely means: 18K那只金镯, 漆盘那套, the rabbit one.

A message is likened to each product's names by the words and characters that few products share.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.spelling import plain

LATIN = re.compile(r"\d+(?:\.\d+)? ?(?:k|cm|ml)(?![a-z])|[a-z]{3,}")
"""Words, and figures with their unit, which may stand apart."""

HAN = re.compile(r"[\u3400-\u9fff]+")
NICKNAME = re.compile(r"「(.+?)」")
"""What followers call a product alone: 「澜」女士香水."""

COMMON = frozenset("一二三四个对件只条枚支小大女男士套装手的月相")
"""Characters that stand in many a message, whatever it is about."""

WORDLESS = frozenset(
    {
        "for",
        "the",
        "and",
        "with",
        "set",
        "pair",
        "one",
        "two",
        "her",
        "him",
        "his",
        "moon",
        "gift",
        "good",
        "new",
        "you",
        "desk",
        "four",
        "now",
    }
)
LONG = 3
"""Longer words lose the s of a plural."""

LATIN_WEIGHT, PAIR_WEIGHT = 2.0, 1.5
"""What a word and a pair of characters weigh against a single character."""

ENOUGH = 6.0
"""The least likeness to some product among all; between those just shown half of it tells enough."""

NEARLY = 0.85
"""Those that come this near to the likeliest one may be meant as well."""


@dataclass(frozen=True)
class Likeness:
    """The features of each product's names, by id, and how telling each feature is."""

    features: Mapping[str, frozenset[str]]
    weights: Mapping[str, float]

    @classmethod
    def of(cls, names: Mapping[str, Iterable[str]]) -> "Likeness":
        """``names``: all names of each product, by its id."""
        features = {id: frozenset().union(*map(_named, each)) for id, each in names.items()}
        owners = Counter(feature for own in features.values() for feature in own)
        return cls(features, {each: _weight(each, n, len(features)) for each, n in owners.items()})

    def likeliest(self, text: str, ids: Iterable[str], least: float = ENOUGH) -> list[str]:
        """Those of ``ids`` that the text most likely means, in their order; none if it is like none of them."""
        said = _features(text) | self._nicknames(plain(text))
        scores = {id: self._score(said & self.features[id]) for id in ids}
        best = max(scores.values(), default=0.0)
        return [id for id, score in scores.items() if score >= max(least, NEARLY * best)]

    def _nicknames(self, text: str) -> set[str]:
        """Those in the text that are not a part of another name: 澜 alone, not 澜月."""
        known = (each[1:-1] for each in self.weights if NICKNAME.fullmatch(each))
        pairs = [each for each in self.weights if len(each) == 2 and each in text]
        return {
            f"「{each}」" for each in known if each in text and not any(each in p for p in pairs)
        }

    def _score(self, shared: frozenset[str]) -> float:
        """A character counts beside no pair that holds it."""
        paired = "".join(each for each in shared if len(each) == 2 and HAN.match(each))
        return sum(self.weights[each] for each in shared if len(each) > 1 or each not in paired)


def _named(name: str) -> frozenset[str]:
    return _features(name) | {f"「{each}」" for each in NICKNAME.findall(plain(name))}


def _features(text: str) -> frozenset[str]:
    spelling = plain(text)
    words = {_singular(word.replace(" ", "")) for word in LATIN.findall(spelling)} - WORDLESS
    runs = HAN.findall(spelling)
    pairs = {run[i : i + 2] for run in runs for i in range(len(run) - 1)}
    return frozenset(words | pairs | {each for run in runs for each in run} - COMMON)


def _singular(word: str) -> str:
    return word.removesuffix("s") if len(word) > LONG else word


def _weight(feature: str, owners: int, products: int) -> float:
    telling = math.log((products + 1) / owners)
    if not HAN.match(feature):
        return LATIN_WEIGHT * telling
    return PAIR_WEIGHT * telling if len(feature) == 2 else telling
