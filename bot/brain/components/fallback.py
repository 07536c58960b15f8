"""When the bot rather asks back or fetches a person than answers."""

from __future__ import annotations

from typing import Any

from bot.intents import OUT_OF_SCOPE
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class CautiousFallback(FallbackClassifier):
    """Rasa's FallbackClassifier, which spares messages that are most likely out of scope.

    To ask back "did you mean the shops or the points?" after the weather would be silly, and an
    agent's time is worth more: such a message gets its polite line with a way to a person.

    Settings: ``threshold`` and ``ambiguity_threshold`` of the FallbackClassifier.
    """

    def _should_fallback(self, message: Message) -> bool:
        intent: dict[str, Any] = message.data[INTENT]
        return intent.get("name") != OUT_OF_SCOPE and super()._should_fallback(message)
