"""Correcting one field of the case."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from redis.asyncio import Redis

from bot.conversation.events import owner_event
from bot.conversation.owner import Owner
from bot.conversation.store import Conversations
from tests.edge.conftest import Customer, Edge, open_conversation, problem


def test_a_correction_is_answered_with_the_case_and_logged(customer: Customer) -> None:
    answer = customer.edit("device", "iPhone 14")
    assert answer.status_code == 200
    field = answer.json()["fields"]["device"]
    assert (field["value"], field["state"], field["verbatim"]) == (
        "iPhone 14",
        "stated",
        "iPhone 14",
    )
    last = customer.events()[-1]
    assert (last["type"], last["case"]) == ("case", answer.json())

    again = customer.edit("device", "Galaxy S23").json()["fields"]["device"]
    assert (again["value"], again["state"]) == ("Galaxy S23", "corrected")


@pytest.mark.parametrize(
    ("field", "bad", "good"),
    [
        ("contact_email", "not an address", "kim@example.org"),
        ("account_number", "12", "8847201193"),
        ("contact_phone", "call me", "+44 20 7946 0018"),
    ],
)
def test_a_bad_value_is_refused_with_a_reason_and_the_old_one_kept(
    customer: Customer, field: str, bad: str, good: str
) -> None:
    assert customer.edit(field, good).status_code == 200
    details = problem(customer.edit(field, bad), 422)
    assert details["detail"][0].isupper()
    assert "kept" in details["detail"]
    kept = customer.edit("description", "it is broken").json()["fields"][field]["value"]
    assert kept == good


@pytest.mark.parametrize(
    "body",
    [
        {"field": "no_such_field", "value": "x"},
        {"field": "__class__", "value": "x"},
        {"field": "device"},
        {"value": "x"},
        {"field": "device", "value": None},
        {"field": "device", "value": 5},
        {"field": "device", "value": ""},
        {"field": "device", "value": " \t "},
        {"field": "device", "value": "x" * 5_000},
        {"field": "device", "value": "x" * 20_000},
        {"field": "device", "value": "x", "state": "verified"},
        [],
    ],
)
def test_what_does_not_fit_is_refused(customer: Customer, body: object) -> None:
    count = len(customer.events())
    problem(customer.client.patch(f"{customer.path}/case", headers=customer.auth, json=body), 422)
    assert len(customer.events()) == count


def test_card_numbers_do_not_get_into_the_case(customer: Customer) -> None:
    answer = customer.edit("description", "I paid with 4111111111111111 today")
    assert "4111" not in answer.text


async def test_corrections_at_the_same_time_all_count(edge: Edge, redis: Redis) -> None:
    with httpx.Client(base_url=edge.url) as client:
        customer = open_conversation(client)
    values = {"device": "iPhone 14", "os_version": "17.1", "location": "Leeds",
              "contact_email": "kim@example.org"}  # fmt: skip
    async with httpx.AsyncClient(base_url=edge.url, headers=customer.auth) as parallel:
        edits = (
            parallel.patch(f"{customer.path}/case", json={"field": field, "value": value})
            for field, value in values.items()
        )
        assert {answer.status_code for answer in await asyncio.gather(*edits)} == {200}
    case = (await Conversations(redis).read(customer.id)).case
    assert {name: case.field(name).value for name in values} == values


async def test_a_closed_conversation_keeps_its_case(edge: Edge, redis: Redis) -> None:
    with httpx.Client(base_url=edge.url) as client:
        customer = open_conversation(client)
        store = Conversations(redis)
        known = await store.read(customer.id)
        await store.change_owner(known, Owner.CLOSED, owner_event("closed"))
        problem(customer.edit("device", "iPhone 14"), 409)
