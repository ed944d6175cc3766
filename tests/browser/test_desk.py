"""A customer and agents on the real stack: from the wish for a person to the end of the case."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect
from redis.asyncio import Redis

from bot.content import load_content
from bot.conversation.owner import Owner
from bot.conversation.store import Conversations
from bot.desk import moves
from bot.settings import ROOT
from tests.browser.conftest import in_thread, redis_url_of
from tests.browser.desk import Desk, conversation_of
from tests.browser.widget import PATIENCE_MS, PROBLEM, Widget, accessible, keep
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]

OpenDesk = Callable[..., Desk]


@pytest.fixture
def desk(agent: OpenDesk) -> Desk:
    """The desk of one agent."""
    return agent()


@pytest.fixture
def waiting(desk: Desk, widget: Widget, stack: Stack) -> Iterator[str]:
    """A customer who has told a problem and waits for a person; the id of the conversation."""
    widget.ask(PROBLEM)
    widget.say("I want to talk to a person")
    status = widget.root.locator("#owner")
    expect(status).to_have_text(
        re.compile(r"Number \d+ in the queue for a person"), timeout=PATIENCE_MS
    )
    conversation = conversation_of(widget.page, stack)
    yield conversation
    in_thread(lambda: asyncio.run(ended(redis_url_of(stack), conversation)))


async def ended(url: str, id: str) -> None:
    """Close a conversation, so that it does not wait through other tests."""
    redis = Redis.from_url(url)
    conversations = Conversations(redis)
    known = await conversations.read(id)
    if known.owner is not Owner.CLOSED:
        content = load_content(ROOT / "data")
        await conversations.change(known, moves.resolve(known, "no_reply", "", 0, content))
    await redis.aclose()


def taken(desk: Desk, conversation: str) -> None:
    """Open a waiting conversation and take it with one key."""
    desk.row_of(conversation).click(timeout=PATIENCE_MS)
    expect(desk.held).to_have_text(re.compile(r"Waiting for \d+"))
    desk.press("c")
    expect(desk.held).to_have_text(re.compile(r"With you"))


def test_what_an_agent_sees_before_taking_a_conversation(
    desk: Desk, widget: Widget, waiting: str
) -> None:
    row = desk.row_of(waiting)
    expect(row).to_contain_text("iPhone 14", timeout=PATIENCE_MS)
    # News covers nothing: the bar counts who waits.
    expect(desk.root.locator(".top .count")).to_have_text(re.compile(r"\d+"))
    row.click()
    expect(desk.group("Who")).to_contain_text("stated")
    expect(desk.group("Who")).not_to_contain_text("8847201193")
    expect(desk.group("What")).to_contain_text("Could not activate cellular data network")
    expect(desk.group("Since when")).to_contain_text(re.compile(r"Fri, \d+ \w+ \d{4}"))
    expect(desk.group("What was tried")).to_contain_text("no change")
    expect(desk.group("What is missing")).to_contain_text("asked, no answer yet")
    expect(desk.group("Why a person")).to_contain_text("asked for a person")
    expect(desk.log).not_to_contain_text("8847201193")
    accessible(desk.page)
    keep(desk.page, "desk-case")
    desk.group("Who").get_by_role("button", name="Show the account number").click()
    expect(desk.group("Who")).to_contain_text("8847201193")


def test_both_talk_and_notes_stay_with_staff(desk: Desk, widget: Widget, waiting: str) -> None:
    taken(desk, waiting)
    expect(widget.root.locator("#owner")).to_have_text(f"You are talking to {desk.name}")
    expect(desk.writing).to_be_focused()
    desk.page.keyboard.type("Hello, I have everything you told the assistant.")
    desk.page.keyboard.press("Enter")
    answer = "Hello, I have everything you told the assistant."
    expect(widget.said(answer, "agent")).to_be_visible(timeout=PATIENCE_MS)
    widget.say("Thank you. What can I do?")
    expect(desk.said("Thank you. What can I do?", "customer")).to_be_visible(timeout=PATIENCE_MS)
    desk.press("n")
    expect(desk.root.get_by_label("Write a note that only staff see")).to_be_focused()
    desk.write("Provisioning looks stale.")
    expect(desk.said("Provisioning looks stale.", "note")).to_be_visible(timeout=PATIENCE_MS)
    desk.press("r")
    desk.write("I am resetting it now.")
    expect(widget.said("I am resetting it now.", "agent")).to_be_visible(timeout=PATIENCE_MS)
    expect(widget.log).not_to_contain_text("Provisioning")
    expect(widget.messages("bot").filter(has_text="?").last).not_to_contain_text("resetting")
    accessible(desk.page)
    keep(desk.page, "desk-conversation")
    markup = "<img src=x onerror='window.hit=true'> javascript:alert(1)"
    widget.say(markup)
    expect(desk.said(markup, "customer")).to_be_visible(timeout=PATIENCE_MS)
    expect(desk.root.locator(".rows")).to_contain_text("<img src=x")
    assert desk.page.evaluate("window.hit") is None


def test_a_field_says_where_it_comes_from_and_is_corrected(
    desk: Desk, widget: Widget, waiting: str
) -> None:
    taken(desk, waiting)
    device = desk.field("device")
    state = device.locator(".state")
    state.hover()
    tip = device.locator(".tip")
    expect(tip.locator("q")).to_have_text("iPhone 14")
    told = desk.log.locator(".message.customer").first
    expect(told).to_have_class(re.compile("lit"))
    keep(desk.page, "desk-provenance")
    desk.page.mouse.move(5, 5)
    expect(tip).to_have_count(0)
    state.focus()
    expect(tip).to_be_visible()
    accessible(desk.page)
    tip.get_by_role("button", name="Message of").press("Enter")
    expect(told).to_be_focused()
    state.focus()
    desk.page.keyboard.press("Escape")
    expect(tip).to_have_count(0)

    desk.field("device").locator("[data-edit]").press("Enter")
    expect(desk.field("device").locator("textarea")).to_be_focused()
    accessible(desk.page)
    keep(desk.page, "desk-edit")
    desk.page.keyboard.press("Escape")
    expect(desk.field("device").locator("[data-edit]")).to_be_focused()
    desk.edit("device", "iPhone 14 Pro", bot_wrong=True)
    expect(device).to_contain_text("iPhone 14 Pro")
    expect(device).to_contain_text("corrected")
    expect(desk.log).to_contain_text(re.compile(f"{desk.name} changed Device to .*bot’s mistake"))
    widget.show_case()
    expect(widget.field("device")).to_contain_text("iPhone 14 Pro", timeout=PATIENCE_MS)


def test_a_value_that_does_not_fit_is_refused_with_the_reason(
    desk: Desk, widget: Widget, waiting: str
) -> None:
    taken(desk, waiting)
    desk.edit("account_number", "12")
    fault = desk.field("account_number").locator("#field-fault")
    expect(fault).to_contain_text("The value before is kept", timeout=PATIENCE_MS)
    expect(desk.field("account_number").locator("textarea")).to_have_value("12")


def test_the_bot_asks_for_a_field_and_comes_back(desk: Desk, widget: Widget, waiting: str) -> None:
    taken(desk, waiting)
    desk.press("b")
    desk.dialog.get_by_label("Software version").check()
    accessible(desk.page)
    keep(desk.page, "desk-ask-by-bot")
    desk.dialog.get_by_role("button", name="Give to the bot").click()
    expect(desk.case).to_contain_text("The bot is asking for: Software version")
    expect(widget.root.locator("#owner")).to_have_text("The assistant, a bot", timeout=PATIENCE_MS)
    widget.wait_answered()
    widget.say("It is iOS 17.2")
    expect(desk.held).to_have_text(re.compile("With you"), timeout=PATIENCE_MS)
    expect(desk.field("os_version")).to_contain_text("17.2")
    expect(widget.root.locator("#owner")).to_have_text(f"You are talking to {desk.name}")


def test_passed_to_a_colleague_and_resolved(
    desk: Desk, agent: OpenDesk, widget: Widget, waiting: str
) -> None:
    taken(desk, waiting)
    colleague = agent()
    expect(desk.root.locator(".there")).to_have_text(re.compile(r"[2-9]\d* at the desk"))
    desk.press("t")
    keep(desk.page, "desk-transfer")
    desk.dialog.get_by_role("radio", name=colleague.name).check()
    desk.dialog.get_by_role("button", name="Transfer").click()
    expect(desk.held).to_have_text(re.compile(f"With {colleague.name} ·"))
    colleague.queue("mine").click()
    colleague.row_of(waiting).click()
    expect(colleague.held).to_have_text(re.compile("With you"))
    expect(widget.root.locator("#owner")).to_have_text(f"You are talking to {colleague.name}")
    colleague.press("x")
    accessible(colleague.page)
    keep(colleague.page, "desk-resolve")
    colleague.dialog.get_by_label("Last words").fill("All mended. Goodbye!")
    colleague.dialog.get_by_role("button", name="Resolve").click()
    expect(colleague.held).to_have_text("Closed · Solved")
    expect(widget.said("All mended. Goodbye!", "agent")).to_be_visible(timeout=PATIENCE_MS)
    expect(widget.banner("closed")).to_be_visible()
    expect(colleague.row_of(waiting)).to_have_count(0)
    keep(widget.page, "survey-in-chat")
    widget.choice("Yes, it is solved").click()
    expect(widget.said("Thank you for your answer.", "system")).to_be_visible(timeout=PATIENCE_MS)
    expect(widget.banner("closed")).to_be_visible()
    colleague.case.get_by_role("button", name="Reopen").click()
    expect(colleague.held).to_have_text(re.compile("With you"))


def test_put_back_it_waits_at_its_old_place(desk: Desk, widget: Widget, waiting: str) -> None:
    since = desk.row_of(waiting).locator("time")
    expect(since).to_have_count(1, timeout=PATIENCE_MS)
    before = since.get_attribute("datetime")
    taken(desk, waiting)
    desk.press("l")
    expect(desk.held).to_have_text(re.compile("Waiting for"))
    desk.press("1")
    expect(desk.row_of(waiting).locator("time")).to_have_attribute("datetime", before or "")
    expect(widget.root.locator("#owner")).to_have_text(
        re.compile(r"Number \d+ in the queue"), timeout=PATIENCE_MS
    )


def test_two_agents_on_one_case(desk: Desk, agent: OpenDesk, widget: Widget, waiting: str) -> None:
    colleague = agent()
    colleague.row_of(waiting).click(timeout=PATIENCE_MS)
    expect(colleague.held).to_have_text(re.compile("Waiting for"))
    taken(desk, waiting)
    expect(colleague.held).to_have_text(re.compile(f"With {desk.name} ·"))
    expect(colleague.row_of(waiting)).to_have_count(0)
    colleague.press("c")
    expect(colleague.fault).to_contain_text(desk.name)

    # Both correct the same field: the second sees the first one's value, and loses no words.
    colleague.field("device").locator("[data-edit]").click()
    desk.edit("device", "iPhone 14 Pro")
    expect(desk.field("device")).to_contain_text("iPhone 14 Pro")
    expect(colleague.log).to_contain_text("iPhone 14 Pro", timeout=PATIENCE_MS)
    colleague.field("device").locator("textarea").fill("iPhone 14 Plus")
    colleague.field("device").get_by_role("button", name="Save").click()
    fault = colleague.field("device").locator("#field-fault")
    expect(fault).to_contain_text("changed this meanwhile to “iPhone 14 Pro”")
    expect(colleague.field("device").locator("textarea")).to_have_value("iPhone 14 Plus")
    keep(colleague.page, "desk-conflict")
    colleague.field("device").get_by_role("button", name="Save").click()
    expect(desk.field("device")).to_contain_text("iPhone 14 Plus", timeout=PATIENCE_MS)


def test_a_ready_made_answer_is_filled_and_its_gaps_are_the_agents(
    desk: Desk, widget: Widget, waiting: str
) -> None:
    taken(desk, waiting)
    desk.page.keyboard.press("/")
    expect(desk.dialog.get_by_label("Search the answers")).to_be_focused()
    desk.page.keyboard.type("greeting")
    accessible(desk.page)
    keep(desk.page, "desk-ready-made")
    desk.page.keyboard.press("Enter")
    expect(desk.writing).to_be_focused()
    expect(desk.writing).to_have_value(re.compile(rf"Hello {{customer_first_name}}.*{desk.name}"))
    desk.page.keyboard.press("Enter")
    expect(desk.root.locator(".composer")).to_contain_text("Fill in what stands in braces first")
    desk.page.keyboard.type("Ada")
    desk.page.keyboard.press("Enter")
    expect(widget.messages("agent").last).to_contain_text("Hello Ada,", timeout=PATIENCE_MS)
