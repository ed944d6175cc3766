from __future__ import annotations

from types import SimpleNamespace

import msgspec
import pytest

from actions import action_get_person
from actions.action_get_person import ActionGetPerson
from actions.turn import HURRY, Turn, operator_content
from bot.case.filing import filed
from bot.case.model import Case
from tests.actions.harness import AT, NUMBER, draft, run


@pytest.fixture(params=[True, False], ids=["open", "closed"])
def open_now(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    hours = SimpleNamespace(is_open=lambda _: request.param)
    content = msgspec.structs.replace(operator_content(), hours=hours)

    class AtThatTime(Turn):
        def __init__(self, tracker: object) -> None:
            super().__init__(tracker)  # type: ignore[arg-type]
            self.content = content

    monkeypatch.setattr(action_get_person, "Turn", AtThatTime)
    return bool(request.param)


def test_how_and_when_a_person_answers_is_said_plainly(open_now: bool) -> None:
    done = run(ActionGetPerson(), draft(description="no data"), intent="ask_human")
    assert done.words("utter_person")["response_time"] == "within one working day"
    assert ("utter_person_telephone" in done.said) is open_now


def test_the_case_goes_the_short_way_to_a_person(open_now: bool) -> None:
    done = run(ActionGetPerson(), Case(), intent="ask_human")
    assert done.case.handover is not None
    assert "asked for a person" in done.case.handover.reason
    assert done.slots[HURRY] is True


def test_a_filed_case_is_with_a_person_already(open_now: bool) -> None:
    case = filed(draft(description="no data"), NUMBER, AT)
    done = run(ActionGetPerson(), case, intent="ask_human")
    assert done.events == []
    assert done.said[0] == "utter_person"
