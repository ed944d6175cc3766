"""A trainer's ten minutes: from a misread message to a better live model, and back again."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewContext
from tests.browser.widget import PATIENCE_MS, Widget, accessible, keep
from tests.support.checkout import copy_checkout
from tests.support.stack import Stack

pytestmark = [
    pytest.mark.stack,
    pytest.mark.browser,
    pytest.mark.skipif(
        not os.environ.get("FIRSTLINE_TEST_WORKBENCH"),
        reason="trains and compares whole models for two minutes; make test-train does it",
    ),
]

LOGIN, PASSWORD = "trainer-1", "sunlit harbour crane"
MISREAD = "that tape recorder lady answers instead of me"
ALIKE = "the tape recorder lady keeps answering for me"
UNKNOWN = "do you sponsor my beekeeping club"
TRAINING_MS = 600_000


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A whole stack on files of its own, with a trainer's account."""
    folder = tmp_path_factory.mktemp("workbench")
    stack = Stack(folder / "state", copy_checkout(folder / "checkout"))
    stack.start()
    subprocess.run(
        [stack.root / "bin" / "firstline", "staff", "add", LOGIN, "--name", "Trainer One",
         "--role", "trainer", "--password-stdin"],
        input=PASSWORD, text=True, check=True, cwd=stack.root,
        env={**os.environ, "FIRSTLINE_STATE_DIR": str(stack.state_dir)},
    )  # fmt: skip
    yield stack
    stack.stop()


def customer(new_context: NewContext, stack: Stack) -> Widget:
    page = new_context().new_page()
    page.goto(stack.url)
    widget = Widget(page)
    widget.open()
    return widget


def trainer(new_context: NewContext, stack: Stack) -> Page:
    page = new_context(viewport={"width": 1360, "height": 900}).new_page()
    page.goto(f"{stack.url}/train")
    page.get_by_label("Login").fill(LOGIN)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Inbox")).to_be_visible(timeout=PATIENCE_MS)
    return page


def answer(widget: Widget, text: str) -> str:
    """What the bot says to a message."""
    before = widget.messages("bot").count()
    widget.ask(text)
    return "\n".join(widget.messages("bot").all_inner_texts()[before:])


def test_from_a_misread_message_to_a_better_model_and_back(
    new_context: NewContext, workbench: Stack
) -> None:
    running = customer(new_context, workbench)
    first = answer(running, MISREAD)
    assert "121" not in first
    answer(customer(new_context, workbench), ALIKE)
    answer(customer(new_context, workbench), UNKNOWN)
    page = trainer(new_context, workbench)
    label_from_the_inbox(page, workbench.root)
    make_something_new(page, workbench.root)
    edit_the_article(page, workbench.root)
    write_the_article_of_the_how_to(page, workbench.root)
    draw_the_rules(page)
    train_compare_and_go_live(page)
    workbench.wait_said("model_live", 1)
    assert "Dial 121" in answer(customer(new_context, workbench), MISREAD)
    assert "121" not in answer(running, ALIKE), "a conversation ends on the model it began with"
    page.get_by_role("button", name="Back to the former model").click()
    expect(page.get_by_role("status").first).to_contain_text("is live again", timeout=PATIENCE_MS)
    keep(page, "train-back")
    workbench.wait_said("model_live", 2)
    assert "121" not in answer(customer(new_context, workbench), MISREAD)


def label_from_the_inbox(page: Page, root: Path) -> None:
    """With the keyboard alone: next message, label, teach."""
    message = page.get_by_role("button", name=re.compile("tape recorder lady"))
    expect(message).to_have_count(2, timeout=PATIENCE_MS)
    expect(page.get_by_text("it seemed to fit nothing the bot knows").first).to_be_visible()
    accessible(page)
    keep(page, "train-inbox")
    page.keyboard.press("l")
    page.keyboard.type("faq voicemail")
    expect(page.get_by_role("option", name=re.compile("^Voicemail"))).to_be_visible()
    keep(page, "train-label")
    page.keyboard.press("Enter")
    said = page.get_by_text("Added to data/faq/voicemail.yml, and the conversation is a test now.")
    expect(said).to_be_visible(timeout=PATIENCE_MS)
    expect(message).to_have_count(0)
    article = (root / "data" / "faq" / "voicemail.yml").read_text()
    assert article.count("tape recorder lady") == 2
    assert (
        "understood as: faq/voicemail" in (root / "tests/conversations/regressions.yml").read_text()
    )


