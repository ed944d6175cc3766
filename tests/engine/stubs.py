"""Dialogues that do as they are told, for what a trained one does too seldom."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.case.filing import filed
from bot.case.model import Case
from bot.engine.dialogue import Dialogue, Incoming, Outcome, Said, TurnFailed

Before = Callable[[str, Incoming], Awaitable[None]]


class Echo:
    """Repeats what it hears; files at the word `file`. `before` runs in each turn."""

    def __init__(self, before: Before | None = None) -> None:
        self._before = before

    async def turn(self, conversation: str, stored: bytes, case: Case, heard: Incoming) -> Outcome:
        if self._before is not None:
            await self._before(conversation, heard)
        if heard.text == "file":
            case = filed(case, heard.facts["number"], heard.facts["at"])
            return Outcome([Said(f"Filed {case.number}")], case, b"")
        return Outcome([Said(f"echo {heard.text}")], case, b"")


class Moody:
    """A real dialogue that fails while `broken` is set."""

    def __init__(self, dialogue: Dialogue) -> None:
        self._dialogue = dialogue
        self.broken = False

    async def turn(self, conversation: str, stored: bytes, case: Case, heard: Incoming) -> Outcome:
        if self.broken:
            raise TurnFailed("out of sorts")
        return await self._dialogue.turn(conversation, stored, case, heard)


async def never() -> None:
    """Waits until cancelled."""
    await asyncio.Event().wait()
