"""What customers write, in mails and files for spreadsheets: it is read as text and nothing else."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from bot.case.fields import FIELD_NAMES
from bot.case.model import Field, State, Step
from bot.edge.csv_answer import csv_answer
from bot.mail.destinations import Destination
from bot.mail.headers import HeaderRefused
from bot.mail.order import ACKNOWLEDGEMENT
from bot.mail.render import acknowledgement, case_mail, reply
from bot.mail.thread import Exchange, MailNote
from tests.mail.sample import QUEUE, WORDS, document, heading
from tests.security.bad_texts import FORMULAS, HEADERS, MARKUP, UNSEEN
from tests.security.injection import Markup

HOSTILE = (
    *MARKUP,
    *FORMULAS,
    *HEADERS,
    f"a{UNSEEN}b",
    "x\x00\x1b[2J",
    "\u2028\u2029\x85",
    "0000\\",
    "12345\\g<0>",
)
STEPS = "steps_tried"


def mails(value: str) -> list[EmailMessage]:
    """The mails about a case that says `value` everywhere, as the other end reads them."""
    said = Field(value, State.STATED, verbatim=value, invalid=value)
    fields = {name: said for name in FIELD_NAMES if name != STEPS}
    fields[STEPS] = Field([Step("other", value, value)])
    case = document(
        fields=fields, transcript=(value, value), problem_title=value, priority_reasons=(value,),
        subject=f"[FL-7K3M2Q] {value}", incident=value,
    )  # fmt: skip
    first = heading(kind=ACKNOWLEDGEMENT)
    written = (
        case_mail(case, [], WORDS, heading(), Destination(address=QUEUE)),
        acknowledgement(case, WORDS, replace(first, to="jo@customer.example")),
    )
    return [message_from_bytes(it.as_bytes(), policy=default) for it in written]


def html_of(mail: EmailMessage) -> Markup:
    part = mail.get_body(("html",))
    assert part is not None
    return Markup(part.get_content())


@pytest.mark.parametrize("value", HOSTILE)
def test_mails_say_it_and_do_nothing(value: str) -> None:
    for plain, hostile in zip(mails("two\nlines"), mails(value), strict=True):
        assert hostile.keys() == plain.keys()
        for name in ("From", "To", "Reply-To", "Message-ID"):
            assert hostile[name] == plain[name]
        parts = [part.get_content_type() for part in hostile.walk()]
        assert parts == [part.get_content_type() for part in plain.walk()]
        before, after = html_of(plain), html_of(hostile)
        assert after.tags <= before.tags
        assert after.attributes <= before.attributes
        assert after.addresses <= before.addresses
        assert not any(it in str(hostile["Subject"]) for it in "\r\n\x00\u202e\u2028")
        assert all(len(line) <= 998 for line in hostile.as_bytes().splitlines())


@pytest.mark.parametrize("value", HEADERS)
def test_answers_repeat_nothing_of_a_mail_that_breaks_their_lines(value: str) -> None:
    """A reply carries the subject and the Message-IDs of the mail that it answers."""
    unbroken = "".join(value.split())
    answered = MailNote(
        f"<{unbroken}>", "jo@customer.example", references=(f"<{unbroken}@x>",), subject=value
    )
    built = reply(Exchange((value,), answered), None, WORDS, heading())
    read = message_from_bytes(built.as_bytes(), policy=default)
    assert "Bcc" not in read
    assert read.keys() == built.keys()
    assert read["From"] == built["From"]


@pytest.mark.parametrize("value", [*MARKUP, *HEADERS, ",x@y.example", "\u202e", " "])
def test_nobody_else_gets_a_mail(value: str) -> None:
    for to in (f"jo@customer.example{value}", f"{value}jo@customer.example", value):
        with pytest.raises(HeaderRefused):
            acknowledgement(document(), WORDS, replace(heading(), to=to))


@pytest.mark.parametrize("value", [*HOSTILE, *(f"{mark}1" for mark in "=+-@\t\r＝＋－＠")])
def test_no_cell_is_a_formula_and_no_row_is_added(value: str) -> None:
    answer = csv_answer("x.csv", ("a", "b"), [(value, 1), ("plain", 2)])
    text = (answer.body or b"").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [row[1] for row in rows] == ["b", "1", "2"]
    assert rows[1][0].lstrip()[:1] not in tuple("=+-@＝＋－＠")
    assert rows[1][0][:1] not in ("\t", "\r")
