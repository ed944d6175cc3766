"""A customer talks: what is written arrives once, in order, and is answered."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.widget import EMAIL, PATIENCE_MS, Widget, keep, thinking
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]

HELLO = "Hello"


def test_a_problem_typed_in_the_widget_arrives_in_the_mailbox(widget: Widget, stack: Stack) -> None:
    number = widget.file_case()
    keep(widget.page, "filed")
    expect(widget.case).to_contain_text(EMAIL)
    mailbox = widget.page.context.new_page()
    mailbox.goto(stack.mailbox_url)
    case_mail = mailbox.locator("nav li", has_text=f"[{number}]").filter(has_text="cases@")
    expect(case_mail).to_have_count(1, timeout=PATIENCE_MS)
    case_mail.get_by_role("link").click()
    expect(mailbox.locator("[data-part=text]")).to_contain_text("8847201193")
    expect(mailbox.locator("[data-part=json]")).to_contain_text(f'"case": "{number}"')
    keep(mailbox, "mailbox")
    acknowledgement = mailbox.locator("nav li", has_text=number).filter(has_text=EMAIL)
    expect(acknowledgement).to_have_count(1, timeout=PATIENCE_MS)


def test_typing_shows_until_the_turn_that_answers(widget: Widget, stack: Stack) -> None:
    widget.page.evaluate("void Firstline.on('message', it => { window.last = it.from })")
    with thinking(stack):
        widget.say(HELLO)
        expect(widget.said(HELLO)).to_be_visible(timeout=PATIENCE_MS)
        expect(widget.typing).to_be_visible()
    widget.wait_answered()
    assert widget.page.evaluate("window.last") == "bot"
    assert widget.log.locator(".message").last.get_attribute("class") == "message bot"


def test_enter_sends_and_shift_enter_begins_a_line(widget: Widget) -> None:
    widget.writing.fill("one")
    widget.writing.press("Shift+Enter")
    widget.writing.press_sequentially("two")
    expect(widget.messages("customer")).to_have_count(0)
    widget.writing.press("Enter")
    expect(widget.said("one\ntwo")).to_be_visible(timeout=PATIENCE_MS)
    expect(widget.writing).to_have_value("")


def test_a_long_paste_arrives_whole(widget: Widget) -> None:
    lines = [f"{number}: E{number:04} signal lost ⚠ ошибка" for number in range(150)]
    widget.say("\n".join(lines))
    expect(widget.messages("customer").last).to_contain_text(lines[-1], timeout=PATIENCE_MS)
    text = widget.messages("customer").last.locator(".text").inner_text()
    assert text.splitlines() == lines


def test_nothing_that_is_written_becomes_markup(widget: Widget) -> None:
    widget.page.evaluate("window.hit = false")
    widget.say(
        "<img src=x onerror='window.hit=true'> <b>bold</b> javascript:alert(1) "
        "https://meadow.example/a?b=c, data:text/html,x"
    )
    message = widget.messages("customer").last
    expect(message).to_contain_text("<b>bold</b>", timeout=PATIENCE_MS)
    expect(message.locator("img, b")).to_have_count(0)
    link = message.get_by_role("link")
    expect(link).to_have_count(1)
    expect(link).to_have_attribute("href", "https://meadow.example/a?b=c")
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    assert widget.page.evaluate("window.hit") is False


def test_a_quick_reply_is_taken_by_keyboard(widget: Widget) -> None:
    widget.ask("My mobile data does not work")
    reply = widget.root.locator(".scroll .choices button").first
    expect(reply).to_be_visible(timeout=PATIENCE_MS)
    label = reply.inner_text()
    reply.focus()
    reply.press("Enter")
    expect(widget.said(label)).to_be_visible(timeout=PATIENCE_MS)
    expect(widget.writing).to_be_focused()


def test_a_reload_goes_on_where_it_was(widget: Widget) -> None:
    widget.ask(HELLO)
    before = widget.log.locator(".message").all_inner_texts()
    widget.page.reload()
    again = Widget(widget.page)
    again.open()
    expect(again.log.locator(".message")).to_have_count(len(before), timeout=PATIENCE_MS)
    assert again.log.locator(".message").all_inner_texts() == before
    again.ask("I have a question about my bill")


def test_two_tabs_show_the_same_conversation(widget: Widget, stack: Stack) -> None:
    widget.ask(HELLO)
    other_page = widget.page.context.new_page()
    other_page.goto(stack.url)
    other = Widget(other_page)
    other.open()
    expect(other.said(HELLO)).to_be_visible(timeout=PATIENCE_MS)
    other.ask("from the second tab")
    expect(widget.said("from the second tab")).to_have_count(1, timeout=PATIENCE_MS)
    widget.ask("from the first tab")
    expect(other.said("from the first tab")).to_have_count(1, timeout=PATIENCE_MS)
    texts = [it.log.locator(".message").all_inner_texts() for it in (widget, other)]
    assert texts[0] == texts[1]


def test_a_new_conversation_leaves_the_old_one_behind(widget: Widget) -> None:
    widget.ask(HELLO)
    widget.root.locator(".menu summary").click()
    widget.root.get_by_role("button", name="Start a new conversation").click()
    widget.root.get_by_role("button", name="Press again").click()
    expect(widget.log.locator(".message")).to_have_count(0)
    widget.ask("A new start")
    expect(widget.said(HELLO)).to_have_count(0)


def test_news_is_counted_while_the_widget_is_closed(widget: Widget) -> None:
    widget.writing.fill(HELLO)
    # Sent and closed in one breath, before any answer can come.
    widget.writing.evaluate("it => { it.form.requestSubmit(); void Firstline.close(); }")
    expect(widget.button).to_have_accessible_name(re.compile(r"\d unread"), timeout=PATIENCE_MS)
    widget.open()
    widget.wait_answered()  # what came after the closing again would be news, too
    widget.page.keyboard.press("Escape")
    expect(widget.button).to_have_accessible_name("Open help chat")


def test_a_hidden_tab_counts_news_in_its_title(page: Page, widget: Widget) -> None:
    title = page.title()
    page.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    widget.ask(HELLO)
    assert re.match(r"\(\d+\) ", page.title())
    page.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { configurable: true, get: () => false });
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    assert page.title() == title


def test_the_conversation_can_be_saved(widget: Widget) -> None:
    widget.ask(HELLO)
    widget.root.locator(".menu summary").click()
    with widget.page.expect_download() as waiting:
        widget.root.get_by_role("button", name="Save the conversation").click()
    text = waiting.value.path().read_text(encoding="utf-8")
    assert re.search(rf"You · .+\n{HELLO}\n\nAssistant · ", text)


def test_the_conversation_can_be_printed(widget: Widget) -> None:
    widget.page.context.add_init_script("window.print = () => { window.printed = true }")
    widget.ask(HELLO)
    widget.root.locator(".menu summary").click()
    with widget.page.expect_popup() as waiting:
        widget.root.get_by_role("button", name="Print the conversation").click()
    expect(waiting.value.locator("pre")).to_contain_text(HELLO)
