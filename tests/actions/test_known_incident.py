"""A known fault is told once, when it is found to explain the problem."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import msgspec
import pytest

from actions import turn
from actions.action_answer_faq import ActionAnswerFaq
from actions.action_continue_case import ActionContinueCase
from actions.action_validate_slot_mappings import ActionTakeIn
from actions.turn import INCIDENTS, LATER, operator_content
from bot.case.asking import NEXT
from bot.case.fields import LOCATION
from bot.content.incidents import Incidents
from bot.content.records import Incident
from tests.actions.harness import draft, run

IN_BATH = Incident(
    name="bath", title="No data in Bath", text="Mended by six.", problems=["no_mobile_data"],
    areas=["Bath"], since=datetime(2026, 11, 22, 8, tzinfo=timezone.utc),
)  # fmt: skip
PLACE = {"entity": "location", "value": "Bath", "verbatim": "Bath"}


@pytest.fixture
def known() -> Iterator[list[Incident]]:
    """The incidents of the test."""
    incidents = [IN_BATH]
    before = INCIDENTS.set(incidents)
    yield incidents
    INCIDENTS.reset(before)


def test_it_is_told_when_found_and_not_again(known: list[Incident]) -> None:
    first = run(ActionTakeIn(), draft(description="no data"), text="in Bath", entities=[PLACE])
    assert first.said == ["utter_incident"]
    words = first.words("utter_incident")
    assert (words["title"], words["words"]) == ("No data in Bath", "Mended by six.")
    assert first.case.incident == "bath"
    again = run(ActionTakeIn(), first.case, text="in Bath I said", entities=[PLACE])
    assert (again.said, again.case.incident) == ([], "bath")


def test_whoever_was_there_before_it_hears_that_theirs_is_another(known: list[Incident]) -> None:
    first = run(ActionTakeIn(), draft(description="no data"), text="in Bath", entities=[PLACE])
    weeks = {"entity": "started", "value": "2026-11-01", "verbatim": "since 1 November"}
    after = run(ActionTakeIn(), first.case, text="since 1 November", entities=[weeks])
    assert after.said == ["utter_no_incident"]
    assert after.words("utter_no_incident")["title"] == "No data in Bath"
    assert after.case.incident is None
    known.clear()
    assert run(ActionTakeIn(), first.case, text="since 1 November", entities=[weeks]).said == []


def test_the_place_is_asked_where_it_decides(known: list[Incident]) -> None:
    case = draft(description="no data")
    assert run(ActionContinueCase(), case).asking == LOCATION
    assert run(ActionContinueCase(), case, hurry=True).asking == "contact_email"
    known.clear()
    assert run(ActionContinueCase(), case).asking == "device"


def test_a_matter_taken_down_later_is_tied_too(known: list[Incident]) -> None:
    known[0] = msgspec.structs.replace(IN_BATH, areas=[])
    later = {"text": "no data", "event": "3-0", "problem": "no_mobile_data", "entities": [],
             "nothing": [], "asked": True}  # fmt: skip
    case = msgspec.structs.replace(draft(), problem="wrong_bill", number="FL-7K3M2Q", revision=1)
    done = run(ActionContinueCase(), case, intent="affirm", asking=NEXT, slots={LATER: later})
    assert done.said[0] == "utter_incident"
    assert done.case.incident == "bath"


def test_whoever_asks_about_outages_is_told_of_all_that_go_on(known: list[Incident]) -> None:
    known.append(msgspec.structs.replace(IN_BATH, name="over", until=IN_BATH.since))
    ranked = {"articles": [{"name": "outage_check", "confidence": 0.9}]}
    done = run(ActionAnswerFaq(), intent="faq", message=ranked)
    assert done.said[0] == "utter_incident_told"
    assert done.said.count("utter_incident_told") == 1
    other = {"articles": [{"name": "unlock_phone", "confidence": 0.9}]}
    assert "utter_incident_told" not in run(ActionAnswerFaq(), intent="faq", message=other).said


def test_without_any_given_those_of_the_file_count_as_they_are_now(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "incidents.yml"
    file.write_text("[]")
    incidents = Incidents(file)
    monkeypatch.setattr(turn, "_incidents", lambda: incidents)
    assert operator_content().incidents == []
    file.write_bytes(b"- " + msgspec.json.encode(IN_BATH))
    assert operator_content().incidents == [IN_BATH]
