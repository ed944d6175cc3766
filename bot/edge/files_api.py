"""Taking in a customer's file and giving it back to the customer."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from pathlib import Path
from urllib.parse import quote

import msgspec
from sanic import HTTPResponse, Request
from sanic.request.form import File, parse_multipart_form

from bot.conversation.events import CUSTOMER, message
from bot.conversation.store import Conversations
from bot.edge.answers import json_answer
from bot.edge.files import MAX_BYTES, RefusedFile, cleaned
from bot.edge.guard import Guard
from bot.edge.limits import FILES, Limits
from bot.edge.problems import Problem
from bot.edge.schemas import StoredFile, read_body
from bot.errors import NotFound

MOST_FILES = 5
UPLOADS_AT_ONCE = 16
UPLOAD_SECONDS = 120.0
MULTIPART_OVERHEAD = 16 * 1024

_BOUNDARY = re.compile(r"""multipart/form-data\s*;.*\bboundary=("?)([\w'()+,./:=? -]{1,70})\1""",
                       re.IGNORECASE | re.ASCII)  # fmt: skip
_FILE_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


class FilesApi:
    """Files are kept as `<folder>/<conversation>/<file id>`, each with a note `<file id>.json`.

    The id is a digest of what was sent, so the same file sent again is the same file, and its
    event in the log is made once.
    """

    def __init__(
        self, folder: Path, conversations: Conversations, guard: Guard, limits: Limits
    ) -> None:
        self._folder = folder
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
            sent = await _sent_file(request)
            async with self._storing:
                stored = await asyncio.to_thread(self._store, conversation, sent)
        await self._record(conversation, stored)
        return json_answer(stored, 201)

    def _store(self, conversation: str, sent: File) -> StoredFile:
        """Makes the file harmless and keeps it. Raises `Problem` 413 or 415."""
        try:
            file = cleaned(sent.name, sent.body)
        except RefusedFile as error:
            raise Problem(415, "file-type", str(error)) from error
        id = hashlib.sha256(conversation.encode() + b"\0" + sent.body).hexdigest()[:32]
        stored = StoredFile(id, file.name, file.type, len(file.body))
        self._keep(conversation, stored, file.body)
        return stored

    def _keep(self, conversation: str, stored: StoredFile, body: bytes) -> None:
        folder = self._folder / conversation
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / stored.file
        if path.exists():
            return
        if sum(1 for file in folder.iterdir() if _FILE_ID.fullmatch(file.name)) >= MOST_FILES:
            raise Problem(
                413, "too-many-files", f"A conversation takes {MOST_FILES} files at most."
            )
        _write(folder / f"{stored.file}.json", msgspec.json.encode(stored))
        _write(path, body)

    async def _record(self, conversation: str, stored: StoredFile) -> None:
        shown = {
            "file": stored.file,
            "name": stored.name,
            "type": stored.type,
            "bytes": stored.bytes,
        }
        event = message(CUSTOMER, "", file=shown)
        try:
            await self._conversations.say(conversation, f"file:{stored.file}", event)
        except NotFound as error:
            raise self._guard.forget(conversation) from error

    async def download(self, request: Request, conversation: str, file: str) -> HTTPResponse:
        """GET /api/v1/conversations/{conversation}/files/{file}"""
        path = self._folder / conversation / file
        if not _FILE_ID.fullmatch(file) or not path.is_file():
            raise Problem(404, "", "There is no such file in this conversation.")
        note, body = await asyncio.to_thread(_read, path)
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(note.name)}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, no-store",
        }
        return HTTPResponse(body, headers=headers, content_type=note.type)


def _write(path: Path, body: bytes) -> None:
    """Writes a file that only we may read, so that a crash leaves all of it or nothing."""
    draft = path.with_name(f".{path.name}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(body)
        handle.flush()
        os.fsync(handle.fileno())
    draft.rename(path)


def _read(path: Path) -> tuple[StoredFile, bytes]:
    note = path.with_name(f"{path.name}.json").read_bytes()
    return msgspec.json.decode(note, type=StoredFile), path.read_bytes()


async def _sent_file(request: Request) -> File:
    """The one file of a multipart body. Raises `Problem` 400, 413, 415 or 422."""
    boundary = _BOUNDARY.match(request.headers.get("content-type", ""))
    body = await read_body(request, MAX_BYTES + MULTIPART_OVERHEAD, UPLOAD_SECONDS)
    if boundary is None:
        raise Problem(415, "not-multipart", "Send the file as multipart/form-data, field `file`.")
    try:
        _, files = parse_multipart_form(body, boundary[2].encode())  # type: ignore[no-untyped-call]
    except Exception as error:  # the parser raises what the broken body makes it raise
        raise Problem(400, "not-multipart", "The form could not be read.") from error
    sent = files.getlist("file") or []
    if len(sent) != 1:
        raise Problem(422, "invalid", "Send exactly one file, in the field `file`.")
    if len(sent[0].body) > MAX_BYTES:
        raise Problem(413, "too-large", "That file is too large: at most 10 MB are taken.")
    return File(sent[0].type, sent[0].body, sent[0].name or "")
