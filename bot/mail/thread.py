"""How a conversation that goes on by mail is noted in its log: which event came as a mail, and which
messages went out in one. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from bot.conversation.events import BOT, CUSTOMER, MESSAGE, Event
from bot.mail.order import REPLY, MailOrder

MAIL_NOTE = "mail"
MAILED = "mailed"
MAIL_CHANNEL = "mail"


class RefusedFile(msgspec.Struct, frozen=True):
    """A file of a mail that was not taken in, and why, in words for the customer."""

    name: str
    reason: str


class MailNote(msgspec.Struct, frozen=True):
    """What is kept of a customer's mail beside its new text; private, like all about addresses.

    id: its Message-ID, empty when it came without. sender: where it came from and its answer goes. quoted: what it repeated.
    """

    id: str
    sender: str
    subject: str = ""
    references: tuple[str, ...] = ()
    quoted: str = ""
    refused: tuple[RefusedFile, ...] = ()


def mail_note(event: Event) -> MailNote | None:
    """The mail that an event came in; None when it did not."""
    noted = event.private.get(MAIL_NOTE)
    return msgspec.convert(noted, MailNote) if noted else None


def noting(event: Event, note: MailNote) -> Event:
    """`event` with the mail that it came in."""
    return Event(event.type, event.body, {**event.private, MAIL_NOTE: msgspec.to_builtins(note)})


def sent_by_mail(event: Event, about: str) -> Event:
    """`event`, a message of ours, marked as part of the mail that the order about `about` sends."""
    return Event(event.type, event.body, {**event.private, MAILED: about})


@dataclass(frozen=True)
class Exchange:
    """What a reply needs of the log: the texts that it says, and the mail that it answers.

    automatic: whether the bot alone says them.
    """

    texts: tuple[str, ...]
    answered: MailNote | None
    automatic: bool = True


def exchange(log: Sequence[Event], about: str) -> Exchange:
    """The messages marked with `about`, and the customer's last mail before them."""
    said = [event for event in log if event.private.get(MAILED) == about]
    end = said[0].id if said else ""
    before = [note for event in log[: _index(log, end)] if (note := mail_note(event))]
    return Exchange(
        texts=tuple(str(event.body["text"]) for event in said),
        answered=before[-1] if before else None,
        automatic=all(event.body.get("from") == BOT for event in said),
    )


def _index(log: Sequence[Event], id: str) -> int:
    return next((n for n, event in enumerate(log) if event.id == id), len(log))


def goes_on_by_mail(log: Sequence[Event]) -> MailNote | None:
    """The mail that the customer's last message came in; None when it came another way.

    Whoever answers such a customer orders a mail with `reply_order`: nobody looks at a widget then.
    """
    theirs = [e for e in log if e.type == MESSAGE and e.body.get("from") == CUSTOMER]
    return mail_note(theirs[-1]) if theirs else None


def reply_order(
    conversation: str, number: str | None, revision: int, to: str, about: str
) -> MailOrder:
    """The order of a mail with the messages marked with `about`."""
    return MailOrder(REPLY, conversation, number or "", revision if number else 0, to, about)


def mail_facts(event: Event) -> dict[str, Any]:
    """What the engine is told of the mail that an event came in; empty when it did not."""
    noted = event.private.get(MAIL_NOTE)
    return {MAIL_NOTE: noted} if noted else {}
