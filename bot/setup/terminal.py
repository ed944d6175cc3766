"""What the set-up says to the person who waits for it, and how it runs other programs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

LINES_SHOWN = 30


class Trouble(Exception):
    """The set-up cannot go on; the text says why and what to do, in one line."""


def say(text: str) -> None:
    """One line of progress."""
    print(f"[setup] {text}", flush=True)


def run(command: Sequence[object], cwd: Path | None = None, env: dict[str, str] | None = None,
        remedy: str = "") -> None:  # fmt: skip
    """Run `command` quietly; raises `Trouble` with `remedy` after showing its last words."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, cwd=cwd, env=env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
    except OSError as error:
        raise Trouble(f"cannot run {words[0]}: {error.strerror}. {remedy}".strip()) from error
    if done.returncode != 0:
        lines = done.stdout.decode("utf-8", "replace").splitlines()
        half = LINES_SHOWN // 2
        if len(lines) > LINES_SHOWN:
            lines = [*lines[:half], "…", *lines[-half:]]
        for line in lines:
            print(f"  | {line}", file=sys.stderr, flush=True)
        raise Trouble(
            f"{' '.join(words[:4])} … failed (exit code {done.returncode}). {remedy}".strip()
        )


def output_of(command: Sequence[object], seconds: float = 30) -> str | None:
    """What `command` prints, stripped; None when it cannot be run or fails."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, timeout=seconds)  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None
