"""Bad reception: nothing is lost, nothing comes twice, and the customer is told."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.widget import PATIENCE_MS, Widget, accessible, keep, thinking
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]

MESSAGES = re.compile(r"/messages$")


def test_what_is_written_offline_is_sent_when_the_network_is_back(widget: Widget) -> None:
    widget.ask("Hello")
    widget.page.context.set_offline(True)
    widget.say("first, written in a tunnel")
    widget.say("second, written in a tunnel")
    waiting = widget.root.locator(".outgoing")
    expect(waiting).to_have_count(2)
    expect(waiting.first).to_have_attribute("data-state", "waiting")
    expect(waiting.last).to_have_attribute("data-state", "waiting")
    expect(widget.banner("lost")).to_be_visible()
    expect(widget.typing).to_have_count(0)
    accessible(widget.page)
    keep(widget.page, "offline")
    widget.page.context.set_offline(False)
    widget.wait_answered()
    expect(widget.said("first, written in a tunnel")).to_have_count(1)
    expect(widget.said("second, written in a tunnel")).to_have_count(1)
    texts = widget.messages("customer").locator(".text").all_inner_texts()
    assert texts[-2:] == ["first, written in a tunnel", "second, written in a tunnel"]


def test_unsent_messages_outlive_a_reload(widget: Widget) -> None:
    widget.page.route(MESSAGES, lambda route: route.abort())
    widget.say("written before the reload")
    expect(widget.root.locator(".outgoing")).to_have_attribute("data-state", "waiting")
    widget.page.reload()
    widget.page.unroute(MESSAGES)
    again = Widget(widget.page)
    again.open()
    expect(again.said("written before the reload")).to_have_count(1, timeout=PATIENCE_MS)


def test_a_lost_answer_does_not_send_the_message_twice(widget: Widget) -> None:
    """The edge has the message but the answer is cut off: the same id goes again."""
    ids: list[str] = []

    def cut_first(route: Route) -> None:
        ids.append(json.loads(route.request.post_data or "{}")["id"])
        if len(ids) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    widget.page.route(MESSAGES, cut_first)
    widget.ask("only once, please")
    expect(widget.said("only once, please")).to_have_count(1)
    assert len(set(ids)) == 1


def test_a_refusal_is_told_in_plain_words(widget: Widget) -> None:
    widget.ask("Hello")
    widget.writing.evaluate("it => it.removeAttribute('maxlength')")
    widget.say("x" * 20_000)
    refused = widget.root.locator(".outgoing[data-state=refused]")
    expect(refused.get_by_role("alert")).not_to_be_empty(timeout=PATIENCE_MS)
    accessible(widget.page)
    refused.get_by_role("button", name="Remove").click()
    expect(widget.root.locator(".outgoing")).to_have_count(0)


def test_the_edge_may_restart_under_a_conversation(
    page: Page, widget: Widget, stack: Stack
) -> None:
    widget.ask("Hello")
    stack.kill("edge")
    widget.say("said while the edge was away")
    stack.wait_ready()
    widget.wait_answered()
    expect(widget.said("said while the edge was away")).to_have_count(1)
    expect(widget.banner("lost")).to_have_count(0, timeout=PATIENCE_MS)
    page.reload()
    again = Widget(page)
    again.open()
    expect(again.said("said while the edge was away")).to_have_count(1, timeout=PATIENCE_MS)


def test_a_tab_that_was_away_catches_up(widget: Widget, stack: Stack) -> None:
    widget.ask("Hello")
    other_page = widget.page.context.new_page()
    other_page.goto(stack.url)
    other = Widget(other_page)
    other.open()
    stream = re.compile(r"/events")
    widget.page.route(stream, lambda route: route.abort())
    stack.kill("edge")
    stack.wait_ready()
    expect(widget.banner("lost")).to_be_visible(timeout=PATIENCE_MS)
    other.ask("said in the other tab")
    expect(widget.said("said in the other tab")).to_have_count(0)
    widget.page.unroute(stream)
    expect(widget.said("said in the other tab")).to_have_count(1, timeout=PATIENCE_MS)


def test_a_slow_answer_is_owned_up_to(widget: Widget, stack: Stack) -> None:
    widget.ask("Hello")
    note = widget.root.get_by_text("This takes longer than usual")
    with thinking(stack):
        widget.say("Is anybody there?")
        expect(note).to_be_visible(timeout=PATIENCE_MS)
        accessible(widget.page)
        keep(widget.page, "slow")
    widget.wait_answered()
    expect(note).to_have_count(0)


def test_a_hidden_tab_gives_its_connection_back(page: Page, stack: Stack) -> None:
    page.clock.install()
    page.goto(stack.url)
    widget = Widget(page)
    widget.open()
    widget.ask("Hello")
    page.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    with page.expect_request(re.compile("wait=0")):
        page.clock.fast_forward("00:31")
    with page.expect_request(re.compile("wait=0")):
        page.clock.fast_forward("00:16")


def test_a_line_gone_silent_is_renewed(page: Page, stack: Stack) -> None:
    page.clock.install()
    page.goto(stack.url)
    widget = Widget(page)
    widget.open()
    widget.ask("Hello")
    with page.expect_request(re.compile("/events$")):
        page.clock.fast_forward("00:46")
