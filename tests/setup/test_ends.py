"""What the tests start ends soon, whatever has become of it, and so do the tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT
from tests.support.processes import end

HANGING = """
import threading
import pytest

@pytest.fixture
def never():
    yield
    threading.Event().wait()

def test_fails(never):
    assert False
"""
# Ignores the request to end, as does what it has started; its own end alone closes no pipe.
STUBBORN = """
import os, signal, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.fork()
print("ready", flush=True)
while True:
    signal.pause()
"""


def test_what_does_not_end_is_killed_with_all_it_has_started() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(2)] == ["ready\n"] * 2
        with pytest.raises(AssertionError, match=r"did not end within 0\.1 s of SIGTERM"):
            end(process, within=0.1)
        assert process.stdout.read() == ""  # nobody holds the pipe any more


def test_a_process_ends_as_it_is_asked_to() -> None:
    with subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"]) as process:
        assert end(process, signal.SIGTERM) == -signal.SIGTERM
        assert end(process) == -signal.SIGTERM


def test_a_teardown_that_hangs_after_a_failure_is_ended(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "from tests.support.watched import pytest_runtest_teardown"
    )
    (tmp_path / "test_hanging.py").write_text(HANGING)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--timeout=1", tmp_path],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip
    assert "1 failed, 1 error" in done.stdout
    assert "Timeout (>1.0s) from pytest-timeout" in done.stdout
