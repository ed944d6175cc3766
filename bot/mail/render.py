"""Writes the mails: a case for the operator's queue, acknowledgements and replies for customers. Pure."""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from bot.case.document import CaseDocument, encode_document
from bot.case.fields import CONTACT_EMAIL
from bot.mail import headers
from bot.mail.attachments import Attachment, safe_name
from bot.mail.destinations import Destination
from bot.mail.notice import NoticeText
from bot.mail.sheet import Wording, for_customer, line, sheet, text
from bot.mail.thread import Exchange, MailNote

TEMPLATES = Path(__file__).parent / "templates"
WIDTH = 76
CASE_FILE = "case.json"
REFERENCES_KEPT = 20
# What a customer's mail program calls its Message-IDs goes out again in ours, so it has to be plain.
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,200}>")
_ANSWERS = re.compile(r"^(?:(?:re|aw|wg|fwd?|отв)\s*:\s*)+", re.IGNORECASE)


@dataclass(frozen=True)
class Heading:
    """What the lines above a mail need: who sends it, under which id, when.

    first_id: the Message-ID of the same destination's mail about revision 1, which this one answers.
    reply_to: the address whose mail lands in the conversation; the sender's where none does.
    """

    sender: Address
    to: str
    message_id: str
    first_id: str
    at: datetime
    reply_to: Address | None = None

    @property
    def answers(self) -> Address:
        """Where an answer to us goes."""
        return self.reply_to or self.sender


def case_mail(
    document: CaseDocument, files: Sequence[Attachment], words: Wording, heading: Heading,
    destination: Destination,
) -> EmailMessage:  # fmt: skip
    """The case for one destination of the operator. Raises `HeaderRefused`."""
    message = _headed(document, heading, document.subject)
    message["X-Firstline-Priority"] = headers.header_value("priority", document.priority)
    if destination.auto_submitted:
        message["Auto-Submitted"] = "auto-generated"
    for name, value in destination.headers.items():
        message[name] = headers.header_value(name, value)
    customer = document.fields[CONTACT_EMAIL].value if CONTACT_EMAIL in document.fields else None
    if (
        destination.reply_to == "customer"
        and isinstance(customer, str)
        and headers.is_address(customer)
    ):
        message["Reply-To"] = headers.address("Reply-To", customer)
    else:
        message["Reply-To"] = heading.answers
    _write(message, "case", words, case=sheet(document, words), files=files)
    message.add_attachment(
        encode_document(document), maintype="application", subtype="json", filename=CASE_FILE
    )
    for file in files:
        if file.data is not None:
            maintype, _, subtype = file.type.partition("/")
            message.add_attachment(
                file.data, maintype=maintype, subtype=subtype, filename=safe_name(file.name)
            )
    return _bounded(message, heading.message_id)


def case_text(document: CaseDocument, files: Sequence[Attachment], words: Wording) -> str:
    """The case as the plain text of its mail."""
    values = {"words": words, "case": sheet(document, words), "files": files}
    return _templates().get_template("case.txt.j2").render(values)


def acknowledgement(document: CaseDocument, words: Wording, heading: Heading) -> EmailMessage:
    """The customer's copy with number and response time. Raises `HeaderRefused`."""
    news = "We have received your case" if document.revision == 1 else "We have changed your case"
    message = _headed(document, heading, f"[{document.case}] {news}")
    message["Auto-Submitted"] = "auto-replied"  # RFC 3834
    message["X-Auto-Response-Suppress"] = "All"
    message["Reply-To"] = heading.answers
    _write(message, "acknowledgement", words, case=for_customer(sheet(document, words)))
    return _bounded(message, heading.message_id)


def reply(
    exchange: Exchange, document: CaseDocument | None, words: Wording, heading: Heading
) -> EmailMessage:
    """What was said to a customer who writes mail, as the answer to that mail. Raises `HeaderRefused`.

    document: the case as it stands after it, shown below; None where nothing was filed.
    """
    answered = exchange.answered
    message = _addressed(heading, _reply_subject(answered, document))
    if answered is not None:
        chain = dict.fromkeys((*answered.references, answered.id))
        safe = [one for one in chain if _MESSAGE_ID.fullmatch(one) and "=?" not in one]
        safe = safe[-REFERENCES_KEPT:]
        if safe:
            message["In-Reply-To"] = safe[-1]
            message["References"] = " ".join(safe)
    if exchange.automatic:
        message["Auto-Submitted"] = "auto-replied"  # RFC 3834
        message["X-Auto-Response-Suppress"] = "All"
    if document is not None:
        _about(message, document)
    else:
        message["X-Firstline"] = "reply"
    message["Reply-To"] = heading.answers
    _write(
        message, "reply", words, texts=[text(one) for one in exchange.texts],
        automatic=exchange.automatic,
        case=for_customer(sheet(document, words)) if document is not None else None,
    )  # fmt: skip
    return _bounded(message, heading.message_id)


