"""The case document, `firstline.case/1`: the case as everybody outside receives it.

It is attached to every case mail as `case.json` and kept unchanged under its number and revision.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from bot.case.completeness import Missing, missing
from bot.case.fields import FIELD_NAMES
from bot.case.model import CASE_SCHEMA, Case, Field, Handover
from bot.case.priority import priority
from bot.case.subject import subject_line
from bot.content import Content
from bot.content.records import Category


class CaseDocument(msgspec.Struct, frozen=True):
    """One revision of a filed case. Times are RFC 3339; `transcript` has a line a message."""

    schema: Literal["firstline.case/1"]
    case: str
    revision: int
    received_at: str
    locale: str
    category: Category
    problem: str | None
    problem_title: str
    priority: str
    priority_reasons: tuple[str, ...]
    subject: str
    fields: dict[str, Field]
    missing: list[Missing]
    confirmed_by_customer: bool
    handover: Handover | None
    articles_shown: tuple[str, ...]
    files: tuple[str, ...]
    incident: str | None
    transcript: tuple[str, ...]


def build_document(case: Case, content: Content, transcript: Sequence[str]) -> CaseDocument:
    """The document of `case`, which must have its number, revision and time of receipt."""
    if case.number is None or case.received_at is None or not case.filed:
        raise ValueError("a case document needs a number, a revision and the time of receipt")
    urgency = priority(case, content)
    problem = content.problems.get(case.problem or "")
    return CaseDocument(
        schema=CASE_SCHEMA, case=case.number, revision=case.revision,
        received_at=case.received_at, locale=case.locale, category=case.category,
        problem=case.problem, problem_title=problem.title if problem else "Other request",
        priority=urgency.level, priority_reasons=urgency.reasons,
        subject=subject_line(case, content),
        fields={name: case.field(name) for name in FIELD_NAMES},
        missing=missing(case, content), confirmed_by_customer=case.confirmed_by_customer,
        handover=case.handover, articles_shown=case.articles_shown, files=case.files,
        incident=case.incident, transcript=tuple(transcript),
    )  # fmt: skip


_DECODER = msgspec.json.Decoder(CaseDocument)


def encode_document(document: CaseDocument) -> bytes:
    """The document as JSON."""
    return msgspec.json.encode(document)


def decode_document(data: bytes) -> CaseDocument:
    """The document kept as `data`."""
    return _DECODER.decode(data)
