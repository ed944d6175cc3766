"""YAML with line numbers: what a file says, and where it says it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file; `file` is relative to the project's root, lines count from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file} line {self.line}"


class Unreadable(Exception):
    """A file is no YAML; the text says what is wrong in `place`."""

    def __init__(self, place: Place, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason


@dataclass(frozen=True)
class Item:
    """A node of a file with its place; anything asked of it that it is not yields nothing."""

    node: Node | None
    file: str

    @property
    def place(self) -> Place:
        """The line it begins on."""
        return Place(self.file, self.node.start_mark.line + 1 if self.node else 1)

    @property
    def text(self) -> str:
        """The scalar as written; empty when it is none."""
        return str(self.node.value) if isinstance(self.node, ScalarNode) else ""

    def pairs(self) -> Iterator[tuple[str, Item, Place]]:
        """Keys, values, and where each key stands."""
        if isinstance(self.node, MappingNode):
            for key, value in self.node.value:
                yield str(key.value), Item(value, self.file), Item(key, self.file).place

    def get(self, key: str) -> Item:
        """The value under a key."""
        return next(
            (value for name, value, _ in self.pairs() if name == key), Item(None, self.file)
        )

    def items(self) -> Iterator[Item]:
        """The entries of a list."""
        if isinstance(self.node, SequenceNode):
            for entry in self.node.value:
                yield Item(entry, self.file)

    def lines(self) -> Iterator[tuple[str, Place]]:
        """The entries of a list of texts, or the `- ` lines of a block of text."""
        for entry in self.items():
            yield entry.text or entry.get("text").text.strip(), entry.place
        if isinstance(self.node, ScalarNode):
            first = self.node.start_mark.line + (2 if self.node.style == "|" else 1)
            for number, line in enumerate(self.node.value.splitlines()):
                if line.lstrip().startswith("- "):
                    yield line.lstrip()[2:].strip(), Place(self.file, first + number)

    def __bool__(self) -> bool:
        return self.node is not None


@lru_cache(maxsize=2_000)
def read_items(text: str, file: str) -> Item:
    """The content of a file; what has not changed is not read again. Raises `Unreadable`."""
    yaml: Any = YAML(typ="safe", pure=False)
    try:
        return Item(yaml.compose(text), file)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Unreadable(Place(file, line), str(error.problem or error.context)) from error
