"""The audit log: who did what about what, and when. Entries are added and read, never changed.

An entry holds no account number and nothing that anybody wrote; values that look like either are
shortened or refused before they are stored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import msgspec
from redis.asyncio import Redis

from bot.redaction import redact
from bot.staff.keys import AUDIT

NEWEST = "+"
CONSOLE = "console"  # who acts by `bin/firstline` on the machine itself
LONGEST_VALUE = 120

_WHAT = re.compile(r"[a-z_]+\.[a-z_]+", re.ASCII)
_ABOUT = re.compile(r"(?!\d{5,15}\Z)[\w.:@+/-]{0,128}", re.ASCII)


class Entry(msgspec.Struct, frozen=True):
    """One entry; `id` is its place in the log, `at` RFC 3339, `staff` and `about` are ids."""

    id: str
    at: str
    staff: str
    what: str
    about: str
    detail: dict[str, str]


class Audit:
    """The audit log, one stream."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def record(
        self, staff: str, what: str, about: str = "", detail: Mapping[str, str] | None = None
    ) -> str:
        """Adds an entry and returns its id. Raises `ValueError` for what may not be in one.

        Record first what only shows something, then show it: without an entry nothing is shown.
        """
        id: Any = await self._redis.xadd(AUDIT, fields(staff, what, about, detail))
        return str(id.decode())

    async def page(self, before: str = NEWEST, count: int = 100) -> list[Entry]:
        """Up to `count` entries, newest first, from just before the one with the id `before`."""
        newest = NEWEST if before == NEWEST else f"({before}"
        found: Any = await self._redis.xrevrange(AUDIT, max=newest, count=count)
        return [_entry(id.decode(), stored) for id, stored in found]


def fields(
    staff: str, what: str, about: str = "", detail: Mapping[str, str] | None = None
) -> dict[Any, Any]:
    """An entry as it is stored, for those who add it together with a change of their own.

    `what` is a noun and a verb: `account.disable`. Raises `ValueError`.
    """
    if not _WHAT.fullmatch(what) or not _ABOUT.fullmatch(about):
        raise ValueError(f"not for the audit log: {what!r}, and what it is about")
    kept = {name: redact(value)[:LONGEST_VALUE] for name, value in (detail or {}).items()}
    return {"staff": staff, "what": what, "about": about, "detail": msgspec.json.encode(kept)}


def _entry(id: str, stored: Mapping[bytes, bytes]) -> Entry:
    at = datetime.fromtimestamp(int(id.partition("-")[0]) / 1000, timezone.utc)
    return Entry(
        id=id,
        at=at.isoformat(timespec="milliseconds"),
        staff=stored[b"staff"].decode(),
        what=stored[b"what"].decode(),
        about=stored[b"about"].decode(),
        detail=msgspec.json.decode(stored[b"detail"], type=dict[str, str]),
    )
