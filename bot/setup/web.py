"""The pages and the widget: built by npm when their sources changed since the last build."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from bot.setup.environments import require_own
from bot.setup.places import WEB
from bot.setup.system import ensure_node
from bot.setup.terminal import run, say

MADE = {"node_modules", "dist"}
# Not in dist/, which other builds (npm run check) empty, nor in node_modules/, which may be a link.
STAMP = WEB / ".built-sources-sha256"
INSTALLED = WEB / "node_modules" / ".installed-lock"


def is_built() -> bool:
    """Whether `web/dist` was built from the present sources."""
    page = WEB / "dist" / "index.html"
    return page.is_file() and STAMP.is_file() and STAMP.read_text() == sources_hash(WEB)


def ensure_web() -> None:
    """Install the locked packages and build, each only when needed; raises `Trouble`."""
    if is_built():
        return
    environment = ensure_packages()
    before = sources_hash(WEB)
    say("Building the widget and the pages …")
    run(["npm", "run", "build"], cwd=WEB, env=environment)
    STAMP.write_text(before)


def ensure_packages() -> dict[str, str]:
    """The packages of `web/package-lock.json`; returns the environment to run npm in."""
    path = os.pathsep.join((str(ensure_node()), os.environ.get("PATH", "")))
    environment = dict(os.environ, PATH=path)
    lock = WEB / "package-lock.json"
    if not INSTALLED.is_file() or INSTALLED.read_bytes() != lock.read_bytes():
        require_own(WEB / "node_modules", lock)
        say("Installing the packages of the web part by npm …")
        run(["npm", "ci", "--no-audit", "--no-fund"], cwd=WEB, env=environment,
            remedy="If the npm registry cannot be reached, check the network and run this again")  # fmt: skip
        INSTALLED.write_bytes(lock.read_bytes())
    return environment


def sources_hash(folder: Path) -> str:
    """SHA-256 over names and bytes of everything in `folder` that is not made by npm."""
    digest = hashlib.sha256()
    for path in _sources(folder):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.name in MADE or entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from sorted(inner for inner in entry.rglob("*") if inner.is_file())
        else:
            yield entry
