from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone

import pytest

from actions.action_get_person import WISH, ActionGetPerson
from actions.turn import HAND_OVER, HURRY, PEOPLE
from bot.case.filing import filed
from bot.case.model import Case, Handover
from bot.handoff.people import People
from tests.actions.harness import AT, NUMBER, draft, run

MONDAY = datetime(2026, 11, 23, 8, tzinfo=timezone.utc)
CLOSED = People(open=False, next_opening=MONDAY)
NOBODY = People(open=True)
SOMEBODY = People(open=True, present=1, places=2)
OVERRUN = People(open=True, present=1, places=0, waiting=50)


@contextmanager
def at_the_desk(people: People) -> Iterator[None]:
    """The desk as `people` has it, for the actions of the block."""

    async def there() -> People:
        return people

    before = PEOPLE.set(there)
    try:
        yield
    finally:
        PEOPLE.reset(before)


def test_with_somebody_there_the_conversation_passes_on_at_once() -> None:
    with at_the_desk(SOMEBODY):
        done = run(ActionGetPerson(), draft(description="no data"), intent="ask_human")
    assert done.said == ["utter_person_comes"]
    assert done.slots[HAND_OVER] == WISH
    assert done.case.handover == Handover("agent", WISH)


def test_with_nobody_there_it_is_said_plainly_and_a_telephone_number_given() -> None:
    with at_the_desk(NOBODY):
        done = run(ActionGetPerson(), draft(description="no data"), intent="ask_human")
    assert done.said == ["utter_person", "utter_person_telephone"]
    assert done.words("utter_person")["response_time"] == "within one working day"


def test_outside_hours_the_next_opening_is_said_and_nobody_is_sent_to_a_telephone() -> None:
    with at_the_desk(CLOSED):
        done = run(ActionGetPerson(), draft(description="no data"), intent="ask_human")
    assert done.said == ["utter_person_closed"]
    assert done.words("utter_person_closed")["opening"] == "Monday, 08:00"


@pytest.mark.parametrize("people", [CLOSED, NOBODY, OVERRUN], ids=["closed", "nobody", "overrun"])
def test_without_a_person_the_case_goes_the_short_way_by_mail(people: People) -> None:
    with at_the_desk(people):
        done = run(ActionGetPerson(), Case(), intent="ask_human")
    assert done.case.handover == Handover("email", WISH)
    assert done.slots[HURRY] is True
    assert not done.slots.get(HAND_OVER)


def test_a_filed_case_is_with_a_person_already() -> None:
    case = filed(draft(description="no data"), NUMBER, AT)
    with at_the_desk(NOBODY):
        done = run(ActionGetPerson(), case, intent="ask_human")
    assert done.events == []
    assert done.said[0] == "utter_person"


def test_at_the_command_line_nobody_is_there() -> None:
    done = run(ActionGetPerson(), Case(), intent="ask_human")
    assert done.said[0] in ("utter_person", "utter_person_closed")
