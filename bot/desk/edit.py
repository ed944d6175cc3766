"""An agent's change of one field: a revision when the case is filed already. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.case.dialogue import edit_in_words
from bot.case.fields import edited_field
from bot.case.filing import filed
from bot.case.model import Field, Step
from bot.case.view import customer_view
from bot.content import Content
from bot.conversation.change import Change
from bot.conversation.events import AGENT, CASE, Event
from bot.conversation.store import Conversation
from bot.desk.mask import Mask
from bot.desk.rows import Agent
from bot.mail.destinations import Destinations
from bot.mail.filing import filing_of

RESULT = " – "  # between a step and what came of it, as the desk writes it


def edited(
    conversation: Conversation, field: str, value: str, by: Agent, bot_wrong: bool,
    log: Sequence[Event], content: Content, destinations: Destinations,
) -> Change:  # fmt: skip
    """The change that gives `field` the value that an agent typed for it.

    bot_wrong: the bot had understood the customer wrong; trainers find it by that. log: the whole
    log, where the case is filed. Raises `InvalidValue` with the reason, in words.
    """
    before = conversation.case
    was = before.field(field)
    value = Mask(before, content.account_number).restored(value)  # it was shown masked
    now = _with_known_steps(edited_field(field, value, was, content.account_number), was)
    if now.value == was.value and was.invalid is None:
        return Change()
    case = before.with_field(field, now)
    filing = None
    if case.filed:
        case = filed(case, case.number, None, confirmed=False)
        filing = filing_of(conversation.id, case, log, content, destinations)
    private = {
        "by": AGENT, "staff": by.id, "name": by.name, "edit": edit_in_words(field, before, case),
        **({"bot_wrong": True, "events": list(was.events)} if bot_wrong else {}),
    }  # fmt: skip
    event = Event(CASE, {"case": customer_view(case, content)}, private)
    if filing is None:
        return Change(events=[event], case=case)
    return Change(
        events=[event], case=case, filed=filing.document, mails=filing.mails, timers=filing.timers,
        counts=filing.counts,
    )  # fmt: skip


def _with_known_steps(now: Field, was: Field) -> Field:
    """Lines that stand as they were keep what is known of the step; the desk writes `words – result`."""
    if not isinstance(now.value, list):
        return now
    before = was.value if isinstance(was.value, list) else []
    known = {_line(step): step for step in before}
    steps = [known.get(one.verbatim) or _step(one.verbatim) for one in now.value]
    return msgspec.structs.replace(now, value=steps)


def _line(step: Step) -> str:
    words = step.verbatim or step.step
    return words + RESULT + step.result if step.result else words


def _step(line: str) -> Step:
    words, _, result = line.partition(RESULT)
    return Step("other", words, result or None)
