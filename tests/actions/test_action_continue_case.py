from __future__ import annotations

import pytest

from actions.action_continue_case import ActionContinueCase
from actions.turn import HURRY, operator_content
from bot.case.asking import CANCEL, CHANGE, CONFIRMATION, SOLVED
from bot.case.completeness import asked_fields
from bot.case.filing import filed
from bot.case.model import Case, Field, State
from tests.actions.harness import AT, NUMBER, Done, draft, run, stated

QUESTIONS = asked_fields(Case(category="technical"), operator_content())
WHOLE = draft(**dict.fromkeys(QUESTIONS, "x"))
FILED = filed(WHOLE, NUMBER, AT)
SPOKEN = {"event": "bot", "text": "Noted"}


def go_on(case: Case | None = None, **more: object) -> Done:
    return run(ActionContinueCase(), case, **more)  # type: ignore[arg-type]


def test_a_report_leads_to_the_first_question() -> None:
    done = go_on(draft(description="no data"), intent="report_problem")
    assert done.said == [f"utter_ask_{QUESTIONS[1]}"]
    assert (done.asking, done.slots["tries"]) == (QUESTIONS[1], 0)


def test_questions_come_one_at_a_time_until_the_summary() -> None:
    case, asking, asked = draft(description="no data"), None, []
    for _ in QUESTIONS:
        done = go_on(case, asking=asking)
        assert len(done.said) == 1 or done.asking == CONFIRMATION
        asking = done.asking
        if asking == CONFIRMATION:
            break
        assert asking is not None
        asked.append(asking)
        case = case.with_field(asking, Field("x", State.STATED))
    assert asked == QUESTIONS[1:]
    assert asking == CONFIRMATION


@pytest.mark.parametrize("intent", ["report_problem", "complaint", "not_solved", "ask_human"])
def test_some_intents_open_a_case_from_nothing(intent: str) -> None:
    assert go_on(intent=intent).asking == "description"


def test_a_no_after_an_answer_opens_a_case() -> None:
    assert go_on(intent="deny", asking=SOLVED).asking == "description"


@pytest.mark.parametrize("intent", ["inform", "affirm", "deny", "dont_know", "out_of_scope"])
def test_without_a_case_the_bot_says_what_it_can_do(intent: str) -> None:
    done = go_on(intent=intent)
    assert (done.said, done.asking) == (["utter_clarify"], None)


def test_nothing_is_added_to_what_another_action_has_said_without_a_case() -> None:
    assert go_on(intent="thanks", already=[SPOKEN]).said == []


def test_what_another_action_has_just_asked_stands() -> None:
    asked = {"event": "slot", "name": "asking", "value": CANCEL, "timestamp": None}
    done = go_on(draft(description="no data"), asking=CANCEL, already=[asked])
    assert (done.said, done.events) == ([], [])


def test_a_case_at_its_end_is_summed_up_for_confirmation() -> None:
    done = go_on(WHOLE, hurry=True)
    assert done.asking == CONFIRMATION
    assert "• What is wrong: x" in done.words("utter_summary")["summary"]


def test_one_step_is_suggested_before_the_first_summary_only() -> None:
    case = WHOLE.with_field("steps_tried", Field([], State.STATED))
    first = go_on(case)
    assert first.said == ["utter_suggestion", "utter_summary_or_solved"]
    assert first.case.suggested
    assert first.asking == CONFIRMATION
    assert go_on(first.case).said == ["utter_summary"]


def test_a_yes_at_the_summary_files() -> None:
    done = go_on(WHOLE, intent="affirm", asking=CONFIRMATION)
    assert (done.followed_by, done.said) == ("action_file_case", [])


@pytest.mark.parametrize("asking", ["device", "contact_email", CANCEL, SOLVED, CHANGE, None])
def test_a_yes_to_anything_else_never_files(asking: str | None) -> None:
    assert go_on(draft(description="x"), intent="affirm", asking=asking).followed_by != (
        "action_file_case"
    )


def test_a_no_at_the_summary_asks_what_to_change() -> None:
    done = go_on(WHOLE, intent="deny", asking=CONFIRMATION)
    assert (done.said, done.asking) == (["utter_which_field"], CHANGE)
    assert [payload for _, payload in done.choices] == [
        f'/choose_field{{"field": "{name}"}}' for name in QUESTIONS
    ]


def test_a_no_with_a_change_leads_to_the_summary_again() -> None:
    done = go_on(WHOLE, intent="deny", asking=CONFIRMATION, already=[SPOKEN], hurry=True)
    assert (done.said, done.asking) == (["utter_summary"], CONFIRMATION)


def test_a_confirmed_cancel_throws_everything_away() -> None:
    done = go_on(draft(description="x"), intent="affirm", asking=CANCEL, hurry=True)
    assert done.said == ["utter_cancelled"]
    assert (done.case, done.asking, done.slots[HURRY]) == (Case(), None, None)


def test_a_cancel_taken_back_goes_on_with_the_same_question() -> None:
    case = draft(description="x")
    done = go_on(case, intent="deny", asking=CANCEL)
    assert (done.said, done.case) == ([f"utter_ask_{QUESTIONS[1]}"], case)


def test_a_solved_question_is_closed() -> None:
    assert go_on(intent="affirm", asking=SOLVED).followed_by == "action_solved"


def test_a_question_not_answered_is_asked_again_unless_something_was_said() -> None:
    case, first = draft(description="x"), QUESTIONS[1]
    assert go_on(case, asking=first, tries=0).said == [f"utter_ask_{first}"]
    assert go_on(case, asking=first, tries=1).said == [f"utter_ask_{first}"]
    done = go_on(case, asking=first, tries=2)
    assert (done.said, done.asking) == ([f"utter_ask_{first}"], first)


def test_in_a_hurry_only_the_way_to_answer_is_asked() -> None:
    done = go_on(draft(description="x"), hurry=True)
    assert done.asking == "contact_email"
    reachable = Case(fields=stated(description="x", contact_email="jo@mail.example"))
    assert go_on(reachable, hurry=True).asking == CONFIRMATION


class TestAfterFiling:
    @pytest.mark.parametrize("intent", ["thanks", "affirm", "deny", "goodbye", "inform"])
    def test_nothing_is_filed_again_without_a_change(self, intent: str) -> None:
        done = go_on(FILED, intent=intent)
        assert done.followed_by is None
        assert done.case == FILED

    def test_nothing_is_filed_again_when_it_was_filed_unconfirmed(self) -> None:
        direct = filed(WHOLE, NUMBER, AT, confirmed=False)
        assert go_on(direct, intent="thanks").followed_by is None

    def test_a_change_is_filed_as_the_next_revision(self) -> None:
        changed = FILED.with_field("device", Field("Pixel 9", State.CORRECTED))
        assert go_on(changed).followed_by == "action_file_case"
