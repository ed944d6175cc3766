"""The case: what is known of a customer's problem, as a value. Pure; changes return a new case."""

from __future__ import annotations

from enum import Enum
from typing import Final, Literal

import msgspec

from bot.content.records import Category

CASE_SCHEMA: Final = "firstline.case/1"


class State(str, Enum):
    """How a field came to its value, or why it has none."""

    STATED = "stated"
    INFERRED = "inferred"
    VERIFIED = "verified"
    CORRECTED = "corrected"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    MISSING = "missing"


SETTLED = frozenset(State) - {State.MISSING}


class Step(msgspec.Struct, frozen=True):
    """Something the customer has tried: a known step or the customer's words, and what came of it."""

    step: str
    verbatim: str
    result: str | None = None


Value = str | list[Step] | None


class Field(msgspec.Struct, frozen=True):
    """One field of the case with its provenance.

    `verbatim` is what the customer wrote, `events` the ids of the log events the value came from,
    `confidence` 0..1. `invalid` is the reason, in plain words, why a value kept as said does not
    fit. `code` is the recognised code of an error message.
    """

    value: Value = None
    state: State = State.MISSING
    verbatim: str | None = None
    events: tuple[str, ...] = ()
    confidence: float | None = None
    code: str | None = None
    invalid: str | None = None

    @property
    def settled(self) -> bool:
        """Whether the customer has answered, be it with a value, "I don't know" or a refusal."""
        return self.state in SETTLED and self.invalid is None


class Handover(msgspec.Struct, frozen=True):
    """Who receives the case, `email` or `agent`, and why."""

    to: str
    reason: str


Outcome = Literal["solved", "not_solved", "duplicate", "no_reply"]


class Resolution(msgspec.Struct, frozen=True):
    """What came of a case in the end, and when (RFC 3339)."""

    outcome: Outcome
    at: str


class Case(msgspec.Struct, frozen=True):
    """A case as it grows in a conversation.

    `number` and `received_at` (RFC 3339) are set when the case is filed; `revision` is 0 before
    that, 1 at the first filing and rises with each filed change. `changed` says whether anything
    has changed since it was filed, `suggested` which step the bot has suggested, if any.
    `resolution` is set while the case counts as done.
    """

    number: str | None = None
    revision: int = 0
    received_at: str | None = None
    locale: str = "en"
    problem: str | None = None
    category: Category = "other"
    fields: dict[str, Field] = {}
    confirmed_by_customer: bool = False
    changed: bool = False
    handover: Handover | None = None
    articles_shown: tuple[str, ...] = ()
    suggested: str | None = None
    files: tuple[str, ...] = ()
    incident: str | None = None
    resolution: Resolution | None = None

    def field(self, name: str) -> Field:
        """The field called `name`; a missing one when nothing was said of it."""
        return self.fields.get(name, Field())

    def with_field(self, name: str, field: Field) -> Case:
        """This case with `name` set to `field`; an answer once confirmed must be confirmed anew."""
        if self.fields.get(name) == field:
            return self
        fields = {**self.fields, name: field}
        return msgspec.structs.replace(
            self, fields=fields, confirmed_by_customer=False, changed=True
        )

    def with_file(self, file: str) -> Case:
        """This case with the file with this id, which goes with its mails."""
        if file in self.files:
            return self
        files = (*self.files, file)
        return msgspec.structs.replace(self, files=files, confirmed_by_customer=False, changed=True)

    @property
    def filed(self) -> bool:
        """Whether the case has been filed at least once."""
        return self.revision > 0

    @property
    def begun(self) -> bool:
        """Whether the customer has said anything that belongs in a case.

        What the host site vouches for is known before anything has been said.
        """
        said = SETTLED - {State.VERIFIED}
        return any(field.state in said for field in self.fields.values())

    def anew(self) -> Case:
        """An empty case of the same customer: what the host site vouches for stays."""
        vouched = {
            name: field for name, field in self.fields.items() if field.state is State.VERIFIED
        }
        return Case(locale=self.locale, fields=vouched)


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Case)


def encode_case(case: Case) -> bytes:
    """The case as JSON, the form it is stored in."""
    return _ENCODER.encode(case)


def decode_case(data: bytes | str) -> Case:
    """The stored case; raises `msgspec.DecodeError` or `ValidationError` when it is none."""
    return _DECODER.decode(data)
