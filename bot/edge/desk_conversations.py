"""One conversation as staff read it: the case first, the log, what was there before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sanic import HTTPResponse, Request

from bot.case.model import Case
from bot.conversation.events import MESSAGE, START, Event
from bot.conversation.numbers import as_number
from bot.conversation.store import Conversation
from bot.desk.earlier import Earlier
from bot.desk.view import slots, staff_case, staff_events
from bot.edge.access import STAFF, Route
from bot.edge.answers import NO_STORE, json_answer
from bot.edge.desk_answers import DESK, Reads
from bot.edge.events_api import EventsApi
from bot.edge.files_api import FilesApi
from bot.edge.parts import Parts
from bot.edge.problems import Problem
from bot.errors import NotFound
from bot.settings import ensure_secret
from bot.staff.reveal import reveal_account_number

CONVERSATION = f"{STAFF}/conversations/<conversation:str>"


class DeskConversationsApi:
    """Reading a conversation at the desk; nothing here changes it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._reads = Reads(parts)
        self._content = parts.content
        self._log = EventsApi(
            parts.conversations, parts.tail, parts.metrics, self._shown, self._listed
        )
        self._earlier = Earlier(parts.redis, ensure_secret(parts.settings), parts.content)

    async def read(self, request: Request, conversation: str) -> HTTPResponse:
        """GET /api/v1/staff/conversations/{conversation}"""
        known = await self._reads.conversation(conversation)
        log = await self._parts.conversations.all_events(conversation)
        whole = {
            "conversation": await self._reads.opened(conversation),
            "case": staff_case(known.case, self._content),
            "labels": {name: field.label for name, field in self._content.fields.items()},
            "events": staff_events(log, known, self._content),
            "cursor": log[-1].id if log else START,
            "earlier": await self._earlier.of(known),
            "incident": self._incident(known.case),
            "articles": self._articles(known.case),
            "files": _files(log),
            "slots": slots(known, request.ctx.staff.name, self._content),
        }
        return json_answer(whole, headers=NO_STORE)

    def _incident(self, case: Case) -> dict[str, Any] | None:
        one = self._parts.incidents.named(case.incident)
        return {"name": one.name, "title": one.title, "text": one.text} if one else None

    def _articles(self, case: Case) -> list[dict[str, str]]:
        known = self._content.articles
        return [{"name": it, "title": known[it].title} for it in case.articles_shown if it in known]

    async def find(self, request: Request, number: str) -> HTTPResponse:
        """GET /api/v1/staff/cases/{number}: the conversation that a case number belongs to"""
        try:
            found = await self._parts.conversations.of_number(as_number(number))
        except NotFound as error:
            raise Problem(404, "", "There is no case with this number.") from error
        return json_answer({"conversation": found}, headers=NO_STORE)

    async def events(self, request: Request, conversation: str) -> HTTPResponse | None:
        """GET /api/v1/staff/conversations/{conversation}/events"""
        await self._reads.conversation(conversation)
        return await self._log.events(request, conversation)

    async def _shown(self, conversation: str, events: Sequence[Event]) -> list[dict[str, Any]]:
        if not events:
            return []
        known: Conversation = await self._reads.conversation(conversation)
        return staff_events(events, known, self._content)

    async def _listed(self, conversation: str) -> bytes:
        """The earlier cases as a frame without an id, for it is no event of the log."""
        earlier = await self._earlier.of(await self._reads.conversation(conversation))
        return b"event: earlier\ndata: %b\n\n" % msgspec.json.encode({"earlier": earlier})

    async def account_number(self, request: Request, conversation: str) -> HTTPResponse:
        """GET /api/v1/staff/conversations/{conversation}/account-number

        It is put on record first; what cannot be recorded is not shown.
        """
        case = (await self._reads.conversation(conversation)).case
        try:
            number = await reveal_account_number(
                self._parts.audit, request.ctx.staff, conversation, case
            )
        except NotFound as error:
            raise Problem(404, "", "The customer has given no account number.") from error
        return json_answer({"account_number": number}, headers=NO_STORE)


def routes(parts: Parts) -> list[Route]:
    """What an agent reads."""
    api = DeskConversationsApi(parts)
    files = FilesApi(parts.settings, parts.conversations, parts.guard, parts.limits)
    return [
        Route("GET", f"{STAFF}/cases/<number:str>", api.find, DESK, "desk_find"),
        Route("GET", CONVERSATION, api.read, DESK, "desk_conversation"),
        Route("GET", f"{CONVERSATION}/events", api.events, DESK, "desk_events"),
        Route("GET", f"{CONVERSATION}/account-number", api.account_number, DESK),
        Route("GET", f"{CONVERSATION}/files/<file:str>", files.download, DESK, "desk_file"),
    ]


def _files(log: Sequence[Event]) -> list[Any]:
    files = [event.body["file"] for event in log if event.type == MESSAGE and "file" in event.body]
    return [msgspec.to_builtins(file) for file in files]
