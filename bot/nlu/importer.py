"""Turns problems and FAQ articles into training examples, so that each is written down once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.content.files import read_folder
from bot.content.records import Article, Problem
from bot.settings import ROOT

REPORT_PROBLEM = "report_problem"
FAQ = "faq"
PROBLEM = "problem"
ARTICLE = "article"


class ContentImporter(TrainingDataImporter):
    """Rasa importer for `data/problems` and `data/faq`.

    Examples get the intents `report_problem` and `faq`; which problem or article they belong to
    is kept in the example's metadata under `problem` or `article`.
    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        folder: str = "data",
    ) -> None:
        base = Path(config_file).resolve().parent if config_file else ROOT
        self._folder = base / folder

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The examples of all problems and articles."""
        problems = read_folder(self._folder / "problems", Problem)
        articles = read_folder(self._folder / "faq", Article)
        examples = [
            _example(text, REPORT_PROBLEM, {PROBLEM: name})
            for name, problem in problems.items()
            for text in problem.examples
        ]
        examples += [
            _example(text, FAQ, {ARTICLE: name})
            for name, article in articles.items()
            for text in article.questions
        ]
        return TrainingData(training_examples=examples)

    def get_domain(self) -> Domain:
        """Empty: the domain stands in domain.yml."""
        return Domain.empty()

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """None: stories and rules stand in Rasa's own files."""
        return StoryGraph([])

    def get_config(self) -> dict[str, Any]:
        """Empty: the configuration stands in config.yml."""
        return {}

    def get_config_file_for_auto_config(self) -> str | None:
        """None: nothing here is configured automatically."""
        return None


def _example(text: str, intent: str, metadata: dict[str, str]) -> Message:
    return Message.build(text=text, intent=intent, example_metadata=metadata)


def example_metadata(message: Message) -> dict[str, str]:
    """The problem or article that a training example belongs to, as {"problem": name} or so."""
    found = message.get("metadata") or {}
    example = found.get("example") or {}
    return {key: example[key] for key in (PROBLEM, ARTICLE) if message.get(TEXT) and key in example}
