"""The real edge on a real socket in front of a real Redis, and a customer who uses it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.edge.servers import start_edge

OPEN = "/api/v1/conversations"
HOST_PAGE = "https://shop.example"


@dataclass(frozen=True)
class Edge:
    """A running edge and where it keeps its files."""

    url: str
    state_dir: Path


@dataclass(frozen=True)
class Customer:
    """Somebody with a conversation of their own."""

    client: httpx.Client
    id: str
    token: str

    @property
    def path(self) -> str:
        return f"{OPEN}/{self.id}"

    @property
    def auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, what: str, **more: Any) -> httpx.Response:
        return self.client.post(f"{self.path}/{what}", headers=self.auth, **more)

    def say(self, text: str, id: str = "") -> httpx.Response:
        return self.post("messages", json={"id": id or str(uuid.uuid4()), "text": text})

    def edit(self, field: str, value: Any) -> httpx.Response:
        body = {"field": field, "value": value}
        return self.client.patch(f"{self.path}/case", headers=self.auth, json=body)

    def read(self, after: str = "0-0", **query: Any) -> httpx.Response:
        headers = self.auth | {"Accept": "application/json"}
        query = {"after": after} | query
        return self.client.get(f"{self.path}/events", headers=headers, params=query)

    def events(self, after: str = "0-0") -> list[dict[str, Any]]:
        answer = self.read(after)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["events"])

    def said(self) -> list[str]:
        return [it["text"] for it in self.events() if it.get("from") == "customer"]


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem details of an answer that must refuse with `status`."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert set(body) == {"type", "title", "status", "detail"}
    assert body["status"] == status
    assert len(body["detail"]) > 10
    return body


@pytest.fixture(scope="session")
def edge(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    state_dir = tmp_path_factory.mktemp("edge")
    server, url = start_edge(
        state_dir, redis_url, FIRSTLINE_MAILBOX_PORT="1", FIRSTLINE_ALLOWED_ORIGINS=HOST_PAGE
    )
    yield Edge(url, state_dir)
    assert server.stop() == 0, "".join(server.output)


@pytest.fixture(scope="session")
def client(edge: Edge) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=edge.url, timeout=35) as client:
        yield client


def open_conversation(client: httpx.Client) -> Customer:
    """Opens a conversation as a customer does."""
    answer = client.post(OPEN, json={})
    assert answer.status_code == 201, answer.text
    return Customer(client, answer.json()["conversation"], answer.json()["token"])


@pytest.fixture
def customer(client: httpx.Client) -> Customer:
    return open_conversation(client)


@pytest.fixture
def new_customer(client: httpx.Client) -> Callable[[], Customer]:
    return lambda: open_conversation(client)
