"""Small screens, large text, other colours, the other direction."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewContext
from tests.browser.widget import PROBLEM, Widget, accessible, keep, thinking
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]

# 640 × 400 CSS pixels are a 1280 × 800 screen at 200 %; 320 × 256 are one at 400 % (WCAG 1.4.10).
SCREENS = {"320px": (320, 640), "zoom-200": (640, 400), "zoom-400": (320, 256)}

FITS = """() => {
  const panel = document.querySelector("firstline-widget").shadowRoot
    .querySelector("firstline-panel").shadowRoot;
  const dialog = panel.querySelector("dialog");
  const box = dialog.getBoundingClientRect();
  const wide = [...panel.querySelectorAll("dialog, .scroll, .case, .composer, .top")]
    .filter((it) => it.scrollWidth > it.clientWidth + 1).map((it) => it.className || it.localName);
  return { wide, inside: box.left >= 0 && box.right <= innerWidth + 1 && box.top >= 0
    && box.bottom <= innerHeight + 1 };
}"""


def opened(new_context: NewContext, url: str, **options: Any) -> Widget:
    page = new_context(**options).new_page()
    page.goto(url)
    widget = Widget(page)
    widget.open()
    return widget


@pytest.mark.parametrize("screen", SCREENS)
def test_it_fits_small_screens_without_scrolling_sideways(
    new_context: NewContext, stack: Stack, screen: str
) -> None:
    width, height = SCREENS[screen]
    widget = opened(new_context, stack.url, viewport={"width": width, "height": height})
    assert widget.page.evaluate(FITS) == {"wide": [], "inside": True}
    widget.ask(PROBLEM)
    widget.show_case()
    assert widget.page.evaluate(FITS) == {"wide": [], "inside": True}
    keep(widget.page, screen)
    widget.writing.scroll_into_view_if_needed()
    widget.ask("I don't know")


def test_nothing_moves_for_who_asked_for_less_motion(new_context: NewContext, stack: Stack) -> None:
    widget = opened(new_context, stack.url, reduced_motion="reduce")
    with thinking(stack):
        widget.say("Hello")
        expect(widget.typing).to_be_visible()
        moving = widget.root.evaluate(
            "it => it.shadowRoot.getAnimations().length"
            " + it.shadowRoot.querySelector('firstline-panel').shadowRoot.getAnimations().length"
        )
    assert moving == 0


def test_forced_colours_keep_borders_and_focus(new_context: NewContext, stack: Stack) -> None:
    widget = opened(new_context, stack.url, forced_colors="active")
    widget.ask("Hello")
    border = widget.messages("bot").first.evaluate("it => getComputedStyle(it).borderTopStyle")
    assert border == "solid"
    accessible(widget.page)
    keep(widget.page, "forced-colours")


def test_the_other_direction(page: Page, stack: Stack) -> None:
    page.route(
        f"{stack.url}/rtl",
        lambda route: route.fulfill(
            content_type="text/html",
            body='<!doctype html><html lang="ar" dir="rtl"><title>RTL</title><body><main><h1>RTL'
            "</h1></main><script async src='/widget.js' data-dir='rtl'></script></body></html>",
        ),
    )
    page.goto(f"{stack.url}/rtl")
    widget = Widget(page)
    widget.open()
    box = widget.button.bounding_box()
    panel = widget.dialog.bounding_box()
    assert box
    assert panel
    assert box["x"] < 100
    assert panel["x"] < 100
    widget.ask("Hello")
    mine = widget.messages("customer").last.bounding_box()
    theirs = widget.messages("bot").last.bounding_box()
    assert mine
    assert theirs
    assert mine["x"] < theirs["x"]
    keep(page, "right-to-left")
