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

COMMON = frozenset(
    "一二三四五六七八九十两几个对件只条枚支套装小大女男士手月相的怎么样多少钱什是有没不了我你他她这那"
)
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

ENOUGH = 1.35
"""The least likeness to some product among all, in characters that only this one has."""

NEARLY = 0.85
"""Those that come this near to the likeliest one may be meant as well."""


@dataclass(frozen=True)
class Likeness:
    """The features of each product's names, by id, how telling each feature is, and those that words for kinds have.

    ``nicknames``: what products are called alone.
    """

    features: Mapping[str, frozenset[str]]
    weights: Mapping[str, float]
    of_kinds: frozenset[str]
    nicknames: frozenset[str]

    @classmethod
    def of(cls, names: Mapping[str, Iterable[str]], kinds: Iterable[str]) -> "Likeness":
        """``names``: all names of each product, by its id; ``kinds``: words for kinds of products."""
        features = {id: frozenset().union(*map(_named, each)) for id, each in names.items()}
        owners = Counter(feature for own in features.values() for feature in own)
        weights = {each: _weight(each, n, len(features)) for each, n in owners.items()}
        nicknames = frozenset(match[1] for each in weights if (match := NICKNAME.fullmatch(each)))
        return cls(features, weights, frozenset().union(*map(_features, kinds)), nicknames)

    def likeliest(self, text: str, ids: Iterable[str], least: float = ENOUGH) -> list[str]:
        """Those of ``ids`` that the text most likely means, in their order; none if it is like none of them."""
        said = _features(text) | self._nicknames(plain(text))
        scores = {id: self._score(said & self.features[id]) for id in ids}
        best = max(scores.values(), default=0.0)
        found = [id for id, score in scores.items() if score >= max(least, NEARLY * best)]
        # 香水怎么样 names a kind, of which there are several.
        is_kind = all(said & self.features[id] <= self.of_kinds for id in found)
        return [] if is_kind and len(found) > 1 else found

    def _nicknames(self, text: str) -> set[str]:
        """Those in the text that are not a part of another name: 澜 alone, not 澜月."""
        said = [each for each in self.nicknames if each in text]
        pairs = [each for each in self.weights if len(each) == 2 and each in text] if said else []
        return {f"「{each}」" for each in said if not any(each in pair for pair in pairs)}

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
    """1 for a character that only one of the products has, less for what several have."""
    telling = math.log((products + 1) / owners) / math.log(products + 1)
    if not HAN.match(feature):
        return LATIN_WEIGHT * telling
    return PAIR_WEIGHT * telling if len(feature) == 2 else telling
