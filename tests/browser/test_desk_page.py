"""The desk's page itself: signing in, keys, small screens, colours, languages, a busy day."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from redis.asyncio import Redis

from bot.mail.outbox import Outbox
from bot.staff.roles import Role
from tests.browser.conftest import NewContext, in_thread, redis_url_of
from tests.browser.desk import Desk, conversation_of
from tests.browser.widget import PATIENCE_MS, PROBLEM, Widget, accessible, keep
from tests.support.stack import Stack
from tests.support.staff import PASSWORD

pytestmark = [pytest.mark.stack, pytest.mark.browser]

OpenDesk = Callable[..., Desk]

SCREENS = {"320px": (320, 640), "zoom-200": (640, 400), "zoom-400": (320, 256)}
# What may be wider than the page without a reason: nothing.
WIDE = """() => {
  const root = document.querySelector("firstline-desk").shadowRoot;
  const parts = [...root.querySelectorAll("main, .top, .queues, .case, .talk, .scroll, .composer")];
  return parts.filter((it) => it.scrollWidth > it.clientWidth + 1).map((it) => it.className)
    .concat(document.documentElement.scrollWidth > innerWidth ? ["page"] : []);
}"""


@pytest.fixture
def told(widget: Widget, stack: Stack) -> str:
    """The id of a conversation in which a problem has been told."""
    widget.ask(PROBLEM)
    return conversation_of(widget.page, stack)


def shown(desk: Desk, conversation: str) -> None:
    """Open a conversation by its address."""
    desk.page.evaluate("id => { location.hash = `conversation/${id}` }", conversation)
    expect(desk.case).to_be_visible()


def busy(page: Page, rows: int) -> None:
    """Have the edge's queues answered as on a day with so many waiting."""
    now = datetime.now(timezone.utc)
    waiting = [
        _row(number, now - timedelta(seconds=11 * (rows - number))) for number in range(rows)
    ]
    body = {"waiting": waiting, "mine": [], "team": [], "mail": [], "dead": []}

    def answer(route: Route) -> None:
        route.fulfill(status=200, content_type="application/json", body=json.dumps(body))

    page.route(re.compile("/api/v1/staff/queues$"), answer)


def _row(number: int, since: datetime) -> dict[str, Any]:
    problems = ("no mobile data", "cannot make calls", "bill is higher than expected")
    text = "It still does not work, and I have tried all of that already"
    return {
        "conversation": f"c{number}", "case": f"FL-{number:06}" if number % 2 else None,
        "subject": "", "priority": f"P{1 + number % 4}", "category": "technical",
        "problem": problems[number % 3], "device": "Samsung Galaxy S21 Ultra",
        "since": since.isoformat(), "owner": "waiting", "agent": None, "missing": number % 3,
        "last": {"from": "customer", "text": text, "at": since.isoformat()},
        "unread": number % 5 == 0, "channel": "widget", "reason": "", "scope": [],
    }  # fmt: skip


def test_signing_in_and_out(new_context: NewContext, agent: OpenDesk, stack: Stack) -> None:
    first = agent()
    second = Desk(new_context().new_page(), first.login, first.name)
    second.page.goto(f"{stack.url}/desk")
    expect(second.root.get_by_role("heading", name="Desk")).to_be_visible()
    accessible(second.page)
    second.root.get_by_label("Login").fill(first.login)
    second.root.get_by_label("Password").fill("not the right one")
    second.root.get_by_role("button", name="Sign in").click()
    expect(second.root.get_by_role("alert").first).to_contain_text("do not belong together")
    keep(second.page, "desk-sign-in")
    second.sign_in()
    second.page.reload()
    expect(second.queue("waiting")).to_be_visible(timeout=PATIENCE_MS)
    second.root.locator(".menu summary").click()
    accessible(second.page)
    second.root.get_by_role("button", name="Sign out everywhere").click()
    expect(second.root.get_by_label("Password")).to_be_visible()
    expect(first.root.get_by_text("You have been signed out.")).to_be_visible(timeout=PATIENCE_MS)
    first.sign_in()


