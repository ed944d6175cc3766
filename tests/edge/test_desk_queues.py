"""The queues live, who is at the desk, canned replies and dead letters."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from bot.conversation.change import Change
from bot.conversation.events import bot_message
from bot.conversation.keys import LOG_CHANNEL
from bot.conversation.store import Conversations
from bot.desk.presence import free_places
from bot.edge.desk_feed import Desk
from bot.mail.order import CASE_MAIL, MailOrder
from bot.mail.outbox import Outbox
from bot.staff.audit import Audit
from bot.staff.roles import Role
from tests.edge.conftest import open_conversation, problem
from tests.edge.desk import STAFF, DeskAgent, hand_over, new_agent, ok, waiting_customer

Events = Iterator[tuple[str, dict[str, Any]]]


@pytest.fixture
async def agent(client: httpx.Client, redis: Redis) -> DeskAgent:
    return await new_agent(client, redis)


def row_of(events: Events, conversation: str, queue: str | None = None) -> dict[str, Any]:
    """The next row of this conversation, in `queue` if given."""
    for name, data in events:
        if name == "row" and data["row"]["conversation"] == conversation:
            assert queue is None or data["queue"] == queue, data
            return dict(data["row"])
    raise AssertionError("the stream ended")


def next_of(events: Events, kind: str) -> dict[str, Any]:
    return next(data for name, data in events if name == kind)


async def test_a_row_comes_changes_and_goes_on_every_open_desk(
    agent: DeskAgent, client: httpx.Client, redis: Redis
) -> None:
    other = await new_agent(client, redis)
    customer = open_conversation(client)
    with agent.stream("/queues/events") as mine, other.stream("/queues/events") as theirs:
        next_of(mine, "presence")
        await hand_over(redis, customer.id, device="Pixel 8")
        for events in (mine, theirs):
            row = row_of(events, customer.id, "waiting")
            assert (row["device"], row["agent"], row["unread"]) == ("Pixel 8", None, False)
        customer.say("still there?")
        assert row_of(mine, customer.id, "waiting")["last"]["text"] == "still there?"
        agent.claim(customer.id)
        assert row_of(mine, customer.id, "mine")["agent"]["id"] == agent.id
        row_of(theirs, customer.id, "waiting")
        row_of(theirs, customer.id, "team")
        ok(agent.move(customer.id, "resolve", outcome="solved"))
        row_of(mine, customer.id, "")
        row_of(theirs, customer.id, "")


async def test_a_row_says_what_people_said_last_not_the_bot(
    agent: DeskAgent, client: httpx.Client, redis: Redis
) -> None:
    customer = await waiting_customer(client, redis, said="no signal, a person please")
    store = Conversations(redis)
    told = Change(events=[bot_message("I'm passing you to a person.")])
    await store.change(await store.read(customer.id), told)
    [row] = agent.get("/queues").json()["waiting"]
    assert row["last"]["text"] == "no signal, a person please"
    assert not row["unread"]


async def test_who_opens_the_desk_sees_what_waits_already(
    agent: DeskAgent, client: httpx.Client, redis: Redis
) -> None:
    customer = await waiting_customer(client, redis)
    with agent.stream("/queues/events") as events:
        row_of(events, customer.id, "waiting")


async def test_a_lost_hint_is_found_by_the_next_look(
    agent: DeskAgent, client: httpx.Client, redis: Redis
) -> None:
    customer = await waiting_customer(client, redis)
    with agent.stream("/queues/events") as events:
        row_of(events, customer.id, "waiting")
        [key] = [it async for it in redis.scan_iter(match="*:queue:waiting")]
        await redis.delete(key)  # nobody publishes this
        meta = f"{key.decode().partition(':')[0]}:conversation:{customer.id}"
        await redis.hset(meta, "queue", "")
        row_of(events, customer.id, "")


async def test_talk_with_the_bot_alone_is_no_business_of_the_desk(
    agent: DeskAgent, client: httpx.Client, redis: Redis
) -> None:
    private = open_conversation(client)
    with agent.stream("/queues/events") as events:
        next_of(events, "presence")
        private.say("hello")
        waiting = await waiting_customer(client, redis)
        row = next_of(events, "row")["row"]
        assert row["conversation"] == waiting.id


async def test_an_open_desk_is_presence(
    agent: DeskAgent, client: httpx.Client, redis: Redis
) -> None:
    manager = await new_agent(client, redis, Role.MANAGER)
    with manager.stream("/queues/events") as events, agent.stream("/queues/events"):
        [one] = next_of(events, "presence")["staff"]
        assert (one["id"], one["name"], one["status"], one["has"]) == (
            agent.id, agent.name, "available", 0,
        )  # fmt: skip
        assert await free_places(redis, 3) == 3
        path = f"{STAFF}/presence"
        answer = agent.colleague.request("PUT", path, json={"status": "away"})
        assert answer.status_code == 204
        assert next_of(events, "presence")["staff"][0]["status"] == "away"
        assert await free_places(redis, 3) == 0
        assert ok(agent.get("/presence"))["staff"][0]["status"] == "away"


async def test_what_an_agent_has_is_counted(
    agent: DeskAgent, client: httpx.Client, redis: Redis
) -> None:
    customer = await waiting_customer(client, redis)
    with agent.stream("/queues/events") as events:
        agent.claim(customer.id)
        assert any(
            one["has"] == 1 for name, data in events if name == "presence" for one in data["staff"]
        )


async def test_the_stream_of_a_conversation_has_notes_and_the_present_case(
    agent: DeskAgent, client: httpx.Client, redis: Redis
) -> None:
    customer = await waiting_customer(client, redis)
    cursor = agent.whole(customer.id)["cursor"]
    with agent.stream(f"/conversations/{customer.id}/events?after={cursor}") as events:
        agent.say(customer.id, "a note", what="notes")
        assert next_of(events, "note")["private"]["text"] == "a note"
        ok(agent.edit(customer.id, "device", "Pixel 9"))
        change = next_of(events, "case")
        assert change["case"]["fields"]["device"]["value"] == "Pixel 9"
        assert change["case_version"] == agent.whole(customer.id)["conversation"]["case_version"]


def test_canned_replies_keep_their_slots(agent: DeskAgent) -> None:
    replies = ok(agent.get("/canned"))["replies"]
    assert {"id", "title", "text"} == set(replies[0])
    assert "{customer_first_name}" in replies[0]["text"]


async def dead_letter(client: httpx.Client, redis: Redis) -> tuple[str, str]:
    """A mail that the server refused; its id and its conversation."""
    customer = open_conversation(client)
    order = MailOrder(CASE_MAIL, customer.id, "FL-7K3M2Q", 1, "cases@meadow.example")
    conversations = Conversations(redis)
    known = await conversations.read(customer.id)
    await conversations.change(known, Change(mails=[order.mail()]))
    outbox = Outbox(redis)
    claim = await outbox.queue.claim()
    assert claim is not None
    await outbox.begin(claim, "<1@meadow.example>")
    await outbox.bury(claim, "550 no such mailbox")
    return order.id, customer.id


async def test_a_dead_letter_is_seen_and_sent_again(
    agent: DeskAgent, client: httpx.Client, redis: Redis
) -> None:
    with agent.stream("/queues/events") as events:
        id, conversation = await dead_letter(client, redis)
        [letter] = next_of(events, "dead")["dead"]
        assert (letter["id"], letter["conversation"]) == (id, conversation)
        assert (letter["case"], letter["error"]) == ("FL-7K3M2Q", "550 no such mailbox")
        assert agent.queues()["dead"] == [letter] == ok(agent.get("/dead"))["dead"]
        answer = agent.colleague.post(f"{STAFF}/dead/{id}/replay")
        assert answer.status_code == 204
        assert next_of(events, "dead")["dead"] == []
    assert (await Outbox(redis).read(id)).state.value == "due"
    problem(agent.colleague.post(f"{STAFF}/dead/{id}/replay"), 404)
    problem(agent.colleague.post(f"{STAFF}/dead/{uuid.uuid4()}/replay"), 404)
    assert (await Audit(redis).page())[0].what == "mail.replay"


async def test_a_desk_that_does_not_read_must_begin_anew() -> None:
    desk = Desk("agent-1")
    for _ in range(5_001):
        desk.put(b":\n\n")
    assert desk.behind


async def test_news_of_no_conversation_harms_nobody(agent: DeskAgent, redis: Redis) -> None:
    with agent.stream("/queues/events") as events:
        next_of(events, "presence")
        await redis.publish(LOG_CHANNEL, "nowhere")
        customer = await waiting_customer(agent.colleague.client, redis)
        row_of(events, customer.id, "waiting")
