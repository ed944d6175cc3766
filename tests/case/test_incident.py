"""Which cases are part of a known incident, and what such a case needs."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import msgspec
import pytest

from bot.case.completeness import asked_fields, missing
from bot.case.dialogue import suggestion
from bot.case.fields import LOCATION, STARTED, STEPS_TRIED
from bot.case.filing import filed
from bot.case.incident import depends_on_place, tied
from bot.case.model import Case, Field, State, Step
from bot.case.view import customer_view
from bot.content import Content
from bot.content.records import Incident

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=timezone.utc)
ANYWHERE = Incident(
    name="core", title="No data", text="Soon.", problems=["no_mobile_data"],
    since=NOW - timedelta(hours=1), until=NOW + timedelta(hours=1),
)  # fmt: skip
IN_BATH = msgspec.structs.replace(ANYWHERE, name="bath", areas=["Bath", "Bradford on Avon"])


def knowing(content: Content, *incidents: Incident) -> Content:
    return msgspec.structs.replace(content, incidents=list(incidents))


def report(place: str | None = None, problem: str = "no_mobile_data") -> Case:
    case = Case(problem=problem, category="technical")
    return case.with_field(LOCATION, Field(place, State.STATED)) if place else case


@pytest.mark.parametrize(
    ("incident", "case", "to"),
    [
        (ANYWHERE, report(), "core"),
        (ANYWHERE, report("Leeds"), "core"),
        (ANYWHERE, report(problem="wrong_bill"), None),
        (ANYWHERE, Case(), None),
        (IN_BATH, report(), None),
        (IN_BATH, report("Leeds"), None),
        (IN_BATH, report("BATH city centre"), "bath"),
        (IN_BATH, report("near Bradford on Avon"), "bath"),
        (IN_BATH, report("in the bathroom"), None),
    ],
)
def test_what_is_part_of_it(
    content: Content, incident: Incident, case: Case, to: str | None
) -> None:
    assert tied(case, knowing(content, incident), NOW).incident == to


@pytest.mark.parametrize(
    ("began", "to"),
    [
        ("2026-11-23", "core"),
        ("2026-11-22", "core"),  # noticed before it was announced
        ("2026-11-21", None),
        ("2026-11-02", None),
        ("since the last update", "core"),
        (None, "core"),
    ],
)
def test_what_was_there_long_before_is_something_else(
    content: Content, began: str | None, to: str | None
) -> None:
    case = report("Bath").with_field(STARTED, Field(began, State.STATED))
    known = knowing(content, ANYWHERE)
    assert tied(case, known, NOW).incident == to
    assert depends_on_place(case.with_field(LOCATION, Field()), knowing(content, IN_BATH), NOW) == (
        to is not None
    )


def test_the_day_an_incident_began_is_the_operators(content: Content) -> None:
    """23.30 UTC is half past twelve of the next day in Berlin."""
    hours = msgspec.structs.replace(content.hours, time_zone="Europe/Berlin")
    late = msgspec.structs.replace(ANYWHERE, since=NOW.replace(day=20, hour=23, minute=30))
    case = report().with_field(STARTED, Field("2026-11-19", State.STATED))
    here = knowing(content, late)
    assert tied(case, here, NOW).incident == "core"
    assert tied(case, msgspec.structs.replace(here, hours=hours), NOW).incident is None


@pytest.mark.parametrize(
    ("at", "to"),
    [(NOW, "core"), (NOW - timedelta(hours=2), None), (NOW + timedelta(hours=1), None)],
)
def test_only_while_it_goes_on(content: Content, at: datetime, to: str | None) -> None:
    assert tied(report(), knowing(content, ANYWHERE), at).incident == to


def test_a_draft_is_untied_when_it_turns_out_to_be_elsewhere(content: Content) -> None:
    known = knowing(content, IN_BATH)
    case = tied(report("Bath"), known, NOW)
    assert case.incident == "bath"
    moved = case.with_field(LOCATION, Field("Leeds", State.CORRECTED))
    assert tied(moved, known, NOW).incident is None


def test_a_filed_case_stays_as_it_was_filed(content: Content) -> None:
    before = filed(report(), "FL-7K3M2Q", None)
    assert tied(before, knowing(content, ANYWHERE), NOW) is before
    part = filed(tied(report(), knowing(content, ANYWHERE), NOW), "FL-7K3M2Q", None)
    assert tied(part, knowing(content), NOW).incident == "core"


def test_the_place_is_worth_asking_only_where_it_decides(content: Content) -> None:
    bath = knowing(content, IN_BATH)
    assert depends_on_place(report(), bath, NOW)
    unknown = report().with_field(LOCATION, Field(state=State.UNKNOWN))
    for case, known in (
        (report(), knowing(content)),
        (report(), knowing(content, IN_BATH, ANYWHERE)),
        (report(problem="wrong_bill"), bath),
        (report("Bath"), bath),
        (report("Leeds"), bath),
        (unknown, bath),
        (filed(report(), "FL-7K3M2Q", None), bath),
    ):
        assert not depends_on_place(case, known, NOW)
    assert not depends_on_place(report(), bath, NOW + timedelta(hours=1))


def test_no_diagnosis_is_asked_for_and_nothing_is_suggested(content: Content) -> None:
    tried = Field([Step("other", "shook it")], State.STATED)
    case = report().with_field(STEPS_TRIED, tried)
    part = msgspec.structs.replace(case, incident="core")
    assert suggestion(case, content) is not None
    assert suggestion(part, content) is None
    assert "device" in asked_fields(case, content)
    assert asked_fields(part, content) == ["description", "account_number", "contact_email"]
    assert {it.field for it in missing(part, content)} == set(asked_fields(part, content))
    shown = customer_view(part, content)["fields"]
    assert set(shown) == {*asked_fields(part, content), STEPS_TRIED}
