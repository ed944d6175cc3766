"""A turn of a conversation that goes on by mail: read all that a mail says, ask for all that is missing.

A mail is not a chat: nobody wants one question a day. So a mail is filed as it is, at once, and its
answer has every question in one list; what the customer answers completes the case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from bot.case.completeness import questions
from bot.case.doubt import CERTAIN
from bot.case.fields import CONTACT_EMAIL, DESCRIPTION, PREFERRED_REPLY
from bot.case.filing import filed, moment
from bot.case.heard import Heard
from bot.case.incident import tied
from bot.case.intake import take_in
from bot.case.model import Case, Field, Handover, State
from bot.case.taking import Note
from bot.content import Content
from bot.content.mail_texts import MailTexts
from bot.mail.thread import MAIL_NOTE, MailNote

Understand = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]

RECEIVED = Handover("email", "it came by e-mail")
CHITCHAT = frozenset({"thanks", "goodbye", "greet"})
SURE_OF_A_QUESTION = 0.7
SURE_OF_A_PROBLEM = 0.6
_NUMBERED = re.compile(r"^\s*(\d{1,2})[.):]\s*(.*)$")


class ReadMail(msgspec.Struct, frozen=True):
    """What a mail comes to: the case after it, and the one message that answers it, empty for none.

    asks: the fields that the answer asks for.
    """

    case: Case
    answer: str
    asks: tuple[str, ...] = ()


def read_by_mail(
    understand: Understand, case: Case, text: str, facts: Mapping[str, Any], content: Content,
    texts: MailTexts,
) -> ReadMail:  # fmt: skip
    """The case after a mail with the new text `text`, filed, and the answer to it.

    facts: event, number and at as for any message, `mail` as noted with the event, and `file`
    where the event is a file that came with the mail: then nothing is answered yet.
    """
    if facts.get("file"):
        return ReadMail(case.with_file(facts["file"]), "")
    note = msgspec.convert(facts[MAIL_NOTE], MailNote)
    parsed = understand(text, facts)
    intent = str(parsed["intent"].get("name"))
    if case.filed and intent in CHITCHAT and not parsed["entities"]:
        return ReadMail(case, "")
    asked = _asked_in(note.quoted, content) or _asked(case, content)
    first = not case.filed
    opened = _with_sender(case, note, str(facts.get("event", "")))
    if first:
        after, notes = _opening(opened, text, parsed, facts, content)
    else:
        after, notes = _answers(understand, opened, text, facts, asked, content)
    # Whatever is written about a case that counted as done opens it again.
    after = msgspec.structs.replace(after, handover=after.handover or RECEIVED, resolution=None)
    after = tied(after, content, moment(facts.get("at")))
    after, article = _with_article(after, parsed, content)
    after = filed(after, facts.get("number"), facts.get("at"), confirmed=False)
    said = _Words(after, content, texts)
    return ReadMail(after, said.answer(first, article, notes, note), tuple(_asked(after, content)))


def _opening(
    case: Case, text: str, parsed: Mapping[str, Any], facts: Mapping[str, Any], content: Content
) -> tuple[Case, tuple[Note, ...]]:
    """The case that a first mail makes, whatever it is about: somebody wants something of us."""
    heard = _heard(text, parsed, facts)
    intent = "complaint" if heard.intent == "complaint" else "report_problem"
    taken = take_in(case, replace(heard, intent=intent), None, content)
    return taken.case, taken.notes


def _answers(
    understand: Understand, case: Case, text: str, facts: Mapping[str, Any], asked: Sequence[str],
    content: Content,
) -> tuple[Case, tuple[Note, ...]]:  # fmt: skip
    """The case after an answer: each numbered part is about its question, the rest about any."""
    notes: list[Note] = []
    for number, part in _parts(text):
        field = asked[number - 1] if 0 < number <= len(asked) else None
        if field is None and len(asked) == 1:
            field = asked[0]
        heard = _heard(part, understand(part, facts), facts)
        # In a thread about a case, what is told belongs to that case.
        kept = heard.intent in ("dont_know", "refuse", "deny", "change_field")
        taken = take_in(case, heard if kept else replace(heard, intent="inform"), field, content)
        case = taken.case
        notes += taken.notes
    return case, tuple(notes)


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """The text by its numbers: lines up to the next number or empty line belong to one; 0 is the rest."""
    number, lines = 0, list[str]()
    for line in [*text.split("\n"), ""]:
        start = _NUMBERED.match(line)
        if start or not line.strip():
            if lines:
                yield number, "\n".join(lines)
            number, lines = (int(start[1]), [start[2]]) if start and start[2] else (0, [])
            if start and not start[2]:
                number = int(start[1])
        else:
            lines.append(line)


def _asked(case: Case, content: Content) -> list[str]:
    """The questions of the last answer, in their order; the sender's address is never one."""
    return [name for name in questions(case, content) if name not in (CONTACT_EMAIL, DESCRIPTION)]


