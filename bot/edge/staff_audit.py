"""The audit log, for those who answer for what is done: to read on a page, and as CSV."""

from __future__ import annotations

import re

from msgspec import Struct
from sanic import HTTPResponse, Request

from bot.edge.access import STAFF, Route
from bot.edge.answers import NO_STORE, json_answer
from bot.edge.csv_answer import csv_answer
from bot.edge.parts import Parts
from bot.edge.problems import Problem
from bot.staff.audit import NEWEST, Audit, Entry
from bot.staff.roles import Role

READERS = frozenset({Role.MANAGER, Role.ADMIN})
PAGE = 100
MOST_ROWS = 100_000

_ID = re.compile(r"\d{1,20}-\d{1,20}", re.ASCII)


class AuditPage(Struct, frozen=True):
    """Entries, newest first; `before` asks for the next page, null when there is none."""

    entries: list[Entry]
    before: str | None


class AuditApi:
    """Reading the audit log; there is no call that changes it."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit

    async def page(self, request: Request) -> HTTPResponse:
        """GET /api/v1/staff/audit"""
        before = request.args.get("before") or NEWEST
        if before != NEWEST and not _is_id(before):
            raise Problem(400, "cursor", "That is not the id of an entry.")
        entries = await self._audit.page(before, PAGE)
        more = entries[-1].id if len(entries) == PAGE else None
        return json_answer(AuditPage(entries, more), headers=NO_STORE)

    async def export(self, request: Request) -> HTTPResponse:
        """GET /api/v1/staff/audit.csv"""
        await self._audit.record(request.ctx.staff.id, "audit.export")
        entries: list[Entry] = []
        before = NEWEST
        while len(entries) < MOST_ROWS:
            page = await self._audit.page(before, 1_000)
            if not page:
                break
            entries += page
            before = page[-1].id
        rows = ((it.at, it.staff, it.what, it.about, _words(it.detail)) for it in entries)
        return csv_answer("audit.csv", ("at", "staff", "what", "about", "detail"), rows)


def routes(parts: Parts) -> list[Route]:
    """The audit log is for managers and administrators."""
    api = AuditApi(parts.audit)
    return [
        Route("GET", f"{STAFF}/audit", api.page, READERS, "audit"),
        Route("GET", f"{STAFF}/audit.csv", api.export, READERS, "audit_csv"),
    ]


def _is_id(text: str) -> bool:
    """Whether Redis takes it for a stream's id: two numbers of 64 bits."""
    return bool(_ID.fullmatch(text)) and all(int(part) < 2**64 for part in text.split("-"))


def _words(detail: dict[str, str]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in detail.items())
