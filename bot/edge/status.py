"""Whether people are there, how soon they answer, and what is known to be broken.

Answers from memory: no Redis, no file, so that it holds when everybody asks at once.
"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timezone
from typing import Any

import msgspec
from sanic import HTTPResponse, Request

from bot.content import Content
from bot.content.incidents import Incidents, aware
from bot.content.records import Incident
from bot.files.limits import FileLimits

FRESH_SECONDS = 1.0
LOOK_AGAIN_AFTER = 5.0


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
    """`/api/v1/status`. It is what keeps the edge's `incidents` up to date."""

    def __init__(self, content: Content, incidents: Incidents, files: FileLimits) -> None:
        self._content = content
        self._files = files
        self._incidents = incidents
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
            incidents=[shown(incident) for incident in self._incidents.current(moment)],
            files={"most": self._files.most, "megabytes": self._files.megabytes},
        )

    async def follow(self) -> None:
        """Looks at the incidents again and again, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_AGAIN_AFTER)
            await self.read_again()

    async def read_again(self) -> None:
        """Takes over the incidents if their file has changed; a mistake in it leaves them as they are."""
        if await asyncio.to_thread(self._incidents.look):
            self._made = float("-inf")


def shown(incident: Incident) -> dict[str, Any]:
    """The incident as customers may see it."""
    return {
        "id": incident.name,
        "title": incident.title,
        "text": incident.text,
        "areas": incident.areas,
        "since": aware(incident.since),
        "until": aware(incident.until) if incident.until else None,
    }
