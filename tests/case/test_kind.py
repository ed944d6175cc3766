from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.case.heard import Heard
from bot.case.kind import chosen_kind, kinds_in_doubt, of_kind, weighed
from bot.case.model import Case
from bot.content import Content, load_content
from bot.settings import ROOT


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content(ROOT / "data")


def heard(
    text: str = "it is broken",
    intent: str = "report_problem",
    kinds: Mapping[str, float] | None = None,
) -> Heard:
    told = list((kinds or {}).items())
    name, share = told[0] if told else (None, 0.0)
    return Heard(
        text, "1-0", intent, problem=name, problem_confidence=share, confidence=0.6,
        kinds=[{"name": name, "confidence": share} for name, share in told],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kinds", "asked"),
    [
        ({"order_late": 0.5, "device_fault": 0.4}, ["order_late", "device_fault"]),
        ({"order_late": 0.7, "device_fault": 0.2}, []),
        ({"no_signal": 0.4, "no_calls": 0.4}, []),
        # Together the technical kinds lead, though none of them is the likeliest.
        ({"order_late": 0.3, "no_signal": 0.35, "no_calls": 0.35}, []),
        ({"wrong_bill": 0.5, "details_wrong": 0.3}, ["wrong_bill", "details_wrong"]),
        ({"wrong_bill": 0.65, "details_wrong": 0.3}, []),
        ({"wrong_bill": 0.4, "details_wrong": 0.35}, ["wrong_bill", "details_wrong"]),
        ({"order_late": 0.3, "device_fault": 0.05}, []),
        ({}, []),
        ({"unheard_of": 1.0}, []),
    ],
)
def test_kinds_are_in_doubt_where_no_category_leads(
    content: Content, kinds: dict[str, float], asked: list[str]
) -> None:
    assert kinds_in_doubt(heard(kinds=kinds), content) == asked


def test_an_unlikely_complaint_is_asked_about(content: Content) -> None:
    said = heard(intent="complaint", kinds={"order_late": 0.9})
    assert kinds_in_doubt(said, content) == ["order_late", "poor_service"]


def test_an_error_message_tells_of_a_technical_problem(content: Content) -> None:
    kinds = [{"name": "wrong_bill", "confidence": 0.4}, {"name": "no_signal", "confidence": 0.3}]
    assert [it["name"] for it in weighed(kinds, [], content)] == ["wrong_bill", "no_signal"]
    weighed_so = weighed(kinds, [{"entity": "error_message"}], content)
    assert weighed_so[0]["name"] == "no_signal"
    assert sum(it["confidence"] for it in weighed_so) < 1.0


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("order not arrived", "order_late"),
        ("the second one", "device_fault"),
        ("I'd say it's faulty", "device_fault"),
        ("neither", None),
        ("no", None),
        ("hm, hard to say", "order_late"),
    ],
)
def test_an_answer_in_words_chooses(content: Content, text: str, kind: str | None) -> None:
    assert chosen_kind(heard(text), ["order_late", "device_fault"], content) == kind


def test_an_answer_in_a_sentence_may_say_what_was_not_offered(content: Content) -> None:
    said = heard("no, my bill is far too high", kinds={"wrong_bill": 0.9})
    assert chosen_kind(said, ["order_late", "device_fault"], content) == "wrong_bill"


def test_a_case_is_of_the_category_of_its_kind(content: Content) -> None:
    case = of_kind(Case(category="complaint", problem="poor_service"), "order_late", content)
    assert (case.problem, case.category) == ("order_late", "order")
    assert of_kind(case, None, content).category == "other"
