"""The engine's workers where it matters what started the engine, and when it died."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

from bot.engine.answering import _stop_alone
from bot.engine.workers import Seat
from bot.settings import ROOT

# Started by something that ignores SIGCHLD; says how the workers' end was taken.
IGNORING = """
import signal
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
from bot.engine.workers import WorkerFailed, Workers

workers = Workers(1, lambda seat: None)
workers.renew()
try:
    workers.wait(30)
except WorkerFailed as error:
    print(error)
"""


def test_the_end_of_a_worker_is_noticed_where_the_signal_of_it_was_ignored() -> None:
    run = subprocess.run(
        [sys.executable, "-c", IGNORING], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert "A worker ended with 0 before it was ready" in run.stdout, run.stderr


class Told:
    """Stands for a worker that is told to stop."""

    stopped = False

    def stop(self) -> None:
        self.stopped = True


def test_a_worker_whose_parent_died_before_it_ran_stops() -> None:
    worker = Told()
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    asyncio.run(asyncio.wait_for(_stop_alone(worker, parent=child.pid), 10))  # type: ignore[arg-type]
    assert worker.stopped


def test_a_seat_knows_who_forks_for_it() -> None:
    assert Seat().parent == os.getpid()
