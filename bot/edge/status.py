"""Whether people are there, how soon they answer, and what is known to be broken.

Answers from memory: no Redis, no file, so that it holds when everybody asks at once.
"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import msgspec
import structlog
from sanic import HTTPResponse, Request

from bot.content import Content
from bot.content.files import read_file
from bot.content.records import Incident
from bot.errors import ContentError
from bot.files.limits import FileLimits

FRESH_SECONDS = 1.0
LOOK_AGAIN_AFTER = 5.0

log = structlog.get_logger(__name__)


class ServiceStatus(msgspec.Struct, frozen=True):
    """The public status; times are RFC 3339. `next_opening` is null while open.

    files: how many a conversation takes (`most`), and of how many `megabytes`.
    """

    open: bool
    next_opening: datetime | None
    response_times: dict[str, Any]
    incidents: list[dict[str, Any]]
    files: dict[str, int]


class StatusApi:
    """`/api/v1/status`. Incidents are read again when their file changes, without a restart."""

    def __init__(self, content: Content, incidents_file: Path, files: FileLimits) -> None:
        self._content = content
        self._files = files
        self._incidents = content.incidents
        self._file = incidents_file
        self._body = b""
        self._made = float("-inf")

    async def status(self, request: Request) -> HTTPResponse:
        """GET /api/v1/status"""
        now = time.monotonic()
        if now - self._made > FRESH_SECONDS:
            self._body = msgspec.json.encode(self.at(datetime.now(timezone.utc)))
            self._made = now
        return HTTPResponse(
            self._body, headers={"Cache-Control": "max-age=5"}, content_type="application/json"
        )

    def at(self, moment: datetime) -> ServiceStatus:
        """The status at an aware time."""
        is_open = self._content.hours.is_open(moment)
        return ServiceStatus(
            open=is_open,
            next_opening=None if is_open else self._content.hours.next_opening(moment),
            response_times=msgspec.to_builtins(self._content.response_times),
            incidents=[
                shown(incident) for incident in self._incidents if current(incident, moment)
            ],
            files={"most": self._files.most, "megabytes": self._files.megabytes},
        )

    async def follow(self) -> None:
        """Reads the incidents again whenever their file has changed, until cancelled."""
        seen = await asyncio.to_thread(self._changed_at)
        while True:
            await asyncio.sleep(LOOK_AGAIN_AFTER)
            changed = await asyncio.to_thread(self._changed_at)
            if changed != seen:
                seen = changed
                await self.read_again()

    async def read_again(self) -> None:
        """Takes over the incidents file; a mistake in it is logged and the old list kept."""
        try:
            self._incidents = await asyncio.to_thread(read_file, self._file, list[Incident])
        except ContentError as error:
            log.error("incidents not taken over", error=str(error))
            return
        self._made = float("-inf")
        log.info("incidents taken over", count=len(self._incidents))

    def _changed_at(self) -> int:
        try:
            return self._file.stat().st_mtime_ns
        except OSError:
            return 0


def current(incident: Incident, moment: datetime) -> bool:
    """Whether the incident goes on at an aware time; times without a zone count as UTC."""
    until = incident.until
    return _aware(incident.since) <= moment and (until is None or moment < _aware(until))


def shown(incident: Incident) -> dict[str, Any]:
    """The incident as customers may see it."""
    return {
        "id": incident.name,
        "title": incident.title,
        "text": incident.text,
        "areas": incident.areas,
        "since": _aware(incident.since),
        "until": _aware(incident.until) if incident.until else None,
    }


def _aware(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=timezone.utc)
