"""What the supervisor adds to the settings, and what it keeps from one start to the next."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import redis

from bot.settings import Settings, load_settings
from bot.setup.system import find_redis
from bot.supervisor.lock import AlreadyRunning, end_leftovers, holder, take_lock
from bot.supervisor.ports import choose_ports, is_free, kept_ports
from bot.supervisor.private import private_names, with_private, write_redis_conf
from bot.supervisor.stack import programs


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state_dir=tmp_path)


def test_ports_are_kept_while_they_are_free(tmp_path: Path) -> None:
    first = choose_ports(tmp_path, ("redis", "mailbox"))
    assert first["redis"] != first["mailbox"]
    assert choose_ports(tmp_path, ("redis", "mailbox")) == first
    with socket.create_server(("127.0.0.1", first["redis"])):
        assert not is_free(first["redis"])
        second = choose_ports(tmp_path, ("redis", "mailbox"))
    assert second["redis"] != first["redis"]
    assert second["mailbox"] == first["mailbox"]
    assert kept_ports(tmp_path) == second


def test_private_servers_are_filled_in_only_where_none_is_named(settings: Settings) -> None:
    given = Settings(state_dir=settings.state_dir, redis_url="redis://r", smtp_url="smtp://m")
    assert private_names(given) == ()
    assert with_private(given, {}).redis_url == "redis://r"
    assert with_private(given, {}).mailbox_port == 0

    filled = with_private(settings, {"redis": 4001, "mailbox": 4002})
    assert filled.redis_url.endswith("@127.0.0.1:4001/0")
    assert (filled.smtp_url, filled.mailbox_port) == ("smtp://127.0.0.1:4002", 4002)
    assert filled.secret == with_private(settings, {}).secret != ""


def test_processes_read_the_very_same_settings(settings: Settings) -> None:
    full = with_private(settings, {"redis": 4001, "mailbox": 4002})
    assert load_settings(full.environment()) == full


def test_private_redis_is_durable_loopback_only_and_wants_the_password(settings: Settings) -> None:
    ports = choose_ports(settings.state_dir, ("redis",))
    conf = write_redis_conf(settings, ports["redis"])
    assert stat.S_IMODE(conf.stat().st_mode) == 0o600
    command = [str(find_redis()), str(conf)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            assert any("Ready to accept connections" in line for line in server.stdout)
            url = with_private(settings, ports).redis_url
            with redis.Redis.from_url(url, decode_responses=True) as client:
                wanted = {"appendonly": "yes", "appendfsync": "always",
                          "maxmemory-policy": "noeviction", "bind": "127.0.0.1"}  # fmt: skip
                assert client.config_get(*wanted) == wanted
            with (
                redis.Redis(port=ports["redis"]) as stranger,
                pytest.raises(redis.AuthenticationError),
            ):
                stranger.ping()
        finally:
            server.terminate()


def test_programs_follow_the_settings(settings: Settings) -> None:
    ports = {"redis": 4001, "mailbox": 4002}
    names = [it.name for it in programs(settings, ports)]
    assert names == ["redis", "mailbox", "edge", "engine", "courier", "trainer"]

    elsewhere = Settings(state_dir=settings.state_dir, redis_url="redis://r", smtp_url="smtp://m",
                         engine_workers=2)  # fmt: skip
    made = programs(elsewhere, {})
    assert [it.name for it in made] == ["edge", "engine", "courier", "trainer"]
    assert {it.environment["FIRSTLINE_ENGINE_WORKERS"] for it in made} == {"2"}
    assert all(it.needs == () for it in made)


def test_second_supervisor_is_told_who_runs(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    with take_lock(tmp_path):
        assert holder(tmp_path) == os.getpid()
        with pytest.raises(AlreadyRunning, match=rf"process {os.getpid()}\b.*FIRSTLINE_STATE_DIR"):
            take_lock(tmp_path)
    assert holder(tmp_path) is None


def test_leftovers_of_ours_are_ended_and_strangers_left_alone(tmp_path: Path) -> None:
    sleep = "import signal; signal.pause()"
    state = tmp_path / "state"
    ours = subprocess.Popen([sys.executable, "-c", sleep, f"{state}/x"], process_group=0)
    other = subprocess.Popen([sys._base_executable, "-c", sleep], process_group=0)  # type: ignore[attr-defined]
    (tmp_path / "engine.pid").write_text(str(ours.pid))
    (tmp_path / "edge.pid").write_text(str(other.pid))
    (tmp_path / "redis.pid").write_text("no number")
    try:
        assert end_leftovers(tmp_path, state) == ["engine"]
        assert ours.wait(timeout=10) == -9
        assert other.poll() is None
        assert list(tmp_path.glob("*.pid")) == []
    finally:
        for it in (ours, other):
            it.kill()
            it.wait()
