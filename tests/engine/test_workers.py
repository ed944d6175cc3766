"""The engine's workers: copies of one process, replaced when they end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bot.engine.workers import Workers
from bot.settings import ROOT
from tests.support.processes import kill

# Keeps two workers that write `ready <number of the model> <pid> <name of the seat>`; a byte of input renews them.
KEEPER = """
import os, select, signal, sys
from bot.engine.workers import Workers

model = 1
def work(seat):
    if model == 3:
        sys.exit(5)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    seat.ready = True
    os.write(1, f"ready {model} {os.getpid()} {seat.name}\\n".encode())
    signal.sigwait([signal.SIGTERM])

workers = Workers(2, work)
signal.signal(signal.SIGTERM, lambda *_: workers.stop())
workers.renew()
while workers.wait(0.1):
    if select.select([0], [], [], 0)[0] and os.read(0, 1):
        model += 1
        workers.renew()
"""


class Keeper:
    """The process above, and the workers that it tells of."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", KEEPER], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True,
        )  # fmt: skip

    def hear(self) -> tuple[str, int, str]:
        """The next worker that is ready: its model, its pid, its seat."""
        assert self.process.stdout is not None
        while not (line := self.process.stdout.readline()).startswith("ready "):
            assert line, "ended"
        _, model, pid, seat = line.split()
        return model, int(pid), seat

    def renew(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("+")
        self.process.stdin.flush()


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    keeper = Keeper()
    yield keeper
    kill(keeper.process)  # workers that are left would keep the pipes open
    keeper.process.communicate()


def end(keeper: Keeper) -> tuple[int, str]:
    keeper.process.terminate()
    _, errors = keeper.process.communicate(timeout=60)
    return keeper.process.returncode, errors


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_killed_worker_is_replaced_by_one_of_the_same_name(
    keeper: Keeper,
) -> None:
    first, second = keeper.hear(), keeper.hear()
    os.kill(first[1], signal.SIGKILL)
    third = keeper.hear()
    assert third[2] == first[2] != second[2]
    assert third[1] not in (first[1], second[1])
    assert not gone(second[1])
    code, _ = end(keeper)
    assert code == 0
    assert gone(second[1])
    assert gone(third[1])


def test_renewed_workers_are_copies_of_what_there_is_now(keeper: Keeper) -> None:
    former = [keeper.hear(), keeper.hear()]
    keeper.renew()
    present = [keeper.hear(), keeper.hear()]
    assert [model for model, *_ in (*former, *present)] == ["1", "1", "2", "2"]
    assert end(keeper)[0] == 0
    assert all(gone(pid) for _, pid, _ in (*former, *present))


def test_workers_that_never_get_ready_are_not_forked_for_ever(keeper: Keeper) -> None:
    for _ in range(2):
        keeper.hear(), keeper.hear()
        keeper.renew()
    _, errors = keeper.process.communicate(timeout=60)
    assert keeper.process.returncode == 1
    assert "A worker ended with 5 before it was ready" in errors


def test_nothing_is_forked_once_told_to_stop() -> None:
    workers = Workers(1, lambda seat: None)
    workers.stop()
    workers.renew()
    assert not workers.wait(0)
