"""The files a customer sent, read from the state directory to go with the case mail."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

FOLDER = "files"
LARGEST = 15_000_000  # bytes of all files together; base64 makes 20 MB of it, a common limit
UNKNOWN_TYPE = "application/octet-stream"
_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
_TYPE = re.compile(r"(?:image|application|text|audio|video)/[a-z0-9.+-]+")


@dataclass(frozen=True)
class Attachment:
    """A file to attach, or, with `data` None, one that could not be, and `why`."""

    name: str
    type: str
    data: bytes | None
    why: str = ""

    @property
    def size(self) -> str:
        """The size as people read it."""
        count = len(self.data or b"")
        return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{-(-count // 1000)} kB"


class Sidecar(msgspec.Struct, frozen=True):
    """What the edge notes beside a file it stored."""

    name: str
    type: str = UNKNOWN_TYPE


def read_attachments(
    state_dir: Path, conversation: str, ids: Sequence[str], largest: int = LARGEST
) -> list[Attachment]:
    """The files `ids` of a conversation, in order; a case is mailed even when one cannot be read."""
    attachments: list[Attachment] = []
    room = largest
    for id in ids:
        attachment = _read(state_dir / FOLDER / conversation, id, room)
        attachments.append(attachment)
        room -= len(attachment.data or b"")
    return attachments


def _read(folder: Path, id: str, room: int) -> Attachment:
    if not _ID.fullmatch(id):
        return Attachment(id[:80], UNKNOWN_TYPE, None, "its name is not one of ours")
    try:
        note = msgspec.json.decode((folder / f"{id}.json").read_bytes(), type=Sidecar)
        if (folder / id).stat().st_size > room:
            return Attachment(note.name, note.type, None, "too large for a mail")
        data = (folder / id).read_bytes()
    except (OSError, msgspec.MsgspecError):
        return Attachment(id, UNKNOWN_TYPE, None, "it could not be read")
    return Attachment(note.name, note.type if _TYPE.fullmatch(note.type) else UNKNOWN_TYPE, data)


def safe_name(name: str) -> str:
    """A file name for the attachment that is only a name, and hides nothing of its ending."""
    plain = "".join(char for char in name if char.isprintable() and char not in '/\\:*?"<>|')
    stem, dot, ending = plain.strip(" .").rpartition(".")
    shortened = f"{stem[:80]}{dot}{ending[:10]}"
    return shortened or "file"
