"""An agent's change of a field, as a change."""

from __future__ import annotations

import pytest

from bot.case.model import Case, Field, State, Step
from bot.content import load_content
from bot.conversation.owner import Owner
from bot.conversation.store import Conversation
from bot.desk.edit import edited
from bot.desk.rows import Agent
from bot.errors import InvalidValue
from bot.mail.destinations import Destinations
from bot.settings import ROOT

CONTENT = load_content(ROOT / "data")
RESTART = Step("restart", "restarted it twice", "no change")
RESET = Step("reset_network", "network reset")
TRIED = Case().with_field("steps_tried", Field([RESTART, RESET], State.STATED))


def change(case: Case, field: str, value: str) -> Case | None:
    conversation = Conversation("c1", "", "en", Owner.AGENT, 1, "0-0", "0-0", 1, 1, case)
    agent, destinations = Agent("agent-1", "Agent One"), Destinations({}, "cases@meadow.example")
    return edited(conversation, field, value, agent, False, [], CONTENT, destinations).case


@pytest.mark.parametrize(
    ("lines", "steps"),
    [
        ("restarted it twice – no change\nSIM taken out – worse",
         [RESTART, Step("other", "SIM taken out", "worse")]),
        ("network reset", [RESET]),
        ("restarted it twice – worked for an hour",
         [Step("other", "restarted it twice", "worked for an hour")]),
        ("something new", [Step("other", "something new")]),
    ],
)  # fmt: skip
def test_steps_that_stand_as_they_were_keep_what_is_known_of_them(
    lines: str, steps: list[Step]
) -> None:
    after = change(TRIED, "steps_tried", lines)
    assert after is not None
    assert after.field("steps_tried").value == steps


def test_the_same_lines_are_no_change() -> None:
    assert change(TRIED, "steps_tried", "restarted it twice – no change\nnetwork reset") is None


def test_a_value_that_did_not_fit_is_taken_when_it_is_given_again() -> None:
    address = "someone@mail.example"
    doubted = Field(address, State.STATED, invalid="is that right?")
    after = change(Case().with_field("contact_email", doubted), "contact_email", address)
    assert after is not None
    assert after.field("contact_email").invalid is None


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(InvalidValue):
        change(TRIED, "account_number", "12")
