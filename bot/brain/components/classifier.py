"""Which intent a message has: Rasa's view of an IntentModel, and of the questions that a message holds."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any

import joblib
import numpy as np
from bot.intents import DENY
from bot.normalizing import normalized
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.clauses import (
    SURE,
    Clause,
    asks_either_way,
    begins_with_refusal,
    is_demand,
    is_question,
    is_refused,
    is_request,
    is_waved_off,
    pieces,
)
from components.intents import IntentModel
from components.questions import Question, asking_clauses, likely_wish, questions
from components.refusals import CLEAR, REFUSED, ends_in_refusal, is_denied, refuses
from components.remembered import Remembered
from components.tokens import tokens

MODEL = "classifier.joblib"
QUESTIONS, TOKENS = "questions", "tokens"

RANKED = 10
"""How many intents a parse result lists."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FollowerIntentClassifier(GraphComponent, IntentClassifier):
    """Learns from the training data's examples; adds intent, ranking and, where there are several, questions.

    Settings: those of IntentModel.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and their defaults."""
        return {"weight": 0.6, "strength": 20.0, "second_opinion": 0.8}

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: IntentModel
    ) -> None:
        """Use ``create`` to train and ``load`` to serve."""
        self._storage, self._resource, self._model = storage, resource, model
        reading = Lock()
        self._opinions = Remembered(model.first_opinions, reading)
        self._second_opinions = Remembered(model.probabilities, reading)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FollowerIntentClassifier:
        """An untrained classifier."""
        model = IntentModel(config["weight"], config["strength"], config["second_opinion"])
        return cls(config, model_storage, resource, model)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> FollowerIntentClassifier:
        """The classifier that was trained, all loaded so that the first message does not wait for it."""
        with model_storage.read_from(resource) as folder:
            model = joblib.load(folder / MODEL)
        model.warm_up()
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples that have a text and an intent."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        texts = [normalized(e.get(TEXT)) for e in examples]
        self._model.fit(texts, [e.get(INTENT) for e in examples])
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._model, folder / MODEL)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking and questions of each message with a text, an empty one too."""
        for message in messages:
            if message.get(TEXT) is not None:
                self._read(message, message.get(TEXT))
        return messages

    def read_ahead(self, texts: Sequence[str]) -> None:
        """Read texts that will be processed next: all at once, which costs little more than one of them."""
        written = {text: [text[slice(*span)] for span in pieces(text)] for text in texts}
        self._opinions([part for text in written for part in (text, *written[text])])
        self._decisions(list(written))

    def _decisions(self, texts: Sequence[str]) -> list[np.ndarray]:
        """First opinions, and the second where the first is in doubt."""
        rows = [row for row, _ in self._first_opinions(texts)]
        doubtful = [i for i, row in enumerate(rows) if self._model.is_in_doubt(row)]
        if doubtful:
            decided = self._second_opinions([texts[i] for i in doubtful])
            for i, row in zip(doubtful, decided, strict=True):
                rows[i] = row
        return rows

    def _read(self, message: Message, text: str) -> None:
        spans = pieces(text)
        written = [text, *(text[start:end] for start, end in spans)]
        (_, refused), *parts = self._first_opinions(written)
        # Pieces are many and often in doubt: the second opinion, which costs more, is for the whole alone.
        (whole,) = self._decisions([text])
        clauses = [self._clause(text, span, *part) for span, part in zip(spans, parts, strict=True)]
        probabilities = dict(zip(self._model.intents, whole, strict=True))
        asked = questions(probabilities, clauses, len(text))
        deciding = whole
        if asked and self._best(whole) not in {question.clause.intent for question in asked}:
            deciding, _ = parts[clauses.index(asked[0].clause)]
        if ends_in_refusal(text, refused, probabilities, clauses):
            asked, deciding = [], self._denied(whole, refused)
        elif not asked and refuses(text, refused, probabilities, clauses):
            wish = next(asking_clauses(probabilities, clauses), None) or likely_wish(clauses)
            deciding = parts[clauses.index(wish)][0] if wish else self._denied(whole, refused)
        self._rank(message, deciding)
        told = [_told(text, question) for question in asked] if len(asked) > 1 else []
        message.set(QUESTIONS, told, add_to_output=True)
        message.set(TOKENS, tokens(normalized(text)), add_to_output=True)

    def _first_opinions(self, texts: Sequence[str]) -> list[tuple[np.ndarray, float]]:
        """Of each text the probabilities of the intents, and that of a refusal."""
        return [(row[:-1], float(row[-1])) for row in self._opinions(texts)]

    def _clause(self, text: str, span: tuple[int, int], row: np.ndarray, refusal: float) -> Clause:
        clause = text[slice(*span)]
        best, confidence = self._best(row), float(row.max())
        is_learnt = refusal >= REFUSED and self._is_denied(refusal, row)
        refused = is_refused(clause) or (is_learnt and not asks_either_way(clause))
        is_clear = begins_with_refusal(clause) and refusal >= CLEAR
        is_asked, is_aside = is_request(clause), is_waved_off(clause) or is_clear
        return Clause(
            *span,
            best,
            confidence,
            refused,
            refusal,
            is_asked,
            is_aside,
            self._about(row),
            is_demand(clause),
            is_question(clause),
        )

    def _about(self, row: np.ndarray) -> str:
        """The likeliest intent, a refusal apart."""
        ranked = (self._model.intents[int(i)] for i in np.argsort(row)[::-1])
        return next(intent for intent in ranked if intent != DENY)

    def _is_denied(self, refusal: float, row: np.ndarray) -> bool:
        """Whether a piece refuses, by what was learnt."""
        if DENY not in self._model.intents:
            return False
        return is_denied(refusal, row[self._model.intents.index(DENY)], row.max())

    def _denied(self, row: np.ndarray, refusal: float) -> np.ndarray:
        """The probabilities of a message that is taken for a refusal: nobody asks back whether it is one."""
        share = max(refusal, SURE)
        denied = row * (1 - share)
        denied[self._model.intents.index(DENY)] += share
        return denied

    def _best(self, row: np.ndarray) -> str:
        return self._model.intents[int(row.argmax())]

    def _rank(self, message: Message, row: np.ndarray) -> None:
        best = np.argsort(row)[::-1][:RANKED]
        ranking = [{"name": self._model.intents[i], "confidence": float(row[i])} for i in best]
        message.set(INTENT, dict(ranking[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)


def _told(text: str, question: Question) -> dict[str, Any]:
    return {
        "text": text[question.start : question.end],
        "intent": question.clause.intent,
        "confidence": question.clause.confidence,
    }
