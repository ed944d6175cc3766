"""Reads operator content from YAML files, with errors that name file, key and fix."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from bot.errors import ContentError

T = TypeVar("T")


def read_file(path: Path, kind: type[T]) -> T:
    """The content of one file as `kind`. Raises `ContentError`."""
    try:
        return msgspec.convert(read_yaml(path), kind)
    except msgspec.ValidationError as error:
        message, _, key = str(error).partition(" - at `$")
        where = key.strip("`.") or "the top level"
        raise ContentError(f"{path}: {where}: {message}. {_fix(message)}") from error


def read_folder(folder: Path, kind: type[T]) -> dict[str, T]:
    """Every `<name>.yml` of a folder as {name: content}, in name order. Raises `ContentError`."""
    return {path.stem: read_file(path, kind) for path in sorted(folder.glob("*.yml"))}


def read_yaml(path: Path) -> Any:
    """The plain values of a YAML file. Raises `ContentError` when absent or not YAML."""
    try:
        return _plain(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ContentError(f"{path}: the file is missing. Put it back from git") from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentError(f"{path}: line {line}: {error.problem}. Mend the YAML there") from error


def _plain(text: str) -> Any:
    """The parser in C is quick, the one in Python reads all of YAML 1.2: `{opens: 09:00}` too."""
    try:
        return YAML(typ="safe", pure=False).load(text)
    except MarkedYAMLError:
        return YAML(typ="safe", pure=True).load(text)


def _fix(message: str) -> str:
    if "missing required field" in message:
        return "Add the key"
    if "unknown field" in message:
        return "Check the spelling of the key, or remove it"
    return "Change the value to the kind that is expected"
