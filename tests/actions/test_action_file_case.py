from __future__ import annotations

import pytest

from actions.action_file_case import ActionFileCase
from actions.turn import HURRY, operator_content
from bot.case.filing import filed
from bot.case.model import Case, Field, State
from tests.actions.harness import AT, NUMBER, draft, run


def test_the_case_takes_the_number_that_the_engine_has_reserved() -> None:
    case = draft(description="no data", contact_email="jo@mail.example")
    done = run(ActionFileCase(), case, asking="confirmation", hurry=True)
    assert (done.case.number, done.case.revision, done.case.received_at) == (NUMBER, 1, AT)
    assert done.case.confirmed_by_customer
    assert not done.case.changed
    assert (done.asking, done.slots[HURRY], done.followed_by) == (None, None, "action_listen")
    words = done.words("utter_filed")
    assert words["number"] == NUMBER
    assert words["email"] == "jo@mail.example"
    assert words["response_time"] == operator_content().response_times["technical"].text


@pytest.mark.parametrize(
    "email",
    [
        Field(),
        Field(state=State.REFUSED),
        Field("jo@", State.STATED, "jo@", invalid="no e-mail address"),
    ],
)
def test_no_copy_is_promised_without_an_address_that_can_be_used(email: Field) -> None:
    done = run(ActionFileCase(), draft(description="no data").with_field("contact_email", email))
    assert done.said == ["utter_filed_without_copy"]


def test_a_change_is_the_next_revision_of_the_same_case() -> None:
    case = filed(draft(description="no data"), "FL-000000", "2026-11-20T00:00:00Z")
    changed = case.with_field("device", Field("Pixel 9", State.STATED))
    done = run(ActionFileCase(), changed)
    assert (done.case.number, done.case.revision) == ("FL-000000", 2)
    assert done.case.received_at == "2026-11-20T00:00:00Z"
    assert done.words("utter_revised")["number"] == "FL-000000"


def test_it_also_works_in_a_trial_without_an_engine() -> None:
    done = run(ActionFileCase(), Case(), number=None, at=None)
    assert done.case.filed
    assert (done.case.number or "").startswith("FL-")
