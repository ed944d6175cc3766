"""Incidents come and go with their file, and a mistake in it takes none away."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.content.incidents import Incidents, goes_on
from bot.content.records import Incident

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
ENTRY = """
- name: {name}
  title: No mobile data
  text: We are mending it.
  problems: [no_mobile_data]
  since: 2026-11-23T09:00:00Z
"""


def test_the_file_is_read_when_it_has_changed_and_only_then(tmp_path: Path) -> None:
    file = tmp_path / "incidents.yml"
    incidents = Incidents(file)
    assert incidents.known == []
    file.write_text(ENTRY.format(name="first"))
    assert [incidents.look(), incidents.look()] == [True, False]
    assert [one.name for one in incidents.current(NOW)] == ["first"]
    file.write_text(ENTRY.format(name="first") + ENTRY.format(name="second"))
    assert incidents.look()
    second = incidents.named("second")
    assert second is not None
    assert second.title == "No mobile data"
    assert (incidents.named("third"), incidents.named(None)) == (None, None)


@pytest.mark.parametrize("spoilt", ["- name: [broken", "- {name: x}", "nothing", None])
def test_a_mistake_or_a_missing_file_leaves_what_was_known(
    tmp_path: Path, spoilt: str | None
) -> None:
    file = tmp_path / "incidents.yml"
    incidents = Incidents(file)
    file.write_text(ENTRY.format(name="first"))
    incidents.look()
    file.unlink() if spoilt is None else file.write_text(spoilt)
    assert not incidents.look()
    assert [one.name for one in incidents.known] == ["first"]


@pytest.mark.parametrize(
    ("since", "until", "now"),
    [(-HOUR, None, True), (-HOUR, HOUR, True), (HOUR, None, False), (-2 * HOUR, -HOUR, False),
     (timedelta(), HOUR, True), (-HOUR, timedelta(), False)],
)  # fmt: skip
@pytest.mark.parametrize("zone", [timezone.utc, None])
def test_when_it_goes_on(
    since: timedelta, until: timedelta | None, now: bool, zone: timezone | None
) -> None:
    ends = (NOW + until).replace(tzinfo=zone) if until is not None else None
    began = (NOW + since).replace(tzinfo=zone)
    one = Incident(name="x", title="X", text="X", problems=[], since=began, until=ends)
    assert goes_on(one, NOW) is now
