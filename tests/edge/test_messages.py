"""Saying something: what is taken, how it is kept, and that nothing happens twice."""

from __future__ import annotations

import asyncio
import json
import uuid

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.conversation.events import Choice
from bot.conversation.keys import conversation_keys
from bot.conversation.store import Conversations
from bot.redaction import CARD as REDACTED
from tests.edge.conftest import OPEN, Customer, Edge, open_conversation, problem


def test_a_message_is_in_the_log_when_it_is_accepted(customer: Customer) -> None:
    answer = customer.say("My phone is broken")
    assert answer.status_code == 202
    assert set(answer.json()) == {"event"}
    last = customer.events()[-1]
    assert last["id"] == answer.json()["event"]
    assert (last["from"], last["text"]) == ("customer", "My phone is broken")


def test_the_same_id_again_gets_the_same_event(customer: Customer) -> None:
    id = str(uuid.uuid4())
    first, second = customer.say("once", id), customer.say("twice", id.upper())
    assert (first.status_code, second.status_code) == (202, 200)
    assert first.json() == second.json()
    assert customer.said() == ["once"]


async def test_fifty_at_once_are_one(customer: Customer, edge: Edge) -> None:
    body = {"id": str(uuid.uuid4()), "text": "again and again"}
    async with httpx.AsyncClient(base_url=edge.url, timeout=30) as client:
        sends = (
            client.post(f"{customer.path}/messages", json=body, headers=customer.auth)
            for _ in range(50)
        )
        answers = await asyncio.gather(*sends)
    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [202]
    assert len({answer.json()["event"] for answer in answers}) == 1
    assert customer.said() == ["again and again"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("plain", "plain"),
        ("/restart", "/restart"),
        ('/inform{"account_number": "1"}', '/inform{"account_number": "1"}'),
        ("two\r\nlines\rthree\tand a tab", "two\nlines\nthree\tand a tab"),
        ("a\x00b\x07c\x1bd\x7fe\x9ff", "abcdef"),
        ("Cafe\u0301", "Café"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("family 👩‍👩‍👧", "family 👩‍👩‍👧"),
        ("bidi \u202e abc", "bidi \u202e abc"),
        ("Bcc: x@y.example\r\n\r\nhi", "Bcc: x@y.example\n\nhi"),
        ("x" * 10_000, "x" * 10_000),
        ("card 4111 1111 1111 1111.", f"card {REDACTED}."),
        ("card 4111\x001111\x0011111111", f"card {REDACTED}"),
        ("account 8847201193", "account 8847201193"),
    ],
)
def test_text_is_kept_as_written_but_harmless(customer: Customer, sent: str, kept: str) -> None:
    assert customer.say(sent).status_code == 202
    assert customer.said() == [kept]


UUID = '"id": "5e0bb1a5-6a3c-4b35-9d57-5a54f0fbe001"'


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("not json", 400),
        ("{" + UUID + ', "text": NaN}', 400),
        ("{" + UUID + ', "text": "a"', 400),
        ("{" + UUID + ', "text": "\\ud800"}', 400),
        ("{" + UUID + ', "text": "\\udc00 x"}', 400),
        ("[" * 30_000, 422),
        ('{"id":' * 9_000, 422),
        ("{" + UUID + "}", 422),
        ("{" + UUID + ', "text": ""}', 422),
        ("{" + UUID + ', "text": " \\n\\t "}', 422),
        ("{" + UUID + ', "text": "\\u0000\\u0007"}', 422),
        ("{" + UUID + ', "text": null}', 422),
        ("{" + UUID + ', "text": 5}', 422),
        ("{" + UUID + ', "text": ["a"]}', 422),
        ("{" + UUID + ', "text": {"a": 1}}', 422),
        ("{" + UUID + ', "text": "a", "choice": "b"}', 422),
        ("{" + UUID + ', "text": "a", "metadata": []}', 422),
        ("{" + UUID + ', "text": "' + "x" * 10_001 + '"}', 422),
        ("{" + UUID + ', "choice": "never-offered"}', 422),
        ("{" + UUID + ', "choice": ""}', 422),
        ('{"id": "not-a-uuid", "text": "a"}', 422),
        ('{"id": 7, "text": "a"}', 422),
        ('{"text": "a"}', 422),
        ("{" + UUID + ', "text": "' + "x" * 70_000 + '"}', 413),
        ("{" + UUID + ', "text": "' + "x" * 1_000_000 + '"}', 413),
    ],
)
def test_what_does_not_fit_is_refused_and_leaves_no_trace(
    customer: Customer, body: str, status: int
) -> None:
    headers = {"Content-Type": "application/json"}
    path = f"{customer.path}/messages"
    answer = customer.client.post(path, content=body.encode(), headers=headers | customer.auth)
    problem(answer, status)
    assert customer.said() == []
    assert customer.say("still here").status_code == 202


