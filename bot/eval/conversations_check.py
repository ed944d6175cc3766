"""Whether a bot's answer and a case are what a conversation test expects. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from bot.case.completeness import missing
from bot.case.fields import FIELD_NAMES
from bot.case.model import Case, Field
from bot.case.model import Step as CaseStep
from bot.content import Content
from bot.eval.conversations_format import Conversation, Step, Words

if TYPE_CHECKING:
    from bot.engine.dialogue import Outcome

NOTHING = "nothing"
CLAIMS_FILING = re.compile(r"\bis (?:now )?filed\b|\bcase FL-", re.IGNORECASE)
PLACEHOLDER = re.compile(r"\{[a-z_]+\}")


def matches(expected: str, text: str) -> bool:
    """Whether `expected` is part of `text`, or as /regular expression/ is found in it."""
    if len(expected) > 1 and expected.startswith("/") and expected.endswith("/"):
        return re.search(expected[1:-1], text, re.IGNORECASE | re.DOTALL) is not None
    return expected.casefold() in text.casefold()


def faults_of_answer(step: Step, outcome: Outcome, asking: str | None) -> Iterable[str]:
    """What is not as the step expects; `asking` is what the bot now waits for."""
    said = "\n".join(message.text for message in outcome.said)
    labels = [label for message in outcome.said for label, _ in message.choices]
    if step.understood_as is not None and not _is_understood(step.understood_as, outcome):
        yield f"bot understands {outcome.thought.get('intent')}, not {step.understood_as}"
    if step.bot_asks is not None and step.bot_asks != (asking or NOTHING):
        yield f"bot asks {asking or NOTHING}, not {step.bot_asks}"
    yield from (f"bot does not say {it!r}" for it in _words(step.bot_says) if not matches(it, said))
    yield from (f"bot says {it!r}" for it in _words(step.bot_does_not_say) if matches(it, said))
    for label in _words(step.bot_offers):
        if not any(matches(label, offered) for offered in labels):
            yield f"bot does not offer {label!r} but {labels}"


def _is_understood(wanted: str, outcome: Outcome) -> bool:
    """Whether a message was taken for an intent, or for the problem or article of one."""
    intent, _, part = wanted.partition("/")
    found = [outcome.thought.get("problem"), *outcome.thought.get("articles", ())[:1]]
    return outcome.thought.get("intent") == intent and (not part or part in found)


def faults_of_manners(before: Case, outcome: Outcome, asked: Sequence[str | None]) -> Iterable[str]:
    """What no answer may ever do; `asked` is what the bot waited for after each turn so far."""
    said = "\n".join(message.text for message in outcome.said)
    now = asked[-1] if asked else None
    if CLAIMS_FILING.search(said) and not outcome.case.filed:
        yield "bot claims to have filed a case and has not"
    if PLACEHOLDER.search(said):
        yield f"bot says a placeholder: {PLACEHOLDER.findall(said)}"
    before_that = asked[-2] if len(asked) > 1 else None
    newly = now != before_that and before_that not in ("confirmation", "change", "doubt", "kind")
    if newly and now in FIELD_NAMES and before.field(now).settled:
        yield f"bot asks for {now}, which it knows"
    if now in FIELD_NAMES and len(asked) > 4 and set(asked[-5:]) == {now}:
        yield f"bot has asked for {now} five times in a row"
    texts = [message.text for message in outcome.said]
    yield from (
        f"bot says the same twice in one turn: {it!r}" for it in set(texts) if texts.count(it) > 1
    )


def faults_of_case(expected: Conversation, case: Case, content: Content) -> Iterable[str]:
    """What is not as expected in the case at the end."""
    for name, value in expected.case.items():
        if name not in FIELD_NAMES:
            yield f"case: there is no field {name}"
        else:
            yield from (
                f"case: {name}: {fault}" for fault in _faults_of_field(value, case.field(name))
            )
    checks: list[tuple[str, Any, Any]] = [
        ("filed", expected.filed, case.filed),
        ("confirmed", expected.confirmed, case.confirmed_by_customer),
        ("category", expected.category, case.category),
        ("problem", expected.problem, case.problem),
        (
            "handover",
            expected.handover,
            case.handover is not None and "person" in case.handover.reason,
        ),
        ("articles shown", expected.articles_shown, list(case.articles_shown)),
        ("incident", expected.incident, case.incident or ""),
        ("missing", expected.missing, {it.field: it.why for it in missing(case, content)}),
    ]
    for name, wanted, found in checks:
        if wanted is not None and wanted != found:
            yield f"{name} is {found!r}, not {wanted!r}"


def _faults_of_field(expected: Any, field: Field) -> Iterable[str]:
    if not isinstance(expected, dict):
        expected = {"value": expected}
    for key, wanted in expected.items():
        found = getattr(field, key)
        if key == "value" and isinstance(wanted, list):
            yield from _faults_of_steps(wanted, found)
        elif not _equal(wanted, found):
            yield f"{key} is {_shown(found)}, not {wanted!r}"


def _equal(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, str) and isinstance(found, str) and wanted.startswith("/"):
        return matches(wanted, found)
    return bool(wanted == found)


def _faults_of_steps(wanted: list[Any], found: Any) -> Iterable[str]:
    """Steps are compared without regard to order; what is not mentioned of a step is not compared."""
    left = list(found) if isinstance(found, list) else []
    for one in wanted:
        keys = one if isinstance(one, dict) else {"step": one}
        fit = next((it for it in left if _step_fits(keys, it)), None)
        if fit is None:
            yield f"no step {keys} in {_shown(found)}"
        else:
            left.remove(fit)
    yield from (f"step too many: {_shown(it)}" for it in left)


def _step_fits(keys: dict[str, Any], step: CaseStep) -> bool:
    return all(_equal(value, getattr(step, key)) for key, value in keys.items())


def _shown(value: Any) -> str:
    return repr(msgspec.to_builtins(value))


def _words(words: Words) -> list[str]:
    return [words] if isinstance(words, str) else words or []
