"""Customers' files on disk: `<folder>/<conversation>/<file id>`, each with a note `<file id>.json`.

The id is a digest of what was sent, so the same file sent again is the same file.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Any

import msgspec

from bot.conversation.events import CUSTOMER, Event, message
from bot.errors import FirstlineError, NotFound
from bot.files.gate import CleanFile, RefusedFile, cleaned
from bot.files.limits import FileLimits
from bot.files.scan import Scanner

FOLDER = "files"

_FILE_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


class TooManyFiles(FirstlineError):
    """The conversation has as many files as one may have."""


class StoredFile(msgspec.Struct, frozen=True):
    """A file that has been taken in; `bytes` is its size as stored."""

    file: str
    name: str
    type: str
    bytes: int


class FileStore:
    """The files under one folder. Every call may take up to seconds: run it in a thread.

    scanner: looks at each file as it was sent, before anything else opens it.
    """

    def __init__(
        self, folder: Path, scanner: Scanner | None = None, limits: FileLimits | None = None
    ) -> None:
        self._folder = folder
        self._limits = limits or FileLimits()
        self._scanner = scanner or Scanner()

    def take(self, conversation: str, name: str, body: bytes) -> StoredFile:
        """Makes a file harmless and keeps it. Raises `RefusedFile`, `TooManyFiles`, or
        `StoreUnavailable` when the scanner is away.
        """
        if len(body) > self._limits.bytes:
            raise RefusedFile(f"A file may have {self._limits.megabytes} MB at most.")
        self._scanner.look_at(body)
        file = cleaned(name, body, self._limits.bytes)
        id = hashlib.sha256(conversation.encode() + b"\0" + body).hexdigest()[:32]
        stored = StoredFile(id, file.name, file.type, len(file.body))
        self._keep(conversation, stored, file)
        return stored

    def _keep(self, conversation: str, stored: StoredFile, file: CleanFile) -> None:
        folder = self._folder / conversation
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / stored.file
        if path.exists():
            return
        if sum(1 for one in folder.iterdir() if _FILE_ID.fullmatch(one.name)) >= self._limits.most:
            raise TooManyFiles(f"A conversation takes {self._limits.most} files at most.")
        _write(folder / f"{stored.file}.json", msgspec.json.encode(stored))
        _write(path, file.body)

    def read(self, conversation: str, file: str) -> tuple[StoredFile, bytes]:
        """A file with its note. Raises `NotFound`."""
        path = self._folder / conversation / file
        if not _FILE_ID.fullmatch(file) or not path.is_file():
            raise NotFound("no such file")
        note = path.with_name(f"{path.name}.json").read_bytes()
        return msgspec.json.decode(note, type=StoredFile), path.read_bytes()


def file_event(stored: StoredFile, **private: Any) -> Event:
    """The customer's message that a file is."""
    event = message(CUSTOMER, "", file=msgspec.to_builtins(stored))
    return Event(event.type, event.body, private)


def _write(path: Path, body: bytes) -> None:
    """Writes a file that only we may read, so that a crash leaves all of it or nothing."""
    draft = path.with_name(f".{path.name}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(body)
        handle.flush()
        os.fsync(handle.fileno())
    draft.rename(path)
