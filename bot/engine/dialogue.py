"""One turn of the dialogue: from a customer's event to what the bot says and the case after it.

Nothing here touches Redis: a turn is computed, then committed whole by the worker.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from rasa.core.actions.action import Action
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.engine import loader
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.common import TempDirectoryPath, get_temp_dir_name

from actions.turn import ASKING, CONTENT, HAND_OVER, case_of, operator_content
from bot.case.model import Case
from bot.content import Content
from bot.content.mail_texts import mail_texts
from bot.engine.actions_in_process import ActionsInProcess
from bot.engine.by_mail import read_by_mail
from bot.engine.runner import DirectGraphRunner
from bot.engine.thoughts import thoughts, understood
from bot.engine.tracker import OneTracker, rebuild_tracker, take_snapshot, turns_looked_back
from bot.errors import FirstlineError
from bot.mail.thread import MAIL_NOTE
from bot.nlu.case_extractor import INTENT_ALONE
from bot.nlu.context import in_context
from bot.nlu.leftover import without_quoted
from bot.nlu.several import ALSO, read_apart

LONGEST_FOR_NLU = 2_000


class TurnFailed(FirstlineError):
    """A turn raised or yielded nothing; nothing of it was said or kept."""


@dataclass(frozen=True)
class Said:
    """A message of the bot: its text, and label and payload of its quick replies."""

    text: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Incoming:
    """What the customer did: words, or a `payload` (`/intent{"entity": "value"}`) behind a click.

    `facts` are passed on to the actions as the message's metadata.
    """

    text: str
    payload: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What a turn comes to.

    thought: how the message was understood, for the trainers' inbox. hand_over: why the conversation
    passes to a person now; empty when it does not.
    """

    said: list[Said]
    case: Case
    tracker: bytes
    thought: Mapping[str, Any] = field(default_factory=dict)
    hand_over: str = ""


class TakesTurns(Protocol):
    """What a worker needs: one `Dialogue`, or several behind one."""

    async def turn(self, conversation: str, stored: bytes, case: Case, heard: Incoming) -> Outcome:
        """As `Dialogue.turn`."""


