"""Recorded conversations taken again by two models: each turn that would now go differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from bot.case.fields import edited_field
from bot.case.model import Case
from bot.content import Content
from bot.conversation.events import CASE, CUSTOMER, MESSAGE, OWNER, Event
from bot.engine.dialogue import Dialogue, Outcome, TurnFailed
from bot.engine.turns import incoming
from bot.errors import InvalidValue
from bot.training.masking import masked

NUMBER = "FL-TEST01"
FAILED = "(the bot could not answer)"


class Difference(msgspec.Struct, frozen=True):
    """A turn that goes differently: what was said, and intent and answer before and now."""

    conversation: str
    event: str
    text: str
    was: str
    now: str
    intent_was: str
    intent_now: str


class Replayed(msgspec.Struct, frozen=True):
    """How many turns were taken again, and which of them differ."""

    turns: int
    differences: list[Difference]


@dataclass
class _State:
    case: Case
    tracker: bytes


async def replay(
    old: Dialogue, new: Dialogue, content: Content, conversation: str, events: Sequence[Event]
) -> Replayed:
    """Takes each turn with both models, from where the old one had come to.

    So one changed answer does not make all that follow count as changed. Ends where a person takes
    over.
    """
    state = _State(Case(), b"")
    turns, differences = 0, []
    for event in events:
        if event.type == OWNER and event.body.get("owner") not in ("bot", None):
            break
        if not _by_customer(event) or not _edited(state, event, content):
            continue
        was = await _turn(old, conversation, state, event)
        now = await _turn(new, conversation, state, event)
        turns += 1
        if _answer(was) != _answer(now):
            differences.append(_difference(conversation, event, was, now))
        if was is not None:
            state = _State(was.case, was.tracker)
    return Replayed(turns, differences)


def _by_customer(event: Event) -> bool:
    if event.type == MESSAGE:
        return bool(event.body["from"] == CUSTOMER) and not event.private.get(
            "payload", ""
        ).startswith("!")
    return (
        event.type == CASE
        and event.private.get("by") == CUSTOMER
        and bool(event.private.get("edit"))
    )


def _edited(state: _State, event: Event, content: Content) -> bool:
    """Changes the case as it was changed by hand; False when that cannot be done any more."""
    if event.type != CASE:
        return True
    edit = event.private["edit"]
    try:
        before = state.case.field(edit["field"])
        changed = edited_field(edit["field"], edit["new"], before, content.account_number)
    except (InvalidValue, KeyError):
        return False
    state.case = state.case.with_field(edit["field"], changed)
    return True


async def _turn(
    dialogue: Dialogue, conversation: str, state: _State, event: Event
) -> Outcome | None:
    try:
        return await dialogue.turn(conversation, state.tracker, state.case, incoming(event, NUMBER))
    except TurnFailed:
        return None


def _answer(outcome: Outcome | None) -> str:
    if outcome is None:
        return FAILED
    said = [" ".join([it.text, *(f"[{label}]" for label, _ in it.choices)]) for it in outcome.said]
    return "\n".join(said)


def _difference(
    conversation: str, event: Event, was: Outcome | None, now: Outcome | None
) -> Difference:
    text = str(event.body.get("text") or "(a change by hand)")
    intents = [str(it.thought.get("intent") or "") if it else "" for it in (was, now)]
    return Difference(
        conversation, event.id, masked(text), masked(_answer(was)), masked(_answer(now)), *intents
    )
