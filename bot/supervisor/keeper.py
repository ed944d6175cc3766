"""Keeps one program running: starts it, follows its output, starts it again when it stops."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bot.errors import FirstlineError
from bot.logs import READY
from bot.settings import ROOT
from bot.supervisor.line import Line
from bot.supervisor.output import Output
from bot.supervisor.program import Program, delay_after

STARTS_TRIED = 3
STOP_SECONDS = 5.0
LONGEST_LINE = 1 << 20
_PR_SET_PDEATHSIG = 1


class StartFailed(FirstlineError):
    """A program stopped again and again before it was ready for the first time."""


class Keeper:
    """One program and its life; `ready` is set while the program runs and has said so."""

    def __init__(self, program: Program, output: Output, run_folder: Path) -> None:
        self.program = program
        self.ready = asyncio.Event()
        self._output = output
        self._pid_file = run_folder / f"{program.name}.pid"
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()
        self._was_ready = False
        self._last_words = ""

    async def keep(self) -> None:
        """Run the program until `stop`; raises `StartFailed` when it never gets ready at all."""
        failures = 0
        while not self._stopping.is_set():
            code = await self._run_once()
            if self._stopping.is_set():
                return
            # What had been ready is wanted back at once; only what cannot start waits longer.
            failures = 1 if self.ready.is_set() else failures + 1
            self.ready.clear()
            if not self._was_ready and failures >= STARTS_TRIED:
                raise StartFailed(f"{self.program.name} {_ending(code)} before it was ready; "
                                  f"its last words: {self._last_words or 'none'}")  # fmt: skip
            delay = delay_after(failures)
            self._tell(f"{_ending(code)}; starting it again in {delay:g} s", "warning")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), delay)

    async def stop(self) -> None:
        """Ask the program to end; after five seconds it is made to."""
        self._stopping.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            self._tell(f"did not end within {STOP_SECONDS:g} s; killed", "warning")
            self.kill()

    def kill(self) -> None:
        """End the program, and everything it started, at once."""
        self._stopping.set()
        if self._process is not None:
            _kill_group(self._process.pid)

    async def _run_once(self) -> int:
        program = self.program
        try:
            process = await asyncio.create_subprocess_exec(
                *program.command, env=dict(program.environment), cwd=ROOT, limit=LONGEST_LINE,
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT, process_group=0, preexec_fn=_dies_with(os.getpid()),
            )  # fmt: skip
        except OSError as error:
            self._last_words = f"{program.command[0]}: {error.strerror}"
            return 127
        self._process = process
        if self._stopping.is_set():
            _kill_group(process.pid)
        self._pid_file.write_text(f"{process.pid}\n")
        reading = asyncio.create_task(self._follow(process))
        code = await process.wait()
        self._pid_file.unlink(missing_ok=True)
        # What it started itself goes with it: nothing may hold its port or its pipe.
        _kill_group(process.pid)
        await reading
        return code

    async def _follow(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while True:
            try:
                text = await process.stdout.readline()
            except ValueError:
                text = b"(a line too long to be shown)\n"
            if not text:
                return
            words = text.decode("utf-8", "replace").rstrip()
            if words:
                self._heard(self.program.parse(words))

    def _heard(self, line: Line) -> None:
        self._output.line(self.program.name, line)
        if line.event == READY:
            self._was_ready = True
            self.ready.set()
        elif line.level != "debug":
            self._last_words = _words(line)

    def _tell(self, text: str, level: str = "info") -> None:
        self._output.line("up", Line(f"{self.program.name} {text}", level))


def _words(line: Line) -> str:
    exception = str(line.values.get("exception", "")).strip().splitlines()
    if exception:
        return exception[-1]
    error = line.values.get("error")
    return f"{line.event}: {error}" if error else line.event


def _ending(code: int) -> str:
    if code >= 0:
        return f"stopped with exit code {code}"
    try:
        return f"was stopped by {signal.Signals(-code).name}"
    except ValueError:
        return f"was stopped by signal {-code}"


def _kill_group(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _dies_with(parent: int) -> Callable[[], None] | None:
    """For the child, before it begins: die when the supervisor dies, however it dies (Linux)."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def bind() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return bind
