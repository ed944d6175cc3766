from __future__ import annotations

import pytest

from bot.case.asking import DOUBT
from bot.case.doubt import (
    ASKED_BELOW,
    CERTAIN,
    MARKED_BELOW,
    after_doubt,
    doubted_field,
    is_doubtful,
)
from bot.case.heard import Heard
from bot.case.intake import take_in
from bot.case.model import Case, Field, State
from bot.content import Content


def case_with(confidence: float | None, name: str = "device") -> Case:
    field = Field("Pixel 8", State.STATED, "pixle 8", ("1-0",), confidence)
    return Case(category="technical", fields={name: field})


@pytest.mark.parametrize(
    ("confidence", "asked", "marked"),
    [(None, False, False), (1.0, False, False), (MARKED_BELOW, False, False),
     (0.65, False, True), (ASKED_BELOW, False, True), (0.55, True, True)],
)  # fmt: skip
def test_how_sure_decides(
    content: Content, confidence: float | None, asked: bool, marked: bool
) -> None:
    case = case_with(confidence)
    assert doubted_field(case, content) == ("device" if asked else None)
    assert is_doubtful(case.field("device")) is marked


def test_a_field_nobody_asks_for_is_not_asked_about(content: Content) -> None:
    assert doubted_field(case_with(0.1, "location"), content) is None


def test_an_empty_field_is_not_in_doubt() -> None:
    assert not is_doubtful(Field(state=State.UNKNOWN, confidence=0.1))


def said(intent: str, text: str = "…", **more: object) -> Heard:
    return Heard(text, "2-0", intent, **more)  # type: ignore[arg-type]


def test_a_yes_makes_it_certain(content: Content) -> None:
    case = after_doubt(case_with(0.5), said("affirm"), content)
    assert case.field("device").confidence == CERTAIN
    assert case.field("device").value == "Pixel 8"


def test_a_no_takes_it_out(content: Content) -> None:
    assert after_doubt(case_with(0.5), said("deny"), content).field("device") == Field()


def test_anything_else_leaves_it_marked_but_asks_no_more(content: Content) -> None:
    case = after_doubt(case_with(0.5), said("out_of_scope"), content)
    assert doubted_field(case, content) is None
    assert is_doubtful(case.field("device"))


def test_the_right_value_beside_the_no_is_taken(content: Content) -> None:
    entity = {"entity": "device", "value": "Pixel 9", "verbatim": "9", "start": 4, "end": 5,
              "confidence": 0.95}  # fmt: skip
    heard = said("deny", "no, 9", entities=[entity])
    taken = take_in(case_with(0.5), heard, DOUBT, content)
    assert taken.case.field("device").value == "Pixel 9"
    assert taken.notes == ()


def test_a_command_leaves_the_doubt_as_it_is(content: Content) -> None:
    assert take_in(case_with(0.5), said("faq"), DOUBT, content).case == case_with(0.5)
