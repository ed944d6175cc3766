"""The page: plots as plain SVG, no script, nothing fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

OURS, THEIRS = "#1f7a4d", "#b5523b"
WIDTH, ROW, LABEL, VALUE = 760, 20, 230, 110

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1c1c1c; background: #fff; margin: 2rem auto;
  max-width: 820px; padding: 0 1rem }
pre { overflow-x: auto; font-size: 13px; line-height: 1.4; background: #f5f5f2; padding: 1rem }
svg { width: 100%; height: auto; font: 12px system-ui, sans-serif }
h2 { margin-top: 2.2rem } .ours { color: #1f7a4d } .theirs { color: #b5523b }
"""


def page(results: Mapping[str, Any], table: str) -> str:
    """The whole page of a run's results, `table` being the report's table."""
    ours, theirs = results["firstline"], results["stock"]
    parts = [
        "<h1>Firstline beside stock Rasa</h1>",
        f"<p>{escape(results['about'])}</p>",
        "<p>Bars: <b class=ours>Firstline</b>, <b class=theirs>stock Rasa 3.6.21</b>.</p>",
        f"<pre>{escape(table)}</pre>",
        "<h2>Time of a turn, one conversation at a time (ms)</h2>",
        bars(_latency_rows(ours["latency"]["kinds"], theirs["latency"]["kinds"])),
        "<h2>Seven-turn intakes per second</h2>",
        bars(_load_rows(ours["load"], theirs["load"], "intakes_per_second")),
        "<h2>Time of a turn under load, p95 (ms)</h2>",
        bars(_load_rows(ours["load"], theirs["load"], "p95")),
        "<h2>A long conversation: time of a turn (ms)</h2>",
        lines({OURS: ours["ageing"]["curve_ms"], THEIRS: theirs["ageing"]["curve_ms"]}),
        "<p>Median of each ten turns, to turn 250.</p>",
        "<h2>Memory, start, training, disk</h2>",
        bars(_other_rows(ours, theirs)),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Firstline beside stock Rasa</title><style>{_STYLE}</style></head><body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def bars(rows: Sequence[tuple[str, float, float]]) -> str:
    """Two bars a row, ours and theirs, each row on its own scale; values written beside them."""
    room = WIDTH - LABEL - VALUE
    drawn = []
    for index, (name, ours, theirs) in enumerate(rows):
        top = index * (2 * ROW + 10)
        most = max(ours, theirs) or 1.0
        drawn.append(f'<text x="0" y="{top + ROW}">{escape(name)}</text>')
        for offset, (value, colour) in enumerate(((ours, OURS), (theirs, THEIRS))):
            length, y = max(1.0, value / most * room), top + offset * ROW
            drawn.append(
                f'<rect x="{LABEL}" y="{y + 3}" width="{length:.1f}" height="{ROW - 6}" fill="{colour}"/>'
                f'<text x="{LABEL + length + 6:.1f}" y="{y + 14}">{_short(value)}</text>'
            )
    return _svg(len(rows) * (2 * ROW + 10), drawn)


def lines(curves: Mapping[str, Sequence[float]], height: int = 220) -> str:
    """A line for each colour over equally spaced points, from zero upward."""
    most = max(value for values in curves.values() for value in values) or 1.0
    left, bottom = 50, height - 20
    drawn = [
        f'<line x1="{left}" y1="{y:.0f}" x2="{WIDTH}" y2="{y:.0f}" stroke="#ddd"/>'
        f'<text x="0" y="{y + 4:.0f}">{_short(most * part / 4)}</text>'
        for part in range(5)
        for y in (bottom - part / 4 * (bottom - 10),)
    ]
    for colour, values in curves.items():
        step = (WIDTH - left) / max(1, len(values) - 1)
        points = " ".join(
            f"{left + n * step:.1f},{bottom - value / most * (bottom - 10):.1f}"
            for n, value in enumerate(values)
        )
        drawn.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
    return _svg(height, drawn)


def _svg(height: int, drawn: Sequence[str]) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img">{"".join(drawn)}</svg>'


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _latency_rows(
    ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> list[tuple[str, float, float]]:
    return [
        (f"{kind}, {name}", ours[kind][name], theirs[kind][name])
        for kind in ours
        for name in ("p50", "p95", "p99")
    ]


def _load_rows(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], key: str
) -> list[tuple[str, float, float]]:
    return [
        (f"{at_once} conversations", ours[at_once][key], theirs[at_once][key]) for at_once in ours
    ]


def _other_rows(
    ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> list[tuple[str, float, float]]:
    rows = [("start to first answer, s", ours["start_seconds"], theirs["start_seconds"])]
    if ours["training_seconds"] and theirs["training_seconds"]:
        rows.append(("training, s", ours["training_seconds"], theirs["training_seconds"]))
    if ours["memory"] and theirs["memory"]:
        rows.append(("memory (RSS), MB", ours["memory"]["resident"], theirs["memory"]["resident"]))
    rows.append(("installed, MB", ours["installed_mb"]["all"], theirs["installed_mb"]["all"]))
    return rows
