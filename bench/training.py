"""Training both sides: needed to run at all, and timed one after the other for the report."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path

from bench.build import build_bot, fingerprint
from bench.sides import SideFailed, clean_environment
from bot.settings import ROOT
from bot.setup.places import venv

KEPT = ROOT / "models" / "stock"
TIMES = "training.json"
TRAINING_SECONDS = 3600


@dataclass(frozen=True)
class Training:
    """What training on the same examples took, one side after the other, and when.

    Seconds by the clock, and of processor time, which other work on the machine disturbs less.
    """

    firstline: float
    firstline_processor: float
    stock: float
    stock_processor: float
    at: str


@dataclass(frozen=True)
class StockBot:
    """The built and trained stock bot, and how long training took."""

    folder: Path
    model: Path
    training: Training


def trained_stock(again: bool) -> StockBot:
    """The stock bot of the present data, trained when it is not (or `again`); may take minutes.

    Raises `SideFailed` when a training fails.
    """
    with tempfile.TemporaryDirectory() as temporary:
        made = build_bot(Path(temporary) / "bot")
        folder = KEPT / fingerprint(made)
        model = folder / "models" / "stock.tar.gz"
        if again or not (model.is_file() and (folder / TIMES).is_file()):
            build_bot(folder)
            times = _train_both(folder)
            (folder / TIMES).write_text(json.dumps(asdict(times)), encoding="utf-8")
    return _kept(folder)


def last_trained_stock() -> StockBot:
    """The stock bot that was trained last, whatever the data were then. Raises `SideFailed`."""
    found = sorted(KEPT.glob(f"*/{TIMES}"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise SideFailed("no stock bot has been trained on this machine")
    return _kept(found[-1].parent)


def _kept(folder: Path) -> StockBot:
    times = Training(**json.loads((folder / TIMES).read_text(encoding="utf-8")))
    return StockBot(folder, folder / "models" / "stock.tar.gz", times)


def _train_both(folder: Path) -> Training:
    at = datetime.now(timezone.utc).isoformat(timespec="seconds")
    with tempfile.TemporaryDirectory() as temporary:
        ours = _timed([ROOT / "bin" / "firstline", "train", "--out", temporary], ROOT)
    rasa = [venv("stock") / "bin" / "python", "-m", "rasa", "train"]
    files = ["--config", "config.yml", "--domain", "domain", "--data", "data"]
    theirs = _timed([*rasa, *files, "--out", "models", "--fixed-model-name", "stock"], folder)
    return Training(*ours, *theirs, at)


def _timed(command: list[object], folder: Path) -> tuple[float, float]:
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    words = [str(word) for word in command]
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        words, cwd=folder, env={**clean_environment(), **quiet}, stdin=subprocess.DEVNULL,
        capture_output=True, timeout=TRAINING_SECONDS,
    )  # fmt: skip
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-5:]
        raise SideFailed(f"{' '.join(words)} failed{os.linesep}{os.linesep.join(last)}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, processor
