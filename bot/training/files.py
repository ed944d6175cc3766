"""The files that trainers change: read and written with comments and order kept.

Where the checkout cannot be written to, changes are kept aside, and given away as a patch.
"""

from __future__ import annotations

import difflib
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import LiteralScalarString

from bot.errors import ContentError

EDITED = ("data", "tests/conversations", "domain.yml")
WIDTHS = (100, 4096)
INDENTS = ((4, 2), (2, 0))


class Workspace:
    """The files under `root`; changes go to `aside` when the checkout is read-only."""

    def __init__(self, root: Path, aside: Path, writable: bool | None = None) -> None:
        self.root = root
        self._aside = aside
        self.writable = _writable(root / "data") if writable is None else writable

    def read(self, name: str) -> str:
        """The text of a file as it stands with all changes; empty when there is none."""
        for base in (self._aside, self.root):
            path = base / self._checked(name)
            if path.is_file():
                return path.read_text(encoding="utf-8")
        return ""

    def write(self, name: str, text: str) -> None:
        """Changes a file. Raises `ContentError` for one that is not a trainer's."""
        base = self.root if self.writable else self._aside
        path = base / self._checked(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)

    def set_aside(self) -> dict[str, str]:
        """The changed files that are kept aside, by name."""
        paths = sorted(it for it in self._aside.rglob("*.yml") if it.is_file())
        return {
            it.relative_to(self._aside).as_posix(): it.read_text(encoding="utf-8") for it in paths
        }

    def patch(self) -> str:
        """All that is kept aside, as `git apply` takes it."""
        return "".join(
            patch(name, self._original(name), text) for name, text in self.set_aside().items()
        )

    def _original(self, name: str) -> str:
        path = self.root / name
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def _checked(self, name: str) -> str:
        parts = Path(name).parts
        if ".." in parts or not name.endswith(".yml") or not any(
            name == it or name.startswith(f"{it}/") for it in EDITED
        ):  # fmt: skip
            raise ContentError(f"{name} is not among the files that trainers change")
        return name


def _writable(folder: Path) -> bool:
    """Whether files may be put there; where nobody may, not even root does."""
    return bool(folder.stat().st_mode & 0o222) and os.access(folder, os.W_OK)


def patch(name: str, before: str, after: str) -> str:
    """The change of one file, as `git apply` takes it; empty when there is none."""
    old = f"a/{name}" if before else "/dev/null"
    changes = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), old, f"b/{name}"
    )
    return "".join(changes)


def edited(text: str, name: str, change: Callable[[Any], None]) -> str:
    """The YAML `text` after `change` of its content; the rest stays as it was written.

    Raises `ContentError` when the file cannot be read.
    """
    try:
        yaml = next(_fitting(text))
        content = yaml.load(text)
        change(content)
        return _dumped(yaml, content)
    except YAMLError as error:
        raise ContentError(f"{name}: {error}. Mend the YAML there") from error


def _fitting(text: str) -> Iterator[Any]:
    """How the file is written: the indents and the width under which it comes back unchanged."""
    styles = [_style(width, *indent) for width in WIDTHS for indent in INDENTS]
    for yaml in styles:
        try:
            if _dumped(yaml, yaml.load(text)) == text:
                yield yaml
        except IndexError:  # a list at the top cannot be written with this indent
            continue
    yield _style(WIDTHS[-1], *INDENTS[1 if "\n- " in text else 0])


def _style(width: int, sequence: int, offset: int) -> Any:
    yaml: Any = YAML()
    yaml.preserve_quotes = True
    yaml.width = width
    yaml.indent(mapping=2, sequence=sequence, offset=offset)
    return yaml


def _dumped(yaml: Any, content: Any) -> str:
    buffer = io.StringIO()
    yaml.dump(content, buffer)
    return buffer.getvalue()


def with_line(block: str, line: str) -> LiteralScalarString:
    """A block of `- ` lines with one more at its end."""
    text: LiteralScalarString = LiteralScalarString(
        f"{block.rstrip()}\n- {line}\n" if block.strip() else f"- {line}\n"
    )
    return text


def as_block(lines: list[str]) -> LiteralScalarString:
    """Lines as a block of `- ` lines."""
    text: LiteralScalarString = LiteralScalarString("".join(f"- {line}\n" for line in lines))
    return text
