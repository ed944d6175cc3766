"""What the mails look like, against files that people can read, and what values can do to them.

`UPDATE_GOLDEN=1 pytest tests/mail/test_render.py` writes the files in `golden/` anew.
"""

from __future__ import annotations

import base64
import json
import os
import re
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import mailparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.case.document import decode_document
from bot.case.model import Field, State, Step
from bot.mail.attachments import Attachment
from bot.mail.destinations import Destination
from bot.mail.headers import HeaderRefused, subject
from bot.mail.order import ACKNOWLEDGEMENT, REPLY
from bot.mail.render import acknowledgement, case_mail, reply
from bot.mail.thread import Exchange, MailNote
from tests.mail.sample import CUSTOMER, FIELDS, QUEUE, WORDS, document, heading

GOLDEN = Path(__file__).parent / "golden"
PLAIN = Destination(address=QUEUE)

PICTURE = Attachment("screen shot.png", "image/png", b"\x89PNG" + bytes(12_000))
LOST = Attachment("9f" * 16, "application/octet-stream", None, "it could not be read")

HOSTILE = {
    "description": Field(
        "Line one\r\nBcc: all@customer.example\r\n\r\nMISSING\n\n  nothing\n<script>alert(1)</script> "
        "<img src=x onerror=alert(1)> {{ 7*7 }} &amp; =?utf-8?q?x?=\x00\x1b[31m\u202egnp.exe",
        State.STATED,
    ),
    "device": Field("آيفون ١٤ برو", State.STATED),
    "error_message": Field(
        "Ошибка 🙈 " + "verylongword" * 20 + " קוד שגיאה", State.STATED, code="NO_SIM"
    ),
    "account_number": Field("8847201193", State.STATED, invalid="the check digit does not fit"),
    "steps_tried": Field([Step("other", '=HYPERLINK("x")\r\nX-Evil: 1', "<b>bold</b>\nMISSING")]),
    "contact_email": Field(CUSTOMER, State.STATED),
}


def _case() -> EmailMessage:
    return case_mail(document(), [], WORDS, heading(), PLAIN)


def _changed() -> EmailMessage:
    case = document(
        revision=2, files=("a", "b"), confirmed_by_customer=False, incident="mast_leeds"
    )
    destination = Destination(address=QUEUE, reply_to="support", auto_submitted=True,
                              headers={"X-Zammad-Customer-Group": "mobile"})  # fmt: skip
    return case_mail(case, [PICTURE, LOST], WORDS, heading(revision=2), destination)


def _hostile() -> EmailMessage:
    case = document(fields=HOSTILE, transcript=("08:14 Customer: </td></table>\r\nMISSING", "x"))
    return case_mail(case, [], WORDS, heading(), PLAIN)


def _empty() -> EmailMessage:
    case = document(fields={}, category="other", problem=None, problem_title="Other request",
                    subject="[FL-7K3M2Q] Other – Other request", missing=[], transcript=(),
                    handover=None, articles_shown=(), priority_reasons=())  # fmt: skip
    return case_mail(case, [], WORDS, heading(), PLAIN)


def _thanks() -> EmailMessage:
    return acknowledgement(document(), WORDS, heading(ACKNOWLEDGEMENT, CUSTOMER))


def _thanks_again() -> EmailMessage:
    changed = {**FIELDS, "description": Field("My number is 8847-201-193 and 8847201193.")}
    case = document(revision=2, missing=[], fields=changed)
    return acknowledgement(case, WORDS, heading(ACKNOWLEDGEMENT, CUSTOMER, 2))


ASKED = MailNote(
    "<one@customer.example>", CUSTOMER, "No internet on my phone",
    ("<fl-7k3m2q.1.000000000000@meadow.example>",),
)  # fmt: skip
QUESTIONS = (
    "Thank you for your e-mail. I'm Fern, the virtual assistant of Meadow Mobile. I have passed it on to "
    "our team as case FL-7K3M2Q: no mobile data. You can expect an answer within one working day.\n\n"
    "So that our team need not ask you first, please reply to this e-mail with:\n1. Device (for "
    "example: iPhone 14 or Galaxy S23)\n2. Account number (for example: 1234567890)\n\nIf you don't "
    "know something, just say so."
)


def _answer() -> EmailMessage:
    return reply(Exchange((QUESTIONS,), ASKED), document(), WORDS, heading(REPLY, CUSTOMER))


def _answer_of_an_agent() -> EmailMessage:
    said = Exchange(("Good morning!\n\nThe mast is mended. Does it work?",), ASKED, automatic=False)
    return reply(said, None, WORDS, heading(REPLY, CUSTOMER))


