"""Plays conversation tests on the real dialogue: real model, actions really executed, no Redis."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from actions.turn import INCIDENTS, PEOPLE
from bot.case.dialogue import edit_in_words
from bot.case.fields import edited_field
from bot.case.filing import moment
from bot.case.model import Case
from bot.case.redact import redact_secrets
from bot.content import Content
from bot.engine.dialogue import Dialogue, Incoming, Outcome
from bot.errors import InvalidValue
from bot.eval.conversations_check import faults_of_answer, faults_of_case, faults_of_manners
from bot.eval.conversations_format import Conversation, Desk, Step
from bot.handoff.people import People, nobody

# A Sunday, in opening hours; relative dates in conversations are reckoned from here.
AT = "2026-11-22T11:00:00Z"
NUMBER = "FL-TEST{:02}"


@dataclass
class Result:
    """What came of a conversation: `faults` in words, turns, seconds per turn, and its transcript."""

    name: str
    known_failure: str | None = None
    faults: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    filed: bool = False

    @property
    def turns(self) -> int:
        """How often the customer did something."""
        return len(self.seconds)

    @property
    def as_expected(self) -> bool:
        """Whether it passed, or failed as it was known to."""
        return bool(self.faults) == (self.known_failure is not None)

    @property
    def fault(self) -> str:
        """Why it is not as expected, with what was said, for people to read."""
        if self.known_failure is not None and not self.faults:
            return f"{self.name} passes: take out `known failure: {self.known_failure}`"
        return "\n".join([self.name, *self.lines, *(f"  ✗ {fault}" for fault in self.faults)])


class _Player:
    """A conversation in progress."""

    def __init__(self, dialogue: Dialogue, content: Content, result: Result) -> None:
        self._dialogue = dialogue
        self._content = content
        self._result = result
        self._tracker = b""
        self._choices: dict[str, str] = {}
        self._asked: list[str | None] = []
        self._filed: set[str] = set()
        self._desk: Desk = "nobody"
        self.case = Case()

    async def play(self, number: int, step: Step) -> None:
        """Takes one step. Raises `_Impossible` when it cannot be taken as things have gone."""
        event = f"{number}-0"
        self._desk = step.desk or self._desk
        heard = self._incoming(step, event)
        before = self.case
        began = time.perf_counter()
        outcome = await self._dialogue.turn("test", self._tracker, before, heard)
        self._result.seconds.append(time.perf_counter() - began)
        self._tracker, self.case = outcome.tracker, outcome.case
        if outcome.case.number is not None:
            self._filed.add(outcome.case.number)
        slots = msgspec.json.decode(outcome.tracker)["slots"]
        self._asked.append(None if outcome.hand_over else slots.get("asking"))
        self._note(number, step, before, outcome)

    async def people(self) -> People:
        """Who is there to take the conversation."""
        there = nobody(self._content, moment(AT))
        if self._desk == "closed":
            return replace(there, open=False)
        return replace(there, present=1, places=1) if self._desk == "somebody" else there

    def _note(self, number: int, step: Step, before: Case, outcome: Outcome) -> None:
        for message in outcome.said:
            labels = " ".join(f"[{label}]" for label, _ in message.choices)
            self._result.lines.append(f"    bot: {message.text} {labels}".rstrip())
            self._choices.update(message.choices)
        faults = [
            *faults_of_answer(step, outcome, self._asked[-1]),
            *faults_of_manners(before, outcome, self._asked),
        ]
        self._result.faults += [f"step {number}: {fault}" for fault in faults]

    def _incoming(self, step: Step, event: str) -> Incoming:
        facts: dict[str, Any] = {
            "event": event, "at": AT, "number": NUMBER.format(len(self._filed) + 1), "clicked": True,
        }  # fmt: skip
        if step.click is not None:
            self._hear(f"[{step.click}]")
            if step.click not in self._choices:
                raise _Impossible(f"there is no choice {step.click!r} to click on")
            return Incoming(step.click, self._choices[step.click], facts)
        if step.sends_file is not None:
            self._hear(f"sends {step.sends_file}")
            return Incoming(step.sends_file, "/file_sent", facts | {"file": f"file-{event}"})
        if step.edits is not None:
            return Incoming("", "/case_edited", facts | {"edit": self._edit(step.edits)})
        text = redact_secrets(step.customer or "")
        self._hear(text)
        return Incoming(text, "", facts | {"clicked": False})

    def _edit(self, edits: Mapping[str, str]) -> dict[str, str]:
        """Changes a field as the edge does, and says what the engine is told of it."""
        [(name, value)] = edits.items()
        self._hear(f"changes {name} to {value}")
        before = self.case
        try:
            changed = edited_field(name, value, before.field(name), self._content.account_number)
        except InvalidValue as error:
            raise _Impossible(f"the edge refuses this edit: {error.reason}") from error
        self.case = before.with_field(name, changed)
        return edit_in_words(name, before, self.case)

    def _hear(self, text: str) -> None:
        self._result.lines.append(f"  customer: {text}")


class _Impossible(Exception):
    """A step that cannot be taken as the conversation has gone."""


async def play(
    dialogue: Dialogue, content: Content, name: str, conversation: Conversation
) -> Result:
    """Plays one conversation to its end, or to the first step that cannot be taken."""
    result = Result(name, conversation.known_failure)
    player = _Player(dialogue, content, result)
    INCIDENTS.set(conversation.incidents)
    PEOPLE.set(player.people)
    for number, step in enumerate(conversation.steps, start=1):
        try:
            await player.play(number, step)
        except _Impossible as error:
            result.faults.append(f"step {number}: {error}")
            return result
        except Exception as error:  # whatever it is, the other conversations are to be played
            result.faults.append(f"step {number}: {error!r} from {error.__cause__!r}")
            return result
    result.faults += faults_of_case(conversation, player.case, content)
    result.filed = player.case.filed
    return result
