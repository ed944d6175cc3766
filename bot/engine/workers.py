"""The engine's workers: processes forked from one that has Rasa and the models loaded.

Loading takes seconds and hundreds of megabytes. A fork takes milliseconds and shares what it does
not write to, so a worker that dies is replaced at once, and another one costs little. What forks
must have no threads and no connections: both would be broken in the copies.
"""

from __future__ import annotations

import gc
import mmap
import multiprocessing
import os
import secrets
import signal
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess

import structlog

from bot.errors import FirstlineError

FORK = multiprocessing.get_context("fork")
SIGNALS = (signal.SIGTERM, signal.SIGINT)

log = structlog.get_logger(__name__)


class WorkerFailed(FirstlineError):
    """A worker ended before it was ready: what is loaded does not work, forking again is no use."""


class Seat:
    """A worker's place, which outlives it.

    name: under which a worker claims, so that its successor can give back what it had in hand.
    parent: the process that forks for it. A worker that asked only when it runs might ask too late.
    """

    def __init__(self) -> None:
        self.name = secrets.token_hex(8)
        self.parent = os.getpid()
        self._shared = mmap.mmap(-1, 1)  # with the worker

    @property
    def ready(self) -> bool:
        """Whether the worker that sits here has been ready."""
        return bool(self._shared[0])

    @ready.setter
    def ready(self, ready: bool) -> None:
        self._shared[0] = ready


# What a worker does until SIGTERM; it marks its seat as ready once it is.
Work = Callable[[Seat], None]


class Workers:
    """Keeps `count` processes that do `work`. One that ends is replaced."""

    def __init__(self, count: int, work: Work) -> None:
        self._count = count
        self._work = work
        self._serving: dict[ForkProcess, Seat] = {}
        self._leaving: list[ForkProcess] = []
        self._stopping = False
        # Where it is ignored, as some that start us leave it, nobody is told that a worker has ended.
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)

    def renew(self) -> None:
        """Forks new workers from this process as it is now; those that were end after their turn."""
        gc.collect()
        gc.freeze()  # the collector's marks would copy every page into each worker
        former = list(self._serving)
        self._serving.clear()
        self._leaving += former
        for _ in range(self._count):
            self._fork(Seat())
        self._end(former)

    def stop(self) -> None:
        """Asks every worker to end after its turn; may be called by a signal."""
        self._stopping = True
        self._end([*self._serving, *self._leaving])

    def wait(self, seconds: float) -> bool:
        """Replaces workers as they end, for so long; whether there are any left.

        Raises `WorkerFailed`.
        """
        present = [*self._serving, *self._leaving]
        ended = wait([process.sentinel for process in present], seconds)
        for process in present:
            if process.sentinel in ended:
                process.join()  # its pipe closes a moment before the system says how it ended
        self._leaving = [process for process in self._leaving if process.is_alive()]
        for process in [process for process in self._serving if not process.is_alive()]:
            seat = self._serving.pop(process)
            if self._stopping:
                continue
            if not seat.ready:
                raise WorkerFailed(f"A worker ended with {process.exitcode} before it was ready")
            log.warning("worker_ended", pid=process.pid, exit_code=process.exitcode)
            self._fork(seat)
        return bool(self._serving or self._leaving)

    def _fork(self, seat: Seat) -> None:
        seat.ready = False
        process = FORK.Process(target=_live, args=(self._work, seat), daemon=True)
        # A signal in between would run this process's handlers in the copy, or miss the new worker.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            if not self._stopping:
                process.start()
                self._serving[process] = seat
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)

    @staticmethod
    def _end(processes: list[ForkProcess]) -> None:
        for process in processes:
            process.terminate()


def _live(work: Work, seat: Seat) -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    work(seat)
