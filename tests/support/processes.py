"""How processes of the tests end: soon, whatever has become of them."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from typing import Any


def end(process: subprocess.Popen[Any], number: int = signal.SIGTERM, within: float = 10) -> int:
    """Asks a process to end by the signal `number`; returns its exit status.

    What has not ended within so many seconds is killed, with its group where it leads one. Raises
    `AssertionError` then.
    """
    with suppress(ProcessLookupError):
        process.send_signal(number)
    try:
        return process.wait(within)
    except subprocess.TimeoutExpired:
        kill(process)
        raise AssertionError(
            f"{process.args!r} did not end within {within:g} s of {signal.Signals(number).name}"
        ) from None


def kill(process: subprocess.Popen[Any]) -> None:
    """Ends a process at once, and the group that it leads or has led; takes note of its end."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()
    process.wait()
