"""A customer who comes back after the case was closed as done."""

from __future__ import annotations

import msgspec
import pytest

from actions.action_continue_case import ActionContinueCase
from actions.action_file_case import ActionFileCase
from actions.action_validate_slot_mappings import ActionTakeIn
from bot.case.asking import REOPEN
from bot.case.filing import filed
from bot.case.model import Case, Resolution
from tests.actions.harness import AT, NUMBER, draft, run


@pytest.fixture
def closed() -> Case:
    case = filed(draft(description="no data", contact_email="ada@mail.example"), NUMBER, AT)
    return msgspec.structs.replace(case, resolution=Resolution("solved", AT))


@pytest.mark.parametrize("intent", ["inform", "frustration", "out_of_scope"])
def test_what_may_be_about_the_case_is_asked_about(closed: Case, intent: str) -> None:
    done = run(ActionContinueCase(), closed, intent=intent, text="it has gone again")
    assert done.said == ["utter_ask_reopen"]
    assert done.words("utter_ask_reopen")["number"] == NUMBER
    assert done.asking == REOPEN


@pytest.mark.parametrize(("intent", "asking"), [("affirm", REOPEN), ("not_solved", None)])
def test_it_is_filed_again_under_its_number(closed: Case, intent: str, asking: str | None) -> None:
    done = run(ActionContinueCase(), closed, intent=intent, asking=asking)
    assert done.followed_by == "action_file_case"
    assert done.case.resolution is None
    again = run(ActionFileCase(), done.case).case
    assert (again.number, again.revision) == (NUMBER, 2)
    assert again.handover is not None
    assert "came back" in again.handover.reason


def test_no_begins_anew(closed: Case) -> None:
    done = run(ActionContinueCase(), closed, intent="deny", asking=REOPEN)
    assert done.said == ["utter_not_reopened"]
    assert done.case.number is None


@pytest.mark.parametrize(
    ("intent", "problem", "named"),
    [
        ("report_problem", "no_mobile_data", True),
        ("report_problem", "wrong_bill", False),
        ("complaint", "no_mobile_data", True),
        ("complaint", None, True),
        ("complaint", "wrong_bill", False),
    ],
)
def test_a_new_case_of_the_same_trouble_names_the_earlier_one(
    closed: Case, intent: str, problem: str | None, named: bool
) -> None:
    kind = {"problem": {"name": problem, "confidence": 0.9}}
    done = run(ActionTakeIn(), closed, intent=intent, text="data gone again", message=kind)
    assert done.case.number is None
    earlier = done.case.field("previous_contact")
    assert (earlier.value == f"case {NUMBER}") is named
    assert done.said == (["utter_earlier_case"] if named else [])
    if named:
        assert done.words("utter_earlier_case")["number"] == NUMBER


def test_thanks_open_nothing(closed: Case) -> None:
    done = run(ActionContinueCase(), closed, intent="thanks")
    assert done.asking is None
    assert done.followed_by is None
