"""Who speaks and who is there: every state says so, and is accessible."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from bot.conversation.events import AGENT, Event, owner_event
from bot.conversation.owner import Owner
from tests.browser.conftest import DESKTOP, PHONE, NewContext
from tests.browser.widget import PATIENCE_MS, PROBLEM, Widget, accessible, keep, thinking
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]

HandOver = Callable[[Page, Owner, Event], None]
STATUS = "**/api/v1/status"
LOOKS: dict[str, dict[str, Any]] = {
    "desktop-light": {"viewport": DESKTOP},
    "desktop-dark": {"viewport": DESKTOP, "color_scheme": "dark"},
    "phone-light": {"viewport": PHONE, "has_touch": True},
    "phone-dark": {"viewport": PHONE, "has_touch": True, "color_scheme": "dark"},
}


def with_status(**changes: Any) -> Callable[[Route], None]:
    """The edge's own answer with some of it changed: the clock and the network are not ours."""

    def answer(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=json.dumps({**response.json(), **changes}))

    return answer


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


def test_outside_hours_the_next_opening_is_told(page: Page) -> None:
    page.route(STATUS, with_status(open=False, next_opening="2026-11-23T08:00:00Z"))
    widget = Widget(page)
    widget.open()
    expect(widget.banner("away")).to_contain_text("back Monday")
    accessible(page)
    keep(page, "outside-hours")


def test_within_hours_nothing_is_said_about_hours(page: Page) -> None:
    page.route(STATUS, with_status(open=True, next_opening=None, incidents=[]))
    widget = Widget(page)
    with page.expect_response(STATUS):
        widget.open()
    expect(widget.banner("away")).to_have_count(0)


def test_a_known_fault_is_told_before_anybody_asks(page: Page) -> None:
    incident = {"id": "bath", "title": "No mobile data in Bath", "text": "Mended by six o'clock."}
    page.route(STATUS, with_status(incidents=[incident]))
    widget = Widget(page)
    widget.open()
    expect(widget.banner("incident")).to_have_text(
        "Known fault: No mobile data in Bath. Mended by six o'clock."
    )
    accessible(page)
    keep(page, "incident")
