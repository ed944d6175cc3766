"""A program that the supervisor keeps running, and how long it waits before starting it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.supervisor.line import Line, parse_json

FIRST_DELAY = 0.2
LONGEST_DELAY = 15.0


@dataclass(frozen=True)
class Program:
    """What to run and how it fits in.

    `needs` are programs that must be ready before this one is started for the first time;
    programs with a low `stop_level` are stopped before those with a higher one; `parse` turns
    what the program writes, line by line, into log lines.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    needs: tuple[str, ...] = ()
    stop_level: int = 0
    parse: Callable[[str], Line] = parse_json


def delay_after(failures: int) -> float:
    """Seconds to wait after that many lives in a row that never got ready: 0.2, doubled, 15 at most."""
    return min(FIRST_DELAY * 2.0 ** max(failures - 1, 0), LONGEST_DELAY)
