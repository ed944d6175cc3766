"""What a case still lacks, and why."""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.case.model import Case, State
from bot.content import Content
from bot.content.records import Category

Why = Literal["refused", "unknown", "not_asked"]


class Missing(msgspec.Struct, frozen=True):
    """A field the case has no usable value for, and why."""

    field: str
    why: Why


ANY_CASE: Category = "other"


def asked_fields(case: Case, content: Content) -> list[str]:
    """The fields wanted in a case of this category, in the order in which they are asked.

    In a known incident nobody needs a diagnosis: only what any case must have is wanted.
    """
    category = ANY_CASE if case.incident else case.category
    return [name for name, field in content.fields.items() if category in field.asked_for]


def questions(case: Case, content: Content) -> list[str]:
    """The fields the bot still has to ask for, in order."""
    return [name for name in asked_fields(case, content) if not case.field(name).settled]


def missing(case: Case, content: Content) -> list[Missing]:
    """The fields wanted in a case of this category that have no value."""
    lacking = (name for name in asked_fields(case, content) if case.field(name).value is None)
    return [Missing(name, _why(case.field(name).state)) for name in lacking]


def _why(state: State) -> Why:
    if state is State.REFUSED:
        return "refused"
    return "unknown" if state is State.UNKNOWN else "not_asked"
