"""Our own held-out messages: intent families and fields, measured on what was never trained on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from bot.content.files import read_file

EXACT = (
    "account_number",
    "device",
    "os_version",
    "contact_email",
    "contact_phone",
    "preferred_reply",
)
STEPS_TRIED = "steps_tried"
# What customers say by the way and the messages' notes leave out is not counted against the bot.
OPTIONAL = frozenset({"previous_contact", "preferred_reply"})


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message with what must be understood; `fields` of steps_tried is a list of step names.

    kind: the problems or articles of which any is right; fields: None where nobody noted them.
    """

    text: str
    family: str
    fields: dict[str, str | list[str]] | None = {}
    kind: list[str] = []


class Messages(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of messages; `at` is when they were written, which dates are counted from.

    families_only: nobody noted the fields of its messages.
    """

    at: datetime
    messages: list[Message]
    families_only: bool = False


class FieldScore(msgspec.Struct, frozen=True):
    """How one field was found: shares from 0 to 1, and how many values there were."""

    precision: float
    recall: float
    f1: float
    values: int


class Tally:
    """Counts right, wrong and missed values by field."""

    def __init__(self) -> None:
        self._right: Counter[str] = Counter()
        self._wrong: Counter[str] = Counter()
        self._missed: Counter[str] = Counter()
        self.faults: list[str] = []

    def add(self, message: Message, found: Mapping[str, Mapping[str, Any]]) -> None:
        """Counts what was `found` (as `understand` prints it) in a message whose fields were noted."""
        if message.fields is None:
            return
        for field in sorted(set(message.fields) | set(found)):
            wanted = message.fields.get(field)
            if wanted is None and field in OPTIONAL:
                continue
            before = self._wrong[field] + self._missed[field]
            self._count(field, wanted, found.get(field))
            if self._wrong[field] + self._missed[field] > before:
                got = found.get(field, {}).get("value")
                self.faults.append(f"{field}: wanted {wanted!r}, got {got!r}: {message.text}")

    def scores(self) -> dict[str, FieldScore]:
        """By field."""
        return {
            field: self._score(field)
            for field in sorted({*self._right, *self._wrong, *self._missed})
        }

    def _count(
        self, field: str, wanted: str | list[str] | None, got: Mapping[str, Any] | None
    ) -> None:
        if field == STEPS_TRIED:
            want = set(wanted or [])
            have = {step["step"] for step in got["value"]} if got else set()
            self._right[field] += len(want & have)
            self._wrong[field] += len(have - want)
            self._missed[field] += len(want - have)
        elif wanted is None:
            self._wrong[field] += 1
        elif got is None:
            self._missed[field] += 1
        elif matches(field, str(wanted), got):
            self._right[field] += 1
        else:
            self._wrong[field] += 1
            self._missed[field] += 1

    def _score(self, field: str) -> FieldScore:
        right, wrong, missed = self._right[field], self._wrong[field], self._missed[field]
        precision = right / (right + wrong) if right + wrong else 1.0
        recall = right / (right + missed) if right + missed else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return FieldScore(round(precision, 3), round(recall, 3), round(f1, 3), right + missed)


def read_messages(paths: Iterable[Path]) -> list[tuple[datetime, Message]]:
    """All messages of the files with their times. Raises `ContentError`."""
    files = [read_file(path, Messages) for path in paths]
    return [
        (file.at, replace(message, fields=None) if file.families_only else message)
        for file in files
        for message in file.messages
    ]


def matches(field: str, wanted: str, got: Mapping[str, Any]) -> bool:
    """Exactly for identifiers and names; by containment of value or words for the rest."""
    if field in EXACT:
        return bool(got["value"] == wanted)
    return any(_contains(wanted, str(got.get(key, ""))) for key in ("value", "verbatim"))


def _contains(one: str, other: str) -> bool:
    first, second = (
        " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())
        for text in (one, other)
    )
    return bool(first) and bool(second) and (first in second or second in first)
