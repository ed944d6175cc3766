"""Asks for known advisories about everything that is locked: `python -m tests.security.audit`.

Accepted ones are in docs/security.md, each with its reason, by their ids. Where no database of
advisories can be reached that is said; it is not the same as there being none.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from typing import Any

from bot.settings import ROOT
from bot.setup.environments import ensure_uv
from bot.setup.system import find_node

PIP_AUDIT = "pip-audit==2.9.0"
LOCKS = ("edge", "engine", "bootstrap", "redis", "node")
NO_DATABASE = "no database of advisories can be reached"
SECONDS = 600
_ADVISORY = re.compile(r"\b(?:CVE-\d{4}-\d+|GHSA(?:-\w{4}){3}|PYSEC-\d{4}-\d+)\b")


def accepted() -> frozenset[str]:
    """The ids of the advisories that are accepted."""
    return frozenset(_ADVISORY.findall((ROOT / "docs" / "security.md").read_text()))


def python_advisories(lock: str) -> set[str] | None:
    """Ids about what a lock holds; None without a database."""
    command = [
        ensure_uv(), "tool", "run", "--from", PIP_AUDIT, "pip-audit", "--format", "json",
        "--no-deps", "--disable-pip", "--requirement", f"requirements/{lock}.txt",
    ]  # fmt: skip
    found = _json(_output([str(it) for it in command]))
    known = [it for it in found.get("dependencies", []) if "vulns" in it]
    if not known:
        return None
    return {_named(one) for it in known for one in it["vulns"]}


def _named(advisory: dict[str, Any]) -> str:
    """The id under which it is accepted, else its own."""
    ids = [advisory["id"], *advisory.get("aliases", [])]
    return next((it for it in ids if it in accepted()), str(ids[0]))


def web_advisories() -> set[str] | None:
    """Ids about what the pages are built with; None without a database."""
    node = find_node()
    path = f"{node}{os.pathsep}{os.environ['PATH']}" if node else os.environ["PATH"]
    npm = shutil.which("npm", path=path)
    found = _json(_output([npm, "audit", "--json", "--prefix", "web"])) if npm else {}
    if "vulnerabilities" not in found:
        return None
    whole = json.dumps(found["vulnerabilities"])
    return set(_ADVISORY.findall(whole)) or set(found["vulnerabilities"])


def _output(command: list[str]) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS)
    return done.stdout


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def advisories() -> tuple[list[str], bool]:
    """A line for each lock, and whether there is an advisory that nobody has accepted."""
    found = {f"requirements/{lock}.txt": python_advisories(lock) for lock in LOCKS}
    found["web/package-lock.json"] = web_advisories()
    lines, new = [], False
    for name, ids in found.items():
        open_ones = sorted((ids or set()) - accepted())
        new = new or bool(open_ones)
        words = NO_DATABASE if ids is None else f"{len(ids)} known, {len(open_ones)} not accepted"
        lines.append(f"{name:28} {words} {' '.join(open_ones)}".rstrip())
    return lines, new


def main() -> int:
    """Prints a line for each lock; 1 when there is an advisory that nobody has accepted."""
    lines, new = advisories()
    print("\n".join(lines))
    return int(new)


if __name__ == "__main__":
    sys.exit(main())
