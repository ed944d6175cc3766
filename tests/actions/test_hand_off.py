"""Triggers that lead to a person, and what an agent wants found out."""

from __future__ import annotations

import pytest

from actions.action_clarify import NOT_UNDERSTOOD, ActionClarify
from actions.action_continue_case import FETCHED, ActionContinueCase
from actions.action_fields_requested import ActionFieldsRequested
from actions.action_get_person import WISH
from actions.action_validate_slot_mappings import ActionTakeIn
from actions.turn import ASKING, HAND_OVER, PERSON, REQUESTED, TRIGGERS_MET
from bot.case.asking import SOLVED
from bot.case.fields import DESCRIPTION
from bot.case.model import Case, Field, Handover, State
from bot.handoff.people import People
from tests.actions.harness import draft, run, stated
from tests.actions.test_action_get_person import CLOSED, NOBODY, SOMEBODY, at_the_desk

FRAUD = Case(problem="account_security", category="account", fields=stated(description="a scam"))
UPSET = "frustration"


def test_fraud_goes_to_a_person_at_once_with_its_reason() -> None:
    with at_the_desk(SOMEBODY):
        done = run(ActionContinueCase(), FRAUD, intent="report_problem")
    assert "fraud" in done.said[0]
    assert done.said[1:] == ["utter_person_comes"]
    assert "fraud" in done.slots[HAND_OVER]


def test_nobody_is_offered_who_is_not_there() -> None:
    with at_the_desk(NOBODY):
        done = run(ActionContinueCase(), FRAUD, intent="report_problem")
    assert not done.slots.get(HAND_OVER)
    assert done.asking not in (None, PERSON)


def test_a_complaint_is_asked_about_and_only_once() -> None:
    complaint = Case(category="complaint", fields=stated(description="three weeks of waiting"))
    with at_the_desk(SOMEBODY):
        first = run(ActionContinueCase(), complaint, intent="complaint")
        assert first.said == ["utter_offer_person"]
        assert first.asking == PERSON
        again = run(
            ActionContinueCase(), complaint, slots={TRIGGERS_MET: first.slots[TRIGGERS_MET]}
        )
    assert again.asking not in (None, PERSON)


def test_yes_to_the_offer_brings_a_person_and_no_goes_on() -> None:
    with at_the_desk(SOMEBODY):
        yes = run(ActionContinueCase(), draft(), intent="affirm", asking=PERSON)
        no = run(ActionContinueCase(), draft(description="no data"), intent="deny", asking=PERSON)
    assert yes.said == ["utter_person_comes"]
    assert yes.slots[HAND_OVER] == WISH
    assert no.asking not in (None, PERSON)


def test_yes_to_somebody_who_has_gone_meanwhile_goes_on_by_mail_with_the_case() -> None:
    case = draft(description="no data")
    with at_the_desk(NOBODY):
        done = run(ActionContinueCase(), case, intent="affirm", asking=PERSON)
    assert done.said == ["utter_person", "utter_person_telephone", "utter_ask_contact_email"]
    assert done.case.handover == Handover("email", WISH)
    assert done.case.field("description") == case.field("description")
    assert not done.slots.get(HAND_OVER)


@pytest.mark.parametrize(("people", "asked"), [(SOMEBODY, PERSON), (NOBODY, DESCRIPTION)])
def test_twice_not_understood_leads_to_a_person_where_one_is_there(
    people: People, asked: str
) -> None:
    once = {TRIGGERS_MET: {NOT_UNDERSTOOD: 1}}
    with at_the_desk(people):
        done = run(ActionClarify(), text="zork", intent="out_of_scope", slots=once)
    assert done.asking == asked
    assert len(done.said) == 1


@pytest.mark.parametrize(("people", "by_mail"), [(SOMEBODY, False), (NOBODY, True), (CLOSED, True)])
def test_a_person_is_named_as_a_way_out_only_as_one_can_be_had(
    people: People, by_mail: bool
) -> None:
    with at_the_desk(people):
        failed = run(ActionTakeIn(), text="ok", intent="affirm", asking="device", tries=2)
        unclear = run(ActionClarify(), asking=SOLVED, slots={TRIGGERS_MET: {NOT_UNDERSTOOD: 1}})
    end = "_by_mail" if by_mail else ""
    assert failed.said == [f"utter_offer_skip{end}"]
    assert unclear.said == [f"utter_clarify_again{end}"]


def test_an_upset_customer_is_offered_a_person_the_second_time() -> None:
    case = draft(description="no data")
    with at_the_desk(SOMEBODY):
        once = run(ActionContinueCase(), case, intent=UPSET, text="useless")
        met = {TRIGGERS_MET: once.slots[TRIGGERS_MET]}
        twice = run(ActionContinueCase(), case, intent=UPSET, text="useless!!", slots=met)
    assert once.asking != PERSON
    assert twice.asking == PERSON


def test_what_was_refused_is_asked_again_when_an_agent_needs_it() -> None:
    case = draft(description="no data").with_field("device", Field(state=State.REFUSED))
    done = run(ActionFieldsRequested(), case, asks=["device"], said="Agent One needs one thing.")
    assert done.said == ["Agent One needs one thing."]
    assert done.slots[REQUESTED] == ["device"]
    asked = run(ActionContinueCase(), done.case, slots={REQUESTED: ["device"]})
    assert asked.said == ["utter_ask_device"]


def test_with_everything_found_out_the_conversation_goes_back() -> None:
    case = draft(description="no data", device="Pixel 8")
    done = run(ActionContinueCase(), case, slots={REQUESTED: ["device"]}, asking="device")
    assert done.said == ["utter_back_to_agent"]
    assert done.slots[HAND_OVER] == FETCHED
    assert done.slots[REQUESTED] is None
    assert done.slots[ASKING] is None


def test_a_refusal_goes_back_too() -> None:
    case = draft(description="no data").with_field("device", Field(state=State.UNKNOWN))
    done = run(ActionContinueCase(), case, slots={REQUESTED: ["device"]}, asking="device")
    assert done.slots[HAND_OVER] == FETCHED


def test_an_agent_who_wants_nothing_found_out_just_passes_it_back() -> None:
    done = run(ActionFieldsRequested(), draft(), asks=[], said="You're with the bot again.")
    assert done.said == ["You're with the bot again."]
    assert done.slots[REQUESTED] is None