def _answer_to_hostile_words() -> EmailMessage:
    hostile = MailNote("<a b\r\nBcc: x@y>", CUSTOMER, "Re: AW: " + "sehr langer Betreff 🙈 " * 9)
    said = Exchange((str(HOSTILE["description"].value), "A" * 300), hostile)
    return reply(said, document(fields=HOSTILE), WORDS, heading(REPLY, CUSTOMER))


MAILS = {
    "case": _case, "case-changed": _changed, "case-hostile": _hostile, "case-empty": _empty,
    "acknowledgement": _thanks, "acknowledgement-changed": _thanks_again,
    "reply": _answer, "reply-agent": _answer_of_an_agent, "reply-hostile": _answer_to_hostile_words,
}  # fmt: skip


@pytest.mark.parametrize("name", MAILS)
def test_it_looks_as_before(name: str) -> None:
    mail = _received(MAILS[name]())
    _compare(f"{name}.headers", "".join(f"{key}: {value}\n" for key, value in mail.items()))
    _compare(f"{name}.txt", _body(mail, "plain"))
    _compare(f"{name}.html", _body(mail, "html"))


@pytest.mark.parametrize("name", MAILS)
def test_the_same_mail_is_the_same_bytes(name: str) -> None:
    sent = MAILS[name]().as_bytes()
    assert sent == MAILS[name]().as_bytes()
    assert sent.isascii()
    assert max(len(line) for line in sent.split(b"\r\n")) <= 998  # RFC 5322 section 2.1.1
    assert b"\n" not in sent.replace(b"\r\n", b"")


@pytest.mark.parametrize("name", MAILS)
def test_no_remote_content_and_no_script(name: str) -> None:
    page = Page()
    page.feed(_body(_received(MAILS[name]()), "html"))
    assert page.tags <= {"html", "head", "meta", "title", "style", "body", "table", "tr", "td", "div",
                         "b", "br", "bdi"}  # fmt: skip
    assert page.attributes <= {"lang", "charset", "name", "content", "class", "style", "role", "width",
                               "cellpadding", "cellspacing", "border", "bgcolor", "align", "valign",
                               "colspan", "dir"}  # fmt: skip
    assert not any(word in page.styles for word in ("url(", "@import", "expression"))


def test_case_json_is_the_document() -> None:
    attached = list(_received(_case()).iter_attachments())
    assert [part.get_filename() for part in attached] == ["case.json"]
    assert attached[0].get_content_type() == "application/json"
    data = attached[0].get_payload(decode=True)
    assert isinstance(data, bytes)
    assert decode_document(data) == document()
    assert json.loads(data)["schema"] == "firstline.case/1"


def test_files_are_attached_and_missing_ones_are_told_of() -> None:
    mail = _received(_changed())
    attached = list(mail.iter_attachments())
    assert [part.get_filename() for part in attached] == ["case.json", "screen shot.png"]
    assert attached[1].get_payload(decode=True) == PICTURE.data
    assert "NOT ATTACHED: it could not be read" in _body(mail, "plain")


def test_later_revisions_answer_the_first_mail() -> None:
    first, later = _received(_case()), _received(_changed())
    assert first["In-Reply-To"] is None
    assert later["In-Reply-To"] == later["References"] == first["Message-ID"]
    assert later["Message-ID"] != first["Message-ID"]
    assert first["Message-ID"].endswith("@meadow.example>")


def test_replies_go_where_the_destination_says() -> None:
    assert _received(_case())["Reply-To"] == CUSTOMER
    assert "support@meadow.example" in _received(_changed())["Reply-To"]
    assert _received(_case())["Auto-Submitted"] is None
    assert _received(_changed())["Auto-Submitted"] == "auto-generated"
    assert "support@meadow.example" in _received(_empty())["Reply-To"]


def test_the_acknowledgement_is_an_automatic_answer_without_the_account_number() -> None:
    for mail in (_received(_thanks()), _received(_thanks_again())):
        assert mail["Auto-Submitted"] == "auto-replied"
        assert mail["X-Auto-Response-Suppress"] == "All"
        for part in ("plain", "html"):
            body = _body(mail, part)
            assert "FL-7K3M2Q" in body
            assert "within one working day" in body
            assert "••1193" in body
            assert "8847" not in body
        assert not list(mail.iter_attachments())


