"""Bare answers to direct questions."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.nlu.answers import completed, read_answer


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("account_number", "its 8847 201 193 I think", "8847201193"),
        ("account_number", "MM-884720", "MM884720"),
        ("account_number", "double eight four seven two oh", "884720"),
        ("device", "it's a doogee s98", "doogee s98"),
        ("error_message", 'it says "Computer says no"', "Computer says no"),
        ("steps_tried", "nothing yet", []),
        ("steps_tried", "I haven't tried anything", []),
        ("started", "two weeks", "2026-11-06"),
        ("started", "when i moved", "when i moved"),
        ("location", "Little Hampton", "Little Hampton"),
        ("contact_email", "jo@mail.example thanks", "jo@mail.example"),
        ("contact_phone", "07700 900 123", "07700900123"),
        ("preferred_reply", "phone", "phone"),
        ("previous_contact", "no", "none"),
        ("os_version", "17.4", "17.4"),
    ],
)
def test_a_bare_answer_is_read(field: str, text: str, value: Any) -> None:
    answer = read_answer(field, text, [], date(2026, 11, 20))
    assert answer is not None
    assert answer["value"] == value
    assert answer["verbatim"]


@pytest.mark.parametrize(
    "text", ["none", "no error message at all", "it doesn't say anything", "there is none"]
)
def test_no_error_is_an_answer(text: str) -> None:
    answer = read_answer("error_message", text, [])
    assert answer is not None
    assert (answer["value"], answer["state"]) == (None, "unknown")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("account_number", "it's on the bill"),
        ("device", "no"),
        ("error_message", "yes"),
        ("contact_email", "ask me later"),
    ],
)
def test_what_answers_nothing_is_none(field: str, text: str) -> None:
    assert read_answer(field, text, []) is None


def test_free_words_become_steps() -> None:
    answer = read_answer("steps_tried", "licked the battery, then prayed", [])
    assert answer is not None
    assert [step["verbatim"] for step in answer["value"]] == ["licked the battery", "prayed"]


def test_an_address_that_cannot_be_one_is_kept_and_flagged() -> None:
    answer = read_answer("contact_email", "jo@mail", [])
    assert answer is not None
    assert answer["value"] == "jo@mail"
    assert "e-mail" in answer["invalid"]


def test_an_entity_goes_before_the_text() -> None:
    entity = {
        "entity": "device",
        "value": "Samsung Galaxy S23",
        "verbatim": "s23",
        "confidence": 0.95,
    }
    answer = read_answer("device", "s23", [entity])
    assert answer is not None
    assert answer["value"] == "Samsung Galaxy S23"


@pytest.mark.parametrize(
    ("number", "part", "whole"),
    [
        ("8847201193", {"value": "39", "replaces": "93"}, "8847201139"),
        ("8847201193", {"value": "77"}, "8847201177"),
        ("8847201193", {"value": "39", "replaces": "55"}, None),
    ],
)
def test_a_part_completes_a_number(number: str, part: dict[str, str], whole: str | None) -> None:
    assert completed(number, part) == whole
