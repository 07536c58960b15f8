"""What intents and cities are called at the desk."""

from collections.abc import Callable, Mapping

from bot.answers import AnswerBook
from bot.brand import Brand
from connectors.desk.words import pick
from connectors.desk.words.names import INTENTS

IN_ANSWERS = {"zh": "zh-Hans", "en": "en"}
"""The desk's languages as the answers name them."""


def intent_names(answers: AnswerBook, language: str) -> Callable[[str], str]:
    """What intents are called: in Chinese as the bot asks back for them, in English by their own, shorter names."""

    def name(intent: str) -> str:
        if intent in INTENTS:
            return pick(language, INTENTS[intent])
        plain = intent.replace("_", " ")
        return plain if language == "en" else answers.label(intent, IN_ANSWERS[language]) or plain

    return name


def city_names(brand: Brand, language: str) -> Mapping[str, str]:
    """What the cities are called, by their ids."""
    return {id: city.names[IN_ANSWERS[language]] for id, city in brand.cities.items()}
