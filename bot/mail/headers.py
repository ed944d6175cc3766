"""Header values that cannot hurt: addresses, Message-IDs, and a last look at every line. Pure."""

from __future__ import annotations

import unicodedata
from email.header import Header
from email.headerregistry import Address
from email.policy import EmailPolicy
from email.utils import parseaddr
from typing import Any

from bot.errors import FirstlineError
from bot.mail.destinations import ADDRESS
from bot.mail.order import MailOrder

LONGEST_SUBJECT = 78  # RFC 5322 section 2.1.1
# Unicode's controls, lone surrogates, line and paragraph separators; the overrides of direction (TR 9).
_FORBIDDEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class _MailPolicy(EmailPolicy):
    """Mail as it goes over the wire: CR LF, 7-bit clean so that no server has to recode it.

    Subjects are encoded by `email.header`: the newer code of Python 3.13 now and then drops or
    doubles a space between encoded words. Encoded words in a value are decoded by `email` when it is
    set, after its own look for line breaks: so what has come of it is looked at once more.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """As usual. Raises `HeaderRefused` for what would break the line or reorder it."""
        stored = super().header_store_parse(name, value)
        header_value(name, str(stored[1]))
        return stored

    def fold(self, name: str, value: str) -> str:
        if name.lower() != "subject":
            return str(super().fold(name, value))
        return f"{name}: {_encoded(name, str(value))}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii")


POLICY = _MailPolicy(linesep="\r\n", cte_type="7bit")


class HeaderRefused(FirstlineError):
    """A value is not fit for a mail header: it would break the mail or deceive its reader."""


def fit(char: str) -> bool:
    """Whether `char` may stand in a header: nothing that breaks the line or reorders it."""
    return unicodedata.category(char) not in _FORBIDDEN and char not in _DIRECTION


def header_value(name: str, value: str) -> str:
    """`value`, if it may stand in a header. Raises `HeaderRefused`."""
    if not all(fit(char) for char in value):
        raise HeaderRefused(f"{name}: there are control characters in it")
    return value


def subject(value: str) -> str:
    """A subject line of what fits into one: no case stays unsent for what stands in its subject."""
    plain = " ".join("".join(char if fit(char) else " " for char in value).split())
    plain = plain.replace("=?", "= ?")  # else it would be decoded, whatever is hidden in it
    return plain if len(plain) <= LONGEST_SUBJECT else plain[: LONGEST_SUBJECT - 1].rstrip() + "…"


def is_address(value: str) -> bool:
    """Whether it is one plain address, and no encoded word that `email` would decode."""
    return value.isascii() and "=?" not in value and ADDRESS.fullmatch(value) is not None


def address(name: str, value: str, shown: str = "") -> Address:
    """One address with the name shown beside it, never a list. Raises `HeaderRefused`."""
    header_value(name, value)
    if not is_address(value):
        raise HeaderRefused(f"{name}: not a single plain address")
    return Address(display_name=header_value(name, shown), addr_spec=value)


def sender(mail_from: str) -> Address:
    """The address of `FIRSTLINE_MAIL_FROM`, written as `Name <address>`. Raises `HeaderRefused`."""
    shown, plain = parseaddr(mail_from)
    return address("From", plain, shown)


def message_id(order: MailOrder, domain: str) -> str:
    """The Message-ID of an order: always the same, so that whoever gets the mail twice can tell."""
    return header_value("Message-ID", f"<{order.id.partition('-')[2].lower()}@{domain}>")


def _encoded(name: str, value: str) -> str:
    """RFC 2047: the plain words in front as they are, all from the first other one on encoded."""
    words = value.split(" ")
    first = next((n for n, word in enumerate(words) if not word.isascii() or "=?" in word), None)
    header = Header(header_name=name, maxlinelen=76)
    header.append(" ".join(words[:first]), "us-ascii")
    if first is not None:
        header.append(" ".join(words[first:]), "utf-8")
    return header.encode(linesep="\r\n")
