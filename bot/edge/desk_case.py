"""An agent corrects the case. Nobody's change is lost: it is made on the version that was seen."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta
from sanic import HTTPResponse, Request

from bot.conversation.owner import Owner
from bot.conversation.scripts import AlreadyThere, CaseChanged
from bot.conversation.store import Conversation
from bot.conversation.words import LONGEST_TEXT
from bot.desk.edit import edited
from bot.desk.view import staff_case
from bot.edge.access import Route
from bot.edge.answers import NO_STORE, json_answer
from bot.edge.desk_answers import DESK, Changed, Reads, agent_of
from bot.edge.desk_conversations import CONVERSATION
from bot.edge.parts import Parts
from bot.edge.problems import Problem
from bot.edge.schemas import Body, clean_text, read_json
from bot.errors import InvalidValue


class StaffEdit(Body, frozen=True):
    """A new value for a field of the case as it was in `case_version`.

    `bot_wrong`: the bot had misunderstood the customer.
    """

    field: Annotated[str, Meta(min_length=1, max_length=60)]
    value: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)]
    case_version: int
    bot_wrong: bool = False


class DeskCaseApi:
    """The case in an agent's hands."""

    def __init__(self, parts: Parts) -> None:
        self._conversations = parts.conversations
        self._content = parts.content
        self._audit = parts.audit
        self._reads = Reads(parts)
        self._destinations = parts.destinations

    async def edit(self, request: Request, conversation: str) -> HTTPResponse:
        """PATCH /api/v1/staff/conversations/{conversation}/case"""
        body = await read_json(request, StaffEdit)
        known = await self._reads.conversation(conversation)
        if known.owner is Owner.CLOSED:
            raise await self._reads.changed(conversation)
        if known.case_version != body.case_version:
            raise self._changed(known)
        try:
            await self._edit(request, known, body)
        except (CaseChanged, AlreadyThere) as error:
            raise self._changed(await self._reads.conversation(conversation)) from error
        return json_answer(self._shown(await self._reads.conversation(conversation)), 200, NO_STORE)

    async def _edit(self, request: Request, known: Conversation, body: StaffEdit) -> None:
        log = await self._conversations.all_events(known.id) if known.case.filed else []
        by = agent_of(request)
        value = clean_text(body.value)
        try:
            change = edited(
                known, body.field, value, by, body.bot_wrong, log, self._content, self._destinations
            )
        except InvalidValue as error:
            reason = f"{error.reason[:1].upper()}{error.reason[1:]}. The value before is kept."
            raise Problem(422, "invalid-value", reason) from error
        if change.case is None:
            return  # the same value again
        await self._conversations.change(known, change, fenced=False)
        await self._audit.record(by.id, "case.edit", known.id, {"field": body.field})

    def _changed(self, now: Conversation) -> Changed:
        detail = "Somebody has changed the case since you read it. Please look at it again."
        return Changed(detail, self._shown(now))

    def _shown(self, now: Conversation) -> dict[str, object]:
        return {"case": staff_case(now.case, self._content), "case_version": now.case_version}


def routes(parts: Parts) -> list[Route]:
    """The one way staff change a case."""
    return [Route("PATCH", f"{CONVERSATION}/case", DeskCaseApi(parts).edit, DESK, "desk_case")]
