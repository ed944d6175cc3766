"""The events of a conversation's log: what anyone saw or did, in order.

An event is stored as one Redis stream entry: `t` its type, `d` the public body as JSON, `p` a
private body that no customer is shown. Its id is the stream id, which is the cursor of every
reader and the `id` of Server-Sent Events; its time is the stream id's millisecond part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

import msgspec

START = "0-0"

MESSAGE = "message"
CASE = "case"
OWNER = "owner"
TURN = "turn"
NOTE = "note"

CUSTOMER = "customer"
BOT = "bot"
AGENT = "agent"
SYSTEM = "system"


@dataclass(frozen=True)
class Choice:
    """A quick reply: the opaque id and label the customer sees, and what the engine reads for it."""

    id: str
    label: str
    payload: str


@dataclass(frozen=True)
class Event:
    """One event of the log; `id` is empty until it is appended."""

    type: str
    body: Mapping[str, Any]
    private: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""

    @property
    def at(self) -> datetime:
        """When the event was appended, UTC."""
        return datetime.fromtimestamp(self.at_ms / 1000, timezone.utc)

    @property
    def at_ms(self) -> int:
        """The same in milliseconds since 1970."""
        return int(self.id.split("-", 1)[0])

    @property
    def is_public(self) -> bool:
        """Whether the customer is shown this event at all."""
        return self.type != NOTE

    def public(self) -> dict[str, Any]:
        """The event as the customer API serves it."""
        return {"id": self.id, "type": self.type, "at": in_utc(self.at_ms), **self.body}


def in_utc(ms: int) -> str:
    """Milliseconds since 1970 as RFC 3339 in UTC."""
    at = datetime.fromtimestamp(ms / 1000, timezone.utc)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def message(sender: str, text: str, **more: Any) -> Event:
    """A message of `sender` (customer, bot, agent or system)."""
    return Event(MESSAGE, {"from": sender, "text": text, **more})


def bot_message(text: str, choices: tuple[Choice, ...] = ()) -> Event:
    """A message of the bot with its quick replies."""
    if not choices:
        return message(BOT, text)
    return message(BOT, text, choices=[{"id": c.id, "label": c.label} for c in choices])


def case_event(case: Mapping[str, Any], by: str, edit: Mapping[str, Any] | None = None) -> Event:
    """The case after a change made `by` bot, customer or agent, as the customer may see it.

    `edit` names the field that was changed by hand, with its old and new value in words.
    """
    return Event(CASE, {"case": case}, {"by": by, "edit": edit} if edit else {"by": by})


def owner_event(owner: str, **more: Any) -> Event:
    """A change of owner."""
    return Event(OWNER, {"owner": owner, **more})


def asking_event(asks: Sequence[str], said: str) -> Event:
    """The bot has the conversation back: it says `said` and asks for the fields `asks`, if any."""
    return Event(OWNER, {"owner": BOT}, {"asks": list(asks), "said": said})


def turn_event(answers: str, thought: Mapping[str, Any] | None = None) -> Event:
    """The bot has fully answered the customer's event with the id `answers`.

    thought: how it understood that event, which no customer is shown.
    """
    return Event(TURN, {"answers": answers}, thought or {})


def note_event(by: str, text: str, **more: Any) -> Event:
    """What staff wrote for staff: nothing of it is in the public body."""
    return Event(NOTE, {}, {"by": by, "text": text, **more})


def encode_event(event: Event) -> list[bytes]:
    """Type, public and private body as the scripts take them."""
    private = msgspec.json.encode(event.private) if event.private else b""
    return [event.type.encode(), msgspec.json.encode(event.body), private]


def decode_event(id: bytes, stored: Mapping[bytes, bytes]) -> Event:
    """The event stored under the stream id `id`."""
    private = stored.get(b"p", b"")
    return Event(
        type=stored[b"t"].decode(),
        body=msgspec.json.decode(stored[b"d"]),
        private=msgspec.json.decode(private) if private else {},
        id=id.decode(),
    )


def is_owed_an_answer(event: Event) -> bool:
    """Whether the bot owes an answer: the customer said something or changed the case, or an agent
    has passed the conversation back and wants something found out (`asks`).
    """
    if event.type == OWNER:
        return "asks" in event.private
    if event.type == MESSAGE:
        return bool(event.body["from"] == CUSTOMER)
    return event.type == CASE and event.private.get("by") == CUSTOMER
