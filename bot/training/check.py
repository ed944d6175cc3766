"""Finds what is wrong in the training data before anything is trained, in words for trainers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.content import load_content
from bot.errors import ContentError
from bot.training.corpus import ACTION, DATA, FAQ, INTENT, RULE, SLOT, Corpus, Way, read_corpus
from bot.training.nodes import Place
from bot.training.ways import LISTEN, Choice, conflicts

ERROR, WARNING = "error", "warning"
FEW_EXAMPLES = 5
BUILT_IN_ACTIONS = {LISTEN, "action_restart", "action_session_start", "action_default_fallback",
                    "action_back", "action_extract_slots"}  # fmt: skip
BUILT_IN_INTENTS = {"restart", "back", "session_start"}
# Code that may say a text or stand behind an action by its name.
CODE = ("actions", "bot")
_PUT_TOGETHER = re.compile(r"utter_\w*\{[^}]*\}\w*")


@dataclass(frozen=True)
class Finding:
    """Something wrong; an error keeps the model from being trained, or makes it contradict itself."""

    kind: str
    severity: str
    text: str
    places: tuple[Place, ...]


def check(root: Path, texts: dict[str, str] | None = None) -> list[Finding]:
    """All findings in the project in `root`, errors first; `texts` stand in for its files."""
    corpus = read_corpus(root, texts)
    code = _code(root)
    found = [*_unreadable(corpus), *_content(root)]
    for look in (
        _same_sentences,
        _disagreements,
        _long_rules,
        _unknown_names,
        _idle_conditions,
        _twice,
    ):
        found += look(corpus)
    found += [*_texts_nobody_says(corpus, code), *_untaught(corpus, code)]
    return sorted(found, key=lambda it: (it.severity != ERROR, it.kind, it.places))


@dataclass(frozen=True)
class Code:
    """Our own code: its text, every word in it, and patterns of the names it puts together."""

    text: str
    words: frozenset[str]
    put_together: frozenset[str]


def _code(root: Path) -> Code:
    return _read_code(root, tuple(_stamp(root / folder, "*.py") for folder in CODE))


@lru_cache(maxsize=8)
def _read_code(root: Path, stamp: object) -> Code:
    files = (path for folder in CODE for path in sorted((root / folder).rglob("*.py")))
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    patterns = {re.sub(r"\{[^}]*\}", r"\\w+", it) for it in _PUT_TOGETHER.findall(text)}
    return Code(text, frozenset(re.findall(r"\w+", text)), frozenset(patterns - {r"utter_\w+"}))


def _unreadable(corpus: Corpus) -> Iterator[Finding]:
    for error in corpus.unreadable:
        text = (f"{error.place} cannot be read: {error.reason}. Often a blank too many or too few at the "
                "beginning of the line, or a colon inside a text that is not in quotes.")  # fmt: skip
        yield Finding("unreadable", ERROR, text, (error.place,))


def _content(root: Path) -> Iterator[Finding]:
    fault = _content_fault(root, _stamp(root / DATA, "*.yml"))
    if fault:
        text = fault.replace(f"{root}/", "")
        file = text.partition(":")[0]
        line = re.search(r": line (\d+):", text)
        if not line:  # else it is told as unreadable already
            yield Finding("content", ERROR, text, (Place(file, 1),))


def _stamp(folder: Path, pattern: str) -> tuple[tuple[str, int, int], ...]:
    """What changes when a file of the folder does."""
    files = [(str(path), path.stat()) for path in sorted(folder.rglob(pattern))]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in files)


@lru_cache(maxsize=8)
def _content_fault(root: Path, stamp: object) -> str:
    """What is wrong in the operator's content; empty when nothing is."""
    try:
        load_content(root / DATA)
    except ContentError as error:
        return str(error)
    return ""


def _plain(text: str) -> str:
    bare = re.sub(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})", r"\1", text)
    return " ".join(re.findall(r"[\w']+", bare.casefold()))


