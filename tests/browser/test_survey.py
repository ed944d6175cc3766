"""The survey page as customers see it, without any script, from the link in a mail to the thanks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.case.filing import filed
from bot.case.model import Case
from bot.conversation.change import Change
from bot.conversation.events import owner_event
from bot.conversation.numbers import propose_number
from bot.conversation.owner import Owner
from bot.conversation.store import Conversations
from bot.followup.survey import Asked, SurveyLinks
from tests.browser.conftest import NewContext
from tests.browser.widget import accessible, keep
from tests.edge.servers import start_edge

NARROW = {"width": 320, "height": 640}


async def _closed_conversation(redis_url: str) -> str:
    async with Redis.from_url(redis_url) as redis:
        conversations = Conversations(redis)
        id = f"survey{time.time_ns()}"
        await conversations.open(id, "hash", "en", [])
        case = filed(Case(problem="no_mobile_data", category="technical"), propose_number(id), None)
        change = Change(owner=Owner.CLOSED, case=case, events=[owner_event("closed")])
        await conversations.change(await conversations.read(id), change)
        return id


@pytest.fixture(scope="module")
def edge(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """An edge: its address and its state directory."""
    state_dir = tmp_path_factory.mktemp("survey")
    server, url = start_edge(state_dir, redis_url)
    yield url, state_dir
    server.stop()


@pytest.fixture
def link(redis_url: str, edge: tuple[str, Path]) -> str:
    """The link of a mail that says "No, it is still a problem"."""
    url, state_dir = edge
    with ThreadPoolExecutor() as pool:  # Playwright has an event loop in this thread
        id = pool.submit(lambda: asyncio.run(_closed_conversation(redis_url))).result()
    links = SurveyLinks(url, (state_dir / "secret").read_text())
    return links.link(Asked(id, int(time.time() * 1000)), "not_solved")


def test_one_click_and_one_button_without_any_script(new_context: NewContext, link: str) -> None:
    page = new_context(java_script_enabled=False, viewport=NARROW).new_page()
    page.goto(link)
    assert page.get_by_label("No, it is still a problem").is_checked()
    keep(page, "survey-narrow")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")
    assert page.get_by_label("Partly").is_checked()
    page.get_by_label("No, it is still a problem").check()
    page.get_by_role("button", name="Send my answer").click()
    assert page.get_by_text("We are sorry. Your case is open again").is_visible()
    keep(page, "survey-thanks")
    page.goto(link)
    assert page.get_by_role("heading", name="Thank you for your answer").is_visible()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_it_is_accessible_and_fits_a_narrow_screen(
    new_context: NewContext, link: str, colours: str
) -> None:
    page = new_context(color_scheme=colours, viewport=NARROW).new_page()
    page.goto(link)
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    keep(page, f"survey-{colours}")
    page.get_by_role("button", name="Send my answer").click()
    page.get_by_role("heading", name="Thank you for your answer").wait_for()
    accessible(page)
