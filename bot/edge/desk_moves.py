"""What an agent does with a conversation: each call reads it, makes a move, and says how it is now.

A move is made on the epoch that the page has seen: whoever comes second is told who was first.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta
from sanic import HTTPResponse, Request

from bot.case.fields import FIELD_NAMES
from bot.case.model import Outcome
from bot.conversation.change import Change
from bot.conversation.keys import BY_MAIL
from bot.conversation.numbers import propose_number
from bot.conversation.owner import Owner
from bot.conversation.scripts import AlreadyThere, CaseChanged
from bot.conversation.store import Conversation
from bot.conversation.words import LONGEST_TEXT
from bot.desk import moves
from bot.desk.filing import Record, pass_on, put_on_record
from bot.desk.queues import position_since
from bot.desk.reading import last_events
from bot.desk.rows import Agent
from bot.edge.access import Route
from bot.edge.answers import json_answer
from bot.edge.desk_answers import DESK, Changed, Reads, agent_of
from bot.edge.desk_conversations import CONVERSATION
from bot.edge.parts import Parts
from bot.edge.problems import Problem
from bot.edge.schemas import Accepted, Body, clean_text, read_json
from bot.errors import NotFound, NotOwner
from bot.handoff.people import Desk
from bot.mail.thread import goes_on_by_mail
from bot.staff.roles import Role

Text = Annotated[str, Meta(max_length=LONGEST_TEXT)]
ATTEMPTS = 5
QUEUE = "queue"


class Seen(Body, frozen=True):
    """The epoch that the page has seen."""

    epoch: int


class Return(Seen, frozen=True):
    """Back to the bot, which asks for `fields`, or without any goes on by itself."""

    fields: Annotated[list[Literal[FIELD_NAMES]], Meta(max_length=len(FIELD_NAMES))] = []  # type: ignore[valid-type]
    text: Text = ""


class Transfer(Seen, frozen=True):
    """To a member of staff by id, to the queue (`queue`), or to the team by mail (`mail`)."""

    to: Annotated[str, Meta(min_length=1, max_length=64)]


class Resolve(Seen, frozen=True):
    """The end, what came of it, and the last words."""

    outcome: Outcome
    text: Text = ""


class NewText(Body, frozen=True):
    """A message or a note; the same `id` again changes nothing."""

    id: UUID
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)]


class MovesApi:
    """The moves; see `bot/desk/moves.py` for what each changes."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._reads = Reads(parts)
        self._content = parts.content
        self._conversations = parts.conversations
        self._destinations = parts.destinations

    async def claim(self, request: Request, conversation: str) -> HTTPResponse:
        """POST /api/v1/staff/conversations/{conversation}/claim"""
        body = await read_json(request, Seen)
        agent = agent_of(request)
        known = await self._reads.conversation(conversation)
        if _has(agent, known):
            return await self._reads.answer(conversation)  # sent twice
        free = known.agent in ("", agent.id) and known.owner is not Owner.CLOSED
        if known.epoch != body.epoch or not free:
            raise await self._reads.changed(conversation)
        change = moves.claim(known, agent, _now(), self._content)
        try:
            return await self._made(request, "claim", known, change)
        except Changed:
            if _has(agent, await self._reads.conversation(conversation)):
                return await self._reads.answer(conversation)  # sent twice at once
            raise

    async def release(self, request: Request, conversation: str) -> HTTPResponse:
        """POST /api/v1/staff/conversations/{conversation}/release"""
        body = await read_json(request, Seen)
        known = await self._own(request, conversation, body.epoch)
        return await self._made(request, "release", known, await self._released(known))

    async def _released(self, known: Conversation) -> Change:
        now = _now()
        people = await Desk(self._parts.redis, self._content).people()
        position = await position_since(self._parts.redis, known.waiting_since or now)
        return moves.release(known, people, position, now, self._content)

    async def give_back(self, request: Request, conversation: str) -> HTTPResponse:
        """POST /api/v1/staff/conversations/{conversation}/return"""
        body = await read_json(request, Return)
        known = await self._own(request, conversation, body.epoch)
        if known.owner is Owner.BOT:
            raise await self._reads.changed(conversation)
        text = clean_text(body.text) if body.text.strip() else ""
        change = moves.return_to_bot(known, body.fields, text, self._content)
        return await self._made(request, "return", known, change)

    async def transfer(self, request: Request, conversation: str) -> HTTPResponse:
        """POST /api/v1/staff/conversations/{conversation}/transfer"""
        body = await read_json(request, Transfer)
        known = await self._own(request, conversation, body.epoch)
        if body.to == BY_MAIL:
            return await self._passed_on(request, conversation, body.epoch)
        if body.to == QUEUE:
            change = await self._released(known)
        else:
            to = await self._colleague(body.to)
            change = moves.transfer(known, to, request.ctx.staff.id, _now(), self._content)
        return await self._made(request, "transfer", known, change, to=body.to)

    async def _passed_on(self, request: Request, conversation: str, epoch: int) -> HTTPResponse:
        async def passed(known: Conversation) -> Change:
            return pass_on(known, await self._record(known), _now())

        return await self._on_case(request, "pass_on", conversation, epoch, passed)

    async def _record(self, known: Conversation) -> Record:
        log = await self._conversations.all_events(known.id)
        return Record(log, propose_number(known.id), self._content, self._destinations)

    async def _colleague(self, id: str) -> Agent:
        try:
            account = await self._parts.accounts.read(id)
        except NotFound as error:
            raise Problem(422, "colleague", "There is no such colleague.") from error
        if account.disabled or Role.AGENT not in account.roles:
            raise Problem(422, "colleague", f"{account.name} does not take conversations.")
        return Agent(account.login, account.name)

    async def resolve(self, request: Request, conversation: str) -> HTTPResponse:
        """POST /api/v1/staff/conversations/{conversation}/resolve"""
        body = await read_json(request, Resolve)
        text = clean_text(body.text) if body.text.strip() else ""

        async def resolved(known: Conversation) -> Change:
            now = _now()
            change = moves.resolve(known, body.outcome, text, now, self._content)
            return put_on_record(known, await self._record(known), change, now)

        return await self._on_case(request, "resolve", conversation, body.epoch, resolved)

    async def _on_case(
        self, request: Request, what: str, conversation: str, epoch: int,
        make: Callable[[Conversation], Awaitable[Change]],
    ) -> HTTPResponse:  # fmt: skip
        """A move that changes the case too, made anew when the customer has just changed it."""
        for _ in range(ATTEMPTS):
            known = await self._own(request, conversation, epoch)
            try:
                return await self._made(request, what, known, await make(known))
            except (CaseChanged, AlreadyThere):  # the number was taken
                continue
        raise Problem(409, "case-changed", "The case is being changed right now. Please try again.")

    async def reopen(self, request: Request, conversation: str) -> HTTPResponse:
        """POST /api/v1/staff/conversations/{conversation}/reopen"""
        body = await read_json(request, Seen)
        known = await self._reads.conversation(conversation)
        if known.epoch != body.epoch or known.owner is not Owner.CLOSED:
            raise await self._reads.changed(conversation)
        change = moves.reopen(known, agent_of(request), _now(), self._content)
        return await self._made(request, "reopen", known, change)

    async def say(self, request: Request, conversation: str) -> HTTPResponse:
        """POST /api/v1/staff/conversations/{conversation}/messages"""
        body = await read_json(request, NewText)
        known = await self._reads.conversation(conversation)
        if known.owner is not Owner.AGENT or known.agent != request.ctx.staff.id:
            raise await self._reads.changed(conversation)
        by_mail = goes_on_by_mail(await last_events(self._parts.redis, conversation))
        text = clean_text(body.text)
        change = moves.say(known, str(body.id), text, _now(), by_mail, self._content)
        try:
            ids = await self._conversations.change(known, change)
        except NotOwner as error:
            raise await self._reads.changed(conversation) from error
        return json_answer(Accepted(ids[-1]), 202)

    async def note(self, request: Request, conversation: str) -> HTTPResponse:
        """POST /api/v1/staff/conversations/{conversation}/notes"""
        body = await read_json(request, NewText)
        known = await self._reads.conversation(conversation)
        change = moves.note(str(body.id), clean_text(body.text), agent_of(request))
        ids = await self._conversations.change(known, change, fenced=False)
        return json_answer(Accepted(ids[-1]), 202)

    async def _own(self, request: Request, conversation: str, epoch: int) -> Conversation:
        """The conversation, which must be the asking agent's. Raises `Changed` when it is not."""
        known = await self._reads.conversation(conversation)
        has_it = known.agent == request.ctx.staff.id and known.owner in (Owner.AGENT, Owner.BOT)
        if known.epoch != epoch or not has_it:
            raise await self._reads.changed(conversation)
        return known

    async def _made(
        self, request: Request, what: str, known: Conversation, change: Change, **detail: str
    ) -> HTTPResponse:
        """Commits the move. Raises `Changed` when somebody was quicker."""
        try:
            await self._conversations.change(known, change)
        except NotOwner as error:
            raise await self._reads.changed(known.id) from error
        staff = request.ctx.staff.id
        await self._parts.audit.record(staff, f"conversation.{what}", known.id, detail)
        return await self._reads.answer(known.id)


def routes(parts: Parts) -> list[Route]:
    """What an agent does."""
    api = MovesApi(parts)
    handlers: dict[str, Any] = {
        "claim": api.claim, "release": api.release, "return": api.give_back,
        "transfer": api.transfer, "resolve": api.resolve, "reopen": api.reopen,
        "messages": api.say, "notes": api.note,
    }  # fmt: skip
    return [
        Route("POST", f"{CONVERSATION}/{name}", handler, DESK, f"desk_{name}")
        for name, handler in handlers.items()
    ]


def _has(agent: Agent, known: Conversation) -> bool:
    return known.owner is Owner.AGENT and known.agent == agent.id


def _now() -> int:
    return int(time.time() * 1000)
