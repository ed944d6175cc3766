"""Cases and words to write mails of, and orders put into an outbox as a bot turn does."""

from __future__ import annotations

from datetime import datetime, timezone
from email.headerregistry import Address
from typing import Any

from redis.asyncio import Redis

from bot.case.completeness import Missing
from bot.case.document import CaseDocument, encode_document
from bot.case.fields import FIELD_NAMES
from bot.case.model import CASE_SCHEMA, Field, Handover, State, Step
from bot.conversation.keys import filed_key, mail_key, shard_of
from bot.conversation.numbers import propose_number
from bot.mail.headers import message_id
from bot.mail.order import ACKNOWLEDGEMENT, CASE_MAIL, MailOrder
from bot.mail.render import Heading
from bot.mail.sheet import Wording

SENDER = Address("Meadow Mobile Support", addr_spec="support@meadow.example")
QUEUE = "cases@meadow.example"
CUSTOMER = "jo@customer.example"
AT = datetime(2026, 11, 22, 9, 30, tzinfo=timezone.utc)

WORDS = Wording(
    brand="Meadow Mobile",
    bot="Fern",
    phone="0800 496 0150",
    primary="#1f6f43",
    on_primary="#ffffff",
    labels={
        "description": "What is wrong", "device": "Device", "account_number": "Account number",
        "error_message": "Error message", "steps_tried": "Already tried",
        "os_version": "Software version", "started": "Since when",
        "contact_email": "E-mail address", "location": "Where",
    },
    steps={"restart": "Restart the device", "reset_network_settings": "Reset the network settings"},
    response_times={"technical": "within one working day", "other": "within two working days"},
)  # fmt: skip

FIELDS: dict[str, Field] = {
    "description": Field("No mobile data since Friday, calls work.", State.STATED, events=("1-0",)),
    "account_number": Field("8847201193", State.VERIFIED, "8847 201 193", ("1-0",), 0.99),
    "device": Field("Apple iPhone 14", State.INFERRED, "my iphone 14", ("1-0",), 0.87),
    "error_message": Field(
        "Could not activate cellular data network", State.STATED, events=("1-0",),
        code="CELLULAR_DATA_ACTIVATION",
    ),
    "steps_tried": Field(
        [
            Step("restart", "restarted it twice", "no change"),
            Step("reset_network_settings", "reset network settings"),
            Step("other", "held it out of the window", "one bar for a minute"),
        ],
        State.STATED, events=("1-0",),
    ),
    "started": Field("2026-11-20", State.CORRECTED, "since friday", ("1-0", "3-0")),
    "contact_email": Field(CUSTOMER, State.STATED, CUSTOMER, ("5-0",)),
    "os_version": Field(None, State.UNKNOWN),
    "location": Field(None, State.REFUSED),
}  # fmt: skip

TRANSCRIPT = (
    "08:14 Customer: My iPhone 14 shows 'Could not activate cellular data network' since Friday, I "
    "restarted it twice and reset network settings, account 8847 201 193",
    "08:14 Fern: Thank you. Which e-mail address may we answer to?",
    "08:15 Customer: jo@customer.example",
)


def document(**changes: Any) -> CaseDocument:
    """A technical case with most things known; `changes` replace its parts."""
    known = changes.pop("fields", FIELDS)
    fields = {name: known.get(name, Field()) for name in FIELD_NAMES}
    values: dict[str, Any] = {
        "schema": CASE_SCHEMA, "case": "FL-7K3M2Q", "revision": 1,
        "received_at": "2026-11-22T08:16:05.123+00:00", "locale": "en", "category": "technical",
        "problem": "no_mobile_data", "problem_title": "no mobile data", "priority": "P3",
        "priority_reasons": ("no mobile data: usually P3",),
        "subject": "[FL-7K3M2Q] Technical – no mobile data – Apple iPhone 14 – account ••1193",
        "fields": fields,
        "missing": [Missing("os_version", "unknown"), Missing("location", "refused")],
        "confirmed_by_customer": True, "handover": Handover("email", "the case is complete"),
        "articles_shown": ("mobile_data_off",), "files": (), "incident": None,
        "transcript": TRANSCRIPT,
    }  # fmt: skip
    return CaseDocument(**{**values, **changes})


def heading(kind: str = CASE_MAIL, to: str = QUEUE, revision: int = 1) -> Heading:
    """The heading of a mail about the sample case."""
    first = MailOrder(kind, "conversation", "FL-7K3M2Q", 1, to)
    order = MailOrder(kind, "conversation", "FL-7K3M2Q", revision, to)
    domain = SENDER.domain
    return Heading(SENDER, to, message_id(order, domain), message_id(first, domain), AT)


async def filed(redis: Redis, conversation: str, **changes: Any) -> list[MailOrder]:
    """Files a case and orders its two mails as the engine's commit does; returns the orders."""
    number = propose_number(conversation)
    case = document(case=number, **{"subject": f"[{number}] Technical – no mobile data", **changes})
    orders = [
        MailOrder(CASE_MAIL, conversation, number, case.revision, QUEUE),
        MailOrder(ACKNOWLEDGEMENT, conversation, number, case.revision, CUSTOMER),
    ]
    shard = shard_of(conversation)
    pipe = redis.pipeline(transaction=True)
    pipe.set(filed_key(number, case.revision), encode_document(case))
    for order in orders:
        mail = order.mail()
        pipe.hset(mail_key(mail.id), mapping={"mail": mail.body, "state": "due", "attempts": 0})
        pipe.zadd(f"{shard}:outbox", {mail.id: 0})
        pipe.publish("firstline:outbox", mail.id)
    await pipe.execute()
    return orders
