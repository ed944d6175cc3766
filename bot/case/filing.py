"""Filing a case: its number, revision and time of receipt. Pure."""

from __future__ import annotations

from datetime import datetime, timezone

import msgspec

from bot.case.model import Case, Handover
from bot.conversation.numbers import propose_number

COMPLETE = Handover("email", "all that is needed is known")


def filed(case: Case, number: str | None, at: str | None, confirmed: bool = True) -> Case:
    """The next revision of `case`, received at `at` (RFC 3339; now when not given).

    Number and time of receipt stay what they were at the first filing. Without a `number`, as in a
    trial at the command line, one is made up.
    """
    return msgspec.structs.replace(
        case,
        number=case.number or number or propose_number(""),
        revision=case.revision + 1,
        received_at=case.received_at or at or now_text(),
        confirmed_by_customer=confirmed,
        changed=False,
        handover=case.handover or COMPLETE,
    )


def now_text() -> str:
    """The present time, RFC 3339 in UTC."""
    return rfc3339(datetime.now(timezone.utc))


def rfc3339(at: datetime) -> str:
    """A time in UTC as cases and notices say it, to the second (RFC 3339)."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def moment(at: str | None) -> datetime:
    """The time that `at` (RFC 3339) names; the present one without it."""
    if at is None:
        return datetime.now(timezone.utc)
    return datetime.fromisoformat(at.replace("Z", "+00:00"))  # Python 3.10 does not know the Z
