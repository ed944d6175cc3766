"""Which rules and stories disagree: what each lets the bot do after the same beginning.

Rasa finds such conflicts while it trains (RulePolicy), some of them only then. Rules hold anywhere,
so each place of each story is compared with the rules that apply there; stories are compared with
one another on what the bot remembers of a conversation, and are never joined end to end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from bot.training.corpus import ACTION, INTENT, OTHER, RULE, SLOT, Corpus, Step, Way
from bot.training.nodes import Place

LISTEN = "action_listen"
# config.yml, AugmentedMemoizationPolicy, max_history
REMEMBERED = 6
MOST_ALTERNATIVES = 64


@dataclass(frozen=True)
class Choice:
    """At one place of a way: what has happened, and what the bot does next."""

    way: Way
    before: tuple[Step, ...]
    action: str
    place: Place

    @property
    def said(self) -> str:
        """The intent that was heard last."""
        return next((it.names[0] for it in reversed(self.before) if it.kind == INTENT), "")


@dataclass(frozen=True)
class Conflict:
    """Two ways that disagree at the same point."""

    one: Choice
    other: Choice


def conflicts(corpus: Corpus) -> list[Conflict]:
    """Every pair of rules, of rule and story, and of stories that disagree; each pair once."""
    choices = {way: list(_choices(way)) for way in corpus.ways}
    rules = [choice for way, some in choices.items() if way.kind == RULE for choice in some]
    found = [*_among_rules(rules)]
    stories = [choice for way, some in choices.items() if way.kind != RULE for choice in some]
    for choice in stories:
        rule = _ruling(choice, rules)
        if rule is not None and rule.action != choice.action:
            found.append(Conflict(rule, choice))
    found += _among_stories(stories)
    once: dict[frozenset[Place], Conflict] = {}
    for conflict in found:
        once.setdefault(frozenset({conflict.one.way.place, conflict.other.way.place}), conflict)
    return list(once.values())


def _choices(way: Way) -> Iterator[Choice]:
    """Every action of a way, and the waiting for the customer at its ends, with what came before."""
    for steps in _alternatives(way):
        for number, step in enumerate(steps):
            if step.kind == ACTION:
                yield Choice(way, steps[:number], step.names[0], step.place)
            elif step.kind == INTENT and number and _acted(steps[:number]):
                yield Choice(way, steps[:number], LISTEN, step.place)
        if steps and way.waits and _acted(steps):
            yield Choice(way, steps, LISTEN, steps[-1].place)


def _acted(steps: tuple[Step, ...]) -> bool:
    return next((it.kind == ACTION for it in reversed(steps) if it.kind in (ACTION, INTENT)), False)


def _alternatives(way: Way) -> Iterator[tuple[Step, ...]]:
    several = [
        [Step(it.kind, (name,), it.place, it.detail) for name in it.names] or [it]
        for it in way.steps
    ]
    for number, steps in enumerate(product(*several)):
        if number >= MOST_ALTERNATIVES:
            return
        yield steps


def _key(steps: tuple[Step, ...]) -> tuple[tuple[object, ...], ...]:
    return tuple((it.kind, it.names, it.detail) for it in steps if it.kind != OTHER)


def _among_rules(rules: list[Choice]) -> Iterator[Conflict]:
    """Rules under the same conditions whose beginnings are the same."""
    first: dict[object, Choice] = {}
    for choice in rules:
        key = (choice.way.from_start, choice.way.conditions, _key(choice.before))
        other = first.setdefault(key, choice)
        if other.way is not choice.way and other.action != choice.action:
            yield Conflict(other, choice)


def _ruling(choice: Choice, rules: list[Choice]) -> Choice | None:
    """The rule that decides at this place: of those that apply, the most particular one."""
    fitting = [rule for rule in rules if _applies(rule, choice)]
    return max(
        fitting,
        key=lambda it: (it.way.from_start, len(it.way.conditions), len(_key(it.before))),
        default=None,
    )


def _applies(rule: Choice, choice: Choice) -> bool:
    wanted = [it for it in rule.before if it.kind != OTHER]
    said = [it for it in choice.before if it.kind in (INTENT, ACTION)]
    asked = [it for it in wanted if it.kind in (INTENT, ACTION)]
    if not asked or len(asked) > len(said) or (rule.way.from_start and len(asked) != len(said)):
        return False
    tail = said[len(said) - len(asked) :]
    if not all(_same(one, other) for one, other in zip(asked, tail, strict=True)):
        return False
    known = {it.detail[0] for it in choice.before if it.kind == SLOT and it.detail}
    needed = {it for text in rule.way.conditions for it in text.split("; ")}
    needed |= {it.detail[0] for it in wanted if it.kind == SLOT and it.detail}
    return needed <= known


def _same(rule: Step, step: Step) -> bool:
    return (rule.kind, rule.names) == (step.kind, step.names) and set(rule.detail) <= set(
        step.detail
    )


def _among_stories(stories: list[Choice]) -> Iterator[Conflict]:
    first: dict[object, Choice] = {}
    for choice in stories:
        if any(it.kind == OTHER for it in choice.before):
            continue
        other = first.setdefault(_remembered(choice.before), choice)
        if other.way is not choice.way and other.action != choice.action:
            yield Conflict(other, choice)


def _remembered(steps: tuple[Step, ...]) -> tuple[object, ...]:
    """What a policy sees of a conversation: the last few decisions, each with what led to it."""
    states: list[object] = []
    slots: frozenset[str] = frozenset()
    heard: Step | None = None
    action = ""
    for step in steps:
        if step.kind == SLOT:
            slots |= {*step.detail}
        elif step.kind == INTENT:
            heard, action = step, LISTEN
        elif step.kind == ACTION:
            states.append((action, heard and (heard.names, heard.detail), slots))
            action = step.names[0]
    states.append((action, heard and (heard.names, heard.detail), slots))
    whole = len(states) <= REMEMBERED
    return (whole, *states[-REMEMBERED:])
