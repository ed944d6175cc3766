"""Which trigger of `data/handoff.yml` leads to a person now. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.case.model import Case
from bot.case.priority import priority
from bot.content import Content
from bot.content.handoff import HandoffTrigger


def counted(
    before: Mapping[str, int], case: Case, intent: str, text: str, content: Content
) -> dict[str, int]:
    """How many messages each trigger has fitted, this one included; `before` is the count so far."""
    after = dict(before)
    for trigger in content.handoff.triggers:
        if fits(trigger, case, intent, text, content):
            after[trigger.name] = after.get(trigger.name, 0) + 1
    return after


def due(
    before: Mapping[str, int], after: Mapping[str, int], content: Content
) -> HandoffTrigger | None:
    """The first trigger that has just been fitted often enough, so that each speaks up once."""
    return next(
        (
            trigger for trigger in content.handoff.triggers
            if before.get(trigger.name, 0) < trigger.times <= after.get(trigger.name, 0)
        ),
        None,
    )  # fmt: skip


def fits(trigger: HandoffTrigger, case: Case, intent: str, text: str, content: Content) -> bool:
    """Whether everything that `trigger` names is so for this case and message."""
    conditions = [
        not trigger.problems or case.problem in trigger.problems,
        not trigger.categories or case.category in trigger.categories,
        not trigger.priorities or priority(case, content).level in trigger.priorities,
        not trigger.intents or intent in trigger.intents,
        not trigger.phrases or trigger.named_in(text),
    ]
    return all(conditions)
