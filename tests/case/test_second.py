from __future__ import annotations

import msgspec
import pytest

from bot.case.heard import Heard
from bot.case.model import Case, Field, State
from bot.case.second import SURE, is_second_matter
from bot.content import Content

CASE = Case(
    problem="no_mobile_data", category="technical",
    fields={"description": Field("no data", State.STATED, "no data", ("1-0",))},
)  # fmt: skip


def report(
    text: str, problem: str, confidence: float = 0.9, intent: str = "report_problem"
) -> Heard:
    return Heard(text, "2-0", intent, problem=problem, problem_confidence=confidence)


@pytest.mark.parametrize(
    ("heard", "second"),
    [
        (report("my bill is too high", "wrong_bill"), True),
        (report("my bill is too high", "wrong_bill", SURE - 0.1), False),
        (report("calls fail too", "no_calls"), False),
        (report("another problem: calls fail", "no_calls"), True),
        (report("the data is still off", "no_mobile_data"), False),
        (report("my bill is too high", "wrong_bill", intent="inform"), False),
        (report("my bill is too high", "nothing we know"), False),
    ],
)
def test_what_is_a_matter_of_its_own(content: Content, heard: Heard, second: bool) -> None:
    assert is_second_matter(CASE, heard, content) is second


def test_without_a_first_there_is_no_second(content: Content) -> None:
    heard = report("my bill is too high", "wrong_bill")
    assert not is_second_matter(Case(), heard, content)
    assert not is_second_matter(msgspec.structs.replace(CASE, revision=1), heard, content)
