"""Clients that hold on to what they can: half requests, slow bodies, streams by the hundred."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from bot.edge.events_api import MOST_READERS_OF_ONE
from tests.edge.conftest import Customer, Edge, problem

# A long run makes it 2,000 and waits until the edge has hung up on all of them.
HALF_REQUESTS = int(os.environ.get("FIRSTLINE_TEST_HALF_REQUESTS", "300"))
LONG = HALF_REQUESTS > 300
HANGS_UP_WITHIN = 130.0
DRIP_EVERY = 5.0

HALVES = {
    "no request": b"",
    "half a line": b"GET /heal",
    "no end of headers": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ",
    "no body": b"POST /api/v1/conversations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    b"Content-Length: 900\r\n\r\n{",
    "no end of chunks": b"POST /api/v1/conversations HTTP/1.1\r\nHost: x\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    "no file": b"POST /api/v1/conversations/x/files HTTP/1.1\r\nHost: x\r\n"
    b"Content-Length: 9000000\r\n\r\n--",
}


@pytest.fixture
def halves(edge: Edge) -> Iterator[list[socket.socket]]:
    """So many connections with half a request each."""
    place = (urlsplit(edge.url).hostname, urlsplit(edge.url).port)
    with contextlib.ExitStack() as stack:
        opened = []
        for number in range(HALF_REQUESTS):
            link = stack.enter_context(socket.create_connection(place, 10))
            link.sendall(list(HALVES.values())[number % len(HALVES)])
            opened.append(link)
        yield opened


def test_half_requests_keep_nobody_else_waiting(
    halves: list[socket.socket], client: httpx.Client, customer: Customer
) -> None:
    for link in halves:  # one more byte each, as slow clients do to stay
        with contextlib.suppress(OSError):
            link.sendall(b"x")
    assert client.get("/healthz").status_code == 200
    assert customer.say("still here").status_code == 202
    assert [it["text"] for it in customer.events()[-1:]] == ["still here"]
    if LONG:
        assert hung_up(halves) == len(halves)


def hung_up(links: list[socket.socket]) -> int:
    """How many of the connections the other side ends, though each goes on sending byte by byte."""
    until, opened = time.monotonic() + HANGS_UP_WITHIN, list(links)
    while opened and time.monotonic() < until:
        time.sleep(DRIP_EVERY)
        opened = [link for link in opened if is_open(link)]
    return len(links) - len(opened)


def is_open(link: socket.socket) -> bool:
    """Sends one byte more; whether the other side still listens."""
    link.setblocking(False)
    try:
        link.send(b"x")
        while link.recv(4_096):
            pass
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def test_one_conversation_is_not_open_everywhere(edge: Edge, customer: Customer) -> None:
    with contextlib.ExitStack() as stack:
        client = stack.enter_context(httpx.Client(base_url=edge.url, timeout=20))
        limits = httpx.Limits(max_connections=MOST_READERS_OF_ONE + 5)
        many = stack.enter_context(httpx.Client(base_url=edge.url, timeout=20, limits=limits))
        path = f"{customer.path}/events"
        for _ in range(MOST_READERS_OF_ONE):
            answer = stack.enter_context(many.stream("GET", path, headers=customer.auth))
            assert answer.status_code == 200
        refused = client.get(path, headers=customer.auth)
        assert "too many" in problem(refused, 429)["detail"]
        assert int(refused.headers["retry-after"]) > 0
        problem(customer.read(), 429)
        assert customer.say("still here").status_code == 202


def test_who_has_gone_does_not_count(edge: Edge, customer: Customer) -> None:
    path = f"{customer.path}/events"
    for _ in range(2 * MOST_READERS_OF_ONE):
        assert customer.read().status_code == 200
    with customer.client.stream("GET", path, headers=customer.auth) as answer:
        assert answer.status_code == 200


def test_huge_heads_are_refused(edge: Edge) -> None:
    place = (urlsplit(edge.url).hostname, urlsplit(edge.url).port)
    with socket.create_connection(place, 10) as link, contextlib.suppress(ConnectionError):
        link.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
        for _ in range(64):
            link.sendall(b"X-A: " + b"a" * 8_000 + b"\r\n")
        link.sendall(b"\r\n")
        assert b"200" not in link.recv(64)[:16]
