"""`make faults`: the fault plan of bench/faults.yml, a row for each fault.

Each row is a run of the tests that do the fault, in full counts or a share of them. What the tests
note themselves (lost, duplicated, stalled) is shown; where they note nothing, `-`: passing says that
nothing was lost, for that is what they assert. Rows may be run one at a time: the results keep what
ran before, each row with its own share, date, load and commit.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import click
from ruamel.yaml import YAML

from bench.faults_page import page
from bot.settings import ROOT
from bot.supervisor.stack import EDGE, python_of

PLAN = Path(__file__).with_name("faults.yml")
COUNTED = ("acknowledged", "filed", "lost", "duplicated", "stalled")
HEAD = (
    "fault",
    "tried",
    "acknowledged",
    "lost",
    "duplicated",
    "stalled",
    "longest",
    "tests",
    "run",
)
Setting = str | int


@dataclass(frozen=True)
class Fault:
    """A row of the plan, see the head of the plan's file."""

    area: str
    fault: str
    tests: Sequence[str]
    settings: Mapping[str, int] = field(default_factory=dict)
    fixed: Mapping[str, int] = field(default_factory=dict)
    times: Setting = 0
    side: str = EDGE

    def environment(self, share: float) -> dict[str, str]:
        """The counts of a run at this share of the full ones."""
        scaled = {name: max(1, round(full * share)) for name, full in self.settings.items()}
        return {name: str(value) for name, value in (scaled | dict(self.fixed)).items()}


@dataclass
class Result:
    """What came of a row; None is what its tests do not note. `longest` and `seconds` in seconds.

    ran: the share of the full counts, when, under which load, at which commit.
    """

    area: str
    fault: str
    counts: dict[str, str]
    tried: int = 0
    acknowledged: int | None = None
    filed: int | None = None
    lost: int | None = None
    duplicated: int | None = None
    stalled: int | None = None
    longest: float | None = None
    passed: int = 0
    failed: int = 0
    seconds: float = 0.0
    ran: str = ""


@click.command()
@click.option("--share", default=1.0, show_default=True, help="Of the full counts.")
@click.option("--only", default="", help="Rows whose area or fault has this in it.")
@click.option("--out", default=str(ROOT / "results"), show_default="results/", type=Path)
def main(share: float, only: str, out: Path) -> None:
    """Do every fault of the plan and count what was lost."""
    plan = read_plan()
    rows = [it for it in plan if only.lower() in f"{it.area} {it.fault}".lower()]
    known = {(it.area, it.fault): it for it in read_results(out)}
    for row in rows:
        print(f"{row.area}: {row.fault} …", file=sys.stderr, flush=True)
        known[row.area, row.fault] = run(row, share)
        write(out, [known[it.area, it.fault] for it in plan if (it.area, it.fault) in known])
    results = [known[it.area, it.fault] for it in rows]
    print(table(results))
    sys.exit(1 if any(it.failed or not it.passed or it.lost for it in results) else 0)


def read_plan(path: Path = PLAN) -> list[Fault]:
    """The rows of the plan."""
    return [Fault(**row) for row in YAML(typ="safe").load(path.read_text())]


def read_results(folder: Path) -> list[Result]:
    """What came of the rows when they were last run into this folder."""
    try:
        rows = json.loads((folder / "faults.json").read_text())["rows"]
        return [Result(**row) for row in rows]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def run(row: Fault, share: float) -> Result:
    """Does the fault; whatever its tests print goes to the terminal's error stream."""
    environment = row.environment(share)
    ran, began = _now(share), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        noting = ["-o", "junit_family=legacy", f"--junitxml={report}"]
        command = [str(python_of(row.side)), "-m", "pytest", "-q", *noting, *row.tests]
        subprocess.run(
            command, cwd=ROOT, env={**os.environ, **environment}, check=False, stdout=sys.stderr
        )
        result = Result(row.area, row.fault, environment, ran=ran)
        if report.exists():
            _read_report(result, ElementTree.parse(report).getroot(), row)
    result.seconds = round(time.monotonic() - began, 1)
    return result


def _now(share: float) -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    when = f"{datetime.now(UTC):%d %B %Y, %H:%M UTC}, load {os.getloadavg()[0]:.0f}"
    return f"{share:g} of the full counts, {when}, {done.stdout.strip() or 'no commit'}"


def _read_report(result: Result, report: ElementTree.Element, row: Fault) -> None:
    for case in report.iter("testcase"):
        if case.find("skipped") is not None:
            continue
        broken = case.find("failure") is not None or case.find("error") is not None
        result.failed += broken
        result.passed += not broken
        noted = {str(it.get("name")): str(it.get("value")) for it in case.iter("property")}
        times = result.counts.get(str(row.times), row.times)
        result.tried += int(noted.get("tried", times))
        for name in COUNTED:
            if name in noted:
                setattr(result, name, (getattr(result, name) or 0) + int(noted[name]))
        if "longest" in noted:
            result.longest = max(result.longest or 0.0, float(noted["longest"]))


def table(results: Sequence[Result]) -> str:
    """The results as a table in Markdown."""
    lines = [f"| {' | '.join(HEAD)} |", "|---" * len(HEAD) + "|"]
    for it in results:
        longest = "-" if it.longest is None else f"{it.longest:g} s"
        tests = (
            f"{it.failed} FAILED of {it.failed + it.passed}" if it.failed else f"{it.passed} passed"
        )
        cells: list[Any] = [f"{it.area}: {it.fault}", it.tried]
        cells += [_shown(it.acknowledged), _shown(it.lost), _shown(it.duplicated)]
        cells += [_shown(it.stalled), longest, tests, it.ran]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def _shown(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"


def write(folder: Path, results: Sequence[Result]) -> None:
    """The results as `faults.json`, `faults.md` and, with a plot, `faults.html`."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, about = [asdict(it) for it in results], f"{os.cpu_count()} cores"
    (folder / "faults.json").write_text(json.dumps({"about": about, "rows": rows}, indent=1) + "\n")
    (folder / "faults.md").write_text(f"{about}\n\n{table(results)}\n")
    (folder / "faults.html").write_text(page(about, rows))


if __name__ == "__main__":
    main()
