"""The shipped encoder as a featurizer for Rasa's own classifiers, for comparison alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from bot.normalizing import normalized
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.encoders import universal


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceVectors(DenseFeaturizer, GraphComponent):
    """The vector of the whole text as its sentence feature; words get none."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Rasa wants words before features."""
        return [Tokenizer]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceVectors:
        """One that is ready: nothing is learnt."""
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing can be set."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the vectors to all examples."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the vectors to the messages with a text."""
        written = [message for message in messages if message.get(TEXT)]
        for message in written:
            vector = universal()([normalized(message.get(TEXT))])
            features = Features(np.asarray(vector), FEATURE_TYPE_SENTENCE, TEXT, self._identifier)
            message.add_features(features)
        return messages
