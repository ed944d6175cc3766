"""Rasa graph component: intent, kind of problem and FAQ articles of a message, in one look."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import structlog
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.encoder import EncoderUnavailable, SentenceEncoder, sentence_encoder
from bot.nlu.importer import ARTICLE, FAQ, PROBLEM, REPORT_PROBLEM, example_metadata
from bot.nlu.intent_model import SEPARATOR, IntentModel

OUT_OF_SCOPE = "out_of_scope"
ARTICLES = "articles"
INFORM = "inform"
TOLD_WITH_FACTS = (REPORT_PROBLEM, "complaint", INFORM)
GREET, THANKS = "greet", "thanks"
COURTEOUS = 0.4
JOINTS = (". ", ", ", " ")
SEED = 0
PARTS = {REPORT_PROBLEM: PROBLEM, FAQ: ARTICLE}
# How many kinds of problem are told, the likeliest and others.
KINDS = 4


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SentenceIntentClassifier(GraphComponent, IntentClassifier):
    """Classifies whole sentences among intents, problems and articles.

    Sets on each message, besides `intent` and `intent_ranking`: `problem` {"name", "confidence",
    "others"} (None when the data knows no problems) and `articles`, the best three of the same shape. Their
    confidences are within `report_problem` and within `faq`. A message that fits nothing known is
    out of scope.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`keep`: share of valid messages to keep in scope; `ranking`, `articles`: how many are named."""
        return {"keep": 0.98, "ranking": 6, "articles": 3}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceIntentClassifier:
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
    ) -> SentenceIntentClassifier:
        """The component as it was trained."""
        with model_storage.read_from(resource) as folder:
            return cls(
                config, model_storage, resource, IntentModel.load(folder, available_encoder())
            )

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from every example that has a text and an intent."""
        pairs = [(e.get(TEXT), _label(e)) for e in training_data.intent_examples if e.get(TEXT)]
        told = with_facts(pairs)
        origins = [*range(len(pairs)), *(origin for origin, _ in told)]
        pairs += [pair for _, pair in told]
        texts, labels = [text for text, _ in pairs], [label for _, label in pairs]
        self._model = IntentModel.fit(
            texts, labels, available_encoder(), self._config["keep"], OUT_OF_SCOPE, origins=origins
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing: no later component learns from predictions."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets intent, ranking, problem and articles on messages that have a text."""
        for message in messages:
            if message.get(TEXT) and self._model is not None:
                self._annotate(message, *self._model.read(message.get(TEXT), OUT_OF_SCOPE))
        return messages

    def _annotate(self, message: Message, row: NDArray[np.float64], in_scope: bool) -> None:
        assert self._model is not None
        intents = self._model.by_intent(row[np.newaxis])[0].tolist()
        parts = {
            intent: {part: row.item(place) for part, place in places}
            for intent, places in _places_of_parts(tuple(self._model.labels)).items()
        }
        by_name = dict(zip(self._model.intents, intents, strict=True))
        ranking = _ranked(by_name, self._config["ranking"])
        best = ranking[0]
        if not in_scope:
            best = {"name": OUT_OF_SCOPE, "confidence": round(1.0 - best["confidence"] / 2, 4)}
        problems = _ranked(_shares(parts[REPORT_PROBLEM]), KINDS)
        articles = _ranked(_shares(parts[FAQ]), self._config["articles"])
        message.set(INTENT, best, add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        best_kind = dict(problems[0], others=problems[1:]) if problems else None
        message.set(PROBLEM, best_kind, add_to_output=True)
        message.set(ARTICLES, articles, add_to_output=True)


def available_encoder() -> SentenceEncoder | None:
    """The sentence encoder, or None (with a warning) where its weights cannot be had."""
    try:
        return sentence_encoder()
    except EncoderUnavailable as error:
        structlog.get_logger(__name__).warning("encoder_unavailable", reason=str(error))
        return None


def with_facts(pairs: Sequence[tuple[str, str]]) -> list[tuple[int, tuple[str, str]]]:
    """More examples as customers write them: a report or a complaint, with facts and courtesies round it.

    Each comes with the number of the example in `pairs` that it was made from.
    """
    chance = random.Random(SEED)
    facts, greetings, thanks = (
        [text for text, label in pairs if label == intent] for intent in (INFORM, GREET, THANKS)
    )
    told = [(number, text, label) for number, (text, label) in enumerate(pairs)
            if label.partition(SEPARATOR)[0] in TOLD_WITH_FACTS]  # fmt: skip
    if not facts:
        return []
    return [
        (number, (chance.choice(JOINTS).join([
            *_perhaps(greetings, chance), text, *_some(facts, chance), *_perhaps(thanks, chance)]), label))
        for number, text, label in told
    ]  # fmt: skip


def _some(facts: Sequence[str], chance: random.Random) -> list[str]:
    return chance.sample(list(facts), min(len(facts), chance.choice((1, 2, 3))))


def _perhaps(courtesies: Sequence[str], chance: random.Random) -> list[str]:
    return [chance.choice(courtesies)] if courtesies and chance.random() < COURTEOUS else []


def _label(example: Message) -> str:
    intent: str = example.get(INTENT)
    part = example_metadata(example).get(PARTS.get(intent, ""))
    return f"{intent}{SEPARATOR}{part}" if part else intent


@lru_cache(maxsize=1)
def _places_of_parts(labels: tuple[str, ...]) -> dict[str, list[tuple[str, int]]]:
    """By intent that has parts, each part's name and the place of its label among `labels`."""
    places: dict[str, list[tuple[str, int]]] = {intent: [] for intent in PARTS}
    for place, label in enumerate(labels):
        intent, _, part = label.partition(SEPARATOR)
        if part:
            places[intent].append((part, place))
    return places


def _shares(masses: dict[str, float]) -> dict[str, float]:
    total = sum(masses.values()) or 1.0
    return {name: mass / total for name, mass in masses.items()}


def _ranked(shares: dict[str, float], most: int) -> list[dict[str, Any]]:
    pairs = sorted(shares.items(), key=lambda pair: -pair[1])[:most]
    return [{"name": name, "confidence": round(share, 4)} for name, share in pairs]
