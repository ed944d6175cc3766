"""A customer whom the host site vouches for: the bot does not ask for what is known."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bot.content import load_content
from bot.settings import ROOT
from tests.browser.conftest import NewContext
from tests.browser.widget import PATIENCE_MS, Widget, accessible, keep
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]

ACCOUNT = load_content(ROOT / "data").account_number.example
PROBLEM = "My iPhone 14 has no mobile data since Friday at home, I restarted it, no change."


@pytest.fixture
def vouched(new_context: NewContext, stack: Stack) -> Widget:
    """The widget on the demo's signed-in page, with the demo customer signed in."""
    page = new_context().new_page()
    page.goto(f"{stack.url}/demo/signed-in")
    page.get_by_role("button", name="Sign in as the demo customer").click()
    expect(page.locator("#state")).to_contain_text("Signed in")
    accessible(page)
    keep(page, "signed-in-page")
    widget = Widget(page)
    widget.open()
    return widget


def test_what_the_host_site_knows_is_not_asked(vouched: Widget) -> None:
    vouched.ask("Hello")
    vouched.ask(PROBLEM)
    vouched.show_case()
    expect(vouched.field("account_number")).to_contain_text(ACCOUNT)
    expect(vouched.field("contact_email")).to_contain_text("customer@demo.example")
    for _ in range(8):
        if vouched.choice("Yes, send it").is_visible():
            break
        question = vouched.messages("bot").last.inner_text()
        assert "account number" not in question.lower()
        vouched.ask("I don't know")
    vouched.choice("Yes, send it").click()
    expect(vouched.case.locator("summary")).to_contain_text("FL-", timeout=PATIENCE_MS)
    keep(vouched.page, "signed-in-case")


def test_starting_over_does_not_forget_who_it_is(vouched: Widget) -> None:
    vouched.ask(PROBLEM)
    vouched.ask("start over")
    if vouched.choice("Yes").is_visible():
        vouched.choice("Yes").click()
        vouched.wait_answered()
    vouched.ask("My bill is wrong, I was charged twice")
    vouched.show_case()
    expect(vouched.field("account_number")).to_contain_text(ACCOUNT, timeout=PATIENCE_MS)
