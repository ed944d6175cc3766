"""The whole product as an operator starts it, for tests that need it running."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bot.settings import ROOT
from tests.support.ports import free_port
from tests.support.processes import end

START_SECONDS = 600.0
READY_SECONDS = 120.0
STOP_SECONDS = 60.0
_READY = re.compile(r"\d\d:\d\d:\d\d (?P<name>\S+)\s+ready\b")


class Stack:
    """`bin/firstline up` with a state directory and a port of its own.

    It runs from the checkout `root`. `url` is the edge's address, `mailbox_url` the page of the
    development mailbox; `output` holds what was printed so far.
    """

    def __init__(self, state_dir: Path, root: Path = ROOT, **settings: str) -> None:
        self.state_dir = state_dir
        self.root = root
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.mailbox_url = f"{self.url}/mailbox"
        self.output: list[str] = []
        self._settings = settings
        self._changed = threading.Condition()
        self._ready: Counter[str] = Counter()
        self._awaited: dict[str, int] = {}
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start and wait until everything is ready."""
        own = {
            name: value for name, value in os.environ.items() if not name.startswith("FIRSTLINE_")
        }
        settings = {"FIRSTLINE_STATE_DIR": str(self.state_dir), "FIRSTLINE_PORT": str(self.port)}
        self._process = subprocess.Popen(
            [str(self.root / "bin" / "firstline"), "up"],
            cwd=self.root,
            env={**own, **settings, **self._settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, args=[self._process], daemon=True).start()
        self._wait(lambda: self.ended or "Firstline is up." in self.output, START_SECONDS)
        assert not self.ended, "the stack ended:\n" + "\n".join(self.output[-30:])

    def stop(self) -> int:
        """Stop as Ctrl-C does; returns the exit code."""
        assert self._process is not None
        return end(self._process, signal.SIGINT, STOP_SECONDS)

    @property
    def ended(self) -> bool:
        """Whether the supervisor itself has ended."""
        return self._process is None or self._process.poll() is not None

    def pid(self, name: str) -> int:
        """Process id of redis, mailbox, edge, engine or courier."""
        return int((self.state_dir / "run" / f"{name}.pid").read_text())

    def workers(self) -> list[int]:
        """Process ids of the engine's workers."""
        engine = self.pid("engine")
        return [
            int(it) for it in Path(f"/proc/{engine}/task/{engine}/children").read_text().split()
        ]

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Send a signal to one process; `wait_ready` then waits for its next life.

        `worker` is the engine's first worker: the engine itself goes on.
        """
        ready, pid = ("engine", self.workers()[0]) if name == "worker" else (name, self.pid(name))
        with self._changed:
            self._awaited[ready] = self._ready[ready]
        os.kill(pid, number)

    def wait_ready(self) -> None:
        """Wait until every process that `kill` ended is ready again."""
        self._wait(
            lambda: all(self._ready[it] > n for it, n in self._awaited.items()), READY_SECONDS
        )
        self._awaited.clear()

    def wait_said(self, words: str, times: int = 1) -> None:
        """Wait until so many printed lines have these words in them."""
        self._wait(lambda: sum(words in line for line in self.output) >= times, READY_SECONDS)

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                self._heard(line)
        process.wait()
        with self._changed:
            self._changed.notify_all()

    def _heard(self, line: str) -> None:
        with self._changed:
            self.output.append(line.rstrip("\n"))
            match = _READY.search(line)
            if match:
                self._ready[match["name"]] += 1
            self._changed.notify_all()

    def _wait(self, predicate: Callable[[], bool], seconds: float) -> None:
        with self._changed:
            if not self._changed.wait_for(predicate, timeout=seconds):
                print("\n".join(self.output[-40:]), file=sys.stderr)
                raise AssertionError(f"not ready within {seconds:g} s")
