"""The whole stack under its supervisor: what listens, what happens when a process is killed."""

from __future__ import annotations

import re
import shutil
import subprocess
import urllib.request
from collections.abc import Callable

import pytest

from bot.supervisor.ports import kept_ports
from tests.support.stack import Stack

pytestmark = pytest.mark.stack
PROCESSES = ("redis", "mailbox", "edge", "engine", "courier", "trainer")


@pytest.mark.skipif(shutil.which("ss") is None, reason="needs ss, of iproute2")
def test_only_the_edge_redis_and_the_mailbox_listen_and_only_on_loopback(stack: Stack) -> None:
    listening = subprocess.run(["ss", "-H", "-l", "-t", "-u", "-n", "-p"], capture_output=True,
                               text=True, check=True).stdout  # fmt: skip
    found = {}
    for name in PROCESSES:
        lines = [it.split() for it in listening.splitlines() if f"pid={stack.pid(name)}," in it]
        found[name] = [re.sub(r"^tcp|^udp", "", columns[4]) for columns in lines]
    ports = kept_ports(stack.state_dir)
    assert found == {
        "redis": [f"127.0.0.1:{ports['redis']}"],
        "mailbox": [f"127.0.0.1:{ports['mailbox']}"],
        "edge": [f"127.0.0.1:{stack.port}"],
        "engine": [],
        "courier": [],
        "trainer": [],
    }


def test_addresses_are_printed_and_answer(stack: Stack) -> None:
    assert f"  Demo shop with the widget  {stack.url}/" in stack.output
    assert f"  Development mailbox        {stack.mailbox_url}" in stack.output
    for url in (f"{stack.url}/", stack.mailbox_url, f"{stack.url}/readyz"):
        with urllib.request.urlopen(url, timeout=10) as answer:
            assert answer.status == 200


@pytest.mark.parametrize("name", PROCESSES)
def test_killed_process_comes_back(stack: Stack, name: str) -> None:
    before = stack.pid(name)
    stack.kill(name)
    stack.wait_ready()
    assert stack.pid(name) != before
    with urllib.request.urlopen(f"{stack.url}/readyz", timeout=10) as answer:
        assert answer.status == 200


def test_a_killed_worker_of_the_engine_is_replaced_by_a_fork(stack: Stack) -> None:
    engine, [worker] = stack.pid("engine"), stack.workers()
    stack.kill("worker")
    stack.wait_ready()
    assert stack.pid("engine") == engine
    assert stack.workers() != [worker]


def test_interrupt_stops_all_of_it(start_stack: Callable[..., Stack]) -> None:
    stack = start_stack()
    folder = stack.state_dir / "run"
    assert {path.stem for path in folder.glob("*.pid")} == set(PROCESSES)
    assert stack.stop() == 0
    assert list(folder.glob("*.pid")) == []
