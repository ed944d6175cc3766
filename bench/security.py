"""`make security`: what bench/security.yml names is tried in full counts, and advisories are asked for.

Each row is run like one of the fault plan. Rows may be run one at a time (`--only`): the results keep
what ran before, each row with its own date, load and commit.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

import click

from bench.faults import Fault, read_plan, run
from bench.plot import STYLE
from bot.settings import ROOT
from tests.security.audit import advisories

PLAN = Path(__file__).with_name("security.yml")
HEAD = ("tried", "how often", "of", "tests", "minutes", "date, load, commit")
ADVISORIES = "advisories"

Row = Mapping[str, Any]


@click.command()
@click.option("--share", default=1.0, show_default=True, help="Of the full counts.")
@click.option("--only", default="", help="Rows whose area or attack has this in it; or advisories.")
@click.option("--out", default=str(ROOT / "results"), show_default="results/", type=Path)
def main(share: float, only: str, out: Path) -> None:
    """Try everything that security.yml names, then ask for known advisories."""
    plan = read_plan(PLAN)
    known: dict[str, dict[str, Any]] = _read(out)
    tried = [it for it in plan if only.lower() in _name(it).lower()]
    for fault in tried:
        print(f"{_name(fault)} …", file=sys.stderr, flush=True)
        known[_name(fault)] = _row(fault, share)
        write(out, [known[_name(it)] for it in plan if _name(it) in known])
    print(table([known[_name(it)] for it in tried]))
    found, new = advisories() if only in ("", ADVISORIES) else ([], False)
    print("\n".join(found))
    bad = [it for it in tried if known[_name(it)]["failed"] or not known[_name(it)]["passed"]]
    sys.exit(1 if bad or new else 0)


def _name(fault: Fault) -> str:
    return f"{fault.area}: {fault.fault}"


def _row(fault: Fault, share: float) -> dict[str, Any]:
    """Tries it; its result, with when and where that was."""
    began, load = datetime.now(UTC), os.getloadavg()[0]
    result = asdict(run(fault, share))
    return result | {
        "name": _name(fault),
        "share": share,
        "date": f"{began:%d %B %Y, %H:%M} UTC",
        "load": round(load, 1),
        "commit": _commit(),
        "cores": os.cpu_count(),
    }


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "no commit"


def _read(folder: Path) -> dict[str, dict[str, Any]]:
    """The rows of earlier runs, by their names."""
    try:
        rows = json.loads((folder / "security.json").read_text())
    except (OSError, ValueError):
        return {}
    return {row["name"]: row for row in rows}


def _cells(row: Row) -> list[str]:
    tests = row["passed"] + row["failed"]
    told = f"{row['failed']} FAILED of {tests}" if row["failed"] else f"{tests} passed"
    often = f"{_often(row):,}" if _often(row) else "-"
    share = "full" if row["share"] >= 1 else f"{row['share']:g}"
    where = f"{row['date']}, {row['load']:g}, {row['commit']}"
    return [row["name"], often, share, told, f"{row['seconds'] / 60:.1f}", where]


def _often(row: Row) -> int:
    """How often it was tried, as the tests noted it, else as they were told to; 0 when it has no number."""
    told = [int(it) for it in row["counts"].values() if it.isdecimal()]
    return int(row["tried"]) or max(told, default=0)


def table(rows: Sequence[Row]) -> str:
    """The results as a table in Markdown; `of` is the part of the full counts."""
    lines = [f"| {' | '.join(HEAD)} |", "|---" * len(HEAD) + "|"]
    return "\n".join(lines + [f"| {' | '.join(_cells(row))} |" for row in rows])


def page(rows: Sequence[Row]) -> str:
    """The results as a page, nothing fetched."""
    head = "".join(f"<th>{name}</th>" for name in HEAD)
    body = "".join(_line(row) for row in rows)
    cores = max((row["cores"] for row in rows), default=0)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Security</title><style>{STYLE}</style></head><body>\n"
        f"<h1>Security</h1><p>{cores} cores</p>"
        f"<div><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        "</body></html>\n"
    )


def _line(row: Row) -> str:
    mark = ' class="bad"' if row["failed"] or not row["passed"] else ""
    return f"<tr{mark}>" + "".join(f"<td>{escape(it)}</td>" for it in _cells(row)) + "</tr>"


def write(folder: Path, rows: Sequence[Row]) -> None:
    """The results as `security.json`, `security.md` and `security.html`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "security.json").write_text(json.dumps(rows, indent=1) + "\n")
    (folder / "security.md").write_text(table(rows) + "\n")
    (folder / "security.html").write_text(page(rows))


if __name__ == "__main__":
    main()
