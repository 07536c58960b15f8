"""What a message names: cities, shops, people, occasions and goods from the brand's files; dates and money by pattern.

The files are read live, so that a new shop is understood without training.
"""

from __future__ import annotations

import logging
import re
import time
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from re import Pattern
from typing import Any, NamedTuple

from bot.brand import Brand
from bot.brand_files import live_brand
from bot.live import FileError, Live
from bot.spelling import bounded, simplified
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from components.spans import spans

BRAND = Path(__file__).resolve().parents[3] / "nlu_data" / "brand"
RETRY_SECONDS = 5.0
_OWNING = re.compile(r"家?的[^\W送给买和跟或还]{0,4}|家|'s |’s ")
"""同事家的宝宝, 孩子的钢琴老师, my wife's mother: stands between two people of whom the second is meant."""

log = logging.getLogger(__name__)


class Found(NamedTuple):
    """Something named: its kind, what it is called in the files, and where it stands."""

    entity: str
    value: str
    start: int
    end: int


class Gazetteer:
    """All names of one brand in one pattern a kind, the longest first."""

    def __init__(self, brand: Brand) -> None:
        """Collect the names, in every spelling."""
        named = {
            "city": brand.cities,
            "store": brand.shops,
            "recipient": brand.recipient,
            "occasion": brand.occasion,
            "product_category": brand.product_category,
        }
        self._words: dict[str, dict[str, str]] = {
            kind: {
                folded(word): key
                for key, each in entries.items()
                for word in (*each.names.values(), *each.also)
            }
            for kind, entries in named.items()
        }
        self._patterns = {kind: _pattern(words) for kind, words in self._words.items() if words}

    def find(self, text: str) -> Iterator[Found]:
        """Everything of the files that a folded text names."""
        for kind, pattern in self._patterns.items():
            found = [
                Found(kind, self._words[kind][match.group()], *match.span())
                for match in pattern.finditer(text)
            ]
            yield from _without_owners(text, found) if kind == "recipient" else found


def _without_owners(text: str, people: Sequence[Found]) -> Iterator[Found]:
    for person, following in zip_longest(people, people[1:]):
        if following is None or not _OWNING.fullmatch(text, person.end, following.start):
            yield person


def _pattern(words: dict[str, str]) -> Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(bounded(word) for word in longest_first))


def folded(text: str) -> str:
    """``text`` simplified, half-width and lower-case, character by character: places stay what they were."""
    return simplified("".join(map(_folded_character, text)))


@lru_cache(maxsize=20_000)
def _folded_character(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character).lower()
    return plain if len(plain) == 1 else character


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class BrandEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Rasa's view of the gazetteer and the patterns.

    Settings: ``brand``, the folder with the brand's files (default: the project's). Without such files
    only dates, money, phones and order numbers are found.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and their defaults."""
        return {"brand": None}

    def __init__(self, config: dict[str, Any]) -> None:
        """Read the brand's files; if they are broken, a sentence is logged and they are tried again later."""
        self._folder = Path(config["brand"]) if config["brand"] else BRAND
        self._brand: Live[Brand] | None = None
        self._tried = -RETRY_SECONDS
        self._known: Brand | None = None
        self._gazetteer: Gazetteer | None = None
        self._current()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> BrandEntityExtractor:
        """The extractor, which learns nothing."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what is found to each message's entities."""
        for message in messages:
            text = message.get(TEXT)
            if text:
                found = [self._entity(text, each) for each in self._find(text)]
                known = message.get(ENTITIES, [])
                message.set(ENTITIES, known + self.add_extractor_name(found), add_to_output=True)
        return messages

    def _find(self, text: str) -> list[Found]:
        plain = folded(text)
        gazetteer = self._current()
        found = list(gazetteer.find(plain)) if gazetteer else []
        for span in spans(plain):
            found.append(Found(span.entity, text[span.start : span.end], span.start, span.end))
        return sorted(found, key=lambda each: each.start)

    def _current(self) -> Gazetteer | None:
        if self._brand is None and time.monotonic() - self._tried >= RETRY_SECONDS:
            self._tried = time.monotonic()
            self._brand = _live(self._folder)
        brand = self._brand.value if self._brand else None
        if brand is not self._known:
            self._known = brand
            self._gazetteer = Gazetteer(brand) if brand else None
        return self._gazetteer

    @staticmethod
    def _entity(text: str, found: Found) -> dict[str, Any]:
        return {
            "entity": found.entity,
            "value": found.value,
            "text": text[found.start : found.end],
            "start": found.start,
            "end": found.end,
            "confidence_entity": 1.0,
        }


def _live(folder: Path) -> Live[Brand] | None:
    try:
        return live_brand(folder)
    except FileError as error:
        log.error("No name of the brand is understood until this is mended: %s", error)
    except OSError:
        log.info("There are no files of a brand in %s.", folder)
    return None
