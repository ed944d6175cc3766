"""On another device: case number, e-mail, link, and the conversation is there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewContext
from tests.browser.widget import EMAIL, PATIENCE_MS, Widget, accessible, keep
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_a_case_goes_on_where_its_link_is_opened(
    widget: Widget, new_context: NewContext, stack: Stack
) -> None:
    number = widget.file_case()
    elsewhere = new_context().new_page()
    elsewhere.goto(stack.url)
    other = Widget(elsewhere)
    other.open()
    other.root.get_by_label("More").click()
    other.root.get_by_role("button", name="Go on with an earlier case").click()
    asking = other.root.get_by_label("The number of your case")
    expect(asking).to_be_focused()
    accessible(elsewhere)
    keep(elsewhere, "resume-asking")
    asking.fill(number)
    asking.press("Enter")
    expect(other.root.get_by_text("a link is on its way")).to_be_visible(timeout=PATIENCE_MS)
    mailbox = elsewhere.context.new_page()
    mailbox.goto(stack.mailbox_url)
    mail = mailbox.locator("nav li", has_text="Go on with your conversation").filter(has_text=EMAIL)
    mail.first.get_by_role("link").click(timeout=PATIENCE_MS)
    text = mailbox.locator("[data-part=text]")
    expect(text).to_contain_text("#firstline-resume=", timeout=PATIENCE_MS)
    keep(mailbox, "resume-mail")
    link = next(word for word in text.inner_text().split() if "#firstline-resume=" in word)
    opened = new_context().new_page()
    opened.goto(link)
    third = Widget(opened)
    expect(third.case.locator("summary")).to_contain_text(number, timeout=PATIENCE_MS)
    assert "#" not in opened.url
    keep(opened, "resumed")
    third.ask("I am on my laptop now")
    expect(widget.said("I am on my laptop now")).to_be_visible(timeout=PATIENCE_MS)


def test_a_link_that_is_too_old_says_so_and_another_can_be_asked_for(
    new_context: NewContext, stack: Stack
) -> None:
    page = new_context().new_page()
    page.goto(f"{stack.url}/chat#firstline-resume=nobody.1.x")
    widget = Widget(page)
    expect(widget.root.get_by_role("alert").filter(has_text="does not work")).to_be_visible(
        timeout=PATIENCE_MS
    )
    expect(widget.root.get_by_label("The number of your case")).to_be_visible()
    keep(page, "resume-too-late")
