"""Reading and correcting a case at the desk."""

from __future__ import annotations

import shutil
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from bot.case.document import decode_document
from bot.case.filing import filed
from bot.case.model import Case
from bot.content import load_content
from bot.conversation.change import Change
from bot.conversation.numbers import propose_number
from bot.conversation.store import Conversations
from bot.desk.earlier import Earlier
from bot.edge.app import make_parts
from bot.edge.desk_conversations import DeskConversationsApi
from bot.mail.outbox import Outbox
from bot.settings import ROOT, Settings
from bot.staff.audit import Audit
from tests.edge.conftest import Customer, Edge, open_conversation, problem
from tests.edge.desk import NUMBER, REASON, DeskAgent, hand_over, new_agent, ok, waiting_customer


@pytest.fixture
async def agent(client: httpx.Client, redis: Redis) -> DeskAgent:
    return await new_agent(client, redis)


@pytest.fixture
async def customer(client: httpx.Client, redis: Redis, agent: DeskAgent) -> Customer:
    said = f"my account is {NUMBER[:4]} {NUMBER[4:]}, no data"
    return await waiting_customer(client, redis, said, device="Pixel 8", account_number=NUMBER)


async def filed_case(redis: Redis, id: str) -> str:
    """Files the conversation's case; returns its number."""
    conversations = Conversations(redis)
    known = await conversations.read(id)
    case = filed(known.case, propose_number(id), None)
    await conversations.change(known, Change(case=case, filed=b"{}"), fenced=False)
    assert case.number
    return case.number


def test_all_that_an_agent_needs_is_in_one_answer(agent: DeskAgent, customer: Customer) -> None:
    whole = agent.whole(customer.id)
    conversation = whole["conversation"]
    assert conversation["reason"] == REASON
    assert conversation["device"] == "Pixel 8"
    assert conversation["missing"] == len(whole["case"]["missing"]) > 0
    assert whole["case"]["fields"]["device"]["value"] == "Pixel 8"
    assert whole["case"]["fields"]["device"]["state"] == "stated"
    assert whole["labels"]["device"] == "Device"
    assert [it["type"] for it in whole["events"]][-2:] == ["message", "owner"]
    assert whole["cursor"] == whole["events"][-1]["id"]
    assert (whole["earlier"], whole["incident"], whole["articles"]) == ([], None, [])
    assert whole["slots"]["device"] == "Pixel 8"


def test_the_incident_is_shown_as_it_stands_now(tmp_path: Path) -> None:
    data = shutil.copytree(ROOT / "data", tmp_path / "data")
    settings = Settings(state_dir=tmp_path, redis_url="redis://127.0.0.1:1", secret="of the tests")
    parts = make_parts(settings, data, tmp_path)
    shown = DeskConversationsApi(parts)._incident
    assert shown(Case(incident="core")) is None
    (data / "incidents.yml").write_text(
        '[{name: core, title: No data, text: Soon, problems: [], since: "2026-11-22T09:00:00Z"}]'
    )
    parts.incidents.look()
    assert shown(Case(incident="core")) == {"name": "core", "title": "No data", "text": "Soon"}
    assert shown(Case()) is None


def test_an_account_number_is_nowhere_until_it_is_asked_for(
    agent: DeskAgent, customer: Customer
) -> None:
    shown = str(agent.whole(customer.id)) + str(agent.queues())
    assert "••7890" in shown
    for written in (NUMBER, f"{NUMBER[:4]} {NUMBER[4:]}"):
        assert written not in shown


async def test_who_asks_for_it_is_on_record(
    agent: DeskAgent, customer: Customer, redis: Redis
) -> None:
    answer = ok(agent.get(f"/conversations/{customer.id}/account-number"))
    assert answer == {"account_number": NUMBER}
    [entry] = [it for it in await Audit(redis).page() if it.what == "account_number.reveal"]
    assert (entry.staff, entry.about) == (agent.id, customer.id)
    assert NUMBER not in str(entry)


async def test_without_an_account_number_there_is_nothing_to_see(
    agent: DeskAgent, redis: Redis
) -> None:
    customer = await waiting_customer(agent.colleague.client, redis)
    problem(agent.get(f"/conversations/{customer.id}/account-number"), 404)


def test_an_edit_is_in_the_log_with_its_maker_and_the_bots_error(
    agent: DeskAgent, customer: Customer
) -> None:
    answer = ok(agent.edit(customer.id, "device", "Pixel 9", bot_wrong=True))
    assert answer["case"]["fields"]["device"]["value"] == "Pixel 9"
    assert answer["case"]["fields"]["device"]["state"] == "corrected"
    event = agent.whole(customer.id)["events"][-1]
    assert event["case_version"] == answer["case_version"]
    assert event["case"] == answer["case"]
    private = event["private"]
    assert (private["by"], private["name"], private["bot_wrong"]) == ("agent", agent.name, True)
    assert private["edit"] == {"field": "device", "old": "Pixel 8", "new": "Pixel 9"}
    public = customer.events()[-1]
    assert public["case"]["fields"]["device"]["value"] == "Pixel 9"
    assert "private" not in public


async def test_no_edit_is_lost(agent: DeskAgent, customer: Customer, redis: Redis) -> None:
    other = await new_agent(agent.colleague.client, redis)
    version = other.whole(customer.id)["conversation"]["case_version"]
    ok(agent.edit(customer.id, "device", "Pixel 9"))
    refused = other.edit(customer.id, "device", "Pixel 7", case_version=version)
    assert refused.status_code == 409
    assert refused.json()["case"]["fields"]["device"]["value"] == "Pixel 9"
    assert refused.json()["case_version"] == version + 1
    ok(other.edit(customer.id, "location", "at home"))
    fields = agent.whole(customer.id)["case"]["fields"]
    assert (fields["device"]["value"], fields["location"]["value"]) == ("Pixel 9", "at home")


