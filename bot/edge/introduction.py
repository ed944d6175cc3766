"""What a conversation knows from its first moment of a customer whom the host site vouches for."""

from __future__ import annotations

import structlog
from sanic import HTTPResponse, Request

from bot.case import fields as names
from bot.case.model import Case, Field, State
from bot.case.view import customer_view
from bot.content import Content
from bot.content.account_number import AccountNumberFormat
from bot.conversation.change import Change
from bot.conversation.events import SYSTEM, case_event
from bot.conversation.store import Conversations
from bot.edge.access import Audience, Route
from bot.edge.answers import NO_STORE, json_answer
from bot.edge.parts import Parts
from bot.edge.problems import RETRY_AFTER, Problem
from bot.errors import InvalidValue
from bot.identity.customer import Customer, Identities
from bot.identity.signed import Unreachable, Untrusted

CUSTOMER_ID, CUSTOMER_NAME = "customer_id", "customer_name"
LONGEST = 200

log = structlog.get_logger(__name__)


class Introductions:
    """Puts what an identity token says into a new conversation."""

    def __init__(
        self, identities: Identities, conversations: Conversations, content: Content
    ) -> None:
        self._identities = identities
        self._conversations = conversations
        self._content = content

    async def customer(self, token: str) -> Customer:
        """Whom the token is about. Raises `Problem` 422, or 503 when its keys cannot be had."""
        if not self._identities.taken:
            raise Problem(422, "identity", "This support desk does not take signed identities.")
        try:
            return await self._identities.customer(token)
        except Untrusted as error:
            log.info("identity refused", reason=str(error))
            raise Problem(422, "identity", "The identity token does not hold.") from error
        except Unreachable as error:
            log.error("identity keys unreachable", error=str(error))
            raise Problem(503, "unavailable", "Identities cannot be checked right now.",
                          {"Retry-After": str(RETRY_AFTER)}) from error  # fmt: skip

    async def introduce(self, conversation: str, customer: Customer) -> None:
        """Keeps who the customer is with the conversation, and fills the case with what is known."""
        known = await self._conversations.read(conversation)
        case = with_customer(known.case, customer, self._content.account_number)
        event = case_event(customer_view(case, self._content), by=SYSTEM)
        meta = {CUSTOMER_ID: customer.id[:LONGEST], CUSTOMER_NAME: customer.name[:LONGEST]}
        await self._conversations.change(known, Change(case=case, events=[event], meta=meta))


def with_customer(case: Case, customer: Customer, format: AccountNumberFormat) -> Case:
    """The case with what the host site says of the customer, verified.

    A value that cannot be one of its field is left out: then the customer is asked as any other.
    """
    given = {
        names.ACCOUNT_NUMBER: customer.account_number,
        names.CONTACT_EMAIL: customer.email,
        names.CONTACT_PHONE: customer.phone,
    }
    for name, text in given.items():
        if not text:
            continue
        try:
            value = names.checked_value(name, text, format)
        except InvalidValue:
            log.warning("identity names no such value", field=name)
            continue
        case = case.with_field(name, Field(value, State.VERIFIED, confidence=1.0))
    return case


class DemoApi:
    """Stands in for the host site's server, which signs its customers' tokens."""

    def __init__(self, identities: Identities, content: Content) -> None:
        self._identities = identities
        self._content = content

    async def token(self, request: Request) -> HTTPResponse:
        """POST /demo/identity"""
        claims = {
            "sub": "demo-customer",
            "name": "Demo Customer",
            "email": "customer@demo.example",
            "account_number": self._content.account_number.example,
        }
        return json_answer({"token": self._identities.demo_token(claims)}, headers=NO_STORE)


def routes(parts: Parts) -> list[Route]:
    """The demo's token; only in development, and for this machine alone."""
    if not parts.identities.makes_demo_tokens:
        return []
    demo = DemoApi(parts.identities, parts.content)
    return [Route("POST", "/demo/identity", demo.token, Audience.THIS_MACHINE, "demo_identity")]
