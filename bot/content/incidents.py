"""The known faults as they are now: read again when their file changes, without a restart."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import structlog

from bot.content.files import read_file
from bot.content.records import Incident
from bot.errors import ContentError

log = structlog.get_logger(__name__)


class Incidents:
    """The incidents of one file. A mistake in it is logged, and the former list kept."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen = -1
        self.known: list[Incident] = []

    def look(self) -> bool:
        """Reads the file if it has changed; whether it was taken over. One look costs a `stat`."""
        changed = self._changed_at()
        if changed == self._seen:
            return False
        self._seen = changed
        try:
            self.known = read_file(self._file, list[Incident])
        except ContentError as error:
            log.error("incidents not taken over", error=str(error))
            return False
        log.info("incidents taken over", count=len(self.known))
        return True

    def current(self, at: datetime) -> list[Incident]:
        """Those that go on at an aware time."""
        return [one for one in self.known if goes_on(one, at)]

    def named(self, name: str | None) -> Incident | None:
        """The one that a case is tied to; None when it is not listed any more."""
        return next((one for one in self.known if one.name == name), None)

    def _changed_at(self) -> int:
        try:
            return self._file.stat().st_mtime_ns
        except OSError:
            return 0


def goes_on(incident: Incident, at: datetime) -> bool:
    """Whether the incident goes on at an aware time; times without a zone count as UTC."""
    until = incident.until
    return aware(incident.since) <= at and (until is None or at < aware(until))


def aware(time: datetime) -> datetime:
    """The time with its zone, UTC if it names none."""
    return time if time.tzinfo else time.replace(tzinfo=timezone.utc)
