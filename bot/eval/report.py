"""The report of a measurement: one HTML page that stands alone, and its figures as JSON beside it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import msgspec

from bot.eval.benchmarks import Score
from bot.eval.charts import bar, calibration_curve, confusion_table
from bot.eval.dialogues import Dialogues, Summary
from bot.eval.understanding import Understanding

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#1c2620}
table{border-collapse:collapse;margin:1rem 0}td,th{padding:.3rem .6rem;border:1px solid #cdd6d0;text-align:left}
.confusion td{text-align:center;min-width:2.2rem}.confusion th span{writing-mode:vertical-rl}
.bar{display:inline-block;width:8rem;height:.7rem;background:#e3e9e5;vertical-align:middle}
.bar span{display:block;height:100%;background:#1f6f43}svg{max-width:26rem}
polyline{fill:none;stroke:#1f6f43;stroke-width:2}circle{fill:#1f6f43}.ideal{stroke:#9aa79f;stroke-dasharray:5 5}
.worse{color:#b23a2a}.better{color:#1f6f43}text{font-size:12px}
"""


class Figures(msgspec.Struct, frozen=True):
    """All that was measured."""

    understanding: Understanding | None = None
    dialogues: Dialogues | None = None
    benchmarks: list[Score] = []


def write_report(figures: Figures, folder: Path, before: Figures | None = None) -> Path:
    """Writes `report.html` and `report.json` into `folder`; differences to `before` are shown."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_bytes(msgspec.json.format(msgspec.json.encode(figures)))
    path = folder / "report.html"
    path.write_text(_page(figures, before or Figures()), encoding="utf-8")
    return path


def read_figures(path: Path) -> Figures:
    """A `report.json` of an earlier measurement; raises `msgspec.DecodeError` when it is none."""
    return msgspec.json.decode(path.read_bytes(), type=Figures)


def _page(figures: Figures, before: Figures) -> str:
    parts = ["<h1>How well the bot understands</h1>"]
    if figures.understanding:
        parts.append(_understanding(figures.understanding, before.understanding))
    if figures.dialogues:
        parts.append(_dialogues(figures.dialogues, before.dialogues))
    if figures.benchmarks:
        parts.append(_benchmarks(figures.benchmarks, before.benchmarks))
    return (f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Understanding</title><style>{STYLE}</style>'
            f"<body>{''.join(parts)}</body></html>\n")  # fmt: skip


def _understanding(now: Understanding, before: Understanding | None) -> str:
    fields = "".join(
        f'<tr><th scope="row">{name}</th><td>{bar(one.precision)}</td><td>{bar(one.recall)}</td><td>{bar(one.f1)}'
        f"{_change(one.f1, before.fields[name].f1 if before and name in before.fields else None)}</td><td>{one.values}</td></tr>"
        for name, one in now.fields.items()
    )
    wrong = [one for one in now.verdicts if one.wanted != one.got]
    misread = "".join(
        f"<li>{escape(one.text)} <br>{one.wanted}, understood as {one.got} ({one.confidence:.2f})</li>"
        for one in wrong
    )
    faults = "".join(f"<li>{escape(fault)}</li>" for fault in now.faults)
    hits = [one.wanted == one.got for one in now.verdicts]
    return (
        f"<h2>Held-out messages</h2><p>Model {escape(now.model)}: {len(hits)} messages, family right in {now.accuracy:.1%}"
        f"{_change(now.accuracy, before.accuracy if before else None)}, {now.median_ms:.1f} ms a message (median).</p>"
        f"<h3>Families</h3>{confusion_table([one.wanted for one in now.verdicts], [one.got for one in now.verdicts])}"
        f"<h3>Calibration</h3>{calibration_curve([one.confidence for one in now.verdicts], hits)}"
        f'<h3>Fields</h3><table><tr><th scope="col">field</th><th scope="col">precision</th><th scope="col">recall</th><th scope="col">F1</th><th scope="col">values</th></tr>{fields}</table>'
        f"<h3>Misread</h3><ul>{misread}</ul><h3>Faulty values</h3><ul>{faults}</ul>"
    )


def _dialogues(now: Dialogues, before: Dialogues | None) -> str:
    rows = "".join(
        f'<tr><th scope="row">{name}</th><td>{one.dialogues}</td><td>{one.complete:.1%}{_change(one.complete, old.complete if old else None)}</td>'
        f"<td>{one.messages:g}</td><td>{one.questions:g}</td></tr>"
        for name, one, old in _by_manner(now, before)
    )
    faults = "".join(
        f"<li>{escape(name)}: {escape('; '.join(said))}</li>" for name, said in now.faults.items()
    )
    return (
        '<h2>Simulated dialogues</h2><table><tr><th scope="col">first message</th><th scope="col">dialogues</th>'
        '<th scope="col">complete and correct</th><th scope="col">customer messages (median)</th>'
        f'<th scope="col">questions (median)</th></tr>{rows}</table><ul>{faults}</ul>'
    )


def _by_manner(
    now: Dialogues, before: Dialogues | None
) -> list[tuple[str, Summary, Summary | None]]:
    return [
        ("rich", now.rich, before.rich if before else None),
        ("bare", now.bare, before.bare if before else None),
    ]


def _benchmarks(now: Sequence[Score], before: Sequence[Score]) -> str:
    old = {(one.benchmark, one.examples, one.split): one.accuracy for one in before}
    rows = "".join(
        f'<tr><th scope="row">{one.benchmark}</th><td>{one.examples}</td><td>{one.split}</td><td>{one.accuracy:.1f}'
        f"{_change(one.accuracy, old.get((one.benchmark, one.examples, one.split)))}</td><td>{one.baseline:.1f}</td><td>{_or_dash(one.stock)}</td>"
        f"<td>{_or_dash(one.kept)}</td><td>{_or_dash(one.oos_recall)}</td><td>{_or_dash(one.calibration_error)}</td></tr>"
        for one in now
    )
    heads = "".join(
        f'<th scope="col">{head}</th>'
        for head in (
            "benchmark",
            "trained on",
            "split",
            "accuracy %",
            "encoder + LR %",
            "stock DIET %",
            "kept %",
            "out-of-scope recall %",
            "calibration error %",
        )
    )
    return f"<h2>Public benchmarks</h2><table><tr>{heads}</tr>{rows}</table>"


def _change(now: float, before: float | None) -> str:
    if before is None or now == before:
        return ""
    return f' <span class="{"better" if now > before else "worse"}">({now - before:+.3f})</span>'


def _or_dash(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"
