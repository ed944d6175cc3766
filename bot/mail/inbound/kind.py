"""Whether a person wrote a mail: answering machines to machines never ends. Pure."""

from __future__ import annotations

import re
from enum import Enum

from bot.mail.inbound.message import Inbound

_BULK = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
# Set by answering machines older than RFC 3834, or by mailing lists (RFC 2919, RFC 2369).
_MACHINE_HEADERS = (
    "x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-mail-autoreply",
    "x-vacation", "list-id", "list-unsubscribe", "feedback-id",
)  # fmt: skip
_MACHINE_SENDER = re.compile(
    r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+._-][^@]*)?@",
    re.IGNORECASE,
)
_REPORT = re.compile(r"multipart/report", re.IGNORECASE)
_DELIVERY = re.compile(r"report-type\s*=\s*\"?delivery-status", re.IGNORECASE)


class Kind(str, Enum):
    """Who wrote a mail.

    OWN: we did, and it has come back in a loop. BOUNCE: a server, about a mail that it could not
    deliver (RFC 3464). AUTOMATIC: a machine (RFC 3834); it gets no answer. PERSON: anybody else.
    """

    OWN = "own"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    PERSON = "person"


def kind_of(mail: Inbound) -> Kind:
    """Who wrote `mail`, as far as its headers tell."""
    headers = mail.headers
    content_type = headers.get("content-type", "")
    if "x-firstline-case" in headers or "x-firstline" in headers:
        return Kind.OWN
    if _REPORT.match(content_type):
        return Kind.BOUNCE if _DELIVERY.search(content_type) else Kind.AUTOMATIC
    return Kind.AUTOMATIC if _is_automatic(mail) else Kind.PERSON


def _is_automatic(mail: Inbound) -> bool:
    headers = mail.headers
    submitted = headers.get("auto-submitted", "no").partition(";")[0].strip().lower()
    return (
        submitted != "no"
        or headers.get("precedence", "").strip().lower() in _BULK
        or any(name in headers for name in _MACHINE_HEADERS)
        or headers.get("return-path", "").strip() == "<>"
        or not mail.sender
        or _MACHINE_SENDER.match(mail.sender) is not None
    )