def test_a_busy_day(agent: OpenDesk) -> None:
    desk = agent()
    busy(desk.page, 200)
    desk.page.reload()
    expect(desk.count("waiting")).to_have_text("200", timeout=PATIENCE_MS)
    expect(desk.rows).to_have_count(200)
    times = desk.rows.locator("time").evaluate_all("all => all.map(it => it.dateTime)")
    assert times == sorted(times)
    keep(desk.page, "desk-busy")
    desk.press("jjj")
    expect(desk.rows.nth(2)).to_be_focused()
    expect(desk.rows.nth(2)).to_have_attribute("aria-current", "true")
    desk.press("k")
    expect(desk.rows.nth(1)).to_have_attribute("aria-current", "true")


def test_the_queue_in_the_dark(agent: OpenDesk) -> None:
    desk = agent(color_scheme="dark")
    busy(desk.page, 12)
    desk.page.reload()
    expect(desk.rows).to_have_count(12, timeout=PATIENCE_MS)
    accessible(desk.page)
    keep(desk.page, "desk-queue-dark")


def test_the_case_in_the_dark(agent: OpenDesk, told: str) -> None:
    desk = agent(color_scheme="dark")
    shown(desk, told)
    accessible(desk.page)
    keep(desk.page, "desk-dark")


@pytest.mark.parametrize("screen", SCREENS)
def test_it_fits_small_screens_without_scrolling_sideways(
    agent: OpenDesk, told: str, screen: str
) -> None:
    width, height = SCREENS[screen]
    desk = agent(viewport={"width": width, "height": height})
    assert desk.page.evaluate(WIDE) == []
    keep(desk.page, f"desk-{screen}-queues")
    shown(desk, told)
    assert desk.page.evaluate(WIDE) == []
    keep(desk.page, f"desk-{screen}-case")
    desk.root.get_by_role("button", name="Conversation", exact=True).click()
    expect(desk.log).to_be_visible()
    assert desk.page.evaluate(WIDE) == []
    desk.writing.scroll_into_view_if_needed()
    desk.write("Seen on a telephone.")
    expect(desk.said("Seen on a telephone.", "note")).to_be_visible()
    accessible(desk.page)
    keep(desk.page, f"desk-{screen}-conversation")
    desk.root.get_by_role("button", name="Case", exact=True).click()
    desk.root.get_by_role("link", name="Back to the queues").click()
    expect(desk.queue("waiting")).to_be_visible()


def test_forced_colours_and_less_motion(agent: OpenDesk, told: str) -> None:
    desk = agent(forced_colors="active", reduced_motion="reduce")
    shown(desk, told)
    message = desk.log.locator(".message").first
    assert message.evaluate("it => getComputedStyle(it).borderTopStyle") == "solid"
    assert desk.root.evaluate("it => it.shadowRoot.getAnimations().length") == 0
    accessible(desk.page)
    keep(desk.page, "desk-forced-colours")


