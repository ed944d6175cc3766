"""Plots for the report, as SVG text to stand inside HTML."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

SIZE = 420
MARGIN = 46


def confusion_table(wanted: Sequence[str], got: Sequence[str]) -> str:
    """An HTML table: rows what was meant, columns what was understood, darker where more often."""
    names = sorted(set(wanted) | set(got))
    counts = {(w, g): 0 for w in names for g in names}
    for pair in zip(wanted, got, strict=True):
        counts[pair] += 1
    head = "".join(f'<th scope="col"><span>{name}</span></th>' for name in names)
    rows = []
    for row in names:
        total = sum(counts[row, column] for column in names) or 1
        cells = "".join(_cell(counts[row, column], total, row == column) for column in names)
        rows.append(f'<tr><th scope="row">{row}</th>{cells}</tr>')
    return f'<table class="confusion"><tr><td></td>{head}</tr>{"".join(rows)}</table>'


def calibration_curve(confidences: Sequence[float], hits: Sequence[bool], bins: int = 10) -> str:
    """An SVG: how often the bot is right at each confidence; on the diagonal it is calibrated."""
    sure, right = np.array(confidences), np.array(hits, dtype=float)
    places = np.minimum((sure * bins).astype(int), bins - 1)
    points = [(sure[places == b].mean(), right[places == b].mean(), int((places == b).sum()))
              for b in range(bins) if (places == b).any()]  # fmt: skip
    dots = "".join(
        f'<circle cx="{_x(x):.1f}" cy="{_y(y):.1f}" r="{3 + min(9.0, n**0.5):.1f}"><title>{n} messages, confidence {x:.2f}, right {y:.2f}</title></circle>'
        for x, y, n in points
    )
    line = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y, _ in points)
    ticks = "".join(
        f'<text x="{_x(t):.1f}" y="{_y(0) + 18:.1f}" text-anchor="middle">{t:.1f}</text>'
        f'<text x="{_x(0) - 8:.1f}" y="{_y(t) + 4:.1f}" text-anchor="end">{t:.1f}</text>'
        for t in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    )
    return (
        f'<svg viewBox="0 0 {SIZE} {SIZE}" role="img" aria-label="Calibration curve">'
        f'<line class="ideal" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/><polyline points="{line}"/>{dots}{ticks}'
        f'<text x="{_x(0.5)}" y="{SIZE - 6}" text-anchor="middle">confidence</text>'
        f'<text x="14" y="{_y(0.5)}" text-anchor="middle" transform="rotate(-90 14 {_y(0.5)})">share right</text></svg>'
    )


def bar(share: float) -> str:
    """A horizontal bar for a share from 0 to 1."""
    return f'<span class="bar"><span style="width:{share * 100:.0f}%"></span></span> {share:.2f}'


def _cell(count: int, total: int, diagonal: bool) -> str:
    if not count:
        return "<td></td>"
    colour = "31,111,67" if diagonal else "178,58,42"
    return f'<td style="background:rgba({colour},{0.15 + 0.75 * count / total:.2f})">{count}</td>'


def _x(share: float) -> float:
    return MARGIN + share * (SIZE - MARGIN - 16)


def _y(share: float) -> float:
    return SIZE - MARGIN - share * (SIZE - MARGIN - 16)
