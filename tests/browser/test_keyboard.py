"""The widget without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.widget import PATIENCE_MS, Widget

pytestmark = [pytest.mark.stack, pytest.mark.browser]

FOCUSED = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element?.getAttribute("aria-label") || element?.textContent.trim() || element?.tagName;
}"""


def test_opened_used_and_closed_by_keyboard(page: Page) -> None:
    widget = Widget(page)
    widget.button.focus()
    page.keyboard.press("Enter")
    expect(widget.writing).to_be_focused()
    expect(widget.button).to_have_attribute("aria-expanded", "true")
    page.keyboard.type("Hello")
    page.keyboard.press("Enter")
    expect(widget.said("Hello")).to_be_visible(timeout=PATIENCE_MS)
    page.keyboard.press("Escape")
    expect(widget.dialog).to_be_hidden()
    expect(widget.button).to_be_focused()
    expect(widget.button).to_have_attribute("aria-expanded", "false")


def test_the_order_of_focus_is_that_of_reading(widget: Widget) -> None:
    widget.root.get_by_role("button", name="Close", exact=True).focus()
    seen = []
    for _ in range(6):
        widget.page.keyboard.press("Tab")
        seen.append(widget.page.evaluate(FOCUSED))
    assert seen == [
        "Conversation",
        "My mobile data does not work",
        "I have a question about my bill",
        "I would like to talk to a person",
        "Attach a file",
        "Write a message",
    ]


def test_escape_closes_the_menu_before_the_widget(widget: Widget) -> None:
    menu = widget.root.locator(".menu")
    menu.locator("summary").press("Enter")
    expect(menu).to_have_attribute("open", "")
    widget.page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(widget.dialog).to_be_visible()
    widget.page.keyboard.press("Escape")
    expect(widget.dialog).to_be_hidden()


def test_over_a_whole_screen_focus_stays_inside(phone: Widget) -> None:
    assert phone.page.evaluate(
        "document.querySelector('firstline-widget').shadowRoot"
        ".querySelector('firstline-panel').shadowRoot.querySelector('dialog').matches(':modal')"
    )
    for _ in range(15):
        phone.page.keyboard.press("Tab")
        outside = phone.page.evaluate(
            "document.hasFocus() && document.activeElement !== document.body"
            " && document.activeElement.localName !== 'firstline-widget'"
        )
        assert not outside
    phone.page.keyboard.press("Escape")
    expect(phone.dialog).to_be_hidden()
    expect(phone.button).to_be_focused()


def test_every_control_shows_its_focus(widget: Widget) -> None:
    widget.root.get_by_role("button", name="Close", exact=True).focus()
    for _ in range(6):
        widget.page.keyboard.press("Tab")
        outline = widget.page.evaluate(
            """() => {
              let element = document.activeElement;
              while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
              const { outlineStyle, outlineWidth } = getComputedStyle(element);
              return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
            }"""
        )
        assert outline, widget.page.evaluate(FOCUSED)


def test_the_keyboard_goes_back_to_where_it_was_on_the_page(page: Page) -> None:
    link = page.get_by_role("link", name="See the plans")
    link.focus()
    page.evaluate("Firstline.open()")
    widget = Widget(page)
    expect(widget.writing).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
