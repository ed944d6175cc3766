"""Who speaks and who is there: every state says so, and is accessible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.content.hours import DAYS
from bot.conversation.events import AGENT, Event, owner_event
from bot.conversation.owner import Owner
from tests.browser.conftest import DESKTOP, PHONE, NewContext
from tests.browser.desk import Desk, conversation_of
from tests.browser.widget import PATIENCE_MS, PROBLEM, Widget, accessible, keep, thinking
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]

HandOver = Callable[[Page, Owner, Event], None]
FAULT = "Mobile data across the country. Mended by six o'clock."
INCIDENT = """\
- name: core
  title: Mobile data across the country
  text: Mended by six o'clock.
  problems: [no_mobile_data]
  since: {since}
"""
LOOKS: dict[str, dict[str, Any]] = {
    "desktop-light": {"viewport": DESKTOP},
    "desktop-dark": {"viewport": DESKTOP, "color_scheme": "dark"},
    "phone-light": {"viewport": PHONE, "has_touch": True},
    "phone-dark": {"viewport": PHONE, "has_touch": True, "color_scheme": "dark"},
}


@contextmanager
def edited(file: Path, text: str) -> Iterator[None]:
    """Another text in a file of the stack's own checkout, for as long as this lasts."""
    before = file.read_text()
    file.write_text(text)
    try:
        yield
    finally:
        file.write_text(before)


def wait_known(page: Page, count: int) -> None:
    """Wait until the edge has taken over the incidents file, which has so many in it."""
    known = page.evaluate(
        """async (count) => {
          for (let tries = 0; tries < 120; tries++) {
            const answer = await fetch("/api/v1/status", { cache: "no-store" });
            if ((await answer.json()).incidents.length === count) return true;
            await new Promise((later) => setTimeout(later, 500));
          }
          return false;
        }""",
        count,
    )
    assert known, f"the edge does not know of {count} incidents"


@pytest.fixture
def incident(page: Page, stack: Stack) -> Iterator[None]:
    """A fault that the operator has just announced."""
    since = (datetime.now(timezone.utc) - timedelta(hours=1)).isoformat()
    with edited(stack.root / "data" / "incidents.yml", INCIDENT.format(since=since)):
        wait_known(page, 1)
        yield
    wait_known(page, 0)


@pytest.fixture
def closed(stack: Stack) -> Iterator[str]:
    """Nobody is there before the weekday that this names: the edge with other opening hours."""
    hours = stack.root / "data" / "hours.yml"
    opens = DAYS[(datetime.now(timezone.utc) + timedelta(days=3)).weekday()]
    only = f"time_zone: Europe/London\nweekly:\n  {opens}: [{{opens: '09:00', closes: '17:00'}}]\n"
    with edited(hours, only):
        stack.kill("edge")
        stack.wait_ready()
        yield opens.capitalize()
    stack.kill("edge")
    stack.wait_ready()


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_is_accessible(new_context: NewContext, stack: Stack, look: str) -> None:
    page = new_context(**LOOKS[look]).new_page()
    page.goto(stack.url)
    accessible(page)
    keep(page, f"{look}-closed")
    widget = Widget(page)
    widget.open()
    accessible(page)
    keep(page, f"{look}-welcome")
    with thinking(stack):
        widget.say(PROBLEM)
        expect(widget.typing).to_be_visible()
        accessible(page)
        keep(page, f"{look}-typing")
    widget.wait_answered()
    accessible(page)
    keep(page, f"{look}-answered")
    widget.show_case()
    accessible(page)
    keep(page, f"{look}-case")
    widget.root.locator(".menu summary").click()
    accessible(page)
    keep(page, f"{look}-menu")


def test_waiting_then_a_person_then_closed_then_open_again(
    widget: Widget, hand_over: HandOver
) -> None:
    page = widget.page
    status = widget.root.locator("#owner")
    widget.ask("Hello")
    expect(status).to_have_text("The assistant, a bot")

    hand_over(page, Owner.WAITING, owner_event("waiting", position=3))
    expect(status).to_have_text("Number 3 in the queue for a person")
    expect(widget.banner("waiting")).to_contain_text("your place is kept")
    widget.say("Are you there?")
    expect(widget.said("Are you there?")).to_be_visible(timeout=PATIENCE_MS)
    expect(widget.typing).to_have_count(0)
    accessible(page)
    keep(page, "waiting")

    hand_over(page, Owner.AGENT, owner_event(AGENT, agent="Agent One"))
    expect(status).to_have_text("You are talking to Agent One")
    expect(widget.banner("waiting")).to_have_count(0)
    accessible(page)
    keep(page, "agent")

    hand_over(page, Owner.CLOSED, owner_event("closed"))
    expect(status).to_have_text("This conversation has ended")
    expect(widget.banner("closed")).to_contain_text("Write again to reopen it")
    accessible(page)
    keep(page, "closed")

    widget.say("One more thing")
    expect(widget.said("One more thing")).to_be_visible(timeout=PATIENCE_MS)


def test_outside_hours_the_next_opening_is_told(
    new_context: NewContext, stack: Stack, closed: str
) -> None:
    page = new_context().new_page()
    page.goto(stack.url)
    widget = Widget(page)
    widget.open()
    expect(widget.banner("away")).to_contain_text(f"back {closed}")
    accessible(page)
    keep(page, "outside-hours")


def test_within_hours_nothing_is_said_about_hours_or_faults(page: Page) -> None:
    widget = Widget(page)
    with page.expect_response("**/api/v1/status"):
        widget.open()
    expect(widget.banner("away")).to_have_count(0)
    expect(widget.banner("incident")).to_have_count(0)


@pytest.mark.usefixtures("incident")
def test_a_known_fault_is_told_before_and_after_it_is_reported(
    new_context: NewContext, stack: Stack, agent: Callable[..., Desk]
) -> None:
    page = new_context().new_page()
    page.goto(stack.url)
    widget = Widget(page)
    widget.open()
    expect(widget.banner("incident")).to_have_text(f"Known fault: {FAULT}")
    accessible(page)
    keep(page, "incident")
    widget.ask("mobile data hasn't worked on my handset all morning")
    expect(widget.messages("bot").filter(has_text=FAULT)).to_have_count(1)
    expect(widget.messages("bot").last).to_contain_text("account number")
    keep(page, "incident-told")
    desk = agent()
    conversation = conversation_of(page, stack)
    desk.page.evaluate("id => { location.hash = `conversation/${id}` }", conversation)
    expect(desk.case.locator(".notice")).to_contain_text(FAULT)
    keep(desk.page, "incident-at-the-desk")
