"""The fields of a case by name, and reading a value that somebody types for one."""

from __future__ import annotations

import re

from bot.case.model import Field, State, Step, Value
from bot.content.account_number import AccountNumberFormat, normalise
from bot.errors import InvalidValue

DESCRIPTION = "description"
ACCOUNT_NUMBER = "account_number"
DEVICE = "device"
OS_VERSION = "os_version"
ERROR_MESSAGE = "error_message"
STEPS_TRIED = "steps_tried"
STARTED = "started"
LOCATION = "location"
PREVIOUS_CONTACT = "previous_contact"
CONTACT_EMAIL = "contact_email"
CONTACT_PHONE = "contact_phone"
PREFERRED_REPLY = "preferred_reply"

FIELD_NAMES = (
    DESCRIPTION, ACCOUNT_NUMBER, DEVICE, OS_VERSION, ERROR_MESSAGE, STEPS_TRIED, STARTED, LOCATION,
    PREVIOUS_CONTACT, CONTACT_EMAIL, CONTACT_PHONE, PREFERRED_REPLY,
)  # fmt: skip

LONGEST = {DESCRIPTION: 10_000, STEPS_TRIED: 4_000, ERROR_MESSAGE: 4_000}
LONGEST_OTHER = 300

# A practical subset of RFC 5321's Mailbox: dot-atom local part, a domain with at least one dot.
_EMAIL = re.compile(
    r"(?=.{3,254}\Z)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_PHONE = re.compile(r"\+?[\d ()/.\-]{7,25}")
# C0 and C1 controls but tab and newline, and the bidirectional overrides (Unicode TR 9).
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def checked_value(name: str, text: str, account_format: AccountNumberFormat) -> Value:
    """The value that `text` gives to the field `name`.

    Raises `InvalidValue` with a reason the customer can act on.
    """
    clean = _UNPRINTABLE.sub("", text).strip()
    if not clean:
        raise InvalidValue(name, "there is nothing in it")
    if len(clean) > LONGEST.get(name, LONGEST_OTHER):
        raise InvalidValue(name, f"it is longer than {LONGEST.get(name, LONGEST_OTHER)} characters")
    if name == ACCOUNT_NUMBER:
        return _account_number(clean, account_format)
    if name == CONTACT_EMAIL:
        return _email(clean)
    if name == CONTACT_PHONE:
        return _phone(clean)
    if name == STEPS_TRIED:
        return [Step("other", line.strip()) for line in clean.splitlines() if line.strip()]
    return clean


def edited_field(name: str, text: str, before: Field, account_format: AccountNumberFormat) -> Field:
    """The field `name` after somebody typed `text` for it, in place of `before`.

    Raises `InvalidValue`, also for a name that is no field; the old value is then to be kept.
    """
    if name not in FIELD_NAMES:
        raise InvalidValue(name, "there is no such field in a case")
    value = checked_value(name, text, account_format)
    state = State.CORRECTED if before.value is not None else State.STATED
    return Field(value=value, state=state, verbatim=text.strip(), confidence=1.0)


def _account_number(text: str, format: AccountNumberFormat) -> str:
    fault = format.fault(text)
    if fault:
        raise InvalidValue(ACCOUNT_NUMBER, fault)
    return normalise(text)


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise InvalidValue(CONTACT_EMAIL, "that does not look like an e-mail address")
    return text


def _phone(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    if not _PHONE.fullmatch(text) or not 7 <= len(digits) <= 15:  # ITU-T E.164: at most 15
        raise InvalidValue(CONTACT_PHONE, "that does not look like a telephone number")
    return text