def make_something_new(page: Page, root: Path) -> None:
    """With the keyboard alone: a value is marked and unmarked, and an intent made with its answer."""
    page.get_by_role("button", name=re.compile(UNKNOWN)).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="The example")).to_have_value(UNKNOWN)
    page.keyboard.press("e")
    page.keyboard.press("End")
    for _ in range(2):
        page.keyboard.press("Control+Shift+ArrowLeft")
    page.keyboard.press("Tab")
    page.keyboard.type("Where")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    mark = page.get_by_role("button", name="Where: beekeeping club")
    expect(mark).to_be_visible()
    keep(page, "train-marked")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(mark).to_have_count(0)
    page.get_by_role("button", name="Nothing to learn").focus()
    page.keyboard.press("l")
    page.keyboard.type("sponsorship")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="What it is")).to_be_focused()
    page.keyboard.type("an intent")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("We sponsor clubs near our shops.")
    accessible(page)
    keep(page, "train-new")
    page.get_by_role("button", name="Make it and teach").focus()
    page.keyboard.press("Enter")
    made = page.get_by_text(re.compile(r"Added to data/sponsorship\.yml.*5 or more are needed"))
    expect(made).to_be_visible(timeout=PATIENCE_MS)
    assert "  - sponsorship\n" in (root / "domain.yml").read_text()


def edit_the_article(page: Page, root: Path) -> None:
    page.get_by_role("link", name="Content").click()
    page.get_by_label("Search").fill("voicemail greeting")
    expect(page.get_by_text("2 found")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name=re.compile("^voicemail article")).click()
    box = page.get_by_label("answer")
    box.fill(box.input_value().replace("Call 121", "Dial 121"))
    box.blur()
    page.get_by_role("button", name="Look at the change").click()
    expect(page.get_by_label("The change")).to_contain_text("Dial 121", timeout=PATIENCE_MS)
    accessible(page)
    keep(page, "train-content")
    assert "Dial 121" not in (root / "data" / "faq" / "voicemail.yml").read_text()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved in data/faq/voicemail.yml.")).to_be_visible(timeout=PATIENCE_MS)
    assert "Dial 121" in (root / "data" / "faq" / "voicemail.yml").read_text()


def write_the_article_of_the_how_to(page: Page, root: Path) -> None:
    """docs/howto/add-an-answer.md, "A new article", as written."""
    page.get_by_role("button", name="New article").click()
    page.get_by_label("Name of the file").fill("recycle_phone")
    page.get_by_label("Title").fill("Recycle an old phone")
    page.get_by_label("Category").fill("device")
    questions = page.get_by_label("Questions")
    questions.fill("what can I do with my old phone\ndo you take old phones back")
    questions.blur()
    answer = page.get_by_label("Answer")
    answer.fill("We take back any phone or tablet, working or not, free of charge.")
    answer.blur()
    page.get_by_role("button", name="Look at the change").click()
    expect(page.get_by_label("The change")).to_contain_text("old phones", timeout=PATIENCE_MS)
    keep(page, "train-new-article")
    page.get_by_role("button", name="Save").click()
    saved = page.get_by_text("Saved in data/faq/recycle_phone.yml.")
    expect(saved).to_be_visible(timeout=PATIENCE_MS)
    written = (root / "data" / "faq" / "recycle_phone.yml").read_text()
    assert "  - do you take old phones back\n" in written


def draw_the_rules(page: Page) -> None:
    page.get_by_role("link", name="Rules").click()
    expect(page.get_by_role("img", name="Rules and stories as a graph")).to_be_visible(
        timeout=PATIENCE_MS
    )
    page.locator("g.node", has_text="goodbye").first.hover()
    accessible(page)
    keep(page, "train-rules")


def train_compare_and_go_live(page: Page) -> None:
    page.get_by_role("link", name="Train and go live").click()
    page.get_by_label("What for?").fill("voicemail by other names")
    page.get_by_role("button", name="1. Check").click()
    expect(page.get_by_text(re.compile(r"^0 errors"))).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="2. Train").click()
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=PATIENCE_MS)
    keep(page, "train-training")
    expect(page.get_by_text(re.compile(r"^Trained "))).to_be_visible(timeout=TRAINING_MS)
    page.get_by_role("button", name="3. Compare").click()
    compared = page.get_by_role("region", name="Comparison")
    expect(compared).to_be_visible(timeout=TRAINING_MS)
    expect(compared.get_by_text(re.compile(r"recorded\s+conversations would"))).to_be_visible()
    expect(compared.get_by_role("row", name=re.compile("tape recorder lady")).first).to_be_visible()
    accessible(page)
    keep(page, "train-compared")
    page.get_by_role("button", name="4. Go live").click()
    expect(page.get_by_text(re.compile("is live. Conversations begun with"))).to_be_visible(
        timeout=PATIENCE_MS
    )
    keep(page, "train-live")
