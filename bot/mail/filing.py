"""What goes with a filed case, whoever files it: its document and the mails it is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.case.completeness import asked_fields
from bot.case.document import build_document, encode_document
from bot.case.fields import CONTACT_EMAIL
from bot.case.filing import moment
from bot.case.model import Case
from bot.clock.times import to_ms
from bot.content import Content
from bot.conversation.change import Mail
from bot.conversation.events import MESSAGE, Event
from bot.desk import figures
from bot.desk.earlier import ACCOUNT
from bot.followup.kinds import FILED
from bot.mail.destinations import Destinations


@dataclass(frozen=True)
class Filing:
    """The case document of a filed revision, JSON, the mails that carry it, the timers it sets, and
    what it adds to the figures.
    """

    document: bytes
    mails: Sequence[Mail]
    timers: Mapping[str, int | None]
    counts: Mapping[str, int]


def filing_of(
    conversation: str,
    case: Case,
    log: Sequence[Event],
    content: Content,
    destinations: Destinations,
    acknowledged: bool = True,
) -> Filing:
    """The filing of `case`, which has the number and revision it is filed under; `log` is the whole log.

    acknowledged: whether the customer gets an acknowledgement; not who is answered by mail anyway.
    """
    document = build_document(case, content, transcript(log))
    stated = case.field(CONTACT_EMAIL)
    usable = acknowledged and isinstance(stated.value, str) and not stated.invalid
    orders = destinations.orders(
        conversation, document.case, document.revision, document.category, document.priority,
        str(stated.value) if usable else None,
    )  # fmt: skip
    # What follows is planned by the clock, at once.
    at = to_ms(moment(document.received_at))
    timers = {FILED: at, ACCOUNT: at}
    counts = _counts(case, len(document.missing), content) if case.revision == 1 else {}
    return Filing(encode_document(document), [order.mail() for order in orders], timers, counts)


def _counts(case: Case, lacking: int, content: Content) -> dict[str, int]:
    """One more case filed, how complete it is, and what it is about."""
    wanted = len(asked_fields(case, content))
    return {
        figures.FILED: 1,
        figures.FIELDS_WANTED: wanted,
        figures.FIELDS_KNOWN: wanted - lacking,
        f"{figures.PROBLEM}:{case.problem or ''}": 1,
    }


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
