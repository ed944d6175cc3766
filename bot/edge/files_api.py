"""Taking in a customer's file and giving it back to the customer."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import quote

from sanic import HTTPResponse, Request
from sanic.request.form import File, parse_multipart_form

from bot.conversation.store import Conversations
from bot.edge.answers import json_answer
from bot.edge.guard import Guard
from bot.edge.limits import FILES, Limits
from bot.edge.problems import Problem
from bot.edge.schemas import read_body
from bot.errors import NotFound
from bot.files.gate import RefusedFile
from bot.files.limits import FileLimits
from bot.files.scan import Scanner
from bot.files.store import FOLDER, FileStore, StoredFile, TooManyFiles, file_event
from bot.settings import Settings

UPLOADS_AT_ONCE = 16
UPLOAD_SECONDS = 120.0
MULTIPART_OVERHEAD = 16 * 1024

_BOUNDARY = re.compile(r"""multipart/form-data\s*;.*\bboundary=("?)([\w'()+,./:=? -]{1,70})\1""",
                       re.IGNORECASE | re.ASCII)  # fmt: skip


class FilesApi:
    """The same file sent again is the same file, and its event in the log is made once."""

    def __init__(
        self, settings: Settings, conversations: Conversations, guard: Guard, limits: Limits
    ) -> None:
        self._limits_of_files = settings.file_limits
        self._files = FileStore(
            settings.state_dir / FOLDER, Scanner(settings.clamd), settings.file_limits
        )
        self._conversations = conversations
        self._guard = guard
        self._limits = limits
        self._uploads = asyncio.Semaphore(UPLOADS_AT_ONCE)
        # One at a time: a picture may need hundreds of megabytes for a moment, and files are counted.
        self._storing = asyncio.Lock()

    async def upload(self, request: Request, conversation: str) -> HTTPResponse:
        """POST /api/v1/conversations/{conversation}/files"""
        await self._limits.conversation(FILES, "files", conversation)
        async with self._uploads:
            sent = await _sent_file(request, self._limits_of_files)
            async with self._storing:
                stored = await asyncio.to_thread(self._store, conversation, sent)
        await self._record(conversation, stored)
        return json_answer(stored, 201)

    def _store(self, conversation: str, sent: File) -> StoredFile:
        """Makes the file harmless and keeps it. Raises `Problem` 413 or 415."""
        try:
            return self._files.take(conversation, sent.name, sent.body)
        except RefusedFile as error:
            raise Problem(415, "file-type", str(error)) from error
        except TooManyFiles as error:
            raise Problem(413, "too-many-files", str(error)) from error

    async def _record(self, conversation: str, stored: StoredFile) -> None:
        try:
            await self._conversations.say(conversation, f"file:{stored.file}", file_event(stored))
        except NotFound as error:
            raise self._guard.forget(conversation) from error

    async def download(self, request: Request, conversation: str, file: str) -> HTTPResponse:
        """GET /api/v1/conversations/{conversation}/files/{file}"""
        try:
            note, body = await asyncio.to_thread(self._files.read, conversation, file)
        except NotFound as error:
            raise Problem(404, "", "There is no such file in this conversation.") from error
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(note.name)}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, no-store",
        }
        return HTTPResponse(body, headers=headers, content_type=note.type)


async def _sent_file(request: Request, limits: FileLimits) -> File:
    """The one file of a multipart body. Raises `Problem` 400, 413, 415 or 422."""
    boundary = _BOUNDARY.match(request.headers.get("content-type", ""))
    body = await read_body(request, limits.bytes + MULTIPART_OVERHEAD, UPLOAD_SECONDS)
    if boundary is None:
        raise Problem(415, "not-multipart", "Send the file as multipart/form-data, field `file`.")
    try:
        _, files = parse_multipart_form(body, boundary[2].encode())  # type: ignore[no-untyped-call]
    except Exception as error:  # the parser raises what the broken body makes it raise
        raise Problem(400, "not-multipart", "The form could not be read.") from error
    sent = files.getlist("file") or []
    if len(sent) != 1:
        raise Problem(422, "invalid", "Send exactly one file, in the field `file`.")
    if len(sent[0].body) > limits.bytes:
        raise Problem(
            413, "too-large", f"That file is too large: at most {limits.megabytes} MB are taken."
        )
    return File(sent[0].type, sent[0].body, sent[0].name or "")
