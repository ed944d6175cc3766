"""What the calls of the desk have in common: who may make them, and the answer that things changed."""

from __future__ import annotations

from typing import Any

import msgspec
from sanic import HTTPResponse, Request

from bot.content import Content
from bot.conversation.store import Conversation, Conversations
from bot.desk.rows import Agent, Opened, open_row
from bot.edge.answers import NO_STORE, json_answer
from bot.edge.parts import Parts
from bot.edge.problems import PROBLEM_JSON, Problem
from bot.staff.roles import Role

DESK = frozenset({Role.AGENT, Role.MANAGER})


class Changed(Problem):
    """Things are not as the page thought; `more` is how they are now."""

    def __init__(self, detail: str, more: dict[str, Any]) -> None:
        super().__init__(409, "changed", detail)
        self._more = more

    def response(self) -> HTTPResponse:
        """The problem with its further members (RFC 9457, section 3.2)."""
        plain = msgspec.json.decode(super().response().body or b"{}")
        return HTTPResponse(msgspec.json.encode(plain | self._more), 409, content_type=PROBLEM_JSON)


class Reads:
    """Reads conversations for the desk."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.content: Content = parts.content
        self.conversations: Conversations = parts.conversations

    async def conversation(self, id: str) -> Conversation:
        """The conversation with this id. Raises `NotFound`."""
        return await self.conversations.read(id)

    async def opened(self, id: str) -> Opened:
        """Its row with epoch and versions. Raises `NotFound`."""
        return await open_row(self._parts.redis, id, self.content)

    async def answer(self, id: str) -> HTTPResponse:
        """How the conversation is now, after a move."""
        return json_answer({"conversation": await self.opened(id)}, headers=NO_STORE)

    async def changed(self, id: str) -> Changed:
        """The refusal of a move that was made on an older state, with who has it now."""
        now = await self.opened(id)
        return Changed(_told(now), {"conversation": msgspec.to_builtins(now)})


def _told(now: Opened) -> str:
    if now.agent is not None:
        return f"{now.agent.name} has this conversation now."
    return {
        "waiting": "This conversation is waiting for a person.",
        "closed": "This conversation is closed.",
    }.get(now.owner, "The bot has this conversation now.")


def agent_of(request: Request) -> Agent:
    """Who is asking."""
    return Agent(request.ctx.staff.id, request.ctx.staff.name)
