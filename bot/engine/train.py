"""Trains the model of the present data, unless it is there: `python -m bot.engine.train`."""

from __future__ import annotations

import argparse
import hashlib
import io
import logging
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import datetime, timezone
from pathlib import Path

from bot.content import load_content
from bot.engine.models import MODELS, keep_content, model_path
from bot.engine.rasa import prepare
from bot.errors import FirstlineError
from bot.settings import ROOT
from bot.training.versions import NAME_DIGITS, SUFFIX, Version, Versions

TICK = 1.0
LAST_WORDS = 30
_STAGE = re.compile(r"Starting to train component '(\w+)'")
# What the stages are called, in the order in which they come.
STAGES = {
    "SentenceIntentClassifier": "Learning intents",
    "CaseExtractor": "Learning to find facts",
    "AugmentedMemoizationPolicy": "Learning stories",
    "RulePolicy": "Learning rules",
}


Progress = Callable[[str], None]


def train(folder: Path, progress: Progress | None = None, by: str = "", why: str = "") -> Path:
    """Trains into `folder` and returns the model's path; at once when it exists already.

    progress: is told each stage in words; by, why: whose version it is and what for. When
    the data is changed meanwhile, nobody knows what the model has seen of that: it may answer
    customers, but gets a name that no data has. Raises `FirstlineError` when Rasa finds the data unusable.
    """
    path = model_path(folder)
    if path.is_file():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    content = load_content(ROOT / "data")
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said), _stages(progress):
        trained = _trained(folder, f"{path.name.removesuffix(SUFFIX)}-{os.getpid()}")
    if trained is None:
        words = "\n".join(said.getvalue().splitlines()[-LAST_WORDS:])
        raise FirstlineError(
            f"{words}\nRasa could not train. `firstline train check` looks for why"
        )
    if model_path(folder) != path:
        both = f"{path.name}\n{model_path(folder).name}".encode()
        path = folder / f"{hashlib.sha256(both).hexdigest()[:NAME_DIGITS]}{SUFFIX}"
    keep_content(path, content)
    trained.replace(path)
    Versions(folder, folder).record(
        Version(
            path.name.removesuffix(SUFFIX), datetime.now(timezone.utc), by, why,
            round(time.monotonic() - began, 1),
        )
    )  # fmt: skip
    return path


def _trained(folder: Path, name: str) -> Path | None:
    prepare()
    from rasa.model_training import train as rasa_train

    try:
        result = rasa_train(
            domain=str(ROOT / "domain.yml"), config=str(ROOT / "config.yml"),
            training_files=str(ROOT / "data"), output=str(folder), force_training=True,
            fixed_model_name=name)  # fmt: skip
    except Exception as error:
        print(f"{type(error).__name__}: {error}")
        return None
    return Path(result.model) if result.code == 0 and result.model else None


class _Told(logging.Handler):
    """Passes on what Rasa's training says it begins with."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(logging.INFO)
        self._progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        found = _STAGE.search(record.getMessage())
        if found:
            self._progress(STAGES.get(found.group(1), found.group(1)))


@contextmanager
def _stages(progress: Progress | None) -> Iterator[None]:
    if progress is None:
        yield
        return
    hooks = logging.getLogger("rasa.engine.training.hooks")
    told, level, passes_on = _Told(progress), hooks.level, hooks.propagate
    hooks.addHandler(told)
    hooks.setLevel(logging.INFO)
    hooks.propagate = False
    progress("Reading the data")
    try:
        yield
        progress("Packing the model")
    finally:
        hooks.removeHandler(told)
        hooks.setLevel(level)
        hooks.propagate = passes_on


@contextmanager
def _progress(what: str) -> Iterator[None]:
    done, out = threading.Event(), sys.stderr
    began = time.monotonic()

    def tick() -> None:
        while out.isatty() and not done.wait(TICK):
            print(f"\r{what} … {time.monotonic() - began:.0f} s", end="", file=out, flush=True)

    if not out.isatty():
        print(f"{what} …", file=out, flush=True)
    ticker = threading.Thread(target=tick, daemon=True)
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()
        start = "\r" if out.isatty() else ""
        print(f"{start}{what} … {time.monotonic() - began:.1f} s", file=out, flush=True)


def main() -> int:
    """The command line; returns the exit code."""
    from bot.engine.train_commands import COMMANDS, run_command

    if len(sys.argv) > 1 and sys.argv[1] in COMMANDS:
        return run_command(sys.argv[1:])
    parser = argparse.ArgumentParser(
        prog="firstline train", description=__doc__,
        epilog=f"For trainers, each with --help: firstline train {' | '.join(COMMANDS)}",
    )  # fmt: skip
    parser.add_argument("--out", type=Path, default=MODELS, help="folder for models (%(default)s)")
    folder: Path = parser.parse_args().out.resolve()
    there = model_path(folder).is_file()
    try:
        if there:
            path = model_path(folder)
        else:
            with _progress("Training the model"):
                path = train(folder)
    except FirstlineError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{path.name} {'was there already' if there else 'trained'}")
    if path != model_path(folder):
        print("The data was changed meanwhile: train again for a model that knows all of it")
    return 0


if __name__ == "__main__":
    sys.exit(main())
