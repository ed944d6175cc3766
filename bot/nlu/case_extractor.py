"""Rasa graph component: what a message says about the case, as entities."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class CaseExtractor(GraphComponent, EntityExtractorMixin):
    """Finds account number, device, error message, steps and the like."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CaseExtractor:
        """Nothing to learn yet."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds entities to messages that have a text."""
        for message in messages:
            if message.get(TEXT):
                message.set(ENTITIES, message.get(ENTITIES, []), add_to_output=True)
        return messages
