from __future__ import annotations

import pytest

from bot.case.completeness import Missing, asked_fields, missing, questions
from bot.case.fields import FIELD_NAMES
from bot.case.model import Case, Field, State
from bot.content import Content


def test_fields_of_the_content_are_the_fields_of_a_case(content: Content) -> None:
    assert set(content.fields) == set(FIELD_NAMES)


def test_each_category_asks_for_its_own_fields_in_the_order_of_the_file(content: Content) -> None:
    technical = asked_fields(Case(category="technical"), content)
    assert technical == [n for n, f in content.fields.items() if "technical" in f.asked_for]
    billing = asked_fields(Case(category="billing"), content)
    assert "device" in technical
    assert "device" not in billing
    for category in ("technical", "billing", "account", "order", "complaint", "other"):
        asked = asked_fields(Case(category=category), content)
        assert {"description", "account_number", "contact_email"} <= set(asked)


@pytest.mark.parametrize(
    ("field", "asked", "why"),
    [
        (Field(), True, "not_asked"),
        (Field("8847201193", State.STATED), False, None),
        (Field("8847201193", State.INFERRED), False, None),
        (Field(state=State.REFUSED), False, "refused"),
        (Field(state=State.UNKNOWN), False, "unknown"),
        (Field("12", State.STATED, invalid="too short"), True, None),
    ],
)
def test_what_is_still_asked_and_what_is_missing(
    content: Content, field: Field, asked: bool, why: str | None
) -> None:
    case = Case(category="technical", fields={"account_number": field})
    assert ("account_number" in questions(case, content)) is asked
    lacking = {entry.field: entry.why for entry in missing(case, content)}
    assert lacking.get("account_number") == why


def test_nothing_is_missing_that_was_not_wanted(content: Content) -> None:
    case = Case(category="billing")
    assert Missing("device", "not_asked") not in missing(case, content)
    assert [entry.field for entry in missing(case, content)] == asked_fields(case, content)
