"""From a misread message to what the bot learns: a training example, and a conversation test."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from ruamel.yaml.comments import CommentedMap

from bot.case.fields import FIELD_NAMES
from bot.content.files import read_folder
from bot.content.records import Article, Problem
from bot.conversation.events import CASE, CUSTOMER, MESSAGE, Event
from bot.errors import ContentError
from bot.training.check import ERROR
from bot.training.content import ARTICLE, edit
from bot.training.corpus import (
    ARTICLES,
    FAQ,
    INTENT,
    PROBLEMS,
    REPORT_PROBLEM,
    Corpus,
    read_corpus,
)
from bot.training.files import Workspace, edited, with_line
from bot.training.masking import anonymous
from bot.training.new import checked_name

REGRESSIONS = "tests/conversations/regressions.yml"
ABOUT = "about: What the bot once misread, as trainers labelled it; it must stay right.\nconversations:\n"
LONGEST_EXAMPLE = 300


class Label(msgspec.Struct, frozen=True):
    """What a message can be taught to mean: an intent, or a problem or article of one."""

    label: str
    title: str
    examples: int
    category: str = ""


class New(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is needed of a label that there is not yet; `title` and `category` are an article's."""

    answer: str
    title: str = ""
    category: str = ""


class Taught(msgspec.Struct, frozen=True):
    """What labelling changed: the example as it was written, where, and what is still to be done."""

    example: str
    file: str
    missing: list[str] = []


def labels(workspace: Workspace) -> list[Label]:
    """Every label there is, in the order of its name."""
    root = workspace.root
    corpus = read_corpus(root, workspace.set_aside())
    counts: dict[str, int] = {}
    for example in corpus.examples:
        counts[example.label] = counts.get(example.label, 0) + 1
    problems = read_folder(root / PROBLEMS, Problem)
    articles = read_folder(root / ARTICLES, Article)
    titles = {f"{REPORT_PROBLEM}/{name}": it.title for name, it in problems.items()}
    titles |= {f"{FAQ}/{name}": it.title for name, it in articles.items()}
    categories = {f"{FAQ}/{name}": it.category for name, it in articles.items()}
    return [
        Label(name, titles.get(name, name.replace("_", " ")), counts.get(name, 0), categories.get(name, ""))
        for name in sorted({*counts, *titles})
    ]  # fmt: skip


def teach(workspace: Workspace, text: str, label: str) -> Taught:
    """Adds `text` to the examples of `label`, personal data replaced.

    Raises `ContentError` when there is no such label, or the sentence teaches something already.
    """
    corpus = read_corpus(workspace.root, workspace.set_aside())
    example = _new_example(corpus, text)
    name = file_of(corpus, label)
    intent, _, part = label.partition("/")

    def add(content: Any) -> None:
        if part:
            content["examples" if intent == REPORT_PROBLEM else "questions"].append(example)
            return
        block = next(it for it in content["nlu"] if it.get("intent") == intent)
        block["examples"] = with_line(block["examples"], example)

    workspace.write(name, edited(workspace.read(name), name, add))
    return Taught(example, name)


def teach_new(workspace: Workspace, text: str, label: str, new: New) -> Taught:
    """Makes the article or intent `label`, with `text` as its first example.

    Raises `ContentError` when there is one already, or when something is wrong with it.
    """
    corpus = read_corpus(workspace.root, workspace.set_aside())
    if any(it.label == label for it in corpus.examples):
        raise ContentError(f"There is {label} already. Choose it from the list")
    example = _new_example(corpus, text)
    kind, name, fields = _parts(label, new, example)
    done = edit(workspace, kind, checked_name(name), fields, write=True)
    faults = [it.text for it in done.findings if it.severity == ERROR]
    if faults:
        raise ContentError(" ".join(faults))
    return Taught(example, done.file, [it.text for it in done.findings])


def _parts(label: str, new: New, example: str) -> tuple[str, str, dict[str, Any]]:
    """Kind, name and parts of what is to be made."""
    intent, slash, name = label.partition("/")
    if not slash:
        return INTENT, intent, {"examples": [example], "answer": new.answer}
    if intent != FAQ or not (new.title and new.category and new.answer):
        raise ContentError("A new article needs a title, a category and an answer")
    return ARTICLE, name, {
        "title": new.title, "category": new.category, "questions": [example], "answer": new.answer,
    }  # fmt: skip


def _new_example(corpus: Corpus, text: str) -> str:
    """`text` as an example. Raises `ContentError` when it is one already."""
    example = " ".join(anonymous(text).split())[:LONGEST_EXAMPLE]
    known = next((it for it in corpus.examples if it.text.casefold() == example.casefold()), None)
    if known is not None:
        raise ContentError(
            f"“{known.text}” is an example already, in {known.place}, for {known.label}"
        )
    return example


def file_of(corpus: Corpus, label: str) -> str:
    """The file with the examples of a label. Raises `ContentError`."""
    found = [it.place.file for it in corpus.examples if it.label == label]
    if not found:
        raise ContentError(f"There is nothing called {label!r} to be taught")
    return found[-1]


def keep_test(
    workspace: Workspace, events: Sequence[Event], event: Event, label: str,
    values: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """Adds a conversation test: the conversation up to `event`, which must be understood as `label`.

    values: words of it by the field of the case that they must be found for. Personal data are
    replaced. Returns the test's name. Raises `ContentError` for words that are not in it.
    """
    steps = [_step(it) for it in events[: events.index(event) + 1] if _by_customer(it)]
    steps[-1]["understood as"] = label
    text = workspace.read(REGRESSIONS)
    taken = set(re.findall(r"^\s*- name: (.*)$", text, re.MULTILINE))
    name = _free(_short(steps[-1].get("customer", label)), taken)
    test = CommentedMap({"name": name, "steps": [CommentedMap(it) for it in steps]})
    if values:
        test["case"] = _expected(values, steps[-1].get("customer", ""))

    def add(content: Any) -> None:
        content["conversations"].append(test)

    if text:
        workspace.write(REGRESSIONS, edited(text, REGRESSIONS, add))
    else:
        empty = ABOUT.replace("conversations:\n", "conversations: []\n")
        first = edited(empty, REGRESSIONS, lambda it: it.__setitem__("conversations", [test]))
        workspace.write(REGRESSIONS, first)
    return name


def _expected(values: Mapping[str, str], said: str) -> dict[str, dict[str, str]]:
    """The fields of the case, each with its words."""
    for field, words in values.items():
        if field not in FIELD_NAMES or words.casefold() not in said.casefold():
            raise ContentError(f"“{words}” is not said there, or {field} is no field of a case")
    return {field: {"verbatim": words} for field, words in values.items()}


def _by_customer(event: Event) -> bool:
    if event.type == MESSAGE:
        return bool(event.body["from"] == CUSTOMER)
    return event.type == CASE and event.private.get("by") == CUSTOMER


def _step(event: Event) -> dict[str, Any]:
    """What the customer did, as a conversation test has it."""
    if event.type == CASE:
        edit = event.private.get("edit") or {}
        return {"edits": {edit.get("field", ""): anonymous(str(edit.get("new", "")))}}
    if "file" in event.body:
        return {"sends file": event.body["file"]["name"]}
    if event.private.get("payload"):
        return {"click": event.body["text"]}
    return {"customer": anonymous(event.body["text"])}


def _short(text: str) -> str:
    words = re.findall(r"[\w']+", text)[:8]
    return " ".join(words) or "a message"


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free
