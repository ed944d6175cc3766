"""The whole of it among real mail servers: Postfix delivers, Dovecot keeps, customers write mail."""

from __future__ import annotations

import io
import json
import re
import smtplib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import TypeVar

import pytest
from PIL import Image

from tests.mail.inbound.mails import CUSTOMER, STRANGER, SUPPORT, mail
from tests.support.mail_servers import MailServers, missing, running_mail_servers
from tests.support.stack import Stack

LACKING = missing("postfix", "dovecot")
pytestmark = [pytest.mark.stack, pytest.mark.skipif(bool(LACKING), reason=LACKING)]

QUEUE = "cases@meadow.example"
GONE = "gone@customer.example"
PATIENCE = 60.0
ROUND = 0.1

T = TypeVar("T")


@dataclass(frozen=True)
class Post:
    """A stack that reads and writes mail, and the servers it does so with."""

    servers: MailServers
    stack: Stack

    def send(self, message: EmailMessage, sender: str = CUSTOMER) -> None:
        """Hands a customer's mail to Postfix."""
        with smtplib.SMTP("127.0.0.1", self.servers.smtp) as server:
            to = message["To"].addresses[0].addr_spec
            server.sendmail(sender, [to], message.as_bytes(policy=policy.SMTP))

    def delivered(self, name: str, wanted: Callable[[EmailMessage], bool]) -> EmailMessage:
        """The first mail in the mailbox of `name` that is wanted."""

        def look() -> EmailMessage | None:
            read = (_parsed(raw) for raw in self.servers.mailbox(name))
            return next((one for one in read if wanted(one)), None)

        return _until(look)

    def count(self, name: str) -> int:
        return len(self.servers.mailbox(name))


@pytest.fixture(scope="module")
def post(start_stack: Callable[..., Stack]) -> Iterator[Post]:
    with running_mail_servers() as servers:
        stack = start_stack(
            FIRSTLINE_SMTP_URL=f"smtp://127.0.0.1:{servers.smtp}",
            FIRSTLINE_IMAP_URL=servers.imap_url("support"),
        )
        yield Post(servers, stack)
        stack.stop()


def _parsed(raw: bytes) -> EmailMessage:
    message = BytesParser(policy=policy.default).parsebytes(raw)
    assert isinstance(message, EmailMessage)
    return message


def _until(look: Callable[[], T | None]) -> T:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = look()
        if found is not None:
            return found
        time.sleep(ROUND)
    raise AssertionError("it has not come")


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def _case(message: EmailMessage) -> dict[str, object]:
    (part,) = [p for p in message.iter_attachments() if p.get_filename() == "case.json"]
    return dict(json.loads(part.get_content()))


def _about(subject: str) -> Callable[[EmailMessage], bool]:
    return lambda message: subject in str(message["Subject"])


def test_a_mail_becomes_a_case_and_its_answer_completes_it(post: Post) -> None:
    first = mail("my iPhone 14 has had no mobile data since Friday. Please help.", id="<m1@c.example>",
                 subject="No internet on my phone")  # fmt: skip
    post.send(first)
    answer = post.delivered("jo", _about("No internet on my phone"))
    number = re.search(r"FL-[0-9A-Z]{6}", _text(answer))
    assert number
    assert answer["In-Reply-To"] == "<m1@c.example>"
    assert answer["Auto-Submitted"] == "auto-replied"
    assert answer["Reply-To"].addresses[0].addr_spec.startswith("support+")
    asked = re.findall(r"^(\d)\. ([^(]+?) \(", _text(answer), re.MULTILINE)
    assert [label for _, label in asked] == ["Error message", "Already tried", "Account number"]
    case_mail = post.delivered("cases", _about(number[0]))
    assert _case(case_mail)["revision"] == 1

    reply = mail("1. Could not activate cellular data network\n2. restarted it, no change\n"
                 "3. 8847201193", to=str(answer["Reply-To"].addresses[0].addr_spec),
                 subject=f"Re: {answer['Subject']}", id="<m2@c.example>",
                 In_Reply_To=str(answer["Message-ID"]))  # fmt: skip
    post.send(reply)
    thanks = post.delivered("jo", lambda message: message["In-Reply-To"] == "<m2@c.example>")
    assert "everything we need" in _text(thanks)
    second = post.delivered(
        "cases", lambda m: number[0] in str(m["Subject"]) and m["X-Firstline-Revision"] == "2"
    )
    assert second["In-Reply-To"] == case_mail["Message-ID"]
    assert second["References"] == case_mail["Message-ID"]
    document = _case(second)
    assert document["missing"] == []
    fields = document["fields"]
    assert isinstance(fields, dict)
    assert fields["account_number"]["value"] == "8847201193"
    assert fields["error_message"]["code"]
    assert fields["device"]["value"] == "Apple iPhone 14"


def test_files_of_a_mail_reach_the_queue(post: Post) -> None:
    out = io.BytesIO()
    Image.effect_noise((60, 60), 60).save(out, "PNG")
    sent = mail(
        "My bill is wrong, see the picture.", id="<m7@c.example>", subject="Bill and picture"
    )
    sent.add_attachment(out.getvalue(), maintype="image", subtype="png", filename="bill.png")
    sent.add_attachment(b"PK\x03\x04" + bytes(999), maintype="application", subtype="zip",
                        filename="all.zip")  # fmt: skip
    post.send(sent)
    answer = post.delivered("jo", _about("Bill and picture"))
    assert "I could not take the file all.zip." in _text(answer)
    number = re.search(r"FL-[0-9A-Z]{6}", _text(answer))
    assert number
    case_mail = post.delivered("cases", _about(number[0]))
    assert [part.get_filename() for part in case_mail.iter_attachments()] == [
        "case.json", "bill.png",
    ]  # fmt: skip


def test_a_stranger_who_has_the_reply_address_is_not_let_in(post: Post) -> None:
    post.send(mail("My bill is wrong.", id="<m3@c.example>", subject="Wrong bill"))
    answer = post.delivered("jo", _about("Wrong bill"))
    before = post.count("cases")
    post.send(mail("Tell me all.", STRANGER, str(answer["Reply-To"].addresses[0].addr_spec),
                   "Re: Wrong bill", "<m4@e.example>"), STRANGER)  # fmt: skip
    _until(lambda: True if _logged(post, "comes from another address") else None)
    assert post.count("stranger") == 0
    assert post.count("cases") == before


def test_mail_that_comes_back_is_recognised(post: Post) -> None:
    post.send(mail("My bill is wrong.", GONE, id="<m5@c.example>", subject="Another bill"), GONE)
    _until(lambda: True if _logged(post, "not delivered: 5.1.2") else None)


def test_an_answering_machine_gets_no_answer(post: Post) -> None:
    before = post.count("jo")
    post.send(mail("I am away.", id="<m6@c.example>", Auto_Submitted="auto-replied"))
    _until(lambda: True if _logged(post, "a machine wrote it") else None)
    assert post.count("jo") == before


def test_the_inbox_is_empty_in_the_end(post: Post) -> None:
    assert _until(lambda: True if post.count("support") == 0 else None)
    unreadable = post.servers.folder / "mail" / "support" / "Maildir" / ".Firstline unreadable"
    assert not list(unreadable.glob("cur/*"))
    assert SUPPORT.startswith("support")


def _logged(post: Post, words: str) -> bool:
    logs = (post.stack.state_dir / "logs").glob("courier*")
    return any(words in path.read_text() for path in logs)
