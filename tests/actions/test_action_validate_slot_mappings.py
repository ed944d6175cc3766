from __future__ import annotations

from typing import Any

from actions.action_validate_slot_mappings import OFFER_AFTER, ActionTakeIn
from actions.turn import LATER, operator_content
from bot.case.model import Case, State
from tests.actions.harness import EVENT, Done, draft, run


def take_in(case: Case | None = None, **more: Any) -> Done:
    return run(ActionTakeIn(), case, **more)


def account(value: str, **more: Any) -> dict[str, Any]:
    return {"entity": "account_number", "value": value, "verbatim": value, **more}


def test_what_was_found_is_in_the_slots_and_nothing_is_said() -> None:
    done = take_in(text="account 8847201193", entities=[account("8847201193")])
    assert done.said == []
    assert done.case.field("account_number").value == "8847201193"
    assert done.case.field("account_number").events == (EVENT,)


def test_a_change_is_told() -> None:
    case = draft(account_number="8847201193")
    done = take_in(case, text="no, 8847201139", entities=[account("8847201139", correction=True)])
    words = done.words("utter_changed")
    assert (words["old"], words["new"]) == ("8847201193", "8847201139")
    assert words["label"] == operator_content().fields["account_number"].label


def test_a_correction_that_does_not_fit_is_told_and_not_taken() -> None:
    case = draft(account_number="8847201193")
    done = take_in(case, text="no, 12", entities=[account("12", correction=True)])
    assert done.said == ["utter_kept"]
    assert done.case.field("account_number").value == "8847201193"


def test_an_answer_that_never_fits_is_met_differently_each_time_and_then_left_out() -> None:
    case, said, tries = draft(description="x"), [], 0
    for _ in range(OFFER_AFTER + 1):
        done = take_in(
            case, text="12", entities=[account("12")], asking="account_number", tries=tries
        )
        case, tries = done.case, done.slots["tries"]
        said += done.said
    assert said == [
        "utter_invalid",
        "utter_invalid_example",
        "utter_offer_skip_by_mail",
        "utter_left_out",
    ]
    assert tries == 0
    field = case.field("account_number")
    assert (field.state, field.value, field.verbatim) == (State.UNKNOWN, None, "12")


def test_an_answer_that_cannot_be_read_is_met_differently_each_time_and_then_left_out() -> None:
    case, said, tries = draft(description="x"), [], 0
    for _ in range(OFFER_AFTER + 1):
        done = take_in(case, text="ok", intent="affirm", asking="device", tries=tries)
        case, tries = done.case, done.slots["tries"]
        said += done.said
    assert said == [
        "utter_lost",
        "utter_lost_example",
        "utter_offer_skip_by_mail",
        "utter_left_out",
    ]


def test_the_second_failure_is_explained_with_an_example() -> None:
    done = take_in(draft(description="x"), text="ok", intent="affirm", asking="device", tries=1)
    words = done.words("utter_lost_example")
    assert words["example"] == operator_content().fields["device"].example
    assert done.slots["tries"] == 2


def report(problem: str, confidence: float = 0.9) -> dict[str, Any]:
    return {"problem": {"name": problem, "confidence": confidence}}


def test_a_second_matter_is_put_off_whole() -> None:
    case = draft(description="no data")
    done = take_in(
        case, text="and my bill is wrong, account 8847201193", intent="report_problem",
        entities=[account("8847201193")], message=report("wrong_bill"), asking="device",
    )  # fmt: skip
    assert done.case.field("description").value == "no data"
    assert done.case.field("account_number").value == "8847201193"
    assert (done.slots[LATER]["problem"], done.slots[LATER]["text"][:7]) == (
        "wrong_bill",
        "and my ",
    )


def test_an_answer_that_fits_ends_the_counting() -> None:
    done = take_in(
        draft(description="x"), text="8847201193", entities=[account("8847201193")],
        asking="account_number", tries=2,
    )  # fmt: skip
    assert done.slots["tries"] == 0


def test_a_file_is_taken_in() -> None:
    done = take_in(text="bill.pdf", intent="file_sent", clicked=True, file="f1")
    assert done.case.files == ("f1",)
