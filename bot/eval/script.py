"""A dialogue's worth of a simulated customer's behaviour: how much is told at first, and one quirk.

Which words are chosen is drawn with a seed, so that a run can be repeated. Pure.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec

from bot.case import fields as names
from bot.case.asking import CANCEL, KIND
from bot.case.model import State
from bot.content import load_content
from bot.eval.customers import Customer, Customers, Fact, Replies
from bot.eval.wording import WORDINGS, spoken
from bot.settings import ROOT

RICH, BARE = "rich", "bare"
MANNERS = (RICH, BARE)
# What interrupts the bot's questions, once a dialogue; the words are those of `Replies`.
ASIDES = frozenset({
    "digression", "why", "angry", "bot", "duration", "already_told", "thanks", "a_moment", "bare_yes",
    "gives_up",
})  # fmt: skip
# What stands round every answer.
AROUND = frozenset({"chatter", "agreeing", "asks_back", "echoing", "unsure", "cursing", "quoting"})
# What the customer says, once, instead of a plain yes to the summary.
AT_THE_SUMMARY = frozenset(
    {
        "second_thoughts",
        "no_and_correction",
        "yes_and_more",
        "sloppy_yes",
        "told_all_again",
        "tried_more",
    }
)
QUIRKS = (
    "none", "digression", "why", "unknown", "correction", "greeting",
    "angry", "bot", "chatter", "ahead", "mistyped", "second_thoughts",
    "duration", "already_told", "same_as_before", "refusal", "three_minds", "agreeing",
    "elsewhere", "spoken", "two_in_a_row", "no_and_correction", "yes_and_more", "sloppy_yes", "thanks", "a_moment",
    "bare_yes", "gives_up", "asks_back", "echoing", "in_one_breath", "half_an_address", "told_all_again",
    "unsure", "cursing", "quoting", "found_later", "half_said", "tried_more", "question_too", "form", *WORDINGS,
)  # fmt: skip
JOINTS = (". ", "\n", ", ")
MAY_BE_UNKNOWN = (names.DEVICE, names.ERROR_MESSAGE)
MAY_BE_REFUSED = (names.ACCOUNT_NUMBER, names.DEVICE)
PHONE = "07700900762"
# What stands before the facts in a form.
FORM = {
    names.DEVICE: "Device", names.ERROR_MESSAGE: "Error message", names.STEPS_TRIED: "What I have tried",
    names.STARTED: "Since", names.LOCATION: "Where", names.ACCOUNT_NUMBER: "Account no.",
    names.CONTACT_EMAIL: "Email", names.CONTACT_PHONE: "Telephone", names.PREFERRED_REPLY: "Reply by",
    names.OS_VERSION: "Version", names.PREVIOUS_CONTACT: "Contact so far",
}  # fmt: skip


@dataclass
class Script:
    """One dialogue to be: a customer, how much the first message tells, and one quirk.

    `told` are the fields that the customer has stated so far, `wanted` what a case must hold of them,
    `unanswered` the state of those that the customer would not or could not tell.
    """

    customer: Customer
    replies: Replies
    manner: str
    quirk: str
    chance: random.Random
    # The category of each kind of problem.
    categories: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.trouble = self.chance.choice(self.customer.trouble)
        self.told: set[str] = set()
        self.wanted = dict(self.customer.fields)
        self.unanswered: dict[str, State] = {}
        self._pending: list[str] = []
        self._question = ""
        self._quirk_done = self.quirk == "none"

    @property
    def name(self) -> str:
        """For people to read."""
        return f"{self.customer.problem}, {self.manner}, {self.quirk}"

    def opening(self) -> str:
        """The first message: the trouble alone, or with all facts but at most one."""
        if self.quirk == "greeting" and self.manner == BARE:
            self._quirk_done = True
            return self.chance.choice(self.replies.greeting)
        if self.quirk == "two_in_a_row":
            self._pending.append(self._another_fact(but="") or self.trouble)
        if self.quirk == "form":
            return self._form()
        text = self._first_message()
        if self.quirk != "question_too":
            return text
        return self.chance.choice(self.replies.question_too).format(text=text)

    def _form(self) -> str:
        """The trouble and, of a customer who tells it all at once, the facts, each on a line of its own."""
        told = list(self.customer.fields) if self.manner == RICH else []
        self.told.update(told)
        facts = [f"{FORM[name]}: {self._words_for(name)}" for name in told]
        return "\n".join([f"Problem: {self.trouble}", *facts])

    def _first_message(self) -> str:
        if self.manner == BARE:
            return self._worded(self.trouble)
        facts = list(self.customer.fields)
        self.chance.shuffle(facts)
        left_out = self.chance.choice([None, *facts])
        parts = [self.trouble]
        for name in facts:
            if name != left_out:
                self.told.add(name)
                parts.append(self.chance.choice(self.customer.fields[name].said))
        text = self.chance.choice(JOINTS).join(parts)
        lower = self.chance.random() < 1 / 3 and "shows" not in text
        return self._worded(text.lower() if lower else text)

    def reply(self, asking: str | None, shown: str, kinds: Mapping[str, str] | None = None) -> str:
        """What the customer answers; `asking` is what the bot waits for, `shown` what it said.

        kinds: the kinds of problem to choose from, by what they are called.
        """
        self._question = shown.rstrip().rpartition("\n")[2]
        if self._pending:
            return self._pending.pop(0)
        if asking in self.customer.fields:
            return self._quirky(asking) or self._answer(asking)
        if asking in names.FIELD_NAMES:
            if asking == names.DESCRIPTION:
                return self.chance.choice(self.customer.trouble)
            return self.chance.choice(self.replies.unknown)
        if asking == "doubt":
            right = any(isinstance(fact.value, str) and fact.value in shown
                        for fact in self.customer.fields.values())  # fmt: skip
            return self.chance.choice(self.replies.doubt_yes if right else self.replies.doubt_no)
        if asking == KIND:
            return self._kind(kinds or {})
        if asking == CANCEL:
            return self.chance.choice(self.replies.goes_on)
        if asking == "solved":
            return self.chance.choice(self.replies.solved)
        if asking == "confirmation":
            return self._at_the_summary() or self.chance.choice(self.replies.confirmation)
        return self.trouble if asking is None else self.replies.doubt_no[0]

    def _kind(self, kinds: Mapping[str, str]) -> str:
        """The kind of problem that it is, or one that is handled by the same team."""
        right = [title for title, kind in kinds.items() if kind == self.customer.problem]
        near = [
            title
            for title, kind in kinds.items()
            if self.categories.get(kind) == self.customer.category
        ]
        chosen = next(iter(right + near), None)
        if chosen is None:
            return self.chance.choice(self.replies.no_kind)
        return self.chance.choice(self.replies.kind).format(title=chosen)

    def _worded(self, text: str) -> str:
        wording = WORDINGS.get(self.quirk)
        return wording(text, self.chance) if wording else text

    def _answer(self, asking: str) -> str:
        self.told.add(asking)
        if asking == names.ACCOUNT_NUMBER and not self._quirk_done:
            number = self._about_the_number(str(self.customer.fields[asking].value))
            if number:
                self._quirk_done = True
                return number
        answer = self._words_for(asking)
        if self.quirk in AROUND:
            around: list[str] = getattr(self.replies, self.quirk)
            return self.chance.choice(around).format(answer=answer, question=self._question)
        return self._with_what_was_not_asked(answer) if self.quirk == "ahead" else answer

    def _about_the_number(self, right: str) -> str | None:
        """The account number wrong, in part or in words, where that is the quirk."""
        turned = right[:-2] + right[-1] + right[-2]
        if self.quirk == "correction":
            self._pending = [self.chance.choice(self.replies.correction).format(value=right)]
            return turned
        if self.quirk == "three_minds":
            other = f"{9 - int(right[0])}{right[1:]}"
            lines = self.replies.three_minds
            first, *self._pending = [line.format(value=right, other=other) for line in lines]
            return first
        if self.quirk == "mistyped":
            return right[:5]
        if self.quirk == "in_one_breath":
            return self.chance.choice(self.replies.in_one_breath).format(value=right, other=turned)
        return spoken(right) if self.quirk == "spoken" else None

    def _words_for(self, name: str) -> str:
        fact = self.customer.fields[name]
        return self.chance.choice(fact.answers or fact.said)

    def _with_what_was_not_asked(self, answer: str) -> str:
        """The answer together with another fact that the customer has not told yet."""
        other = self._another_fact(but="")
        return f"{answer}. {other}" if other else answer

    def _another_fact(self, but: str) -> str | None:
        """A sentence with a fact that the customer has not told yet."""
        untold = [name for name in self.customer.fields if name not in self.told | {but}]
        if not untold:
            return None
        self.told.add(untold[0])
        return self.chance.choice(self.customer.fields[untold[0]].said)

    def _at_the_summary(self) -> str | None:
        """What the customer adds or changes when the case is about to be sent."""
        if self.quirk not in AT_THE_SUMMARY or self._quirk_done:
            return None
        self._quirk_done = True
        words: str = self.chance.choice(getattr(self.replies, self.quirk))
        if self.quirk == "yes_and_more":
            self.told.add(names.CONTACT_PHONE)
            self.wanted[names.CONTACT_PHONE] = Fact(PHONE, [])
        elif self.quirk == "tried_more":
            return self._one_more_step()
        elif self.quirk not in ("sloppy_yes", "told_all_again"):
            fact = self.customer.fields[names.CONTACT_EMAIL]
            changed = msgspec.structs.replace(fact, value=f"new.{fact.value}")
            self.wanted[names.CONTACT_EMAIL] = changed
        return words.format(
            value=self.wanted[names.CONTACT_EMAIL].value, phone=PHONE, trouble=self.trouble
        )

    def _one_more_step(self) -> str | None:
        """Another step, of a customer who was asked what was tried."""
        if names.STEPS_TRIED not in self.told:
            return None
        fact = self.wanted[names.STEPS_TRIED]
        router = any(str(step).endswith("_router") for step in fact.value or ())
        steps = [*(fact.value or ()), "restart_router" if router else "restart"]
        self.wanted[names.STEPS_TRIED] = msgspec.structs.replace(fact, value=steps)
        return self.chance.choice(self.replies.tried_more)

    def _quirky(self, asking: str) -> str | None:
        """Something else than the answer, once a dialogue."""
        said = None if self._quirk_done else self._instead_of_the_answer(asking)
        self._quirk_done = self._quirk_done or said is not None
        return said

    def _instead_of_the_answer(self, asking: str) -> str | None:
        if self.quirk in ASIDES:
            asides: list[str] = getattr(self.replies, self.quirk)
            return self.chance.choice(asides)
        if self.quirk == "elsewhere":
            return self._another_fact(but=asking)
        if self.quirk == "half_an_address" and asking == names.CONTACT_EMAIL:
            local = str(self.customer.fields[asking].value).partition("@")[0]
            return self.chance.choice(self.replies.half_an_address).format(local=local)
        if self.quirk == "found_later" and asking == names.ACCOUNT_NUMBER:
            right = self.customer.fields[asking].value
            self.told.add(asking)
            self._pending.append(self.chance.choice(self.replies.found_later).format(value=right))
            return self.chance.choice(self.replies.not_at_hand)
        if self.quirk == "half_said":
            self.told.add(asking)
            self._pending.append(self._words_for(asking))
            return self.chance.choice(self.replies.half_said)
        if self.quirk == "same_as_before" and asking == names.ACCOUNT_NUMBER:
            return self.chance.choice(self.replies.same_as_before)
        if self.quirk == "unknown" and asking in MAY_BE_UNKNOWN:
            self.unanswered[asking] = State.UNKNOWN
            return self.chance.choice(self.replies.unknown)
        if self.quirk == "refusal" and asking in MAY_BE_REFUSED:
            self.unanswered[asking] = State.REFUSED
            return self.chance.choice(self.replies.refusal)
        return None


@lru_cache(maxsize=1)
def _categories() -> dict[str, str]:
    problems = load_content(ROOT / "data").problems
    return {name: problem.category for name, problem in problems.items()}


def scripts(customers: Customers, seed: int = 0) -> list[Script]:
    """A dialogue for each customer, manner and quirk."""
    categories = _categories()
    return [
        Script(
            customer, customers.replies, manner, quirk,
            random.Random(f"{seed} {n} {manner} {quirk}"), categories,
        )
        for n, customer in enumerate(customers.customers)
        for manner in MANNERS
        for quirk in QUIRKS
    ]  # fmt: skip
