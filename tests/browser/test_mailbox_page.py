"""The development mailbox in the browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, NewContext
from tests.browser.widget import PATIENCE_MS, Widget, accessible, keep
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_a_mail_is_read_in_all_its_parts(widget: Widget, stack: Stack) -> None:
    number = widget.file_case()
    page = widget.page
    page.goto(stack.mailbox_url)
    entry = page.locator("nav li", has_text=f"[{number}]").filter(has_text="cases@").first
    expect(entry).to_be_visible(timeout=PATIENCE_MS)
    entry.get_by_role("link").click()
    expect(page.locator("article h2")).to_contain_text(number)
    frame = page.frame_locator("iframe")
    expect(frame.locator("body")).to_contain_text(number)
    assert page.locator("iframe").get_attribute("sandbox") == ""
    expect(page.locator("[data-part=json]")).to_contain_text('"schema": "firstline.case/1"')
    page.get_by_text("Headers", exact=True).click()
    expect(page.locator("[data-part=headers]")).to_contain_text("X-Firstline-Case")
    with page.expect_download() as download:
        page.get_by_role("link", name="case.json", exact=True).click()
    assert number in download.value.path().read_text()
    accessible(page)
    keep(page, "mailbox-mail")


def test_a_reply_goes_into_its_conversation(widget: Widget, stack: Stack) -> None:
    number = widget.file_case()
    page = widget.page
    page.goto(stack.mailbox_url)
    entries = page.locator("nav li", has_text=f"[{number}]")
    entries.filter(has_not_text="cases@").first.get_by_role("link").click(timeout=PATIENCE_MS)
    page.get_by_label("Reply as").fill("My phone runs iOS 17.5, by the way.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_have_text("Sent.")
    answer = page.locator("nav li").filter(has_text="Re: ").filter(has_text=number)
    answer = answer.filter(has_not_text="support+").first
    expect(answer).to_be_visible(timeout=PATIENCE_MS)
    answer.get_by_role("link").click()
    expect(page.locator("[data-part=text]")).to_contain_text(f"added this to your case {number}")
    expect(page.locator("[data-part=text]")).to_contain_text("iOS 17.5")
    accessible(page)
    keep(page, "mailbox-reply")


def test_the_mailbox_on_a_phone(new_context: NewContext, stack: Stack) -> None:
    page = new_context(viewport=PHONE).new_page()
    page.goto(stack.mailbox_url)
    expect(page.get_by_role("heading", name="Development mailbox")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    accessible(page)
