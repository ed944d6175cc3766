"""The files of `tests/conversations/`: what a customer does, and what the bot must make of it.

The format is documented in docs/howto/write-a-conversation-test.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec

from bot.content.files import read_folder
from bot.content.records import Incident
from bot.errors import ContentError
from bot.settings import ROOT

FOLDER = ROOT / "tests" / "conversations"

Words = str | list[str] | None
Desk = Literal["closed", "nobody", "somebody"]


class Step(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename=lambda name: name.replace("_", " "),
):
    """One act of the customer (exactly one of the first four) and what is expected of the answer.

    edits: fields changed by hand in the case card; sends_file: a file's name. bot_asks is a field,
    or what else `asking` may be (domain.yml), or nothing. understood_as is an intent, or
    `report_problem/<problem>`, `faq/<article>`. Texts are matched as parts of what is
    said, without regard to case; between slashes they are regular expressions. desk: who is there to
    take a conversation from this step on.
    """

    customer: str | None = None
    click: str | None = None
    edits: dict[str, str] | None = None
    sends_file: str | None = None
    desk: Desk | None = None
    understood_as: str | None = None
    bot_asks: str | None = None
    bot_says: Words = None
    bot_does_not_say: Words = None
    bot_offers: Words = None


class Conversation(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename=lambda name: name.replace("_", " "),
):
    """A conversation and the case that must come of it; see `bot.eval.conversations_check`.

    incidents: what is known to be broken meanwhile. known_failure: why it is expected to fail for
    now; it must then fail.
    """

    name: str
    steps: list[Step]
    case: dict[str, Any] = {}
    filed: bool | None = None
    confirmed: bool | None = None
    category: str | None = None
    problem: str | None = None
    missing: dict[str, str] | None = None
    articles_shown: list[str] | None = None
    handover: bool | None = None
    incident: str | None = None
    incidents: list[Incident] = []
    known_failure: str | None = None


class Theme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file: conversations on one theme; `about` says which."""

    about: str
    conversations: list[Conversation]


def load_conversations(folder: Path = FOLDER) -> dict[str, Conversation]:
    """All conversations by `theme/name`. Raises `ContentError`."""
    found: dict[str, Conversation] = {}
    for theme, content in read_folder(folder, Theme).items():
        for conversation in content.conversations:
            key = f"{theme}/{conversation.name}"
            if key in found:
                raise ContentError(
                    f"{folder / theme}.yml: two conversations are called {conversation.name!r}. Rename one"
                )
            _check_steps(key, conversation)
            found[key] = conversation
    return found


def customer_texts(conversations: dict[str, Conversation]) -> set[str]:
    """Everything that customers type in these conversations."""
    steps = (step for conversation in conversations.values() for step in conversation.steps)
    return {step.customer for step in steps if step.customer is not None}


def _check_steps(key: str, conversation: Conversation) -> None:
    for number, step in enumerate(conversation.steps, start=1):
        acts = [step.customer, step.click, step.edits, step.sends_file]
        if sum(act is not None for act in acts) != 1:
            raise ContentError(
                f"{key}, step {number}: exactly one of customer, click, edits, sends file is needed. Split the step"
            )
