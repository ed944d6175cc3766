"""Tying a case to a fault that the operator knows of. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from bot.case.fields import LOCATION, STARTED
from bot.case.model import Case
from bot.content import Content
from bot.content.incidents import aware, goes_on
from bot.content.records import Incident

# Customers notice a fault before the operator announces since when it is there.
NOTICED_BEFORE = timedelta(days=1)


def tied(case: Case, content: Content, at: datetime) -> Case:
    """The draft with the incident it is part of at `at` (aware), or without one; a filed case as it is."""
    if case.filed:
        return case
    found = incident_of(case, content, at)
    return msgspec.structs.replace(case, incident=found.name if found else None)


def incident_of(case: Case, content: Content, at: datetime) -> Incident | None:
    """The first incident going on that explains the problem, since when it is there and, if the
    incident names areas, the place.
    """
    return next((one for one in _explaining(case, content, at) if _is_there(case, one)), None)


def depends_on_place(case: Case, content: Content, at: datetime) -> bool:
    """Whether only the place, not asked about yet, can tell if the draft is part of an incident."""
    if case.filed or case.field(LOCATION).settled or incident_of(case, content, at):
        return False
    return any(_explaining(case, content, at))


def _explaining(case: Case, content: Content, at: datetime) -> Iterator[Incident]:
    zone = ZoneInfo(content.hours.time_zone)
    return (
        one for one in content.incidents
        if case.problem in one.problems and goes_on(one, at) and not _was_there_before(case, one, zone)
    )  # fmt: skip


def _was_there_before(case: Case, incident: Incident, zone: ZoneInfo) -> bool:
    """Whether the problem is older than the incident; words that name no day tell nothing."""
    began = case.field(STARTED).value
    try:
        day = date.fromisoformat(str(began))
    except ValueError:
        return False
    return day < aware(incident.since).astimezone(zone).date() - NOTICED_BEFORE


def _is_there(case: Case, incident: Incident) -> bool:
    where = case.field(LOCATION).value
    place = where if isinstance(where, str) else ""
    return not incident.areas or any(_names(place, area) for area in incident.areas)


def _names(place: str, area: str) -> bool:
    return re.search(rf"\b{re.escape(area)}\b", place, re.IGNORECASE) is not None
