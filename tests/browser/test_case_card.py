"""The card "Your case so far": it fills as the customer talks, and is corrected in place."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.widget import PATIENCE_MS, PROBLEM, Widget, accessible, keep

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def change(widget: Widget, field: str, value: str) -> None:
    widget.field(field).get_by_role("button").click()
    expect(widget.case.locator("#field")).to_be_focused()
    widget.case.locator("#field").fill(value)
    widget.case.get_by_role("button", name="Save").click()


def test_the_card_fills_as_the_customer_talks(widget: Widget) -> None:
    expect(widget.case).to_have_count(0)
    widget.ask(PROBLEM)
    widget.show_case()
    expect(widget.field("device")).to_contain_text("iPhone 14")
    expect(widget.field("account_number")).to_contain_text("8847201193")
    expect(widget.field("steps_tried")).to_contain_text("restarted")
    expect(widget.field("contact_email")).to_contain_text("not yet")
    accessible(widget.page)
    keep(widget.page, "case-card")


def test_what_the_customer_would_rather_not_say(widget: Widget) -> None:
    widget.ask(PROBLEM)
    widget.ask("I'd rather not say")
    widget.show_case()
    expect(widget.case).to_contain_text("you’d rather not say", timeout=PATIENCE_MS)


def test_a_change_in_the_card_is_acknowledged_by_the_bot(widget: Widget) -> None:
    widget.ask(PROBLEM)
    before = widget.messages("bot").count()
    widget.show_case()
    change(widget, "device", "Galaxy S23")
    expect(widget.field("device")).to_contain_text("Galaxy S23", timeout=PATIENCE_MS)
    expect(widget.field("device").get_by_role("button")).to_be_focused()
    expect(widget.messages("bot").nth(before)).to_contain_text("Galaxy S23", timeout=PATIENCE_MS)


def test_a_value_that_does_not_fit_is_refused_with_the_reason(widget: Widget) -> None:
    widget.ask(PROBLEM)
    widget.show_case()
    change(widget, "account_number", "12")
    fault = widget.case.get_by_role("alert")
    expect(fault).not_to_be_empty(timeout=PATIENCE_MS)
    expect(widget.case.locator("#field")).to_have_attribute("aria-invalid", "true")
    accessible(widget.page)
    keep(widget.page, "case-refused")
    widget.page.keyboard.press("Escape")
    expect(widget.dialog).to_be_visible()
    expect(widget.field("account_number")).to_contain_text("8847201193")
    expect(widget.field("account_number").get_by_role("button")).to_be_focused()


def test_the_case_is_confirmed_from_the_card(widget: Widget) -> None:
    widget.report()
    widget.show_case()
    keep(widget.page, "summary")
    card = widget.case.get_by_role("group", name="Is this right?")
    card.get_by_role("button", name="Yes, send it").click()
    expect(widget.case.locator("summary")).to_contain_text("FL-", timeout=PATIENCE_MS)
    expect(widget.case).to_contain_text("Response time")
    accessible(widget.page)
