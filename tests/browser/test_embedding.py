"""One line on somebody else's page: strict rules, hostile styles, another origin, its own script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import NewContext
from tests.browser.widget import PATIENCE_MS, Widget, accessible, keep
from tests.support.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]

HOSTILE = """
* { all: unset !important; display: block !important; color: red !important;
    font: 3px cursive !important; letter-spacing: 9px !important; direction: rtl !important; }
div, button, dialog, firstline-widget { position: static !important; visibility: hidden !important;
    opacity: 0.1 !important; transform: scale(3) !important; width: 1px !important; }
html { font-size: 3px; }
"""


def host_page(page: Page, address: str, body: str, csp: str = "", head: str = "") -> None:
    """Opens a page of somebody else's at `address`."""

    def answer(route: Route) -> None:
        headers = {"Content-Type": "text/html; charset=utf-8"}
        if csp:
            headers["Content-Security-Policy"] = csp
        html = f"<!doctype html><html lang='en'><head><title>Shop</title>{head}</head><body>{body}"
        route.fulfill(headers=headers, body=html)

    page.route(address, answer)
    page.goto(address)


def test_it_works_under_a_strict_policy(page: Page, stack: Stack) -> None:
    refused: list[str] = []
    page.on("console", lambda it: refused.append(it.text) if "Policy" in it.text else None)
    policy = (
        f"default-src 'none'; script-src {stack.url}; connect-src {stack.url};"
        " require-trusted-types-for 'script'; trusted-types lit-html"
    )
    snippet = f"<script async src='{stack.url}/widget.js'></script>"
    host_page(page, f"{stack.url}/strict", f"<h1>Shop</h1>{snippet}", policy)
    widget = Widget(page)
    widget.open()
    widget.ask("Hello")
    assert widget.button.evaluate("it => getComputedStyle(it).width") == "60px"
    assert refused == []


def test_hostile_styles_do_not_reach_it(page: Page, stack: Stack) -> None:
    snippet = "<script async src='/widget.js'></script>"
    head = f"<style>{HOSTILE}</style>"
    host_page(page, f"{stack.url}/hostile", f"<h1>Shop</h1>{snippet}", head=head)
    widget = Widget(page)
    widget.open()
    widget.ask("Hello")
    keep(page, "hostile-styles")
    assert widget.button.evaluate("it => [it.offsetWidth, it.offsetHeight]") == [60, 60]
    assert widget.root.evaluate("it => getComputedStyle(it).opacity") == "1"
    assert widget.root.evaluate("it => getComputedStyle(it).position") == "fixed"
    assert widget.root.evaluate("it => getComputedStyle(it).direction") == "ltr"
    size = widget.messages("bot").last.evaluate("it => getComputedStyle(it).fontSize")
    assert size == "16px"


def test_it_works_from_another_origin(new_context: NewContext, stack: Stack) -> None:
    """A page of `localhost` embeds the widget of `127.0.0.1`, which to a browser is another site."""
    other = stack.url.replace("127.0.0.1", "localhost")
    page = new_context(bypass_csp=True).new_page()
    page.goto(f"{other}/desk")
    page.evaluate(
        """source => {
          const script = document.createElement("script");
          script.src = source;
          document.body.append(script);
        }""",
        f"{stack.url}/widget.js",
    )
    widget = Widget(page)
    widget.open()
    widget.ask("Hello from elsewhere")
    assert page.evaluate("location.origin") == other


def test_the_page_steers_the_look(page: Page, stack: Stack) -> None:
    snippet = (
        "<script async src='/widget.js' data-title='Ask us' data-theme='dark'"
        " data-position='start' data-lang='de' data-privacy='https://shop.example/privacy'></script>"
    )
    head = "<style>:root { --firstline-accent: #ffcc00; --firstline-on-accent: #000 }</style>"
    host_page(page, f"{stack.url}/themed", f"<h1>Shop</h1>{snippet}", head=head)
    widget = Widget(page)
    widget.open()
    expect(widget.dialog).to_have_accessible_name("Ask us")
    expect(widget.writing).to_have_accessible_name("Nachricht schreiben")
    expect(widget.root.get_by_role("link")).to_have_attribute(
        "href", "https://shop.example/privacy"
    )
    colour = widget.button.evaluate("it => getComputedStyle(it).backgroundColor")
    assert colour == "rgb(255, 204, 0)"
    box = widget.dialog.bounding_box()
    assert box
    assert box["x"] < 100
    keep(page, "themed")