def _same_sentences(corpus: Corpus) -> Iterator[Finding]:
    by_words = defaultdict(list)
    for example in corpus.examples:
        by_words[_plain(example.text) or example.text].append(example)
    for same in by_words.values():
        first = same[0]
        for other in same[1:]:
            places = (first.place, other.place)
            if other.label != first.label:
                text = (f"“{first.text}” stands for “{in_words(first.label)}” in {first.place} and for "
                        f"“{in_words(other.label)}” in {other.place}. One sentence can mean only one of "
                        "them: take it out of one.")  # fmt: skip
                yield Finding("same sentence, two meanings", ERROR, text, places)
            else:
                text = (f"“{other.text}” stands twice for “{in_words(first.label)}”: in {first.place} and in "
                        f"{other.place}. The second teaches nothing: take it out.")  # fmt: skip
                yield Finding("said twice", WARNING, text, places)


def in_words(label: str) -> str:
    """A label for people: `faq/puk_code` is "the article puk_code"."""
    intent, _, part = label.partition("/")
    if not part:
        return intent
    return f"the article {part}" if intent == FAQ else f"the problem {part}"


def _disagreements(corpus: Corpus) -> Iterator[Finding]:
    for conflict in conflicts(corpus):
        one, other = conflict.one, conflict.other
        head = f"{str(one.way)[0].upper()}{str(one.way)[1:]} and {other.way} disagree"
        where = " at the beginning of a conversation" if one.way.from_start else ""
        text = (f"{head}: after the customer means “{one.said}”{where}, the {one.way.kind} lets the bot "
                f"{_does(corpus, one)} (line {one.place.line}), the {other.way.kind} lets it "
                f"{_does(corpus, other)} (line {other.place.line}). {_advice(one.way, other.way)}")  # fmt: skip
        kind = f"{one.way.kind} against {other.way.kind}"
        yield Finding(kind, ERROR, text, (one.place, other.place))


def _does(corpus: Corpus, choice: Choice) -> str:
    if choice.action == LISTEN:
        return "wait for the customer"
    words = corpus.words(choice.action)
    short = f"{words[:57]}…" if len(words) > 58 else words
    return f"say “{short.strip()}” ({choice.action})" if words else f"do {choice.action}"


def _advice(one: Way, other: Way) -> str:
    if one.kind == other.kind == RULE:
        return "Only one rule can decide here: join them, or give one of them a condition."
    if RULE in (one.kind, other.kind):
        return ("A rule holds in every conversation. Let the story do what the rule does, or take the rule "
                "away and write stories instead.")  # fmt: skip
    return (
        "The bot cannot tell them apart: let both go on alike, or let something before it differ."
    )


def _long_rules(corpus: Corpus) -> Iterator[Finding]:
    for way in corpus.ways:
        turns = [step for step in way.steps if step.kind == INTENT]
        if way.kind == RULE and len(turns) > 1:
            text = (f"{str(way)[0].upper()}{str(way)[1:]} waits for the customer twice (lines {turns[0].place.line} and "
                    f"{turns[1].place.line}); a rule answers one message. Make it a story, or two rules.")  # fmt: skip
            yield Finding("rule too long", ERROR, text, (turns[1].place,))


def _unknown_names(corpus: Corpus) -> Iterator[Finding]:
    intents = {*corpus.declared("intents"), *BUILT_IN_INTENTS}
    actions = {*corpus.declared("actions"), *corpus.declared("forms"), *BUILT_IN_ACTIONS,
               *(text.name for text in corpus.texts)}  # fmt: skip
    known = {INTENT: intents, ACTION: actions, SLOT: set(corpus.declared("slots"))}
    for way in corpus.ways:
        for step in way.steps:
            for name in step.names:
                if step.kind in known and name not in known[step.kind]:
                    yield _unknown(step.kind, name, f"{way}", step.place)
    for text in corpus.texts:
        for payload, place in text.payloads:
            name = payload.lstrip("/").partition("{")[0]
            if payload.startswith("/") and name not in intents:
                yield _unknown(INTENT, name, f"a button of {text.name}", place)
    for name, place in _first_places(corpus).items():
        if name not in intents:
            yield _unknown(INTENT, name, "the examples", place)


