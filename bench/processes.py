"""Processes of a measurement: running one, and what some cost, memory and time from Linux's /proc.

proc(5): /proc/<pid>/stat, /proc/<pid>/statm, /proc/<pid>/smaps_rollup. Elsewhere these figures
are left out of the report.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.settings import ROOT

PROC = Path("/proc")
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Usage:
    """Resources of some processes together.

    `resident` counts pages that processes share in each of them, `proportional` divides them
    among them; both in megabytes. `seconds` of processor time, user and system, so far.
    """

    resident: float
    proportional: float
    seconds: float
    processes: int


def can_measure() -> bool:
    """Whether this system tells what processes cost."""
    return (PROC / "self" / "stat").is_file()


def family(roots: Iterable[int]) -> list[int]:
    """The processes `roots` and all that they started, directly or not."""
    children: dict[int, list[int]] = {}
    for path in PROC.glob("[0-9]*/stat"):
        try:
            parent = int(_after_name(path)[1])
        except OSError:  # ended meanwhile
            continue
        children.setdefault(parent, []).append(int(path.parent.name))
    found = list(roots)
    for pid in found:
        found.extend(children.get(pid, ()))
    return found


def running(roots: Iterable[int], module: str) -> list[int]:
    """Those of the family of `roots` that run `python -m module`."""
    words = [str(pid) for pid in family(roots)]
    commands = {pid: (PROC / pid / "cmdline").read_bytes().split(b"\0") for pid in words}
    return [int(pid) for pid, command in commands.items() if module.encode() in command]


def usage(roots: Iterable[int]) -> Usage:
    """What the family of `roots` costs now; its ended children's time counts as theirs."""
    page = os.sysconf("SC_PAGE_SIZE")
    tick = os.sysconf("SC_CLK_TCK")
    resident = proportional = seconds = 0.0
    members = family(roots)
    for pid in members:
        folder = PROC / str(pid)
        try:
            resident += int((folder / "statm").read_text().split()[1]) * page
            proportional += _proportional(folder)
            seconds += sum(int(part) for part in _after_name(folder / "stat")[11:15]) / tick
        except OSError:
            continue
    return Usage(resident / MEGABYTE, proportional / MEGABYTE, seconds, len(members))


def processor_seconds(roots: Iterable[int]) -> float:
    """Processor time of the family of `roots` so far; quicker than `usage`."""
    tick = os.sysconf("SC_CLK_TCK")
    total = 0
    for pid in family(roots):
        try:
            total += sum(int(part) for part in _after_name(PROC / str(pid) / "stat")[11:15])
        except OSError:
            continue
    return total / tick


def installed_size(folder: Path) -> float:
    """Megabytes that an environment takes on disk, without the bytecode that Python adds later."""
    total = 0
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.suffix != ".pyc":
            total += path.stat().st_blocks * 512
    return total / MEGABYTE


def _after_name(path: Path) -> list[str]:
    """The fields after the name, which may itself contain spaces and brackets."""
    return path.read_text().rpartition(")")[2].split()


def _proportional(folder: Path) -> float:
    for line in (folder / "smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0.0


@contextmanager
def started(command: list[str], environ: dict[str, str], log: Path) -> Iterator[int]:
    """A process of its own while the body runs; its id. What it prints goes to `log`."""
    with log.open("wb") as out, subprocess.Popen(
        command, cwd=ROOT, env=environ,
        stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        try:
            yield process.pid
        finally:
            process.terminate()
            process.wait(timeout=20)
