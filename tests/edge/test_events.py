"""Reading the log: streams that resume, long polls that wake."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from bot.conversation.events import bot_message, encode_event
from bot.conversation.keys import conversation_keys
from bot.conversation.store import READ_AT_ONCE
from tests.edge.conftest import Customer, problem


@contextmanager
def stream(
    customer: Customer, last: str = "", query: dict[str, str] | None = None
) -> Iterator[Iterator[dict[str, Any]]]:
    """The frames of an event stream, comments left out, as {id, event, data}."""
    headers = customer.auth | ({"Last-Event-ID": last} if last else {})
    path = f"{customer.path}/events"
    with customer.client.stream("GET", path, headers=headers, params=query) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        yield frames(answer.iter_lines())


def frames(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    frame: dict[str, Any] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if not line and "data" in frame:
            yield frame
            frame = {}
        elif name == "data":
            frame["data"] = json.loads(value)
        elif name in ("id", "event"):
            frame[name] = value


def test_a_stream_begins_with_the_whole_log(customer: Customer) -> None:
    customer.say("hello")
    log = customer.events()
    with stream(customer) as following:
        for event, frame in zip(log, following, strict=False):
            assert frame == {"id": event["id"], "event": event["type"], "data": event}


def test_a_stream_shows_what_comes_later(customer: Customer) -> None:
    start = customer.events()[-1]["id"]
    with stream(customer, start) as following, httpx.Client(base_url=customer.client.base_url) as c:
        for text in ("one", "two"):
            said = Customer(c, customer.id, customer.token).say(text).json()["event"]
            frame = next(following)
            assert (frame["id"], frame["data"]["text"]) == (said, text)


@pytest.mark.parametrize("how", ["header", "query", "header wins"])
def test_a_stream_goes_on_where_the_reader_left_off(customer: Customer, how: str) -> None:
    first, second = (customer.say(text).json()["event"] for text in ("one", "two"))
    after = "" if how == "query" else first
    query = {"header": {}, "query": {"after": first}, "header wins": {"after": "0-0"}}[how]
    with stream(customer, after, query) as following:
        assert next(following)["id"] == second


async def test_a_long_log_comes_whole_and_in_order(customer: Customer, redis: Redis) -> None:
    opened = Customer(customer.client, *_open(customer))
    count = 2 * READ_AT_ONCE + 10
    pipe = redis.pipeline()
    for number in range(count):
        kind, body, _ = encode_event(bot_message(str(number)))
        pipe.xadd(conversation_keys(opened.id).log, {"t": kind, "d": body})
    await pipe.execute()
    with stream(opened) as following:
        texts = [next(following)["data"].get("text") for _ in range(count + 3)]
    assert texts[3:] == [str(number) for number in range(count)]


def _open(customer: Customer) -> tuple[str, str]:
    answer = customer.client.post("/api/v1/conversations", json={}).json()
    return answer["conversation"], answer["token"]


def test_json_is_a_page_of_events_and_a_cursor(customer: Customer) -> None:
    said = customer.say("hello").json()["event"]
    page = customer.read().json()
    assert set(page) == {"events", "cursor"}
    assert page["cursor"] == page["events"][-1]["id"] == said
    for event in page["events"]:
        assert {"id", "type", "at"} <= set(event)
        assert event["at"].endswith("Z")
    assert customer.read(after=said).json() == {"events": [], "cursor": said}


def test_a_long_poll_wakes_when_something_is_said(customer: Customer) -> None:
    start = customer.events()[-1]["id"]
    answers: list[httpx.Response] = []
    with httpx.Client(base_url=customer.client.base_url, timeout=30) as other:
        waiting = Customer(other, customer.id, customer.token)
        poll = threading.Thread(target=lambda: answers.append(waiting.read(start, wait=25)))
        before = readers(customer.client)
        poll.start()
        while readers(customer.client) == before:
            assert poll.is_alive()
        said = customer.say("wake up").json()["event"]
        poll.join(timeout=10)
        assert not poll.is_alive()
    assert [event["id"] for event in answers[0].json()["events"]] == [said]


def readers(client: httpx.Client) -> float:
    """How many streams and polls the edge says it has open."""
    for line in client.get("/metrics").text.splitlines():
        if line.startswith("firstline_readers "):
            return float(line.split()[1])
    raise AssertionError("no such metric")


def test_a_long_poll_ends_when_its_time_is_over(customer: Customer) -> None:
    cursor = customer.events()[-1]["id"]
    begun = time.monotonic()
    assert customer.read(cursor, wait="0.3").json() == {"events": [], "cursor": cursor}
    assert time.monotonic() - begun >= 0.3


@pytest.mark.parametrize(
    "cursor",
    ["x", "1", "1-", "-1", "1-1-1", "0-0 ", "१-१", "99999999999999999999999-0", "1-18446744073709551616",
     "$", "+", "-", "0-0\u00a0"],
)  # fmt: skip
def test_what_is_no_cursor_is_refused(customer: Customer, cursor: str) -> None:
    problem(customer.read(cursor), 400)


def test_a_bad_last_event_id_is_refused(customer: Customer) -> None:
    headers = customer.auth | {"Last-Event-ID": "1;DROP"}
    problem(customer.client.get(f"{customer.path}/events", headers=headers), 400)


@pytest.mark.parametrize("wait", ["-1", "soon", "nan", "-inf"])
def test_what_is_no_time_to_wait_is_refused(customer: Customer, wait: str) -> None:
    problem(customer.read(wait=wait), 400)


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "text/event-stream"),
        ("text/event-stream", "text/event-stream"),
        ("text/event-stream, application/json;q=0.5", "text/event-stream"),
        ("application/json", "application/json"),
        ("application/json, text/plain, */*", "application/json"),
    ],
)
def test_accept_chooses_the_form(customer: Customer, accept: str, media: str) -> None:
    headers = customer.auth | {"Accept": accept}
    with customer.client.stream("GET", f"{customer.path}/events", headers=headers) as answer:
        assert answer.headers["content-type"].startswith(media)


def test_a_slow_reader_does_not_hold_up_others(customer: Customer) -> None:
    """One stream is never read; the log grows beyond its buffers; another stream gets it all."""
    start = customer.events()[-1]["id"]
    with stream(customer, start), httpx.Client(base_url=customer.client.base_url) as second:
        reader = Customer(second, customer.id, customer.token)
        with stream(reader, start) as following, httpx.Client(base_url=second.base_url) as third:
            writer = Customer(third, customer.id, customer.token)
            for number in range(60):
                text = f"{number} " + "x" * 9_000
                assert writer.say(text).status_code == 202
                assert next(following)["data"]["text"] == text
