from __future__ import annotations

from typing import Any

from actions.action_continue_case import ActionContinueCase
from actions.action_explain_question import ActionExplainQuestion
from actions.action_record_complaint import ActionRecordComplaint
from actions.action_validate_slot_mappings import ActionTakeIn
from actions.turn import KINDS
from bot.case.asking import KIND
from bot.case.model import Case, Field, State
from tests.actions.harness import EVENT, draft, run

OPEN = {
    "name": "order_late", "confidence": 0.5, "others": [{"name": "device_fault", "confidence": 0.4}],
}  # fmt: skip
REPORT: dict[str, Any] = {"problem": OPEN}
JUST_TOLD = draft().with_field("description", Field("it never came", State.STATED, events=(EVENT,)))
CHOOSING = {KINDS: ["order_late", "device_fault"]}


def test_what_is_open_is_asked_before_anything_else() -> None:
    done = run(ActionContinueCase(), JUST_TOLD, intent="report_problem", message=REPORT)
    assert (done.said, done.asking) == (["utter_ask_kind"], KIND)
    assert done.choices == [
        ("order not arrived", '/choose_kind{"problem": "order_late"}'),
        ("faulty device", '/choose_kind{"problem": "device_fault"}'),
        ("Something else", '/choose_kind{"problem": ""}'),
    ]


def test_what_was_told_before_is_not_asked_about_again() -> None:
    before = draft(description="it never came")
    done = run(ActionContinueCase(), before, intent="report_problem", message=REPORT)
    assert "utter_ask_kind" not in done.said


def test_a_click_settles_it() -> None:
    done = run(
        ActionTakeIn(), JUST_TOLD, intent="choose_kind", asking=KIND, slots=CHOOSING,
        entities=[{"entity": "problem", "value": "device_fault"}],
    )  # fmt: skip
    assert (done.case.problem, done.case.category) == ("device_fault", "technical")
    assert done.slots[KINDS] is None


def test_words_settle_it_and_are_no_second_matter() -> None:
    faulty = {"problem": {"name": "device_fault", "confidence": 0.99}}
    done = run(
        ActionTakeIn(), JUST_TOLD, text="a faulty device", intent="report_problem", asking=KIND,
        slots=CHOOSING, message=faulty,
    )  # fmt: skip
    assert (done.case.problem, done.slots[KINDS]) == ("device_fault", None)


def test_a_question_in_between_leaves_it_open() -> None:
    done = run(ActionTakeIn(), JUST_TOLD, text="why", intent="why_ask", asking=KIND, slots=CHOOSING)
    assert done.slots.get(KINDS, CHOOSING[KINDS]) == CHOOSING[KINDS]
    explained = run(ActionExplainQuestion(), JUST_TOLD, intent="why_ask", asking=KIND)
    assert explained.said == ["utter_why_kind"]
    again = run(ActionContinueCase(), JUST_TOLD, intent="why_ask", asking=KIND, slots=CHOOSING)
    assert (again.said, again.asking) == (["utter_ask_kind"], KIND)


def test_none_of_these_is_told_in_other_words() -> None:
    case = Case(category="other", fields=JUST_TOLD.fields)
    done = run(ActionContinueCase(), case, intent="choose_kind", asking=KIND)
    assert (done.said, done.asking) == (["utter_ask_other_words"], "description")


def test_a_complaint_in_doubt_is_not_promised_to_be_recorded() -> None:
    unsure = {"intent": {"name": "complaint", "confidence": 0.5}, "problem": OPEN}
    done = run(ActionRecordComplaint(), JUST_TOLD, intent="complaint", message=unsure)
    assert done.said == []
    sure = {"intent": {"name": "complaint", "confidence": 0.9}, "problem": OPEN}
    done = run(ActionRecordComplaint(), JUST_TOLD, intent="complaint", message=sure)
    assert done.said == ["utter_complaint"]
