"""`firstline up` when it cannot start: exit code 1 and one line that says why and what to do."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from bot.settings import ROOT, Settings
from bot.supervisor.checks import FAILED, NOTE, NotReady, look_at, require_startable
from bot.supervisor.lock import take_lock
from tests.support.ports import free_port


def up(state: Path, **settings: str) -> str:
    """The last line of `firstline up` with these settings, which must end it with exit code 1."""
    environment = {**os.environ, "FIRSTLINE_STATE_DIR": str(state),
                   "FIRSTLINE_PORT": str(free_port()), **settings}  # fmt: skip
    done = subprocess.run([ROOT / "bin" / "firstline", "up"], env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=300, check=False)  # fmt: skip
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stdout
    return done.stdout.splitlines()[-1]


def test_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert up(tmp_path, FIRSTLINE_PORT=str(port)) == (
            f"Error: Port {port} is in use by another program. Stop that program, or set "
            "FIRSTLINE_PORT to a free port"
        )


def test_redis_that_does_not_answer(tmp_path: Path) -> None:
    url = f"redis://:pa55@127.0.0.1:{free_port()}/0"
    said = up(tmp_path, FIRSTLINE_REDIS_URL=url)
    assert "FIRSTLINE_REDIS_URL: Redis at 127.0.0.1:" in said
    assert "pa55" not in said


def test_state_directory_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = up(tmp_path / "file" / "state")
    assert said.startswith("Error: FIRSTLINE_STATE_DIR: ")
    assert "cannot be made (Not a directory). Set it to a folder that can be written" in said


def test_malformed_setting(tmp_path: Path) -> None:
    assert up(tmp_path, FIRSTLINE_PORT="eighty").startswith("Error: FIRSTLINE_PORT: 'eighty'")


def test_second_one_with_the_same_state_directory(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    with take_lock(tmp_path / "run"):
        assert f"running already with this state directory (process {os.getpid()})" in up(tmp_path)


def test_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.supervisor.checks.LEAST_ROOM", 10**9)
    with pytest.raises(NotReady, match=r"MB free on the disk of .* Make room"):
        require_startable(Settings(port=free_port(), state_dir=tmp_path))


def test_no_redis_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.supervisor.checks.find_redis", lambda: None)
    with pytest.raises(
        NotReady, match=r"No redis-server 6\.2 or newer found\. Run bin/setup redis"
    ):
        require_startable(Settings(port=free_port(), state_dir=tmp_path))


def test_doctor_finds_a_careless_redis_and_a_silent_mail_server(
    tmp_path: Path, redis_url: str
) -> None:
    settings = Settings(port=free_port(), state_dir=tmp_path, redis_url=redis_url,
                        smtp_url=f"smtp://127.0.0.1:{free_port()}")  # fmt: skip
    found = {it.name: it for it in look_at(settings)}
    assert found["Redis"].state == NOTE
    assert "appendonly is no, not yes" in found["Redis"].text
    assert found["Mail"].state == NOTE
    assert "mail waits until it does" in found["Mail"].text
    assert [it.name for it in found.values() if it.state == FAILED] == []
