"""Agents at the desk and customers who want one, for the tests of the desk's API."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from redis.asyncio import Redis

from bot.case.model import Case, Field, State
from bot.conversation.change import Change, Place
from bot.conversation.events import owner_event
from bot.conversation.owner import Owner
from bot.conversation.store import Conversations
from bot.staff.roles import Role
from tests.edge.conftest import Customer, open_conversation
from tests.support.staff import Colleague, add_account, sign_in

STAFF = "/api/v1/staff"
NUMBER = "1234567890"
QUIET_BEATS = 3
REASON = "the customer asked for a person"


@dataclass(frozen=True)
class DeskAgent:
    """An agent signed in, with the calls of the desk."""

    colleague: Colleague
    id: str
    name: str

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.colleague.get(f"{STAFF}{path}", **more)

    def queues(self) -> dict[str, Any]:
        return dict(ok(self.get("/queues")))

    def ids(self, queue: str) -> list[str]:
        return [row["conversation"] for row in self.queues()[queue]]

    def whole(self, conversation: str) -> dict[str, Any]:
        return dict(ok(self.get(f"/conversations/{conversation}")))

    def epoch(self, conversation: str) -> int:
        return int(self.whole(conversation)["conversation"]["epoch"])

    def move(self, conversation: str, what: str, **body: Any) -> httpx.Response:
        """Makes a move on the present epoch, unless another is given."""
        body = {"epoch": self.epoch(conversation)} | body
        return self.colleague.post(f"{STAFF}/conversations/{conversation}/{what}", json=body)

    def claim(self, conversation: str) -> dict[str, Any]:
        return dict(ok(self.move(conversation, "claim"))["conversation"])

    def say(self, conversation: str, text: str, id: str = "", what: str = "messages") -> Any:
        body = {"id": id or str(uuid.uuid4()), "text": text}
        return self.colleague.post(f"{STAFF}/conversations/{conversation}/{what}", json=body)

    def edit(self, conversation: str, field: str, value: str, **more: Any) -> httpx.Response:
        version = self.whole(conversation)["conversation"]["case_version"]
        body = {"field": field, "value": value, "case_version": version} | more
        path = f"{STAFF}/conversations/{conversation}/case"
        return self.colleague.request("PATCH", path, json=body)

    @contextmanager
    def stream(self, path: str) -> Iterator[Iterator[tuple[str, dict[str, Any]]]]:
        """The events of a stream as they come: name and data."""
        client = self.colleague.client
        url = f"{STAFF}{path}"
        with client.stream("GET", url, headers=self.colleague.headers) as answer:
            assert answer.status_code == 200
            yield _events(answer)


def ok(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


def _events(answer: httpx.Response) -> Iterator[tuple[str, dict[str, Any]]]:
    name, quiet = "", 0
    for line in answer.iter_lines():
        if line == ":":
            quiet += 1
            assert quiet < QUIET_BEATS, "nothing more came"
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


async def new_agent(client: httpx.Client, redis: Redis, *roles: Role) -> DeskAgent:
    account = await add_account(redis, *(roles or (Role.AGENT,)))
    return DeskAgent(sign_in(client, account.login), account.login, account.name)


async def waiting_customer(
    client: httpx.Client, redis: Redis, said: str = "a person please", **case: str
) -> Customer:
    """A customer who has said something and waits for a person, with a case of these fields."""
    customer = open_conversation(client)
    assert customer.say(said).status_code == 202
    await hand_over(redis, customer.id, **case)
    return customer


async def hand_over(redis: Redis, id: str, **case: str) -> None:
    """Passes the conversation to the queue, as the engine does."""
    conversations = Conversations(redis)
    known = await conversations.read(id)
    now = int(time.time() * 1000)
    filled = with_fields(known.case, **case)
    change = Change(
        owner=Owner.WAITING, events=[owner_event("waiting", position=1)], case=filled,
        meta={"waiting_since": now, "handover_reason": REASON}, place=Place("waiting", now),
    )  # fmt: skip
    await conversations.change(known, change)


def with_fields(case: Case, **values: str) -> Case:
    for name, value in values.items():
        case = case.with_field(name, Field(value, State.STATED, value))
    return case