def test_the_page_talks_to_the_widget(page: Page, stack: Stack) -> None:
    calls = """<script>
      window.Firstline = [];
      window.heard = [];
      Firstline.push((widget) => {
        for (const name of ["open", "close", "message", "unread"])
          widget.on(name, (detail) => heard.push([name, detail]));
      });
    </script>"""
    snippet = "<script async src='/widget.js'></script>"
    host_page(page, f"{stack.url}/api", f"<h1>Shop</h1>{calls}{snippet}")
    widget = Widget(page)
    expect(widget.button).to_be_visible()
    page.evaluate("Firstline.prefill('I have no signal at home').then(() => Firstline.open())")
    expect(widget.writing).to_have_value("I have no signal at home")
    widget.writing.press("Enter")
    widget.wait_answered()
    page.evaluate("Firstline.close()")
    expect(widget.dialog).to_be_hidden()
    page.wait_for_function("heard.some(([name]) => name === 'close')", timeout=PATIENCE_MS)
    heard = page.evaluate("heard")
    names = [name for name, _ in heard]
    assert names.index("open") < names.index("message") < names.index("close")
    said = [detail for name, detail in heard if name == "message"]
    assert {"customer", "bot"} <= {it["from"] for it in said}
    assert not any("text" in it for it in said)


def test_a_second_snippet_changes_nothing(page: Page, stack: Stack) -> None:
    snippet = "<script async src='/widget.js'></script>"
    host_page(page, f"{stack.url}/twice", f"<h1>Shop</h1>{snippet}{snippet}")
    expect(page.locator("firstline-widget").first).to_be_attached()
    page.wait_for_load_state("load")
    expect(page.locator("firstline-widget")).to_have_count(1)


def test_until_it_is_opened_only_the_launcher_is_loaded(
    new_context: NewContext, stack: Stack
) -> None:
    page = new_context().new_page()
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url.removeprefix(stack.url))

    page.on("request", note)
    snippet = "<script async src='/widget.js'></script>"
    host_page(page, f"{stack.url}/light", f"<h1>Shop</h1>{snippet}")
    page.wait_for_load_state("networkidle")
    assert asked == ["/light", "/widget.js"]
    Widget(page).open()
    assert any(re.match(r"/assets/app-.+\.js$", path) for path in asked)


def test_a_widget_that_does_not_come_says_so_and_can_be_tried_again(page: Page) -> None:
    assets = re.compile("/assets/app-")
    page.route(assets, lambda route: route.abort())
    widget = Widget(page)
    widget.button.click()
    note = widget.root.get_by_role("alert")
    expect(note).to_have_text("No connection. Please try again.")
    accessible(page)
    keep(page, "not-loaded")
    page.unroute(assets)
    widget.open()
    expect(note).to_be_empty()


def test_a_token_that_is_not_taken_does_not_keep_help_away(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/demo/signed-in")
    page.get_by_label("Token").fill("not.a.token")
    page.get_by_role("button", name="Sign in", exact=True).click()
    widget = Widget(page)
    widget.open()
    widget.ask("Hello")
    expect(page.get_by_role("status").first).to_contain_text("did not take the token")


def test_the_widget_stays_while_a_single_page_app_changes_its_view(
    page: Page, stack: Stack
) -> None:
    page.goto(f"{stack.url}/demo/single-page-app")
    page.get_by_role("button", name="Ask about this").click()
    widget = Widget(page)
    expect(widget.writing).to_have_value("Which plan fits me?", timeout=PATIENCE_MS)
    page.get_by_role("link", name="Coverage").click()
    expect(page.get_by_role("heading", name="Coverage")).to_be_visible()
    expect(widget.dialog).to_be_visible()
    expect(widget.writing).to_have_value("Which plan fits me?")
