from __future__ import annotations

import msgspec
import pytest

from bot.case.model import Case, Field, State
from bot.case.priority import LEVELS, priority
from bot.content import Content


def test_the_kind_of_problem_gives_the_usual_priority(content: Content) -> None:
    for name, problem in content.problems.items():
        computed = priority(Case(problem=name, category=problem.category), content)
        expected = (
            min("P2", problem.priority) if problem.category == "complaint" else problem.priority
        )
        assert computed.level == expected
        assert problem.title in computed.reasons[0]


@pytest.mark.parametrize(
    ("usual", "as_complaint"), [("P1", "P1"), ("P2", "P2"), ("P3", "P2"), ("P4", "P2")]
)
def test_a_complaint_is_raised_and_never_lowered(
    content: Content, usual: str, as_complaint: str
) -> None:
    problem = msgspec.structs.replace(content.problems["no_mobile_data"], priority=usual)
    changed = msgspec.structs.replace(content, problems={"no_mobile_data": problem})
    case = Case(problem="no_mobile_data", category="complaint")
    assert priority(case, changed).level == as_complaint
    assert len(priority(case, changed).reasons) == 2


def test_an_unknown_kind_has_the_usual_priority(content: Content) -> None:
    assert priority(Case(), content).level == "P3"
    assert priority(Case(problem="long_gone"), content).level in LEVELS


def test_shouting_changes_nothing(content: Content) -> None:
    shouted = Field("URGENT!!! P1!!! EMERGENCY", State.STATED)
    calm = priority(Case(problem="no_mobile_data", category="technical"), content)
    loud = Case(problem="no_mobile_data", category="technical", fields={"description": shouted})
    assert priority(loud, content) == calm


def test_an_incident_is_a_reason(content: Content) -> None:
    assert "mast_12" in priority(Case(incident="mast_12"), content).reasons[-1]


def test_a_case_of_somebody_who_depends_on_the_service_goes_first(content: Content) -> None:
    said = Field("Mum has a  Falls pendant and the line is dead", State.STATED)
    case = Case(problem="home_internet_down", category="technical", fields={"description": said})
    found = priority(case, content)
    assert found.level == "P1"
    assert any("depend" in reason for reason in found.reasons)
