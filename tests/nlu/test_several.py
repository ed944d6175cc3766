"""A message that wants more than one thing is read in parts."""

from __future__ import annotations

from typing import Any

import pytest

from bot.nlu.several import ALSO, SECOND, read_apart

PARTS = {
    "just get me a human please": ("ask_human", "", 0.9),
    "no data on my phone": ("report_problem", "no_mobile_data", 0.9),
    "how do I check coverage": ("faq", "", 0.9),
    "how do I check coverage?": ("faq", "", 0.9),
    "my bill is too high.": ("report_problem", "wrong_bill", 0.9),
    "my bill is too high": ("report_problem", "wrong_bill", 0.9),
    "I've got no signal at home": ("report_problem", "no_signal", 0.9),
}


def understand(text: str) -> dict[str, Any]:
    name, problem, confidence = PARTS.get(text, ("inform", "", 0.9))
    return {
        "text": text, "intent": {"name": name, "confidence": confidence}, "entities": [],
        "problem": {"name": problem, "confidence": confidence}, "articles": [{"name": text, "confidence": confidence}],
    }  # fmt: skip


def whole(text: str, intent: str) -> dict[str, Any]:
    return understand(text) | {"intent": {"name": intent, "confidence": 0.6}}


def read(text: str, intent: str, asking: str | None = None, begun: bool = False) -> dict[str, Any]:
    return read_apart(whole(text, intent), understand, asking, begun)


def test_a_wish_for_a_person_beside_a_report_keeps_the_report() -> None:
    found = read("no data on my phone, just get me a human please", "report_problem")
    assert (found["intent"]["name"], found[ALSO]) == ("ask_human", "report_problem")


def test_a_report_beside_a_wish_for_a_person_is_taken() -> None:
    found = read("no data on my phone, just get me a human please", "ask_human")
    assert (found["intent"]["name"], found[ALSO]) == ("ask_human", "report_problem")
    assert found["problem"]["name"] == "no_mobile_data"


def test_a_question_is_seen_in_the_middle_of_a_case_only() -> None:
    text = "how do I check coverage? It is a Galaxy"
    assert read(text, "inform", "device", begun=True)["intent"]["name"] == "faq"
    assert read(text, "inform") == whole(text, "inform")


def test_two_reports_are_told_apart() -> None:
    found = read("my bill is too high and also I've got no signal at home", "report_problem")
    assert found["problem"]["name"] == "wrong_bill"
    assert found[SECOND]["problem"]["name"] == "no_signal"


def test_one_matter_stays_one() -> None:
    text = "no data on my phone and also no data on my phone"
    assert SECOND not in read(text, "report_problem")


def test_a_long_message_costs_one_reading() -> None:
    text = "no data on my phone, just get me a human please. " + "x " * 300
    assert ALSO not in read(text, "report_problem")


def test_a_story_does_not_hide_the_trouble() -> None:
    told = "We had a lovely summer. my bill is too high"
    vague = whole(told, "report_problem") | {"problem": {"name": "no_signal", "confidence": 0.4}}
    assert read_apart(vague, understand, None, False)["problem"]["name"] == "wrong_bill"


def test_parts_that_disagree_leave_the_problem_open() -> None:
    told = "no data on my phone. my bill is too high"
    vague = whole(told, "report_problem") | {"problem": {"name": "order_late", "confidence": 0.4}}
    assert read_apart(vague, understand, None, False)["problem"]["name"] == "order_late"


def test_a_question_beside_a_first_report_is_answered_too() -> None:
    text = "how do I check coverage?\nno data on my phone"
    found = read(text, "report_problem")
    assert (found["intent"]["name"], found[ALSO]) == ("faq", "report_problem")


def test_a_report_beside_a_question_is_taken_too() -> None:
    found = read("how do I check coverage? my bill is too high.", "faq")
    assert (found["intent"]["name"], found[ALSO]) == ("faq", "report_problem")
    assert found["problem"]["name"] == "wrong_bill"


def test_a_courteous_letter_is_no_complaint() -> None:
    found = read("Dear sirs.\nmy bill is too high\nYours faithfully", "complaint")
    assert found["intent"]["name"] == "report_problem"
    assert found["problem"]["name"] == "wrong_bill"


@pytest.mark.parametrize("joint", [". ", ", and "])
def test_facts_beside_a_question_are_taken_in_the_middle_of_a_case(joint: str) -> None:
    text = f"my Galaxy{joint}how do I check coverage?"
    asked = whole(text, "faq") | {"entities": [{"entity": "device", "start": 3, "end": 9}]}
    found = read_apart(asked, understand, "device", True)
    assert (found["intent"]["name"], found[ALSO]) == ("faq", "inform")
    assert found["articles"][0]["name"] == "how do I check coverage?"
