"""The trainer's commands: `firstline train inbox|label|check|run|compare|promote|rollback`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {}


def run_command(arguments: Sequence[str]) -> int:
    """Runs the command that comes first; returns the exit code."""
    return COMMANDS[arguments[0]](arguments[1:])