def _idle_conditions(corpus: Corpus) -> Iterator[Finding]:
    for way in corpus.ways:
        slots = {it.partition("=")[0] for both in way.conditions for it in both.split("; ")}
        for slot in sorted(slots & corpus.silent):
            text = (f"{str(way)[0].upper()}{str(way)[1:]} holds always, whatever its condition says: "
                    f"the value of the slot “{slot}” is not looked at. Let an action decide by it, or "
                    "write `influence_conversation: true` and a type that is not `any` in domain.yml.")  # fmt: skip
            yield Finding("condition without effect", ERROR, text, (way.place,))


def _first_places(corpus: Corpus) -> dict[str, Place]:
    first: dict[str, Place] = {}
    for example in corpus.examples:
        first.setdefault(example.label.partition("/")[0], example.place)
    return first


def _unknown(kind: str, name: str, where: str, place: Place) -> Finding:
    if kind == ACTION and name.startswith("utter_"):
        cure = f"Write what {name} says under `responses:`, or correct the name"
    else:
        cure = f"Add it under `{kind}s:` in domain.yml, or correct the name"
    text = f"{place}: {where} uses the {kind} “{name}”, which there is not. {cure}."
    return Finding("unknown name", ERROR, text, (place,))


def _twice(corpus: Corpus) -> Iterator[Finding]:
    yield from _named_twice("text", ((it.name, it.place) for it in corpus.texts),
                            "The bot says only one of them: take one out.")  # fmt: skip
    for kind in (RULE, "story"):
        yield from _named_twice(
            kind,
            ((way.name, way.place) for way in corpus.ways if way.kind == kind),
            "Give one of them another name.",
        )


def _named_twice(kind: str, named: Iterable[tuple[str, Place]], cure: str) -> Iterator[Finding]:
    first: dict[str, Place] = {}
    for name, place in named:
        there = first.setdefault(name, place)
        if there != place:
            text = f"Two of kind {kind} are called “{name}”: in {there} and in {place}. {cure}"
            yield Finding("one name twice", ERROR, text, (there, place))


def _texts_nobody_says(corpus: Corpus, code: Code) -> Iterator[Finding]:
    said = {name for way in corpus.ways for step in way.steps for name in step.names}
    for text in corpus.texts:
        if text.name not in said and not _in_code(text.name, code):
            words = f"{text.place}: nothing says {text.name}. Use it in a rule, or take it out."
            yield Finding("never said", WARNING, words, (text.place,))


def _in_code(name: str, code: Code) -> bool:
    """Whether code names a text, whole or put together: `utter_{…}` from a word of its own."""
    if name in code.words or any(re.fullmatch(it, name) for it in code.put_together):
        return True
    end = name.removeprefix("utter_")
    return "utter_{" in code.text and not code.words.isdisjoint({end, end.upper()})


def _untaught(corpus: Corpus, code: Code) -> Iterator[Finding]:
    counts: dict[str, int] = defaultdict(int)
    for example in corpus.examples:
        counts[example.label.partition("/")[0]] += 1
    clicked = {
        payload.lstrip("/").partition("{")[0] for it in corpus.texts for payload, _ in it.payloads
    }
    handled = {
        name
        for way in corpus.ways
        for step in way.steps
        if step.kind == INTENT
        for name in step.names
    }
    for name, place in corpus.declared("intents").items():
        if not counts[name] and name not in clicked and name not in code.words:
            text = f"{place}: the intent “{name}” has no examples, so the bot never finds it. Give it some, or take it out."
            yield Finding("untaught", ERROR, text, (place,))
        elif 0 < counts[name] < FEW_EXAMPLES:
            text = f"{place}: the intent “{name}” has only {counts[name]} example{'' if counts[name] == 1 else 's'}; {FEW_EXAMPLES} or more are needed to tell it from others."
            yield Finding("few examples", WARNING, text, (place,))
        if name not in handled:
            text = f"{place}: no rule and no story says what to do when the customer means “{name}”. Write a rule."
            yield Finding("unanswered", ERROR, text, (place,))
