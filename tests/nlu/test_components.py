"""The graph components train, persist, reload, and then say exactly the same."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import intent_classifier
from bot.nlu.case_extractor import INTENT_ALONE, CaseExtractor
from bot.nlu.intent_classifier import SentenceIntentClassifier

CONTEXT = ExecutionContext(GraphSchema({}), "model")
EXAMPLES = {
    "greet": ["hello", "hi there", "good morning", "hey"],
    "report_problem/no_signal": [
        "my phone has no signal",
        "no bars at all",
        "there is no reception here",
    ],
    "report_problem/wrong_bill": [
        "my bill is wrong",
        "you charged me twice",
        "the invoice is too high",
    ],
    "faq/puk_code": ["where is my puk code", "what is a puk", "how do I get the puk"],
    "faq/top_up": ["how do I top up", "where can I buy credit", "add credit to my phone"],
    "inform": ["my account number is 8847201193", "iphone 13", "since yesterday"],
    "out_of_scope": ["what is the weather like", "tell me a joke", "who won the match"],
}
SAID = [
    "no signal at all in my house",
    "hello you",
    "how can I top up my phone",
    "how high is mount everest",
]


def training_data() -> TrainingData:
    parts = {"report_problem": "problem", "faq": "article"}
    messages = []
    for label, texts in EXAMPLES.items():
        intent, _, part = label.partition("/")
        metadata = {parts[intent]: part} if part else None
        messages += [Message.build(text, intent, example_metadata=metadata) for text in texts]
    return TrainingData(training_examples=messages)


def parsed(component: Any) -> list[dict[str, Any]]:
    messages = [
        Message(data={"text": text, "metadata": {"at": "2026-11-20T12:00:00Z"}}) for text in SAID
    ]
    return [message.as_dict(only_output_properties=True) for message in component.process(messages)]


@pytest.mark.parametrize("encoder", [True, False])
def test_the_classifier_reloaded_says_the_same(
    storage: ModelStorage, monkeypatch: pytest.MonkeyPatch, encoder: bool
) -> None:
    if not encoder:
        monkeypatch.setattr(intent_classifier, "available_encoder", lambda: None)
    config = SentenceIntentClassifier.get_default_config()
    trained = SentenceIntentClassifier.create(config, storage, Resource("intents"), CONTEXT)
    trained.train(training_data())
    reloaded = SentenceIntentClassifier.load(config, storage, Resource("intents"), CONTEXT)
    assert parsed(trained) == parsed(reloaded)
    first, second, third, _ = parsed(reloaded)
    assert first["intent"]["name"] == "report_problem"
    assert first["problem"]["name"] == "no_signal"
    assert second["intent"]["name"] == "greet"
    assert third["articles"][0]["name"] == "top_up"


def test_a_model_trained_with_the_encoder_still_works_without_it(
    storage: ModelStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = SentenceIntentClassifier.get_default_config()
    SentenceIntentClassifier.create(config, storage, Resource("intents"), CONTEXT).train(
        training_data()
    )
    monkeypatch.setattr(intent_classifier, "available_encoder", lambda: None)
    reloaded = SentenceIntentClassifier.load(config, storage, Resource("intents"), CONTEXT)
    assert parsed(reloaded)[1]["intent"]["name"] == "greet"


def test_the_shares_of_an_intent_s_parts_add_up(storage: ModelStorage) -> None:
    config = {**SentenceIntentClassifier.get_default_config(), "articles": 9, "ranking": 99}
    trained = SentenceIntentClassifier.create(config, storage, Resource("intents"), CONTEXT)
    trained.train(training_data())
    for result in parsed(trained):
        assert sum(article["confidence"] for article in result["articles"]) == pytest.approx(
            1, abs=0.01
        )
        assert sum(intent["confidence"] for intent in result["intent_ranking"]) == pytest.approx(
            1, abs=0.01
        )


def test_the_extractor_reloaded_says_the_same(storage: ModelStorage) -> None:
    config = CaseExtractor.get_default_config()
    trained = CaseExtractor.create(config, storage, Resource("case"), CONTEXT)
    trained.train(TrainingData())
    reloaded = CaseExtractor.load(config, storage, Resource("case"), CONTEXT)
    text = (
        "since friday my s23 says invalid sim, account 8847201193, no signal in Leeds, restarted it"
    )
    said = [Message(data={"text": text, "metadata": {"at": "2026-11-20T12:00:00Z"}})]
    one = trained.process(said)[0].as_dict(only_output_properties=True)
    other = reloaded.process([Message(data=dict(said[0].data, entities=[]))])[0].as_dict(
        only_output_properties=True
    )
    assert one["entities"] == other["entities"]
    assert {entity["entity"] for entity in one["entities"]} == {
        "account_number", "device", "error_message", "started", "location", "step"}  # fmt: skip
    assert {entity["extractor"] for entity in one["entities"]} == {"CaseExtractor"}


def test_a_text_is_read_without_its_facts_when_nobody_wants_them(storage: ModelStorage) -> None:
    config = CaseExtractor.get_default_config()
    extractor = CaseExtractor.create(config, storage, Resource("case"), CONTEXT)
    extractor.train(TrainingData())
    alone, whole = (
        Message({"text": "account 8847201193", "metadata": metadata})
        for metadata in ({INTENT_ALONE: True}, {})
    )
    extractor.process([alone, whole])
    assert [entity["value"] for entity in whole.get("entities")] == ["8847201193"]
    assert alone.get("entities") is None
