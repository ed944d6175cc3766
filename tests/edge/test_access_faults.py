"""When Redis is away nobody is admitted, and everybody hears so in time."""

from __future__ import annotations

import signal
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from bot.staff.roles import Role
from tests.edge.conftest import problem
from tests.edge.servers import start_edge, start_redis
from tests.support.ports import free_port
from tests.support.staff import PASSWORD, SESSION, Colleague, add_account, sign_in


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
async def test_without_redis_nobody_is_admitted(tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    database = start_redis(tmp_path, port)
    server, url = start_edge(tmp_path / "state", f"redis://127.0.0.1:{port}")
    async with Redis(port=port) as redis:
        login = (await add_account(redis, Role.AGENT)).login
    with httpx.Client(base_url=url, timeout=10) as client:
        agent = sign_in(client, login)
        database.send(number)
        refused(agent)
        if number is signal.SIGSTOP:
            database.send(signal.SIGCONT)
        else:
            database.stop(signal.SIGKILL)
            database = start_redis(tmp_path, port)
        assert agent.get(SESSION).status_code == 200
        sign_in(client, login)
    assert server.stop() == 0
    database.stop()


def refused(agent: Colleague) -> None:
    for answer in (
        agent.get(SESSION),
        agent.request("DELETE", SESSION),
        agent.client.post(SESSION, json={"login": agent.login, "password": PASSWORD}),
        agent.get("/api/v1/staff/audit"),
    ):
        assert problem(answer, 503)
        assert "retry-after" in answer.headers
        assert "set-cookie" not in answer.headers
