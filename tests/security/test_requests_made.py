"""Both APIs under requests that their descriptions allow, and such as they forbid."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis
from schemathesis import Case

from bot.conversation.store import Conversations
from bot.edge.access import API, SAFE, STAFF, Audience
from bot.edge.app import Edge as EdgeProcess
from bot.edge.staff_openapi import BODIES, WITHOUT_BODY
from bot.settings import ROOT, Settings
from bot.staff.roles import Role
from tests.edge.conftest import Customer, Edge, problem
from tests.security.requests_made import faults, operations
from tests.support.staff import SESSION, Colleague, add_account, sign_in

Note = Callable[[str, object], None]
# These end the session of whoever makes them, wait for another process, or have no end.
LEFT_OUT = {
    f"DELETE {STAFF}/session",
    f"DELETE {STAFF}/sessions",
    f"GET {STAFF}/queues/events",
    f"GET {STAFF}/train/inbox",
    f"POST {STAFF}/train/nearest",
}


def described(client: httpx.Client, path: str, **more: Any) -> dict[str, Any]:
    answer = client.get(path, **more)
    assert answer.status_code == 200, answer.text
    description: dict[str, Any] = answer.json()
    return description


def test_customers_cannot_make_it_fail(
    edge: Edge, client: httpx.Client, customer: Customer, record_property: Note
) -> None:
    made = itertools.count()

    def prepare(case: Case[Any]) -> dict[str, str]:
        next(made)
        if "conversation" in (case.path_parameters or {}):
            case.path_parameters["conversation"] = customer.id
        return customer.auth | {"Accept": "application/json"}

    found = operations(described(client, "/openapi.json"))
    assert [it for one in found for it in faults(one, prepare, edge.url)] == []
    record_property("tried", next(made))
    assert customer.say("still here").status_code in (202, 429)


async def test_staff_cannot_make_it_fail(
    edge: Edge, client: httpx.Client, redis: Redis, customer: Customer, record_property: Note
) -> None:
    me: list[Colleague] = [sign_in(client, (await add_account(redis, *Role)).login)]
    made = itertools.count()

    def prepare(case: Case[Any]) -> dict[str, str]:
        next(made)
        if "conversation" in (case.path_parameters or {}):
            case.path_parameters["conversation"] = customer.id
        if isinstance(case.body, dict):
            case.body.pop("write", None)  # the data of this checkout stay as they are
        case.headers.clear()
        return me[0].headers | {"Accept": "application/json"}

    description = described(client, f"{STAFF}/openapi.json", headers=me[0].headers)
    found = [one for one in operations(description) if one.label not in LEFT_OUT]
    assert len(found) > 30
    assert [it for one in found for it in faults(one, prepare, edge.url)] == []
    record_property("tried", next(made))
    assert me[0].get(SESSION).status_code == 200
    assert (await Conversations(redis).read(customer.id)).id == customer.id


def test_the_staff_api_is_described_to_staff_only(client: httpx.Client) -> None:
    problem(client.get(f"{STAFF}/openapi.json"), 401)
    assert STAFF not in client.get("/openapi.json").text


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Any:
    settings = Settings(redis_url="redis://127.0.0.1:1", state_dir=tmp_path_factory.mktemp("state"))
    return EdgeProcess(settings, ROOT / "data", Path("web")).routes


def test_every_call_that_changes_something_is_described(table: Any) -> None:
    """What a route takes is written down beside its name, or that it takes nothing."""
    unsafe = {
        it.label
        for it in table
        if it.path.startswith(STAFF) and not SAFE.issuperset(it.methods.split())
    }
    assert unsafe == set(BODIES) | WITHOUT_BODY
    assert not set(BODIES) & WITHOUT_BODY


def test_every_call_of_the_customer_api_is_described(client: httpx.Client, table: Any) -> None:
    paths = described(client, "/openapi.json")["paths"]
    there = {
        (it.path.replace("<conversation:str>", "{conversation}").replace("<file:str>", "{file}"), m)
        for it in table
        if it.audience in (Audience.SITES, Audience.CUSTOMER)
        for m in it.methods.lower().split()
    }
    assert there == {(path, method) for path, calls in paths.items() for method in calls}
    assert all(path.startswith(API) for path, _ in there)
