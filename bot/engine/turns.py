"""From an event of the log to a turn ready to be committed, and back to what the log will hold."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from bot.case.document import CaseDocument, build_document, encode_document
from bot.case.fields import CONTACT_EMAIL
from bot.case.model import Case
from bot.case.view import customer_view
from bot.content import Content
from bot.conversation.change import Mail, Turn
from bot.conversation.events import (
    BOT,
    CASE,
    MESSAGE,
    Choice,
    Event,
    bot_message,
    case_event,
    turn_event,
)
from bot.conversation.store import Conversation
from bot.engine.dialogue import Incoming, Outcome, Said
from bot.mail.destinations import Destinations

CHOICE_BYTES = 9


def incoming(event: Event, number: str) -> Incoming:
    """What the customer did in `event`, with the case number that a filing would take."""
    at = event.at.isoformat(timespec="seconds").replace("+00:00", "Z")
    facts: dict[str, Any] = {"event": event.id, "at": at, "number": number}
    if event.type == CASE:
        return Incoming(
            "", "/case_edited", facts | {"edit": event.private["edit"], "clicked": True}
        )
    file = event.body.get("file")
    if file:
        return Incoming(file["name"], "/file_sent", facts | {"file": file["file"], "clicked": True})
    payload = event.private.get("payload", "")
    return Incoming(event.body["text"], payload, facts | {"clicked": bool(payload)})


def turn_of(
    conversation: Conversation,
    answered: Event,
    outcome: Outcome,
    log: Sequence[Event],
    content: Content,
    destinations: Destinations,
) -> Turn:
    """The turn that answers `answered`; `log` is the whole log when the case is filed by it."""
    events, choices = _spoken(outcome.said)
    case = outcome.case if outcome.case != conversation.case else None
    if case is not None:
        events.append(case_event(customer_view(case, content), by=BOT))
    events.append(turn_event(answered.id, outcome.thought))
    document, mails = None, []
    if case is not None and case.revision > conversation.case.revision:
        document = build_document(case, content, transcript(log))
        mails = ordered_mails(conversation.id, case, document, destinations)
    return Turn(
        answers=answered.id, events=events, choices=choices, case=case, tracker=outcome.tracker,
        filed=encode_document(document) if document else b"", mails=mails,
    )  # fmt: skip


def transcript(log: Sequence[Event]) -> list[str]:
    """The messages of the log, a line each: time, who, what."""
    return [
        f"{event.at:%Y-%m-%d %H:%M:%S} {event.body['from']}: {_words(event)}"
        for event in log
        if event.type == MESSAGE
    ]


def _words(event: Event) -> str:
    file = event.body.get("file")
    return f"[file {file['name']}]" if file else str(event.body["text"])


def ordered_mails(
    conversation: str, case: Case, document: CaseDocument, destinations: Destinations
) -> list[Mail]:
    """The mails that a filed revision is due."""
    customer = case.field(CONTACT_EMAIL)
    orders = destinations.orders(
        conversation, document.case, document.revision, document.category, document.priority,
        customer.value if isinstance(customer.value, str) and not customer.invalid else None,
    )  # fmt: skip
    return [order.mail() for order in orders]


def _spoken(said: Sequence[Said]) -> tuple[list[Event], list[Choice]]:
    """The messages as events, each quick reply under an id that says nothing of what it stands for."""
    events: list[Event] = []
    offered: list[Choice] = []
    for one in said:
        choices = tuple(
            Choice(secrets.token_urlsafe(CHOICE_BYTES), label, payload)
            for label, payload in one.choices
        )
        events.append(bot_message(one.text, choices))
        offered += choices
    return events, offered
