"""Opening a conversation, saying something in it, and correcting its case."""

from __future__ import annotations

import secrets
import time
from contextlib import suppress

from sanic import HTTPResponse, Request

from bot.case.dialogue import edit_in_words
from bot.case.fields import edited_field
from bot.case.model import Case
from bot.case.view import customer_view
from bot.content import Content
from bot.conversation.events import (
    BOT,
    CUSTOMER,
    MESSAGE,
    START,
    SYSTEM,
    Event,
    case_event,
    message,
    owner_event,
)
from bot.conversation.owner import Owner
from bot.conversation.scripts import AlreadyThere, CaseChanged
from bot.conversation.store import Conversations
from bot.edge.answers import json_answer
from bot.edge.guard import Guard, address_of, new_token
from bot.edge.introduction import Introductions
from bot.edge.limits import EDITS, MESSAGES, OPENINGS, Limits
from bot.edge.problems import Problem
from bot.edge.schemas import (
    UNSET,
    Accepted,
    CaseEdit,
    NewMessage,
    OpenConversation,
    Opened,
    clean_text,
    read_json,
)
from bot.errors import InvalidValue, NotFound, NotOwner
from bot.followup.survey_in_chat import answer_change, is_answer
from bot.handoff.passing import STOP_WAITING, stopped_waiting

ID_BYTES = 16
EDIT_ATTEMPTS = 5


class ConversationsApi:
    """The calls that change a conversation."""

    def __init__(
        self,
        conversations: Conversations,
        guard: Guard,
        limits: Limits,
        content: Content,
        introductions: Introductions,
    ) -> None:
        self._conversations = conversations
        self._guard = guard
        self._limits = limits
        self._content = content
        self._introductions = introductions

    async def open(self, request: Request) -> HTTPResponse:
        """POST /api/v1/conversations"""
        await self._limits.address(OPENINGS, address_of(request))
        body = await read_json(request, OpenConversation)
        customer = None
        if body.identity is not UNSET:
            customer = await self._introductions.customer(str(body.identity))
        token, token_hash = new_token()
        locale = "en" if body.locale is UNSET else str(body.locale)
        id = await self._new_conversation(token_hash, locale)
        if customer:
            await self._introductions.introduce(id, customer)
        return json_answer(Opened(id, token, START), 201, {"Cache-Control": "no-store"})

    async def _new_conversation(self, token_hash: str, locale: str) -> str:
        while True:
            id = secrets.token_urlsafe(ID_BYTES)
            try:
                await self._conversations.open(id, token_hash, locale, self._first_events())
            except AlreadyThere:  # our own, when its answer was lost with the connection
                continue
            return id

    def _first_events(self) -> list[Event]:
        brand = self._content.brand
        notice = f"{brand.privacy_notice} {brand.privacy_link}"
        return [
            owner_event(Owner.BOT.value),
            message(BOT, brand.greeting.strip()),
            message(SYSTEM, notice.strip()),
        ]

    async def say(self, request: Request, conversation: str) -> HTTPResponse:
        """POST /api/v1/conversations/{conversation}/messages"""
        body = await read_json(request, NewMessage)
        await self._limits.conversation(MESSAGES, "messages", conversation)
        event = await self._said(conversation, body)
        try:
            if is_answer(event.private.get("payload", "")):
                return json_answer(Accepted(await self._surveyed(conversation, event)), 202)
            if event.private.get("payload") == STOP_WAITING:
                await self._stop_waiting(conversation, str(body.id), event)
            id, new = await self._conversations.say(conversation, str(body.id), event)
        except NotFound as error:
            raise self._guard.forget(conversation) from error
        return json_answer(Accepted(id), 202 if new else 200)

    async def _stop_waiting(self, conversation: str, client_id: str, said: Event) -> None:
        """Back to the bot, which answers `said`; if the customer waits no longer, nothing happens."""
        known = await self._conversations.read(conversation)
        if known.owner is not Owner.WAITING:
            return
        with suppress(NotOwner):  # somebody has just accepted: they read it instead
            await self._conversations.change(known, stopped_waiting(said, client_id))

    async def _surveyed(self, conversation: str, said: Event) -> str:
        """Takes the answer to a survey, the first one only; the conversation need not open for it."""
        for _ in range(EDIT_ATTEMPTS):
            known = await self._conversations.read(conversation)
            payload, now = said.private["payload"], int(time.time() * 1000)
            change = answer_change(known, said, payload, now, self._content)
            with suppress(CaseChanged, NotOwner):
                return (await self._conversations.change(known, change))[0]
        raise Problem(409, "case-changed", "The case is being changed right now. Please try again.")

    async def _said(self, conversation: str, body: NewMessage) -> Event:
        if isinstance(body.text, str):
            return message(CUSTOMER, clean_text(body.text))
        try:
            choice = await self._conversations.choice(conversation, str(body.choice))
        except NotFound as error:
            raise Problem(422, "choice", "There is no such choice in this conversation.") from error
        public = {"from": CUSTOMER, "text": choice.label, "choice": choice.id}
        return Event(MESSAGE, public, {"payload": choice.payload})

    async def edit_case(self, request: Request, conversation: str) -> HTTPResponse:
        """PATCH /api/v1/conversations/{conversation}/case"""
        body = await read_json(request, CaseEdit)
        await self._limits.conversation(EDITS, "edits", conversation)
        for _ in range(EDIT_ATTEMPTS):
            try:
                return json_answer(await self._edited(conversation, body))
            except CaseChanged:
                continue
        raise Problem(409, "case-changed", "The case is being changed right now. Please try again.")

    async def _edited(self, conversation: str, body: CaseEdit) -> dict[str, object]:
        try:
            known = await self._conversations.read(conversation)
        except NotFound as error:
            raise self._guard.forget(conversation) from error
        if known.owner is Owner.CLOSED:
            raise Problem(409, "closed", "This conversation is closed; its case cannot be changed.")
        case = self._with_edit(known.case, body)
        view = customer_view(case, self._content)
        event = case_event(view, by=CUSTOMER, edit=edit_in_words(body.field, known.case, case))
        await self._conversations.edit_case(known, case, event, answer=True)
        return view

    def _with_edit(self, case: Case, body: CaseEdit) -> Case:
        value = clean_text(body.value)
        before = case.field(body.field)
        try:
            field = edited_field(body.field, value, before, self._content.account_number)
        except InvalidValue as error:
            kept = " The value you gave before is kept." if before.value is not None else ""
            reason = f"{error.reason[:1].upper()}{error.reason[1:]}.{kept}"
            raise Problem(422, "invalid-value", reason) from error
        return case.with_field(body.field, field)
