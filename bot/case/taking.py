"""Taking one value into a case: what was said before is only replaced by what is meant to replace it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from bot.case import fields as names
from bot.case.asking import SHOWN
from bot.case.doubt import is_doubtful
from bot.case.heard import Heard, has_number, is_date
from bot.case.model import Case, Field, State, Value
from bot.case.tried import joined_steps
from bot.content import Content
from bot.errors import InvalidValue

SURE = 0.9
A_FEW_WORDS = 3
CHECKED = (names.ACCOUNT_NUMBER, names.CONTACT_EMAIL, names.CONTACT_PHONE)
# What reads like many other things: said in passing, it replaces nothing.
LOOSE = frozenset({names.ERROR_MESSAGE, names.STARTED, names.LOCATION, names.PREVIOUS_CONTACT})


@dataclass(frozen=True)
class Note:
    """Something the customer should hear about what was taken in.

    changed: `new` has replaced `old`; kept: `new` does not fit and `old` stands; invalid: `new`
    does not fit and there is no old value; lost: the answer to the question could not be read;
    added: `new` stands beside what was told, since nothing else could be made of it.
    """

    kind: Literal["changed", "kept", "invalid", "lost", "added"]
    field: str
    old: Value = None
    new: Value = None
    reason: str = ""


@dataclass(frozen=True)
class Taken:
    """The case after a message, and what to tell the customer about it."""

    case: Case
    notes: tuple[Note, ...] = ()

    def add(self, case: Case, *notes: Note) -> Taken:
        """This with the case moved on and more notes."""
        return Taken(case, self.notes + notes)


def take_field(
    taken: Taken, name: str, field: Field, asking: str | None, heard: Heard, content: Content
) -> Taken:
    """`taken` with a field that was found; the old value stands unless it was meant to change."""
    old = taken.case.field(name)
    if name == names.ERROR_MESSAGE and asking not in (name, *SHOWN) and _is_everyday(field):
        return taken
    if field.value is None and old.value is not None and asking not in (name, *SHOWN):
        return taken
    if name == names.STEPS_TRIED and asking != name and (field.value or asking not in SHOWN):
        return taken.add(taken.case.with_field(name, joined_steps(old, field)))
    field = _checked(name, field, content)
    if asking == name and name in CHECKED and field.confidence is not None:
        field = msgspec.structs.replace(field, confidence=max(field.confidence, SURE))
    if field.invalid:
        return _refused_value(taken, name, field, field.invalid)
    if old.state is State.REFUSED and name != asking and is_doubtful(field):
        return taken
    if old.value is None or old.invalid:
        return taken.add(taken.case.with_field(name, field))
    if old.value == field.value or _is_vaguer(name, field, old):
        return taken
    recognised = name == names.ERROR_MESSAGE and field.code and not old.code
    if recognised or (name == names.STARTED and is_date(field.value) and not is_date(old.value)):
        return taken.add(taken.case.with_field(name, field))
    if not _may_replace(name, field, asking, heard):
        return taken
    state = field.state if field.value is None else State.CORRECTED
    corrected = msgspec.structs.replace(field, state=state)
    note = Note("changed", name, old.value, field.value)
    return taken.add(taken.case.with_field(name, corrected), note)


def _is_everyday(error: Field) -> bool:
    """Whether what was found as an error, unasked, is a word or two of everyday talk: better asked for."""
    said = error.value if isinstance(error.value, str) else ""
    words = len(said.split())
    if error.code or has_number(said) or (error.confidence or SURE) >= SURE:
        return False
    return words == 1 or (0 < words < A_FEW_WORDS and said.islower())


def _is_vaguer(name: str, new: Field, old: Field) -> bool:
    """Whether a device is only named in passing: "the hub" after "Hub 3" is the same."""
    if name != names.DEVICE or new.state is State.CORRECTED:
        return False
    said, known = str(new.value), str(old.value)
    same_brand = said.split()[:1] == known.split()[:1]
    return same_brand and has_number(known) and not has_number(said)


def _may_replace(name: str, field: Field, asking: str | None, heard: Heard) -> bool:
    if field.state is State.CORRECTED or asking in (name, *SHOWN):
        return True
    if name in LOOSE:
        return False
    return heard.intent in ("inform", "deny", "change_field")


def _checked(name: str, field: Field, content: Content) -> Field:
    """`field` with its value as it is stored, or with the reason why the value does not fit."""
    if name not in CHECKED or field.invalid or not isinstance(field.value, str):
        return field
    try:
        value = names.checked_value(name, field.value, content.account_number)
    except InvalidValue as error:
        return msgspec.structs.replace(field, invalid=error.reason)
    return msgspec.structs.replace(field, value=value)


def _refused_value(taken: Taken, name: str, field: Field, reason: str) -> Taken:
    """A value that does not fit: the old one stands; without one it is kept as said, and asked."""
    old = taken.case.field(name)
    if old.value is not None and old.invalid is None:
        return taken.add(taken.case, Note("kept", name, old.value, field.verbatim, reason))
    note = Note("invalid", name, None, field.verbatim, reason)
    return taken.add(taken.case.with_field(name, field), note)
