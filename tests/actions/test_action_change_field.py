from __future__ import annotations

import pytest

from actions.action_case_edited import ActionCaseEdited
from actions.action_change_field import ActionChangeField
from bot.case.asking import CHANGE, CONFIRMATION
from tests.actions.harness import EVENT, draft, run

CASE = draft(description="no data", device="Pixel 8", contact_email="jo@mail.example")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("change the device", "device"),
        ("I want to change my account number", "account_number"),
        ("the account is wrong", "account_number"),
        ("change the email", "contact_email"),
        ("my e-mail address is wrong", "contact_email"),
        ("correct the error message", "error_message"),
        ("change the telephone", "contact_phone"),
        ("change what I told you about the device", "device"),
    ],
)
def test_a_field_that_is_named_is_asked_for_again(text: str, field: str) -> None:
    done = run(ActionChangeField(), CASE, text=text, intent="change_field", asking=CONFIRMATION)
    assert (done.said, done.asking) == ([f"utter_ask_{field}"], field)
    assert done.case == CASE


def test_a_field_that_is_clicked_is_asked_for_again() -> None:
    chosen = [{"entity": "field", "value": "device"}]
    done = run(ActionChangeField(), CASE, intent="choose_field", entities=chosen, clicked=True)
    assert done.asking == "device"


@pytest.mark.parametrize("text", ["change something", "that's wrong", "can I change what I said?"])
def test_otherwise_the_fields_of_the_case_are_offered(text: str) -> None:
    done = run(ActionChangeField(), CASE, text=text, intent="change_field")
    assert (done.said, done.asking) == (["utter_which_field"], CHANGE)
    assert {payload for _, payload in done.choices} == {
        f'/choose_field{{"field": "{name}"}}' for name in CASE.fields
    }


def test_a_made_up_field_is_not_asked_for() -> None:
    chosen = [{"entity": "field", "value": "password"}]
    done = run(ActionChangeField(), CASE, intent="choose_field", entities=chosen, clicked=True)
    assert done.asking == CHANGE


def test_a_change_that_was_in_the_message_needs_no_question() -> None:
    done = run(ActionChangeField(), CASE, text="change the device to a Pixel 9",
               already=[{"event": "bot", "text": "Device changed"}])  # fmt: skip
    assert (done.said, done.events) == ([], [])


def test_without_a_case_there_is_nothing_to_change() -> None:
    assert run(ActionChangeField(), text="change it").said == ["utter_nothing_to_send"]


@pytest.mark.parametrize(("old", "response"), [("Pixel 8", "utter_changed"), ("", "utter_added")])
def test_an_edit_in_the_case_card_is_acknowledged_and_knows_its_event(
    old: str, response: str
) -> None:
    edit = {"field": "device", "old": old, "new": "Pixel 9"}
    case = draft(description="x", device="Pixel 9")
    done = run(ActionCaseEdited(), case, intent="case_edited", edit=edit, clicked=True)
    assert done.said == [response]
    assert done.case.field("device").events == (EVENT,)
    assert done.case.field("device").value == "Pixel 9"
