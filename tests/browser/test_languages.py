"""English, German and Russian: by the page, and by choice."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewContext
from tests.browser.widget import Widget, accessible, keep
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]

WRITE = {"en": "Write a message", "de": "Nachricht schreiben", "ru": "Напишите сообщение"}
BUTTON = {"en": "Open help chat", "de": "Hilfe-Chat öffnen", "ru": "Открыть чат поддержки"}


@pytest.mark.parametrize("language", WRITE)
def test_the_page_says_which_language(new_context: NewContext, stack: Stack, language: str) -> None:
    page = new_context().new_page()
    page.route(
        f"{stack.url}/page",
        lambda route: route.fulfill(
            content_type="text/html; charset=utf-8",
            body=f'<!doctype html><html lang="{language}"><title>A page</title><body>'
            "<main><h1>A page</h1></main><script async src='/widget.js'></script></body></html>",
        ),
    )
    page.goto(f"{stack.url}/page")
    widget = Widget(page)
    expect(widget.button).to_have_accessible_name(BUTTON[language])
    widget.open()
    expect(widget.writing).to_have_accessible_name(WRITE[language])
    expect(widget.dialog).to_have_attribute("lang", language)
    accessible(page)
    keep(page, f"language-{language}")


def test_the_customer_chooses_and_is_remembered(widget: Widget) -> None:
    widget.root.locator(".menu summary").click()
    widget.root.locator(".menu select").select_option("de")
    expect(widget.writing).to_have_accessible_name(WRITE["de"])
    widget.page.reload()
    again = Widget(widget.page)
    again.open()
    expect(again.writing).to_have_accessible_name(WRITE["de"])
