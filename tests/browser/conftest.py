"""A browser, and customers with a browser profile each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from redis.asyncio import Redis

from bot.conversation.events import Event
from bot.conversation.owner import Owner
from bot.conversation.store import Conversations
from bot.settings import Settings
from bot.staff.accounts import Account
from bot.staff.roles import Role
from bot.supervisor.private import with_private
from tests.browser.desk import Desk
from tests.browser.widget import Widget
from tests.support.stack import Stack
from tests.support.staff import add_account

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}

T = TypeVar("T")
NewContext = Callable[..., BrowserContext]


# Playwright's synchronous interface keeps an event loop for itself, so it must not outlive this
# package: other packages have asynchronous tests.
@pytest.fixture(scope="package")
def browser(browser_path: Path) -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[NewContext]:
    """Makes browser profiles; at the end no page of theirs may have thrown an error."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(**{"viewport": DESKTOP, "locale": "en-GB", **options})
        context.on("weberror", lambda error: errors.append(str(error.error)))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert not errors


@pytest.fixture
def page(new_context: NewContext, stack: Stack) -> Page:
    """The demo shop in a fresh profile, on a desktop screen."""
    page = new_context().new_page()
    page.goto(stack.url)
    return page


@pytest.fixture
def widget(page: Page) -> Widget:
    """The open widget on the demo shop."""
    widget = Widget(page)
    widget.open()
    return widget


@pytest.fixture
def phone(new_context: NewContext, stack: Stack) -> Widget:
    """The open widget on a phone's screen."""
    page = new_context(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    page.goto(stack.url)
    widget = Widget(page)
    widget.open()
    return widget


@pytest.fixture
def hand_over(stack: Stack) -> Callable[[Page, Owner, Event], None]:
    """Passes the conversation of a page to another owner, as a desk would."""
    url = redis_url_of(stack)

    async def change(id: str, to: Owner, event: Event) -> None:
        redis = Redis.from_url(url)
        conversations = Conversations(redis)
        await conversations.change_owner(await conversations.read(id), to, event)
        await redis.aclose()

    def hand(page: Page, to: Owner, event: Event) -> None:
        session = page.evaluate(
            "key => JSON.parse(localStorage.getItem(key))", f"firstline:{stack.url}:session"
        )
        in_thread(lambda: asyncio.run(change(session["conversation"], to, event)))

    return hand


@pytest.fixture
def agent(new_context: NewContext, stack: Stack) -> Callable[..., Desk]:
    """Opens the desk for a new member of staff, an agent unless told otherwise."""
    url = redis_url_of(stack)

    async def account(roles: tuple[Role, ...]) -> Account:
        redis = Redis.from_url(url)
        added = await add_account(redis, *roles)
        await redis.aclose()
        return added

    def open_desk(*roles: Role, **options: Any) -> Desk:
        staff = in_thread(lambda: asyncio.run(account(roles or (Role.AGENT,))))
        desk = Desk(new_context(**options).new_page(), staff.login, staff.name)
        desk.open(stack.url, takes=not roles or Role.AGENT in roles)
        return desk

    return open_desk


def redis_url_of(stack: Stack) -> str:
    """Address of the stack's own Redis."""
    return with_private(Settings(state_dir=stack.state_dir)).redis_url


def in_thread(work: Callable[[], T]) -> T:
    """What `work` gives; it may run an event loop of its own, which this thread has already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()
