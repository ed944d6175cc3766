"""Whatever goes wrong in a real conversation reaches the trainers' inbox, with what the bot thought."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from bot.case.dialogue import edit_in_words
from bot.case.fields import edited_field
from bot.case.model import Case
from bot.case.view import customer_view
from bot.conversation.events import CUSTOMER, case_event, message
from bot.desk.edit import edited
from bot.desk.rows import Agent
from bot.engine.dialogue import Dialogue, Incoming, Outcome, TurnFailed
from bot.mail.destinations import Destinations
from bot.mail.thread import MailNote, noting
from bot.training.collect import inbox
from bot.training.inbox import GIVEN_UP_AFTER, misread
from tests.engine.desk import QUEUE, Desk
from tests.engine.talk import CONTENT

NONSENSE = "the cat sat on my hovercraft full of eels"
VAGUE = "the one on the letter you sent me"
TROUBLE = "no mobile data on my Google Pixel 8"


async def reasons(desk: Desk) -> dict[str, list[str]]:
    """What is in the inbox: the message as a trainer reads it, and why it is there."""
    return {one.text: one.reasons for one in await inbox(desk.redis)}


async def asked_of(desk: Desk, dialogue: Any, *said: str) -> None:
    async with desk.working(dialogue):
        await desk.open()
        for text in said:
            await desk.ask(text)


async def test_a_conversation_that_goes_well_is_not_in_it(desk: Desk, dialogue: Dialogue) -> None:
    await asked_of(desk, dialogue, "my phone has no signal since this morning", "an iPhone 14")
    assert await reasons(desk) == {}


async def test_what_fits_nothing_or_is_a_guess(desk: Desk, dialogue: Dialogue) -> None:
    await asked_of(desk, dialogue, NONSENSE)
    [one] = await inbox(desk.redis)
    assert set(one.reasons) & {"out_of_scope", "unsure"}
    assert one.thought["model"] == dialogue.model
    assert one.thought["ranking"]


async def test_a_turn_that_failed(desk: Desk) -> None:
    class Broken:
        async def turn(self, id: str, stored: bytes, case: Case, heard: Incoming) -> Outcome:
            raise TurnFailed("it raised")

    await asked_of(desk, Broken(), TROUBLE)
    assert await reasons(desk) == {TROUBLE: ["failed"]}


async def test_what_the_customer_corrects(desk: Desk, dialogue: Dialogue) -> None:
    await asked_of(desk, dialogue, TROUBLE, "no, it's a Google Pixel 7")
    assert "corrected" in (await reasons(desk))[TROUBLE]


async def test_what_the_customer_corrects_in_the_case(desk: Desk, dialogue: Dialogue) -> None:
    async with desk.working(dialogue):
        await desk.open()
        await desk.ask(TROUBLE)
        known = await desk.read()
        field = edited_field(
            "device", "Google Pixel 7", known.case.field("device"), CONTENT.account_number
        )
        case = known.case.with_field("device", field)
        words = edit_in_words("device", known.case, case)
        event = case_event(customer_view(case, CONTENT), by=CUSTOMER, edit=words)
        await desk.answer_to(await desk.conversations.edit_case(known, case, event, answer=True))
    assert "corrected" in (await reasons(desk))[TROUBLE]


async def test_what_an_agent_says_the_bot_got_wrong(desk: Desk, dialogue: Dialogue) -> None:
    await asked_of(desk, dialogue, TROUBLE, "since yesterday evening")
    known = await desk.read()
    by = Agent("agent-1", "Agent One")
    change = edited(
        known, "device", "Google Pixel 7", by, True, [], CONTENT, Destinations({}, QUEUE)
    )
    await desk.conversations.change(known, change, fenced=False)
    assert "corrected_by_agent" in (await reasons(desk))[TROUBLE]


async def test_what_had_to_be_asked_again(desk: Desk, dialogue: Dialogue) -> None:
    """But not what tells something else than was asked for."""
    told = (TROUBLE, "since yesterday evening", "no message at all", "I restarted it", VAGUE)
    await asked_of(desk, dialogue, *told)
    assert await reasons(desk) == {VAGUE: ["asked_again"]}


async def test_where_a_customer_left(desk: Desk, dialogue: Dialogue) -> None:
    await asked_of(desk, dialogue, TROUBLE)
    log = await desk.log()
    assert misread("c1", log, datetime.now(timezone.utc)) == []
    [one] = misread("c1", log, datetime.now(timezone.utc) + 2 * GIVEN_UP_AFTER)
    assert (one.text, one.reasons) == (TROUBLE, ["abandoned"])


async def test_a_mail_that_was_understood_is_not_in_it_and_has_a_thought(
    desk: Desk, dialogue: Dialogue
) -> None:
    async with desk.working(dialogue):
        await desk.open()
        note = MailNote("<1@customer.example>", "jo@customer.example")
        said, _ = await desk.conversations.say("c1", "m1", noting(message(CUSTOMER, TROUBLE), note))
        await desk.answer_to(said)
    assert await reasons(desk) == {}
    [turn] = [event for event in await desk.log() if event.type == "turn"]
    assert turn.private["intent"] == "report_problem"
    assert "device" in turn.private["found"]


async def test_a_mail_that_fits_nothing(desk: Desk, dialogue: Dialogue) -> None:
    async with desk.working(dialogue):
        await desk.open()
        note = MailNote("<1@customer.example>", "jo@customer.example")
        said, _ = await desk.conversations.say(
            "c1", "m1", noting(message(CUSTOMER, NONSENSE), note)
        )
        await desk.answer_to(said)
    [reason] = (await reasons(desk)).values()
    assert set(reason) & {"out_of_scope", "unsure"}
