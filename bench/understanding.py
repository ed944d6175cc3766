"""What understanding a message costs on one core: those of the scripts, and held-out ones.

Also by itself: `python -m bench.understanding`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timezone

from bench.figures import own_of_understanding, understanding_figures
from bench.report import own_table
from bench.scripts import Scripts
from bench.sides import SideFailed, clean_environment
from bot.eval.heldout import read_messages
from bot.settings import ROOT
from bot.supervisor.stack import ENGINE, python_of

SCRIPTS = 4  # after so many the conversations begin anew
OURS, HELD_OUT = "of the scripts", "held-out"
PATIENCE = 300.0


def measure_understanding(scripts: Scripts) -> dict[str, list[float]]:
    """Milliseconds of processor time by kind of message. Raises `SideFailed`."""
    now = datetime.now(timezone.utc).isoformat()
    turns = [turn for number in range(SCRIPTS) for turn in scripts.everything(number)]
    files = sorted((ROOT / "tests" / "nlu").glob("heldout*.yml"))
    sets = {
        OURS: [(now, turn.text) for turn in turns],
        HELD_OUT: [(at.isoformat(), message.text) for at, message in read_messages(files)],
    }
    command = [str(python_of(ENGINE)), "-m", "bot.eval.reading_time"]
    environment = {**clean_environment(), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, input=json.dumps(sets), capture_output=True, text=True, check=False,
        cwd=ROOT, env=environment, timeout=PATIENCE,
    )  # fmt: skip
    if done.returncode != 0:
        raise SideFailed(f"reading messages failed: {done.stderr.strip()[-500:]}")
    found: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Prints the figures."""
    try:
        measured = measure_understanding(Scripts(ROOT / "data"))
    except SideFailed as error:
        sys.exit(str(error))
    print(own_table(own_of_understanding(understanding_figures(measured))))


if __name__ == "__main__":
    main()
