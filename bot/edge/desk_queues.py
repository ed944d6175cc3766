"""The queues, who is at the desk, canned replies and dead letters."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Literal

from redis.exceptions import RedisError
from sanic import HTTPResponse, Request

from bot.conversation.keys import QUEUES
from bot.desk.canned import load_replies
from bot.desk.dead import DeadLetters
from bot.desk.presence import BEAT, Presence
from bot.desk.queues import listed
from bot.desk.rows import read_rows
from bot.edge.access import STAFF, Route
from bot.edge.answers import NO_STORE, json_answer
from bot.edge.desk_answers import DESK
from bot.edge.desk_feed import Feed, queue_of
from bot.edge.parts import Parts
from bot.edge.problems import Problem
from bot.edge.schemas import Body, read_json
from bot.errors import NotFound, StoreUnavailable
from bot.staff.roles import Role, Staff

QUIET = 10.0  # seconds without news after which the stream says that it is still there

_OPENING = b"retry: 1000\n\n"
_STILL_THERE = b":\n\n"


class NewStatus(Body, frozen=True):
    """Whether one takes conversations."""

    status: Literal["available", "away"]


class QueuesApi:
    """What an agent sees before opening a conversation."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._feed = Feed(parts)
        self._presence = Presence(parts.redis)
        self._letters = DeadLetters(parts.redis, parts.conversations)
        self._replies = load_replies(parts.data / "canned.yml")
        parts.background.append(self._feed.run)

    async def queues(self, request: Request) -> HTTPResponse:
        """GET /api/v1/staff/queues"""
        rows: dict[str, list[Any]] = {"waiting": [], "mine": [], "team": [], "mail": []}
        ids = [id for queue in QUEUES for id, _ in await listed(self._parts.redis, queue)]
        found = await read_rows(self._parts.redis, ids, self._parts.content)
        for row in found.values():
            if row is not None:
                rows[queue_of(row, request.ctx.staff.id)].append(row)
        for queue in rows.values():
            queue.sort(key=lambda row: row.since)
        return json_answer(rows | {"dead": await self._letters.all()}, headers=NO_STORE)

    async def events(self, request: Request) -> None:
        """GET /api/v1/staff/queues/events"""
        staff: Staff = request.ctx.staff
        beating = asyncio.create_task(self._be_there(staff))
        try:
            await self._stream(request, staff)
        finally:
            beating.cancel()

    async def _stream(self, request: Request, staff: Staff) -> None:
        with self._feed.open_desk(staff.id) as desk:
            response = await request.respond(
                content_type="text/event-stream; charset=utf-8",
                headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
            )
            await response.send(_OPENING)
            while not self._parts.tail.closed and not desk.behind:
                await response.send(await desk.take(QUIET) or _STILL_THERE)

    async def _be_there(self, staff: Staff) -> None:
        """Those who take conversations count as there while they have the queues open."""
        while staff.may(frozenset({Role.AGENT})):
            with suppress(StoreUnavailable, RedisError):
                await self._presence.beat(staff.id, staff.name)
            await asyncio.sleep(BEAT)

    async def presence(self, request: Request) -> HTTPResponse:
        """GET /api/v1/staff/presence"""
        return json_answer({"staff": await self._presence.there()}, headers=NO_STORE)

    async def set_presence(self, request: Request) -> HTTPResponse:
        """PUT /api/v1/staff/presence"""
        body = await read_json(request, NewStatus)
        staff: Staff = request.ctx.staff
        await self._presence.set_status(staff.id, staff.name, body.status)
        self._feed.look()
        return HTTPResponse(status=204)

    async def canned(self, request: Request) -> HTTPResponse:
        """GET /api/v1/staff/canned"""
        return json_answer({"replies": self._replies}, headers=NO_STORE)

    async def dead(self, request: Request) -> HTTPResponse:
        """GET /api/v1/staff/dead"""
        return json_answer({"dead": await self._letters.all()}, headers=NO_STORE)

    async def replay(self, request: Request, letter: str) -> HTTPResponse:
        """POST /api/v1/staff/dead/{letter}/replay"""
        try:
            await self._letters.replay(letter)
        except NotFound as error:
            raise Problem(404, "", "There is no such dead letter (any more).") from error
        await self._parts.audit.record(request.ctx.staff.id, "mail.replay", letter)
        self._feed.look()
        return HTTPResponse(status=204)


def routes(parts: Parts) -> list[Route]:
    """For agents and managers; dead letters also for admins, who mend their cause."""
    api = QueuesApi(parts)
    letters = DESK | {Role.ADMIN}
    return [
        Route("GET", f"{STAFF}/queues", api.queues, DESK),
        Route("GET", f"{STAFF}/queues/events", api.events, DESK, "queue_events"),
        Route("GET", f"{STAFF}/presence", api.presence, DESK),
        Route("PUT", f"{STAFF}/presence", api.set_presence, frozenset({Role.AGENT})),
        Route("GET", f"{STAFF}/canned", api.canned, DESK),
        Route("GET", f"{STAFF}/dead", api.dead, letters),
        Route("POST", f"{STAFF}/dead/<letter:str>/replay", api.replay, letters),
    ]
