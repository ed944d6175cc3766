"""The published schema accepts the documents that are made, and refuses what is none.

It stands here because the validator comes with Rasa.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.case.document import build_document, encode_document
from bot.case.filing import filed
from bot.case.model import Case, Field, State, Step
from bot.case.schema import PUBLISHED
from bot.content import Content
from tests.engine.talk import AT, NUMBER, whole_case

VALIDATOR = Draft202012Validator(json.loads(PUBLISHED.read_text(encoding="utf-8")))
CASES = {
    "whole": whole_case(),
    "empty": Case(),
    "with steps": whole_case().with_field(
        "steps_tried", Field([Step("restart", "restarted it", "no change")], State.STATED)
    ),
    "refused": Case(fields={"account_number": Field(state=State.REFUSED, verbatim="no")}),
}


def document(case: Case, content: Content) -> dict[str, Any]:
    built = build_document(filed(case, NUMBER, AT), content, ["08:16 customer: hi"])
    plain: dict[str, Any] = json.loads(encode_document(built))
    return plain


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(VALIDATOR.schema)


@pytest.mark.parametrize("name", sorted(CASES))
def test_every_document_fits(name: str, content: Content) -> None:
    assert list(VALIDATOR.iter_errors(document(CASES[name], content))) == []


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "firstline.case/2"},
        {"revision": "1"},
        {"category": "gossip"},
        {"missing": [{"field": "device", "why": "lost"}]},
        {"fields": {"device": {"state": "guessed"}}},
    ],
)
def test_what_is_no_case_does_not(change: dict[str, Any], content: Content) -> None:
    assert list(VALIDATOR.iter_errors(document(whole_case(), content) | change))
