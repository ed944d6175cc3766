"""A conversation with the dialogue, turn by turn, as the worker leads it but without Redis."""

from __future__ import annotations

from typing import Any

from bot.case.model import Case, Field, State
from bot.content import Content, load_content
from bot.engine.dialogue import Dialogue, Incoming, Outcome, Said
from bot.settings import ROOT

CONTENT: Content = load_content(ROOT / "data")
NUMBER = "FL-7K3M2Q"
AT = "2026-11-22T08:16:05Z"


class Talk:
    """Says and clicks things; `case` and `said` are how things stand after the last turn."""

    def __init__(self, dialogue: Dialogue, case: Case | None = None) -> None:
        self.dialogue = dialogue
        self.case = case or Case()
        self.tracker = b""
        self.said: list[Said] = []
        self.turns = 0

    async def say(self, text: str, **facts: Any) -> str:
        """What the bot says to words of the customer."""
        return await self._turn(text, "", facts)

    async def click(self, label: str) -> str:
        """What the bot says to a click on a quick reply of its last messages."""
        choices = dict(choice for said in self.said for choice in said.choices)
        assert label in choices, f"{label!r} is not among {list(choices)}"
        return await self._turn(label, choices[label], {"clicked": True})

    async def send(self, payload: str, **facts: Any) -> str:
        """What the bot says to something that the edge reports, such as a file."""
        return await self._turn("", payload, {"clicked": True} | facts)

    async def _turn(self, text: str, payload: str, facts: dict[str, Any]) -> str:
        self.turns += 1
        basic = {"event": f"{self.turns}-0", "at": AT, "number": NUMBER}
        heard = Incoming(text, payload, basic | facts)
        outcome = await self.dialogue.turn("c1", self.tracker, self.case, heard)
        self.take(outcome)
        return "\n".join(said.text for said in self.said)

    def take(self, outcome: Outcome) -> None:
        self.case, self.tracker, self.said = outcome.case, outcome.tracker, outcome.said

    @property
    def labels(self) -> list[str]:
        return [label for said in self.said for label, _ in said.choices]


def whole_case(**more: str) -> Case:
    """A technical case with everything in it that is asked for."""
    values = {
        "description": "no mobile data", "device": "Google Pixel 8", "error_message": "No internet",
        "account_number": "8847201193", "contact_email": "jo@mail.example",
    } | more  # fmt: skip
    fields = {name: Field(value, State.STATED, value, ("1-0",)) for name, value in values.items()}
    fields["steps_tried"] = Field(None, State.UNKNOWN, "nothing yet", ("1-0",))
    return Case(problem="no_mobile_data", category="technical", fields=fields)
