"""Header values that cannot hurt: addresses, Message-IDs, and a last look at every line. Pure."""

from __future__ import annotations

import re
import unicodedata
from email.headerregistry import Address
from email.utils import parseaddr

from bot.errors import FirstlineError
from bot.mail.destinations import ADDRESS
from bot.mail.order import MailOrder

LONGEST_SUBJECT = 78  # RFC 5322 section 2.1.1
# Controls, line separators, and what reorders or hides text (Unicode categories Cc, Zl, Zp; TR 9).
_FORBIDDEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
_DIRECTION = re.compile(r"[\u202a-\u202e\u2066-\u2069]")


class HeaderRefused(FirstlineError):
    """A value is not fit for a mail header: it would break the mail or deceive its reader."""


def header_value(name: str, value: str) -> str:
    """`value`, if it may stand in a header. Raises `HeaderRefused`."""
    if any(unicodedata.category(char) in _FORBIDDEN for char in value) or _DIRECTION.search(value):
        raise HeaderRefused(f"{name}: there are control characters in it")
    return value


def subject(value: str) -> str:
    """A subject line. Raises `HeaderRefused` when it is too long or not fit for a header."""
    if len(value) > LONGEST_SUBJECT:
        raise HeaderRefused(f"Subject: longer than {LONGEST_SUBJECT} characters")
    return header_value("Subject", value)


def address(name: str, value: str, shown: str = "") -> Address:
    """One address with the name shown beside it, never a list. Raises `HeaderRefused`."""
    header_value(name, value)
    if not value.isascii() or not ADDRESS.fullmatch(value):
        raise HeaderRefused(f"{name}: not a single plain address")
    return Address(display_name=header_value(name, shown), addr_spec=value)


def sender(mail_from: str) -> Address:
    """The address of `FIRSTLINE_MAIL_FROM`, written as `Name <address>`. Raises `HeaderRefused`."""
    shown, plain = parseaddr(mail_from)
    return address("From", plain, shown)


def message_id(order: MailOrder, domain: str) -> str:
    """The Message-ID of an order: always the same, so that whoever gets the mail twice can tell."""
    return header_value("Message-ID", f"<{order.id.partition('-')[2].lower()}@{domain}>")
