"""Canned replies: `data/canned.yml`, texts that an agent picks instead of typing them again."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from bot.content.files import read_file
from bot.content.records import Record
from bot.errors import ContentError

# The slots that a reply may have; bot/desk/view.py fills them.
SLOTS = (
    "customer_first_name", "agent_name", "case_number", "brand", "phone", "problem", "device",
    "response_time",
)  # fmt: skip
_SLOT = re.compile(r"\{([^{}]*)\}")


class _Written(Record, frozen=True, kw_only=True):
    title: str
    text: str


class Reply(msgspec.Struct, frozen=True):
    """A canned reply; `text` may have slots such as `{customer_first_name}`."""

    id: str
    title: str
    text: str


def load_replies(path: Path) -> list[Reply]:
    """The replies in the order of the file. Raises `ContentError`, naming reply, slot and fix."""
    written = read_file(path, dict[str, _Written])
    for id, one in written.items():
        for slot in _SLOT.findall(one.text):
            if slot not in SLOTS:
                raise ContentError(
                    f"{path}: {id}: there is no slot {{{slot}}}. Use one of {', '.join(SLOTS)}"
                )
    return [Reply(id, one.title, one.text.strip()) for id, one in written.items()]
