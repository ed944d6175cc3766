"""What the bot writes when it answers an e-mail, read from `data/mail.yml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Formatter

from bot.content.files import read_file
from bot.content.records import Record
from bot.errors import ContentError
from bot.settings import ROOT

KNOWN = {
    "opened": {"brand", "bot", "number", "problem"},
    "any_problem": set(),
    "incident": {"title", "text"},
    "added": {"number"},
    "expect": {"response_time"},
    "ask": set(),
    "question": {"position", "label", "example"},
    "question_without_example": {"position", "label"},
    "how": set(),
    "complete": set(),
    "invalid": {"label", "value", "reason"},
    "lost": {"label"},
    "refused_file": {"name", "reason"},
    "answer": {"title", "answer"},
}


class MailTexts(Record, frozen=True, kw_only=True):
    """The sentences of a mail, in the order in which they may stand in it.

    Names in braces are filled in; `KNOWN` has those that each sentence may use.
    """

    opened: str
    any_problem: str
    incident: str
    added: str
    expect: str
    answer: str
    invalid: str
    lost: str
    refused_file: str
    ask: str
    question: str
    question_without_example: str
    how: str
    complete: str


def load_mail_texts(path: Path) -> MailTexts:
    """Reads and checks the sentences. Raises `ContentError`, naming file, key and fix."""
    texts = read_file(path, MailTexts)
    for name, known in KNOWN.items():
        _check(path, name, getattr(texts, name), known)
    return texts


@cache
def mail_texts() -> MailTexts:
    """The sentences of this checkout, read once per process."""
    return load_mail_texts(ROOT / "data" / "mail.yml")


def _check(path: Path, key: str, text: str, known: set[str]) -> None:
    try:
        used = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise ContentError(f"{path}: {key}: {error}. Write a brace as {{{{ or }}}}") from error
    for name in sorted(used - known):
        may = ", ".join(f"{{{it}}}" for it in sorted(known)) or "none"
        raise ContentError(f"{path}: {key}: nothing is called {{{name}}} here. Use {may}")
