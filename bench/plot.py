"""Plots as plain SVG for the pages of faults and soak."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

COLOUR = "#1f7a4d"
WIDTH, ROW, LABEL, VALUE = 820, 24, 300, 70
LEFT, HEIGHT, FOOT = 60, 220, 24

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1c1c1c; background: #fff; margin: 2rem auto;
  max-width: 1000px; padding: 0 1rem }
svg { width: 100%; height: auto; font: 12px system-ui, sans-serif }
div { overflow-x: auto } table { border-collapse: collapse; font-size: 14px }
th, td { text-align: left; padding: .2rem .6rem; border-bottom: 1px solid #ddd }
.bad { color: #b5523b; font-weight: bold }
"""


def bars(rows: Sequence[tuple[str, float]]) -> str:
    """A bar a row, all on one scale, values written beside them."""
    most = max((value for _, value in rows), default=0.0) or 1.0
    drawn = []
    for index, (name, value) in enumerate(rows):
        y = index * ROW
        length = max(1.0, value / most * (WIDTH - LABEL - VALUE))
        drawn.append(
            f'<text x="0" y="{y + 16}">{escape(name)}</text>'
            f'<rect x="{LABEL}" y="{y + 4}" width="{length:.1f}" height="{ROW - 8}" fill="{COLOUR}"/>'
            f'<text x="{LABEL + length + 6:.1f}" y="{y + 16}">{value:g}</text>'
        )
    return _svg(len(rows) * ROW, drawn)


def line(
    points: Sequence[tuple[float, float]], marks: Sequence[tuple[float, str]] = (), until: float = 0
) -> str:
    """A line over time from zero upward; `marks` are moments with a word, `until` ends the scale."""
    most = max((value for _, value in points), default=0.0) or 1.0
    last = max([until, *(at for at, _ in points)]) or 1.0
    bottom = HEIGHT - FOOT

    def x(at: float) -> float:
        return LEFT + at / last * (WIDTH - LEFT - 10)

    def y(value: float) -> float:
        return bottom - value / most * (bottom - 14)

    drawn = [
        f'<line x1="{LEFT}" y1="{y(most * part / 4):.0f}" x2="{WIDTH}" y2="{y(most * part / 4):.0f}" '
        f'stroke="#ddd"/><text x="0" y="{y(most * part / 4) + 4:.0f}">{most * part / 4:.4g}</text>'
        for part in range(5)
    ]
    drawn += [
        f'<line x1="{x(at):.1f}" y1="10" x2="{x(at):.1f}" y2="{bottom}" stroke="#b5523b" '
        f'stroke-dasharray="3 3"/><text x="{x(at) + 2:.1f}" y="10">{escape(word)}</text>'
        for at, word in marks
    ]
    path = " ".join(f"{x(at):.1f},{y(value):.1f}" for at, value in points)
    drawn.append(f'<polyline points="{path}" fill="none" stroke="{COLOUR}" stroke-width="2"/>')
    drawn += [f'<text x="{LEFT}" y="{HEIGHT - 6}">0</text>',
              f'<text x="{WIDTH - 70}" y="{HEIGHT - 6}">{last / 60:.1f} min</text>']  # fmt: skip
    return _svg(HEIGHT, drawn)


def _svg(height: int, drawn: Sequence[str]) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img">{"".join(drawn)}</svg>'
