"""Redis frozen, killed, full; the edge stopped: nothing acknowledged is lost, and all fails fast."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from redis import Redis

from bot.settings import ROOT
from tests.edge.conftest import OPEN, Customer, Edge, open_conversation, problem
from tests.edge.servers import Server, start_edge, start_redis
from tests.edge.test_events import stream
from tests.support.ports import free_port


@dataclass
class Pair:
    """An edge and the Redis behind it, both this test's own."""

    edge: Server
    redis: Server
    folder: Path
    port: int
    client: httpx.Client

    def restart_redis(self) -> None:
        self.redis.stop(signal.SIGKILL)
        self.redis = start_redis(self.folder, self.port)

    def direct(self) -> Redis:
        return Redis(port=self.port)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    port = free_port()
    store = start_redis(tmp_path, port)
    edge, url = start_edge(tmp_path, f"redis://127.0.0.1:{port}/0")
    with httpx.Client(base_url=url, timeout=30) as client:
        pair = Pair(edge, store, tmp_path, port, client)
        yield pair
    pair.edge.stop()
    pair.redis.stop(signal.SIGKILL)


def test_a_killed_redis_is_told_and_survived(pair: Pair) -> None:
    customer = open_conversation(pair.client)
    kept = customer.say("before").json()["event"]
    pair.redis.stop(signal.SIGKILL)

    assert pair.client.get("/healthz").status_code == 200
    assert pair.client.get("/api/v1/status").status_code == 200
    problem(pair.client.get("/readyz"), 503)
    id = str(uuid.uuid4())
    for answer in (customer.say("meanwhile", id), customer.edit("device", "iPhone 14"),
                   customer.read(), pair.client.post(OPEN, json={})):  # fmt: skip
        problem(answer, 503)
        assert int(answer.headers["retry-after"]) > 0
    assert pair.client.get("/metrics").status_code == 200

    pair.redis = start_redis(pair.folder, pair.port)
    assert pair.client.get("/readyz").status_code == 200
    assert customer.say("meanwhile", id).status_code == 202
    assert kept in [event["id"] for event in customer.events()]
    assert customer.said() == ["before", "meanwhile"]


def test_a_frozen_redis_fails_within_ten_seconds_and_health_answers(pair: Pair) -> None:
    customer = open_conversation(pair.client)
    customer.say("before")
    pair.redis.send(signal.SIGSTOP)
    id = str(uuid.uuid4())
    try:
        begun = time.monotonic()
        problem(customer.say("meanwhile", id), 503)
        assert time.monotonic() - begun < 10
        begun = time.monotonic()
        assert pair.client.get("/healthz").status_code == 200
        assert time.monotonic() - begun < 2
        problem(pair.client.get("/readyz"), 503)
        assert pair.client.get("/api/v1/status").status_code == 200
    finally:
        pair.redis.send(signal.SIGCONT)
    # What was sent while Redis was frozen may have happened or not; sent again, it happens once.
    assert customer.say("meanwhile", id).status_code in (200, 202)
    assert customer.said() == ["before", "meanwhile"]


def test_a_stream_lives_through_a_restart_of_redis(pair: Pair) -> None:
    customer = open_conversation(pair.client)
    start = customer.events()[-1]["id"]
    with stream(customer, start) as following, httpx.Client(base_url=pair.client.base_url) as other:
        writer = Customer(other, customer.id, customer.token)
        assert writer.say("before").status_code == 202
        assert next(following)["data"]["text"] == "before"
        pair.restart_redis()
        assert writer.say("after").status_code == 202
        assert next(following)["data"]["text"] == "after"


def test_a_redis_that_takes_no_writes_is_told(pair: Pair) -> None:
    customer = open_conversation(pair.client)
    with pair.direct() as direct:
        direct.config_set("maxmemory", 1)
        problem(customer.say("no room"), 503)
        problem(pair.client.get("/readyz"), 503)
        assert customer.said() == []
        direct.config_set("maxmemory", 0)
    assert customer.say("room again").status_code == 202


def test_a_killed_edge_comes_back_with_everything(pair: Pair) -> None:
    customer = open_conversation(pair.client)
    said = customer.say("before").json()["event"]
    pair.edge.stop(signal.SIGKILL)
    pair.edge, url = start_edge(pair.folder, f"redis://127.0.0.1:{pair.port}/0")
    with httpx.Client(base_url=url) as client:
        again = Customer(client, customer.id, customer.token)
        assert again.events()[-1]["id"] == said


def test_the_edge_stops_cleanly_with_streams_open(pair: Pair) -> None:
    customer = open_conversation(pair.client)
    customer.say("secret words")
    with stream(customer) as following:
        assert next(following)["event"] == "owner"
        assert pair.edge.stop(within=5) == 0
        assert [frame["event"] for frame in following] == ["message", "message", "message"]
    output = "".join(pair.edge.output)
    for private in (customer.token, "secret words", "Traceback"):
        assert private not in output


def test_only_loopback_is_listened_on(pair: Pair) -> None:
    listening = set()
    inodes = {str(fd.readlink()) for fd in Path(f"/proc/{pair.edge.pid}/fd").iterdir()}
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pair.edge.pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes:
                listening.add(fields[1])
    port = pair.client.base_url.port
    assert listening == {f"0100007F:{port:04X}"}


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"FIRSTLINE_PORT": "{taken}"}, "FIRSTLINE_PORT"),
        ({"FIRSTLINE_PORT": "nonsense"}, "FIRSTLINE_PORT"),
        ({"FIRSTLINE_REDIS_URL": ""}, "FIRSTLINE_REDIS_URL"),
    ],
)
def test_what_keeps_it_from_starting_is_said_in_one_line(
    edge: Edge, settings: dict[str, str], named: str
) -> None:
    taken = edge.url.rpartition(":")[2]
    environ = {"FIRSTLINE_PORT": str(free_port()), "FIRSTLINE_REDIS_URL": "redis://127.0.0.1:1"}
    environ |= {name: value.format(taken=taken) for name, value in settings.items()}
    command = [sys.executable, "-m", "bot.edge"]
    ended = subprocess.run(
        command, cwd=ROOT, env=os.environ | environ, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert named in json.loads(line)["error"]