class Dialogue:
    """A trained model, ready to take turns one at a time.

    content: what its actions answer with; without it that of the checkout.
    """

    def __init__(self, model: Path, content: Content | None = None) -> None:
        self.model = model.name.removesuffix(".tar.gz")
        self._content = content
        self._processor = _Processor(model)
        self._turns = turns_looked_back(self._processor.graph_runner)

    async def warm_up(self) -> None:
        """Takes a turn that nobody sees, so that the first customer need not wait for it.

        Raises `TurnFailed` when the model cannot answer a greeting.
        """
        await self.turn("warm-up", b"", Case(), Incoming("hello", "", {}))

    async def turn(self, conversation: str, stored: bytes, case: Case, heard: Incoming) -> Outcome:
        """The outcome of `heard` in a conversation whose tracker snapshot is `stored`.

        Raises `TurnFailed`.
        """
        if MAIL_NOTE in heard.facts:
            return self._read_by_mail(stored, case, heard)
        processor = self._processor
        channel = CollectingOutputChannel()
        tracker = rebuild_tracker(conversation, stored, case, processor.domain)
        processor.begin(tracker)
        CONTENT.set(self._content)
        asked = tracker.get_slot(ASKING)
        try:
            parsed, raw = self._parse(heard, asked, case.begun)
            message = UserMessage(
                heard.text, channel, conversation, parse_data=parsed, metadata=dict(heard.facts)
            )
            await processor.handle_message(message)
        except Exception as error:
            raise TurnFailed(f"the turn raised {type(error).__name__}") from error
        if processor.failures:
            raise TurnFailed("an action raised") from processor.failures[0]
        said = [_said(message) for message in channel.messages]
        if not said:
            raise TurnFailed("the bot had nothing to say")
        after = processor.one_tracker.tracker
        assert after is not None
        slots = {name: slot.value for name, slot in after.slots.items()}
        thought = thoughts(raw, parsed, asked, after) if raw else {}
        return Outcome(
            said, case_of(slots), take_snapshot(after, self.model, self._turns),
            {"model": self.model, **thought}, slots.get(HAND_OVER) or "",
        )  # fmt: skip

    def _read_by_mail(self, stored: bytes, case: Case, heard: Incoming) -> Outcome:
        CONTENT.set(self._content)
        thought: dict[str, Any] = {"model": self.model}

        def understand(text: str, facts: Mapping[str, Any]) -> dict[str, Any]:
            parsed = self.understand(text, facts)
            if text == heard.text:  # not one of the answers that it is taken apart into
                thought.update(understood(parsed, parsed))
            return parsed

        try:
            read = read_by_mail(
                understand, case, heard.text, heard.facts, operator_content(), mail_texts()
            )
        except Exception as error:
            raise TurnFailed(f"reading a mail raised {type(error).__name__}") from error
        thought["asks"] = read.asks
        return Outcome([Said(read.answer)] if read.answer else [], read.case, stored, thought)

    def understand(self, text: str, facts: Mapping[str, Any]) -> dict[str, Any]:
        """What the model makes of a text. A leading `/` is text, not one of Rasa's commands."""
        head = without_quoted(text[:LONGEST_FOR_NLU])
        plain = head.lstrip("/ \n\t")
        message = UserMessage(plain or "?", metadata=dict(facts))
        tracker = DialogueStateTracker.from_events("", [])
        parsed = dict(self._processor._parse_message_with_graph(message, tracker))
        for entity in parsed["entities"]:
            for place in ("start", "end"):
                entity[place] += len(head) - len(plain)
        return parsed | {"text": text}

    def _parse(
        self, heard: Incoming, asking: str | None, begun: bool
    ) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """The message as it is acted on, and words as they were understood on their own."""
        if not heard.payload:
            raw = self.understand(heard.text, heard.facts)
            apart = read_apart(
                raw, lambda part: self.understand(part, {INTENT_ALONE: True}), asking, begun
            )
            if ALSO in apart:
                return apart, raw
            return in_context(apart, asking, begun), raw
        name, brace, rest = heard.payload.lstrip("/").partition("{")
        values = json.loads(brace + rest) if brace else {}
        entities = [{"entity": key, "value": value} for key, value in values.items()]
        intent = {"name": name, "confidence": 1.0}
        return {"text": heard.text, "intent": intent, "entities": entities}, None


def _said(message: dict[str, Any]) -> Said:
    buttons = message.get("buttons") or ()
    choices = tuple((button["title"], button["payload"]) for button in buttons)
    return Said(message.get("text") or "", choices)


class _Watched(Action):
    """An action whose failure is noted; Rasa would log it and go on without its events."""

    def __init__(self, action: Action, failures: list[Exception]) -> None:
        self._action = action
        self._failures = failures

    def name(self) -> str:
        return str(self._action.name())

    async def run(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return await self._action.run(*args, **kwargs)
        except Exception as error:
            self._failures.append(error)
            raise

    def event_for_successful_execution(self, prediction: Any) -> Any:
        return self._action.event_for_successful_execution(prediction)


class _Processor(MessageProcessor):
    """Rasa's processor on our graph runner, with one tracker and with failures that are noted."""

    def __init__(self, model: Path) -> None:
        self.failures: list[Exception] = []
        self.one_tracker = OneTracker(Domain.empty())
        super().__init__(
            model, self.one_tracker, InMemoryLockStore(), TemplatedNaturalLanguageGenerator({}),
            action_endpoint=ActionsInProcess(),
        )  # fmt: skip
        self.one_tracker.domain = self.domain
        self.nlg = TemplatedNaturalLanguageGenerator(self.domain.responses)

    @staticmethod
    def _load_model(model_path: Path) -> Any:
        with TempDirectoryPath(get_temp_dir_name()) as folder:
            metadata, runner = loader.load_predict_graph_runner(
                Path(folder), Path(model_path), LocalModelStorage, DirectGraphRunner
            )
        return Path(model_path).name, metadata, runner

    def begin(self, tracker: DialogueStateTracker) -> None:
        self.one_tracker.tracker = tracker
        self.failures.clear()

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> Any:
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        return _Watched(action, self.failures), prediction
