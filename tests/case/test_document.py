from __future__ import annotations

import json

import msgspec
import pytest

from bot.case.document import build_document, decode_document, encode_document
from bot.case.fields import FIELD_NAMES
from bot.case.filing import filed
from bot.case.model import CASE_SCHEMA, Case, Field, State, Step
from bot.case.schema import PUBLISHED, case_schema
from bot.case.view import customer_view
from bot.content import Content

AT = "2026-11-22T08:16:05Z"
LINES = ("2026-11-22 08:15:00 customer: no data",)
CASE = Case(
    problem="no_mobile_data", category="technical", articles_shown=("puk_code",), files=("f1",),
    fields={
        "description": Field("no data", State.STATED, "no data", ("1-0",), 1.0),
        "device": Field("Apple iPhone 14", State.STATED, "iphone 14", ("1-0",), 0.9),
        "account_number": Field("8847201193", State.STATED, "8847 201 193", ("1-0",), 0.99),
        "error_message": Field("No service", State.STATED, "No service", ("1-0",), 0.9, "NO_SERVICE"),
        "steps_tried": Field([Step("restart", "restarted it", "no change")], State.STATED),
        "contact_email": Field(state=State.REFUSED, verbatim="rather not", events=("3-0",)),
        "os_version": Field(state=State.UNKNOWN),
    },
)  # fmt: skip


def test_the_document_has_the_shape_of_the_contract(content: Content) -> None:
    case = filed(CASE, "FL-7K3M2Q", AT)
    document = json.loads(encode_document(build_document(case, content, LINES)))
    assert document["schema"] == CASE_SCHEMA == "firstline.case/1"
    assert set(document) == {
        "schema", "case", "revision", "received_at", "locale", "category", "problem",
        "problem_title", "priority", "priority_reasons", "subject", "fields", "missing",
        "confirmed_by_customer", "handover", "articles_shown", "files", "incident", "transcript",
    }  # fmt: skip
    assert set(document["fields"]) == set(FIELD_NAMES)
    assert document["fields"]["device"] == {
        "value": "Apple iPhone 14", "state": "stated", "verbatim": "iphone 14", "events": ["1-0"],
        "confidence": 0.9, "code": None, "invalid": None,
    }  # fmt: skip
    assert document["fields"]["steps_tried"]["value"] == [
        {"step": "restart", "verbatim": "restarted it", "result": "no change"}
    ]
    assert document["fields"]["error_message"]["code"] == "NO_SERVICE"
    assert document["fields"]["location"]["state"] == "missing"
    assert document["missing"] == [{"field": "contact_email", "why": "refused"}]
    assert document["subject"].startswith("[FL-7K3M2Q] Technical – no mobile data")
    assert document["priority"] in ("P1", "P2", "P3", "P4")
    assert document["priority_reasons"]
    assert document["confirmed_by_customer"] is True
    assert document["transcript"] == list(LINES)
    assert (document["articles_shown"], document["files"]) == (["puk_code"], ["f1"])


def test_a_document_is_read_back_as_it_was_written(content: Content) -> None:
    document = build_document(filed(CASE, "FL-7K3M2Q", AT), content, LINES)
    assert decode_document(encode_document(document)) == document
    with pytest.raises(msgspec.ValidationError):
        decode_document(encode_document(document).replace(b"case/1", b"case/9"))


def test_a_case_that_is_not_filed_has_no_document(content: Content) -> None:
    with pytest.raises(ValueError, match="number"):
        build_document(CASE, content, ())


def test_the_published_schema_is_current() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == case_schema(), (
        "run python -m bot.case.schema and say in CHANGELOG what changes for receivers"
    )


def test_the_customer_sees_the_draft_and_then_the_filed_case(content: Content) -> None:
    draft = customer_view(CASE, content)
    assert (draft["status"], draft["case"], draft["response_time"]) == ("draft", None, None)
    assert draft["fields"]["device"]["label"] == content.fields["device"].label
    assert draft["missing"] == [{"field": "contact_email", "why": "refused"}]
    view = customer_view(filed(CASE, "FL-7K3M2Q", AT), content)
    assert (view["status"], view["case"], view["revision"]) == ("filed", "FL-7K3M2Q", 1)
    assert view["response_time"] == content.response_times["technical"].text
    json.dumps(view)


def test_the_customer_sees_every_field_that_is_asked_for(content: Content) -> None:
    assert set(customer_view(Case(category="billing"), content)["fields"]) == {
        name for name, field in content.fields.items() if "billing" in field.asked_for
    }