def notice(
    said: NoticeText, document: CaseDocument, words: Wording, heading: Heading
) -> EmailMessage:
    """What became of the case, under the first mail about it. Raises `HeaderRefused`."""
    message = _addressed(heading, said.subject)
    message["In-Reply-To"] = heading.first_id
    message["References"] = heading.first_id
    _about(message, document)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834
    message["X-Auto-Response-Suppress"] = "All"
    message["Reply-To"] = heading.answers
    case = sheet(document, words)
    _write(message, "notice", words, notice=said, case=case if said.staff else for_customer(case))
    return _bounded(message, heading.message_id)


def _reply_subject(answered: MailNote | None, document: CaseDocument | None) -> str:
    """The customer's own subject, by which mail programs keep a thread together, then the number."""
    asked = _ANSWERS.sub("", answered.subject if answered else "").strip() or "Your message"
    number = f" [{document.case}]" if document is not None and document.case not in asked else ""
    room = headers.LONGEST_SUBJECT - len("Re: ") - len(number)
    shown = asked if len(asked) <= room else asked[: room - 1].rstrip() + "…"
    return f"Re: {shown}{number}"


def _headed(document: CaseDocument, heading: Heading, subject: str) -> EmailMessage:
    message = _addressed(heading, subject)
    if document.revision > 1:
        message["In-Reply-To"] = heading.first_id
        message["References"] = heading.first_id
    _about(message, document)
    return message


def _addressed(heading: Heading, subject: str) -> EmailMessage:
    message = EmailMessage(policy=headers.POLICY)
    message["Subject"] = headers.subject(subject)
    message["From"] = heading.sender
    message["To"] = headers.address("To", heading.to)
    message["Date"] = format_datetime(heading.at)
    message["Message-ID"] = heading.message_id
    return message


def _about(message: EmailMessage, document: CaseDocument) -> None:
    message["X-Firstline-Case"] = headers.header_value("case", document.case)
    message["X-Firstline-Revision"] = str(document.revision)


def _write(message: EmailMessage, template: str, words: Wording, **values: object) -> None:
    values = {"words": words, **values}
    plain = _templates().get_template(f"{template}.txt.j2").render(values)
    message.set_content(plain, cte=_encoding(plain))
    html = _templates().get_template(f"{template}.html.j2").render(values)
    message.add_alternative(html, subtype="html", cte=_encoding(html))


def _encoding(text: str) -> str:
    """Quoted-printable where most is ASCII, base64 where it would be three times as long."""
    return "quoted-printable" if len(text.encode()) < 1.3 * len(text) else "base64"


def _bounded(message: EmailMessage, seed: str) -> EmailMessage:
    """Gives the parts fixed boundaries, so that the same mail is the same bytes.

    No encoded part can contain `=_`: in quoted-printable it would be `=3D_` (RFC 2045 section 6.7).
    """
    digest = hashlib.sha256(seed.encode()).hexdigest()[:24]
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{digest}_{number}")
    return message


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"beside": _beside, "column": _column, "broken": _broken, "line": line,
                            "filled": _filled}  # fmt: skip
    return environment


def _beside(value: str, indent: int) -> str:
    """Text to stand beside a label: further lines under its first one, behind a bar.

    The bar keeps what a customer wrote from looking like a section of the mail.
    """
    width = WIDTH - indent - 2
    lines = [part for row in value.split("\n") for part in _wrapped(row, width) or [""]]
    return ("\n" + " " * indent + "| ").join(lines)


def _filled(value: str) -> str:
    """Text in lines that a terminal can show; its own line breaks stay."""
    return "\n".join("\n".join(_wrapped(row, WIDTH)) for row in value.split("\n"))


def _column(label: str, width: int) -> str:
    """A label with blanks up to `width`, one at least."""
    return label.ljust(width - 1) + " "


def _wrapped(row: str, width: int) -> list[str]:
    return textwrap.wrap(row, width, break_long_words=False, break_on_hyphens=False)


def _broken(value: str) -> Markup:
    """Text in HTML with its line breaks."""
    return Markup("<br>").join(escape(row) for row in value.split("\n"))
