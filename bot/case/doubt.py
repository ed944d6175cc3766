"""What the bot is not sure to have understood: asked about, or marked, and never assumed. Pure."""

from __future__ import annotations

import msgspec

from bot.case.completeness import asked_fields
from bot.case.heard import Heard
from bot.case.model import Case, Field
from bot.content import Content

# Below the first a value is asked about ("Did you mean …?"), below the second marked in the summary.
ASKED_BELOW, MARKED_BELOW = 0.6, 0.7
CERTAIN = 1.0


def is_doubtful(field: Field) -> bool:
    """Whether a value is to be marked where the customer confirms the case."""
    return field.value is not None and (field.confidence or CERTAIN) < MARKED_BELOW


def doubted_field(case: Case, content: Content) -> str | None:
    """The field to ask "Did you mean …?" about, the first of those asked for at all."""
    for name in asked_fields(case, content):
        field = case.field(name)
        if (
            field.value is not None
            and field.settled
            and (field.confidence or CERTAIN) < ASKED_BELOW
        ):
            return name
    return None


def after_doubt(case: Case, heard: Heard, content: Content) -> Case:
    """The case after an answer to "Did you mean …?".

    A yes makes the value certain, a no takes it out. Whatever else is said, the same is not asked
    again; the value stays marked.
    """
    name = doubted_field(case, content)
    if name is None:
        return case
    if heard.intent == "deny":
        fields = {key: field for key, field in case.fields.items() if key != name}
        return msgspec.structs.replace(case, fields=fields, changed=True)
    sure = CERTAIN if heard.intent == "affirm" else ASKED_BELOW
    field = msgspec.structs.replace(case.field(name), confidence=sure)
    return case.with_field(name, field)
