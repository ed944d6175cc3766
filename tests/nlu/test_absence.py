"""An answer that says that there is none is told from one that has a no in it."""

from __future__ import annotations

import pytest

from bot.nlu.absence import has_only_begun, says_none

ERROR, STEPS = "error_message", "steps_tried"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (ERROR, "it does not show something"),
        (ERROR, "I see none, and hurry up will you"),
        (ERROR, "I don't get one"),
        (ERROR, "nope no error thanks"),
        (ERROR, "without any message"),
        (ERROR, "no message, just the spinner"),
        (ERROR, "it doesnt come up with anything"),
        (ERROR, "it isn't giving me an error code"),
        (ERROR, "no dear it says nothing thanks"),
        (ERROR, "none, it's just slow"),
        (ERROR, "bloody hell... none whatsoever"),
        (ERROR, "no it didn't"),
        (ERROR, "nah, silence"),
        (STEPS, "haven’t tried anything yet"),
        (STEPS, "I havent done a thing"),
        (STEPS, "I have not been able to try anything"),
        (STEPS, "not a thing"),
    ],
)
def test_there_is_none(field: str, text: str) -> None:
    assert says_none(field, text)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (ERROR, "No service"),
        (ERROR, "not registered on network"),
        (ERROR, "it says no service"),
        (ERROR, "nothing works since the update, error 5"),
        (ERROR, "could not load page"),
        (ERROR, "Error 5, nothing else"),
        (ERROR, "no, SOS"),
        (ERROR, "can't send message"),
        (ERROR, "does not have permission"),
        (STEPS, "restarted it, no change"),
        (STEPS, "nothing helped: restart, new sim"),
        (STEPS, "not much: I only restarted it"),
        ("device", "I don't have one"),
    ],
)
def test_a_no_is_not_none(field: str, text: str) -> None:
    assert not says_none(field, text)


@pytest.mark.parametrize(("text", "begun"), [("it's", True), ("ok so", True), ("S23", False), ("no", False)])  # fmt: skip
def test_an_answer_may_have_only_begun(text: str, begun: bool) -> None:
    assert has_only_begun(text) is begun
