"""The supervisor on small real programs: started in order, started again, stopped in order."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.supervisor.program import delay_after
from tests.support.processes import kill

# A child says `ready`, then waits; on SIGTERM it writes its name down and ends.
CHILD = """
import json, signal, sys, time
name, ending = sys.argv[1], sys.argv[2]
def end(*_):
    with open(ending, 'a') as handle:
        handle.write(name + '\\n')
    sys.exit(0)
signal.signal(signal.SIGTERM, end if name != 'stubborn' else signal.SIG_IGN)
print('words that are no JSON, account 8847201193')
print(json.dumps({'event': 'ready', 'level': 'info', 'port': 1}), file=sys.stderr, flush=True)
signal.pause() if name != 'short' else sys.exit(3)
while True:
    time.sleep(60)
"""
# The supervisor proper, over programs described in JSON: [name, needs, stop_level].
SUPERVISE = """
import asyncio, json, os, sys
from pathlib import Path
from bot.settings import Settings
from bot.supervisor.output import Output
from bot.supervisor.program import Program
from bot.supervisor.up import Stack
state = Path(sys.argv[1]); child = sys.argv[2]
(state / 'run').mkdir(parents=True)
command = (sys.executable, '-u', '-c', child)
made = [Program(name, (*command, name, str(state / 'ended')), dict(os.environ), tuple(needs), level)
        for name, needs, level in json.loads(sys.argv[3])]
settings = Settings(state_dir=state, smtp_url='smtp://127.0.0.1:1',
                    redis_url='redis://127.0.0.1:1')
asyncio.run(Stack(made, Output(state / 'logs'), settings, settings).run())
"""


class Supervised:
    def __init__(self, state: Path, programs: list[tuple[str, list[str], int]], child: str = CHILD):
        self.state = state
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISE, str(state), child, json.dumps(programs)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def until(self, *words: str) -> str:
        """Read on until a line has all these words."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if all(word in line for word in words):
                return line
        raise AssertionError("ended before it said so:\n" + "\n".join(self.lines))

    def pid(self, name: str) -> int:
        return int((self.state / "run" / f"{name}.pid").read_text())

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.stdout is not None
        self.lines += self.process.stdout.read().splitlines()
        return self.process.wait()


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


Supervise = Callable[..., Supervised]


@pytest.fixture
def supervise(state: Path) -> Iterator[Supervise]:
    started: list[Supervised] = []

    def start(programs: list[tuple[str, list[str], int]], child: str = CHILD) -> Supervised:
        started.append(Supervised(state, programs, child))
        return started[-1]

    yield start
    for it in started:
        kill(it.process)
        it.process.communicate()


def test_delays_double_up_to_a_limit() -> None:
    assert [delay_after(n) for n in (1, 2, 3, 4, 20)] == [0.2, 0.4, 0.8, 1.6, 15.0]


def test_starts_after_what_is_needed_and_stops_by_level(supervise: Supervise, state: Path) -> None:
    stack = supervise([("late", ["early"], 0), ("early", [], 1)])
    stack.until("Firstline is up.")
    ready = [line.split()[1] for line in stack.lines if " ready " in line]
    assert ready == ["early", "late"]
    assert stack.end() == 0
    assert (state / "ended").read_text().split() == ["late", "early"]
    assert list((state / "run").glob("*.pid")) == []


def test_what_is_killed_is_started_again(supervise: Supervise, state: Path) -> None:
    stack = supervise([("worker", [], 0)])
    stack.until("Firstline is up.")
    first = stack.pid("worker")
    os.kill(first, signal.SIGKILL)
    stack.until("worker was stopped by SIGKILL; starting it again")
    stack.until("worker", "ready")
    assert stack.pid("worker") != first
    assert stack.end() == 0


def test_what_had_been_ready_is_back_at_once_however_often_it_dies(supervise: Supervise) -> None:
    stack = supervise([("worker", [], 0)])
    stack.until("Firstline is up.")
    for _ in range(4):
        os.kill(stack.pid("worker"), signal.SIGKILL)
        assert "again in 0.2 s" in stack.until("worker was stopped by SIGKILL")
        stack.until("worker", "ready")


def test_what_cannot_start_waits_longer_each_time(supervise: Supervise, state: Path) -> None:
    # It is ready in its first life only: what had never been ready at all would end everything.
    again = "import os, sys\nif os.path.exists(sys.argv[2]): sys.exit(3)\n"
    stack = supervise([("worker", [], 0)], again + CHILD)
    stack.until("Firstline is up.")
    os.kill(stack.pid("worker"), signal.SIGTERM)
    for delay in ("0.2", "0.4", "0.8"):
        assert f"again in {delay} s" in stack.until("worker stopped with exit code")


def test_what_ignores_the_request_to_end_is_killed(supervise: Supervise, state: Path) -> None:
    stack = supervise([("stubborn", [], 0)])
    stack.until("Firstline is up.")
    pid = stack.pid("stubborn")
    assert stack.end() == 0
    assert any("did not end within 5 s; killed" in line for line in stack.lines)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_what_never_gets_ready_ends_everything_with_its_last_words(
    supervise: Supervise, state: Path
) -> None:
    child = CHILD.replace("signal.pause() if", "print('no such model') or sys.exit(3) if").replace(
        "print(json.dumps", "name == 'broken' or print(json.dumps"
    )
    stack = supervise([("broken", [], 0)], child)
    assert stack.process.stdout is not None
    said = stack.process.stdout.read()
    assert stack.process.wait() == 1
    assert (
        "broken stopped with exit code 3 before it was ready; its last words: no such model" in said
    )


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start ends what is left")
def test_children_die_with_a_killed_supervisor(supervise: Supervise, state: Path) -> None:
    stack = supervise([("worker", [], 0)])
    stack.until("Firstline is up.")
    descriptor = os.pidfd_open(stack.pid("worker"))
    stack.process.kill()
    stack.process.wait()
    # Readable once the process has ended; the kernel sends the signal.
    assert select.select([descriptor], [], [], 10)[0]


def test_each_program_has_a_file_of_json_lines_without_secrets(
    supervise: Supervise, state: Path
) -> None:
    stack = supervise([("worker", [], 0)])
    stack.until("Firstline is up.")
    stack.end()
    lines = [json.loads(it) for it in (state / "logs" / "worker.log").read_text().splitlines()]
    assert [(it["process"], it["event"]) for it in lines] == [
        ("worker", "words that are no JSON, account ••1193"),
        ("worker", "ready"),
    ]
