"""Personal data in what customers wrote: hidden from trainers' eyes, and kept out of `data/`."""

from __future__ import annotations

import re

from bot.redaction import redact

NAME, POST_CODE = "[name]", "[post code]"
# Addresses and numbers that are nobody's: RFC 2606, and Ofcom's numbers for drama.
ADDRESS, PHONE, ACCOUNT = "name@mail.example", "07700 900123", "1234567890"

# "I'm" and "this is" are followed by a name only where it is written like one, twice.
_INTRODUCED = re.compile(
    r"(?P<lead>\b(?:[Mm]y (?:full )?name(?: is|'s)|[Nn]ame: ?|[Ii] am called|[Ii]'m called|signed,?)\s+)"
    r"(?P<name>[A-Z][\w'-]+(?:\s+[A-Z][\w'-]+){0,2}|[a-z][\w'-]+(?=[.,!]|$))"
    r"|(?P<lead2>\b(?:[Ii]'m|[Ii] am|[Tt]his is|[Rr]egards,?|Mrs?\.?|Ms\.?|Dr\.?)\s+)"
    r"(?P<name2>[A-Z][a-z'-]+\s+[A-Z][a-z'-]+)"
)
# The form of a British post code (BS 7666), in capitals or not.
_POST_CODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<!\w)(?:\+44[\d ()-]{9,}\d|0\d{2,4}[ -]?\d{3,4}[ -]?\d{3,4})(?!\w)")
_LONG_NUMBER = re.compile(r"(?<![\w.+])\d(?:[ \u00a0-]?\d){7,}(?!\w)")


def masked(text: str) -> str:
    """`text` as a trainer may read it: no names that are told, post codes, addresses, numbers."""
    return redact(_names(_POST_CODE.sub(POST_CODE, text), NAME))


def anonymous(text: str) -> str:
    """`text` as it may become an example: what is personal replaced by what is nobody's.

    Account numbers become one that fits, so that a conversation played with it goes the same way.
    """
    text = _EMAIL.sub(ADDRESS, text)
    text = _PHONE.sub(PHONE, text)
    text = _LONG_NUMBER.sub(_digits, text)
    return _names(_POST_CODE.sub("M1 1AA", text), "Sam Example")


def _digits(match: re.Match[str]) -> str:
    """An account number for one of its length, else noughts: an IMEI, the number of a SIM card."""
    said = match.group()
    digits = re.sub(r"\D", "", said)
    if digits == re.sub(r"\D", "", PHONE):
        return said
    return ACCOUNT[: len(digits)] if len(digits) <= len(ACCOUNT) else re.sub(r"\d", "0", said)


def _names(text: str, instead: str) -> str:
    return _INTRODUCED.sub(lambda found: f"{found['lead'] or found['lead2']}{instead}", text)
