"""Which messages reach the trainers' inbox, and what of them is hidden."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.conversation.events import CUSTOMER, Event, message, turn_event
from bot.training.inbox import misread
from bot.training.masking import anonymous, masked
from tests.training.logs import Log


def reasons(log: Log, minutes: int = 1) -> dict[str, list[str]]:
    found = misread("c1", log.events, log.end + timedelta(minutes=minutes))
    return {one.text: one.reasons for one in found}


def test_what_was_understood_is_not_in_it() -> None:
    log = Log()
    log.turn("my iphone has no signal", intent="report_problem", asks="device")
    log.turn("an iPhone 14", asked="device", asks="account_number", found=["device"])
    assert reasons(log) == {}


def test_unsure_and_out_of_scope() -> None:
    log = Log()
    log.turn("sell me a boat", intent="out_of_scope", confidence=0.9)
    log.turn("the thing from before", intent="faq", confidence=0.31)
    assert reasons(log) == {"sell me a boat": ["out_of_scope"], "the thing from before": ["unsure"]}


def test_what_the_context_made_certain_is_not_unsure() -> None:
    log = Log()
    log.turn("Meadow Hub 3", intent="inform", alone="faq", confidence=0.3, asked="device")
    assert reasons(log) == {}


def test_what_was_taken_for_the_answer_is_not_unsure_and_what_was_not_is() -> None:
    log = Log()
    log.turn("none at all", confidence=0.3, asked="error_message", asks="steps_tried")
    log.turn("hmm, this and that", confidence=0.3, asked="steps_tried", asks="steps_tried", tries=1)
    found = reasons(log)
    assert "none at all" not in found
    assert "unsure" in found["hmm, this and that"]


def test_what_nobody_had_asked_for_is_judged_by_itself() -> None:
    log = Log()
    log.turn("the cat sat on it", intent="inform", alone="out_of_scope", confidence=0.6)
    log.turn("a device of sorts", intent="inform", alone="faq", confidence=0.3)
    assert reasons(log) == {"the cat sat on it": ["out_of_scope"], "a device of sorts": ["unsure"]}


def test_the_same_asked_again_but_not_after_a_question_aside() -> None:
    log = Log()
    log.turn("dunno lol the blue one", asked="device", asks="device", tries=1)
    log.turn("why do you ask", intent="why_ask", asked="device", asks="device")
    log.turn("what are your opening hours", intent="faq", asked="device", asks="device")
    log.turn("since Monday by the way", asked="device", asks="device", found=["started"])
    assert reasons(log) == {"dunno lol the blue one": ["asked_again"]}


def test_a_correction_blames_the_message_before_it() -> None:
    log = Log()
    log.turn("my S22 is dead", intent="report_problem", found=["device"])
    log.turn("hello?", intent="greet")
    log.turn("no, an S23", found=["device"], corrects=["device"])
    assert reasons(log) == {"my S22 is dead": ["corrected"]}


def test_an_edit_in_the_case_card_blames_the_message_the_value_came_from() -> None:
    log = Log()
    log.turn("tried a restart", found=["step"], asked="steps_tried")
    log.turn("account 12345678", found=["account_number"])
    log.case(CUSTOMER, edit={"field": "steps_tried", "old": "restart", "new": "nothing"})
    assert reasons(log) == {"tried a restart": ["corrected"]}


def test_an_agent_says_that_the_bot_was_wrong() -> None:
    log = Log()
    log.turn("it is the router I think", found=["device"])
    log.case("agent-1", edit={"field": "device", "old": "", "new": "Meadow Hub 3"}, bot_wrong=True)
    assert reasons(log) == {"it is the router I think": ["corrected_by_agent"]}


def test_an_agent_blames_the_message_that_the_value_came_from() -> None:
    log = Log()
    wrong = log.turn("my uncle's Pixel 7 works, mine does not", found=["device"])
    log.turn("it is a phone", asked="device", found=["device"])
    edit = {"field": "device", "old": "Pixel 7", "new": "Pixel 8"}
    log.case("agent-1", edit=edit, bot_wrong=True, events=[wrong.id])
    assert reasons(log) == {"my uncle's Pixel 7 works, mine does not": ["corrected_by_agent"]}


def test_left_in_the_middle_of_a_case() -> None:
    log = Log()
    log.turn("no signal here", intent="report_problem", asks="device")
    log.case()
    assert reasons(log, minutes=5) == {}
    assert reasons(log, minutes=45) == {"no signal here": ["abandoned"]}
    log.case(status="filed")
    assert reasons(log, minutes=45) == {}


def test_a_turn_that_failed() -> None:
    log = Log()
    said = log.add(message(CUSTOMER, "boom"))
    log.add(turn_event(said.id))
    log.add(message(CUSTOMER, "not answered yet"))
    assert reasons(log) == {"boom": ["failed"]}


def test_clicks_are_nobodys_words() -> None:
    log = Log()
    said = log.add(Event("message", {"from": CUSTOMER, "text": "Yes"}, {"payload": "/affirm"}))
    log.add(turn_event(said.id, {"model": "m"}))
    assert reasons(log) == {}


def test_the_conversation_is_shown_with_personal_data_hidden() -> None:
    log = Log()
    log.turn(
        "my name is Jo Miller, write to jo.miller@post.example", intent="inform", confidence=0.2
    )
    [one] = misread("c1", log.events, log.end)
    assert one.text == "my name is [name], write to ••@post.example"
    assert [(it.who, it.here) for it in one.lines] == [("customer", True), ("bot", False)]
    assert "Miller" not in str(one.lines)
    assert one.id == f"c1/{log.events[1].id}"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("account 8847201193 please", "account ••1193 please"),
        ("ring me on 07700 900871", "ring me on ••0871"),
        ("I live at SW1A 1AA", "I live at [post code]"),
        ("I'm Jo Miller and my iPhone 14 is dead", "I'm [name] and my iPhone 14 is dead"),
        ("I'm really annoyed, 20 minutes!", "I'm really annoyed, 20 minutes!"),
        ("my name is jo.", "my name is [name]."),
        ("this is a Galaxy S22", "this is a Galaxy S22"),
    ],
)
def test_masked(said: str, shown: str) -> None:
    assert masked(said) == shown


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("account 88472011", "account 12345678"),
        ("acct 8847 2011 93", "acct 1234567890"),
        ("ring me on 07911 123456", "ring me on 07700 900123"),
        ("jo@post.example, NG1 5DT", "name@mail.example, M1 1AA"),
        ("IMEI 356938035643809", "IMEI 000000000000000"),
        ("my iPhone 14 on iOS 17.2 since 12 May", "my iPhone 14 on iOS 17.2 since 12 May"),
    ],
)
def test_anonymous(said: str, kept: str) -> None:
    assert anonymous(said) == kept
