"""Reading the audit log, and CSV that no spreadsheet computes with."""

from __future__ import annotations

import csv
import io

import httpx
import pytest
from redis.asyncio import Redis

from bot.edge.csv_answer import csv_answer
from bot.staff.audit import Audit
from bot.staff.keys import AUDIT
from bot.staff.roles import Role
from tests.edge.conftest import problem
from tests.support.staff import Colleague, add_account, sign_in

PATH = "/api/v1/staff/audit"


@pytest.fixture
async def manager(client: httpx.Client, redis: Redis) -> Colleague:
    return sign_in(client, (await add_account(redis, Role.MANAGER)).login)


async def test_a_manager_reads_it_page_by_page(manager: Colleague, redis: Redis) -> None:
    audit = Audit(redis)
    ids = [await audit.record("agent-1", "case.edit", f"c{n}") for n in range(150)]
    first = manager.get(PATH).json()
    second = manager.get(PATH, params={"before": first["before"]}).json()
    assert second["before"] is None
    read = [it["id"] for it in first["entries"] + second["entries"]]
    assert read[:150] == ids[::-1]
    assert first["entries"][0] == {
        "id": ids[-1], "at": first["entries"][0]["at"], "staff": "agent-1", "what": "case.edit",
        "about": "c149", "detail": {},
    }  # fmt: skip


@pytest.mark.parametrize(
    "before", ["x", "1", "-", "+1", "1-2-3", "9" * 30, f"{2**64}-0", f"1-{2**64}"]
)
def test_a_cursor_that_is_none(manager: Colleague, before: str) -> None:
    problem(manager.get(PATH, params={"before": before}), 400)


async def test_the_export_is_complete_and_noted(manager: Colleague, redis: Redis) -> None:
    audit = Audit(redis)
    for n in range(2_500):
        await audit.record("agent-1", "case.edit", f"c{n}", {"field": "device"})
    answer = manager.get(f"{PATH}.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == await redis.xlen(AUDIT)
    assert (rows[0]["staff"], rows[0]["what"]) == (manager.login, "audit.export")
    assert (rows[1]["about"], rows[1]["detail"]) == ("c2499", "field: device")


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "\n=1", "＝1", '=HYPERLINK("x")'],
)
def test_no_cell_is_a_formula(cell: str) -> None:
    body = csv_answer("x.csv", ["a", "b"], [[cell, "b"]]).body or b""
    (row,) = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))[1:]
    assert row == [f"'{cell}", "b"]


def test_numbers_stay_numbers_and_text_stays_text() -> None:
    body = csv_answer("x.csv", ["a"], [[-1], [2.5], ['a "quoted", one'], ["ä"]]).body or b""
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    assert rows == [["a"], ["-1"], ["2.5"], ['a "quoted", one'], ["ä"]]
