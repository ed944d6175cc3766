"""The desk as an agent sees it, for the tests to use."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.widget import PATIENCE_MS
from tests.support.stack import Stack
from tests.support.staff import PASSWORD


class Desk:
    """The desk on one page; locators pierce its shadow root."""

    def __init__(self, page: Page, login: str, name: str) -> None:
        self.page = page
        self.login = login
        self.name = name
        self.root = page.locator("firstline-desk")
        self.rows = self.root.locator(".rows a")
        self.case = self.root.locator(".case")
        self.log = self.root.get_by_role("log")
        self.writing = self.root.locator(".composer textarea")
        self.dialog = self.root.get_by_role("dialog")
        self.fault = self.root.locator(".said.fault")
        self.held = self.root.locator(".held")

    def open(self, url: str, takes: bool = True) -> None:
        """Go to the desk, sign in, and wait until the queues are there."""
        self.page.goto(f"{url}/desk")
        self.sign_in(takes=takes)

    def sign_in(self, password: str = PASSWORD, takes: bool = True) -> None:
        """Sign in by the form; `takes` when they take conversations."""
        self.root.get_by_label("Login").fill(self.login)
        self.root.get_by_label("Password").fill(password)
        self.root.get_by_label("Password").press("Enter")
        expect(self.root.locator(".top")).to_be_visible(timeout=PATIENCE_MS)
        if takes:
            switch = self.root.get_by_role("switch", name="Available")
            expect(switch).to_be_checked(timeout=PATIENCE_MS)

    def find(self, number: str) -> None:
        """Look a case up by its number."""
        self.root.get_by_label("Case number").fill(number)
        self.root.get_by_label("Case number").press("Enter")

    def queue(self, name: str) -> Locator:
        """The button of one queue: waiting, mine, team, mail or dead."""
        return self.root.locator(f"[data-queue={name}]")

    def count(self, name: str) -> Locator:
        """How many are in that queue, as it is shown."""
        return self.queue(name).locator("b")

    def row_of(self, conversation: str) -> Locator:
        """The row of a conversation in the queue on show."""
        return self.root.locator(f".rows a[href='#conversation/{conversation}']")

    def group(self, heading: str) -> Locator:
        """One group of the case: Who, What, Since when, …"""
        title = self.page.get_by_role("heading", name=heading, exact=True)
        return self.case.locator(".group").filter(has=title)

    def field(self, name: str) -> Locator:
        """A field of the case."""
        return self.case.locator(f"[data-field={name}]")

    def press(self, keys: str) -> None:
        """Press single keys as somebody who is not writing."""
        self.page.evaluate("document.activeElement?.shadowRoot?.activeElement?.blur()")
        for key in keys:
            self.page.keyboard.press(key)

    def edit(self, name: str, value: str, bot_wrong: bool = False) -> None:
        """Change a field of the case by hand."""
        self.field(name).locator("[data-edit]").click()
        self.field(name).locator("textarea").fill(value)
        if bot_wrong:
            self.field(name).get_by_label("The bot got this wrong").check()
        self.field(name).get_by_role("button", name="Save").click()

    def write(self, text: str) -> None:
        """Write an answer or a note, whichever is chosen, and send it with Enter."""
        self.writing.fill(text)
        self.writing.press("Enter")

    def said(self, text: str, by: str) -> Locator:
        """The messages of that speaker with exactly that text."""
        exactly = re.compile(f"^{re.escape(text)}$")
        return self.log.locator(f".message.{by} .text", has_text=exactly)


def conversation_of(page: Page, stack: Stack) -> str:
    """The id of the conversation that the widget on this page is in."""
    key = f"firstline:{stack.url}:session"
    session = page.evaluate("key => JSON.parse(localStorage.getItem(key))", key)
    return str(session["conversation"])
