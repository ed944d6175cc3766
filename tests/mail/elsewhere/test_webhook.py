"""A webhook that a receiver can check, and that is tried again until it is taken."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.mail.attachments import Attachment
from bot.mail.elsewhere.parcel import Parcel
from bot.mail.elsewhere.webhook import Webhook
from bot.mail.smtp import Outcome
from tests.mail.elsewhere.http_server import BREAK_OFF, Call, Server, running
from tests.mail.sample import document

KEY = bytes(range(24))
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"
AT = 1_795_340_000
FILES = [
    Attachment("shot.png", "image/png", b"\x89PNG"),
    Attachment("lost", "text/plain", None, "it could not be read"),
]


@pytest.fixture
def server() -> Iterator[Server]:
    with running(lambda call: (204, {})) as it:
        yield it


@pytest.fixture
async def webhook(server: Server) -> AsyncIterator[Webhook]:
    carrier = Webhook(f"{server.url}/hook", SECRET, lambda: AT)
    yield carrier
    await carrier.close()


def parcel() -> Parcel:
    return Parcel("crm", "fl-7k3m2q.1.abc@meadow.example", document(), FILES)


def is_genuine(call: Call, key: bytes) -> bool:
    """The check as the specification describes it to receivers."""
    signed = b".".join(
        [call.headers["webhook-id"].encode(), call.headers["webhook-timestamp"].encode(), call.body]
    )
    right = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{right}" in call.headers["webhook-signature"].split()


async def test_what_is_posted(webhook: Webhook, server: Server) -> None:
    assert (await webhook.carry(parcel())).outcome is Outcome.SENT
    (call,) = server.calls
    assert (call.method, call.path) == ("POST", "/hook")
    assert call.headers["content-type"] == "application/json"
    assert call.headers["webhook-id"] == "fl-7k3m2q.1.abc@meadow.example"
    body = json.loads(call.body)
    assert body["type"] == "case.filed"
    assert body["timestamp"].endswith("Z")
    assert body["data"]["case"]["case"] == "FL-7K3M2Q"
    picture, lost = body["data"]["files"]
    assert base64.b64decode(picture["data"]) == b"\x89PNG"
    assert lost == {"name": "lost", "type": "text/plain", "why": "it could not be read"}


async def test_the_signature_covers_all_of_it(webhook: Webhook, server: Server) -> None:
    await webhook.carry(parcel())
    (call,) = server.calls
    assert is_genuine(call, KEY)
    assert not is_genuine(call, KEY[:-1] + b"x")
    assert not is_genuine(Call("POST", "/", call.headers, call.body + b" "), KEY)
    later = {**call.headers, "webhook-timestamp": str(AT + 1)}
    assert not is_genuine(Call("POST", "/", later, call.body), KEY)


@pytest.mark.parametrize(
    ("status", "outcome", "alarm"),
    [
        (500, Outcome.DEFERRED, False), (503, Outcome.DEFERRED, False),
        (429, Outcome.DEFERRED, False), (401, Outcome.DEFERRED, True),
        (302, Outcome.DEFERRED, True), (404, Outcome.DEFERRED, True),
        (410, Outcome.REFUSED, True), (422, Outcome.REFUSED, True),
        (BREAK_OFF, Outcome.UNKNOWN, False),
    ],
)  # fmt: skip
async def test_what_an_answer_means(
    webhook: Webhook, server: Server, status: int, outcome: Outcome, alarm: bool
) -> None:
    server.faults = [(status, True)]
    delivery = await webhook.carry(parcel())
    assert (delivery.outcome, delivery.alarm) == (outcome, alarm)
    assert (await webhook.carry(parcel())).outcome is Outcome.SENT
    first, second = server.calls
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
