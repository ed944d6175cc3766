"""Actions that do one thing: explain, skip, hurry, cancel, start over, end what is solved."""

from __future__ import annotations

import pytest

from actions.action_cancel import ActionCancel
from actions.action_clarify import ActionClarify
from actions.action_explain_question import ActionExplainQuestion
from actions.action_skip_question import ActionSkipQuestion
from actions.action_skip_to_end import ActionSkipToEnd
from actions.action_solved import ActionSolved
from actions.action_start_over import ActionStartOver
from actions.turn import HURRY, operator_content
from bot.case.asking import CANCEL, CONFIRMATION, SOLVED, START_OVER
from bot.case.filing import filed
from bot.case.model import Case, Field, State
from tests.actions.harness import AT, EVENT, NUMBER, draft, run

FILED = filed(draft(description="no data"), NUMBER, AT)


def test_a_question_is_explained_with_its_reason() -> None:
    done = run(ActionExplainQuestion(), asking="device", intent="why_ask")
    assert done.words("utter_why")["why"] == operator_content().fields["device"].why
    assert done.events == []


@pytest.mark.parametrize("asking", [None, CONFIRMATION, "location"])
def test_nothing_is_explained_where_there_is_no_reason(asking: str | None) -> None:
    assert run(ActionExplainQuestion(), asking=asking).said == []


def test_a_skipped_question_is_unknown_and_closed() -> None:
    done = run(ActionSkipQuestion(), asking="device", intent="skip_question")
    assert done.said == ["utter_left_out"]
    assert done.case.field("device") == Field(state=State.UNKNOWN, events=(EVENT,))
    assert done.asking is None


def test_skipping_without_a_question_does_nothing() -> None:
    done = run(ActionSkipQuestion(), asking=CONFIRMATION)
    assert (done.said, done.events) == ([], [])


def test_the_short_way_is_taken_from_now_on() -> None:
    done = run(ActionSkipToEnd(), draft(description="no data"))
    assert (done.said, done.slots[HURRY]) == ([], True)
    assert run(ActionSkipToEnd()).said == ["utter_nothing_to_send"]


def test_cancelling_asks_before_anything_is_thrown_away() -> None:
    case = draft(description="no data")
    done = run(ActionCancel(), case, intent="cancel")
    assert (done.said, done.asking) == (["utter_confirm_cancel"], CANCEL)
    assert done.case == case


@pytest.mark.parametrize("case", [Case(), FILED])
def test_there_may_be_nothing_to_cancel(case: Case) -> None:
    done = run(ActionCancel(), case, intent="cancel")
    assert (done.said, done.asking, done.case) == (["utter_nothing_to_cancel"], None, case)


def test_starting_over_asks_before_anything_is_thrown_away() -> None:
    case = draft(description="no data")
    done = run(ActionStartOver(), case, asking="device")
    assert (done.said, done.asking) == (["utter_confirm_start_over"], START_OVER)
    assert done.case == case


@pytest.mark.parametrize(
    ("case", "asking"),
    [(Case(), "device"), (draft(description="no data"), START_OVER), (FILED, "device")],
)
def test_starting_over_leaves_nothing_behind(case: Case, asking: str) -> None:
    done = run(ActionStartOver(), case, asking=asking, tries=2, hurry=True)
    assert done.case == Case()
    assert (done.asking, done.slots[HURRY], done.slots["tries"]) == (None, None, 0)


@pytest.mark.parametrize(("case", "asking"), [(Case(), SOLVED), (draft(description="x"), SOLVED)])
def test_what_is_solved_is_closed_and_nothing_sent(case: Case, asking: str) -> None:
    done = run(ActionSolved(), case, asking=asking, hurry=True)
    assert done.said == ["utter_solved"]
    assert (done.case, done.asking, done.slots[HURRY]) == (Case(), None, None)
    assert done.followed_by == "action_listen"


def test_a_case_is_not_thrown_away_by_a_stray_word() -> None:
    case = draft(description="no data")
    done = run(ActionSolved(), case, asking="device", intent="solved")
    assert (done.said, done.asking, done.case) == (["utter_is_it_solved"], SOLVED, case)


def test_a_filed_case_stays_filed_when_it_is_solved() -> None:
    done = run(ActionSolved(), FILED)
    assert done.case == FILED
    assert done.words("utter_solved_after_filing")["number"] == NUMBER


def test_not_understanding_is_admitted() -> None:
    assert run(ActionClarify(), text="???").said == ["utter_clarify"]
    assert run(ActionClarify(), asking=CONFIRMATION).said == ["utter_clarify"]


def test_an_answer_to_a_question_is_not_called_unclear() -> None:
    assert run(ActionClarify(), asking="device").said == []
    assert run(ActionClarify(), already=[{"event": "bot", "text": "Noted"}]).said == []
