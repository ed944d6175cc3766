"""Writes the mails: a case for the operator's queue, an acknowledgement for the customer. Pure."""

from __future__ import annotations

import hashlib
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
from bot.mail.destinations import ADDRESS, Destination
from bot.mail.sheet import Sheet, Wording, for_customer, line, sheet

TEMPLATES = Path(__file__).parent / "templates"
WIDTH = 76
CASE_FILE = "case.json"


@dataclass(frozen=True)
class Heading:
    """What the lines above a mail need: who sends it, under which id, when.

    first_id: the Message-ID of the same destination's mail about revision 1, which this one answers.
    """

    sender: Address
    to: str
    message_id: str
    first_id: str
    at: datetime


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
    if destination.reply_to == "customer" and isinstance(customer, str) and _is_address(customer):
        message["Reply-To"] = headers.address("Reply-To", customer)
    else:
        message["Reply-To"] = heading.sender
    _write(message, "case", words, sheet(document, words), files=files)
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


def acknowledgement(document: CaseDocument, words: Wording, heading: Heading) -> EmailMessage:
    """The customer's copy with number and response time. Raises `HeaderRefused`."""
    news = "We have received your case" if document.revision == 1 else "We have changed your case"
    message = _headed(document, heading, f"[{document.case}] {news}")
    message["Auto-Submitted"] = "auto-replied"  # RFC 3834
    message["X-Auto-Response-Suppress"] = "All"
    message["Reply-To"] = heading.sender
    _write(message, "acknowledgement", words, for_customer(sheet(document, words)))
    return _bounded(message, heading.message_id)


def _headed(document: CaseDocument, heading: Heading, subject: str) -> EmailMessage:
    message = EmailMessage(policy=headers.POLICY)
    message["Subject"] = headers.subject(subject)
    message["From"] = heading.sender
    message["To"] = headers.address("To", heading.to)
    message["Date"] = format_datetime(heading.at)
    message["Message-ID"] = heading.message_id
    if document.revision > 1:
        message["In-Reply-To"] = heading.first_id
        message["References"] = heading.first_id
    message["X-Firstline-Case"] = headers.header_value("case", document.case)
    message["X-Firstline-Revision"] = str(document.revision)
    return message


def _write(
    message: EmailMessage, template: str, words: Wording, case: Sheet,
    files: Sequence[Attachment] = (),
) -> None:  # fmt: skip
    values = {"case": case, "words": words, "files": files}
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


def _is_address(value: str) -> bool:
    return value.isascii() and ADDRESS.fullmatch(value) is not None


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
    environment.filters |= {"beside": _beside, "column": _column, "broken": _broken, "line": line}
    return environment


def _beside(value: str, indent: int) -> str:
    """Text to stand beside a label: further lines under its first one, behind a bar.

    The bar keeps what a customer wrote from looking like a section of the mail.
    """
    width = WIDTH - indent - 2
    lines = [part for row in value.split("\n") for part in _wrapped(row, width) or [""]]
    return ("\n" + " " * indent + "| ").join(lines)


def _column(label: str, width: int) -> str:
    """A label with blanks up to `width`, one at least."""
    return label.ljust(width - 1) + " "


def _wrapped(row: str, width: int) -> list[str]:
    return textwrap.wrap(row, width, break_long_words=False, break_on_hyphens=False)


def _broken(value: str) -> Markup:
    """Text in HTML with its line breaks."""
    return Markup("<br>").join(escape(row) for row in value.split("\n"))
