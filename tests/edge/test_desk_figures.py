"""The figures by HTTP: who may read them, and the file for spreadsheets."""

from __future__ import annotations

import csv
import io

import httpx
import pytest
from redis.asyncio import Redis

from bot.desk.figures import MOST_DAYS
from bot.staff.roles import Role
from tests.edge.conftest import problem
from tests.edge.desk import DeskAgent, new_agent, ok, waiting_customer


@pytest.fixture
async def manager(client: httpx.Client, redis: Redis) -> DeskAgent:
    return await new_agent(client, redis, Role.MANAGER)


async def test_a_manager_sees_how_things_stand(
    manager: DeskAgent, client: httpx.Client, redis: Redis
) -> None:
    await waiting_customer(client, redis)
    figures = ok(manager.get("/figures"))
    assert (figures["waiting"], figures["with_agents"], figures["open_mail"]) == (1, 0, 0)
    assert figures["longest_wait_seconds"] >= 0
    assert figures["self_service"] == {"solved": 0, "all": 1}
    assert figures["first_response_seconds"] == {"median": None, "p90": None}
    assert len(figures["days"]) == 7
    assert figures["days"][-1]["conversations"] == 1


async def test_an_agent_does_not(client: httpx.Client, redis: Redis) -> None:
    agent = await new_agent(client, redis)
    for path in ("/figures", "/figures.csv"):
        problem(agent.get(path), 403)


async def test_the_file_has_a_row_a_day(manager: DeskAgent, client: httpx.Client) -> None:
    answer = manager.get("/figures.csv?days=3")
    assert answer.headers["content-type"].startswith("text/csv")
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[0] == "date"
    assert len(rows) == 3
    assert all(len(row) == len(head) for row in rows)
    assert dict(zip(head, rows[-1], strict=True))["handling_seconds"] == ""


@pytest.mark.parametrize("days", ["0", "-1", "x", str(MOST_DAYS + 1)])
async def test_so_many_days_there_are_not(manager: DeskAgent, days: str) -> None:
    problem(manager.get(f"/figures?days={days}"), 400)
