"""The report: a table on the terminal, ratios first; the same as JSON and as a page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.figures import Own, Ratio, own_figures
from bench.page import page


def table(ratios: Sequence[Ratio]) -> str:
    """One line a figure: ratio, aim, both sides."""
    head = f"{'':38} {'ratio':>8}  {'aim':<9} {'Firstline':>12} {'stock Rasa':>12}"
    lines = [head, "─" * len(head)]
    for it in ratios:
        mark = {None: " ", True: "✓", False: "✗"}[it.met]
        ours, theirs = (f"{number(value)} {it.unit}" for value in (it.ours, it.theirs))
        lines.append(f"{it.name:38} {ratio(it):>8} {mark}{aim(it):<9} {ours:>12} {theirs:>12}")
    return "\n".join(lines)


def own_table(own: Sequence[Own]) -> str:
    """One line for each figure that stands alone: value and aim."""
    lines = []
    for it in own:
        mark = " " if it.aim is None else "✓" if it.value <= it.aim else "✗"
        aim = "" if it.aim is None else f"≤ {it.aim:g} {it.unit}, × {it.value / it.aim:.2f} of it"
        lines.append(f"{it.name:38} {number(it.value):>8} {it.unit:3} {mark}{aim}".rstrip())
    return "\n".join(lines)


def ratio(it: Ratio) -> str:
    """The ratio for people: `1/7.3`, or `× 8.1` where more is better or it is above one."""
    if it.value >= 1 or not it.at_most:
        return f"× {it.value:.2f}"
    return f"1/{1 / it.value:.1f}"


def aim(it: Ratio) -> str:
    """The aim for people; empty without one."""
    if it.aim is None:
        return ""
    if it.aim < 1:
        return f"≤ 1/{1 / it.aim:.0f}"
    return f"{'≤' if it.at_most else '≥'} × {it.aim:g}"


def number(value: float) -> str:
    """Three digits that matter."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def write(folder: Path, results: dict[str, Any], ratios: Sequence[Ratio]) -> tuple[Path, Path]:
    """The results as JSON and as a page in `folder`; returns both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        {"name": it.name, "ratio": it.value, "aim": it.aim, "met": it.met, "unit": it.unit,
         "firstline": it.ours, "stock": it.theirs}
        for it in ratios
    ]  # fmt: skip
    as_json, as_page = folder / "bench.json", folder / "bench.html"
    as_json.write_text(json.dumps({"ratios": rows, **results}, indent=1) + "\n", encoding="utf-8")
    tables = f"{table(ratios)}\n\n{own_table(own_figures(results['firstline']))}"
    as_page.write_text(page(results, tables), encoding="utf-8")
    return as_json, as_page