def test_keys_help_and_can_be_turned_off(agent: OpenDesk) -> None:
    desk = agent()
    desk.press("3")
    expect(desk.queue("team")).to_have_attribute("aria-pressed", "true")
    desk.press("?")
    expect(desk.dialog).to_contain_text("take the conversation, or the next that waits")
    accessible(desk.page)
    keep(desk.page, "desk-keys")
    desk.page.keyboard.press("Escape")
    expect(desk.dialog).to_have_count(0)
    desk.root.locator(".menu summary").click()
    desk.root.get_by_label("Single-key shortcuts").uncheck()
    desk.page.keyboard.press("Escape")
    expect(desk.root.locator(".menu summary")).to_be_focused()
    desk.press("1")
    expect(desk.queue("team")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize(("language", "waiting"), [("de", "Wartend"), ("ru", "Ожидают")])
def test_other_languages(agent: OpenDesk, told: str, language: str, waiting: str) -> None:
    desk = agent()
    shown(desk, told)
    desk.root.locator(".menu summary").click()
    desk.root.get_by_label("Language").select_option(language)
    expect(desk.queue("waiting")).to_contain_text(waiting)
    assert desk.page.evaluate("document.documentElement.lang") == language
    accessible(desk.page)
    desk.page.keyboard.press("Escape")
    keep(desk.page, f"desk-{language}")


def test_the_password_is_changed_and_other_sessions_end(agent: OpenDesk) -> None:
    desk = agent()
    desk.root.locator(".menu summary").click()
    desk.root.get_by_role("button", name="Change the password").click()
    desk.dialog.get_by_label("Password so far").fill(PASSWORD)
    desk.dialog.get_by_label("New password").fill("password1234")
    desk.dialog.get_by_role("button", name="Change the password").click()
    expect(desk.dialog.get_by_role("alert")).not_to_be_empty(timeout=PATIENCE_MS)
    accessible(desk.page)
    keep(desk.page, "desk-password")
    desk.dialog.get_by_label("New password").fill("quiet lantern orchard")
    desk.dialog.get_by_role("button", name="Change the password").click()
    expect(desk.dialog).to_have_count(0, timeout=PATIENCE_MS)
    expect(desk.root.get_by_role("switch", name="Available")).to_be_checked(timeout=PATIENCE_MS)


def test_being_away_is_seen_by_colleagues(agent: OpenDesk) -> None:
    desk = agent()
    switch = desk.root.get_by_role("switch", name="Available")
    switch.click()
    expect(switch).not_to_be_checked()
    desk.page.reload()
    expect(switch).not_to_be_checked(timeout=PATIENCE_MS)


def test_a_lost_connection_is_said_and_found_again(agent: OpenDesk) -> None:
    desk = agent()
    banner = desk.root.locator(".banner")
    desk.page.context.set_offline(True)
    expect(banner).to_contain_text("No connection", timeout=PATIENCE_MS)
    keep(desk.page, "desk-offline")
    desk.page.context.set_offline(False)
    expect(banner).to_be_hidden(timeout=PATIENCE_MS)


def test_a_filed_case_waits_for_an_answer_with_its_file_and_the_earlier_ones(
    agent: OpenDesk, widget: Widget, stack: Stack
) -> None:
    desk = agent()
    earlier = widget.file_case()
    stack.wait_said(f"account:{conversation_of(widget.page, stack)}")  # listed by the clock
    widget.root.locator(".menu summary").click()
    widget.root.get_by_role("button", name="Start a new conversation").click()
    widget.root.get_by_role("button", name="Press again").click()
    expect(widget.log.locator(".message")).to_have_count(0)
    files = widget.root.locator("input[type=file]").first
    files.set_input_files({"name": "log.txt", "mimeType": "text/plain", "buffer": b"no carrier"})
    expect(widget.messages("customer")).to_have_count(1, timeout=PATIENCE_MS)
    widget.wait_answered()
    number = widget.file_case()
    conversation = conversation_of(widget.page, stack)
    desk.press("4")
    desk.row_of(conversation).click(timeout=PATIENCE_MS)
    expect(desk.case).to_contain_text(f"{number}, revision 1")
    expect(desk.case).to_contain_text("Confirmed by the customer")
    expect(desk.group("Earlier cases of this account")).to_contain_text(
        earlier, timeout=PATIENCE_MS
    )
    with desk.page.expect_download() as waiting:
        desk.group("Files").get_by_role("link", name="log.txt").click()
    assert waiting.value.path().read_bytes() == b"no carrier"
    desk.press("c")
    expect(desk.held).to_have_text(re.compile("With you"))
    expect(desk.row_of(conversation)).to_have_count(1)
    expect(desk.queue("mine")).to_have_attribute("aria-pressed", "true")
    desk.find("FL-NONE00")
    expect(desk.fault).to_contain_text("There is no case with this number.")
    desk.find(earlier.removeprefix("FL-").lower())
    expect(desk.case).to_contain_text(f"{earlier}, revision 1", timeout=PATIENCE_MS)
    keep(desk.page, "desk-found-by-number")


@contextmanager
def courier_held(stack: Stack) -> Iterator[None]:
    """Nothing is sent while the body runs."""
    courier = stack.pid("courier")
    os.kill(courier, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(courier, signal.SIGCONT)


async def bury(url: str, number: str) -> None:
    """Settle the mail of a case as one that the server will never take."""
    redis = Redis.from_url(url)
    outbox = Outbox(redis)
    while claim := await outbox.queue.claim():
        entry = await outbox.read(claim.member)
        await outbox.begin(claim, f"<{claim.member}@meadow.example>")
        if entry.order.number == number and entry.order.to.startswith("cases@"):
            await outbox.bury(claim, "550 5.1.1 no such mailbox")
        else:
            await outbox.defer(claim, "held by the test", 0)
        if entry.order.number == number and entry.order.to.startswith("cases@"):
            break
    await redis.aclose()


def test_a_dead_letter_is_seen_and_sent_again(
    agent: OpenDesk, widget: Widget, stack: Stack
) -> None:
    desk = agent()
    with courier_held(stack):
        number = widget.file_case()
        in_thread(lambda: asyncio.run(bury(redis_url_of(stack), number)))
    expect(desk.count("dead")).not_to_have_text("0", timeout=PATIENCE_MS)
    desk.queue("dead").click()
    desk.rows.filter(has_text=number).click()
    expect(desk.case).to_contain_text("550 5.1.1 no such mailbox")
    accessible(desk.page)
    keep(desk.page, "desk-dead-letter")
    desk.case.get_by_role("button", name="Send again").click()
    expect(desk.rows.filter(has_text=number)).to_have_count(0, timeout=PATIENCE_MS)
    mailbox = widget.page.context.new_page()
    mailbox.goto(stack.mailbox_url)
    sent = mailbox.locator("nav li", has_text=f"[{number}]").filter(has_text="cases@")
    expect(sent).to_have_count(1, timeout=PATIENCE_MS)


@pytest.mark.parametrize("screen", ["320px", "desktop"])
def test_admins_see_what_was_not_delivered_and_have_it_sent_again(
    agent: OpenDesk, widget: Widget, stack: Stack, screen: str
) -> None:
    width, height = SCREENS.get(screen, (1280, 800))
    desk = agent(Role.ADMIN, viewport={"width": width, "height": height})
    with courier_held(stack):
        number = widget.file_case()
        in_thread(lambda: asyncio.run(bury(redis_url_of(stack), number)))
    desk.root.get_by_role("link", name="Undelivered").click()
    letter = desk.root.locator(".records tbody tr").filter(has_text=number)
    expect(letter).to_contain_text("550 5.1.1 no such mailbox", timeout=PATIENCE_MS)
    assert desk.page.evaluate(WIDE) == []
    accessible(desk.page)
    keep(desk.page, f"desk-letters-{screen}")
    letter.get_by_role("button", name="Send again").click()
    expect(letter).to_have_count(0, timeout=PATIENCE_MS)
    expect(desk.root.get_by_text("It is on its way again.")).to_be_visible()


def test_managers_see_how_it_goes(agent: OpenDesk, widget: Widget) -> None:
    widget.file_case()
    desk = agent(Role.AGENT, Role.MANAGER)
    desk.root.get_by_role("link", name="Figures").click()
    problems = desk.root.locator(".ranks")
    expect(problems.locator("tbody tr").first).to_contain_text(
        re.compile(r"no mobile data\s*\d+"), timeout=PATIENCE_MS
    )
    expect(desk.root.locator(".tiles")).to_contain_text(re.compile(r"Completeness of cases\s*\d+%"))
    desk.root.locator("figure summary").first.click()
    table = desk.root.locator("figure table").first
    expect(table.locator("tbody tr")).to_have_count(7)
    accessible(desk.page)
    keep(desk.page, "desk-figures")
    with desk.page.expect_download() as waiting:
        desk.root.get_by_role("link", name="Download as CSV").click()
    rows = waiting.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert rows[0].startswith("date,conversations")
    assert len(rows) == 8


def test_agents_see_no_figures(agent: OpenDesk) -> None:
    desk = agent()
    for name in ("Figures", "Audit log"):
        expect(desk.root.get_by_role("link", name=name)).to_have_count(0)


@pytest.mark.parametrize("screen", ["320px", "desktop"])
def test_admins_read_the_audit_log_and_see_no_conversations(agent: OpenDesk, screen: str) -> None:
    width, height = SCREENS.get(screen, (1280, 800))
    desk = agent(Role.ADMIN, viewport={"width": width, "height": height})
    rows = desk.root.locator(".records tbody tr")
    expect(rows.first).to_contain_text("session.begin", timeout=PATIENCE_MS)
    expect(rows.first).to_contain_text(desk.login)
    expect(rows.nth(1)).to_contain_text("account.add")
    for name in ("Queues", "Training"):
        expect(desk.root.get_by_role("link", name=name)).to_have_count(0)
    assert desk.page.evaluate(WIDE) == []
    accessible(desk.page)
    keep(desk.page, f"desk-audit-{screen}")
    with desk.page.expect_download() as waiting:
        desk.root.get_by_role("link", name="Download as CSV").click()
    assert "audit.export" in waiting.value.path().read_text(encoding="utf-8-sig")
    desk.root.get_by_role("link", name="Figures").click()
    expect(desk.root.locator(".tiles")).to_be_visible(timeout=PATIENCE_MS)
    expect(desk.fault).to_be_hidden()
