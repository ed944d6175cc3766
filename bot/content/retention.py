"""How long things are kept, read from `data/retention.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import Meta

from bot.content.files import read_file
from bot.content.hours import Clock
from bot.content.records import Record

Days = Annotated[int, Meta(gt=0)]


class Retention(Record, frozen=True):
    """Days since anything last happened, by kind of what is kept; `at` is when it is looked through."""

    at: Clock
    conversations_without_case_days: Days
    cases_days: Days
    complaints_days: Days
    audit_days: Days
    development_mailbox_days: Days


def load_retention(path: Path) -> Retention:
    """Reads and checks the schedule. Raises `ContentError`."""
    return read_file(path, Retention)
