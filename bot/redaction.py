"""What must not be written down is hidden here, and only here: cards, numbers, tokens, addresses.

`hide_cards` and `hide_told_secrets` are for text that is kept (log of a conversation, case, mail): they
remove payment card numbers, and PINs, passwords and codes that are told as such. `redact` is for what operators read (log lines): it also shortens every
long number and hides addresses and credentials.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import partial

CARD = "[card number removed]"
TAKEN_OUT = "[removed]"
HIDDEN = "[hidden]"
LONGEST_CARD = 19
# The groups that card numbers are printed in; other groups are believed of long numbers only.
PRINTED = {(4, 4, 4, 4), (4, 4, 4, 4, 3), (4, 6, 5), (4, 6, 4), (4, 3, 3, 3)}
LONGEST_GROUP = 6
SHORTEST_IN_OTHER_GROUPS = 15
_SECRET_KEYS = re.compile(
    r"(?:^|_)(?:token|secret|password|passwd|authorization|cookie|identity|jwt)$", re.IGNORECASE
)

# Blanks and dashes of every width, and what nobody sees: joiners, soft hyphens, marks of direction.
_SEPARATOR = (
    "[ \t\u00a0\u00ad\u061c\u1680\u180e\u2000-\u2015\u202a-\u202f\u205f-\u2064\u2066-\u206f"
    "\u2212\u3000\ufeff\uff0d._/-]{1,3}"
)
_DIGIT_GROUPS = re.compile(rf"(?P<international>\+)?(?<!\d)\d+(?:{_SEPARATOR}\d+)*(?!\d)")
_GROUP = re.compile(r"\d+")
# Length of the number by what it begins with (ISO/IEC 7812 issuer ranges in use).
_ISSUERS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|3(?:0[0-5]|[689]\d)\d{11,16}"  # Diners Club
    r"|35(?:2[89]|[3-8]\d)\d{12,15}"  # JCB; one digit longer than an IMEI, which may begin the same
    r"|(?:6011|64[4-9]\d|65\d\d|62\d\d|81\d\d)\d{12,15}"  # Discover, UnionPay
    r"|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{9,15}"  # Maestro
)

# A password must have a digit in it: "my password is wrong" tells none.
_TOLD_PASSWORD = re.compile(
    r"(?P<name>\b(?:pass ?(?:word|code|phrase)|memorable word|one[- ]time (?:code|password)|otp)"
    r"(?:\s{0,3}[:=]\s{0,3}|\s{1,3}(?:is|was)\s{1,3}(?:still |now )?)[\"'“‘]?)(?=[^\s\"'”’,;]*\d)[^\s\"'”’,;]{4,}",
    re.IGNORECASE,
)
# Not six digits after "PIN": that is an Indian post code.
_TOLD_CODE = re.compile(
    r"(?P<name>\b(?:pin(?: ?number| ?code)?|security (?:code|number)|cv[vc]2?)"
    r"\s{0,3}(?:[:=]|is\b|was\b)?\s{0,3}[\"'“‘]?)(?:\d{3,5}|\d{7,8})(?![\w-])",
    re.IGNORECASE,
)

_URL_PASSWORD = re.compile(r"(?P<scheme>\b[a-z][a-z0-9+.-]*://)[^\s/@]*@", re.IGNORECASE)
_BEARER = re.compile(r"\b(?P<kind>bearer|basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE)
_JWT = re.compile(r"\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*")
_QUERY_SECRET = re.compile(
    r"(?P<name>[?&](?:token|access_token|secret|password|identity)=)[^&\s\"']+", re.IGNORECASE
)
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@(?P<domain>[\w-]+(?:\.[\w-]+)+)")
# Kept as they are: UUIDs, stream ids, dates and times; anything else of six digits or more is cut.
_NUMBER = re.compile(
    r"(?P<keep>\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
    r"|\b\d{13}-\d{1,6}\b"
    r"|\b\d{4}-\d\d-\d\d(?:[T ][\d:.,]+)?)"
    r"|(?<![\w.])\+?\d(?:[ \u00a0-]?\d){5,}(?!\w)",
    re.IGNORECASE,
)


def hide_cards(text: str) -> str:
    """`text` without payment card numbers: right length for the issuer, right check digit.

    Digits may stand in groups; a number is looked for at every boundary of a group, so a date or
    a security code after it does not hide it. Other long numbers stay as they are: two numbers side
    by side are not read as one, nor one with a `+` in front.
    """
    for printed in (True, False):
        text = _DIGIT_GROUPS.sub(partial(_without_cards, printed=printed), text)
    return text


def hide_told_secrets(text: str) -> str:
    """`text` without PINs, passwords, one-time and security codes where they are named as such."""
    for pattern in (_TOLD_PASSWORD, _TOLD_CODE):
        text = pattern.sub(rf"\g<name>{TAKEN_OUT}", text)
    return text


def is_card_number(digits: str) -> bool:
    """Whether `digits` is a possible payment card number (issuer, length, Luhn check digit)."""
    return _ISSUERS.fullmatch(digits) is not None and _luhn(digits)


def redact(text: str) -> str:
    """`text` as it may stand in a log: nothing to pay with, sign in with or write to."""
    text = _URL_PASSWORD.sub(rf"\g<scheme>{HIDDEN}@", text)
    text = _JWT.sub(HIDDEN, text)
    text = _BEARER.sub(rf"\g<kind> {HIDDEN}", text)
    text = _QUERY_SECRET.sub(rf"\g<name>{HIDDEN}", text)
    text = _EMAIL.sub(r"••@\g<domain>", text)
    return _NUMBER.sub(_shortened, hide_cards(text))


def redact_value(value: object, key: str = "") -> object:
    """Any value as it may stand in a log, containers gone through; `key` is the name it goes by."""
    if _SECRET_KEYS.search(key) and value:
        return HIDDEN
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {redact(str(name)): redact_value(inner, str(name)) for name, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [redact_value(inner) for inner in value]
    return redact(repr(value))


def _without_cards(match: re.Match[str], *, printed: bool) -> str:
    """The run of groups without the card numbers in it, those in printed groups or the others."""
    run = match.group()
    groups = list(_GROUP.finditer(run))
    kept, at, first = [], 0, 1 if match["international"] else 0
    while first < len(groups):
        last = _end_of_card([_in_ascii(group.group()) for group in groups[first:]], printed)
        if last:
            kept += [run[at : groups[first].start()], CARD]
            at = groups[first + last - 1].end()
        first += last or 1
    return "".join(kept) + run[at:]


def _in_ascii(digits: str) -> str:
    """Digits of any script as 0 to 9."""
    return digits if digits.isascii() else "".join(str(unicodedata.decimal(it)) for it in digits)


def _end_of_card(groups: list[str], printed: bool) -> int:
    """How many of the groups, from the first, make a card number; 0 when none do."""
    found, digits = 0, ""
    for count, group in enumerate(groups, start=1):
        digits += group
        if len(digits) > LONGEST_CARD:
            break
        if _has_shape(groups[:count], printed) and is_card_number(digits):
            found = count
    return found


def _has_shape(groups: list[str], printed: bool) -> bool:
    sizes = tuple(len(group) for group in groups)
    if printed:
        return len(groups) == 1 or sizes in PRINTED
    return max(sizes) <= LONGEST_GROUP and sum(sizes) >= SHORTEST_IN_OTHER_GROUPS


def _luhn(digits: str) -> bool:
    """Luhn check (ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    total = sum(int(digit) for digit in digits[-1::-2])
    return (total + sum(number - 9 if number > 9 else number for number in doubled)) % 10 == 0


def _shortened(match: re.Match[str]) -> str:
    if match["keep"]:
        return match.group()
    digits = re.sub(r"\D", "", match.group())
    return "••" + digits[-4 if len(digits) >= 8 else -2 :]
