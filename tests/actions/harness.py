"""Tracker in, events out: one action run as Rasa runs it, without Rasa."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import ASKING, HURRY, TRIES, case_of, slots_of
from bot.case.model import Case, Field, State
from tests.actions.conversation_texts import placeholders, responses

EVENT = "9-0"
AT = "2026-11-22T08:16:05Z"
NUMBER = "FL-7K3M2Q"


@dataclass(frozen=True)
class Done:
    """What an action said and did. `said` are response names, or texts where there is no name."""

    messages: Sequence[Mapping[str, Any]]
    events: Sequence[Mapping[str, Any]]
    slots: Mapping[str, Any] = field(default_factory=dict)

    @property
    def said(self) -> list[str]:
        return [message.get("response") or message["text"] for message in self.messages]

    @property
    def case(self) -> Case:
        return case_of(dict(self.slots))

    @property
    def asking(self) -> str | None:
        asking: str | None = self.slots.get(ASKING)
        return asking

    @property
    def followed_by(self) -> str | None:
        names = [event["name"] for event in self.events if event["event"] == "followup"]
        return names[-1] if names else None

    def words(self, name: str) -> Mapping[str, Any]:
        """What was filled into the response `name`."""
        return next(message for message in self.messages if message.get("response") == name)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Titles and payloads of the last message's own quick replies."""
        return [(button["title"], button["payload"]) for button in self.messages[-1]["buttons"]]


def run(
    action: Action,
    case: Case | None = None,
    *,
    text: str = "",
    intent: str = "inform",
    entities: Sequence[Mapping[str, Any]] = (),
    asking: str | None = None,
    tries: int = 0,
    hurry: bool | None = None,
    already: Sequence[Mapping[str, Any]] = (),
    message: Mapping[str, Any] | None = None,
    slots: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Done:
    """Runs `action` on a turn; `already` are this turn's events before it, `facts` the metadata,
    `slots` further slots as they are before it.
    """
    kept = slots_of(case or Case()) | {ASKING: asking, TRIES: tries, HURRY: hurry}
    before = {**kept, **(slots or {})}
    latest = {
        "text": text, "intent": {"name": intent}, "entities": list(entities),
        "metadata": {"event": EVENT, "at": AT, "number": NUMBER} | facts, **(message or {}),
    }  # fmt: skip
    events = [
        {"event": "action", "name": "action_listen"},
        {"event": "user", "text": text},
        *already,
    ]
    tracker = Tracker("c1", before, latest, events, False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    done = asyncio.run(action.run(dispatcher, tracker, {}))
    for said in dispatcher.messages:
        check_words(said)
    after = {e["name"]: e["value"] for e in done if e["event"] == "slot"}
    return Done(dispatcher.messages, done, {**before, **after})


def check_words(message: Mapping[str, Any]) -> None:
    """Each response is there, and all that it needs is filled in."""
    name = message.get("response")
    if name:
        assert name in responses(), name
        lacking = [word for word in placeholders(name) if message.get(word) in (None, "")]
        assert not lacking, f"{name} needs {lacking}"


def stated(**values: Any) -> dict[str, Field]:
    """Fields with values that the customer has stated."""
    return {
        name: Field(value, State.STATED, str(value), ("1-0",)) for name, value in values.items()
    }


def draft(**values: Any) -> Case:
    """A technical case about missing mobile data, with these fields."""
    return Case(problem="no_mobile_data", category="technical", fields=stated(**values))