def test_a_value_that_does_not_fit_changes_nothing(agent: DeskAgent, customer: Customer) -> None:
    before = agent.whole(customer.id)
    refused = problem(agent.edit(customer.id, "contact_email", "no address"), 422)
    assert refused["detail"].endswith("The value before is kept.")
    problem(agent.edit(customer.id, "shoe_size", "44"), 422)
    assert agent.whole(customer.id) == before


async def test_text_shown_masked_is_kept_whole_when_edited(
    agent: DeskAgent, customer: Customer, redis: Redis
) -> None:
    ok(agent.edit(customer.id, "description", f"No data on account {NUMBER}"))
    shown = agent.whole(customer.id)["case"]["fields"]["description"]["value"]
    assert shown == "No data on account ••7890"
    ok(agent.edit(customer.id, "description", f"{shown} since Friday"))
    ok(agent.edit(customer.id, "account_number", "••7890"))
    fields = (await Conversations(redis).read(customer.id)).case.fields
    assert fields["description"].value == f"No data on account {NUMBER} since Friday"
    assert fields["account_number"].value == NUMBER


def test_the_same_value_again_is_no_change(agent: DeskAgent, customer: Customer) -> None:
    first = ok(agent.edit(customer.id, "location", "at home"))
    again = ok(agent.edit(customer.id, "device", "Pixel 8"))
    assert again["case_version"] == first["case_version"]


async def test_an_edit_of_a_filed_case_is_a_revision_with_its_mails(
    agent: DeskAgent, customer: Customer, redis: Redis
) -> None:
    number = await filed_case(redis, customer.id)
    ok(agent.edit(customer.id, "contact_email", "someone@mail.example"))
    conversations = Conversations(redis)
    case = (await conversations.read(customer.id)).case
    assert (case.number, case.revision) == (number, 2)
    document = decode_document(await conversations.filed_document(number, 2))
    assert document.fields["contact_email"].value == "someone@mail.example"
    entries = [it async for it in Outbox(redis).entries()]
    assert {(it.order.kind, it.order.revision) for it in entries} == {
        ("case", 2), ("acknowledgement", 2),
    }  # fmt: skip


def test_a_closed_case_is_not_edited(agent: DeskAgent, customer: Customer) -> None:
    agent.claim(customer.id)
    ok(agent.move(customer.id, "resolve", outcome="solved"))
    assert agent.edit(customer.id, "device", "Pixel 9").status_code == 409


async def test_earlier_cases_of_the_account_are_beside_it(
    agent: DeskAgent, customer: Customer, redis: Redis, edge: Edge
) -> None:
    secret = (edge.state_dir / "secret").read_text()
    earlier = Earlier(redis, secret, load_content(ROOT / "data"))
    number = await filed_case(redis, customer.id)
    agent.claim(customer.id)
    ok(agent.move(customer.id, "resolve", outcome="no_reply"))
    await earlier.note(await Conversations(redis).read(customer.id))
    now = open_conversation(agent.colleague.client)
    await hand_over(redis, now.id, account_number=NUMBER)
    [before] = agent.whole(now.id)["earlier"]
    assert (before["case"], before["outcome"]) == (number, "no_reply")
    assert before["conversation"] == customer.id
    assert before["problem"]
    assert not [key for key in await redis.keys("*") if NUMBER.encode() in key]
    ok(agent.edit(now.id, "account_number", "9876543210"))
    assert agent.whole(now.id)["earlier"] == []


async def test_a_case_of_the_account_that_is_listed_meanwhile_is_told(
    agent: DeskAgent, customer: Customer, redis: Redis, edge: Edge
) -> None:
    earlier = Earlier(redis, (edge.state_dir / "secret").read_text(), load_content(ROOT / "data"))
    number = await filed_case(redis, customer.id)
    now = open_conversation(agent.colleague.client)
    await hand_over(redis, now.id, account_number=NUMBER)
    store = Conversations(redis)
    await earlier.note(await store.read(now.id))
    assert agent.whole(now.id)["earlier"] == []
    cursor = agent.whole(now.id)["cursor"]
    with agent.stream(f"/conversations/{now.id}/events?after={cursor}") as events:
        await earlier.note(await store.read(customer.id))
        kind, told = next(events)
    assert (kind, [one["case"] for one in told["earlier"]]) == ("earlier", [number])


def test_files_of_a_conversation_are_given_to_staff(agent: DeskAgent, customer: Customer) -> None:
    upload = customer.post("files", files={"file": ("log.txt", b"no service", "text/plain")})
    assert upload.status_code == 201, upload.text
    [file] = agent.whole(customer.id)["files"]
    assert file == upload.json()
    answer = agent.get(f"/conversations/{customer.id}/files/{file['file']}")
    assert answer.content == b"no service"
    problem(agent.get(f"/conversations/{customer.id}/files/{'0' * 32}"), 404)


def test_what_is_not_there_is_404(agent: DeskAgent) -> None:
    for path in ("", "/events", "/account-number"):
        problem(agent.get(f"/conversations/nowhere{path}"), 404)


async def test_a_case_is_found_by_its_number(
    agent: DeskAgent, customer: Customer, redis: Redis
) -> None:
    number = await filed_case(redis, customer.id)
    for typed in (number, number.lower(), number.removeprefix("FL-")):
        assert ok(agent.get(f"/cases/{typed}")) == {"conversation": customer.id}


@pytest.mark.parametrize("typed", ["FL-000000", "x", "FL-", "%2e%2e", "%00", "*", "c" * 3_000])
def test_what_is_no_number_finds_nothing(agent: DeskAgent, typed: str) -> None:
    problem(agent.get(f"/cases/{typed}"), 404)
