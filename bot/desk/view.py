"""A conversation as staff see it: its case and its log, with account numbers masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from bot.case.completeness import missing
from bot.case.fields import CONTACT_EMAIL, CONTACT_PHONE, FIELD_NAMES
from bot.case.model import Case
from bot.case.priority import priority
from bot.case.subject import problem_in_words, subject_line
from bot.content import Content
from bot.conversation.events import CASE, MESSAGE, Event
from bot.conversation.store import Conversation
from bot.desk.mask import Mask

# How mails are threaded, what a click stood for, how the bot understood: nothing an agent needs.
_KEPT_BACK = frozenset({"mail", "mailed", "payload"})


def staff_case(case: Case, content: Content) -> dict[str, Any]:
    """The case with everything that is known of it, ready for JSON."""
    urgency = priority(case, content)
    shown = {
        "schema": "firstline.case/1",
        "case": case.number,
        "revision": case.revision,
        "status": "filed" if case.filed else "draft",
        "received_at": case.received_at,
        "locale": case.locale,
        "category": case.category,
        "problem": case.problem,
        "problem_title": problem_in_words(case, content),
        "priority": urgency.level,
        "priority_reasons": urgency.reasons,
        "subject": subject_line(case, content),
        "fields": {name: msgspec.to_builtins(case.field(name)) for name in FIELD_NAMES},
        "missing": msgspec.to_builtins(missing(case, content)),
        "confirmed_by_customer": case.confirmed_by_customer,
        "handover": msgspec.to_builtins(case.handover),
        "resolution": case.resolution.outcome if case.resolution else None,
        "articles_shown": case.articles_shown,
        "files": case.files,
        "incident": case.incident,
    }
    masked: dict[str, Any] = Mask(case, content.account_number).values(shown)
    for name in (CONTACT_EMAIL, CONTACT_PHONE):  # a telephone number is none of an account
        masked["fields"][name] = shown["fields"][name]
    return masked


def staff_events(
    events: Iterable[Event], conversation: Conversation, content: Content
) -> list[dict[str, Any]]:
    """The events as the desk serves them.

    Of several cases only the newest is given, as it is now and with its version: the older ones
    say what was changed and by whom, in `private`.
    """
    mask = Mask(conversation.case, content.account_number)
    shown = [_event(event, mask) for event in events]
    cases = [one for one in shown if one["type"] == CASE]
    for one in cases:
        one.pop("case", None)
    if cases:
        cases[-1] |= {
            "case": staff_case(conversation.case, content),
            "case_version": conversation.case_version,
        }
    return shown


def _event(event: Event, mask: Mask) -> dict[str, Any]:
    private = {name: value for name, value in event.private.items() if name not in _KEPT_BACK}
    body: Mapping[str, Any] = event.public()
    if event.type == MESSAGE and "text" in body:
        body = {**body, "text": mask.text(str(body["text"]))}
    return {**body, "private": mask.values(private)}


def slots(conversation: Conversation, agent: str, content: Content) -> dict[str, str]:
    """What canned replies may fill in for this conversation; only what is known is in it."""
    case = conversation.case
    device = case.field("device").value
    name = conversation.meta.get("customer_name", "").split()
    known = {
        "customer_first_name": name[0] if name else "",
        "agent_name": agent,
        "case_number": case.number or "",
        "brand": content.brand.name,
        "phone": content.brand.support_phone,
        "problem": problem_in_words(case, content) if case.problem else "",
        "device": device if isinstance(device, str) else "",
        "response_time": content.response_times[case.category].text,
    }
    return {slot: value for slot, value in known.items() if value}
