"""Which trigger leads to a person, from the operator's own file."""

from __future__ import annotations

import pytest

from bot.case.model import Case
from bot.content import Content, load_content
from bot.handoff.triggers import counted, due
from bot.settings import ROOT


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content(ROOT / "data")


def met(content: Content, case: Case, *messages: tuple[str, str]) -> list[str | None]:
    """The trigger that is due after each message, given as intent and text."""
    names: list[str | None] = []
    before: dict[str, int] = {}
    for intent, text in messages:
        after = counted(before, case, intent, text, content)
        trigger = due(before, after, content)
        names.append(trigger.name if trigger else None)
        before = after
    return names


def test_a_usual_problem_meets_no_rule(content: Content) -> None:
    case = Case(problem="no_mobile_data", category="technical")
    assert met(content, case, ("report_problem", "no data since friday")) == [None]


def test_fraud_meets_its_rule_once(content: Content) -> None:
    case = Case(problem="account_security", category="account")
    messages = [("report_problem", "somebody swapped my sim"), ("inform", "12345678")]
    assert met(content, case, *messages) == ["fraud", None]


@pytest.mark.parametrize("text", ["My mum is on OXYGEN at home", "I can’t call 999 from here"])
def test_words_that_tell_of_dependence_are_heard(content: Content, text: str) -> None:
    assert met(content, Case(), ("report_problem", text)) == ["vulnerable"]


def test_two_upset_messages_it_takes(content: Content) -> None:
    upset = ("frustration", "this is useless")
    assert met(content, Case(), upset, ("inform", "Pixel 8"), upset, upset) == [
        None, None, "upset", None,
    ]  # fmt: skip
