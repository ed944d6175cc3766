"""The page of the fault plan: the table, and how long the slowest answer took under each fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from bench.plot import STYLE, bars

COLUMNS = ("area", "fault", "tried", "acknowledged", "filed", "lost", "duplicated", "stalled",
           "longest", "passed", "failed", "seconds", "ran")  # fmt: skip


def page(about: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """The whole page, nothing fetched."""
    head = "".join(f"<th>{name}</th>" for name in COLUMNS)
    body = "".join(_row(row) for row in rows)
    slowest = [(f"{it['area']}: {it['fault']}", it["longest"]) for it in rows if it["longest"]]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Faults</title><style>{STYLE}</style></head><body>\n"
        f"<h1>Faults</h1><p>{escape(about)}</p>"
        f"<div><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        f"<h2>The slowest answer under each fault (s)</h2>{bars(slowest)}</body></html>\n"
    )


def _row(row: Mapping[str, Any]) -> str:
    mark = ' class="bad"' if row["failed"] or row["lost"] else ""
    cells = "".join(f"<td>{escape(_shown(row[name]))}</td>" for name in COLUMNS)
    return f"<tr{mark}>{cells}</tr>"


def _shown(value: object) -> str:
    return "–" if value is None else str(value)
