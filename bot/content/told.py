"""Sentences in which customers tell what they have tried, each step marked with its slug."""

from __future__ import annotations

import re
from collections.abc import Container
from pathlib import Path

import msgspec

from bot.content.files import read_file
from bot.errors import ContentError

# What was tried and has no slug of its own.
OTHER = "other"
_MARK = re.compile(r"\[([^\]]+)\]\(([^)]*)\)")


class Told(msgspec.Struct, frozen=True):
    """A sentence with its steps as (start, end, slug); no steps: it tells of none."""

    text: str
    spans: tuple[tuple[int, int, str], ...] = ()


def read_told(folder: Path, known: Container[str]) -> list[Told]:
    """The sentences of all files of a folder such as `data/tried`, in the order of their names.

    Raises `ContentError` for an unknown slug, and for a sentence that is there twice.
    """
    told: dict[str, Told] = {}
    for path in sorted(folder.glob("*.yml")):
        for sentence in _checked(path, known):
            if sentence.text in told:
                raise ContentError(f"{path}: {sentence.text!r} is there twice. Remove one of them")
            told[sentence.text] = sentence
    return list(told.values())


def _checked(path: Path, known: Container[str]) -> list[Told]:
    told = [_parsed(sentence) for sentence in read_file(path, list[str])]
    for sentence in told:
        for start, end, slug in sentence.spans:
            if slug != OTHER and slug not in known:
                raise ContentError(
                    f"{path}: [{sentence.text[start:end]}]({slug}): no step is called {slug!r}. "
                    f"Use a name from steps.yml, or {OTHER!r}"
                )
    return told


def _parsed(sentence: str) -> Told:
    """ "[blew on it](reinsert_sim), nothing" without the marks, and where they stood."""
    text, spans, place = "", [], 0
    for mark in _MARK.finditer(sentence):
        text += sentence[place : mark.start()]
        spans.append((len(text), len(text) + len(mark.group(1)), mark.group(2)))
        text += mark.group(1)
        place = mark.end()
    return Told(text + sentence[place:], tuple(spans))
