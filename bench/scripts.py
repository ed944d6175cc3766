"""The scripted conversations, the same for both sides, and whether they were answered as meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bench.build import answers_of, examples_of
from bot.content import load_content

REPORT = "report"
FORM = "form turn"
FAQ_OUTSIDE = "FAQ outside the form"
FAQ_INSIDE = "FAQ inside the form"
FILING = "filing"
KINDS = (REPORT, FORM, FAQ_INSIDE, FAQ_OUTSIDE, FILING)

ARTICLES = ("activate_esim", "puk_code", "check_usage", "replace_sim")
FILED = re.compile(r"\bFL-[0-9A-HJKMNP-TV-Z]{6}\b")
BEGINNING = 40

_REPORTS = (
    "my mobile data isn't working",
    "no service on my phone",
    "my data is really slow",
    "I can't send text messages",
)
_DEVICES = (
    "iPhone 13",
    "Samsung Galaxy S21",
    "it's a Google Pixel 8",
    "I've got an iPhone 15 Pro Max",
)
_ERRORS = (
    "it says Could not activate cellular data network",
    "the error was call failed",
    "the message says Invalid SIM",
    "it says no service",
)
_STEPS = (
    "I restarted it twice",
    "I restarted it and reset the network settings, no change",
    "tried a different sim, same thing",
    "I've tried turning it off and on",
)
_EMAILS = (
    "blue.door@example.org",
    "jo@example.com",
    "my email is blue.door@example.org",
    "a.b@example.net",
)
_CONFIRMATIONS = ("yes", "yes please", "yes send it", "correct")


@dataclass(frozen=True)
class Turn:
    """A message of the customer, the kind of turn it makes, and how a right answer begins (if known)."""

    kind: str
    text: str
    expected: str = ""

    def answered(self, texts: tuple[str, ...]) -> bool:
        """Whether the bot's `texts` are what this turn is after."""
        if self.kind == FILING:
            return any(FILED.search(text) for text in texts)
        whole = " ".join(" ".join(texts).split())
        return self.expected in whole if self.expected else bool(whole)


class Scripts:
    """Conversations by number; the same number is the same conversation.

    data: the folder of operator content that the articles and the account number come from.
    """

    def __init__(self, data: Path) -> None:
        answers, examples = answers_of(data), examples_of(data)
        self.questions = [
            Turn(FAQ_OUTSIDE, examples[f"faq/{name}"][0], answers[name][:BEGINNING])
            for name in ARTICLES
        ]
        self._account_number = load_content(data).fields["account_number"].example

    def intake(self, number: int) -> list[Turn]:
        """Seven turns: a problem, five answers, the confirmation that files it."""
        of = number % len(_REPORTS)
        answers = (_DEVICES[of], _ERRORS[of], _STEPS[of], self._account_number, _EMAILS[of])
        return [
            Turn(REPORT, _REPORTS[of]),
            *(Turn(FORM, answer) for answer in answers),
            Turn(FILING, _CONFIRMATIONS[of]),
        ]

    def everything(self, number: int) -> list[Turn]:
        """An intake with questions before and in the middle of it, eleven turns."""
        ask = [self.questions[(number + n) % len(self.questions)] for n in range(4)]
        inside = [Turn(FAQ_INSIDE, turn.text, turn.expected) for turn in ask[2:]]
        turns = self.intake(number)
        return [*ask[:2], *turns[:2], inside[0], *turns[2:4], inside[1], *turns[4:]]

    def question(self, number: int) -> Turn:
        """One of the questions, in turn."""
        return self.questions[number % len(self.questions)]
