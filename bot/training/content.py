"""What trainers browse and edit: articles, problems, intents, texts, rules and stories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml import YAML

from bot.content.records import Article, Problem
from bot.errors import ContentError, NotFound
from bot.training.check import ERROR, Finding, check
from bot.training.corpus import (
    ACTION,
    ARTICLES,
    FAQ,
    INTENT,
    PROBLEMS,
    REPORT_PROBLEM,
    RULE,
    STORY,
    Corpus,
    Way,
    read_corpus,
)
from bot.training.files import Workspace, as_block, edited, patch
from bot.training.new import NAME, new_intent, record

ARTICLE, PROBLEM, TEXT = "article", "problem", "text"
FOLDERS = {ARTICLE: ARTICLES, PROBLEM: PROBLEMS}
RECORDS: dict[str, type[Article] | type[Problem]] = {ARTICLE: Article, PROBLEM: Problem}
# The parts of each that are edited here; lists have a line each.
FIELDS = {
    ARTICLE: ("title", "category", "questions", "answer", "steps", "link", "next"),
    PROBLEM: ("title", "category", "priority", "advice", "examples", "evidence"),
    INTENT: ("examples",),
    TEXT: ("texts",),
    RULE: ("steps",),
    STORY: ("steps",),
}
# Whatever is made new: an intent comes with what the bot answers.
NEW_FIELDS = {**FIELDS, INTENT: ("examples", "answer")}


class Item(msgspec.Struct, frozen=True):
    """One thing to browse: where it stands, what it holds in short, and what uses it."""

    kind: str
    name: str
    title: str
    file: str
    line: int
    examples: int
    used_by: list[str]


class Opened(msgspec.Struct, frozen=True):
    """One thing to edit: its parts, and the text of its file as it stands."""

    kind: str
    name: str
    file: str
    line: int
    fields: dict[str, Any]
    used_by: list[str]
    source: str


class Edit(msgspec.Struct, frozen=True):
    """What an edit comes to: the change of the file, and what is wrong with it."""

    file: str
    patch: str
    findings: list[Finding]


def browse(workspace: Workspace, words: str = "") -> list[Item]:
    """Everything there is, or what has all of `words` in its name, title or sentences."""
    corpus = _corpus(workspace)
    wanted = words.casefold().split()
    sentences: dict[str, list[str]] = {}
    for example in corpus.examples:
        sentences.setdefault(example.label, []).append(example.text)
    return [
        item for item in _items(workspace, corpus, sentences)
        if all(word in _searched(item, corpus, sentences) for word in wanted)
    ]  # fmt: skip


def _corpus(workspace: Workspace) -> Corpus:
    return read_corpus(workspace.root, workspace.set_aside())


def _items(
    workspace: Workspace, corpus: Corpus, sentences: Mapping[str, list[str]]
) -> Iterator[Item]:
    for kind, intent in ((ARTICLE, FAQ), (PROBLEM, REPORT_PROBLEM)):
        for name in _names(workspace, FOLDERS[kind]):
            file = f"{FOLDERS[kind]}{name}.yml"
            count = len(sentences.get(f"{intent}/{name}", ()))
            yield Item(kind, name, name.replace("_", " "), file, 1, count, [f"intent {intent}"])
    for name, place in corpus.declared("intents").items():
        examples = [it for it in corpus.examples if it.label == name]
        where = examples[0].place if examples else place
        yield Item(
            INTENT,
            name,
            name.replace("_", " "),
            where.file,
            where.line,
            len(examples),
            _users(corpus, INTENT, name),
        )
    for text in corpus.texts:
        users = _users(corpus, ACTION, text.name)
        yield Item(
            TEXT, text.name, text.words.strip()[:90], text.place.file, text.place.line, 0, users
        )
    for way in corpus.ways:
        uses = [name for step in way.steps for name in step.names]
        yield Item(way.kind, way.name, " → ".join(uses), way.place.file, way.place.line, 0, [])


def _names(workspace: Workspace, folder: str) -> list[str]:
    there = {it.stem for it in (workspace.root / folder).glob("*.yml")}
    there |= {Path(it).stem for it in workspace.set_aside() if it.startswith(folder)}
    return sorted(there)


def _users(corpus: Corpus, kind: str, name: str) -> list[str]:
    users = [f"{way.kind} {way.name}" for way in corpus.ways
             if any(step.kind == kind and name in step.names for step in way.steps)]  # fmt: skip
    clicks = [f"a button of {text.name}" for text in corpus.texts
              if kind == INTENT and any(it.lstrip("/").partition("{")[0] == name for it, _ in text.payloads)]  # fmt: skip
    return users + clicks


def _searched(item: Item, corpus: Corpus, sentences: Mapping[str, list[str]]) -> str:
    intent = {ARTICLE: f"{FAQ}/", PROBLEM: f"{REPORT_PROBLEM}/", INTENT: ""}.get(item.kind)
    said = (
        sentences.get(f"{intent}{item.name}", [])
        if intent is not None
        else [corpus.words(item.name)]
    )
    return " ".join([item.kind, item.name, item.title, *said]).casefold()


def open_item(workspace: Workspace, kind: str, name: str) -> Opened:
    """One thing with its parts. Raises `NotFound`."""
    corpus = _corpus(workspace)
    item = next(
        (it for it in _items(workspace, corpus, {}) if (it.kind, it.name) == (kind, name)), None
    )
    if item is None:
        raise NotFound(f"there is no {kind} called {name}")
    source = workspace.read(item.file)
    return Opened(
        kind, name, item.file, item.line, _fields(corpus, kind, name, source), item.used_by, source
    )


def _fields(corpus: Corpus, kind: str, name: str, source: str) -> dict[str, Any]:
    if kind in RECORDS:
        content = YAML(typ="safe").load(source)
        empty = {
            field: [] if field in ("questions", "steps", "next", "examples") else ""
            for field in FIELDS[kind]
        }
        return {**empty, **{field: content[field] for field in FIELDS[kind] if field in content}}
    if kind == INTENT:
        return {"examples": [it.text for it in corpus.examples if it.label == name]}
    if kind == TEXT:
        content = YAML(typ="safe").load(source)
        return {"texts": [it.get("text", "") for it in content["responses"][name]]}
    way = next(it for it in corpus.ways if (it.kind, it.name) == (kind, name))
    return {"steps": _step_lines(way)}


def _step_lines(way: Way) -> list[str]:
    return [f"{step.kind}: {' or '.join(step.names)}" for step in way.steps]


def edit(
    workspace: Workspace, kind: str, name: str, fields: Mapping[str, Any], write: bool
) -> Edit:
    """Changes parts of one thing, or makes a new article, problem or intent; only looked at unless `write`.

    Nothing is written while there are errors in it. Raises `ContentError`, `NotFound`.
    """
    files = _edited(workspace, kind, name, dict(fields))
    file = next(iter(files))
    if kind in RECORDS:
        try:
            msgspec.convert(YAML(typ="safe").load(files[file]), RECORDS[kind])
        except msgspec.ValidationError as error:
            raise ContentError(f"{file}: {error}") from error
    patched = "".join(patch(it, workspace.read(it), text) for it, text in files.items())
    known = {it.text for it in check(workspace.root, workspace.set_aside())}
    found = [it for it in check(workspace.root, {**workspace.set_aside(), **files})
             if it.text not in known]  # fmt: skip
    if write and not any(it.severity == ERROR for it in found):
        for it, text in files.items():
            workspace.write(it, text)
    return Edit(file, patched, found)


def _edited(workspace: Workspace, kind: str, name: str, fields: dict[str, Any]) -> dict[str, str]:
    """The files as they will be, by name, the thing's own first."""
    try:
        opened = open_item(workspace, kind, name)
    except NotFound:
        if kind not in (*FOLDERS, INTENT) or not NAME.fullmatch(name):
            raise
        _known_parts(kind, fields, NEW_FIELDS)
        return _new(workspace, kind, name, fields)
    _known_parts(kind, fields, FIELDS)
    changed = {key: value for key, value in fields.items() if value != opened.fields.get(key)}
    if not changed:
        return {opened.file: opened.source}

    def change(content: Any) -> None:
        if kind in RECORDS:
            _replace(content, changed)
        elif kind == INTENT:
            _set_examples(content, name, changed["examples"])
        elif kind == TEXT:
            _set_texts(content["responses"][name], changed["texts"])
        else:
            section = content["rules" if kind == RULE else "stories"]
            way = next(it for it in section if it.get(kind) == name)
            way["steps"] = [_step(line) for line in changed["steps"]]

    return {opened.file: edited(opened.source, opened.file, change)}


