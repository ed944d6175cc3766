"""Fills in the words of a notice: what became of a case, for its customer or for staff. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.case.document import CaseDocument
from bot.content import Content
from bot.content.follow_up import FollowUp
from bot.conversation.events import AGENT, CUSTOMER, MESSAGE, Event
from bot.followup.notices import notice, slots
from bot.followup.survey import ANSWERS, Asked, SurveyLinks, survey_words
from bot.mail.order import MailOrder
from bot.mail.sheet import text

TEAM = "team_"


@dataclass(frozen=True)
class Link:
    """A link of a mail with what it is called."""

    label: str
    address: str


@dataclass(frozen=True)
class NoticeText:
    """A notice as it is to be read. staff: it goes to staff, and shows the whole case."""

    subject: str
    paragraphs: tuple[str, ...]
    links: tuple[Link, ...]
    staff: bool


class NoticeWriter:
    """Writes notices in the operator's words. desk: the address of the desk."""

    def __init__(self, content: Content, said: FollowUp, links: SurveyLinks, desk: str) -> None:
        self._content = content
        self._follow_up = said
        self._links = links
        self._desk = desk

    def text(self, order: MailOrder, document: CaseDocument, log: Sequence[Event]) -> NoticeText:
        """The words of the notice that `order` asks for; `log` is the conversation's."""
        name, _, which = order.about.partition(":")
        wanted = notice(self._follow_up, name)
        words = self._slots(document, order.facts | {"said": _said(log, which.partition(".")[0])})
        if letter := order.facts.get("letter"):
            words["letter"] = notice(self._follow_up, letter).text.format_map(words)
        staff = name.startswith(TEAM)
        links: tuple[Link, ...] = (
            Link("Open the case at the desk", f"{self._desk}#conversation/{order.conversation}"),
        )
        if not staff:
            links = self._survey(order) if wanted.asks else ()
        if link := order.facts.get("link"):
            links = (Link("Go on with the conversation", link),)
        subject = f"[{document.case}] {wanted.subject.format_map(words)}"
        said = text(wanted.text.format_map(words))
        return NoticeText(subject, tuple(said.split("\n\n")), links, staff)

    def _slots(self, document: CaseDocument, facts: Mapping[str, str]) -> dict[str, str]:
        return slots(document.case, document.problem_title, document.category, facts,
                     self._content, self._follow_up)  # fmt: skip

    def _survey(self, order: MailOrder) -> tuple[Link, ...]:
        asked = Asked(order.conversation, int(order.facts["asked"]))
        labels = survey_words().answers
        return tuple(Link(labels.of(it), self._links.link(asked, it)) for it in ANSWERS)


def _said(log: Sequence[Event], until: str) -> str:
    """What the agent has said since the customer's last word, up to the event `until`."""
    said: list[str] = []
    for event in log:
        if event.type == MESSAGE and event.body["from"] == CUSTOMER:
            said = []
        elif event.type == MESSAGE and event.body["from"] == AGENT:
            said.append(str(event.body["text"]))
        if event.id == until:
            break
    return "\n\n".join(said)
