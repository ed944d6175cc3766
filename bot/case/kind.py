"""Of which kind a problem is, where the customer's words leave it open. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from bot.case.fields import DEVICE
from bot.case.heard import Heard
from bot.case.model import Case
from bot.content import Content

# How probable the likeliest category is when it is clear, by probabilities that are calibrated.
CLEAR = 0.65
SURELY_A_COMPLAINT = 0.75
LEAST_LIKELY, MOST_CHOICES = 0.1, 3
# From so many words on, an answer says by itself what kind of problem it is.
SENTENCE, SURE = 4, 0.6
COMPLAINT, TECHNICAL = "complaint", "technical"
# What is hardly told but of a technical problem, and how much likelier it makes one.
DIAGNOSIS, LIKELIER = frozenset({"error_message", "step"}), 4.0
_NONE = re.compile(r"\A\W*(?:no|nope|nah)\W*\Z|\b(?:none|neither|nothing of|something else|not (?:one|any) of)\b", re.IGNORECASE)  # fmt: skip
_PLACES = ("first", "second", "third")
# The beginnings of words: "complaining" is a complaint.
_WORD = re.compile(r"\b\w{3,5}")

Kinds = Sequence[Mapping[str, Any]]


def weighed(
    kinds: Kinds, entities: Sequence[Mapping[str, Any]], content: Content
) -> list[dict[str, Any]]:
    """`kinds` in the light of the facts told with them, the likeliest first."""
    told = any(entity["entity"] in DIAGNOSIS for entity in entities)
    shares = {}
    for kind in kinds:
        known = content.problems.get(kind["name"])
        technical = known is not None and known.category == TECHNICAL
        shares[kind["name"]] = kind["confidence"] * (LIKELIER if told and technical else 1.0)
    rest = 1.0 - sum(kind["confidence"] for kind in kinds)
    total = sum(shares.values()) + rest
    ranked = sorted(shares, key=lambda name: -shares[name])
    return [{"name": name, "confidence": shares[name] / total} for name in ranked]


def kinds_in_doubt(heard: Heard, content: Content) -> list[str]:
    """The kinds of problem a report may be of, the likeliest first; none where the category is clear.

    Which facts are asked for, who reads the case and by when follow from the category.
    """
    kinds = [kind for kind in heard.kinds if kind["name"] in content.problems]
    shares: dict[str, float] = {}
    for kind in kinds:
        category = content.problems[kind["name"]].category
        shares[category] = shares.get(category, 0.0) + kind["confidence"]
    choices = [kind["name"] for kind in kinds if kind["confidence"] >= LEAST_LIKELY]
    if heard.intent == COMPLAINT:
        return (
            _with_the_complaint(choices, content) if heard.confidence < SURELY_A_COMPLAINT else []
        )
    if max(shares.values(), default=1.0) >= CLEAR:
        return []
    categories = {content.problems[name].category for name in choices[:MOST_CHOICES]}
    return choices[:MOST_CHOICES] if len(categories) > 1 else []


def _with_the_complaint(choices: Sequence[str], content: Content) -> list[str]:
    """The likeliest kinds of `choices`, and the complaint beside them."""
    complaints = [name for name, it in content.problems.items() if it.category == COMPLAINT]
    others = [name for name in choices if name not in complaints][: MOST_CHOICES - 1]
    return [*others, *complaints[:1]] if others else []


def chosen_kind(heard: Heard, choices: Sequence[str], content: Content) -> str | None:
    """The kind that an answer in words chooses, the likeliest when it says nothing of them; None for none."""
    text = heard.text.lower()
    surely = heard.problem_confidence >= SURE and len(text.split()) >= SENTENCE
    if heard.intent == "report_problem" and surely and heard.problem in content.problems:
        return heard.problem
    if _NONE.search(text):
        return None
    for place, name in zip(_PLACES, choices, strict=False):
        if re.search(rf"\b{place}\b", text):
            return name
    said = set(_WORD.findall(text))
    shares = {kind["name"]: kind["confidence"] for kind in heard.kinds}

    def fit(name: str) -> tuple[int, float]:
        title = set(_WORD.findall(content.problems[name].title.lower()))
        return len(said & title), shares.get(name, 0.0)

    best = max(choices, key=fit)
    device = any(entity["entity"] in (DEVICE, *DIAGNOSIS) for entity in heard.entities)
    technical = [name for name in choices if content.problems[name].category == TECHNICAL]
    return technical[0] if technical and device and not fit(best)[0] else best


def of_kind(case: Case, kind: str | None, content: Content) -> Case:
    """The case as one of `kind`; None is a kind that nobody has thought of."""
    category = content.problems[kind].category if kind else "other"
    return msgspec.structs.replace(case, problem=kind, category=category)