def _asked_in(quoted: str, content: Content) -> list[str]:
    """The questions as the customer's mail repeats them: between two mails the case may have moved on."""
    found: dict[int, str] = {}
    for line in quoted.split("\n"):
        start = _NUMBERED.match(line.lstrip("> "))
        for name, field in content.fields.items() if start else ():
            if start and start[2].startswith(field.label):
                found.setdefault(int(start[1]), name)
    return [found[number] for number in sorted(found)] if set(found) == _first(len(found)) else []


def _first(count: int) -> set[int]:
    return set(range(1, count + 1))


def _heard(text: str, parsed: Mapping[str, Any], facts: Mapping[str, Any]) -> Heard:
    return Heard(
        text=text,
        event=str(facts.get("event", "")),
        intent=str(parsed["intent"].get("name")),
        entities=parsed.get("entities") or [],
        problem=_problem(parsed),
        problem_confidence=CERTAIN,  # however little it says, a mail is filed as it is
        nothing=parsed.get("nothing") or (),
    )


def _problem(parsed: Mapping[str, Any]) -> str | None:
    """The kind of problem, where there is little doubt: a mail is filed whatever it is about."""
    found = parsed.get("problem") or {}
    return found.get("name") if found.get("confidence", 0.0) >= SURE_OF_A_PROBLEM else None


def _with_sender(case: Case, note: MailNote, event: str) -> Case:
    """The case with the address that the mail came from, where none is known."""
    known = case.field(CONTACT_EMAIL)
    if known.value is not None and not known.invalid:
        return case
    stated = Field(note.sender, State.STATED, note.sender, (event,), 1.0)
    case = case.with_field(CONTACT_EMAIL, stated)
    if case.field(PREFERRED_REPLY).value is None:
        by_mail = Field("e-mail", State.INFERRED, None, (event,), 0.9)
        case = case.with_field(PREFERRED_REPLY, by_mail)
    return case


def _with_article(
    case: Case, parsed: Mapping[str, Any], content: Content
) -> tuple[Case, str | None]:
    """The article that answers what the mail asks, noted as shown; None when it asks nothing known."""
    intent = parsed["intent"]
    ranked = parsed.get("articles") or []
    if intent.get("name") != "faq" or not ranked or ranked[0]["confidence"] < SURE_OF_A_QUESTION:
        return case, None
    name = str(ranked[0]["name"])
    if name not in content.articles or name in case.articles_shown:
        return case, None
    shown = (*case.articles_shown, name)
    return msgspec.structs.replace(case, articles_shown=shown), name


class _Words:
    """Writes the answer to a mail about `case`."""

    def __init__(self, case: Case, content: Content, texts: MailTexts) -> None:
        self._case = case
        self._content = content
        self._texts = texts

    def answer(
        self, first: bool, article: str | None, notes: Sequence[Note], note: MailNote
    ) -> str:
        """All of it, in paragraphs."""
        paragraphs = [self._opening(first)]
        if first:
            paragraphs += self._incident()
        if article:
            paragraphs.append(self._article(article))
        paragraphs += [self._unusable(it) for it in notes if it.kind != "changed"]
        paragraphs += [
            self._texts.refused_file.format(name=it.name, reason=it.reason) for it in note.refused
        ]
        return "\n\n".join([*paragraphs, *self._questions()])

    def _opening(self, first: bool) -> str:
        brand = self._content.brand
        problem = self._content.problems.get(self._case.problem or "")
        response = self._content.response_times[self._case.category].text
        if not first:
            return self._texts.added.format(number=self._case.number)
        opened = self._texts.opened.format(
            brand=brand.name, bot=brand.bot_name, number=self._case.number,
            problem=problem.title if problem else self._texts.any_problem,
        )  # fmt: skip
        return f"{opened} {self._texts.expect.format(response_time=response)}"

    def _incident(self) -> list[str]:
        known = (one for one in self._content.incidents if one.name == self._case.incident)
        return [self._texts.incident.format(title=one.title, text=one.text) for one in known]

    def _article(self, name: str) -> str:
        article = self._content.articles[name]
        steps = [f"{n}. {step}" for n, step in enumerate(article.steps, start=1)]
        answer = "\n".join(part for part in (article.answer, *steps, article.link) if part)
        return self._texts.answer.format(title=article.title, answer=answer)

    def _unusable(self, note: Note) -> str:
        label = self._content.fields[note.field].label
        if note.kind == "lost":
            return self._texts.lost.format(label=label)
        reason = f"{note.reason[:1].upper()}{note.reason[1:]}."
        return self._texts.invalid.format(label=label, value=note.new, reason=reason)

    def _questions(self) -> list[str]:
        asked = _asked(self._case, self._content)
        if not asked:
            return [self._texts.complete]
        lines = [self._question(n, name) for n, name in enumerate(asked, start=1)]
        return [self._texts.ask + "\n" + "\n".join(lines), self._texts.how]

    def _question(self, position: int, name: str) -> str:
        field = self._content.fields[name]
        words = {"position": position, "label": field.label}
        if not field.example:
            return self._texts.question_without_example.format(**words)
        return self._texts.question.format(**words, example=field.example)
