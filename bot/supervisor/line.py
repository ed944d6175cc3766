"""One line of a program's output, as it goes into files (JSON) and into the terminal (words)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.redaction import redact

_REDIS_LINE = re.compile(r"\d+:[A-Z] \d\d \w{3} \d{4} [\d:.]+ (?P<mark>[.*#-]) (?P<text>.*)")
# What Redis marks as grave is for the greater part its greeting and its farewell.
_REDIS_TROUBLE = re.compile(r"warning|error|fail|can't|cannot|bad |corrupt|out of|misconf", re.I)
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_COLOURS = {"warning": "33", "error": "31", "critical": "31"}
# Shown in front of the line already, or of no use to a person who watches.
_UNSHOWN = {"at", "level", "process", "event", "logger", "exception", "stack"}


@dataclass(frozen=True)
class Line:
    """What was said (`event`), how grave it is, when, and the named values that came with it."""

    event: str
    level: str = "info"
    at: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    def as_json(self, process: str) -> str:
        """The line for a log file: the same keys that the processes themselves write."""
        at = self.at or datetime.now(UTC).isoformat().replace("+00:00", "Z")
        head = {"at": at, "level": self.level, "process": process, "event": self.event}
        return json.dumps({**head, **self.values}, ensure_ascii=False)

    def as_text(self, process: str, colour: bool) -> str:
        """The line for people: local time, process, level when it matters, words, values."""
        words = [f"{_local_time(self.at)} {process:<9}"]
        if self.level in _COLOURS:
            words.append(self.level.upper())
        words.append(" ".join(_ANSI.sub("", self.event).split()))
        shown = {name: it for name, it in self.values.items() if name not in _UNSHOWN}
        words.extend(f"{name}={_short(value)}" for name, value in shown.items())
        exception = str(self.values.get("exception", "")).strip()
        if exception:
            words.append(f"({exception.splitlines()[-1]})")
        text = " ".join(words)
        return (
            f"\x1b[{_COLOURS[self.level]}m{text}\x1b[0m"
            if colour and self.level in _COLOURS
            else text
        )


def parse_json(text: str) -> Line:
    """A line of one of our processes; what is not JSON (a print of a library) is taken as words."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("event"), str):
        return Line(redact(text))
    values = {
        name: it for name, it in found.items() if name not in ("event", "level", "at", "process")
    }
    return Line(found["event"], str(found.get("level", "info")), str(found.get("at", "")), values)


def parse_redis(text: str) -> Line:
    """A line of redis-server; it is ready when it accepts connections."""
    match = _REDIS_LINE.match(text)
    if match is None:
        return Line(redact(text))
    if match["text"].startswith("Ready to accept connections"):
        return Line("ready")
    trouble = match["mark"] == "#" and _REDIS_TROUBLE.search(match["text"])
    return Line(redact(match["text"]), "warning" if trouble else "debug")


def _local_time(at: str) -> str:
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        moment = datetime.now(UTC)
    return moment.astimezone().strftime("%H:%M:%S")


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split())
    text = text if len(text) <= 200 else text[:199] + "…"
    return f'"{text}"' if " " in text else text
