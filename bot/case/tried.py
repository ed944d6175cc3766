"""What was tried: steps joined to those told before, and told of the device that the case is about. Pure."""

from __future__ import annotations

import msgspec

from bot.case import fields as names
from bot.case.asking import COMMANDS, NO_ANSWERS
from bot.case.dialogue import kinds_of
from bot.case.heard import Heard, steps_answered
from bot.case.model import Case, Field
from bot.content import Content

# Restarting "it" is restarting the router, where that is what the case is about.
OF_THE_ROUTER = {
    "restart": "restart_router",
    "factory_reset": "reset_router",
    "other_location": "move_router",
}


def answered_steps(asking: str | None, heard: Heard) -> dict[str, Field]:
    """What was tried, where that is the question: a bare list of steps is an answer."""
    steps = steps_answered(heard) if asking == names.STEPS_TRIED else None
    told = heard.intent not in COMMANDS | NO_ANSWERS.keys()
    return {names.STEPS_TRIED: steps} if steps and told else {}


def at_the_device(steps: Field, case: Case, heard: Heard, content: Content) -> Field:
    """`steps` as those of the case's device, where the message speaks of no other."""
    speaks = any(entity["entity"] == names.DEVICE for entity in heard.entities)
    router = kinds_of(case.field(names.DEVICE).value, content) == {"router"}
    if speaks or not router or not isinstance(steps.value, list) or "phone" in heard.text.lower():
        return steps
    named = [
        msgspec.structs.replace(step, step=OF_THE_ROUTER.get(step.step, step.step))
        for step in steps.value
    ]
    return msgspec.structs.replace(steps, value=named)


def joined_steps(old: Field, new: Field) -> Field:
    """The steps told before and those of `new` that were not among them."""
    if not isinstance(old.value, list) or not isinstance(new.value, list):
        return new
    known = {(step.step, step.verbatim) for step in old.value}
    more = [step for step in new.value if (step.step, step.verbatim) not in known]
    if not more:
        return old
    steps = [*old.value, *more]
    return msgspec.structs.replace(
        old, value=steps, verbatim="; ".join(step.verbatim for step in steps),
        events=tuple(dict.fromkeys(old.events + new.events)),
    )  # fmt: skip
