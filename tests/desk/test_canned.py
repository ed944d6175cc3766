"""Canned replies: what may be written in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.case.model import Case
from bot.content import load_content
from bot.conversation.owner import Owner
from bot.conversation.store import Conversation
from bot.desk.canned import SLOTS, load_replies
from bot.desk.view import slots
from bot.errors import ContentError
from bot.settings import ROOT

CONTENT = load_content(ROOT / "data")


def test_the_operators_replies_are_in_order() -> None:
    replies = load_replies(ROOT / "data" / "canned.yml")
    assert replies[0].id == "greeting"
    assert "{customer_first_name}" in replies[0].text
    assert all(one.title and one.text for one in replies)


def test_a_slot_that_nobody_fills_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "canned.yml"
    path.write_text("hi: {title: Hi, text: 'Hello {shoe_size}'}")
    with pytest.raises(ContentError, match=r"hi: there is no slot \{shoe_size\}. Use one of"):
        load_replies(path)


def conversation(case: Case, **meta: str) -> Conversation:
    return Conversation("c1", "", "en", Owner.AGENT, 1, "0-0", "0-0", 1, 1, case, meta=meta)


def test_every_slot_can_be_filled_and_what_is_not_known_is_left_out() -> None:
    full = Case(number="FL-7K3M2Q", problem="slow_data", category="technical")
    from bot.case.model import Field, State

    full = full.with_field("device", Field("Pixel 8", State.STATED))
    named = conversation(full, customer_name="Customer Number One")
    assert tuple(slots(named, "Agent One", CONTENT)) == SLOTS
    assert slots(named, "Agent One", CONTENT)["customer_first_name"] == "Customer"
    empty = slots(conversation(Case()), "Agent One", CONTENT)
    assert set(empty) == {"agent_name", "brand", "phone", "response_time"}
