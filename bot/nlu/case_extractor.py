"""Rasa graph component: what a message says about the case, as entities."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import msgspec
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.content import load_content
from bot.nlu.extraction import Catalogue, Extraction
from bot.nlu.intent_classifier import available_encoder
from bot.nlu.steps_told import ToldSteps
from bot.settings import ROOT

CATALOGUE = "catalogue.json"
AT = "at"
# Metadata of a text of which nobody wants the facts.
INTENT_ALONE = "intent_alone"
NOTHING = "nothing"
ERROR_CODE = "error_code"
STEPS_NAMED = "steps_named"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class CaseExtractor(GraphComponent, EntityExtractorMixin):
    """Finds account number, device, error message, steps and the like, each with its own words.

    Sets `nothing` on each message too: the names of fields of which it says that there is nothing
    ("no error message", "haven't tried anything"), and `error_code`: the code of a known error in its
    words, for when they turn out to be the answer to "what does it say?"; likewise `steps_named`, for
    when it answers "what have you tried?". Dates are counted from the
    message's metadata `at` (RFC 3339), else from today. Nothing is set where the metadata has `intent_alone`. The catalogue it knows is that of the day of
    training and is kept in the model, with what was learnt of steps told in other words.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`data`: the folder of operator content, from the project's root; `language`: spaCy's code."""
        return {"data": "data", "language": "en"}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        extraction: Extraction | None = None,
    ) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._extraction = extraction

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CaseExtractor:
        """An untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CaseExtractor:
        """The component as it was trained."""
        with model_storage.read_from(resource) as folder:
            catalogue = msgspec.json.decode((folder / CATALOGUE).read_bytes(), type=Catalogue)
            told = ToldSteps.load(folder, available_encoder())
        return cls(config, model_storage, resource, Extraction(catalogue, config["language"], told))

    @property
    def extraction(self) -> Extraction:
        """The finders, once there are any."""
        assert self._extraction is not None
        return self._extraction

    def train(self, training_data: TrainingData) -> Resource:
        """Takes the operator's catalogue as it stands, and learns from how steps are told."""
        content = load_content(ROOT / self._config["data"])
        catalogue = Catalogue.of(content)
        told = ToldSteps.fit(content.told, content.steps, available_encoder())
        with self._storage.write_to(self._resource) as folder:
            (folder / CATALOGUE).write_bytes(msgspec.json.encode(catalogue))
            if told is not None:
                told.save(folder)
        self._extraction = Extraction(catalogue, self._config["language"], told)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing: no later component learns from what is found."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds entities to messages that have a text."""
        for message in messages:
            text = message.get(TEXT)
            alone = (message.get(METADATA) or {}).get(INTENT_ALONE)
            if text and not alone and self._extraction is not None:
                reading = self._extraction.read(text, _day_of(message))
                entities = message.get(ENTITIES, []) + [item.as_entity() for item in reading.found]
                message.set(ENTITIES, entities, add_to_output=True)
                message.set(NOTHING, reading.nothing, add_to_output=True)
                message.set(STEPS_NAMED, reading.steps_named, add_to_output=True)
                message.set(ERROR_CODE, reading.error_code, add_to_output=True)
        return messages


def _day_of(message: Message) -> date:
    at = (message.get(METADATA) or {}).get(AT)
    return (
        datetime.fromisoformat(at.replace("Z", "+00:00")).date()
        if at
        else datetime.now(timezone.utc).date()
    )
