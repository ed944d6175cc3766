"""The page of a soak: memory of each process and waits for answers, over time."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from bench.plot import STYLE, line


def page(seen: Mapping[str, Any]) -> str:
    """The whole page of what was seen, nothing fetched."""
    marks = [(at, name) for at, name in seen["restarts"]]
    last = max((at for at, _ in seen["median"]), default=0.0)
    rows = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>"
        for name, value in seen["figures"].items()
    )
    parts = [
        f"<h1>Soak</h1><p>{escape(seen['about'])}</p>",
        f"<p>{'Every promise was kept.' if seen['kept'] else '<b>A promise was broken.</b>'}</p>",
        f"<table>{rows}</table>",
        "<h2>Wait for an answer, median of five seconds (s)</h2>",
        line(seen["median"], marks, last),
        "<h2>Wait for an answer, the slowest of five seconds (s)</h2>",
        line(seen["slowest"], marks, last),
        "<h2>Load average of the machine, all its work</h2>",
        line(seen["load"], marks, last),
    ]
    for name, points in seen["memory"].items():
        own = [mark for mark in marks if mark[1] == name]
        parts += [f"<h2>Memory of the {escape(name)}, RSS (MB)</h2>", line(points, own, last)]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Soak</title><style>{STYLE}</style></head><body>\n"
        + "\n".join(parts)
        + "</body></html>\n"
    )
