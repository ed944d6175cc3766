"""What a report of failed delivery says: which mail, which address, for good or not. Pure.

RFC 3464 (delivery status notifications), RFC 3463 (status codes).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message

from bot.mail.inbound.message import Inbound, first_id

LONGEST_REASON = 300


@dataclass(frozen=True)
class Bounce:
    """A failed delivery.

    returned: the Message-ID of the mail that was not delivered; empty when the report has not got
    it. address: who did not get it, lower case. final: whether no further attempt will be made.
    """

    returned: str
    address: str
    status: str
    reason: str
    final: bool


def read_bounce(mail: Inbound) -> Bounce | None:
    """What the report says; None when it tells of no failure, such as a receipt."""
    recipients = [part for part in _recipients(mail.parsed) if _action(part) != "delivered"]
    failed = [part for part in recipients if _action(part) in ("failed", "delayed")]
    if not failed:
        return None
    part = next((one for one in failed if _action(one) == "failed"), failed[0])
    status = _field(part, "Status").split(" ")[0]
    return Bounce(
        returned=_returned_id(mail.parsed),
        address=_plain_address(
            _field(part, "Original-Recipient") or _field(part, "Final-Recipient")
        ),
        status=status,
        reason=" ".join((_field(part, "Diagnostic-Code") or status).split())[:LONGEST_REASON],
        final=_action(part) == "failed" and not status.startswith("4"),
    )


def _recipients(mail: EmailMessage) -> Iterator[Message]:
    """The groups of fields about a recipient; the first group is about the mail."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            for group in part.get_payload():
                if isinstance(group, Message) and group.get("Final-Recipient"):
                    yield group


def _returned_id(mail: EmailMessage) -> str:
    for part in mail.walk():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload(0)
            if isinstance(inner, Message):
                return first_id(_field(inner, "Message-ID"))
        if part.get_content_type() == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
            found = re.search(r"^message-id:\s*(<[^<>\s]+>)", text, re.IGNORECASE | re.MULTILINE)
            return found[1] if found else ""
    return ""


def _field(part: Message, name: str) -> str:
    return str(part.get(name, "")).strip()


def _action(part: Message) -> str:
    return _field(part, "Action").lower()


def _plain_address(value: str) -> str:
    """The address of a field like `rfc822; name@host`."""
    return value.rpartition(";")[2].strip(" <>").lower()
