"""The widget as a customer sees it, for the tests to use."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from bot.settings import ROOT
from tests.support.stack import Stack

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = ROOT / "artefacts" / "screenshots"
# The bot's answer may have to wait for a busy machine; a condition is awaited, never a time.
PATIENCE_MS = 60_000

PROBLEM = (
    "My iPhone 14 shows 'Could not activate cellular data network' since Friday. "
    "I restarted it and reset the network settings, no change. My account is 8847201193"
)
EMAIL = "ada@mail.example"


class Widget:
    """The widget on one page; locators pierce its shadow roots."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator("firstline-widget")
        self.button = self.root.locator("> button")
        self.dialog = self.root.get_by_role("dialog")
        self.log = self.root.get_by_role("log")
        self.writing = self.root.locator(".composer textarea")
        self.typing = self.root.locator("[data-part=typing]")
        self.case = self.root.locator("[data-part=case]")

    def open(self) -> None:
        """Open it by its button and wait until one can write."""
        self.button.click()
        expect(self.writing).to_be_focused()

    def say(self, text: str) -> None:
        """Write a message and send it with Enter."""
        self.writing.fill(text)
        self.writing.press("Enter")

    def ask(self, text: str) -> None:
        """Send a message and wait until the bot has answered it fully."""
        self.say(text)
        expect(self.said(text)).to_be_visible(timeout=PATIENCE_MS)
        self.wait_answered()

    def wait_answered(self) -> None:
        """Wait until nothing is on its way and the bot owes nothing."""
        expect(self.root.locator(".outgoing")).to_have_count(0, timeout=PATIENCE_MS)
        expect(self.typing).to_have_count(0, timeout=PATIENCE_MS)

    def said(self, text: str, by: str = "customer") -> Locator:
        """The messages in the log of that speaker and with exactly that text."""
        return self.log.locator(f".message.{by} .text", has_text=re.compile(f"^{re.escape(text)}$"))

    def messages(self, by: str) -> Locator:
        """All messages in the log of that speaker."""
        return self.log.locator(f".message.{by}")

    def choice(self, label: str) -> Locator:
        """A quick reply of the bot's below the conversation."""
        return self.root.locator(".scroll .choices").get_by_role("button", name=label, exact=True)

    def banner(self, name: str) -> Locator:
        """One of the notices above the conversation."""
        return self.root.locator(f"[data-banner={name}]")

    def field(self, name: str) -> Locator:
        """A field of the case card."""
        return self.case.locator(f"[data-field={name}]")

    def show_case(self) -> None:
        """Unfold the case card."""
        expect(self.case).to_be_visible(timeout=PATIENCE_MS)
        if self.case.get_attribute("open") is None:
            self.case.locator("summary").click()

    def report(self) -> None:
        """Tell a whole problem and answer what is still asked, up to the summary."""
        self.ask(PROBLEM)
        for _ in range(8):
            if self.choice("Yes, send it").is_visible():
                return
            self.ask(
                EMAIL if "e-mail" in self.messages("bot").last.inner_text() else "I don't know"
            )
        raise AssertionError("no summary: " + self.messages("bot").last.inner_text())

    def file_case(self) -> str:
        """Report a problem and confirm it; returns the number of the case."""
        self.report()
        self.choice("Yes, send it").click()
        heading = self.case.locator("summary")
        expect(heading).to_contain_text(re.compile(r"FL-\w+"), timeout=PATIENCE_MS)
        found = re.search(r"FL-\w+", heading.inner_text())
        assert found
        return found[0]


@contextmanager
def thinking(stack: Stack) -> Iterator[None]:
    """Holds the engine, so that an answer can be seen to be awaited however fast the bot is."""
    engine = stack.pid("engine")
    os.killpg(engine, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(engine, signal.SIGCONT)


def accessible(page: Page) -> None:
    """Fails with what axe-core finds wrong on the page, by the rules of WCAG 2.2 A and AA."""
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        """() => axe.run(document, {
          runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        })"""
    )
    faults = [
        f"{it['id']}: {node['html'][:200]} {node['failureSummary']}"
        for it in found["violations"]
        for node in it["nodes"]
    ]
    assert not faults, "\n".join(faults)


def keep(page: Page, name: str) -> Path:
    """Keep a picture of the page for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=path)
    return path
