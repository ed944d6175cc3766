"""From the bot to a person and back, with a really trained model."""

from __future__ import annotations

from bot.conversation.change import Change, Place
from bot.conversation.events import CUSTOMER, MESSAGE, Event, asking_event, owner_event
from bot.conversation.owner import Owner
from bot.engine.dialogue import Dialogue
from bot.handoff.passing import STOP_WAITING, stopped_waiting
from bot.handoff.people import People
from tests.engine.desk import Desk, until

SOMEBODY = People(open=True, present=1, places=2, waiting=1)


async def waits(desk: Desk) -> bool:
    return (await desk.read()).owner is Owner.WAITING


async def test_whoever_asks_for_a_person_waits_for_one(desk: Desk, dialogue: Dialogue) -> None:
    await desk.open()
    desk.people = SOMEBODY
    async with desk.working(dialogue):
        said = await desk.ask("I want to talk to a human")
        await until(lambda: waits(desk))
    after = await desk.read()
    assert "passing you to a person" in said
    assert (after.owner, after.queue) == (Owner.WAITING, "waiting")
    assert after.case.handover is not None
    assert after.case.handover.to == "agent"
    last = (await desk.log())[-1]
    assert last.body == {"owner": "waiting", "position": 2, "expected_minutes": 0}


async def test_the_bot_says_nothing_while_the_customer_waits(
    desk: Desk, dialogue: Dialogue
) -> None:
    await desk.open()
    desk.people = SOMEBODY
    async with desk.working(dialogue):
        await desk.ask("I want to talk to a human")
        before = await desk.words()
        await desk.say("my account number is 12345678")
        read = await desk.read()
        click = [e for e in await desk.log() if e.body.get("choices")][-1].body["choices"][0]
        assert click["label"] == "Stop waiting"
        assert await desk.words() == before
        body = {"from": CUSTOMER, "text": click["label"], "choice": click["id"]}
        event = Event(MESSAGE, body, {"payload": STOP_WAITING})
        ids = await desk.conversations.change(read, stopped_waiting(event, "m-stop"))
        answer = await desk.answer_to(ids[-1])
    assert "with me again" in answer
    assert (await desk.read()).owner is Owner.BOT


async def test_with_nobody_there_the_case_goes_by_mail(desk: Desk, dialogue: Dialogue) -> None:
    await desk.open()
    async with desk.working(dialogue):
        said = await desk.ask("I want to talk to a human")
    assert "Nobody is free" in said
    assert (await desk.read()).owner is Owner.BOT


async def test_what_an_agent_asks_the_bot_for_is_got_and_the_agent_has_it_back(
    desk: Desk, dialogue: Dialogue
) -> None:
    await desk.open()
    desk.people = SOMEBODY
    async with desk.working(dialogue):
        await desk.ask("no mobile data on my phone since yesterday")
        await desk.ask("I want to talk to a human")
        await until(lambda: waits(desk))
        await desk.conversations.change(
            await desk.read(),
            Change(owner=Owner.AGENT, events=[owner_event("agent", agent="Agent One")],
                   meta={"agent": "agent-1", "agent_name": "Agent One"}, place=Place("agent", 1)),
        )  # fmt: skip
        taken = await desk.read()
        ids = await desk.conversations.change(
            taken,
            Change(owner=Owner.BOT, events=[asking_event(["account_number"], "One thing first.")],
                   meta={"scope": "account_number"}, owed=True, place=Place("")),
        )  # fmt: skip
        asked = await desk.answer_to(ids[-1])
        assert asked.startswith("One thing first.")
        assert "account number" in asked
        answer = await desk.ask("it is 12345678")
    after = await desk.read()
    assert "passing you back" in answer
    assert (after.owner, after.agent, after.queue) == (Owner.AGENT, "agent-1", "agent")
    assert after.scope == ()
    assert after.case.field("account_number").value == "12345678"
    assert after.waiting_since == taken.waiting_since
