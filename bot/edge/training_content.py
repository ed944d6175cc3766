"""What the bot is taught with, for trainers to browse, edit, check and draw."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, TypeVar
from urllib.parse import unquote

from msgspec import Meta
from sanic import HTTPResponse, Request

from bot.edge.access import Route
from bot.edge.answers import NO_STORE, json_answer
from bot.edge.parts import Parts
from bot.edge.problems import Problem
from bot.edge.schemas import Body, read_json
from bot.errors import ContentError
from bot.staff.roles import Roles
from bot.training.check import check
from bot.training.content import browse, edit, open_item, ways
from bot.training.files import Workspace

T = TypeVar("T")


class ContentEdit(Body, frozen=True):
    """New values for parts of something; nothing is written unless `write`."""

    fields: Annotated[dict[str, Any], Meta(max_length=20)]
    write: bool = False


class ContentApi:
    """Reads and writes the files under `data/`, off the event loop: each takes tenths of a second."""

    def __init__(self, parts: Parts, workspace: Workspace) -> None:
        self._audit = parts.audit
        self._workspace = workspace
        self._editing = asyncio.Lock()

    async def browse(self, request: Request) -> HTTPResponse:
        """GET /api/v1/staff/train/content"""
        words = str(request.args.get("q", ""))[:200]
        items = await _done(lambda: browse(self._workspace, words))
        return json_answer({"items": items, "writable": self._workspace.writable}, headers=NO_STORE)

    async def read(self, request: Request, kind: str, name: str) -> HTTPResponse:
        """GET /api/v1/staff/train/content/{kind}/{name}"""
        item = await _done(lambda: open_item(self._workspace, kind, unquote(name)))
        return json_answer(item, headers=NO_STORE)

    async def write(self, request: Request, kind: str, name: str) -> HTTPResponse:
        """PUT /api/v1/staff/train/content/{kind}/{name}"""
        body = await read_json(request, ContentEdit)
        async with self._editing:
            done = await _done(
                lambda: edit(self._workspace, kind, unquote(name), body.fields, body.write)
            )
        faulty = any(it.severity == "error" for it in done.findings)
        if body.write and not faulty:
            await self._audit.record(request.ctx.staff.id, "training.edit", done.file)
        return json_answer({**_plain(done), "written": body.write and not faulty}, headers=NO_STORE)

    async def check(self, request: Request) -> HTTPResponse:
        """GET /api/v1/staff/train/check"""
        found = await _done(lambda: check(self._workspace.root, self._workspace.set_aside()))
        return json_answer({"findings": found}, headers=NO_STORE)

    async def graph(self, request: Request) -> HTTPResponse:
        """GET /api/v1/staff/train/ways: rules and stories, for drawing."""
        return json_answer({"ways": await _done(lambda: ways(self._workspace))}, headers=NO_STORE)

    async def patch(self, request: Request) -> HTTPResponse:
        """GET /api/v1/staff/train/patch: what could not be written, for `git apply`."""
        text = await _done(self._workspace.patch)
        headers = {**NO_STORE, "Content-Disposition": 'attachment; filename="training.patch"'}
        return HTTPResponse(text, headers=headers, content_type="text/x-diff; charset=utf-8")

    def routes(self, prefix: str, audience: Roles) -> list[Route]:
        """The addresses of content."""
        one = f"{prefix}/content/<kind:str>/<name:str>"
        return [
            Route("GET", f"{prefix}/content", self.browse, audience, "training_browse"),
            Route("GET", one, self.read, audience, "training_read"),
            Route("PUT", one, self.write, audience, "training_write"),
            Route("GET", f"{prefix}/check", self.check, audience, "training_check"),
            Route("GET", f"{prefix}/ways", self.graph, audience, "training_ways"),
            Route("GET", f"{prefix}/patch", self.patch, audience, "training_patch"),
        ]


def _plain(done: Any) -> dict[str, Any]:
    return {"file": done.file, "patch": done.patch, "findings": done.findings}


async def _done(work: Callable[[], T]) -> T:
    """The result of work on files. Raises `Problem` 422 for what cannot be done."""
    try:
        return await asyncio.to_thread(work)
    except ContentError as error:
        raise Problem(422, "content", str(error)) from error