def test_a_reply_belongs_to_the_mail_that_it_answers() -> None:
    mail = _received(_answer())
    assert mail["Subject"] == "Re: No internet on my phone [FL-7K3M2Q]"
    assert mail["In-Reply-To"] == ASKED.id
    assert mail["References"] == f"{ASKED.references[0]} {ASKED.id}"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert _received(_answer_of_an_agent())["Auto-Submitted"] is None
    hostile = _received(_answer_to_hostile_words())
    assert hostile["In-Reply-To"] is None
    assert str(hostile["Subject"]).endswith("… [FL-7K3M2Q]")
    assert len(str(hostile["Subject"])) <= 78


@pytest.mark.parametrize("name", MAILS)
def test_a_parser_that_is_not_ours_reads_the_same(name: str) -> None:
    """mail-parser, which takes MIME apart by code of its own where Python's is lenient."""
    sent = MAILS[name]()
    ours, theirs = _received(sent), mailparser.parse_from_bytes(sent.as_bytes())
    assert theirs.defects == []
    assert theirs.subject == ours["Subject"]
    assert theirs.message_id == ours["Message-ID"]
    assert [address for _, address in theirs.to] == [ours["To"].addresses[0].addr_spec]
    assert theirs.headers.get("X-Firstline-Case") == ours["X-Firstline-Case"]
    assert _lines("".join(theirs.text_plain)) == _lines(_body(ours, "plain"))
    assert _lines("".join(theirs.text_html)) == _lines(_body(ours, "html"))
    files = {part.get_filename(): part.get_payload(decode=True) for part in ours.iter_attachments()}
    assert {it["filename"]: _content(it) for it in theirs.attachments} == files


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").strip().split("\n")


def _content(attachment: dict[str, Any]) -> bytes:
    payload = str(attachment["payload"])
    if attachment["binary"]:
        return base64.b64decode(payload)
    return payload.encode()


def test_nobody_writes_to_a_list() -> None:
    for to in (
        "a@x.example, b@x.example",
        "a@x.example\r\nBcc: b@x.example",
        "A <a@x.example>",
        "",
        "a b@x",
    ):
        with pytest.raises(HeaderRefused):
            acknowledgement(document(), WORDS, replace(heading(), to=to))


class Page(HTMLParser):
    """The tags, attributes and styles of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.styles = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.styles += "".join(value or "" for name, value in attrs if name == "style")

    def handle_data(self, data: str) -> None:
        self.styles += data if self.lasttag == "style" else ""


TEXT = st.text(max_size=300)


@settings(deadline=None)
@given(TEXT)
def test_any_subject_is_one_line_of_78_characters_that_every_decoder_reads_alike(
    value: str,
) -> None:
    mail = case_mail(document(subject=f"[FL-7K3M2Q] {value}"), [], WORDS, heading(), PLAIN)
    received = _received(mail)
    shown = str(received["Subject"])
    assert shown.startswith("[FL-7K3M2Q]")
    assert len(shown) <= 78
    assert shown == subject(shown)
    raw = message_from_bytes(mail.as_bytes())["Subject"]
    assert "".join(str(make_header(decode_header(raw))).splitlines()) == shown


@settings(deadline=None)
@given(TEXT, TEXT, TEXT, TEXT)
def test_no_value_adds_a_header_or_leaves_its_place(a: str, b: str, c: str, d: str) -> None:
    fields = {
        "description": Field(a, State.STATED, verbatim=b),
        "device": Field(c, State.INFERRED, verbatim=d, confidence=0.5),
        "steps_tried": Field([Step(a, b, c)]),
        "contact_email": Field(d, State.STATED),
        "account_number": Field(b, State.STATED, invalid=a),
    }
    case = document(fields=fields, transcript=(a, b), priority_reasons=(c,))
    file = Attachment(a, "text/plain", b"x", "")
    mail = case_mail(case, [file], WORDS, heading(), PLAIN)
    received = _received(mail)
    assert set(received.keys()) == set(_received(_case()).keys())
    assert [part.get_content_type() for part in received.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/json",
        "text/plain",
    ]  # fmt: skip
    assert _body(received, "html").count("<table") == _body(mail, "html").count("<table")
    assert re.findall(r"^[A-Z][A-Z ]*$", _body(received, "plain"), re.MULTILINE) == SECTIONS


SECTIONS = ["WHAT THE CUSTOMER SAID", "ALREADY TRIED", "MISSING", "FILES", "SHOWN TO THE CUSTOMER",
            "CONVERSATION"]  # fmt: skip


def _received(mail: EmailMessage) -> EmailMessage:
    """The mail as the other end reads it."""
    return message_from_bytes(mail.as_bytes(), policy=default)


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def _compare(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"{name} differs; see the top of this module"
