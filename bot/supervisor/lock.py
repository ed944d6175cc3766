"""One supervisor for one state directory, and the remains of one that was killed."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from bot.errors import FirstlineError
from bot.settings import ROOT

LOCK = "up.lock"


class AlreadyRunning(FirstlineError):
    """Another supervisor works with this state directory."""


def take_lock(run_folder: Path) -> TextIO:
    """Hold the state directory for as long as the returned file is open.

    Raises `AlreadyRunning`, naming the other process.
    """
    handle = (run_folder / LOCK).open("a+")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        raise AlreadyRunning(_told(holder(run_folder))) from None
    handle.seek(0)
    handle.truncate()
    handle.write(f"{os.getpid()}\n")
    handle.flush()
    return handle


def require_free(run_folder: Path) -> None:
    """Raises `AlreadyRunning` when a supervisor holds the state directory."""
    other = holder(run_folder)
    if other is not None:
        raise AlreadyRunning(_told(other))


def holder(run_folder: Path) -> int | None:
    """The process that holds the state directory now, if any."""
    with suppress(OSError, ValueError), (run_folder / LOCK).open() as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(handle.read())
    return None


def end_leftovers(run_folder: Path, state_dir: Path) -> list[str]:
    """Kill what a supervisor that was itself killed left running; returns the names.

    On Linux children die with the supervisor; elsewhere their pid files tell. A number that has
    passed to some other program meanwhile is left alone.
    """
    ended = []
    for path in sorted(run_folder.glob("*.pid")):
        with suppress(OSError, ValueError):
            pid = int(path.read_text())
            if _is_ours(pid, state_dir):
                os.killpg(pid, signal.SIGKILL)
                ended.append(path.stem)
        path.unlink(missing_ok=True)
    return ended


def _told(process: int | None) -> str:
    return (f"Firstline is running already with this state directory (process {process}). Stop "
            "it, or give this one its own FIRSTLINE_STATE_DIR and FIRSTLINE_PORT")  # fmt: skip


def _is_ours(pid: int, state_dir: Path) -> bool:
    command = subprocess.run(["ps", "-o", "command=", "-p", str(pid)],
                             capture_output=True, text=True, check=False).stdout  # fmt: skip
    return f"{state_dir}/" in command or f"{ROOT}/.venv/" in command
