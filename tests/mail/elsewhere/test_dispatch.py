"""Cases that go elsewhere share the outbox with mail: tried again, under one id, dead when refused."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.conversation.keys import OUTBOX_CHANNEL, mail_key, shard_of
from bot.conversation.store import Conversations
from bot.conversation.work import Wake
from bot.errors import SettingError
from bot.mail import smtp
from bot.mail.backoff import Backoff
from bot.mail.destinations import Destination, Destinations
from bot.mail.elsewhere.dispatch import Dispatch, carriers, read_secrets
from bot.mail.order import CASE_MAIL, MailOrder
from bot.mail.outbox import Outbox, State
from bot.mail.worker import Courier
from tests.mail.conftest import composer, emptied
from tests.mail.elsewhere.http_server import Server, running
from tests.mail.elsewhere.zammad_stand_in import TOKEN, Desk
from tests.mail.fault_server import FaultServer
from tests.mail.sample import QUEUE, WORDS, filed


@pytest.fixture
def hook() -> Iterator[Server]:
    with running(lambda call: (200, {})) as it:
        yield it


async def _order(redis: Redis, conversation: str, to: str) -> MailOrder:
    """Orders the case of `conversation` for a destination elsewhere, beside its mails."""
    case_mail, _ = await filed(redis, conversation)
    order = MailOrder(CASE_MAIL, conversation, case_mail.number, case_mail.revision, to)
    mail = order.mail()
    await redis.hset(mail_key(mail.id), mapping={"mail": mail.body, "state": "due", "attempts": 0})
    await redis.zadd(f"{shard_of(conversation)}:outbox", {mail.id: 0})
    return order


async def _delivered(
    redis: Redis, server: FaultServer, folder: Path, destinations: Destinations, secrets: str
) -> Outbox:
    """Empties the outbox with a courier for mail and these destinations."""
    write = composer(redis, folder)
    post = smtp.Post(smtp.Server("127.0.0.1", server.port, tls=False))
    there = carriers(destinations, read_secrets(secrets), WORDS, QUEUE)
    dispatch = Dispatch(Conversations(redis), write, post, there, folder)
    outbox = Outbox(redis)
    courier = Courier(
        outbox, dispatch.write, dispatch.hand_over, write.message_id, Wake(redis, OUTBOX_CHANNEL),
        Backoff(first=0.02, longest=0.1, attempts=20),
    )  # fmt: skip
    stop = asyncio.Event()
    task = asyncio.create_task(courier.run(stop))
    try:
        await emptied(outbox)
    finally:
        stop.set()
        await task
        await dispatch.close()
    return outbox


async def test_a_webhook_is_tried_again_until_it_is_taken(
    redis: Redis, server: FaultServer, hook: Server, tmp_path: Path
) -> None:
    order = await _order(redis, "conversation", "crm")
    hook.faults = [(500, True), (0, True), (429, True)]
    destinations = Destinations({QUEUE: Destination(), "crm": Destination(webhook=hook.url)}, QUEUE)
    outbox = await _delivered(redis, server, tmp_path, destinations, "crm=s3cret")
    entry = await outbox.read(order.id)
    assert (entry.state, entry.attempts) == (State.SENT, 4)
    assert {call.headers["webhook-id"] for call in hook.calls} == {entry.message_id.strip("<>")}
    assert len(server.stored) == 2, "the mails went out as ever"


async def test_what_a_webhook_refuses_is_a_dead_letter(
    redis: Redis, server: FaultServer, hook: Server, tmp_path: Path
) -> None:
    order = await _order(redis, "conversation", "crm")
    hook.faults = [(422, True)]
    destinations = Destinations({"crm": Destination(webhook=hook.url)}, QUEUE)
    outbox = await _delivered(redis, server, tmp_path, destinations, "crm=s3cret")
    entry = await outbox.read(order.id)
    assert (entry.state, entry.last_error) == (State.DEAD, "HTTP 422")


async def test_a_ticket_in_zammad(redis: Redis, server: FaultServer, tmp_path: Path) -> None:
    help_desk = Desk()
    with running(help_desk.answer) as zammad:
        order = await _order(redis, "conversation", "help-desk")
        destinations = Destinations({"help-desk": Destination(zammad=zammad.url)}, QUEUE)
        outbox = await _delivered(redis, server, tmp_path, destinations, f"help-desk={TOKEN}")
    assert (await outbox.read(order.id)).state is State.SENT
    assert "WHAT THE CUSTOMER SAID" in help_desk.articles[0]["body"]


def test_a_destination_without_its_secret_does_not_start() -> None:
    destinations = Destinations({"crm": Destination(webhook="https://crm.example")}, QUEUE)
    with pytest.raises(SettingError, match="'crm' has no secret"):
        carriers(destinations, {}, WORDS, QUEUE)
    with pytest.raises(SettingError, match="not all of it can be read"):
        read_secrets("crm")
