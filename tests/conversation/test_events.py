from __future__ import annotations

from datetime import timezone

import pytest

from bot.conversation.events import (
    AGENT,
    BOT,
    CUSTOMER,
    Choice,
    Event,
    bot_message,
    case_event,
    decode_event,
    encode_event,
    is_owed_an_answer,
    message,
    owner_event,
    turn_event,
)

EDIT = {"field": "device", "old": "", "new": "Pixel 8"}
EVENTS = [
    message(CUSTOMER, "my phone ☎ is dead\nreally"),
    bot_message("Hello", (Choice("x1", "Yes", "/affirm"),)),
    case_event({"case": None}, by=CUSTOMER, edit=EDIT),
    owner_event("waiting", position=3),
    turn_event("1-0"),
    Event("message", {"from": CUSTOMER, "text": "Yes"}, {"payload": "/affirm"}),
]


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_is_read_back_as_it_was_stored(event: Event) -> None:
    type_, body, private = encode_event(event)
    stored = {b"t": type_, b"d": body} | ({b"p": private} if private else {})
    read = decode_event(b"1763799365123-4", stored)
    assert (read.type, read.body, read.private) == (event.type, event.body, event.private)
    assert read.id == "1763799365123-4"


def test_nothing_private_is_served() -> None:
    event = Event(
        "message", {"from": CUSTOMER, "text": "Yes"}, {"payload": "/affirm"}, "1763799365123-4"
    )
    assert event.public() == {
        "id": "1763799365123-4", "type": "message", "at": "2025-11-22T08:16:05.123Z",
        "from": "customer", "text": "Yes",
    }  # fmt: skip
    assert event.at.tzinfo is timezone.utc


def test_a_choice_shows_its_label_and_not_what_it_means() -> None:
    assert bot_message("Sure?", (Choice("x1", "Yes", "/affirm"),)).body["choices"] == [
        {"id": "x1", "label": "Yes"}
    ]
    assert "choices" not in bot_message("Sure.").body


@pytest.mark.parametrize(
    ("event", "owed"),
    [
        (message(CUSTOMER, "hi"), True),
        (message(BOT, "hi"), False),
        (message(AGENT, "hi"), False),
        (case_event({}, by=CUSTOMER, edit=EDIT), True),
        (case_event({}, by=BOT), False),
        (owner_event("bot"), False),
        (turn_event("1-0"), False),
    ],
)
def test_what_the_bot_owes_an_answer(event: Event, owed: bool) -> None:
    assert is_owed_an_answer(event) is owed
