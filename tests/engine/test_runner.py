"""Our graph runner against Rasa's own, on the same model."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.engine import loader
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.runner import DirectGraphRunner

TEXTS = ["my mobile data isn't working", "yes", "a person, please", "8847201193", "ß∂ 🤷", "what?"]

Loaded = tuple[Any, DaskGraphRunner, DaskGraphRunner]


@pytest.fixture(scope="module")
def loaded(model: Path) -> Loaded:
    """The model's metadata, and it loaded into our runner and into Rasa's."""
    runners = []
    for kind in (DirectGraphRunner, DaskGraphRunner):
        folder = Path(tempfile.mkdtemp())
        metadata, runner = loader.load_predict_graph_runner(folder, model, LocalModelStorage, kind)
        runners.append(runner)
    return metadata, runners[0], runners[1]


@pytest.mark.parametrize("text", TEXTS)
def test_a_message_is_understood_the_same(loaded: Loaded, text: str) -> None:
    metadata, ours, theirs = loaded
    parsed = []
    for runner in (ours, theirs):
        tracker = DialogueStateTracker.from_events("", [])
        inputs = {PLACEHOLDER_MESSAGE: [UserMessage(text, metadata={"at": "2026-11-22T08:00:00Z"})],
                  PLACEHOLDER_TRACKER: tracker}  # fmt: skip
        results = runner.run(inputs=inputs, targets=[metadata.nlu_target])
        (message,) = results[metadata.nlu_target]
        parsed.append(message.as_dict(only_output_properties=True))
    assert parsed[0] == parsed[1]
    assert parsed[0]["intent"]["name"]


@pytest.mark.parametrize("intent", ["report_problem", "affirm", "start_over", "goodbye"])
def test_the_next_action_is_predicted_the_same(loaded: Loaded, intent: str) -> None:
    metadata, ours, theirs = loaded
    predicted = []
    for runner in (ours, theirs):
        tracker = DialogueStateTracker.from_events(
            "c1",
            [
                ActionExecuted("action_listen"),
                UserUttered("x", {"name": intent, "confidence": 1.0}),
            ],
            domain=metadata.domain,
        )
        results = runner.run(inputs={PLACEHOLDER_TRACKER: tracker}, targets=[metadata.core_target])
        predicted.append(results[metadata.core_target])
    assert predicted[0].probabilities == predicted[1].probabilities
    assert predicted[0].policy_name == predicted[1].policy_name
    assert max(predicted[0].probabilities) > 0.9


def test_a_failing_component_is_not_hidden(loaded: Loaded) -> None:
    metadata, ours, _ = loaded
    with pytest.raises(Exception, match=r"."):
        ours.run(inputs={PLACEHOLDER_MESSAGE: [object()]}, targets=[metadata.nlu_target])