@pytest.mark.parametrize("body", [b'\xff\xfe{"id"', b'{"text": "\xed\xa0\x80"}', b"\x00", b"\x80"])
def test_bytes_that_are_not_utf8_are_refused(customer: Customer, body: bytes) -> None:
    answer = customer.post("messages", content=body)
    assert answer.status_code in (400, 422)
    problem(answer, answer.status_code)


def test_a_body_in_chunks_is_held_to_the_same_limit(customer: Customer) -> None:
    problem(customer.post("messages", content=iter([b'{"id": "'] + [b"x" * 8_192] * 20)), 413)
    assert customer.say("still here").status_code == 202


async def test_a_choice_becomes_its_label_and_the_payload_stays_private(
    edge: Edge, redis: Redis
) -> None:
    with httpx.Client(base_url=edge.url) as client:
        customer, other = open_conversation(client), open_conversation(client)
        choice = Choice("c1", "Yes, send it", "/affirm")
        key = conversation_keys(customer.id).choices
        await redis.hset(key, choice.id, msgspec.json.encode(choice))

        body = {"id": str(uuid.uuid4()), "choice": "c1"}
        answer = customer.post("messages", json=body)
        assert answer.status_code == 202
        shown = customer.events()[-1]
        assert {name: shown[name] for name in ("from", "text", "choice")} == {
            "from": "customer", "text": "Yes, send it", "choice": "c1",
        }  # fmt: skip
        assert "/affirm" not in json.dumps(shown)
        problem(other.post("messages", json=body), 422)

        stored = (await Conversations(redis).all_events(customer.id))[-1]
        assert stored.private == {"payload": "/affirm"}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers()
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
BODIES = JSON | st.fixed_dictionaries(
    {},
    optional={
        "id": JSON | st.uuids().map(str),
        "text": JSON | st.text(max_size=300),
        "choice": JSON,
        "extra": JSON,
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=BODIES)
def test_no_body_ends_in_an_error_of_ours(client: httpx.Client, body: object) -> None:
    customer = _fuzzed.get("one") or _fuzzed.setdefault("one", open_conversation(client))
    answer = customer.post("messages", json=body)
    assert answer.status_code in (202, 200, 400, 401, 413, 422, 429), answer.text
    if answer.status_code == 401:  # another test has emptied Redis
        _fuzzed.clear()
    elif answer.status_code in (200, 202):
        assert isinstance(body, dict)
        assert isinstance(body["text"], str)


_fuzzed: dict[str, Customer] = {}


def test_methods_and_addresses_that_do_not_exist(customer: Customer) -> None:
    wrong = customer.client.put(f"{customer.path}/messages", json={})
    problem(wrong, 405)
    assert "POST" in wrong.headers["allow"]
    problem(customer.client.get(OPEN), 405)
    problem(customer.client.get("/api/v1/nothing"), 404)
    problem(customer.client.get("/api/v2/status"), 404)
