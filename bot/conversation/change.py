"""What may be changed in a conversation in one step, and how the scripts are told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

import msgspec

from bot.case.model import Case, encode_case
from bot.conversation.events import Choice, Event, encode_event
from bot.conversation.keys import (
    conversation_keys,
    figures_key,
    filed_key,
    mail_key,
    number_key,
    shard_of,
)
from bot.conversation.owner import Owner


@dataclass(frozen=True)
class Mail:
    """An outbox entry to be made: its id (see `mail_key`) and what the courier needs, as JSON."""

    id: str
    body: bytes


@dataclass(frozen=True)
class Place:
    """Where staff find a conversation: the queue (`waiting`, `agent`, `mail`; empty for none) and
    since when it counts as waiting there, in milliseconds since 1970."""

    queue: str
    since: int = 0


@dataclass(frozen=True, kw_only=True)
class Change:
    """All that changes in a conversation at once; what is not given stays as it is.

    owner: who owns it from now on; the epoch rises. meta: fields of the conversation's hash.
    filed: the case document of a new revision. timers: by kind, when it fires (milliseconds since
    1970) or None when it must not fire any more. owed: the last of `events` is owed an answer by
    the bot. counts: what is added to today's figures, by name. once: a name under which this change
    happens only once, however often it is sent.
    """

    events: Sequence[Event] = ()
    choices: Sequence[Choice] = ()
    case: Case | None = None
    filed: bytes = b""
    mails: Sequence[Mail] = ()
    owner: Owner | None = None
    meta: Mapping[str, str | int] = field(default_factory=dict)
    timers: Mapping[str, int | None] = field(default_factory=dict)
    place: Place | None = None
    owed: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    once: str = ""


@dataclass(frozen=True, kw_only=True)
class Turn(Change):
    """A turn of the bot: a change that answers the customer's event with the id `answers`."""

    answers: str
    tracker: bytes = b""


def change_keys(conversation: str, change: Change) -> list[str]:
    """The keys of a change, in the order that `common.lua` gives names to."""
    keys = conversation_keys(conversation)
    number, revision = "", 0
    if change.filed:
        assert change.case is not None
        assert change.case.number is not None
        number, revision = change.case.number, change.case.revision
    return [
        keys.meta, keys.log, keys.case, keys.seen, keys.choices, keys.ready, keys.ready_claims,
        keys.outbox, keys.timers, keys.timer_claims, keys.waiting, keys.with_agent, keys.by_mail,
        keys.tracker,
        filed_key(number, revision) if change.filed else keys.meta,
        number_key(number) if change.filed else keys.meta,
        figures_today(conversation),
        *(mail_key(mail.id) for mail in change.mails),
    ]  # fmt: skip


def figures_today(conversation: str) -> str:
    """The figures that a change of this conversation adds to now."""
    return figures_key(shard_of(conversation), datetime.now(timezone.utc).date().isoformat())


def encode_change(change: Change) -> bytes:
    """The change as JSON for the scripts; absent keys are what stays as it is."""
    said: dict[str, Any] = {
        "events": [[part.decode() for part in encode_event(event)] for event in change.events],
        "choices": [[it.id, msgspec.json.encode(it).decode()] for it in change.choices],
        "case": encode_case(change.case).decode() if change.case else None,
        "filed": change.filed.decode(),
        "mails": [[mail.id, mail.body.decode()] for mail in change.mails],
        "owner": change.owner.value if change.owner else None,
        "meta": [[name, str(value)] for name, value in change.meta.items()],
        "timers": [[kind, due] for kind, due in change.timers.items() if due is not None],
        "stopped": [kind for kind, due in change.timers.items() if due is None],
        "place": [change.place.queue, change.place.since] if change.place else None,
        "owed": change.owed,
        "counts": [[name, count] for name, count in change.counts.items()],
        "once": change.once,
    }
    return msgspec.json.encode({name: value for name, value in said.items() if value})