def _known_parts(kind: str, fields: Mapping[str, Any], parts: Mapping[str, Sequence[str]]) -> None:
    unknown = set(fields) - set(parts[kind])
    if unknown or not fields:
        raise ContentError(f"A {kind} has no {', '.join(sorted(unknown)) or 'such parts'}")


def _new(workspace: Workspace, kind: str, name: str, fields: Mapping[str, Any]) -> dict[str, str]:
    if kind == INTENT:
        answer = str(fields.get("answer", "")).strip()
        return new_intent(workspace, name, list(fields.get("examples", ())), answer)
    filled = {key: fields[key] for key in FIELDS[kind] if fields.get(key)}
    return {f"{FOLDERS[kind]}{name}.yml": record(filled)}


def _replace(content: Any, fields: Mapping[str, Any]) -> None:
    for key, value in fields.items():
        if isinstance(value, list) and isinstance(content.get(key), list):
            content[key][:] = value
        elif value or key in content:
            content[key] = value


def _set_examples(content: Any, intent: str, lines: list[str]) -> None:
    blocks = [it for it in content.get("nlu", ()) if it.get("intent") == intent]
    if not blocks:
        raise ContentError(f"The examples of {intent} are not in this file")
    blocks[0]["examples"] = as_block(lines)


def _set_texts(variants: Any, texts: list[str]) -> None:
    for variant, text in zip(variants, texts, strict=False):
        if variant.get("text") != text:
            variant["text"] = text
    del variants[len(texts) :]
    variants.extend({"text": text} for text in texts[len(variants) :])


def _step(line: str) -> dict[str, str]:
    kind, _, name = line.partition(":")
    if kind.strip() not in (INTENT, ACTION) or not name.strip():
        raise ContentError(f"“{line}” is no step. Write `intent: name` or `action: name`")
    return {kind.strip(): name.strip()}


def ways(workspace: Workspace) -> list[dict[str, Any]]:
    """Rules and stories with their steps, for drawing; texts in words."""
    corpus = _corpus(workspace)
    return [
        {"kind": way.kind, "name": way.name, "file": way.place.file, "line": way.place.line,
         "steps": [{"kind": step.kind, "names": list(step.names), "words": corpus.words(step.names[0])}
                   for step in way.steps if step.names]}
        for way in corpus.ways
    ]  # fmt: skip
