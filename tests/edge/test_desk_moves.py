"""What an agent does with a conversation, by HTTP, and what the customer sees of it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from bot.case.document import decode_document
from bot.content import load_content
from bot.conversation.change import Change, Place
from bot.conversation.events import CUSTOMER, message
from bot.conversation.keys import conversation_keys
from bot.conversation.owner import Owner
from bot.conversation.store import Conversations
from bot.mail.order import REPLY
from bot.mail.outbox import Outbox
from bot.mail.thread import MailNote, exchange, noting
from bot.settings import ROOT
from bot.staff.audit import Audit
from bot.staff.roles import Role
from tests.edge.conftest import Customer, open_conversation
from tests.edge.desk import REASON, STAFF, DeskAgent, new_agent, ok, waiting_customer

Waiting = Callable[..., Awaitable[Customer]]


@pytest.fixture
async def agent(client: httpx.Client, redis: Redis) -> DeskAgent:
    return await new_agent(client, redis)


@pytest.fixture
async def other(client: httpx.Client, redis: Redis, agent: DeskAgent) -> DeskAgent:
    return await new_agent(client, redis)


@pytest.fixture
async def customer(client: httpx.Client, redis: Redis, agent: DeskAgent) -> Customer:
    return await waiting_customer(client, redis, device="Pixel 8")


def told(customer: Customer) -> list[str]:
    """What the customer has been told, by whom."""
    events = customer.events()
    return [f"{it['from']}: {it['text']}" for it in events if it["type"] == "message"][2:]


def owners(customer: Customer) -> list[Any]:
    return [(it["owner"], it.get("agent")) for it in customer.events() if it["type"] == "owner"]


def test_who_claims_has_it_and_the_customer_is_told(agent: DeskAgent, customer: Customer) -> None:
    now = agent.claim(customer.id)
    assert (now["owner"], now["agent"]) == ("agent", {"id": agent.id, "name": agent.name})
    assert owners(customer)[-1] == ("agent", agent.name)
    assert told(customer)[-1].startswith(f"system: {agent.name} is with you now")
    assert agent.ids("mine") == [customer.id]
    assert agent.ids("waiting") == []


def test_a_claim_sent_twice_is_one(agent: DeskAgent, customer: Customer) -> None:
    before = agent.epoch(customer.id)
    first = agent.claim(customer.id)
    again = ok(agent.move(customer.id, "claim", epoch=before))["conversation"]
    assert again["epoch"] == first["epoch"] == before + 1
    assert len(owners(customer)) == 3


def test_the_second_is_told_who_was_first(
    agent: DeskAgent, other: DeskAgent, customer: Customer
) -> None:
    seen = other.epoch(customer.id)
    agent.claim(customer.id)
    for epoch in (seen, seen + 1):
        refused = other.move(customer.id, "claim", epoch=epoch)
        assert refused.status_code == 409
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["detail"] == f"{agent.name} has this conversation now."
        assert refused.json()["conversation"]["agent"]["id"] == agent.id
    assert other.ids("team") == [customer.id]


def test_only_who_has_it_may_speak_or_move_it(
    agent: DeskAgent, other: DeskAgent, customer: Customer
) -> None:
    assert agent.say(customer.id, "not mine yet").status_code == 409
    agent.claim(customer.id)
    assert other.say(customer.id, "me too").status_code == 409
    moves: list[tuple[str, dict[str, Any]]] = [
        ("release", {}), ("return", {"fields": []}), ("transfer", {"to": other.id}),
        ("resolve", {"outcome": "solved"}), ("reopen", {}),
    ]  # fmt: skip
    for what, body in moves:
        assert other.move(customer.id, what, **body).status_code == 409
    assert not any(it.startswith("agent:") for it in told(customer))
    assert agent.move(customer.id, "release", epoch=1).status_code == 409


def test_both_talk_and_a_message_sent_twice_is_said_once(
    agent: DeskAgent, customer: Customer
) -> None:
    agent.claim(customer.id)
    id = str(uuid.uuid4())
    first = agent.say(customer.id, "Hello", id)
    again = agent.say(customer.id, "Hello", id)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    customer.say("Hi there")
    assert told(customer)[-2:] == ["agent: Hello", "customer: Hi there"]
    said = [it for it in customer.events() if it.get("from") == "agent"]
    assert [it["agent"] for it in said] == [agent.name]
    assert "staff" not in said[0]


def test_the_privacy_notice_is_said_once_on_the_way_to_a_person_and_back(
    agent: DeskAgent, customer: Customer
) -> None:
    agent.claim(customer.id)
    ok(agent.move(customer.id, "return", fields=["account_number"]))
    agent.claim(customer.id)
    ok(agent.move(customer.id, "resolve", outcome="solved"))
    customer.say("One more thing")
    notice = load_content(ROOT / "data").brand.privacy_notice.strip()
    said = [it["text"] for it in customer.events() if it["type"] == "message"]
    assert [notice in text for text in said].count(True) == 1


def test_a_note_is_for_staff_alone(agent: DeskAgent, customer: Customer) -> None:
    assert agent.say(customer.id, "checked with billing", what="notes").status_code == 202
    [note] = [it for it in agent.whole(customer.id)["events"] if it["type"] == "note"]
    assert note["private"] == {"by": agent.name, "text": "checked with billing", "staff": agent.id}
    assert "billing" not in str(customer.events())


async def test_who_goes_back_to_the_queue_has_waited_all_the_time(
    agent: DeskAgent, client: httpx.Client, customer: Customer, redis: Redis
) -> None:
    [before] = agent.queues()["waiting"]
    later = await waiting_customer(client, redis)
    agent.claim(customer.id)
    ok(agent.move(customer.id, "release"))
    assert agent.ids("waiting") == [customer.id, later.id]
    row = agent.queues()["waiting"][0]
    assert row["since"] == before["since"]
    assert (row["agent"], row["owner"], row["reason"]) == (None, "waiting", REASON)
    position = [it for it in customer.events() if it["type"] == "owner"][-1]["position"]
    assert position == 1
    assert f"{agent.name} had to leave" in told(customer)[-1]


async def test_the_bot_is_sent_for_a_field_and_the_agent_keeps_the_conversation(
    agent: DeskAgent, other: DeskAgent, customer: Customer, redis: Redis
) -> None:
    agent.claim(customer.id)
    now = ok(agent.move(customer.id, "return", fields=["os_version"], text="One thing first."))
    assert now["conversation"]["owner"] == "bot"
    assert now["conversation"]["scope"] == ["os_version"]
    assert agent.ids("mine") == [customer.id]
    assert told(customer)[-1] == "agent: One thing first."
    known = await Conversations(redis).read(customer.id)
    asking = (await Conversations(redis).all_events(customer.id))[-1]
    assert asking.private["asks"] == ["os_version"]
    assert agent.name in asking.private["said"]
    assert known.heard == asking.id
    assert await redis.zscore(conversation_keys(customer.id).ready, customer.id) is not None
    assert other.move(customer.id, "claim").status_code == 409
    assert agent.claim(customer.id)["scope"] == []  # taken back before the bot is done


async def test_without_fields_the_bot_has_it_for_good(
    agent: DeskAgent, customer: Customer, redis: Redis
) -> None:
    agent.claim(customer.id)
    ok(agent.move(customer.id, "return", fields=[]))
    assert agent.ids("mine") == agent.ids("waiting") == []
    known = await Conversations(redis).read(customer.id)
    assert (known.owner, known.agent, known.waiting_since) == (Owner.BOT, "", 0)


def test_a_field_that_is_none_cannot_be_asked_for(agent: DeskAgent, customer: Customer) -> None:
    agent.claim(customer.id)
    assert agent.move(customer.id, "return", fields=["shoe_size"]).status_code == 422


def test_a_transfer_to_a_colleague(agent: DeskAgent, other: DeskAgent, customer: Customer) -> None:
    agent.claim(customer.id)
    ok(agent.move(customer.id, "transfer", to=other.id))
    assert (agent.ids("mine"), agent.ids("team")) == ([], [customer.id])
    assert other.ids("mine") == [customer.id]
    assert agent.say(customer.id, "one more thing").status_code == 409
    assert other.say(customer.id, "I have it now").status_code == 202
    assert owners(customer)[-1] == ("agent", other.name)


async def test_a_transfer_goes_only_to_those_who_take_conversations(
    agent: DeskAgent, client: httpx.Client, customer: Customer, redis: Redis
) -> None:
    manager = await new_agent(client, redis, Role.MANAGER)
    agent.claim(customer.id)
    assert agent.move(customer.id, "transfer", to=manager.id).status_code == 422
    assert agent.move(customer.id, "transfer", to="nobody").status_code == 422
    ok(agent.move(customer.id, "transfer", to="queue"))
    assert agent.ids("waiting") == [customer.id]


def test_resolved_closed_and_taken_up_again(agent: DeskAgent, customer: Customer) -> None:
    agent.claim(customer.id)
    now = ok(agent.move(customer.id, "resolve", outcome="solved", text="All done. Bye!"))
    assert now["conversation"]["owner"] == "closed"
    said = told(customer)
    ended = next(n for n, it in enumerate(said) if f"{agent.name} has ended" in it)
    assert said[ended - 1] == "agent: All done. Bye!"
    assert agent.ids("mine") == agent.ids("waiting") == []
    assert agent.whole(customer.id)["case"]["resolution"] == "solved"
    assert agent.move(customer.id, "claim").status_code == 409
    again = ok(agent.move(customer.id, "reopen"))["conversation"]
    assert (again["owner"], again["agent"]["id"]) == ("agent", agent.id)
    assert agent.whole(customer.id)["case"]["resolution"] is None
    assert agent.ids("mine") == [customer.id]


async def test_what_an_agent_has_ended_is_on_record_without_a_mail(
    agent: DeskAgent, customer: Customer, redis: Redis
) -> None:
    agent.claim(customer.id)
    ok(agent.move(customer.id, "resolve", outcome="solved"))
    case = agent.whole(customer.id)["case"]
    assert (case["revision"], case["resolution"]) == (1, "solved")
    document = await Conversations(redis).filed_document(case["case"], 1)
    description = decode_document(document).fields["description"]
    assert description.value == "a person please"
    assert await Conversations(redis).of_number(case["case"]) == customer.id
    assert [it async for it in Outbox(redis).entries()] == []
    timers = await redis.zrange(conversation_keys(customer.id).timers, 0, -1)
    assert timers == [f"account:{customer.id}".encode()]
    agent.move(customer.id, "reopen")
    ok(agent.move(customer.id, "resolve", outcome="not_solved"))
    assert agent.whole(customer.id)["case"]["case"] == case["case"]


@pytest.mark.parametrize(
    ("email", "told"), [("someone@mail.example", "answer within"), ("", "Which e-mail address")]
)
async def test_an_agent_passes_a_case_on_to_the_team_by_mail(
    agent: DeskAgent, client: httpx.Client, redis: Redis, email: str, told: str
) -> None:
    known = {"contact_email": email} if email else {"device": "Pixel 8"}
    customer = await waiting_customer(client, redis, **known)
    agent.claim(customer.id)
    now = ok(agent.move(customer.id, "transfer", to="mail"))["conversation"]
    assert (now["owner"], now["agent"]) == ("bot", None)
    assert agent.ids("mail") == [customer.id]
    case = agent.whole(customer.id)["case"]
    assert case["handover"]["to"] == "email"
    kinds = {it.order.kind async for it in Outbox(redis).entries()}
    assert kinds == ({"case", "acknowledgement"} if email else {"case"})
    [system] = [it for it in customer.events() if case["case"] in it.get("text", "")]
    assert told in system["text"]
    agent.claim(customer.id)
    ok(agent.move(customer.id, "transfer", to="mail"))  # nothing has changed: no revision
    assert agent.whole(customer.id)["case"]["revision"] == 1


async def test_a_mail_case_goes_back_to_the_mail_queue(
    agent: DeskAgent, client: httpx.Client, redis: Redis
) -> None:
    customer = open_conversation(client)
    conversations = Conversations(redis)
    known = await conversations.read(customer.id)
    await conversations.change(known, Change(place=Place("mail", 5)))
    assert agent.ids("mail") == [customer.id]
    agent.claim(customer.id)
    assert (agent.ids("mail"), agent.ids("mine")) == ([], [customer.id])
    ok(agent.move(customer.id, "release"))
    assert agent.ids("mail") == [customer.id]
    assert (await conversations.read(customer.id)).owner is Owner.BOT


async def test_who_writes_mail_is_answered_by_mail(
    agent: DeskAgent, client: httpx.Client, redis: Redis
) -> None:
    customer = await waiting_customer(client, redis)
    note = MailNote("<1@mail.example>", "someone@mail.example", "No data")
    said = noting(message(CUSTOMER, "Still no data"), note)
    await Conversations(redis).say(customer.id, "mail-1", said)
    agent.claim(customer.id)
    id = str(uuid.uuid4())
    for _ in range(2):
        assert agent.say(customer.id, "Please restart it.", id).status_code == 202
    [entry] = [it async for it in Outbox(redis).entries()]
    assert (entry.order.kind, entry.order.to) == (REPLY, "someone@mail.example")
    log = await Conversations(redis).all_events(customer.id)
    assert exchange(log, entry.order.about).texts == ("Please restart it.",)
    assert "mail.example" not in str(agent.whole(customer.id)["events"])


async def test_moves_are_on_record_without_words(
    agent: DeskAgent, customer: Customer, redis: Redis
) -> None:
    agent.claim(customer.id)
    agent.say(customer.id, "secret words")
    agent.move(customer.id, "resolve", outcome="solved", text="more secret words")
    entries = [it for it in await Audit(redis).page() if it.staff == agent.id]
    kinds = [it.what for it in entries if it.what.startswith("conversation.")]
    assert kinds == ["conversation.resolve", "conversation.claim"]
    assert "secret" not in str(entries)


async def test_twenty_agents_claim_and_one_has_it(
    agent: DeskAgent, customer: Customer, client: httpx.Client, redis: Redis
) -> None:
    team = [agent, *[await new_agent(client, redis) for _ in range(4)]]
    epoch = agent.epoch(customer.id)

    async def claim(one: DeskAgent) -> int:
        path = client.base_url.join(f"{STAFF}/conversations/{customer.id}/claim")
        async with httpx.AsyncClient() as own:
            headers = one.colleague.headers
            return (await own.post(path, json={"epoch": epoch}, headers=headers)).status_code

    answers = await asyncio.gather(*(claim(one) for one in team for _ in range(4)))
    has_it = agent.whole(customer.id)["conversation"]["agent"]["id"]
    winner = next(n for n, one in enumerate(team) if one.id == has_it)
    by_agent = [answers[n * 4 : n * 4 + 4] for n in range(len(team))]
    assert by_agent.pop(winner) == [200] * 4
    assert all(one == [409] * 4 for one in by_agent)
    assert [it for it in owners(customer) if it[0] == "agent"] == [("agent", team[winner].name)]
