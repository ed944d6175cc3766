"""Which messages the bot misread, seen from a conversation's log and what it thought at each turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from bot.conversation.events import CASE, CUSTOMER, MESSAGE, OWNER, TURN, Event
from bot.training.masking import masked

UNSURE = 0.5
GIVEN_UP_AFTER = timedelta(minutes=30)
OUT_OF_SCOPE, CHANGE_FIELD, INFORM = "out_of_scope", "change_field", "inform"
# What leaves an open question open by intention, so that it is rightly asked again.
ASIDE = frozenset(
    "faq help why_ask greet thanks goodbye bot_challenge frustration complaint ask_human cancel"
    " start_over change_field skip_to_end solved not_solved".split()
)

REASONS = {
    "corrected_by_agent": "an agent said that the bot got this wrong",
    "corrected": "the customer corrected it",
    "failed": "the bot could not answer at all",
    "out_of_scope": "it seemed to fit nothing the bot knows",
    "unsure": "the bot was unsure",
    "asked_again": "the bot asked the same again",
    "abandoned": "the customer left here",
}


class Line(msgspec.Struct, frozen=True):
    """A line of the conversation as a trainer sees it, personal data hidden."""

    who: str
    text: str
    here: bool = False


class Misread(msgspec.Struct, frozen=True):
    """A message that the bot probably misread, with why, and what it thought.

    `id` is `<conversation>/<event>`; `text` has personal data hidden.
    """

    id: str
    at: datetime
    text: str
    reasons: list[str]
    thought: dict[str, Any]
    lines: list[Line]


@dataclass
class _Said:
    event: Event
    thought: Mapping[str, Any]
    answered: bool
    reasons: set[str] = field(default_factory=set)


def misread(conversation: str, events: Sequence[Event], now: datetime) -> list[Misread]:
    """The messages of one log that were probably misread, in the order said."""
    turns = {event.body["answers"]: event.private for event in events if event.type == TURN}
    said = [
        _Said(event, turns.get(event.id, {}), event.id in turns)
        for event in events
        if _is_said(event)
    ]
    for one in said:
        one.reasons |= _reasons(one)
    _blame(said, events)
    if said and _abandoned(said[-1], events, now):
        said[-1].reasons.add("abandoned")
    return [
        Misread(
            f"{conversation}/{one.event.id}", one.event.at, masked(one.event.body["text"]),
            [it for it in REASONS if it in one.reasons], dict(one.thought), lines(events, one.event.id),
        )
        for one in said if one.reasons
    ]  # fmt: skip


def lines(events: Sequence[Event], here: str) -> list[Line]:
    """The conversation in words, the message `here` marked."""
    return [
        Line(str(event.body["from"]), masked(_words(event)), event.id == here)
        for event in events
        if event.type == MESSAGE
    ]


def _words(event: Event) -> str:
    file = event.body.get("file")
    return f"[file {file['name']}]" if file else str(event.body["text"])


def _is_said(event: Event) -> bool:
    return (event.type == MESSAGE and event.body["from"] == CUSTOMER
            and not event.private.get("payload") and "file" not in event.body)  # fmt: skip


def _reasons(one: _Said) -> set[str]:
    thought = one.thought
    if not thought:
        return {"failed"} if one.answered else set()
    found = set()
    # What was asked makes some answers certain that are not by themselves.
    moved_on = thought.get("asked") != thought.get("asks") and thought.get("intent") == INFORM
    answered = bool(thought.get("asked")) and (
        moved_on or thought.get("intent") != thought.get("alone")
    )
    if OUT_OF_SCOPE in (thought.get("intent"), "" if answered else thought.get("alone")):
        found.add("out_of_scope")
    elif not answered and thought.get("confidence", 1.0) < UNSURE:
        found.add("unsure")
    asked, asks = thought.get("asked"), thought.get("asks")
    told_else = thought.get("found") and asked not in thought["found"]
    if asked and asked == asks and not told_else and thought.get("intent") not in ASIDE:
        found.add("asked_again")
    if "action_default_fallback" in thought.get("did", ()):
        found.add("failed")
    return found


def _blame(said: Sequence[_Said], events: Sequence[Event]) -> None:
    """Marks the message from which a value came that was corrected later."""
    for number, one in enumerate(said):
        for name in one.thought.get("corrects", ()):
            _mark(said[:number], name, "corrected")
    for event in events:
        edit = event.private.get("edit") if event.type == CASE else None
        if edit and edit.get("old") and event.private.get("by") == CUSTOMER:
            _mark([it for it in said if it.event.at <= event.at], edit["field"], "corrected")
        if event.type == CASE and event.private.get("bot_wrong"):
            before = [it for it in said if it.event.at <= event.at]
            told = [it for it in before if it.event.id in event.private.get("events", ())]
            for one in told:
                one.reasons.add("corrected_by_agent")
            if not told:
                field = (edit or {}).get("field", "")
                _mark(before, field, "corrected_by_agent", at_least_last=True)


def _mark(said: Sequence[_Said], name: str, reason: str, at_least_last: bool = False) -> None:
    names = {name, "step"} if name == "steps_tried" else {name}
    for one in reversed(said):
        if names & set(one.thought.get("found", ())) or one.thought.get("asked") == name:
            one.reasons.add(reason)
            return
    if at_least_last and said:
        said[-1].reasons.add(reason)


def _abandoned(last: _Said, events: Sequence[Event], now: datetime) -> bool:
    owner = next((it.body["owner"] for it in reversed(events) if it.type == OWNER), "bot")
    case = next((it.body["case"] for it in reversed(events) if it.type == CASE), None)
    open_case = case is not None and case.get("status") == "draft"
    waits = bool(last.thought.get("asks"))
    return owner == "bot" and open_case and waits and now - events[-1].at > GIVEN_UP_AFTER
