"""Going on with a conversation on another device: a link by e-mail, and what it is exchanged for."""

from __future__ import annotations

import time

from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from sanic import HTTPResponse, Request

from bot.case.fields import CONTACT_EMAIL
from bot.conversation.change import Change
from bot.conversation.events import START
from bot.conversation.numbers import as_number
from bot.conversation.store import Conversation
from bot.edge.access import API, Audience, Route
from bot.edge.answers import NO_STORE, json_answer
from bot.edge.guard import address_of, new_token
from bot.edge.parts import Parts
from bot.edge.problems import Problem
from bot.edge.schemas import Opened, ResumptionLink, ResumptionWish, read_json
from bot.errors import NotFound
from bot.identity.resumption import ResumptionLinks
from bot.mail.order import NOTICE, MailOrder
from bot.settings import ensure_secret

ASKING = RateLimitItemPerMinute(20)
LINKS = RateLimitItemPerHour(3)
RESUME = "resume"
MOST_TOKENS = 8  # devices that a conversation is open on; the first one and the latest stay


class ResumeApi:
    """Sends links, and takes them for a token of the conversation.

    Nobody learns here which cases there are: every case number gets the same answer, and a link
    goes only to the address that the customer has given in the case.
    """

    def __init__(self, parts: Parts) -> None:
        self._conversations = parts.conversations
        self._guard = parts.guard
        self._limits = parts.limits
        page = parts.content.brand.chat_page or f"{parts.settings.base_url}/chat"
        self._links = ResumptionLinks(page, ensure_secret(parts.settings))

    async def ask(self, request: Request) -> HTTPResponse:
        """POST /api/v1/resume"""
        await self._limits.address(ASKING, address_of(request))
        body = await read_json(request, ResumptionWish)
        number = as_number(body.case)
        await self._limits.conversation(LINKS, RESUME, number)
        try:
            id = await self._conversations.of_number(number)
            await self._send_link(await self._conversations.read(id))
        except NotFound:
            pass
        return json_answer({}, 202)

    async def _send_link(self, conversation: Conversation) -> None:
        case = conversation.case
        email = case.field(CONTACT_EMAIL)
        if not isinstance(email.value, str) or email.invalid or not case.number:
            return
        now = int(time.time() * 1000)
        order = MailOrder(
            NOTICE, conversation.id, case.number, case.revision, email.value, f"{RESUME}:{now}",
            {"link": self._links.link(conversation.id, now)},
        )  # fmt: skip
        await self._conversations.change(conversation, Change(mails=[order.mail()]), fenced=False)

    async def take(self, request: Request) -> HTTPResponse:
        """POST /api/v1/resume/open"""
        await self._limits.address(ASKING, address_of(request))
        body = await read_json(request, ResumptionLink)
        id = self._links.conversation(body.link, int(time.time() * 1000))
        if id is None:
            raise _too_late()
        token, token_hash = new_token()
        try:
            known = await self._conversations.read(id)
        except NotFound as error:
            raise _too_late() from error
        kept = [*known.more_tokens[2 - MOST_TOKENS :], token_hash]
        change = Change(meta={"more_tokens": " ".join(kept)})
        await self._conversations.change(known, change, fenced=False)
        self._guard.forget(id)
        return json_answer(Opened(id, token, START), 201, NO_STORE)


def _too_late() -> Problem:
    return Problem(
        422, "link", "This link does not work any more. Ask for a new one with your case number."
    )


def routes(parts: Parts) -> list[Route]:
    """What the widget calls to go on with an earlier conversation."""
    resume = ResumeApi(parts)
    return [
        Route("POST", f"{API}/resume", resume.ask, Audience.SITES, "resume_ask"),
        Route("POST", f"{API}/resume/open", resume.take, Audience.SITES, "resume_open"),
    ]
